"""`dolma_*`: what Dolma's Gopher taggers compute where they differ from the paper (1.2, taggers/gopher.py, gopher_v1).

Words are what stands between white space, lines what stands between line feeds, empty ones included and white space at
their ends counted (`gopher_v2` leaves empty ones out). All copies of what is repeated count, the first one too.
"""

from __future__ import annotations

import polars as pl

from corpusqa.metrics.registry import define, metric, ratio
from corpusqa.metrics.repetition import DUP_LIMITS, TOP_LIMITS

SOURCE = "Dolma 1.2, gopher_v1"


@metric(level="text", unit="characters", source=SOURCE)
def dolma_median_word_length() -> pl.Expr:
    """Median length of the words; Dolma 1.5 keeps 3 to 10, where the paper has the mean. Null without words."""
    return pl.when(pl.col("words") > 0).then(pl.col("median_word_length").cast(pl.Float64))


@metric(level="text", unit="share of words", better="lower", source=SOURCE)
def dolma_symbol_word_ratio() -> pl.Expr:
    """Share of the words with a `#` or a `…` in them; Dolma 1.5 drops above 0.1.

    Formula: such words / words. Three dots are not counted. Null without words.
    """
    return ratio("marked_words", "words")


@metric(level="text", unit="stop words", better="higher", source=SOURCE)
def dolma_stop_word_count() -> pl.Expr:
    """How often one of Gopher's eight stop words occurs, in small letters; Dolma 1.5 drops below 2. 0 without words."""
    return pl.col("stop_occurrences")


def _of_lines(part: str, whole: str = "separate_lines") -> pl.Expr:
    return pl.when(pl.col("characters") > 0).then(ratio(part, whole))


@metric(level="text", unit="share of lines", better="lower", source=SOURCE)
def dolma_bullet_line_ratio() -> pl.Expr:
    """Share of the lines whose first character is `*` or `-`; Dolma 1.5 drops above 0.9.

    A blank before it hides it, and `•` is none. Empty lines count among the lines. Null for an empty text.
    """
    return _of_lines("dolma_bullet_lines")


@metric(level="text", unit="share of lines", better="lower", source=SOURCE)
def dolma_ellipsis_line_ratio() -> pl.Expr:
    """Share of the lines whose last character is `…`; Dolma 1.5 drops above 0.3.

    Three dots are none, nor is `…` with a blank after it. Empty lines count among the lines. Null for an empty text.
    """
    return _of_lines("dolma_ellipsis_lines")


@metric(level="text", unit="share of lines", better="lower", source=SOURCE)
def dolma_dup_line_frac() -> pl.Expr:
    """Share of the lines that are said more than once; Dolma 1.5 drops above 0.30.

    Formula: all copies of repeated lines / lines. Empty lines are lines, so a text with a blank line between its
    paragraphs is above 0.4. Null for an empty text.
    """
    return _of_lines("copied_lines")


@metric(level="text", unit="share of lines", better="lower", source="Dolma 1.2, gopher_v2")
def dolma_v2_dup_line_frac() -> pl.Expr:
    """Share of the lines that are said more than once, lines being what stands between runs of line feeds.

    Formula: all copies of repeated lines / lines. The other measures of lines are the same in both versions, or differ
    by their whole alone. Null for an empty text.
    """
    return _of_lines("copied_merged_lines", "merged_lines")


@metric(level="text", unit="characters per word character", better="lower", source=SOURCE)
def dolma_dup_line_char_frac() -> pl.Expr:
    """Characters of lines that are said more than once, for each character of a word; Dolma 1.5 drops above 0.30.

    Formula: characters of all their copies, blanks included / characters of words, blanks left out: it may pass 1. Null
    without words.
    """
    return ratio("copied_line_characters", "word_characters")


for _n, _limit in TOP_LIMITS.items():
    define(
        f"dolma_top_{_n}gram_char_frac",
        pl.when(pl.col(f"top_{_n}gram_count") > 0).then(
            pl.col(f"top_{_n}gram_times_characters") / pl.col("word_characters")
        ),
        f"""Characters of the most frequent {_n}-gram for each character of a word; Dolma 1.5 drops above {_limit}.

Formula: characters of its words * copies / characters of all words. An {_n}-gram said once counts too, so short texts
are high; copies that overlap count twice, so it may pass 1. Null for a text of fewer than {_n} words.""",
        unit="characters per word character",
        source=SOURCE,
        module=__name__,
    )
for _n, _limit in DUP_LIMITS.items():
    define(
        f"dolma_dup_{_n}gram_char_frac",
        ratio(f"copied_{_n}gram_characters", f"all_{_n}gram_characters"),
        f"""Share of the characters of all {_n}-grams in those said more than once; Dolma 1.5 drops above {_limit:.2f}.

Formula: characters of all copies of repeated {_n}-grams / characters of all {_n}-grams, each word counted once for each
{_n}-gram that it is in. Null for a text of fewer than {_n} words.""",
        unit="share of characters",
        source=SOURCE,
        module=__name__,
    )
