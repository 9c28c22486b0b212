"""What every section speaks of: documents by name, and the marks that stand on their paragraphs."""

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
    strip: str  #: its barcode


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text: `same` or `changed` in a comparison; `body` or a mark in an article."""

    kind: str
    text: str
