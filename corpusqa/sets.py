"""Shingle sets, compared in pairs: the exact numbers behind every similarity that is shown.

The sets of a corpus take more memory than its text, so they are made when they are needed: for a stretch of pairs whose
texts have at most `BATCH_BYTES`, then for the next. Pairs are taken in an order that keeps together what belongs
together (a component of the pairs, then its next), so a text is rarely needed twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl
from numpy.typing import NDArray

from corpusqa.bands import Pairs, Rows
from corpusqa.kernels import graph
from corpusqa.kernels import sets as _sets

#: Bytes of text whose sets are in memory at a time; while they are made, that takes three times as much. The design
#: allows 256 MB; less means that large components are read more often.
BATCH_BYTES = 96 << 20
#: Pairs that are verified at a time, some 40 bytes each.
PAIRS_AT_ONCE = 1 << 20

EDGES = pl.Schema(
    {
        "left": pl.UInt32,
        "right": pl.UInt32,
        "jaccard": pl.Float64,
        "containment_left": pl.Float64,
        "containment_right": pl.Float64,
    }
)

Hashes = tuple[NDArray[np.uint64], NDArray[np.int64]]  #: sorted distinct hashes, and the (n + 1) offsets of the sets


#: From sets, pairs of them and a threshold to what each pair has in common, -1 for one that is not wanted.
Common = Callable[[NDArray[np.uint64], NDArray[np.int64], Rows, Rows, float], Rows]


@dataclass(frozen=True, slots=True)
class Sets:
    """Shingle sets of which only some are in memory at a time."""

    make: Callable[[Rows], Hashes]  #: the sets of these rows, in this order
    n_bytes: NDArray[np.int64]  #: of each row: the size of its text

    @classmethod
    def held(cls, hashes: NDArray[np.uint64], offsets: NDArray[np.int64]) -> Sets:
        """Sets that are all in memory: set `i` is `hashes[offsets[i]:offsets[i + 1]]`."""
        return cls(lambda rows: _sets.taken(hashes, offsets, rows), 8 * np.diff(offsets))

    def __len__(self) -> int:
        return len(self.n_bytes)


def verified(
    left: NDArray[np.integer],
    right: NDArray[np.integer],
    hashes: NDArray[np.uint64],
    offsets: NDArray[np.int64],
    threshold: float,
    common: Common = _sets.intersections,
) -> pl.DataFrame:
    """The pairs whose Jaccard is `threshold` or more, with what they share: the columns of `EDGES`, in the order given.

    Set `i` is `hashes[offsets[i]:offsets[i + 1]]`, sorted and distinct. An empty set resembles nothing. What else than
    Jaccard is asked for is up to `common`.

    >>> hashes = np.array([1, 2, 3, 4, 2, 3, 4, 5, 6], np.uint64)
    >>> verified(np.array([0]), np.array([1]), hashes, np.array([0, 4, 9]), 0.5).rows()
    [(0, 1, 0.5, 0.75, 0.6)]
    """
    lefts, rights = left.astype(np.int64, copy=False), right.astype(np.int64, copy=False)
    shared = common(hashes, offsets, lefts, rights, threshold)
    near = shared >= 0
    sizes = np.diff(offsets)
    lefts, rights = lefts[near], rights[near]
    return measured(lefts, rights, shared[near], sizes[lefts], sizes[rights])


def measured(left: Rows, right: Rows, common: Rows, size_left: Rows, size_right: Rows) -> pl.DataFrame:
    """Edges with these numbers of shingles in common and in each of the two; `left` is made the smaller number."""
    jaccard = common / (size_left + size_right - common)
    forth, left_share, right_share = left < right, common / size_left, common / size_right
    columns = (
        np.minimum(left, right),
        np.maximum(left, right),
        jaccard,
        np.where(forth, left_share, right_share),
        np.where(forth, right_share, left_share),
    )
    return pl.DataFrame(dict(zip(EDGES, columns, strict=True)), schema_overrides=EDGES)


def verified_in_stretches(
    left: NDArray[np.uint32],
    right: NDArray[np.uint32],
    sets: Sets,
    threshold: float,
    common: Common = _sets.intersections,
) -> pl.DataFrame:
    """`verified` for sets that do not all fit in memory; in no particular order."""
    place = np.empty(len(sets), np.int64)
    edges = [EDGES.to_frame()]
    for lefts, rights in _pairs_in_stretches(left, right, sets.n_bytes):
        rows = _distinct(lefts, rights, len(sets))
        place[rows] = np.arange(len(rows))
        hashes, offsets = sets.make(rows)
        numbers = pl.Series(rows.astype(np.uint32))
        for start in range(0, len(lefts), PAIRS_AT_ONCE):
            pairs = slice(start, start + PAIRS_AT_ONCE)
            near = verified(place[lefts[pairs]], place[rights[pairs]], hashes, offsets, threshold, common)
            edges.append(near.with_columns(left=numbers.gather(near["left"]), right=numbers.gather(near["right"])))
    return pl.concat(edges)


def stretches(order: Rows, n_bytes: NDArray[np.int64]) -> list[Rows]:
    """The texts in this order, cut so that each stretch has `BATCH_BYTES` or little more."""
    stretch = np.cumsum(n_bytes[order]) // BATCH_BYTES
    return np.split(order, np.flatnonzero(np.diff(stretch)) + 1)


def _pairs_in_stretches(
    left: NDArray[np.uint32], right: NDArray[np.uint32], n_bytes: NDArray[np.int64]
) -> Iterator[Pairs]:
    """The pairs in stretches whose texts have at most `BATCH_BYTES`.

    Texts are laid out component by component and cut into blocks of half that size, and pairs go by their two blocks.
    So what is connected is mostly in one stretch, and of a component that is larger, any two blocks meet once.
    """
    rows = _distinct(left, right, len(n_bytes))
    if n_bytes[rows].sum() <= BATCH_BYTES:
        yield left, right
        return
    component = graph.components(len(n_bytes), left, right)
    rows = rows[np.argsort(component[rows], stable=True)]
    block = np.zeros(len(n_bytes), np.uint32)
    block[rows] = (np.cumsum(n_bytes[rows]) - n_bytes[rows]) // (BATCH_BYTES // 2)
    order = np.argsort(block[left] * (block.max() + 1) + block[right], stable=True)
    left, right = left[order], right[order]
    del order
    for start, stop in pairwise(graph.cuts(left, right, n_bytes, BATCH_BYTES)):
        yield left[start:stop], right[start:stop]


def _distinct(left: NDArray[np.uint32], right: NDArray[np.uint32], n: int) -> Rows:
    """The rows that occur in these pairs, in order."""
    occurs = np.zeros(n, np.bool_)
    occurs[left] = occurs[right] = True
    return np.flatnonzero(occurs)
