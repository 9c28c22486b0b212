"""Text to tokens: the one state machine that says where a token begins and ends.

Each text is turned into its normalised form, as code points: a space before each token and one at the end, so that
the form of `Read more!` is ` read more ` and that of a text without tokens is nothing; and into the hash of each token.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from corpusqa.kernels import kernel
from corpusqa.kernels.characters import CODE, LONE, MARK, SPACE, UNSETTLED, decode
from corpusqa.kernels.hashing import BASIS, sequence, step

OUTSIDE, IN_RUN, IN_LONE = 0, 1, 2
BLANK = 32  #: the space between tokens


@kernel
def unsettled(
    data: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64], table: NDArray[np.uint32]
) -> NDArray[np.bool_]:
    """Which texts hold a character that NFC may change: few, but all that are not in NFC."""
    found = np.zeros(len(starts), np.bool_)
    for text in range(len(starts)):
        i, end = starts[text], ends[text]
        while i < end and not found[text]:
            if data[i] < 0xCC:  # nothing below U+0300 changes
                i += 1
            else:
                code, i = decode(data, i)
                found[text] = table[code] & UNSETTLED != 0
    return found


@kernel
def tokenise(
    data: NDArray[np.uint8],
    start: int,
    end: int,
    table: NDArray[np.uint32],
    codes: NDArray[np.uint32],
    hashes: NDArray[np.uint64],
) -> tuple[int, int]:
    """The normalised form of one text into `codes`, the hash of each token into `hashes`; how many of each.

    There are at most two more codes than bytes, and half as many tokens as bytes, rounded up.
    """
    n_codes = n_tokens = 0
    state = OUTSIDE
    h = BASIS
    i = start
    while i < end:
        if data[i] < 0x80:
            entry = table[data[i]]
            i += 1
        else:
            point, i = decode(data, i)
            entry = table[point]
        code = entry & CODE
        joins = state == IN_RUN if entry & LONE == 0 else False
        if entry & MARK != 0:
            joins = state != OUTSIDE
        if code == 0 or not joins:
            if state != OUTSIDE:
                hashes[n_tokens] = h
                n_tokens += 1
            state = OUTSIDE
            if code == 0 or entry & MARK != 0:
                continue
            codes[n_codes] = BLANK
            n_codes += 1
            h = BASIS
            state = IN_RUN if entry & LONE == 0 else IN_LONE
        codes[n_codes] = code
        n_codes += 1
        h = step(h, np.uint64(code))
    if state != OUTSIDE:
        hashes[n_tokens] = h
        n_tokens += 1
    if n_tokens > 0:
        codes[n_codes] = BLANK
        n_codes += 1
    return n_codes, n_tokens


@kernel
def longest(starts: NDArray[np.int64], ends: NDArray[np.int64]) -> int:
    """The bytes of the longest text: what the scratch space of a loop over texts must hold."""
    n = 0
    for text in range(len(starts)):
        n = max(n, ends[text] - starts[text])
    return n


@kernel
def token_hashes(
    data: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64], table: NDArray[np.uint32]
) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """The hash of each token of each text, in order, and the (n + 1) offsets at which the texts begin."""
    room = 0
    for text in range(len(starts)):
        room += (ends[text] - starts[text] + 1) // 2
    hashes = np.empty(room, np.uint64)
    offsets = np.zeros(len(starts) + 1, np.int64)
    codes = np.empty(longest(starts, ends) + 2, np.uint32)
    for text in range(len(starts)):
        _, n = tokenise(data, starts[text], ends[text], table, codes, hashes[offsets[text] :])
        offsets[text + 1] = offsets[text] + n
    return hashes[: offsets[-1]], offsets


@kernel
def keys(
    data: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64], table: NDArray[np.uint32]
) -> tuple[NDArray[np.uint64], NDArray[np.uint32]]:
    """The hash of each text's tokens, or of its stripped characters where it has none; and the number of tokens."""
    out = np.empty(len(starts), np.uint64)
    n_tokens = np.empty(len(starts), np.uint32)
    scratch = longest(starts, ends) + 2
    codes = np.empty(scratch, np.uint32)
    hashes = np.empty(scratch, np.uint64)
    for text in range(len(starts)):
        _, n = tokenise(data, starts[text], ends[text], table, codes, hashes)
        if n == 0:
            n_codes = stripped(data, starts[text], ends[text], table, codes)
            out[text] = sequence(codes[:n_codes])
        else:
            out[text] = sequence(hashes[:n])
        n_tokens[text] = n
    return out, n_tokens


@kernel
def stripped(
    data: NDArray[np.uint8], start: int, end: int, table: NDArray[np.uint32], codes: NDArray[np.uint32]
) -> int:
    """The characters between the first and the last that is no white space, into `codes`; returns how many."""
    n = last = 0
    i = start
    while i < end:
        point = int(data[i])
        if point < 0x80:
            i += 1
        else:
            point, i = decode(data, i)
        space = table[point] & SPACE != 0
        if n > 0 or not space:
            codes[n] = point
            n += 1
        if not space:
            last = n
    return last


@kernel
def normalised(
    data: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64], table: NDArray[np.uint32]
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """The tokens of each text as UTF-8, a space between them, and the (n + 1) offsets at which the texts begin."""
    room = 0
    for text in range(len(starts)):
        room += 2 * (ends[text] - starts[text])  # folding and spaces together lengthen no text by more than half
    out = np.empty(room, np.uint8)
    offsets = np.zeros(len(starts) + 1, np.int64)
    scratch = longest(starts, ends) + 2
    codes = np.empty(scratch, np.uint32)
    hashes = np.empty(scratch, np.uint64)
    for text in range(len(starts)):
        n, _ = tokenise(data, starts[text], ends[text], table, codes, hashes)
        offsets[text + 1] = encode(codes[1 : max(n - 1, 1)], out, offsets[text])
    return out[: offsets[-1]], offsets


@kernel
def encode(codes: NDArray[np.uint32], out: NDArray[np.uint8], place: int) -> int:
    """The code points as UTF-8 from `place` on; returns where they end."""
    for code in codes:
        if code < 0x80:
            out[place] = code
            place += 1
        elif code < 0x800:
            out[place], out[place + 1] = 0xC0 | code >> 6, 0x80 | code & 0x3F
            place += 2
        elif code < 0x10000:
            out[place], out[place + 1] = 0xE0 | code >> 12, 0x80 | code >> 6 & 0x3F
            out[place + 2] = 0x80 | code & 0x3F
            place += 3
        else:
            out[place], out[place + 1] = 0xF0 | code >> 18, 0x80 | code >> 12 & 0x3F
            out[place + 2], out[place + 3] = 0x80 | code >> 6 & 0x3F, 0x80 | code & 0x3F
            place += 4
    return place
