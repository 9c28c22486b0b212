"""Copying stretches of a buffer, one after the other."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from corpusqa.kernels import kernel


@kernel
def gather(
    data: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64], offsets: NDArray[np.int64]
) -> NDArray[np.uint8]:
    """The stretches `data[starts[i]:ends[i]]`, each at `offsets[i]` of a new buffer of `offsets[-1]` bytes."""
    out = np.empty(offsets[-1], np.uint8)
    for i in range(len(starts)):
        out[offsets[i] : offsets[i] + ends[i] - starts[i]] = data[starts[i] : ends[i]]
    return out
