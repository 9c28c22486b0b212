"""`nemo_*`: the heuristic filters of NeMo Curator (1.4, filters/heuristic), where no other family has the number.

Words are what stands between white space, lines what stands between line feeds and is not blank (NeMo calls them
sentences), paragraphs what stands between two line feeds, empty or not. Of what NeMo also asks for, the count, the mean
length and the letters of words are `n_words`, `gopher_mean_word_length` and `gopher_alpha_word_ratio`. It gives the
worst score to an empty text, where these are null; and for lines and paragraphs the share that is left when repeats are
taken out, where these have the share that is taken.
"""

from __future__ import annotations

import polars as pl

from corpusqa.kernels import pieces
from corpusqa.kernels.c4 import POLICIES
from corpusqa.kernels.nemo import url_characters
from corpusqa.kernels.phrases import ordered, phrases
from corpusqa.metrics.registry import define, metric, ratio
from corpusqa.metrics.repetition import DUP_LIMITS, TOP_LIMITS
from corpusqa.metrics.shared import Columns, shared
from corpusqa.metrics.split import Split
from corpusqa.metrics.variants import ALL_SIZES

SOURCE = "NeMo Curator 1.4"
STRINGS = f"{SOURCE}, heuristic/string.py"
REPETITION = f"{SOURCE}, heuristic/repetition.py"
CHARACTERS = "share of characters"

#: NeMo's policy_substrings, in small letters: C4's and these. Of three whole sentences the openings are enough.
BOILERPLATE = (
    *POLICIES,
    "privacy overview",
    "privacy & cookies policy",
    "privacy and cookies policy",
    "necessary cookies are absolutely essential for the website",
    "any cookies that may not be particularly necessary",
    "you agree to this use. acceptread more",
)
_LOOKED_FOR = ordered(["lorem ipsum", *BOILERPLATE])
_LOREM = 1 << _LOOKED_FOR.index("lorem ipsum")


@shared("policy_blocks", "lorem_blocks")
def boilerplate_blocks(split: Split) -> Columns:
    """Paragraphs between pairs of line feeds that hold one of the phrases."""
    found = split.at_pairs
    given = *found.bounds, *phrases(_LOOKED_FOR)
    held = pieces.holding(*given)
    return {"policy_blocks": found.total(held & ~_LOREM != 0), "lorem_blocks": found.total(held & _LOREM != 0)}


@shared("url_characters")
def urls(split: Split) -> Columns:
    """Characters of web addresses."""
    return {"url_characters": url_characters(*split.bounds)}


def _complement(part: str) -> pl.Expr:
    return pl.when(pl.col("characters") > 0).then((pl.col("characters") - pl.col(part)) / pl.col("characters"))


@metric(level="text", unit=CHARACTERS, better="lower", source=f"{STRINGS}, NonAlphaNumericFilter")
def nemo_non_alnum_ratio() -> pl.Expr:
    """Share of the characters other than letters and digits of ASCII, line feeds and `?!,.`; NeMo drops above 0.25.

    A blank is such a character, and so is every letter with an accent: for English alone. Null for an empty text.
    """
    return _complement("plain_characters")


@metric(level="text", unit=CHARACTERS, better="lower", source=f"{STRINGS}, NumbersFilter")
def nemo_digit_ratio() -> pl.Expr:
    """Share of the characters that are digits, 0 to 9; NeMo drops above 0.15. Null for an empty text."""
    return ratio("ascii_digits", "characters")


@metric(level="text", unit=CHARACTERS, better="lower", source=f"{STRINGS}, UrlsFilter")
def nemo_url_ratio() -> pl.Expr:
    """Share of the characters that are in a web address; NeMo drops above 0.2.

    Formula: characters of `http://` or `https://` and the letters, digits and signs of ASCII after it / characters. A
    full stop or a bracket behind an address counts with it. Null for an empty text.
    """
    return ratio("url_characters", "characters")


@metric(level="text", unit=CHARACTERS, better="lower", source=f"{STRINGS}, WhiteSpaceFilter")
def nemo_white_space_ratio() -> pl.Expr:
    """Share of the characters that are blanks, tabs, line breaks or backspaces of ASCII; NeMo drops above 0.25.

    Null for an empty text.
    """
    return ratio("blank_characters", "characters")


@metric(level="text", unit=CHARACTERS, better="lower", source=f"{STRINGS}, ParenthesesFilter")
def nemo_bracket_ratio() -> pl.Expr:
    """Share of the characters that are one of ()[]{}⟨⟩; NeMo drops above 0.1. Null for an empty text."""
    return ratio("brackets", "characters")


@metric(level="text", unit="share of words", better="lower", source=f"{STRINGS}, SymbolsToWordsFilter")
def nemo_symbol_word_ratio() -> pl.Expr:
    """Share of the words that are a hash sign or an ellipsis; NeMo drops above 0.1.

    An ellipsis is a word like `...`, `…` or `[...]`. Hash signs are counted in runs: `#` is such a word, but `##` and
    `###` are not. Null without words.
    """
    return ratio("sign_words", "words")


@metric(level="text", unit="characters", better="lower", source=f"{STRINGS}, LongWordFilter")
def nemo_max_word_length() -> pl.Expr:
    """Characters of the longest word; NeMo drops above 1,000. 0 without words."""
    return pl.col("longest_word")


@metric(level="text", unit="stop words", better="higher", source=f"{STRINGS}, CommonEnglishWordsFilter")
def nemo_stop_word_count() -> pl.Expr:
    """How often one of Gopher's eight stop words occurs, in small letters; NeMo drops below 2, and stops to count at 2.

    0 without words.
    """
    return pl.col("stop_occurrences")


