"""What a report says, as a value: frozen dataclasses with plain numbers and plain text in them.

`model.build` makes the value, `page.render` sets it, and a test compares it with a gold file; nothing is worked out on
the way to the page. Text in it is already cut to what the page shows and made visible (`shown.py`), paragraphs are
counted from 1 as a reader counts them, shares run from 0 to 1, and a null is "unknown", never zero.

A *strip* is the barcode of a document: a letter and a number of words for each paragraph, `u120r80b3`. The letters are
those of `MARKS`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Status = Literal["FAIL", "WARN", "NOTE", "PASS"]
#: One letter a mark. The first four stand on paragraphs, the last two on whole documents.
MARKS = {"u": "body", "r": "repeat", "b": "boilerplate", "x": "residue", "n": "near-copy", "d": "rejected"}


@dataclass(frozen=True, slots=True)
class Link:
    """A document by the key that the page knows it by, and the words that it is shown with."""

    key: str
    title: str
    label: str  #: its id
    site: str | None


@dataclass(frozen=True, slots=True)
class Cause:
    """One of the few reasons behind the verdict."""

    documents: int | None  #: that break the rule; null when it judges the corpus as a whole
    observed: str | None  #: then, the value found
    sentence: str
    limit: str
    rule: str
    site: str | None  #: where it is worst, when the corpus has several sites
    site_share: float | None  #: share of that site's documents that break the rule


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer that has to be read in five seconds."""

    status: Status
    headline: str
    sentence: str
    gates: int
    failed: int
    warned: int
    documents: int
    rejected: int
    flagged: int
    kept: float | None  #: share of the words that curating keeps
    causes: tuple[Cause, ...]


@dataclass(frozen=True, slots=True)
class Portion:
    """A part of the corpus's words, by what becomes of it."""

    mark: str
    name: str
    words: int
    share: float


@dataclass(frozen=True, slots=True)
class Figure:
    """A number to know the corpus by."""

    key: str
    name: str
    value: int
    note: str


@dataclass(frozen=True, slots=True)
class Glance:
    """Where the words go, and six numbers."""

    portions: tuple[Portion, ...]
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Gate:
    """One expectation of the suite, and how the corpus did."""

    rule: str
    severity: str
    status: Status
    sentence: str
    limit: str
    column: str | None
    passing: float | None  #: share of the documents that pass; null when the rule judges the corpus as a whole
    needed: float | None
    failing: int
    observed: str | None  #: of a rule on the whole corpus: the value found
    reason: str | None  #: why it could not pass whatever the limits
    expectation: str
    settings: tuple[tuple[str, str], ...]
    worst: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """A document that says something twice."""

    document: Link
    strip: str
    what: str
    words: int
    share: float


@dataclass(frozen=True, slots=True)
class Repeats:
    """The documents that repeat themselves most; `documents` and `words` count them all."""

    documents: int
    words: int
    shown: tuple[Repeat, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph that recurs across documents and is furniture."""

    group: str
    text: str
    template: str | None
    kind: str
    rule: str
    documents: int
    occurrences: int
    variants: int
    sites: int
    site_names: tuple[str, ...]
    words: int
    score: float | None
    positions: tuple[int, ...]  #: occurrences by place in the document, first paragraph to last


@dataclass(frozen=True, slots=True)
class RuleCount:
    """What one rule marked in the whole corpus, with one paragraph of it."""

    mark: str
    kind: str | None
    rule: str | None
    documents: int
    paragraphs: int
    words: int
    example: str | None


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The furniture that costs most words; `groups` and `words` count it all."""

    groups: int
    words: int
    shown: tuple[Passage, ...]
    rules: tuple[RuleCount, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text: `same` or `changed` in a comparison; `body` or a mark in an article."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a comparison: two paragraphs side by side, or a `note` in place of several."""

    kind: Literal["same", "changed", "left", "right", "note"]
    left: int | None
    left_text: tuple[Piece, ...]
    right: int | None
    right_text: tuple[Piece, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """The kept document of a cluster beside one that goes."""

    kept: Link
    dropped: Link
    similarity: float | None
    relation: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Cluster:
    """Documents that are copies of one another."""

    cluster: str
    kept: tuple[Link, ...]
    kept_documents: int
    why: str
    documents: int
    dropped: int
    sites: int
    lowest: float | None
    highest: float | None
    comparison: Comparison | None


@dataclass(frozen=True, slots=True)
class Copies:
    """The largest clusters; the numbers count them all."""

    clusters: int
    documents: int
    dropped: int
    shown: tuple[Cluster, ...]


@dataclass(frozen=True, slots=True)
class Distribution:
    """How one metric is spread over the documents, and the limits that the suite sets it."""

    column: str
    scale: Literal["even", "ratio", "whole"]  #: bars of even steps, of even ratios, or one for each whole number
    edges: tuple[float, ...]
    counts: tuple[int, ...]
    beyond: tuple[int, ...]  #: of these, outside the limits
    minimum: float | None
    maximum: float | None
    outside: int
    missing: int


@dataclass(frozen=True, slots=True)
class Site:
    """A site: how much of it, how much of that is marked, how often it breaks a rule."""

    site: str | None
    documents: int
    words: int
    rejected: float
    flagged: float
    repeat: float | None
    boilerplate: float | None
    residue: float | None
    copies: float


@dataclass(frozen=True, slots=True)
class Sites:
    """The largest sites; `sites` counts them all."""

    sites: int
    shown: tuple[Site, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """A document in the list of documents."""

    document: Link
    verdict: str
    rules: tuple[str, ...]
    strip: str
    words: int
    repeat: float | None
    boilerplate: float | None
    residue: float | None


@dataclass(frozen=True, slots=True)
class Listing:
    """The worst documents first; `documents` counts them all."""

    documents: int
    shown: tuple[Listed, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of an article with its mark, and the sentence that says why."""

    number: int
    mark: str
    label: str
    kind: str | None
    rule: str | None
    why: str | None
    repeats: int | None
    kept_copy: bool  #: another paragraph repeats this one
    group: str | None
    pieces: tuple[Piece, ...]
    left_out: int  #: characters beyond those shown


@dataclass(frozen=True, slots=True)
class Check:
    """A document's value against one rule."""

    rule: str
    column: str
    value: str
    limit: str
    status: Status


@dataclass(frozen=True, slots=True)
class Finding:
    """A line of the list that leads to the marks: one run of paragraphs with the same story."""

    mark: str
    text: str
    number: int


@dataclass(frozen=True, slots=True)
class Share:
    """The part of an article that has one mark."""

    mark: str
    name: str
    paragraphs: int
    words: int
    share: float


@dataclass(frozen=True, slots=True)
class Article:
    """One document in full: the text with its marks, and how it stands against the rules."""

    document: Link
    verdict: str
    rules: tuple[str, ...]
    url: str | None
    date: str | None
    source: str
    row: int
    strip: str
    shares: tuple[Share, ...]
    checks: tuple[Check, ...]
    findings: tuple[Finding, ...]
    cluster: str | None
    duplicate_of: Link | None
    similarity: float | None
    paragraphs: tuple[Paragraph, ...]
    left_out: int  #: paragraphs beyond those shown


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the run's details."""

    name: str
    value: str


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
