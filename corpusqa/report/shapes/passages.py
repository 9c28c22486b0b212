"""What is said more than once: inside a document, and across documents."""

from __future__ import annotations

from dataclasses import dataclass

from corpusqa.report.shapes.common import Link


@dataclass(frozen=True, slots=True)
class Repeat:
    """A document that says something twice."""

    document: Link
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
    slots: tuple[tuple[str, ...], ...]  #: for each slot of the template what fills it, the most often first
    approve: str  #: the line for `[boilerplate] approve`: always furniture, in every run; empty for a very long passage
    ignore: str  #: the line for `[boilerplate] ignore`: always content
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
