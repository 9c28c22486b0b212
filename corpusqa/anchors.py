"""Many literals looked for at once, in one pass over many texts: anywhere in them, or at their beginning.

Capitals of ASCII letters do not count, as everywhere in the rules; of other letters both forms are to be listed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from corpusqa.kernels import anchors as _anchors
from corpusqa.kernels.anchors import CLASS, GRAM, SLOTS
from corpusqa.kernels.characters import character_table
from corpusqa.kernels.classes import class_table
from corpusqa.kernels.hashing import FACTOR
from corpusqa.texts import Texts

GROUPS = 64  #: groups of literals that are told apart; a group more shares a bit with the first
LONGEST = 8  #: bytes of a beginning that count
#: The letters of English, the most frequent first: those four bytes of a literal are looked up that are rarest.
FREQUENT = b" etaoinshrdlucmfywgpbvkxqjz"
RARE = 30
CAPITALS = re.compile(rb"[A-Z]+")


def _classes() -> NDArray[np.uint32]:
    """The class of each byte: blank, the letters, digits, frequent marks, other characters' bytes, other marks."""
    classes = np.full(256, 31, np.uint32)
    classes[list(b".,'\"-")] = 28
    classes[0xC0:], classes[0x80:0xC0] = 29, 30
    classes[ord("0") : ord("9") + 1] = 27
    classes[ord("a") : ord("z") + 1] = classes[ord("A") : ord("Z") + 1] = range(1, 27)
    classes[ord(" ")] = 0
    return classes


CLASSES = _classes()


def folded(literal: bytes) -> bytes:
    """The literal in small ASCII letters."""
    return CAPITALS.sub(lambda found: found[0].lower(), literal)


@dataclass(frozen=True, slots=True)
class Mentions:
    """Groups of literals to be looked for anywhere in a text; see `kernels/anchors.py` for the tables."""

    before: NDArray[np.uint32]
    chains: NDArray[np.int32]
    literals: NDArray[np.int32]
    spelled: NDArray[np.uint8]
    groups: NDArray[np.uint64]

    @classmethod
    def of(cls, groups: Sequence[Iterable[str]]) -> Mentions:
        """The tables for these groups."""
        before, chains = np.zeros(GRAM + 1, np.uint32), np.full(GRAM + 1, -1, np.int32)
        rows, bits, spelled = [], [], b""
        for number, literal in ((number, literal) for number, group in enumerate(groups) for literal in group):
            own = folded(literal.encode())
            stop = _rarest(own)
            for gram, ahead in _grams(own[:stop]):
                before[gram] |= ahead
                rows.append((len(spelled), len(spelled) + len(own), len(own) - stop, chains[gram]))
                bits.append(1 << number % GROUPS)
                chains[gram] = len(rows) - 1
            spelled += own
        literals = np.array(rows, np.int32).reshape(-1, 4)
        return cls(before, chains, literals, np.frombuffer(spelled, np.uint8), np.array(bits, np.uint64))

    def found(self, texts: Texts) -> NDArray[np.uint64]:
        """For each text a bit for each group of which it has a literal.

        >>> Mentions.of([["vote"], ["©", "copyright"]]).found(Texts.of(["VOTE!", "© 2019", "Copy"])).tolist()
        [1, 2, 0]
        """
        out = np.empty(len(texts), np.uint64)
        tables = (self.before, self.chains, self.literals, self.spelled, self.groups)
        _anchors.mentioned(texts.data, texts.starts, texts.ends, CLASSES, *tables, out)
        return out


def _rarest(literal: bytes) -> int:
    """Where those four bytes of the literal end that are rarest in English."""
    ranks = [FREQUENT.index(byte) if byte in FREQUENT else RARE for byte in literal]
    return max(
        range(min(3, len(literal)), len(literal) + 1), key=lambda stop: (sum(ranks[max(0, stop - 4) : stop]), stop)
    )


