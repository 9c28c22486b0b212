"""`rps_*`: the quality signals of RedPajama-Data-V2, under its own names (app/src/core/quality_signals).

Two readings of a text: tokens, which are runs of letters or runs of signs, and normalised words: punctuation of ASCII
deleted (so "well-known" is one word), small letters, white space made one blank, Unicode's NFD. What RedPajama says of
each line is here one number for the text, its mean or its sum. Values are not rounded to eight places; a share of
nothing is null, where RedPajama has 0 for some. Not here: the scores of models, the lists of bad words and of bad
domains, MinHash.
"""

from __future__ import annotations

import string
import unicodedata
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from corpusqa.kernels import counts, ngrams, normalising, words
from corpusqa.metrics.registry import Better, define, metric, ratio
from corpusqa.metrics.shared import PASSES, Columns, shared
from corpusqa.metrics.split import Split, running
from corpusqa.metrics.variants import DUP_SIZES, TOP_SIZES, Readings, numbered, told
from corpusqa.texts import Texts

SOURCE = "RedPajama-Data-V2, Weber et al. 2024, arXiv:2411.12372"
CHARACTERS = "share of characters"

#: The English words of stopwords-json, which are those of SMART (Salton 1971), without the contractions: with their
#: apostrophe they are no token, so RedPajama never finds them.
STOP_WORDS = """
a able about above according accordingly across actually after afterwards again against all allow allows almost alone
along already also although always am among amongst an and another any anybody anyhow anyone anything anyway anyways
anywhere apart appear appreciate appropriate are around as aside ask asking associated at available away awfully b be
became because become becomes becoming been before beforehand behind being believe below beside besides best better
between beyond both brief but by c came can cannot cant cause causes certain certainly changes clearly co com come
comes concerning consequently consider considering contain containing contains corresponding could course currently d
definitely described despite did different do does doing done down downwards during e each edu eg eight either else
elsewhere enough entirely especially et etc even ever every everybody everyone everything everywhere ex exactly
example except f far few fifth first five followed following follows for former formerly forth four from further
furthermore g get gets getting given gives go goes going gone got gotten greetings h had happens hardly has have
having he hello help hence her here hereafter hereby herein hereupon hers herself hi him himself his hither hopefully
how howbeit however i ie if ignored immediate in inasmuch inc indeed indicate indicated indicates inner insofar
instead into inward is it its itself j just k keep keeps kept know known knows l last lately later latter latterly
least less lest let like liked likely little look looking looks ltd m mainly many may maybe me mean meanwhile merely
might more moreover most mostly much must my myself n name namely nd near nearly necessary need needs neither never
nevertheless new next nine no nobody non none noone nor normally not nothing novel now nowhere o obviously of off
often oh ok okay old on once one ones only onto or other others otherwise ought our ours ourselves out outside over
overall own p particular particularly per perhaps placed please plus possible presumably probably provides q que quite
qv r rather rd re really reasonably regarding regardless regards relatively respectively right s said same saw say
saying says second secondly see seeing seem seemed seeming seems seen self selves sensible sent serious seriously
seven several shall she should since six so some somebody somehow someone something sometime sometimes somewhat
somewhere soon sorry specified specify specifying still sub such sup sure t take taken tell tends th than thank thanks
thanx that thats the their theirs them themselves then thence there thereafter thereby therefore therein theres
thereupon these they think third this thorough thoroughly those though three through throughout thru thus to together
too took toward towards tried tries truly try trying twice two u un under unfortunately unless unlikely until unto up
upon us use used useful uses using usually uucp v value various very via viz vs w want wants was way we welcome well
went were what whatever when whence whenever where whereafter whereas whereby wherein whereupon wherever whether which
while whither who whoever whole whom whose why will willing wish with within without wonder would x y yes yet you your
yours yourself yourselves z zero
"""

#: Which characters begin an item of a list, and which end a sentence; a straight quote does not.
BULLETS, TERMINALS = "•‣▶◀◦■□▪▫–", ".!?”"

OF_WORDS: Readings = {
    "rps_top_{n}gram_count": (ngrams.TOP_COUNT, TOP_SIZES),
    "rps_top_{n}gram_times_characters": (ngrams.TOP_TIMES, TOP_SIZES),
    "rps_covered_{n}gram_characters": (ngrams.COVERED, DUP_SIZES),
}


@shared("rps_tokens", "rps_alphabetic_tokens", "rps_capital_tokens", "rps_stop_tokens", "rps_sentences", "rps_capitals")
def tokens(split: Split) -> Columns:
    """Runs of letters and runs of signs, sentences, and the share of capitals, summed over the lines."""
    stops = normalising.stop_table(tuple(STOP_WORDS.split()))
    small = words.letters(small=False, without=string.ascii_uppercase)
    found, capitals = normalising.tokens(*split.bounds, split.classes, small, stops)
    return dict(zip(PASSES["rps_tokens"].columns, (*found.T, capitals), strict=True))


