"""`datatrove_*`: what datatrove's Gopher filters compute where they differ from the paper (0.10, filters/gopher_*.py).

Computed here on the words between white space; datatrove has spaCy's, of which punctuation marks are some. Lines are
the pieces between line feeds, paragraphs those between two or more in the stripped text; white space at their ends
counts, and a text that begins and ends with a line feed has an empty line twice. A first copy never counts.
"""

from __future__ import annotations

import polars as pl

from corpusqa.metrics.registry import define, metric, ratio
from corpusqa.metrics.repetition import DUP_LIMITS, TOP_LIMITS

QUALITY = "datatrove 0.10, GopherQualityFilter"
REPETITION = "datatrove 0.10, GopherRepetitionFilter"
CHARACTERS = "share of characters"


@metric(level="text", unit="words", source=QUALITY)
def datatrove_word_count() -> pl.Expr:
    """How many words are not all punctuation; the filter keeps 50 to 100,000.

    Punctuation is datatrove's list of 281 marks, which has control characters but not every script's. 0 for an empty
    text.
    """
    return pl.col("sound_words")


@metric(level="text", unit="characters per word", source=QUALITY)
def datatrove_mean_word_length() -> pl.Expr:
    """Mean length of the words that are not all punctuation; the filter keeps 3 to 10.

    Formula: their characters / `datatrove_word_count`. Null without such words.
    """
    return ratio("sound_characters", "sound_words")


@metric(level="text", unit="share of lines", better="lower", source=QUALITY)
def datatrove_bullet_line_ratio() -> pl.Expr:
    """Share of the lines that begin with `•` or `-`, blanks aside; the filter drops above 0.9.

    Formula: such lines / lines as `str.splitlines` has them, blank ones included, which dilute it. Null for an empty
    text.
    """
    return ratio("split_bullet_lines", "split_lines")


@metric(level="text", unit="share of lines", better="lower", source=QUALITY)
def datatrove_ellipsis_line_ratio() -> pl.Expr:
    """Share of the lines that end with `...` or `…`, blanks aside; the filter drops above 0.3.

    Formula: such lines / lines as `str.splitlines` has them, blank ones included, which dilute it. Null for an empty
    text.
    """
    return ratio("split_ellipsis_lines", "split_lines")


@metric(level="text", unit="share of lines", better="lower", source=REPETITION)
def datatrove_dup_line_frac() -> pl.Expr:
    """Share of the lines that have come before in the text; the filter drops above 0.30.

    Formula: later copies / pieces between line feeds, not stripped. Null for an empty text.
    """
    return pl.when(pl.col("characters") > 0).then(ratio("later_merged_lines", "merged_lines"))


@metric(level="text", unit="share of paragraphs", better="lower", source=REPETITION)
def datatrove_dup_para_frac() -> pl.Expr:
    """Share of the paragraphs that have come before in the text; the filter drops above 0.30.

    Formula: later copies / pieces between two line feeds or more. Null for an empty text.
    """
    return pl.when(pl.col("characters") > 0).then(ratio("later_merged_blocks", "merged_blocks"))


@metric(level="text", unit=CHARACTERS, better="lower", source=REPETITION)
def datatrove_dup_line_char_frac() -> pl.Expr:
    """Share of the text's characters in lines that have come before in it; the filter drops above 0.20.

    Formula: characters of later copies / all characters. Null for an empty text.
    """
    return ratio("later_merged_line_characters", "characters")


@metric(level="text", unit=CHARACTERS, better="lower", source=REPETITION)
def datatrove_dup_para_char_frac() -> pl.Expr:
    """Share of the text's characters in paragraphs that have come before in it; the filter drops above 0.20.

    Formula: characters of later copies / all characters. Null for an empty text.
    """
    return ratio("later_merged_block_characters", "characters")


for _n, _limit in TOP_LIMITS.items():
    _spaced = pl.col(f"top_{_n}gram_times_characters") + pl.col(f"top_{_n}gram_count") * (_n - 1)
    define(
        f"datatrove_top_{_n}gram_char_frac",
        pl.when(pl.col(f"top_{_n}gram_count") > 0).then(_spaced / pl.col("characters")),
        f"""Characters of the most frequent {_n}-gram, its blanks included, for each of the text; drops above {_limit}.

Formula: length of the words joined by one blank * copies / all characters. An {_n}-gram said once counts too, so short
texts are high; copies that overlap count twice, so it may pass 1. Null for a text of fewer than {_n} words.""",
        unit="characters per character",
        source=REPETITION,
        module=__name__,
    )
for _n, _limit in DUP_LIMITS.items():
    define(
        f"datatrove_dup_{_n}gram_char_frac",
        pl.when(pl.col("words") > 0).then(pl.col(f"joined_{_n}gram_characters") / pl.col("characters")),
        f"""Share of the text's characters in {_n}-grams said before, blanks left out; drops above {_limit:.2f}.

Formula: characters of the words of repeated {_n}-grams / all characters. After a hit it goes on {_n} words later,
and so misses the rest of a longer copy; words are run together before they are compared. Null without words.""",
        unit=CHARACTERS,
        source=REPETITION,
        module=__name__,
    )
