"""Buckets into pairs, pairs into components, components into what is kept and what is a copy of it.

Texts are numbered from 0. The *order* is the order in which texts are kept, best first; an edge runs from the better of
its two texts, its *head*, to the worse, its *tail*. Edges are listed by head: those of text `i` are
`tails[starts[i]:starts[i + 1]]`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from corpusqa.kernels import inner, kernel
from corpusqa.kernels.sets import common, needed

FRESH = 4  #: leaders of an idle crowd that are asked although they have claimed nothing: the newest


@kernel
def grouped(groups: NDArray[np.uint32], n_groups: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The rows of each group, in order: those of group `g` are `rows[starts[g]:starts[g + 1]]`; gives starts, rows."""
    starts = np.zeros(n_groups + 2, np.int64)
    for group in groups:
        starts[group + 2] += 1
    for group in range(n_groups):
        starts[group + 2] += starts[group + 1]
    rows = np.empty(len(groups), np.int64)
    for row in range(len(groups)):
        rows[starts[groups[row] + 1]] = row
        starts[groups[row] + 1] += 1
    return starts[:-1], rows


@kernel
def count_pairs(
    members: NDArray[np.int64], starts: NDArray[np.int64], stops: NDArray[np.int64], n_pairs: NDArray[np.float64]
) -> None:
    """Add to each text how many pairs it is likely to be left in; bucket `b` is `members[starts[b]:stops[b]]`."""
    for b in range(len(starts)):
        for text in members[starts[b] : stops[b]]:
            n_pairs[text] += (stops[b] - starts[b] - 1) * (1 - text / len(n_pairs))


@kernel
def pairs_within(
    members: NDArray[np.int64],
    starts: NDArray[np.int64],
    stops: NDArray[np.int64],
    settled: NDArray[np.int64],
    low: int,
    high: int,
) -> NDArray[np.uint64]:
    """Every two members of a bucket, as `left << 32 | right`, where low <= left < high and left < right.

    Two texts that are settled with the same keeper are no pair. The buckets are walked twice, to count and to list.
    """
    out = np.empty(0, np.uint64)
    for listing in (False, True):
        n_pairs = 0
        for b in range(len(starts)):
            for i in range(starts[b], stops[b]):
                for j in range(i + 1, stops[b]):
                    left, right = min(members[i], members[j]), max(members[i], members[j])
                    if low <= left < high and (settled[left] < 0 or settled[left] != settled[right]):
                        if listing:
                            out[n_pairs] = np.uint64(left) << np.uint64(32) | np.uint64(right)
                        n_pairs += 1
        if not listing:
            out = np.empty(n_pairs, np.uint64)
    return out


@kernel
def components(n: int, left: NDArray[np.uint32], right: NDArray[np.uint32]) -> NDArray[np.int64]:
    """For each of `n` texts the smallest text that it is connected with: itself, where it is alone."""
    root = np.arange(n)
    for edge in range(len(left)):
        a, b = np.int64(left[edge]), np.int64(right[edge])
        while root[a] != a:
            root[a] = a = root[root[a]]
        while root[b] != b:
            root[b] = b = root[root[b]]
        root[max(a, b)] = min(a, b)
    for i in range(n):
        root[i] = root[root[i]]
    return root


@kernel
def cuts(
    left: NDArray[np.uint32], right: NDArray[np.uint32], n_bytes: NDArray[np.int64], limit: int
) -> NDArray[np.int64]:
    """Where to cut a list of pairs so that the texts of each stretch have at most `limit` bytes.

    Gives the bounds of the stretches, from 0 to the number of pairs. A single pair beyond the limit is a stretch.
    """
    bounds = [0]
    stretch = np.zeros(len(n_bytes), np.int64)  # the last stretch that needs the text
    size = 0
    for pair in range(len(left)):
        a, b = left[pair], right[pair]
        more = (stretch[a] != len(bounds)) * n_bytes[a] + (stretch[b] != len(bounds)) * n_bytes[b]
        if size + more > limit and pair > bounds[-1]:
            bounds.append(pair)
            size, more = 0, n_bytes[a] + n_bytes[b]
        stretch[a] = stretch[b] = len(bounds)
        size += more
    bounds.append(len(left))
    return np.array(bounds)


