"""The answer and what it rests on: the verdict, and a gate for each expectation of the suite."""

from __future__ import annotations

from dataclasses import dataclass

from corpusqa.report.shapes.common import Link, Status


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
    alone: int  #: of these, documents that no other rule would reject, or flag
    observed: str | None  #: of a rule on the whole corpus: the value found
    reason: str | None  #: why it could not pass whatever the limits
    expectation: str
    settings: tuple[tuple[str, str], ...]
    worst: tuple[Link, ...]
    nearest: Link | None  #: where none breaks it: the document that came closest
