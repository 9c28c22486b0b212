"""What the paragraphs of one document share: equal ones, and counts of common word 3-grams.

One walk over the tokens of a document. A table from 3-gram to the first paragraphs that have it (at most
`OWNERS`) tells each paragraph which earlier ones it overlaps and by how much, so the work grows with the tokens,
whatever repeats. The tables are as large as the longest document and are not cleared from one to the next: an entry
counts only when it is stamped with the document at hand.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from corpusqa.kernels import inner, kernel
from corpusqa.kernels.hashing import ZERO, deduplicate, spread
from corpusqa.kernels.sets import common

#: Earlier paragraphs remembered for a 3-gram. One would hide a source behind the pull quote set before it; more than a
#: few matter only where one thing is said dozens of times, and cost time there.
OWNERS = 6
GRAM = 3
#: Comparisons of tokens to align two paragraphs, at most: a thousand tokens with a thousand, a millisecond.
CELLS = 1_000_000


@inner
def _key(hashes: NDArray[np.uint64], start: int, stop: int) -> np.uint64:
    """One number for these tokens in this order."""
    key = np.uint64(0x243F6A8885A308D3)
    for i in range(start, stop):
        key = (key ^ hashes[i]) * np.uint64(0xFF51AFD7ED558CCD)
        key ^= key >> np.uint64(32)
    return key


@inner
def _place(keys: NDArray[np.uint64], stamps: NDArray[np.uint32], stamp: int, mask: int, key: np.uint64) -> np.int64:
    """Where this key stands in an open table, or the free place where it belongs."""
    place = np.int64(key >> np.uint64(20)) & mask
    while stamps[place] == stamp and keys[place] != key:
        place = (place + 1) & mask
    return place


@inner
def _capacity(n: int) -> int:
    """The power of two that holds `n` keys at most half full."""
    size = 16
    while size < 2 * n:
        size *= 2
    return size


@kernel
def copies(hashes: NDArray[np.uint64], offsets: NDArray[np.int64], bounds: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each paragraph the first of its document with the same tokens: itself, unless it is a copy.

    Document `d` has the paragraphs `bounds[d]` to `bounds[d + 1]`; paragraph `i` has the tokens `offsets[i]` to
    `offsets[i + 1]`.
    """
    first = np.arange(len(offsets) - 1)
    widest = 0
    for d in range(len(bounds) - 1):
        widest = max(widest, bounds[d + 1] - bounds[d])
    size = _capacity(widest)
    keys, stamps, owners = np.empty(size, np.uint64), np.zeros(size, np.uint32), np.empty(size, np.int64)
    for d in range(len(bounds) - 1):
        mask = _capacity(bounds[d + 1] - bounds[d]) - 1
        for i in range(bounds[d], bounds[d + 1]):
            key = _key(hashes, offsets[i], offsets[i + 1])
            place = _place(keys, stamps, d + 1, mask, key)
            if stamps[place] != d + 1:
                stamps[place], keys[place], owners[place] = d + 1, key, i
            first[i] = owners[place]
    return first


@kernel
def pasted(
    first: NDArray[np.int64],
    n_tokens: NDArray[np.int64],
    bounds: NDArray[np.int64],
    anchor: NDArray[np.bool_],
    least: int,
) -> NDArray[np.bool_]:
    """The copies that are part of a pasted block: the anchors, and what lies next to them as next to their source.

    `first` is what `copies` gave, an anchor a copy that stands for itself. Beside an anchor a copy needs `least`
    tokens, between two it needs one.
    """
    after, before = np.full(len(first), -1, np.int64), np.full(len(first), -1, np.int64)
    accepted = anchor.copy()
    for d in range(len(bounds) - 1):
        for i in range(bounds[d], bounds[d + 1]):
            if anchor[i]:
                after[i] = first[i]
            elif i > bounds[d] and after[i - 1] >= 0 and after[i - 1] + 1 < i and first[after[i - 1] + 1] == first[i]:
                after[i] = after[i - 1] + 1
        for i in range(bounds[d + 1] - 1, bounds[d] - 1, -1):
            if anchor[i]:
                before[i] = first[i]
            elif i + 1 < bounds[d + 1] and before[i + 1] > bounds[d] and first[before[i + 1] - 1] == first[i]:
                before[i] = before[i + 1] - 1
            sides = int(after[i] >= 0) + int(before[i] >= 0)
            if first[i] != i and ((sides == 2 and n_tokens[i] > 0) or (sides == 1 and n_tokens[i] >= least)):
                accepted[i] = True
    return accepted


