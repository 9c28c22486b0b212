"""Documents that are copies of one another, and two of them side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from corpusqa.report.shapes.common import Link, Piece


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
    similarity: float | None  #: without their furniture
    as_read: float | None  #: with it
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
    contained: int  #: documents that are part of a longer one, and stay
    shown: tuple[Cluster, ...]
