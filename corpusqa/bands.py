"""Band keys to pairs: texts that agree in a band are worth a comparison.

A band is one column of keys, and one is in memory at a time, sorted, so that equal keys lie side by side in *buckets*.
A small bucket gives all its pairs. A bucket of more than `CROWD` texts is a crowd and gives none; see `crowds` for
those.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from corpusqa.kernels import graph, hashing

#: Distinct texts above which a bucket is a crowd (design, section 3): up to there, half a million comparisons at most.
CROWD = 1_000
#: Pairs that are in memory at a time, 8 bytes each, several times over while they are sorted. With more, the pairs are
#: worked on in parts, at the price of another walk through the bands for each.
PAIRS = 8 << 20
#: Keys that are sorted at a time, 20 bytes each. A longer band is taken by hash range.
KEYS = 16 << 20

Bands = Callable[
    [], Iterable[NDArray[np.unsignedinteger]]
]  #: gives the bands, one array of keys at a time, as often as asked
Rows = NDArray[np.int64]
Pairs = tuple[NDArray[np.uint32], NDArray[np.uint32]]  #: left, right; left < right


@dataclass(frozen=True, slots=True)
class Survey:
    """What a first walk through the bands shows."""

    crowds: list[NDArray[np.uint32]]  #: the members of each bucket that is too large
    n_pairs: NDArray[np.float64]  #: how many pairs each text is likely to be left in, crowds apart

    def parts(self) -> Iterator[tuple[int, int]]:
        """Ranges of texts, first and one past the last, on the left of some `PAIRS` pairs each."""
        part = np.cumsum(self.n_pairs) // PAIRS
        bounds = np.flatnonzero(np.diff(part)) + 1
        yield from pairwise([0, *bounds.tolist(), len(part)])


def survey(bands: Bands, n_texts: int) -> Survey:
    """Walk through the bands once, to see how much there is to do."""
    crowds, n_pairs = [], np.zeros(n_texts)
    for keys in bands():
        for members, starts, stops in _buckets(keys):
            sizes = stops - starts
            large = sizes > CROWD
            crowds += [members[a:b].astype(np.uint32) for a, b in zip(starts[large], stops[large], strict=True)]
            graph.count_pairs(members, starts[~large], stops[~large], n_pairs)
    return Survey(crowds, n_pairs)


def candidates(bands: Bands, settled: Rows | None = None, lefts: tuple[int, int] | None = None) -> Pairs:
    """The pairs of texts that agree in a band, each once, in order. Crowds are left out.

    Two texts that are `settled` with the same kept text (-1: with none) are no pair. Of all pairs, those whose left
    text is in the range `lefts`.

    >>> candidates(lambda: [np.array([5, 6, 5, 7], np.uint64), np.array([1, 2, 1, 2], np.uint64)])
    (array([0, 1], dtype=uint32), array([2, 3], dtype=uint32))
    """
    pairs = np.empty(0, np.uint64)
    pending: list[NDArray[np.uint64]] = []
    for keys in bands():
        kept = np.full(len(keys), -1) if settled is None else settled
        low, high = lefts or (0, len(keys))
        for members, starts, stops in _buckets(keys):
            small = stops - starts <= CROWD
            pending.append(graph.pairs_within(members, starts[small], stops[small], kept, low, high))
            if sum(map(len, pending)) > max(PAIRS // 4, len(pairs) // 2):
                pairs, pending = _merged([pairs, *pending]), []
    pairs = _merged([pairs, *pending])
    return (pairs >> np.uint64(32)).astype(np.uint32), pairs.astype(np.uint32)


def _merged(pairs: list[NDArray[np.uint64]]) -> NDArray[np.uint64]:
    """All these pairs, in order, each once."""
    together = np.concatenate(pairs)
    together.sort()
    return together[: hashing.deduplicate(together)]


def _buckets(keys: NDArray[np.unsignedinteger]) -> Iterator[tuple[Rows, Rows, Rows]]:
    """The texts by key, and where each bucket of two or more begins and ends; by hash range if there are many."""
    n_ranges = -(-len(keys) // KEYS)
    for i in range(n_ranges):
        rows = np.flatnonzero(keys % keys.dtype.type(n_ranges) == i) if n_ranges > 1 else np.arange(len(keys))
        own = keys[rows]
        order = np.argsort(own)
        bounds = runs(own[order])
        several = np.diff(bounds) > 1
        yield rows[order], bounds[:-1][several], bounds[1:][several]


def runs(ordered: NDArray[np.unsignedinteger]) -> Rows:
    """Where each run of equal numbers begins, and the end.

    >>> runs(np.array([4, 4, 7], np.uint64))
    array([0, 2, 3])
    """
    new = np.ones(len(ordered) + 1, np.bool_)
    new[1:-1] = ordered[1:] != ordered[:-1]
    return np.flatnonzero(new)
