"""Which texts share the shingles that few have, and which are part of another."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from corpusqa.kernels import inner, kernel, number
from corpusqa.kernels.sets import common

#: Shingles that a text has at least to be part of another: fewer are in it by chance, as a quotation or a prompt is.
LEAST = 30


@kernel
def heads(
    hashes: NDArray[np.uint64], offsets: NDArray[np.int64], limit: np.uint64
) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """The hashes up to `limit` of each set, one set after the other, and how many each has."""
    sizes = np.zeros(len(offsets) - 1, np.int64)
    n = 0
    for i in range(len(sizes)):
        while offsets[i] + sizes[i] < offsets[i + 1] and hashes[offsets[i] + sizes[i]] <= limit:
            sizes[i] += 1
        n += sizes[i]
    out = np.empty(n, np.uint64)
    n = 0
    for i in range(len(sizes)):
        for k in range(sizes[i]):
            out[n + k] = hashes[offsets[i] + k]
        n += sizes[i]
    return out, sizes


@kernel
def sharing(
    starts: NDArray[np.int64],
    hashes: NDArray[np.int64],
    bounds: NDArray[np.int64],
    texts: NDArray[np.uint32],
    asking: NDArray[np.int64],
    first: int,
    most: int,
    share: float,
    room: int,
    out: NDArray[np.uint64],
) -> tuple[int, int]:
    """The pairs of an asking text and another that has at least this share of the first `most` hashes of the one.

    Hashes are numbered: text `i` has `hashes[starts[i]:starts[i + 1]]`, and hash `h` is had by
    `texts[bounds[h]:bounds[h + 1]]`. A pair is `left << 32 | right` with left < right, and is there twice if both ask.
    Texts ask in order, from the one at `first` on, until there are `room` pairs; returns how many there are, and where
    to go on. One text may go beyond the room.
    """
    count = np.zeros(len(starts) - 1, np.int64)
    met = np.empty(len(starts) - 1, np.int64)
    n = 0
    while first < len(asking) and n < room:
        text = asking[first]
        stop = min(starts[text] + most, starts[text + 1])
        n_met = 0
        for one in hashes[starts[text] : stop]:
            for other in texts[bounds[one] : bounds[one + 1]]:
                if count[other] == 0:
                    met[n_met] = other
                    n_met += 1
                count[other] += 1
        for other in met[:n_met]:
            if other != text and count[other] >= share * (stop - starts[text]):
                out[n] = np.uint64(min(text, other)) << np.uint64(32) | np.uint64(max(text, other))
                n += 1
            count[other] = 0
        first += 1
    return n, first


@kernel
def parts(
    hashes: NDArray[np.uint64],
    offsets: NDArray[np.int64],
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    share: float,
) -> NDArray[np.int64]:
    """For each pair the elements in both sets, or -1 where neither has this share of its own, `LEAST` or more, there.

    Set `i` is `hashes[offsets[i]:offsets[i + 1]]`. It is the smaller one that may be the part, unless it is too small.
    """
    out = np.empty(len(left), np.int64)
    for pair in range(len(left)):
        a = hashes[offsets[left[pair]] : offsets[left[pair] + 1]]
        b = hashes[offsets[right[pair]] : offsets[right[pair] + 1]]
        small, large = min(len(a), len(b)), max(len(a), len(b))
        size = small if small >= LEAST else large
        out[pair] = common(a, b, _share_of(size, share)) if size >= LEAST else -1
    return out


@inner
def _share_of(size: int, share: float) -> int:
    """The least number of elements that are this share of so many: the quotient itself is held against it."""
    n = number(share * size)
    while n > 0 and (n - 1) / size >= share:
        n -= 1
    while n < size and n / size < share:
        n += 1
    return n
