"""What a report says, as a value: frozen dataclasses with plain numbers and plain text in them.

`model.build` makes the value, `page.render` sets it, and a test compares it with a gold file; nothing is worked out on
the way to the page. Text in it is already cut to what the page shows and made visible (`shown.py`), paragraphs are
counted from 1 as a reader counts them, shares run from 0 to 1, and a null is "unknown", never zero.

A *strip* is the barcode of a document: a letter and a number of words for each paragraph, `u120r80b3`. The letters are
those of `MARKS`.
"""

from __future__ import annotations

from dataclasses import dataclass

from corpusqa.report.shapes.common import MARKS, Link, Piece, Status
from corpusqa.report.shapes.copies import Cluster, Comparison, Copies, Row
from corpusqa.report.shapes.corpus import Distribution, Fact, Figure, Glance, Portion, Site, Sites, Trial
from corpusqa.report.shapes.documents import Article, Check, Finding, Listed, Listing, Paragraph, Share
from corpusqa.report.shapes.passages import Catalogue, Passage, Repeat, Repeats, RuleCount
from corpusqa.report.shapes.verdict import Cause, Gate, Verdict

__all__ = [
    "MARKS",
    "Article",
    "Catalogue",
    "Cause",
    "Check",
    "Cluster",
    "Comparison",
    "Copies",
    "Distribution",
    "Fact",
    "Figure",
    "Finding",
    "Gate",
    "Glance",
    "Link",
    "Listed",
    "Listing",
    "Paragraph",
    "Passage",
    "Piece",
    "Portion",
    "Repeat",
    "Repeats",
    "Report",
    "Row",
    "RuleCount",
    "Share",
    "Site",
    "Sites",
    "Status",
    "Trial",
    "Verdict",
]


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report."""

    name: str
    folder: str  #: the run, as a command would name it
    verdict: Verdict
    glance: Glance
    gates: tuple[Gate, ...]
    repeats: Repeats
    catalogue: Catalogue
    copies: Copies
    distributions: tuple[Distribution, ...]
    sites: Sites
    listing: Listing
    articles: tuple[Article, ...]
    details: tuple[Fact, ...]
