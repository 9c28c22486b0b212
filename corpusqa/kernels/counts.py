"""Counting over texts: characters by class, words, lines, and which of several are said again.

Texts are stretches of one UTF-8 buffer, valid at both ends (`corpusqa.texts`). `classes` is the table of
`corpusqa.kernels.classes`. What is told of each word or line comes in order, text after text, with the offsets at which
each text's own begin.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from corpusqa.kernels import inner, kernel, number
from corpusqa.kernels.characters import ASCII, Bytes, at, decode
from corpusqa.kernels.classes import DECIMAL, LETTER, SHARES, SPACE
from corpusqa.kernels.hashing import BASIS, Hashes, finish, spell, step

Numbers = NDArray[np.int64]
Classes = NDArray[np.uint16]

ELLIPSIS = ord("…")
_LINE_FEED, _DOT, _HASH = ord("\n"), ord("."), ord("#")
_DOTS_BYTES = 0xE2, 0x80, 0xA6  #: … in UTF-8


@inner
def code_point(data: Bytes, i: int) -> tuple[int, int]:
    """The character that begins at byte `i`, and where the next one does."""
    if data[at(i)] < ASCII:
        return number(data[at(i)]), i + 1
    return decode(data, i)


@inner
def before(data: Bytes, i: int) -> int:
    """Where the character begins that ends before byte `i`."""
    i -= 1
    while data[i] & 0xC0 == 0x80:
        i -= 1
    return i


@kernel
def characters(data: Bytes, starts: Numbers, ends: Numbers, classes: Classes) -> Numbers:
    """Of each text its characters, and how many have each of the classes that are counted: (n, 1 + SHARES)."""
    counts = np.zeros((len(starts), 1 + SHARES), np.int64)
    seen = np.zeros(1 << SHARES, np.int64)
    for text in range(len(starts)):
        for kind in range(1 << SHARES):
            seen[kind] = 0
        i, end = starts[text], ends[text]
        while i < end:
            code, i = code_point(data, i)
            seen[at(classes[at(code)] & ((1 << SHARES) - 1))] += 1
        for kind in range(1 << SHARES):
            if seen[kind]:
                counts[text, 0] += seen[kind]
                for bit in range(SHARES):
                    counts[text, 1 + bit] += seen[kind] * (kind >> bit & 1)
    return counts


@kernel
def n_chars(data: Bytes, starts: Numbers, ends: Numbers) -> Numbers:
    """The characters of each text: the bytes that begin one."""
    counts = np.zeros(len(starts), np.int64)
    for text in range(len(starts)):
        n = 0
        for i in range(starts[text], ends[text]):
            n += data[at(i)] & 0xC0 != 0x80
        counts[text] = n
    return counts


@kernel
def occurrences(data: Bytes, starts: Numbers, ends: Numbers) -> Numbers:
    """Of each text the line feeds, the hash signs, and the ellipses (`…` and, as `str.count` has it, `...`): (n, 3)."""
    counts = np.zeros((len(starts), 3), np.int64)
    first, second, third = _DOTS_BYTES
    for text in range(len(starts)):
        dots = 0
        for i in range(starts[text], ends[text]):
            byte = data[i]
            counts[text, 0] += byte == _LINE_FEED
            counts[text, 1] += byte == _HASH
            dots = dots + 1 if byte == _DOT else 0
            if dots == 3 or (byte == third and data[i - 1] == second and data[i - 2] == first):
                counts[text, 2] += 1
                dots = 0
    return counts


@kernel
def n_words(data: Bytes, starts: Numbers, ends: Numbers, classes: Classes) -> Numbers:
    """The words of each text, as `str.split` finds them."""
    counts = np.zeros(len(starts), np.int64)
    for text in range(len(starts)):
        i, end, n, blank = starts[text], ends[text], 0, True
        while i < end:
            code, i = code_point(data, i)
            space = classes[at(code)] & SPACE != 0
            n += blank and not space
            blank = space
        counts[text] = n
    return counts


@kernel
def words(
    data: Bytes, starts: Numbers, ends: Numbers, classes: Classes, total: int
) -> tuple[Hashes, NDArray[np.int32], Classes]:
    """Of each word (`total` of them, see `n_words`): a hash, its characters, and the classes that any of them has.

    The hash is `finish` of what the word spells (`spell`), so that those of words run together can be made of it.
    """
    hashes, lengths, held = np.empty(total, np.uint64), np.empty(total, np.int32), np.empty(total, np.uint16)
    word = 0
    for text in range(len(starts)):
        i, end = starts[text], ends[text]
        while i < end:
            key, length, kinds = np.uint64(0), 0, 0
            while i < end:
                code, i = code_point(data, i)
                kind = classes[at(code)]
                if kind & SPACE:
                    break
                key, length, kinds = spell(key, code), length + 1, kinds | kind
            if length:
                hashes[word], lengths[word], held[word] = finish(key), length, kinds
                word += 1
    return hashes, lengths, held


@kernel
def word_counts(hashes: Hashes, lengths: NDArray[np.int32], held: Classes, offsets: Numbers, stops: Hashes) -> Numbers:
    """Of each text the characters of its words, those with a letter or a digit, and how many of `stops`: (n, 4)."""
    counts = np.zeros((len(offsets) - 1, 4), np.int64)
    maybe = np.uint64(0)  # the low six bits of each stop, as a set
    for stop in stops:
        maybe |= np.uint64(1) << (stop & np.uint64(63))
    for text in range(len(offsets) - 1):
        seen = 0
        for word in range(offsets[text], offsets[text + 1]):
            counts[text, 0] += lengths[word]
            counts[text, 1] += held[word] & LETTER != 0
            counts[text, 2] += held[word] & DECIMAL != 0
            if maybe >> (hashes[word] & np.uint64(63)) & np.uint64(1):
                for k in range(len(stops)):
                    seen |= (stops[k] == hashes[word]) << k
        for k in range(len(stops)):
            counts[text, 3] += seen >> k & 1
    return counts


@kernel
def lines(
    data: Bytes, starts: Numbers, ends: Numbers, classes: Classes, most: int
) -> tuple[Numbers, Numbers, Numbers, Numbers, Numbers]:
    """The lines that are not blank, of `most` lines in all: offsets, where each starts and ends, the same stripped."""
    offsets = np.zeros(len(starts) + 1, np.int64)
    whole_starts, whole_ends = np.empty(most, np.int64), np.empty(most, np.int64)
    inner_starts, inner_ends = np.empty(most, np.int64), np.empty(most, np.int64)
    line = 0
    for text in range(len(starts)):
        start = starts[text]
        while start <= ends[text]:
            end = start
            while end < ends[text] and data[at(end)] != _LINE_FEED:
                end += 1
            whole_starts[line], whole_ends[line] = start, end
            inner_starts[line], inner_ends[line] = stripped(data, start, end, classes)
            line += inner_starts[line] < inner_ends[line]
            start = end + 1
        offsets[text + 1] = line
    return offsets, whole_starts[:line], whole_ends[:line], inner_starts[:line], inner_ends[:line]


@inner
def stripped(data: Bytes, start: int, end: int, classes: Classes) -> tuple[int, int]:
    """The stretch without the white space at its ends, as `str.strip` leaves it."""
    while start < end:
        code, following = code_point(data, start)
        if classes[code] & SPACE == 0:
            break
        start = following
    while end > start:
        last = before(data, end)
        if classes[code_point(data, last)[0]] & SPACE == 0:
            break
        end = last
    return start, end


@kernel
def edges(data: Bytes, starts: Numbers, ends: Numbers) -> tuple[Numbers, Numbers, NDArray[np.bool_]]:
    """The first and the last character of each text, none of which is empty, and whether it ends with `…` or `...`."""
    first, last = np.empty(len(starts), np.int64), np.empty(len(starts), np.int64)
    ellipsis = np.empty(len(starts), np.bool_)
    for text in range(len(starts)):
        start, end = starts[text], ends[text]
        first[text], last[text] = code_point(data, start)[0], code_point(data, before(data, end))[0]
        dots = end - start >= 3 and data[end - 1] == _DOT and data[end - 2] == _DOT and data[end - 3] == _DOT
        ellipsis[text] = dots or last[text] == ELLIPSIS
    return first, last, ellipsis


@kernel
def hashes(data: Bytes, starts: Numbers, ends: Numbers) -> Hashes:
    """One number for the bytes of each text, taken eight at a time."""
    keys = np.empty(len(starts), np.uint64)
    for text in range(len(starts)):
        i, end = starts[text], ends[text]
        key = step(BASIS, np.uint64(end - i))
        while i < end:
            piece = np.uint64(0)
            if i + 8 <= end:
                for k in range(8):
                    piece |= np.uint64(data[at(i + k)]) << np.uint64(8 * k)
            else:
                for k in range(end - i):
                    piece |= np.uint64(data[at(i + k)]) << np.uint64(8 * k)
            key = finish(step(key, piece))
            i += 8
        keys[text] = key
    return keys


@kernel
def capacity(n: int) -> int:
    """The power of two that holds `n` keys at most half full."""
    size = 16
    while size < 2 * n:
        size *= 2
    return size


ONCE, FIRST, LATER = range(3)  #: whether a key is there once; or more often, and this is its first or a later copy


@kernel
def again(keys: Hashes, offsets: Numbers) -> NDArray[np.uint8]:
    """Which copy of each key it is, in its own text. An open table, cleared for each text to the size that it needs."""
    found = np.zeros(len(keys), np.uint8)
    most = 0
    for text in range(len(offsets) - 1):
        most = max(most, offsets[text + 1] - offsets[text])
    places = np.empty(capacity(most), np.int64)
    for text in range(len(offsets) - 1):
        size = capacity(offsets[text + 1] - offsets[text])
        for free in range(size):
            places[free] = -1
        for item in range(offsets[text], offsets[text + 1]):
            place = np.int64(keys[item] & np.uint64(size - 1))
            while places[place] >= 0 and keys[places[place]] != keys[item]:
                place = (place + 1) & (size - 1)
            if places[place] >= 0:
                found[item], found[places[place]] = LATER, FIRST
            else:
                places[place] = item
    return found
