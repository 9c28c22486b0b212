"""Which rules are worth trying on which paragraphs: a few per cent of them, on a few per cent.

A rule says what a paragraph must have in it (`needs`), or its expression says how it must begin. Both are looked up for
all rules in one pass over the text; only a paragraph that has what a rule asks for ever meets its expression. What
remains are expressions that may begin with any name: they are joined by kind, cut off where they run on over any text,
and tried together.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from corpusqa.anchors import GROUPS, Beginnings, FirstWords, Mentions
from corpusqa.expressions import contains
from corpusqa.rules import Rule
from corpusqa.texts import Texts

#: Openings are tried together with those that look at paragraphs of about the same length, in words.
LENGTHS = (12, 30)

Mask = NDArray[np.bool_]
Rows = NDArray[np.int64]
NOBODY: Rows = np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class Seen:
    """What texts have that rules ask for."""

    mentions: NDArray[np.uint64]  #: for each text a bit for each rule that needs something that it has
    begun: dict[int, Rows]  #: for each rule the texts that begin as it asks
    worded: Mask  #: which texts begin with a word that a rule names, or a line that one lists


@dataclass(frozen=True, slots=True, eq=False)
class Screen:
    """What rules ask for; a rule is known by its number in their order."""

    rules: tuple[Rule, ...]
    bits: dict[int, np.uint64]  #: of each rule that needs something, in `Seen.mentions`
    mentions: Mentions
    beginnings: Beginnings
    first_words: FirstWords

    def look(self, texts: Texts) -> Seen:
        """What these texts have of it, in two passes: over their first bytes, and over all."""
        rows, numbers = self.beginnings.found(texts)
        order = np.lexsort((rows, numbers))
        rows, numbers = rows[order].astype(np.int64), numbers[order]
        own, first = np.unique(numbers, return_index=True)
        begun = dict(zip(own.tolist(), map(np.unique, np.split(rows, first[1:])), strict=False)) if len(own) else {}
        return Seen(self.mentions.found(texts), begun, self.first_words.found(texts))

    def mentioning(self, mentions: NDArray[np.uint64], number: int) -> Mask:
        """Which texts have something that the rule needs."""
        mask: Mask = mentions & self.bits[number] != 0
        return mask


@lru_cache(maxsize=8)
def screen(rules: tuple[Rule, ...]) -> Screen:
    """The screen of these rules."""
    needing = [number for number, rule in enumerate(rules) if rule.needs]
    bits = {number: np.uint64(1 << place % GROUPS) for place, number in enumerate(needing)}
    heads = {number: rule.heads for number, rule in enumerate(rules) if rule.heads}
    words = FirstWords.of(pl.Series([text for rule in rules for text in (*rule.begins, *rule.lines)], dtype=pl.String))
    return Screen(rules, bits, Mentions.of([rules[number].needs for number in needing]), Beginnings.of(heads), words)


@dataclass(frozen=True, slots=True)
class Tries:
    """Paragraphs on which rules are tried."""

    screen: Screen
    texts: pl.Series
    n_words: NDArray[np.uint32]
    seen: Seen

    def matches(self, numbers: Sequence[int], allowed: Mask) -> Iterator[tuple[int, Rows]]:
        """Each of these rules with the paragraphs, of those that are `allowed`, that match its expression."""
        rules = self.screen.rules
        opened = dict(self._opened([number for number in numbers if rules[number].opening is not None], allowed))
        for number in numbers:
            rows = self._candidates(number, opened.get(number), allowed)
            if len(rows):
                yield number, self.match(number, rows)

    def match(self, number: int, rows: Rows) -> Rows:
        """Of these paragraphs those that match the expression of the rule."""
        fires: Mask = contains(self.texts.gather(rows), self.screen.rules[number].pattern).to_numpy()
        return rows[fires]

    def worded(self, listed: pl.DataFrame) -> pl.DataFrame:
        """The paragraphs that begin with a word that a rule names, none longer than the longest of `max_words`."""
        rows = np.flatnonzero(self.seen.worded & (self.n_words <= listed["max_words"].to_numpy().max(initial=0)))
        return pl.DataFrame({"row": rows, "text": self.texts.gather(rows), "n_words": self.n_words[rows]})

    def _candidates(self, number: int, opened: Rows | None, allowed: Mask) -> Rows:
        """The paragraphs on which this rule is worth trying."""
        if self.screen.rules[number].needs:
            return self._short(number, np.flatnonzero(self.screen.mentioning(self.seen.mentions, number)), allowed)
        begun = self.seen.begun.get(number)
        rows = NOBODY if begun is None else self._short(number, begun, allowed)
        return rows if opened is None else np.union1d(rows, self._short(number, opened, allowed))

    def _short(self, number: int, rows: Rows, allowed: Mask) -> Rows:
        short = rows[self.n_words[rows] <= self.screen.rules[number].max_words]
        return short[allowed[short]]

    def _opened(self, numbers: Iterable[int], allowed: Mask) -> Iterator[tuple[int, Rows]]:
        """For each of these rules the paragraphs that open like it, or like another rule that is looked for with it.

        Those of a group look at paragraphs of about the same length, and name the same kind: bylines are a small
        automaton, and prompts are, and the two together a very large one.
        """
        groups: dict[tuple[int, str, bool], list[int]] = {}
        for number in numbers:
            rule = self.screen.rules[number]
            groups.setdefault((bisect_left(LENGTHS, rule.max_words), rule.kind, bool(rule.opening)), []).append(number)
        for (*_, known), alike in groups.items():
            rules = [self.screen.rules[number] for number in alike]
            short = self.n_words <= max(rule.max_words for rule in rules)
            rows = np.flatnonzero(short & allowed)
            if known and len(rows):
                opening = "|".join(f"(?:{rule.opening})" for rule in rules)
                rows = rows[contains(self.texts.gather(rows), opening).to_numpy()]
            yield from ((number, rows) for number in alike)