@kernel
def claimed(order: NDArray[np.int64], starts: NDArray[np.int64], tails: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each text the edge by which a kept text claims it, or -1 for what is kept.

    The walk is the design's: in keeper order, a text not yet claimed is kept and claims all unclaimed texts that it has
    an edge to. All heads of a text come before it, so its fate is known when it is its turn.
    """
    by = np.full(len(order), -1, np.int64)
    for text in order:
        if by[text] < 0:
            for edge in range(starts[text], starts[text + 1]):
                if by[tails[edge]] < 0:
                    by[tails[edge]] = edge
    return by


class Walk(NamedTuple):
    """What a walk through crowds knows, and carries along."""

    starts: NDArray[np.int64]  #: where the edges of each text begin among the tails
    tails: NDArray[np.int64]
    crowd_starts: NDArray[np.int64]  #: where the crowds of each text begin among these
    crowds: NDArray[np.uint32]
    leaders: NDArray[np.int64]  #: (crowds, leaders) the kept texts that lead each crowd; -1 for a free place
    claims: NDArray[np.int64]  #: how many texts each text has claimed
    idle: NDArray[np.int64]  #: how many texts each crowd has asked since one of its leaders claimed one
    keeper: NDArray[np.int64]  #: the kept text that claimed each; -1 for what is kept
    asked: NDArray[np.int64]  #: the text that each leader was last compared with
    place: NDArray[np.int64]  #: which of the sets in memory is the text's; -1 for one that is not compared


@kernel
def claimed_in_crowds(
    texts: NDArray[np.int64],
    walk: Walk,
    hashes: NDArray[np.uint64],
    offsets: NDArray[np.int64],
    threshold: float,
    patience: int,
) -> NDArray[np.int64]:
    """The walk of `claimed` over the next `texts`, those of crowds also compared with the leaders of theirs.

    Gives for each of `texts` how much it has in common with the leader that claimed it here, -1 for the others. In a
    crowd that has been idle for longer than `patience`, only the newest leaders are asked, and those that have claimed.
    """
    out = np.full(len(texts), -1, np.int64)
    for i in range(len(texts)):
        text = texts[i]
        compared = walk.keeper[text] < 0 and walk.place[text] >= 0
        if compared:
            walk.keeper[text], out[i] = _led(text, walk, hashes, offsets, threshold, patience)
        if walk.keeper[text] < 0:
            _claim_tails(text, walk)
            if compared:
                for crowd in walk.crowds[walk.crowd_starts[text] : walk.crowd_starts[text + 1]]:
                    _lead(text, walk.leaders[crowd], walk.claims)
    return out


@inner
def _led(
    text: int, walk: Walk, hashes: NDArray[np.uint64], offsets: NDArray[np.int64], threshold: float, patience: int
) -> tuple[int, int]:
    """The first leader that is as similar to the text as asked, and what they have in common; -1, -1 if none is."""
    own = hashes[offsets[walk.place[text]] : offsets[walk.place[text] + 1]]
    for crowd in walk.crowds[walk.crowd_starts[text] : walk.crowd_starts[text + 1]]:
        leaders, n_leaders = walk.leaders[crowd], 0
        while n_leaders < len(leaders) and leaders[n_leaders] >= 0:
            n_leaders += 1
        oldest = n_leaders - FRESH if walk.idle[crowd] > patience else 0
        for slot in range(n_leaders):
            leader = leaders[slot]
            if walk.asked[leader] != text and (slot >= oldest or walk.claims[leader] > 0):
                walk.asked[leader] = text
                other = hashes[offsets[walk.place[leader]] : offsets[walk.place[leader] + 1]]
                n_common = common(own, other, needed(len(own), len(other), threshold))
                if n_common >= 0:
                    walk.claims[leader] += 1
                    walk.idle[crowd] = 0
                    return leader, n_common
        walk.idle[crowd] += 1
    return -1, -1


@inner
def _claim_tails(text: int, walk: Walk) -> None:
    """A kept text claims what it has an edge to."""
    for tail in walk.tails[walk.starts[text] : walk.starts[text + 1]]:
        if walk.keeper[tail] < 0:
            walk.keeper[tail] = text
            walk.claims[text] += 1


@inner
def _lead(text: int, leaders: NDArray[np.int64], claims: NDArray[np.int64]) -> None:
    """The text becomes a leader of this crowd; if it is full, in place of the one that has claimed the fewest texts."""
    n_leaders, leaving = 0, 0
    while n_leaders < len(leaders) and leaders[n_leaders] >= 0:
        if claims[leaders[n_leaders]] < claims[leaders[leaving]]:
            leaving = n_leaders
        n_leaders += 1
    if n_leaders == len(leaders):
        for slot in range(leaving, n_leaders - 1):
            leaders[slot] = leaders[slot + 1]
        n_leaders -= 1
    leaders[n_leaders] = text
