"""The corpus from above: where its words go, how its metrics are spread, its sites, the run itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


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
class Trial:
    """What other limits would keep: for each of them, ascending, the documents and words that lie on its two sides.

    A smallest allowed value keeps all but what is `below` it, a largest allowed value keeps what is `up_to` it.
    """

    limits: tuple[float, ...]
    below: tuple[int, ...]  #: documents whose value is smaller
    up_to: tuple[int, ...]  #: documents whose value is not larger
    words_below: tuple[int, ...]
    words_up_to: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Distribution:
    """How one metric is spread over the documents, and the limits that the suite sets it."""

    column: str
    meaning: str  #: what the metric says, in a sentence; empty for a column that is not in the catalogue
    scale: Literal["even", "ratio", "whole"]  #: bars of even steps, of even ratios, or one for each whole number
    edges: tuple[float, ...]
    counts: tuple[int, ...]
    beyond: tuple[int, ...]  #: of these, outside the limits
    minimum: float | None
    maximum: float | None
    outside: int
    missing: int
    kept: int  #: documents within the limits, of so many `documents`
    documents: int
    kept_words: int  #: their words, of so many `words`
    words: int
    trial: Trial


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
    highest: dict[str, float]  #: the largest share of each kind among those shown


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the run's details."""

    name: str
    value: str
