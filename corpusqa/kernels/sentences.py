"""Where sentences end, by the marks alone: no language model, no list of abbreviations."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from corpusqa.kernels import kernel
from corpusqa.kernels.classes import CLOSING, DIGIT, LETTER, LOWER, SPACE, TERMINAL, WIDE
from corpusqa.kernels.counts import code_point

_DOT, _ELLIPSIS = 0x2E, 0x2026


@kernel
def n_sentences(
    data: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64], classes: NDArray[np.uint16]
) -> NDArray[np.int64]:
    """The sentences of each text; the end of the text ends one too. Only what has a letter or a digit is a sentence."""
    counts = np.zeros(len(starts), np.int64)
    for i in range(len(starts)):
        at, letters, begun = starts[i], 0, False
        while at < ends[i]:
            code, width = code_point(data, at)
            kind = classes[code]
            at += width
            if begun and (kind & TERMINAL or code == _ELLIPSIS):
                initial = code == _DOT and letters == 1
                ended, at = _after_mark(data, at, ends[i], classes, kind & WIDE != 0)
                if ended and not (initial and at < ends[i]):
                    counts[i], begun = counts[i] + 1, False
            begun = begun or kind & (LETTER | DIGIT) != 0
            letters = letters + 1 if kind & LETTER else 0
        counts[i] += begun
    return counts


@kernel
def _after_mark(
    data: NDArray[np.uint8], at: int, end: int, classes: NDArray[np.uint16], wide: bool
) -> tuple[bool, int]:
    """Whether a sentence ends with the mark before this byte, and where the marks and closing quotes after it end.

    White space must follow, unless the mark is a wide one, and after it no small letter.
    """
    while at < end:
        code, width = code_point(data, at)
        if classes[code] & (TERMINAL | CLOSING) == 0 and code != _ELLIPSIS:
            break
        wide = wide or classes[code] & WIDE != 0
        at += width
    if at == end or wide:
        return True, at
    following, kind = at, SPACE
    while following < end and kind & SPACE:
        code, width = code_point(data, following)
        kind = classes[code]
        following += width
    if kind & SPACE:
        return True, end
    return following > at + width and kind & LOWER == 0, at