def _grams(head: bytes) -> list[tuple[int, int]]:
    """The places of the last three bytes, whatever precedes what has less, and the classes of the byte before them."""
    known = CLASSES[list(head[-3:])].tolist()
    gram = sum(value << CLASS * place for place, value in enumerate(reversed(known)))
    ahead = 1 << int(CLASSES[head[-4]]) if len(head) > 3 else 0xFFFFFFFF
    free = CLASS * (3 - len(known))
    return [(other << 3 * CLASS - free | gram, ahead) for other in range(1 << free)]


@dataclass(frozen=True, slots=True)
class Beginnings:
    """Beginnings of texts, each of which belongs to some numbers."""

    taken: NDArray[np.bool_]  #: of each place in the kernel's table whether a beginning has it
    heads: NDArray[np.uint64]  #: the beginnings, ascending
    bounds: NDArray[np.int64]  #: (n + 1): beginning `i` belongs to `numbers[bounds[i]:bounds[i + 1]]`
    numbers: NDArray[np.int32]

    @classmethod
    def of(cls, heads: Mapping[int, Iterable[bytes]]) -> Beginnings:
        """The tables for the beginnings of each number."""
        pairs = sorted({(_number(head), number) for number, own in heads.items() for head in own})
        keys = np.array([key for key, _ in pairs], np.uint64)
        distinct, first = np.unique(keys, return_index=True)
        taken = np.zeros(1 << SLOTS, np.bool_)
        taken[(distinct * FACTOR) >> np.uint64(64 - SLOTS)] = True
        bounds = np.append(first, len(pairs)).astype(np.int64)
        return cls(taken, distinct, bounds, np.array([number for _, number in pairs], np.int32))

    def found(self, texts: Texts) -> tuple[NDArray[np.uint32], NDArray[np.int32]]:
        """Every text that begins so, and the number that this belongs to; a pair may come more than once.

        >>> rows, numbers = Beginnings.of({7: [b"read", b"see "]}).found(Texts.of(["Read on", "Seen", "See\u2009it"]))
        >>> rows.tolist(), numbers.tolist()
        ([0, 2], [7, 7])
        """
        rows, keys = np.empty(LONGEST * len(texts), np.uint32), np.empty(LONGEST * len(texts), np.uint64)
        buffers = texts.data, texts.starts, texts.ends, character_table()
        n = _anchors.beginnings(*buffers, self.taken, rows, keys)
        place = np.searchsorted(self.heads, keys[:n])
        real = np.flatnonzero(self.heads[np.minimum(place, len(self.heads) - 1)] == keys[:n])
        place = place[real]
        times = np.diff(self.bounds)[place]
        within = np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
        return np.repeat(rows[real], times), self.numbers[np.repeat(self.bounds[place], times) + within]


@dataclass(frozen=True, slots=True)
class FirstWords:
    """Words with which texts are looked for, behind numbers and marks: exact but for chance."""

    taken: NDArray[np.bool_]  #: of each place in a table whether a word has it

    @classmethod
    def of(cls, words: pl.Series) -> FirstWords:
        """The table of the words that these texts begin with, and of all that are written without spaces."""
        taken = np.zeros(1 << 16, np.bool_)
        taken[_places(Texts.of(words))] = True
        taken[0] = True
        return cls(taken)

    def found(self, texts: Texts) -> NDArray[np.bool_]:
        """Which texts begin with any of the words.

        >>> FirstWords.of(pl.Series(["foto", "3 min"])).found(Texts.of(["» FOTO: Berg", "Fotos", "12 Min."])).tolist()
        [True, False, True]
        """
        return self.taken[_places(texts)]


def _places(texts: Texts) -> NDArray[np.uint64]:
    hashes = np.empty(len(texts), np.uint64)
    _anchors.first_words(texts.data, texts.starts, texts.ends, character_table(), class_table(), hashes)
    return hashes >> np.uint64(48)


def _number(head: bytes) -> int:
    """The beginning as the kernel has it: eight bytes, the first one in the highest place."""
    return int.from_bytes(folded(head)[:LONGEST].ljust(LONGEST, b"\0"))
