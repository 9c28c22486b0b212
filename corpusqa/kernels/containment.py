"""Which texts share the shingles that few have."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from corpusqa.kernels import kernel


@kernel
def heads(
    hashes: NDArray[np.uint64], offsets: NDArray[np.int64], limit: np.uint64
) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """The hashes up to `limit` of each set, one set after the other, and how many each has."""
    sizes = np.empty(len(offsets) - 1, np.int64)
    for i in range(len(sizes)):
        sizes[i] = np.searchsorted(hashes[offsets[i] : offsets[i + 1]], limit, side="right")
    out = np.empty(sizes.sum(), np.uint64)
    at = 0
    for i in range(len(sizes)):
        out[at : at + sizes[i]] = hashes[offsets[i] : offsets[i] + sizes[i]]
        at += sizes[i]
    return out, sizes


@kernel
def sharing(
    starts: NDArray[np.int64],
    hashes: NDArray[np.int64],
    bounds: NDArray[np.int64],
    texts: NDArray[np.uint32],
    asking: NDArray[np.bool_],
    most: int,
    share: float,
) -> NDArray[np.uint64]:
    """The pairs of an asking text and another that has at least this share of the first `most` hashes of the one.

    Hashes are numbered: text `i` has `hashes[starts[i]:starts[i + 1]]`, and hash `h` is had by
    `texts[bounds[h]:bounds[h + 1]]`. A pair is `left << 32 | right` with left < right, and is there twice if both ask.
    """
    count = np.zeros(len(starts) - 1, np.int64)
    met = np.empty(len(starts) - 1, np.int64)
    out = [np.uint64(0) for _ in range(0)]
    for text in np.flatnonzero(asking):
        asked = hashes[starts[text] : min(starts[text] + most, starts[text + 1])]
        n_met = 0
        for number in asked:
            for other in texts[bounds[number] : bounds[number + 1]]:
                if count[other] == 0:
                    met[n_met] = other
                    n_met += 1
                count[other] += 1
        for other in met[:n_met]:
            if other != text and count[other] >= share * len(asked):
                out.append(np.uint64(min(text, other)) << np.uint64(32) | np.uint64(max(text, other)))
            count[other] = 0
    return np.array(out, np.uint64)
