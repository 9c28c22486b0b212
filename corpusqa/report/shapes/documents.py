"""The documents: the list of them, and single ones in full."""

from __future__ import annotations

from dataclasses import dataclass

from corpusqa.report.shapes.common import Link, Piece, Status


@dataclass(frozen=True, slots=True)
class Listed:
    """A document in the list of documents."""

    document: Link
    verdict: str
    rules: tuple[str, ...]
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
    sentence: str
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
    shares: tuple[Share, ...]
    checks: tuple[Check, ...]
    met: int  #: of them, that it passes
    findings: tuple[Finding, ...]
    cluster: str | None
    duplicate_of: Link | None
    similarity: float | None
    paragraphs: tuple[Paragraph, ...]
    left_out: int  #: paragraphs beyond those shown
