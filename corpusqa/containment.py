"""Short texts inside longer ones: an agency report in the story built on it, an article on a page with five others.

Jaccard does not see these, and MinHash does not propose them. What proposes them is what they share and others do not:
each text of `LEAST` shingles or more asks who else has a few of its rarer shingles, and whoever has enough of them is
compared with it, exactly. Containment is told, and never acted on: that a text is part of a longer one does not make
the two one story.

What is looked at of each text are its *heads*, the shingles with the lowest hashes: the same ones in every text, so
that a short text finds its own in a long one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from corpusqa.bands import PAIRS, Pairs, Rows, runs
from corpusqa.kernels import containment as _containment
from corpusqa.kernels import graph, hashing
from corpusqa.kernels.containment import LEAST
from corpusqa.sets import EDGES, Sets, stretches, verified_in_stretches

#: Share of a text's shingles from which it counts as part of another.
CONTAINED = 0.8
#: One shingle in so many is looked at. Of a text of 30, then, 7 or 8, of which a text that has 0.8 of them has 6.
SAMPLE = 4
#: Shingles looked at in all, 8 bytes each; of a corpus with more, fewer are looked at. So many of them are sorted at a
#: time, 40 bytes each.
SAMPLED, AT_ONCE = 16 << 20, 4 << 20
#: Shingles that a text asks about, and the share of them that makes a pair worth a comparison: a text that has 0.8 of
#: all has a third of any 7 with a chance of 99.5 in 100.
ASKED, ENOUGH = 16, 1 / 3
#: A text with more heads to itself than a fifth and so many standard deviations is part of no other: it asks nobody.
SURE = 4
#: Texts that a shingle may be in to be rare. It bounds the work for each text, and is more than most stories have
#: copies.
RARE = 250
BYTES_PER_SHINGLE = 6  #: of text, about: a word and the space after it


def sample_of(n_bytes: int) -> int:
    """One shingle in how many is looked at, of so many bytes of text."""
    return max(SAMPLE, n_bytes // (BYTES_PER_SHINGLE * SAMPLED))


@dataclass(frozen=True, slots=True)
class Heads:
    """The lowest shingle hashes of each text, distinct, one text after the other."""

    hashes: NDArray[np.uint64]
    n_hashes: NDArray[np.integer]  #: how many of them each text has
    sizes: NDArray[np.integer]  #: how many shingles each text has, at most

    @classmethod
    def of(cls, sets: Sets) -> Heads:
        """Those of sets that are made for it, some at a time."""
        limit = np.uint64((2**64 - 1) // sample_of(int(sets.n_bytes.sum())))
        found, n_found, sizes = [np.empty(0, np.uint64)], [np.empty(0, np.int64)], [np.empty(0, np.int64)]
        for rows in stretches(np.arange(len(sets)), sets.n_bytes):
            hashes, offsets = sets.make(rows)
            own, n_own = _containment.heads(hashes, offsets, limit)
            found.append(own)
            n_found.append(n_own)
            sizes.append(np.diff(offsets))
        return cls(np.concatenate(found), np.concatenate(n_found), np.concatenate(sizes))

    def take(self, wanted: NDArray[np.bool_]) -> Heads:
        """Those of the texts that are wanted, and of no others."""
        if wanted.all():
            return self
        return Heads(self.hashes[np.repeat(wanted, self.n_hashes)], self.n_hashes[wanted], self.sizes[wanted])

    def without(self, out: NDArray[np.bool_]) -> Heads:
        """The same texts, of which those that are `out` have nothing to ask or to answer."""
        if not out.any():
            return self
        return Heads(self.hashes[np.repeat(~out, self.n_hashes)], np.where(out, 0, self.n_hashes), self.sizes)


def contained(heads: Heads, sets: Sets, known: pl.DataFrame | None = None, share: float = CONTAINED) -> pl.DataFrame:
    """The pairs in which one text has `share` of its shingles or more in the other: the columns of `sets.EDGES`.

    Near-copies are among them, but not the pairs that are `known`. A text of fewer than `LEAST` shingles is never the
    part, only the whole.
    """
    seen = np.empty(0, np.uint64) if known is None else np.sort(_packed(known))
    found = [EDGES.to_frame()]
    for left, right in _proposed(heads, seen):
        found.append(verified_in_stretches(left, right, sets, share, _containment.parts))
    return pl.concat(found).unique(["left", "right"]).sort("left", "right")


def _packed(pairs: pl.DataFrame) -> NDArray[np.uint64]:
    """Each pair as one number, the left text in the higher half."""
    return pairs.select(pl.col("left").cast(pl.UInt64) * 2**32 + pl.col("right")).to_series().to_numpy()


def _rare(heads: Heads) -> tuple[NDArray[np.uint32], Rows, Rows]:
    """The texts of each hash that several have, and not too many, in the order of the hashes; and where each begins.

    And of each text how many hashes nobody else has.
    """
    owners = np.repeat(np.arange(len(heads.sizes), dtype=np.uint32), heads.n_hashes)
    found, n_found = [np.empty(0, np.uint32)], [np.zeros(1, np.int64)]
    alone = np.zeros(len(heads.sizes), np.int64)
    n_ranges = max(1, -(-len(owners) // AT_ONCE))
    width = int(heads.hashes.max(initial=np.uint64(0))) // n_ranges + 1
    for i in range(n_ranges):
        own, texts = heads.hashes, owners
        if n_ranges > 1:
            here = own // np.uint64(width) == i
            own, texts = own[here], texts[here]
        order = np.argsort(own)
        n_texts = np.diff(runs(own[order]))
        rare = (n_texts > 1) & (n_texts <= RARE)
        found.append(texts[order[np.repeat(rare, n_texts)]])
        alone += np.bincount(texts[order[np.repeat(n_texts == 1, n_texts)]], minlength=len(alone))
        n_found.append(n_texts[rare])
    return np.concatenate(found), np.cumsum(np.concatenate(n_found)), alone


def _proposed(heads: Heads, seen: NDArray[np.uint64]) -> Iterator[Pairs]:
    """The pairs that share enough rare hashes, some `PAIRS` at a time, without those that were seen (in order)."""
    texts, bounds, alone = _rare(heads)
    starts, rows = graph.grouped(texts, len(heads.sizes))
    numbers = np.repeat(np.arange(len(bounds) - 1), np.diff(bounds))[rows]
    lacking = (1 - CONTAINED) * heads.n_hashes
    possible = alone <= lacking + SURE * np.sqrt(CONTAINED * lacking) + 1
    asking = np.flatnonzero((heads.sizes >= LEAST) & (np.diff(starts) > 0) & possible)
    pairs, next_ = np.empty(PAIRS + ASKED * RARE, np.uint64), 0
    while next_ < len(asking):
        n, next_ = _containment.sharing(starts, numbers, bounds, texts, asking, next_, ASKED, ENOUGH, PAIRS, pairs)
        own = np.sort(pairs[:n])
        own = own[: hashing.deduplicate(own)]
        own = own[~np.isin(own, seen, assume_unique=True)]
        yield (own >> np.uint64(32)).astype(np.uint32), own.astype(np.uint32)
