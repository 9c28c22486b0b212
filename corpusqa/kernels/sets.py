"""Sets of shingles: what two have in common, and the pairs that are worth asking about.

A set is a stretch of sorted, distinct 64-bit hashes: set `i` is `hashes[offsets[i]:offsets[i + 1]]`. Sorted sets are
compared by walking both at once, and a walk ends as soon as the similarity that is asked for is out of reach.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from corpusqa.kernels import inner, kernel


@kernel
def needed(size: int, other: int, threshold: float) -> int:
    """The least number of common elements with which sets of these sizes have a Jaccard of `threshold` or more.

    Exact at the boundary: it is the quotient itself that is held against the threshold, as in the table that is shown.
    """
    total = size + other
    common = int(threshold / (1.0 + threshold) * total)
    while common > 0 and (common - 1) / (total - common + 1) >= threshold:
        common -= 1
    while common < total and common / (total - common) < threshold:
        common += 1
    return common


@inner
def common(a: NDArray[np.uint64], b: NDArray[np.uint64], least: int) -> int:
    """How many elements are in both sets, or -1 once there can no longer be `least` of them."""
    i, j, n = 0, 0, 0
    spare_a, spare_b = len(a) - least, len(b) - least  # elements that each may have to itself
    while i < len(a) and j < len(b):
        x, y = a[i], b[j]
        n += x == y
        i += x <= y
        j += y <= x
        if i - n > spare_a or j - n > spare_b:
            return -1
    return n if n >= least else -1


@kernel
def intersections(
    hashes: NDArray[np.uint64],
    offsets: NDArray[np.int64],
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    threshold: float,
) -> NDArray[np.int64]:
    """For each pair the number of elements in both sets, or -1 where their Jaccard is below `threshold`."""
    out = np.full(len(left), -1, np.int64)
    for pair in range(len(left)):
        a = hashes[offsets[left[pair]] : offsets[left[pair] + 1]]
        b = hashes[offsets[right[pair]] : offsets[right[pair] + 1]]
        if len(a) and len(b):
            out[pair] = common(a, b, needed(len(a), len(b), threshold))
    return out


@kernel
def taken(
    hashes: NDArray[np.uint64], offsets: NDArray[np.int64], rows: NDArray[np.int64]
) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """The sets of these rows, one after the other, and their offsets."""
    ends = np.zeros(len(rows) + 1, np.int64)
    for i in range(len(rows)):
        ends[i + 1] = ends[i] + offsets[rows[i] + 1] - offsets[rows[i]]
    out = np.empty(ends[-1], np.uint64)
    for i in range(len(rows)):
        for k in range(ends[i + 1] - ends[i]):
            out[ends[i] + k] = hashes[offsets[rows[i]] + k]
    return out, ends