@shared(
    "rps_words", "rps_word_characters", "rps_distinct_words", "rps_n_log_n", "rps_scripts", "rps_lorems",
    "rps_numerals", *numbered(OF_WORDS),
)  # fmt: skip
def normalised_words(split: Split) -> Columns:
    """Words of the normalised text, how often each is said, their n-grams; numerals' share, summed over the lines."""
    own = _of_words(split, keep=False)
    odd = np.flatnonzero(own.pop("rps_odd"))
    if len(odd):
        plain = map(_normalised, split.texts.take(odd).series())
        for name, values in _of_words(Split(Texts.of(plain)), keep=True).items():
            if name in own:
                own[name][odd] = values
    return own


def _of_words(split: Split, *, keep: bool) -> dict[str, NDArray[Any]]:
    """The columns of the pass, and which texts have characters that depend on their neighbours. `keep` punctuation."""
    data, starts, ends = split.bounds
    entries, rows, marks = normalising.normal_table()
    script, most = normalising.hashed("javascript"), int(split.n_words.sum())
    plain = words.letters(without="lL")
    offsets, hashes, lengths, found, numerals = normalising.normalised_words(
        data, starts, ends, split.classes, entries, rows, marks, normalising.LOREM, script, plain, keep, most
    )
    distinct, n_log_n = words.diversity(hashes, offsets)
    return {
        "rps_words": np.diff(offsets),
        "rps_word_characters": np.diff(running(lengths)[offsets]),
        "rps_distinct_words": distinct,
        "rps_n_log_n": n_log_n,
        "rps_scripts": found[:, normalising.SCRIPTS],
        "rps_lorems": found[:, normalising.LOREMS],
        "rps_numerals": numerals,
        "rps_odd": found[:, normalising.ODD],
        **told(ngrams.repeated_ngrams(hashes, lengths, offsets), OF_WORDS),
    }


def _normalised(text: str) -> str:
    """The text as RedPajama has it, but for the white space."""
    return unicodedata.normalize("NFD", text.translate(str.maketrans("", "", string.punctuation)).lower())


@shared("rps_lines", "rps_ellipsis_lines", "rps_terminal_lines", "rps_bullet_lines")
def lines(split: Split) -> Columns:
    """Lines as RedPajama has them, empty ones too, and how they begin and end, white space aside."""
    data, starts, ends = split.bounds
    feeds, full = split.occurrences[:, 0], ends > starts
    unended = np.zeros(len(starts), np.bool_)
    unended[full] = data[ends[full] - 1] != ord("\n")
    found = split.lines
    first, last, ellipsis = counts.edges(*found.bounds)
    return {
        "rps_lines": feeds + unended,
        "rps_ellipsis_lines": found.total(ellipsis),
        "rps_terminal_lines": found.total(np.isin(last, list(map(ord, TERMINALS)))),
        "rps_bullet_lines": found.total(np.isin(first, list(map(ord, BULLETS)))),
    }


@metric(level="text", unit="words", source=SOURCE)
def rps_doc_word_count() -> pl.Expr:
    """How many normalised words the text has. 0 for an empty text."""
    return pl.col("rps_words")


@metric(level="text", unit="sentences", source=SOURCE)
def rps_doc_num_sentences() -> pl.Expr:
    """How many stretches between `.`, `!` and `?` have a letter or a digit.

    So `3.14` ends a sentence, and `e.g.` ends two. 0 for an empty text.
    """
    return pl.col("rps_sentences")


@metric(level="text", unit="characters per word", source=SOURCE)
def rps_doc_mean_word_length() -> pl.Expr:
    """Mean length of the normalised words, an accent being a character of its own. Null without words."""
    return ratio("rps_word_characters", "rps_words")


@metric(level="text", unit="share of words", better="higher", source=SOURCE)
def rps_doc_frac_unique_words() -> pl.Expr:
    """Share of the normalised words that are different ones: distinct words / words.

    Falls with the length of the text, so compare texts of a length. Null without words.
    """
    return ratio("rps_distinct_words", "rps_words")


@metric(level="text", unit="nats", better="higher", source=SOURCE)
def rps_doc_unigram_entropy() -> pl.Expr:
    """Entropy of the normalised words: - sum of p ln p, p being how often each is said / words.

    0 for a text of one word said over and over; grows with the length of the text. Null without words.
    """
    entropy = pl.col("rps_words").log() - pl.col("rps_n_log_n") / pl.col("rps_words")
    return pl.when(pl.col("rps_words") > 0).then(pl.max_horizontal(entropy, pl.lit(0.0)))


@metric(level="text", unit="share of tokens", better="higher", source=SOURCE)
def rps_doc_stop_word_fraction() -> pl.Expr:
    """Share of the tokens that are one of 523 stop words of English, in small letters.

    Formula: such tokens / tokens, marks of punctuation included. RedPajama takes the list of the document's language;
    this is the English one for all. Null without tokens.
    """
    return ratio("rps_stop_tokens", "rps_tokens")


