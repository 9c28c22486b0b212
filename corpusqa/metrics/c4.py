"""`c4_*`: the line rules of C4 (Raffel et al. 2020, arXiv:1910.10683, section 2.2), and how many lines fall to each.

By the constants of the reference implementation (tensorflow_datasets, text/c4_utils.py), which are not those of
datatrove and Dolma: there a line needs three words, not five, and a page five sentences, not three. Lines are what
`str.splitlines` gives, stripped, blank ones left out. The rules are asked in the order of the code: a line counts
under the first that drops it, and the counts and the kept lines add up to the lines. Not here: C4's list of bad
words, and its removal of lines that other pages have too (see `boilerplate_*`).
"""

from __future__ import annotations

import numpy as np
import polars as pl

from corpusqa.kernels import c4 as kernel
from corpusqa.kernels import frozen
from corpusqa.metrics.registry import Expression, metric, ratio
from corpusqa.metrics.shared import Columns, shared
from corpusqa.metrics.split import Split

PAPER = "C4, Raffel et al. 2020, arXiv:1910.10683, section 2.2; tensorflow_datasets, text/c4_utils.py"

#: The rules that drop a line, in the order in which they are asked, each with what its lines are and a caveat.
RULES = {
    "long_word": ("with a word of more than 1,000 characters", "Minified code, and encoded files pasted into a page."),
    "unended": (
        "that end without an end mark, or with three dots",
        "End marks are `.`, `?`, `!` and `\"`; datatrove takes `'` too. Headings, menus, captions, quoted speech in "
        "curly quotes, and all of Chinese. `[12]` and `[edit]` are removed first, and leave the blank before them, "
        "which then ends the line: that is C4's way.",
    ),
    "short": ("of fewer than five words", "Counted without `[12]` and `[edit]`. datatrove and Dolma ask for three."),
    "lorem_ipsum": ("with the words lorem ipsum", "In C4, a single one of them drops the page."),
    "javascript": ("with the word javascript, in a word or by itself", "Most ask the reader to turn it on."),
    "curly_brace": ("with a `{`, as code has", "In C4, a single one of them drops the page."),
    "policy": (
        "on privacy, cookies or terms of use",
        "Those with one of six phrases, such as `privacy policy` or `use cookies`.",
    ),
}


@shared("c4_lines", *(f"c4_{rule}" for rule in RULES), "c4_kept", "c4_sentences")
def line_rules(split: Split) -> Columns:
    """The lines, by the rule that drops them, and the sentences of those that are kept."""
    _, begins, stops = split.paragraphs.bounds
    data, starts, ends = split.bounds
    room = np.empty((ends - starts).max(initial=0), np.uint8)
    known = begins, stops, split.sentences
    given = split.classes, kernel.ASIDES, room, frozen(room), *known, *kernel.PHRASES
    found = kernel.line_rules(data, starts, ends, *given)
    return dict(zip(("c4_lines", *(f"c4_{rule}" for rule in RULES), "c4_kept", "c4_sentences"), found.T, strict=True))


@metric(level="text", unit="share of lines", better="higher", source=PAPER)
def c4_kept_line_ratio() -> pl.Expr:
    """Share of the lines that C4 keeps: they end with an end mark, have five words, and break no other rule.

    Formula: lines that no rule drops / lines that are not blank. The rules on whole pages take no lines away here, but
    for the line that holds the `{` or the lorem ipsum. Low for pages of lists and headings, and for all but the
    scripts that end a sentence with `.`, `?` or `!`. Null without lines.
    """
    return ratio("c4_kept", "c4_lines")


@metric(level="text", unit="sentences", better="higher", source=PAPER)
def c4_sentence_count() -> pl.Expr:
    """How many sentences the lines have that C4 keeps; it drops a page of fewer than three.

    Sentences are corpusqa's, by their marks alone (`n_sentences`); C4 has NLTK's punkt, which knows abbreviations. 0
    for an empty text.
    """
    return pl.col("c4_sentences")


@metric(level="text", unit="lines", source="mC4, Xue et al. 2021, arXiv:2010.11934, section 3.1")
def c4_long_line_count() -> pl.Expr:
    """How many lines have 200 characters or more; mC4, which has no end marks to go by, wants three in a page.

    Lines that are not blank, with the white space at their ends. 0 for an empty text.
    """
    return pl.col("long_lines")


def _dropped(rule: str, lines: str, caveat: str) -> Expression:
    """Make the metric of the lines that one rule drops."""

    def expression() -> pl.Expr:
        return pl.col(f"c4_{rule}")

    expression.__name__ = f"c4_{rule}_lines"
    expression.__doc__ = f"How many lines C4 drops as lines {lines}.\n\n{caveat} 0 for an empty text."
    return expression


for _rule, (_lines, _caveat) in RULES.items():
    metric(level="text", unit="lines", better="lower", source=PAPER)(_dropped(_rule, _lines, _caveat))
