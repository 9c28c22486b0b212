"""Counting over texts: characters by class, words, lines, and which of several are said again.

Texts are stretches of one UTF-8 buffer, valid at both ends (`corpusqa.texts`). `classes` is the table of
`corpusqa.kernels.classes`. What is told of each word or line comes in order, text after text, with the offsets at which
each text's own begin.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from corpusqa.kernels import kernel
from corpusqa.kernels.classes import LETTER, SHARES, SPACE

Bytes = NDArray[np.uint8]
Numbers = NDArray[np.int64]
Keys = NDArray[np.uint64]
Classes = NDArray[np.uint16]

_ELLIPSIS = 0x2026
_LINE_FEED, _DOT, _HASH = 0x0A, 0x2E, 0x23


@kernel
def code_point(data: Bytes, at: int) -> tuple[int | np.int64, int]:
    """The character that begins at this byte, and how many bytes it has."""
    lead = np.int64(data[at])
    if lead < 0x80:
        return lead, 1
    if lead < 0xE0:
        return (lead & 0x1F) << 6 | (data[at + 1] & 0x3F), 2
    if lead < 0xF0:
        return (lead & 0x0F) << 12 | (np.int64(data[at + 1]) & 0x3F) << 6 | (data[at + 2] & 0x3F), 3
    high = (lead & 0x07) << 18 | (np.int64(data[at + 1]) & 0x3F) << 12
    return high | (np.int64(data[at + 2]) & 0x3F) << 6 | (data[at + 3] & 0x3F), 4


@kernel
def before(data: Bytes, at: int) -> int:
    """Where the character begins that ends before this byte."""
    at -= 1
    while data[at] & 0xC0 == 0x80:
        at -= 1
    return at


@kernel
def characters(data: Bytes, starts: Numbers, ends: Numbers, classes: Classes) -> Numbers:
    """Of each text its characters, and how many have each of the classes that are counted: (n, 1 + SHARES)."""
    counts = np.zeros((len(starts), 1 + SHARES), np.int64)
    seen = np.zeros(1 << SHARES, np.int64)
    for i in range(len(starts)):
        seen[:] = 0
        at = starts[i]
        while at < ends[i]:
            code, width = code_point(data, at)
            seen[classes[code] & ((1 << SHARES) - 1)] += 1
            at += width
        for kind in range(1 << SHARES):
            if seen[kind]:
                counts[i, 0] += seen[kind]
                for bit in range(SHARES):
                    counts[i, 1 + bit] += seen[kind] * (kind >> bit & 1)
    return counts


@kernel
def n_chars(data: Bytes, starts: Numbers, ends: Numbers) -> Numbers:
    """The characters of each text: the bytes that begin one."""
    counts = np.zeros(len(starts), np.int64)
    for i in range(len(starts)):
        for at in range(starts[i], ends[i]):
            counts[i] += data[at] & 0xC0 != 0x80
    return counts


@kernel
def occurrences(data: Bytes, starts: Numbers, ends: Numbers) -> Numbers:
    """Of each text the line feeds, the hash signs, and the ellipses (`…` and, as `str.count` has it, `...`): (n, 3)."""
    counts = np.zeros((len(starts), 3), np.int64)
    for i in range(len(starts)):
        dots = 0
        for at in range(starts[i], ends[i]):
            byte = data[at]
            counts[i, 0] += byte == _LINE_FEED
            counts[i, 1] += byte == _HASH
            dots = dots + 1 if byte == _DOT else 0
            if dots == 3 or (byte == 0xA6 and data[at - 1] == 0x80 and data[at - 2] == 0xE2):
                counts[i, 2] += 1
                dots = 0
    return counts


@kernel
def n_words(data: Bytes, starts: Numbers, ends: Numbers, classes: Classes) -> Numbers:
    """The words of each text, as `str.split` finds them."""
    counts = np.zeros(len(starts), np.int64)
    for i in range(len(starts)):
        at, blank = starts[i], True
        while at < ends[i]:
            code, width = code_point(data, at)
            space = classes[code] & SPACE != 0
            counts[i] += blank and not space
            blank = space
            at += width
    return counts


@kernel
def words(
    data: Bytes, starts: Numbers, ends: Numbers, classes: Classes, total: int
) -> tuple[Keys, Numbers, NDArray[np.bool_]]:
    """Of each word (`total` of them, see `n_words`): a hash, its characters, and whether it has a letter."""
    hashes, lengths, alpha = np.empty(total, np.uint64), np.empty(total, np.int64), np.empty(total, np.bool_)
    word = 0
    for i in range(len(starts)):
        at, length, kinds, key = starts[i], 0, 0, np.uint64(1)
        while at <= ends[i]:
            code, width = code_point(data, at) if at < ends[i] else (0x20, 1)
            at += width
            kind = classes[code]
            if kind & SPACE == 0:
                length, kinds = length + 1, kinds | kind
                key = (key ^ np.uint64(code)) * np.uint64(0x9E3779B97F4A7C15)
            elif length:
                hashes[word], lengths[word], alpha[word] = key ^ key >> np.uint64(32), length, kinds & LETTER != 0
                word, length, kinds, key = word + 1, 0, 0, np.uint64(1)
    return hashes, lengths, alpha


@kernel
def lines(
    data: Bytes, starts: Numbers, ends: Numbers, classes: Classes, most: int
) -> tuple[Numbers, Numbers, Numbers, Numbers, Numbers]:
    """The lines that are not blank, of `most` lines in all: offsets, where each starts and ends, the same stripped."""
    offsets = np.zeros(len(starts) + 1, np.int64)
    whole_starts, whole_ends = np.empty(most, np.int64), np.empty(most, np.int64)
    inner_starts, inner_ends = np.empty(most, np.int64), np.empty(most, np.int64)
    line = 0
    for i in range(len(starts)):
        start = starts[i]
        while start <= ends[i]:
            end = start
            while end < ends[i] and data[end] != _LINE_FEED:
                end += 1
            whole_starts[line], whole_ends[line] = start, end
            inner_starts[line], inner_ends[line] = _stripped(data, start, end, classes)
            line += inner_starts[line] < inner_ends[line]
            start = end + 1
        offsets[i + 1] = line
    return offsets, whole_starts[:line], whole_ends[:line], inner_starts[:line], inner_ends[:line]


@kernel
def _stripped(data: Bytes, start: int, end: int, classes: Classes) -> tuple[int, int]:
    """The stretch without the white space at its ends, as `str.strip` leaves it."""
    while start < end:
        code, width = code_point(data, start)
        if classes[code] & SPACE == 0:
            break
        start += width
    while end > start:
        last = before(data, end)
        if classes[code_point(data, last)[0]] & SPACE == 0:
            break
        end = last
    return start, end


@kernel
def edges(data: Bytes, starts: Numbers, ends: Numbers) -> tuple[Numbers, Numbers, NDArray[np.bool_]]:
    """The first and the last character of each text that has any, and whether it ends with `…` or `...`."""
    first, last = np.zeros(len(starts), np.int64), np.zeros(len(starts), np.int64)
    ellipsis = np.zeros(len(starts), np.bool_)
    for i in range(len(starts)):
        start, end = starts[i], ends[i]
        if start < end:
            first[i], last[i] = code_point(data, start)[0], code_point(data, before(data, end))[0]
            dots = end - start >= 3 and data[end - 1] == _DOT and data[end - 2] == _DOT and data[end - 3] == _DOT
            ellipsis[i] = dots or last[i] == _ELLIPSIS
    return first, last, ellipsis


@kernel
def hashes(data: Bytes, starts: Numbers, ends: Numbers) -> Keys:
    """One number for the bytes of each text, eight at a time."""
    keys = np.empty(len(starts), np.uint64)
    for i in range(len(starts)):
        at, end = starts[i], ends[i]
        key = np.uint64(end - at)
        while at < end:
            piece = np.uint64(0)
            for k in range(min(8, end - at)):
                piece |= np.uint64(data[at + k]) << np.uint64(8 * k)
            key = (key ^ piece) * np.uint64(0x9E3779B97F4A7C15)
            key ^= key >> np.uint64(32)
            at += 8
        keys[i] = key
    return keys


@kernel
def again(keys: Keys, offsets: Numbers) -> NDArray[np.bool_]:
    """Whether a key has come before in its own text. An open table, cleared for each text to the size that it needs."""
    found = np.zeros(len(keys), np.bool_)
    size = 16
    for i in range(len(offsets) - 1):
        while size < 2 * (offsets[i + 1] - offsets[i]):
            size *= 2
    places = np.empty(size, np.int64)
    for i in range(len(offsets) - 1):
        size = 16
        while size < 2 * (offsets[i + 1] - offsets[i]):
            size *= 2
        places[:size] = -1
        for item in range(offsets[i], offsets[i + 1]):
            place = np.int64(keys[item] & np.uint64(size - 1))
            while places[place] >= 0 and keys[places[place]] != keys[item]:
                place = (place + 1) & (size - 1)
            found[item] = places[place] >= 0
            if not found[item]:
                places[place] = item
    return found