@metric(level="text", unit="share of lines", better="lower", source=f"{STRINGS}, BulletsFilter")
def nemo_bullet_line_ratio() -> pl.Expr:
    """Share of the lines that begin with one of twelve round bullets; NeMo drops above 0.9.

    Neither `-` nor `*` is one. Null without lines.
    """
    return ratio("nemo_bullet_lines", "lines")


@metric(level="text", unit="share of lines", better="lower", source=f"{STRINGS}, PunctuationFilter")
def nemo_unended_line_ratio() -> pl.Expr:
    """Share of the lines that do not end with `.`, `?`, `!` or a straight quote; NeMo drops above 0.85.

    Null without lines.
    """
    return pl.when(pl.col("lines") > 0).then((pl.col("lines") - pl.col("nemo_ended_lines")) / pl.col("lines"))


@metric(level="text", unit="share of lines", better="lower", source=f"{STRINGS}, EllipsisFilter")
def nemo_ellipsis_line_ratio() -> pl.Expr:
    """Share of the lines that end with an ellipsis, in brackets or not, `-»`, or "read more"; NeMo drops above 0.3.

    Null without lines.
    """
    return ratio("nemo_ellipsis_lines", "lines")


@metric(level="text", unit="share of paragraphs", better="lower", source=f"{STRINGS}, BoilerPlateStringFilter")
def nemo_boilerplate_paragraph_ratio() -> pl.Expr:
    """Share of the paragraphs on cookies, privacy or terms of use; NeMo drops above 0.4.

    Formula: paragraphs with one of a dozen phrases / paragraphs; 1 when any has lorem ipsum. Null for an empty text.
    """
    share = pl.col("policy_blocks") / pl.col("separate_blocks")
    return pl.when(pl.col("characters") > 0).then(pl.when(pl.col("lorem_blocks") > 0).then(1.0).otherwise(share))


@metric(level="text", unit="share of lines", better="lower", source=f"{REPETITION}, RepeatedLinesFilter")
def nemo_dup_line_frac() -> pl.Expr:
    """Share of the lines that have come before in the text; NeMo drops above 0.3.

    Formula: 1 - different lines / lines, white space at their ends counted. Null without lines.
    """
    return ratio("later_whole_lines", "lines")


@metric(level="text", unit="share of paragraphs", better="lower", source=f"{REPETITION}, RepeatedParagraphsFilter")
def nemo_dup_para_frac() -> pl.Expr:
    """Share of the paragraphs that have come before in the text; NeMo drops above 0.3.

    Formula: 1 - different paragraphs / paragraphs. Four line feeds make an empty paragraph. Null for an empty text.
    """
    return pl.when(pl.col("characters") > 0).then(ratio("later_separate_blocks", "separate_blocks"))


@metric(level="text", unit=CHARACTERS, better="lower", source=f"{REPETITION}, RepeatedLinesByCharFilter")
def nemo_dup_line_char_frac() -> pl.Expr:
    """Share of the lines' characters in lines that have come before in the text; NeMo drops above 0.2.

    Formula: characters of later copies / characters of all lines that are not blank. Null without lines.
    """
    return ratio("again_whole_line_characters", "whole_line_characters")


@metric(level="text", unit=CHARACTERS, better="lower", source=f"{REPETITION}, RepeatedParagraphsByCharFilter")
def nemo_dup_para_char_frac() -> pl.Expr:
    """Share of the paragraphs' characters in paragraphs that have come before in the text; NeMo drops above 0.2.

    Formula: characters of later copies / characters of all paragraphs. Null for an empty text.
    """
    return ratio("later_separate_block_characters", "separate_block_characters")


def _of_ngrams(characters: str, n: int) -> pl.Expr:
    """The share, 1 where NeMo gives up, null without words."""
    share = pl.when(pl.col("words") < n).then(1.0).otherwise(pl.col(characters) / pl.col("characters"))
    return pl.when(pl.col("words") > 0).then(share)


for _n, _limit in TOP_LIMITS.items():
    define(
        f"nemo_top_{_n}gram_char_frac",
        _of_ngrams(f"struck_{_n}gram_characters", _n),
        f"""Share of the characters that go when the most frequent {_n}-gram is deleted; NeMo drops above {_limit}.

Formula: characters that `str.replace` takes out, given the words with one blank between / all characters. So it counts
inside longer words too, and not across a line break; an {_n}-gram said once counts. Of several as frequent, the one
said first, where NeMo takes any. 1 for a text of fewer than {_n} words, null without words.""",
        unit=CHARACTERS,
        source=f"{REPETITION}, RepeatingTopNGramsFilter",
        module=__name__,
    )
for _n in ALL_SIZES:
    _drops = f"NeMo drops above {DUP_LIMITS[_n]:.2f}" if _n in DUP_LIMITS else "NeMo's pipeline does not ask"
    define(
        f"nemo_dup_{_n}gram_char_frac",
        _of_ngrams(f"spaced_{_n}gram_characters", _n),
        f"""Share of the characters in {_n}-grams said before, their blanks included; {_drops}.

Formula: characters of the words in second and later copies of any {_n}-gram, each counted once, and the blanks between
them / all characters. 1 for a text of fewer than {_n} words, null without words.""",
        unit=CHARACTERS,
        source=f"{REPETITION}, RepeatingDuplicateNGramsFilter",
        module=__name__,
    )
