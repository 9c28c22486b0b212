"""Text to tokens: the one state machine that says where a token begins and ends.

It turns a text into the hash of each of its tokens, and into its normalised form, as code points: the tokens joined by
one blank. The form of `Read more!` is `read more`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from corpusqa.kernels import inner, kernel, number
from corpusqa.kernels.characters import ASCII, CODE, LONE, MARK, SPACE, UNSETTLED, Bytes, Offsets, Table, at, decode
from corpusqa.kernels.hashing import BASIS, ZERO, Hashes, finish, sequence, step

Codes = NDArray[np.uint64]  #: code points; as wide as hashes, so that what takes either is compiled once

OUTSIDE, IN_RUN, IN_LONE = 0, 1, 2  #: where the tokeniser is: between tokens, in one, in one that no letter joins
BLANK = 0x20
PLAIN = 0xCC  #: bytes below begin no character from U+0300 on, and so none that NFC may change


@kernel
def unsettled(data: Bytes, starts: Offsets, ends: Offsets, table: Table, found: NDArray[np.bool_]) -> None:
    """Tell of each text whether it holds a character that NFC may change: few do, but all that are not in NFC."""
    for text in range(len(starts)):
        for block in range(starts[text], ends[text], 64):
            stop = min(block + 64, ends[text])
            highest = 0
            for i in range(block, stop):
                highest = max(highest, data[i])
            if highest >= PLAIN and _unsettled_block(data, block, stop, table):
                found[text] = True
                break


@inner
def _unsettled_block(data: Bytes, i: int, stop: int, table: Table) -> bool:
    while i < stop:
        if data[i] < PLAIN:
            i += 1
        else:
            point, i = decode(data, i)
            if table[point] & UNSETTLED != 0:
                return True
    return False


@inner
def tokenise(data: Bytes, start: int, end: int, table: Table, codes: Codes, hashes: Hashes) -> tuple[int, int]:
    """The normalised form of one text into `codes`, the hashes of its tokens into `hashes`; how many of each.

    A text has at most as many codes as bytes and half as many tokens, rounded up; one place more of each is written to.
    Who wants no codes gives room for one.
    """
    keep = number(len(codes) > 1)
    n_codes, n_tokens = ZERO, ZERO
    state, h = OUTSIDE, BASIS
    i = start
    while i < end:
        if data[at(i)] < ASCII and state != IN_LONE:
            i, inside, h, n_codes, n_tokens = _ascii(
                data, i, end, table, codes, hashes, keep, state == IN_RUN, h, n_codes, n_tokens
            )
            state = IN_RUN if inside else OUTSIDE
            continue
        if data[at(i)] < ASCII:
            entry = table[data[at(i)]]
            i += 1
        else:
            point, i = decode(data, i)
            entry = table[at(point)]
        code, mark, lone = entry & CODE, entry & MARK != 0, entry & LONE != 0
        joins = code != 0 and state != OUTSIDE and (mark or (state == IN_RUN and not lone))
        if state != OUTSIDE and not joins:
            hashes[at(n_tokens)], codes[at(n_codes)] = finish(h), BLANK
            n_tokens, n_codes = n_tokens + 1, n_codes + keep
            state, h = OUTSIDE, BASIS
        if joins or (code != 0 and not mark):
            codes[at(n_codes)] = code
            n_codes += keep
            h = step(h, np.uint64(code))
            if not joins:
                state = IN_LONE if lone else IN_RUN
    if state != OUTSIDE:
        hashes[at(n_tokens)], codes[at(n_codes)] = finish(h), BLANK
        n_tokens, n_codes = n_tokens + 1, n_codes + keep
    return max(n_codes - 1, 0), n_tokens


@inner
def _ascii(
    data: Bytes,
    i: int,
    end: int,
    table: Table,
    codes: Codes,
    hashes: Hashes,
    keep: int,
    inside: bool,
    h: np.uint64,
    n_codes: int,
    n_tokens: int,
) -> tuple[int, bool, np.uint64, int, int]:
    """The same from byte `i` to the next that is not ASCII, or the end, without a branch on what the bytes are.

    Where words end cannot be foreseen, and a processor that guesses wrong loses the time of five characters. So the
    end of a token is written after every character, and counted where it is one.
    """
    while i < end and data[at(i)] < ASCII:
        code = table[data[at(i)]] & CODE
        word = code != 0
        hashes[at(n_tokens)] = finish(h)
        codes[at(n_codes)] = code if word else BLANK
        n_tokens += inside and not word
        n_codes += keep * (inside or word)
        h = step(h, np.uint64(code)) if word else BASIS
        inside = word
        i += 1
    return i, inside, h, n_codes, n_tokens


@inner
def longest(starts: Offsets, ends: Offsets) -> int:
    """The bytes of the longest text: what the scratch space of a loop over texts must hold."""
    n = 0
    for text in range(len(starts)):
        n = max(n, ends[text] - starts[text])
    return n


@kernel
def token_hashes(data: Bytes, starts: Offsets, ends: Offsets, table: Table, hashes: Hashes, offsets: Offsets) -> None:
    """The hash of each token of each text, in order, and the (n + 1) offsets at which the texts begin."""
    codes = np.empty(1, np.uint64)
    found = np.empty(longest(starts, ends) // 2 + 2, np.uint64)
    offsets[0] = 0
    for text in range(len(starts)):
        _, n = tokenise(data, starts[text], ends[text], table, codes, found)
        for i in range(n):
            hashes[offsets[text] + i] = found[i]
        offsets[text + 1] = offsets[text] + n


@kernel
def keys(data: Bytes, starts: Offsets, ends: Offsets, table: Table, keys: Hashes, n_tokens: NDArray[np.uint32]) -> None:
    """The hash of each text's tokens, or of its stripped characters where it has none; and the number of tokens."""
    scratch = longest(starts, ends)
    codes, none = np.empty(scratch + 1, np.uint64), np.empty(1, np.uint64)
    hashes = np.empty(scratch // 2 + 2, np.uint64)
    for text in range(len(starts)):
        _, n = tokenise(data, starts[text], ends[text], table, none, hashes)
        n_tokens[text] = n
        keys[text] = key(data, starts[text], ends[text], table, hashes, n, codes)


@inner
def key(data: Bytes, start: int, end: int, table: Table, hashes: Hashes, n: int, codes: Codes) -> np.uint64:
    """The hash of a text's `n` tokens, or of its stripped characters, for which `codes` has room."""
    if n > 0:
        return sequence(hashes, ZERO, n)
    return sequence(codes, ZERO, _stripped(data, start, end, table, codes))


@inner
def _stripped(data: Bytes, i: int, end: int, table: Table, codes: Codes) -> int:
    """The characters from the first to the last that is no white space, into `codes`; returns how many."""
    n = last = 0
    while i < end:
        point = number(data[i])
        if point < ASCII:
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
def normalised(data: Bytes, starts: Offsets, ends: Offsets, table: Table, out: Bytes, offsets: Offsets) -> None:
    """The tokens of each text as UTF-8, a blank between them, and the (n + 1) offsets at which the texts begin.

    Twice the bytes is room enough: folding and blanks together lengthen no text by more than half.
    """
    scratch = longest(starts, ends)
    codes = np.empty(scratch + 1, np.uint64)
    hashes = np.empty(scratch // 2 + 2, np.uint64)
    offsets[0] = 0
    for text in range(len(starts)):
        n, _ = tokenise(data, starts[text], ends[text], table, codes, hashes)
        place = offsets[text]
        for i in range(n):
            place = _encode(number(codes[i]), out, place)
        offsets[text + 1] = place


@inner
def _encode(code: int, out: Bytes, place: int) -> int:
    """The character as UTF-8 from `place` on; returns where it ends."""
    if code < ASCII:
        out[place] = code
        return place + 1
    n = 2 if code < 0x800 else 3 if code < 0x10000 else 4
    for i in range(n - 1, 0, -1):
        out[place + i] = 0x80 | (code & 0x3F)
        code >>= 6
    out[place] = (0xF00 >> n) & 0xFF | code
    return place + n