@metric(level="text", unit="symbols per token", better="lower", source=SOURCE)
def rps_doc_symbol_to_word_ratio() -> pl.Expr:
    """Hash signs and ellipses for each token: occurrences of `#`, `...` and `…` / tokens. Null without tokens."""
    return pl.when(pl.col("rps_tokens") > 0).then((pl.col("hash_signs") + pl.col("ellipses")) / pl.col("rps_tokens"))


@metric(level="text", unit="share of tokens", better="lower", source=SOURCE)
def rps_doc_frac_no_alph_words() -> pl.Expr:
    """Share of the tokens without a letter from A to Z, marks of punctuation included.

    Formula: 1 - tokens with one / tokens. All of a text in another script. Null without tokens.
    """
    return pl.when(pl.col("rps_tokens") > 0).then(1 - pl.col("rps_alphabetic_tokens") / pl.col("rps_tokens"))


@metric(level="text", unit="share of tokens", better="lower", source=SOURCE)
def rps_doc_frac_all_caps_words() -> pl.Expr:
    """Share of the tokens whose letters are all capitals: such tokens / tokens.

    `I`, `A` and `B2` are such tokens. Null without tokens.
    """
    return ratio("rps_capital_tokens", "rps_tokens")


@metric(level="text", unit="occurrences per character", better="lower", source=SOURCE)
def rps_doc_lorem_ipsum() -> pl.Expr:
    """Occurrences of "lorem ipsum" for each character of the normalised text, also inside "dolorem ipsum".

    Null without words, where RedPajama has 0.
    """
    length = pl.col("rps_word_characters") + pl.col("rps_words") - 1
    return pl.when(pl.col("rps_words") > 0).then(pl.col("rps_lorems") / length)


@metric(level="text", unit=CHARACTERS, better="lower", source=SOURCE)
def rps_doc_curly_bracket() -> pl.Expr:
    """Share of the characters that are `{` or `}`. Null for an empty text, where RedPajama has 0."""
    return ratio("curls", "characters")


#: Name, what is summed over the lines, unit, direction, meaning.
LINES: list[tuple[str, str, str, Better, str]] = [
    (
        "doc_frac_lines_end_with_ellipsis",
        "rps_ellipsis_lines",
        "share of lines",
        "lower",
        "Share of the lines that end with `...` or `…`",
    ),
    (
        "lines_ending_with_terminal_punctution_mark",
        "rps_terminal_lines",
        "share of lines",
        "higher",
        "Share of the lines that end with `.`, `!`, `?` or `”`, a curly quote but not a straight one",
    ),
    (
        "lines_start_with_bulletpoint",
        "rps_bullet_lines",
        "share of lines",
        "lower",
        "Share of the lines that begin with one of ten bullets, an en dash among them, but neither `-` nor `*`",
    ),
    (
        "lines_numerical_chars_fraction",
        "rps_numerals",
        CHARACTERS,
        "lower",
        "Mean over the lines of the share of numerals in each, normalised",
    ),
    (
        "lines_uppercase_letter_fraction",
        "rps_capitals",
        CHARACTERS,
        "neither",
        "Mean over the lines of the share of capitals in each, its line feed being one of its characters",
    ),
    (
        "lines_num_words",
        "rps_words",
        "words per line",
        "neither",
        "Mean over the lines of the normalised words in each",
    ),
]
for _name, _summed, _unit, _better, _meaning in LINES:
    define(
        f"rps_{_name}",
        ratio(_summed, "rps_lines"),
        f"{_meaning}.\n\nLines end with a line feed or the text, and empty ones are lines too. Null for an empty text.",
        unit=_unit,
        source=SOURCE,
        better=_better,
        module=__name__,
    )


@metric(level="text", unit="words", better="lower", source=SOURCE)
def rps_lines_javascript_counts() -> pl.Expr:
    """How often "javascript" is a normalised word, in all lines together. 0 for an empty text."""
    return pl.col("rps_scripts")


for _n in TOP_SIZES:
    define(
        f"rps_doc_frac_chars_top_{_n}gram",
        pl.when(pl.col("rps_words") > 0).then(
            pl.when(pl.col(f"rps_top_{_n}gram_count") > 1)
            .then(pl.col(f"rps_top_{_n}gram_times_characters"))
            .otherwise(0)
            / pl.col("rps_word_characters")
        ),
        f"""Characters of the most frequent {_n}-gram for each character of a normalised word.

Formula: characters of its words * copies / characters of all words; 0 where none is said twice. Copies that overlap
count twice, so it may pass 1. Null without words.""",
        unit="characters per word character",
        source=SOURCE,
        module=__name__,
    )
for _n in DUP_SIZES:
    define(
        f"rps_doc_frac_chars_dupe_{_n}grams",
        ratio(f"rps_covered_{_n}gram_characters", "rps_word_characters"),
        f"""Share of the normalised words' characters in {_n}-grams that are said more than once, the first copy too.

Formula: characters of the words in any copy, each counted once / characters of all words. Null without words.""",
        unit=CHARACTERS,
        source=SOURCE,
        module=__name__,
    )
