"""Crowds: what becomes of a bucket that a million texts fall into.

Texts that share a band key are compared, each with each; that is right for ten and hopeless for a million. Two things
fill such a bucket: very many near-copies of one text, and very many texts made from one template. In the first case
nearly all comparisons would say the same thing, in the second nearly all would be in vain.

So a bucket of more than `bands.CROWD` texts is a *crowd*, and its texts are only compared with those of it that are
kept. The walk goes through all texts in keeper order. A text that nothing claims so far is compared with the leaders of
its crowds: the first that is similar enough claims it, and the text that none claims is kept and becomes a leader
itself. A crowd has `LEADERS` at most, and the one that has claimed the fewest makes room for a new one. So the cost is
linear in the texts, an outlier at the head of a crowd does not lead it for long, and a template without copies is soon
done with.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from corpusqa.bands import Rows
from corpusqa.kernels import graph
from corpusqa.sets import EDGES, Sets, measured, stretches

#: Kept texts of a crowd that another is compared with. Measured on 12,000 made-up texts of which half are kept
#: (pairwise similarity just below the threshold, the hardest case): with 16, 64, 256 places 8 %, 4 %, 1 % of the kept
#: texts resemble another that is kept, and the walk takes 0.6, 1, 3 s. Near-copies of one text take one place and no
#: time.
LEADERS = 64
#: Texts that a crowd asks in vain before it asks only a few: it is a template then, and what little is alike in it
#: agrees in other bands too, which are no crowds. Measured with `tests/benches/near_duplicates.py --scale`.
PATIENCE = 4_096


@dataclass(frozen=True, slots=True)
class ByHead:
    """Edges listed by the better of their two texts: those of text `i` are `tails[starts[i]:starts[i + 1]]`."""

    starts: Rows
    tails: Rows
    edges: Rows  #: which of the edges given each one is

    @classmethod
    def of(cls, left: NDArray[np.integer], right: NDArray[np.integer], rank: Rows) -> ByHead:
        """The edges between these texts; `rank` has the place of each text in keeper order."""
        forth = rank[left] < rank[right]
        starts, edges = graph.grouped(np.where(forth, left, right).astype(np.uint32), len(rank))
        return cls(starts, np.where(forth, right, left).astype(np.int64)[edges], edges)


@dataclass(frozen=True, slots=True)
class Crowds:
    """The buckets that are too large: those of text `i` are `crowds[starts[i]:starts[i + 1]]`."""

    n_crowds: int
    starts: Rows
    crowds: NDArray[np.uint32]

    @classmethod
    def of(cls, crowds: list[NDArray[np.uint32]], n_texts: int) -> Crowds:
        """From the members of each crowd."""
        members = np.concatenate([np.empty(0, np.uint32), *crowds])
        numbers = np.repeat(np.arange(len(crowds), dtype=np.uint32), [len(crowd) for crowd in crowds])
        starts, rows = graph.grouped(members, n_texts)
        return cls(len(crowds), starts, numbers[rows])

    def __len__(self) -> int:
        return self.n_crowds

    def claims(self, edges: pl.DataFrame, rank: Rows, sets: Sets, threshold: float) -> tuple[pl.DataFrame, Rows]:
        """The edges to the kept texts that claim the others of their crowds, given the `edges` known so far.

        Also gives, for each text that was compared, the leader that claimed it, or itself where none did; -1 for
        others.
        """
        known = ByHead.of(edges["left"].to_numpy(), edges["right"].to_numpy(), rank)
        walk, settled = self._walk(known), np.full(len(rank), -1, np.int64)
        in_crowd = np.diff(self.starts) > 0
        found = [EDGES.to_frame()]
        for texts in stretches(np.argsort(rank), np.where(in_crowd, sets.n_bytes, 0)):
            compared = texts[in_crowd[texts] & (walk.keeper[texts] < 0)]
            found.append(self._step(texts, compared, walk, sets, threshold))
            settled[compared] = np.where(walk.keeper[compared] < 0, compared, walk.keeper[compared])
        return pl.concat(found), settled

    def _walk(self, known: ByHead) -> graph.Walk:
        """A walk before its first step."""
        none = np.full((3, len(self.starts) - 1), -1, np.int64)
        leaders = np.full((len(self), LEADERS), -1, np.int64)
        claims = np.zeros(len(self.starts) - 1, np.int64)
        idle = np.zeros(len(self), np.int64)
        return graph.Walk(known.starts, known.tails, self.starts, self.crowds, leaders, claims, idle, *none)

    def _step(self, texts: Rows, compared: Rows, walk: graph.Walk, sets: Sets, threshold: float) -> pl.DataFrame:
        """Walk on over these texts; gives the edges by which those that are `compared` were claimed."""
        if not len(self):
            return EDGES.to_frame()
        rows = np.concatenate([compared, self._leading(compared, walk)])
        hashes, offsets = sets.make(rows)
        walk.place[rows] = np.arange(len(rows))
        common = graph.claimed_in_crowds(texts, walk, hashes, offsets, threshold, PATIENCE)
        led = common >= 0
        text, keeper = texts[led], walk.keeper[texts[led]]
        sizes = np.diff(offsets)
        edges = measured(text, keeper, common[led], sizes[walk.place[text]], sizes[walk.place[keeper]])
        walk.place[rows] = -1
        return edges

    def _leading(self, texts: Rows, walk: graph.Walk) -> Rows:
        """The leaders so far of the crowds of these texts."""
        within = np.zeros(len(self.starts), np.bool_)
        within[texts] = True
        crowds = np.unique(self.crowds[np.repeat(within[:-1], np.diff(self.starts))])
        leaders = np.unique(walk.leaders[crowds])
        return leaders[leaders >= 0]
