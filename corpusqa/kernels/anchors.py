"""Which literals a text has in it, and which ones it begins with: what says that an expression is worth trying on it.

Text is folded as literals are: ASCII letters are small, and at the beginning of a text, white space of any kind is a
blank.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from corpusqa.kernels import inner, kernel, number
from corpusqa.kernels.characters import ASCII, CODE, SPACE, Bytes, Offsets, Table, at, decode
from corpusqa.kernels.classes import LETTER
from corpusqa.kernels.hashing import BASIS, FACTOR, Hashes, step

SLOTS = 14  #: bits of a place in the table of beginnings, which stays in the nearest cache
_UP = np.uint64(64 - SLOTS)
#: Bytes come in 32 classes, so that three in a row have a place in a table of 32,768.
CLASS, GRAM, WINDOW = 5, (1 << 15) - 1, (1 << 20) - 1
#: Letters from here on: Thai, Han, Kana, Hangul, whose words do not end with a space, or not all.
RUN_ON = 0x0E00
DOTTED_I, SMALL_I, DOT = 0x130, 0x69, 0x307
NOTHING = np.uint64(0)

Rows = NDArray[np.uint32]
Numbers = NDArray[np.int32]


@inner
def place(key: np.uint64) -> np.uint64:
    """The place of a beginning in a table of `SLOTS` bits."""
    return (key * FACTOR) >> _UP


@inner
def folded(byte: np.uint8) -> np.uint8:
    """The byte, of a small letter when it is an ASCII letter."""
    return byte | np.uint8(0x20 if 0x41 <= byte <= 0x5A else 0)


@kernel
def beginnings(
    data: Bytes, starts: Offsets, ends: Offsets, table: Table, taken: NDArray[np.bool_], rows: Rows, found: Hashes
) -> int:
    """The beginnings of texts whose place is `taken`, each with its text; `rows` and `found` have room for 8 a text.

    A beginning is up to eight bytes as one number, the first one in the highest place.
    """
    n = number(0)
    for text in range(len(starts)):
        i, end, shift, key = starts[text], ends[text], 64, np.uint64(0)
        while i < end and shift > 0:
            byte, following = data[at(i)], i + 1
            dark = byte >= ASCII or table[at(byte)] & SPACE == 0
            if byte >= 0xC0:
                point, after = decode(data, i)
                dark = table[at(point)] & SPACE == 0
                following = following if dark else after
            shift -= 8
            key |= np.uint64(folded(byte) if dark else 0x20) << np.uint64(shift)
            if taken[place(key)]:
                rows[at(n)], found[at(n)] = text, key
                n += 1
            i = following
    return n


@kernel
def first_words(
    data: Bytes, starts: Offsets, ends: Offsets, table: Table, classes: NDArray[np.uint16], out: Hashes
) -> None:
    """The hash of the first letters in a row of every text, in small letters, and 0 where words need no spaces.

    The dot of a capital İ, which it leaves behind in lower case, does not count.
    """
    for text in range(len(starts)):
        i, end, h, inside = starts[text], ends[text], BASIS, False
        while i < end:
            point, following = number(data[at(i)]), i + 1
            if point >= ASCII:
                point, following = decode(data, i)
            if classes[at(point)] & LETTER != 0:
                if not inside and point >= RUN_ON:
                    h = NOTHING
                    break
                inside = True
                h = step(h, np.uint64(SMALL_I if point == DOTTED_I else table[at(point)] & CODE))
            elif inside and point != DOT:
                break
            i = following
        out[text] = h


@kernel
def mentioned(
    data: Bytes,
    starts: Offsets,
    ends: Offsets,
    classes: NDArray[np.uint32],
    before: NDArray[np.uint32],
    chains: Numbers,
    literals: Numbers,
    spelled: Bytes,
    groups: Hashes,
    out: Hashes,
) -> None:
    """The groups of literals, a bit for each, that every text has one of.

    Three bytes of a literal are looked up by their classes: `before` has a bit for each class that a byte before them
    may have, and `chains` the first literal that has them. A row of `literals` has where in `spelled` one begins and
    ends, how many bytes it goes on for behind the three, and the next literal with the same three; -1 is none.
    """
    for text in range(len(starts)):
        start, end = starts[text], ends[text]
        window, have = np.uint32(0), np.uint64(0)
        for i in range(start, end):
            window = (window << np.uint32(CLASS)) & np.uint32(WINDOW) | classes[at(data[at(i)])]
            if (before[at(window & np.uint32(GRAM))] >> (window >> np.uint32(15))) & np.uint32(1):
                k = chains[at(window & np.uint32(GRAM))]
                while k >= 0:
                    last = i + literals[k, 2]
                    if last < end and spelled_out(data, start, last, spelled, literals[k, 0], literals[k, 1]):
                        have |= groups[k]
                    k = literals[k, 3]
        out[text] = have


@inner
def spelled_out(data: Bytes, start: int, last: int, spelled: Bytes, first: int, stop: int) -> bool:
    """Whether the text that begins at `start` has the literal so that it ends with byte `last`."""
    i = last - (stop - 1 - first)
    if i < start:
        return False
    for j in range(first, stop):
        if folded(data[at(i)]) != spelled[at(j)]:
            return False
        i += 1
    return True
