"""Texts taken apart: their words, lines and paragraphs, each split off once, when somebody first asks for it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from corpusqa.kernels import counts, pieces
from corpusqa.kernels.classes import class_table
from corpusqa.kernels.ngrams import repeated_ngrams
from corpusqa.kernels.sentences import n_sentences
from corpusqa.texts import Texts

Numbers = NDArray[np.int64]
Bounds = tuple[
    NDArray[np.uint8], Numbers, Numbers
]  #: stretches of a buffer: the buffer, where each begins, where it ends


@dataclass(frozen=True)
class Pieces:
    """Stretches of the texts, text after text: text `i` has the pieces `offsets[i]` to `offsets[i + 1]`.

    `like`: other pieces, and which of them stand for these; where the stretch is the same, the key is taken over.
    """

    data: NDArray[np.uint8]
    starts: Numbers
    ends: Numbers
    offsets: Numbers
    like: tuple[Pieces, Any] | None = None

    @property
    def bounds(self) -> Bounds:
        """Where the pieces are, as kernels take it."""
        return self.data, self.starts, self.ends

    def total(self, values: NDArray[Any]) -> Numbers:
        """The sum, for each text, of what is given for each piece."""
        return np.diff(running(values)[self.offsets])

    @cached_property
    def keys(self) -> NDArray[np.uint64]:
        """A hash of each piece."""
        if self.like is None:
            return counts.hashes(*self.bounds)
        other, rows = self.like
        keys: NDArray[np.uint64] = other.keys[rows].copy()
        differ = (self.starts != other.starts[rows]) | (self.ends != other.ends[rows])
        keys[differ] = counts.hashes(self.data, self.starts[differ], self.ends[differ])
        return keys

    @cached_property
    def n_chars(self) -> Numbers:
        """The characters of each piece."""
        return counts.n_chars(*self.bounds)

    @cached_property
    def copies(self) -> NDArray[np.uint8]:
        """Of each piece, whether it is the only copy in its text, the first, or a later one."""
        return counts.again(self.keys, self.offsets)

    def repeats(self, least: int = counts.LATER) -> tuple[Numbers, Numbers]:
        """For each text, how many pieces have come before in it, and their characters. A first copy is no repeat.

        Unless `least` is `counts.FIRST`.
        """
        again = self.copies >= least
        return self.total(again), self.total(again * self.n_chars)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of the texts, as `str.split` finds them."""

    offsets: Numbers  #: text `i` has the words `offsets[i]` to `offsets[i + 1]`
    hashes: NDArray[np.uint64]
    lengths: NDArray[np.int32]  #: in characters
    held: NDArray[np.uint16]  #: the classes that any of its characters has