@kernel
def overlaps(
    hashes: NDArray[np.uint64],
    offsets: NDArray[np.int64],
    bounds: NDArray[np.int64],
    takes_part: NDArray[np.bool_],
    floor: float,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Pairs of paragraphs of a document whose common 3-grams are at least `floor` of those of the shorter one.

    Returns `later`, `earlier` and `shared` (distinct 3-grams) of each pair, and for each paragraph the number of its
    distinct 3-grams. Only paragraphs that take part are looked at.
    """
    widest = 0
    for d in range(len(bounds) - 1):
        widest = max(widest, offsets[bounds[d + 1]] - offsets[bounds[d]])
    size = _capacity(widest)
    keys, stamps = np.empty(size, np.uint64), np.zeros(size, np.uint32)
    owners, filled, latest = np.empty((size, OWNERS), np.int64), np.empty(size, np.int64), np.empty(size, np.int64)
    n_grams, counts = np.zeros(len(takes_part), np.int64), np.zeros(len(takes_part), np.int64)
    touched = np.empty(len(takes_part), np.int64)
    later, earlier, shared = np.empty(1024, np.int64), np.empty(1024, np.int64), np.empty(1024, np.int64)
    n_pairs = 0
    for d in range(len(bounds) - 1):
        mask = _capacity(offsets[bounds[d + 1]] - offsets[bounds[d]]) - 1
        for i in range(bounds[d], bounds[d + 1]):
            if not takes_part[i]:
                continue
            n_touched = 0
            for start in range(offsets[i], offsets[i + 1] - GRAM + 1):
                key = _key(hashes, start, start + GRAM)
                place = _place(keys, stamps, d + 1, mask, key)
                if stamps[place] != d + 1:
                    stamps[place], keys[place], filled[place] = d + 1, key, 0
                elif latest[place] == i:
                    continue
                latest[place] = i
                n_grams[i] += 1
                for k in range(filled[place]):
                    owner = owners[place, k]
                    if counts[owner] == 0:
                        touched[n_touched] = owner
                        n_touched += 1
                    counts[owner] += 1
                if filled[place] < OWNERS:
                    owners[place, filled[place]] = i
                    filled[place] += 1
            for k in range(n_touched):
                owner = touched[k]
                if counts[owner] >= floor * min(n_grams[i], n_grams[owner]):
                    if n_pairs == len(later):
                        later, earlier, shared = _doubled(later), _doubled(earlier), _doubled(shared)
                    later[n_pairs], earlier[n_pairs], shared[n_pairs] = i, owner, counts[owner]
                    n_pairs += 1
                counts[owner] = 0
    return later[:n_pairs], earlier[:n_pairs], shared[:n_pairs], n_grams


@inner
def _doubled(array: NDArray[np.int64]) -> NDArray[np.int64]:
    """The same with room for as much again. numba takes seconds to compile numpy's `concatenate`."""
    out = np.empty(2 * len(array), np.int64)
    for i in range(len(array)):
        out[i] = array[i]
    return out


@kernel
def alignments(
    hashes: NDArray[np.uint64],
    offsets: NDArray[np.int64],
    lengths: NDArray[np.int64],
    left: NDArray[np.int64],
    right: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For each pair of texts the tokens that they share in the same order, and the most of them that stand in a row.

    Of text `i` the first `lengths[i]` tokens from `offsets[i]` on are looked at. Where that takes more than `CELLS`
    comparisons, the tokens that texts of about one length share in any order, and none in a row; else none at all.
    """
    shared, run = np.zeros(len(left), np.int64), np.zeros(len(left), np.int64)
    widest = 0
    for i in range(len(lengths)):
        widest = max(widest, lengths[i])
    table = np.empty((4, min(widest, CELLS) + 1), np.int64)
    for pair in range(len(left)):
        ours = hashes[offsets[left[pair]] : offsets[left[pair]] + lengths[left[pair]]]
        theirs = hashes[offsets[right[pair]] : offsets[right[pair]] + lengths[right[pair]]]
        if len(ours) * len(theirs) <= CELLS:
            shared[pair], run[pair] = _aligned(ours, theirs, table)
        elif 2 * min(len(ours), len(theirs)) >= max(len(ours), len(theirs)):
            shared[pair] = _in_any_order(ours, theirs)
    return shared, run


@inner
def _aligned(ours: NDArray[np.uint64], theirs: NDArray[np.uint64], table: NDArray[np.int64]) -> tuple[int, int]:
    """The longest common subsequence and the longest common run, in tokens; `table` is room to work in."""
    for row in range(4):
        for j in range(len(theirs) + 1):
            table[row, j] = 0
    longest = 0
    for i in range(len(ours)):
        above, below = i % 2, (i + 1) % 2
        for j in range(len(theirs)):
            if ours[i] == theirs[j]:
                table[below, j + 1] = table[above, j] + 1
                table[2 + below, j + 1] = table[2 + above, j] + 1
                longest = max(longest, table[2 + below, j + 1])
            else:
                table[below, j + 1] = max(table[above, j + 1], table[below, j])
                table[2 + below, j + 1] = 0
    return table[len(ours) % 2, len(theirs)], longest


@inner
def _in_any_order(ours: NDArray[np.uint64], theirs: NDArray[np.uint64]) -> int:
    """The tokens that both have, each as often as both have it."""
    ours, theirs = _ordered(ours), _ordered(theirs)
    n, i, j = 0, 0, 0
    while i < len(ours) and j < len(theirs):
        if ours[i] == theirs[j]:
            n += 1
        step_ours, step_theirs = ours[i] <= theirs[j], theirs[j] <= ours[i]
        i += step_ours
        j += step_theirs
    return n


@kernel
def common_grams(
    hashes: NDArray[np.uint64],
    offsets: NDArray[np.int64],
    lengths: NDArray[np.int64],
    short: NDArray[np.int64],
    long: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For each pair of texts the distinct 3-grams of the short one, and how many of them the long one has.

    Of text `i` the first `lengths[i]` tokens from `offsets[i]` on are looked at. Pairs with the same long text are best
    given one after the other: its 3-grams are made once.
    """
    shared, n_grams = np.zeros(len(short), np.int64), np.zeros(len(short), np.int64)
    theirs = np.empty(0, np.uint64)
    for pair in range(len(short)):
        if pair == 0 or long[pair] != long[pair - 1]:
            theirs = _grams(hashes, offsets[long[pair]], lengths[long[pair]])
        ours = _grams(hashes, offsets[short[pair]], lengths[short[pair]])
        shared[pair], n_grams[pair] = common(ours, theirs, ZERO), len(ours)
    return shared, n_grams


@inner
def _grams(hashes: NDArray[np.uint64], start: int, n_tokens: int) -> NDArray[np.uint64]:
    """The distinct 3-grams of these tokens, ascending."""
    keys = np.empty(max(n_tokens - GRAM + 1, 0), np.uint64)
    for i in range(len(keys)):
        keys[i] = _key(hashes, start + i, start + i + GRAM)
    ordered = _ordered(keys)
    return ordered[: deduplicate(ordered)]


@inner
def _ordered(hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The same, ascending. numba takes a second to compile numpy's `sort`."""
    out = np.empty(len(hashes), np.uint64)
    spread(hashes, ZERO, len(hashes), np.empty(len(hashes) // 2 + 4, np.int32), out, ZERO)
    return out
