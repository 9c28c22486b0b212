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
from corpusqa.kernels.lines import n_lines
from corpusqa.kernels.phrases import holds, lower

_FEED = ord("\n")


@kernel
def feeds(data: Bytes, starts: Numbers, ends: Numbers) -> tuple[Numbers, Numbers]:
    """The line feeds of each text: offsets, and the bytes at which they stand."""
    offsets = np.zeros(len(starts) + 1, np.int64)
    places = np.empty(n_lines(data, starts, ends) + 1, np.int64)
    n = 0
    for text in range(len(starts)):
        for i in range(starts[text], ends[text]):
            places[at(n)] = i
            n += data[at(i)] == _FEED
        offsets[text + 1] = n
    return offsets, places[:n]


@kernel
def between_feeds(
    offsets: Numbers, places: Numbers, starts: Numbers, ends: Numbers, least: int, more: bool
) -> tuple[Numbers, Numbers, Numbers]:
    """What lies between `least` line feeds (or so many and more) of each text: offsets, starts, ends.

    As `str.split` and `re.split` have it: an empty text has one piece, which is empty. Feeds outside a text, which may
    have been stripped, are passed over.
    """
    bounds = np.zeros(len(starts) + 1, np.int64)
    firsts, lasts = np.empty(len(places) + len(starts), np.int64), np.empty(len(places) + len(starts), np.int64)
    piece = 0
    for text in range(len(starts)):
        k, last = offsets[text], offsets[text + 1]
        while last > k and places[last - 1] >= ends[text]:
            last -= 1
        firsts[piece] = starts[text]
        while k + least <= last:
            if places[k] < starts[text] or places[k + least - 1] != places[k] + least - 1:
                k += 1
                continue
            lasts[piece] = places[k]
            k += least
            while more and k < last and places[k] == places[k - 1] + 1:
                k += 1
            piece += 1
            firsts[piece] = places[k - 1] + 1
        lasts[piece] = ends[text]
        piece += 1
        bounds[text + 1] = piece
    return bounds, firsts[:piece], lasts[:piece]


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
