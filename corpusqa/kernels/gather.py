"""Copying stretches of a buffer, one after the other."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from corpusqa.kernels import inner, kernel


@kernel
def gather(
    data: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64], offsets: NDArray[np.int64]
) -> NDArray[np.uint8]:
    """The stretches `data[starts[i]:ends[i]]`, each at `offsets[i]` of a new buffer of `offsets[-1]` bytes."""
    out = np.empty(offsets[-1], np.uint8)
    for i in range(len(starts)):
        _copy(data, starts[i], ends[i], out, offsets[i])
    return out


@kernel
def join(
    data: NDArray[np.uint8],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    groups: NDArray[np.int64],
    separator: int,
    offsets: NDArray[np.int64],
) -> NDArray[np.uint8]:
    """Text g, at `offsets[g]` of a new buffer: the stretches i with `groups[i] == g`, in order, a separator between.

    `groups` ascends; `offsets` leaves room for the separators (see `Texts.joined`).
    """
    out = np.empty(offsets[-1], np.uint8)
    at = 0
    for i in range(len(starts)):
        if i > 0 and groups[i] == groups[i - 1]:
            out[at] = separator
            at += 1
        at = _copy(data, starts[i], ends[i], out, at)
    return out


@inner
def _copy(data: NDArray[np.uint8], start: int, end: int, out: NDArray[np.uint8], place: int) -> int:
    """Copy a stretch to a place, and say where it ends. numba takes seconds to compile an assignment of slices."""
    for i in range(end - start):
        out[place + i] = data[start + i]
    return place + end - start
