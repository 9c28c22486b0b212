"""`fineweb_*`: the four measures that FineWeb added (Penedo et al. 2024, arXiv:2406.17557, section 3.6).

As datatrove computes them, whose filter made the corpus: lines are split at line feeds, blank ones left out of all
but the last measure, and the white space at their ends stays. Words are what stands between white space; datatrove's
come from spaCy, which makes a comma a word.
"""

from __future__ import annotations

import polars as pl

from corpusqa.metrics.registry import metric, ratio

PAPER = "FineWeb, Penedo et al. 2024, arXiv:2406.17557, section 3.6; datatrove 0.10, FineWebQualityFilter"


@metric(level="text", unit="share of lines", better="higher", source=PAPER)
def fineweb_line_punct_ratio() -> pl.Expr:
    """Share of the lines that end with an end mark; FineWeb drops a document at 0.12 or below.

    Formula: lines whose last character is one of 159 end marks (Unicode's Sentence_Terminal: `.`, `!`, `?`, `。`, `।`,
    ...) / lines that are not blank. A line that ends with a quote, a colon or a blank does not count, so quoted
    speech comes out low. Null without lines.
    """
    return ratio("terminal_lines", "lines")


@metric(level="text", unit="share of lines", better="lower", source=PAPER)
def fineweb_short_line_ratio() -> pl.Expr:
    """Share of the lines shorter than 30 characters; FineWeb drops a document at 0.67 or above.

    Formula: lines of fewer than 30 characters / lines that are not blank. datatrove's code counts lines of just 30
    too. High on menus, lists and verse. Null without lines.
    """
    return ratio("short_lines", "lines")


@metric(level="text", unit="share of characters", better="lower", source=PAPER)
def fineweb_char_dup_ratio() -> pl.Expr:
    """Share of the characters in lines that have come before in the text; FineWeb drops a document at 0.1 or above.

    Formula: characters of repeated lines / characters but for line feeds. The first copy does not count. datatrove's
    default limit is 0.01, a tenth of the paper's. Null without lines.
    """
    outside = pl.col("characters") - pl.col("line_feeds")
    return pl.when(pl.col("lines") > 0).then(pl.col("again_whole_line_characters") / outside)


@metric(level="text", unit="line feeds per word", better="lower", source=PAPER)
def fineweb_newline_word_ratio() -> pl.Expr:
    """Line feeds for each word; FineWeb drops a document above 0.3, as a list.

    Formula: line feeds, those of blank lines included / words. FineWeb-2 has limits from 0.02 to 7 for other
    languages. Null without words.
    """
    return ratio("line_feeds", "words")
