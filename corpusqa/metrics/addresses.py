"""`url_*` and `digit_*`: how much of a text is addresses, or figures, and not language."""

from __future__ import annotations

import polars as pl

from corpusqa.kernels.numbers import figures
from corpusqa.metrics.registry import metric, ratio
from corpusqa.metrics.shared import Columns, shared
from corpusqa.metrics.split import Split

#: An address as people write it: with its scheme, or from www. on; the marks of the sentence behind it are not its own.
URL = r"(?i)\b(?:https?://|ftp://|www\.)[^\s<>\"“”«»{}|\\^`]*[^\s<>\"“”«»{}|\\^`.,;:!?'’)\]]"


@shared("figure_lines")
def figure_lines(split: Split) -> Columns:
    """Lines of figures alone."""
    return {"figure_lines": split.lines.total(figures(*split.lines.bounds, split.classes))}


def _urls() -> pl.Expr:
    return pl.col("text").str.extract_all(URL)


@metric(level="text", unit="addresses", better="lower", source="corpusqa")
def url_count() -> pl.Expr:
    """How many web addresses the text has, from `http://`, `https://`, `ftp://` or `www.` on. 0 for an empty text."""
    return pl.col("text").str.count_matches(URL)


@metric(
    level="text", unit="share of characters", better="lower", source="NeMo Curator 1.0, UrlsFilter; corpusqa's reading"
)
def url_char_ratio() -> pl.Expr:
    """Share of the characters that are web addresses: characters of addresses / characters.

    NeMo Curator drops a document above 0.2. Full stops and brackets of the sentence behind an address are left out.
    Null for an empty text.
    """
    n_chars = _urls().list.eval(pl.element().str.len_chars()).list.sum()
    return pl.when(pl.col("characters") > 0).then(n_chars / pl.col("characters"))


@metric(level="text", unit="share of words", source="corpusqa")
def digit_word_ratio() -> pl.Expr:
    """Share of the words that hold a digit: words with a digit / words, by white space.

    About 0.03 in news; above 0.2 in tables, schedules and price lists. Null without words.
    """
    return ratio("digit_words", "words")


@metric(
    level="text",
    unit="share of lines",
    better="lower",
    source="DCLM, Li et al. 2024, arXiv:2406.11794; corpusqa's reading",
)
def digit_line_ratio() -> pl.Expr:
    """Share of the lines with digits and not one letter: rows of tables, dates, page numbers, counters.

    Formula: lines with a digit and without a letter / lines that are not blank. DCLM removes lines of digits only.
    Null without lines.
    """
    return ratio("figure_lines", "lines")