class Split:
    """Texts, and what has been split off them so far."""

    def __init__(self, texts: Texts, paragraphs: pl.DataFrame | None = None) -> None:
        """`paragraphs` is what `segment.paragraphs` says of these texts, where that is known already."""
        self.texts = texts
        self._paragraphs = paragraphs
        self.classes = class_table()
        # Copies, because a kernel is compiled anew for arrays that are read only, and those of a polars column are.
        self.bounds = texts.data, np.array(texts.starts, np.int64), np.array(texts.ends, np.int64)

    @cached_property
    def series(self) -> pl.Series:
        """The texts as a polars column, named text."""
        return self.texts.series()

    @cached_property
    def occurrences(self) -> Numbers:
        """Of each text the line feeds, hash signs and ellipses, (n, 3)."""
        return counts.occurrences(*self.bounds)

    @cached_property
    def n_chars(self) -> Numbers:
        """The characters of each text."""
        return counts.n_chars(*self.bounds)

    @cached_property
    def n_words(self) -> Numbers:
        """The words of each text."""
        return counts.n_words(*self.bounds, self.classes)

    @cached_property
    def words(self) -> Words:
        """Every word."""
        offsets = running(self.n_words)
        return Words(offsets, *counts.words(*self.bounds, self.classes, offsets[-1]))

    @cached_property
    def ngrams(self) -> Numbers:
        """What is told of the words' n-grams that are said more than once, see `corpusqa.kernels.ngrams`."""
        return repeated_ngrams(self.words.hashes, self.words.lengths, self.words.offsets)

    @cached_property
    def _lines(self) -> tuple[Numbers, Numbers, Numbers, Numbers, Numbers]:
        most = int(self.occurrences[:, 0].sum()) + len(self.texts)
        return counts.lines(*self.bounds, self.classes, most)

    @cached_property
    def lines(self) -> Pieces:
        """The lines that are not blank, stripped."""
        offsets, _, _, starts, ends = self._lines
        return Pieces(self.texts.data, starts, ends, offsets)

    @cached_property
    def whole_lines(self) -> Pieces:
        """The lines that are not blank, with the white space at their ends."""
        offsets, starts, ends, _, _ = self._lines
        return Pieces(self.texts.data, starts, ends, offsets, (self.lines, slice(None)))

    @cached_property
    def blocks(self) -> Pieces:
        """What blank lines set apart: runs of lines that are not blank, stripped."""
        offsets, whole_starts, whole_ends, starts, ends = self._lines
        opens = np.ones(len(starts) + 1, np.bool_)
        opens[1:-1] = whole_starts[1:] != whole_ends[:-1] + 1
        opens[offsets] = True
        first, last = opens[:-1], opens[1:]
        return Pieces(self.texts.data, starts[first], ends[last], running(first)[offsets], (self.lines, first))

    @cached_property
    def _feeds(self) -> tuple[Numbers, Numbers]:
        return pieces.feeds(*self.bounds)

    def between(self, bounds: Bounds, feeds: int, *, more: bool) -> Pieces:
        """What lies between so many line feeds (and more) of the texts, which may have been stripped."""
        data, starts, ends = bounds
        offsets, firsts, lasts = pieces.between_feeds(*self._feeds, starts, ends, feeds, more)
        return Pieces(data, firsts, lasts, offsets)

    @cached_property
    def at_feeds(self) -> Pieces:
        """What `str.split` leaves between line feeds, empty or not."""
        return self.between(self.bounds, 1, more=False)

    @cached_property
    def at_pairs(self) -> Pieces:
        """What it leaves between pairs of them."""
        return self.between(self.bounds, 2, more=False)

    @cached_property
    def paragraphs(self) -> Pieces:
        """The paragraphs as corpusqa cuts them."""
        if self._paragraphs is None:
            from corpusqa import segment

            self._paragraphs = segment.paragraphs(self.texts)
        found = self._paragraphs
        n_paragraphs = np.bincount(found["document"].to_numpy(), minlength=len(self.texts))
        starts, ends = (np.array(found[bound], np.int64) for bound in ("byte_start", "byte_end"))
        return Pieces(self.texts.data, starts, ends, running(n_paragraphs))

    @cached_property
    def sentences(self) -> Numbers:
        """How many sentences each paragraph has."""
        return n_sentences(*self.paragraphs.bounds, self.classes)


def greatest(values: NDArray[Any], offsets: Numbers) -> Numbers:
    """The greatest of each stretch of the values; 0 for an empty one.

    >>> greatest(np.array([2, 0, 1]), np.array([0, 2, 2, 3])).tolist()
    [2, 0, 1]
    """
    found = np.zeros(len(offsets) - 1, np.int64)
    full = np.diff(offsets) > 0
    if len(values):
        found[full] = np.maximum.reduceat(values, offsets[:-1][full])
    return found


def running(values: NDArray[Any]) -> Numbers:
    """The sum up to each place, from 0.

    >>> running(np.array([2, 0, 1])).tolist()
    [0, 2, 2, 3]
    """
    sums = np.zeros(len(values) + 1, np.int64)
    np.cumsum(values, out=sums[1:])
    return sums
