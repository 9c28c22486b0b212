"""Texts split as other programs split them: at single line feeds, at pairs of them, at runs of either.

Where corpusqa and the papers mean a line, programs call `split`, and get empty pieces and white space with it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from corpusqa.kernels import inner, kernel
from corpusqa.kernels.c4 import line_break
from corpusqa.kernels.characters import Bytes, at
from corpusqa.kernels.counts import Classes, Numbers, stripped
from corpusqa.kernels.phrases import holds, lower

_FEED = ord("\n")


@kernel
def between_feeds(
    data: Bytes, starts: Numbers, ends: Numbers, feeds: int, more: bool, most: int
) -> tuple[Numbers, Numbers, Numbers]:
    """What lies between so many line feeds (or so many and more): offsets, starts, ends, of `most` pieces in all.

    As `str.split` and `re.split` have it: an empty text has one piece, which is empty.
    """
    offsets = np.zeros(len(starts) + 1, np.int64)
    firsts, lasts = np.empty(most, np.int64), np.empty(most, np.int64)
    piece = 0
    for text in range(len(starts)):
        i, end = starts[text], ends[text]
        firsts[piece] = i
        while i < end:
            if data[at(i)] != _FEED or (feeds == 2 and (i + 1 == end or data[i + 1] != _FEED)):
                i += 1
                continue
            lasts[piece] = i
            i += feeds
            while more and i < end and data[i] == _FEED:
                i += 1
            piece += 1
            firsts[piece] = i
        lasts[piece] = end
        piece += 1
        offsets[text + 1] = piece
    return offsets, firsts[:piece], lasts[:piece]


@kernel
def split_lines(data: Bytes, starts: Numbers, ends: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """The lines of each text as `str.splitlines` has them, empty ones included: offsets, starts, ends."""
    offsets = np.zeros(len(starts) + 1, np.int64)
    for told in range(2):  # first how many, then where
        line = 0
        firsts, lasts = np.empty(offsets[-1] * told, np.int64), np.empty(offsets[-1] * told, np.int64)
        for text in range(len(starts)):
            start = i = starts[text]
            while i < ends[text]:
                width = 0
                if data[at(i)] < 0x1F or data[at(i)] >= 0xC2:  # what any line break begins with
                    width = line_break(data, i, ends[text])
                if width or i + 1 == ends[text]:
                    if told:
                        firsts[line], lasts[line] = start, i if width else i + 1
                    line += 1
                    start = i + width
                i += max(width, 1)
            offsets[text + 1] = line
    return offsets, firsts, lasts


@kernel
def strip_all(data: Bytes, starts: Numbers, ends: Numbers, classes: Classes) -> tuple[Numbers, Numbers]:
    """Where the stretches begin and end without the white space at their ends."""
    firsts, lasts = np.empty(len(starts), np.int64), np.empty(len(starts), np.int64)
    for i in range(len(starts)):
        firsts[i], lasts[i] = stripped(data, starts[i], ends[i], classes)
    return firsts, lasts


@kernel
def end_with(data: Bytes, starts: Numbers, ends: Numbers, letters: Bytes, bounds: Numbers) -> NDArray[np.bool_]:
    """Whether each stretch ends with one of the phrases (`phrases`), whatever their case."""
    found = np.zeros(len(starts), np.bool_)
    for i in range(len(starts)):
        for k in range(len(bounds) - 1):
            found[i] |= _ends_with(data, starts[i], ends[i], letters, bounds[k], bounds[k + 1])
    return found


@inner
def _ends_with(data: Bytes, start: int, end: int, letters: Bytes, first: int, last: int) -> bool:
    k = 0
    while k < last - first and k < end - start and lower(data[end - 1 - k]) == letters[last - 1 - k]:
        k += 1
    return k == last - first


@kernel
def holding(
    data: Bytes, starts: Numbers, ends: Numbers, letters: Bytes, bounds: Numbers, rarest: Numbers, heads: Bytes
) -> Numbers:
    """The phrases that each stretch holds, a bit each (`corpusqa.kernels.phrases`)."""
    found = np.zeros(len(starts), np.int64)
    for i in range(len(starts)):
        found[i] = holds(data, starts[i], ends[i], letters, bounds, rarest, heads)
    return found
