"""The first and the last tokens of a paragraph, as hashes: what paragraphs made from one template have in common.

These are not the tokens that texts are compared by. Here punctuation counts, each mark by itself, since `Related: …` is
a frame and `related …` is prose; and a number is only a number, since it is what changes in `3 min read`. Dashes are
one mark, as are quotes, and so is a row of the same mark.

Each token has a shape besides, one of sixteen, so that sixteen shapes are one number: what follows a frame says whether
it is a label or the beginning of a sentence. Long paragraphs are read at their ends only.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from corpusqa.kernels import inner, kernel, number, truth
from corpusqa.kernels.characters import ASCII, CODE, LONE, MARK, SPACE, Bytes, Offsets, Table, at, decode
from corpusqa.kernels.classes import DIGIT, TERMINAL, UPPER
from corpusqa.kernels.hashing import BASIS, FACTOR, Hashes, finish, step

Classes = NDArray[np.uint16]
Spans = NDArray[np.int64]  #: of each token where it begins, where it ends, and its shape
Counts = NDArray[np.uint8]

LENGTHS = (2, 3, 4, 5, 6, 8)  #: tokens of a frame
LONGEST = 8
MOST = 40  #: tokens of a paragraph that are counted; all longer ones are as one
MOST_CHARACTERS = 240  #: a longer paragraph is one of those; 25 tokens of German with its marks are some 160
TAIL_BYTES = 160  #: room for the last tokens: 8 words of 19 letters, or of 9 in Cyrillic

#: The shapes of tokens: words by their first letter, then marks.
WORD, NAME, NUMBER, LETTER, GLYPH, COMMA, COLON, END, QUOTE, BAR, OTHER = range(1, 12)

ENDED, QUOTED, DOUBLED = 1, 2, 4  #: flags of a paragraph
N_MARKS, N_NAMES, N_CASED, N_ENDS, FLAGS = range(5)  #: the rows of its counts

_ZERO, _QUOTE, _APOSTROPHE, _DASH = 0x30, 0x22, 0x27, 0x2D
BASIS_TAIL = np.uint64(int(BASIS) ^ int(FACTOR))  #: so that no tail is taken for a head
_BASIS_PAIR = np.uint64(int(BASIS_TAIL) ^ 0xFFFF)
_BASIS_WHOLE = np.uint64(int(BASIS_TAIL) ^ 0xFF)
NONE = np.uint64(0)  #: for no frame; a plain 0 beside a hash makes numba think of floats
#: Numbers of numpy's own, because numba compiles a function anew for each that is written out in a call of it.
_TAIL_ROOM, _TRUE, _FORWARDS, _BACKWARDS = number(TAIL_BYTES + 1), truth(True), truth(False), truth(True)
_ABBREVIATION = 3  #: letters of a word up to which a full stop may be part of it


@kernel
def frames(
    data: Bytes,
    starts: Offsets,
    ends: Offsets,
    table: Table,
    classes: Classes,
    hashes: Hashes,
    shapes: Hashes,
    counts: Counts,
) -> None:
    """Of each text its frames, (14, n): heads and tails of each length, both ends, the whole; 0 where there is none.

    `shapes`, (2, n), are those of the first and of the last tokens, the outermost in the lowest four bits. `counts`,
    (5, n), are the tokens (`MOST` + 1: more), the words with a capital, those with letters, the sentences that end
    within, and the flags.
    """
    found = np.empty(TAIL_BYTES + 2, np.uint64)
    spans = np.empty((TAIL_BYTES + 2, 3), np.int64)
    for text in range(len(starts)):
        start, end = starts[at(text)], ends[at(text)]
        long = _long(data, start, end)
        n = tokens(data, start, end, table, classes, LONGEST + 1 if long else MOST + 1, found, spans)
        whole = not long and n <= MOST
        _heads(found, n, hashes, text)
        shapes[0, at(text)] = _shapes(spans, n, _FORWARDS)
        _count(found, spans, n, counts, text)
        if not whole:
            n = tokens(data, _tail(data, start, end), end, table, classes, _TAIL_ROOM, found, spans)
            counts[N_MARKS, at(text)] = MOST + 1
        _tails(found, n, hashes, text)
        shapes[1, at(text)] = _shapes(spans, n, _BACKWARDS)
        _both(found, spans, n if whole else 0, hashes, text)
        counts[FLAGS, at(text)] = _flags(spans, n) | (DOUBLED * (whole and _doubled(found, n)))


@inner
def _long(data: Bytes, start: int, end: int) -> bool:
    if end - start <= MOST_CHARACTERS or end - start > 4 * MOST_CHARACTERS:
        return end - start > MOST_CHARACTERS
    n = 0
    for i in range(start, end):
        n += data[at(i)] & 0xC0 != 0x80
    return n > MOST_CHARACTERS


@kernel
def tokens(
    data: Bytes, i: int, end: int, table: Table, classes: Classes, room: int, found: Hashes, spans: Spans
) -> int:
    """The hashes of the first `room` tokens from byte `i` on, and their spans; returns how many."""
    n, h, last, length = 0, BASIS, 0, 0
    shape = 0  # of the word that is being read, 0 outside any
    spaced = _TRUE
    while i < end:
        begin, point = i, number(data[at(i)])
        if point < ASCII:
            i += 1
        else:
            point, i = decode(data, i)
        entry = table[at(point)]
        code, mark, lone = number(entry & CODE), entry & MARK != 0, entry & LONE != 0
        if shape != 0 and (code == 0 or (not mark and (lone or shape == GLYPH))):
            found[at(n)], spans[at(n), 1] = finish(h), begin
            spans[at(n), 2] = LETTER if length == 1 and shape != NUMBER and shape != GLYPH else shape
            n, shape, last = n + 1, 0, 0
            if n == room:
                return n
        if code != 0:
            kind = classes[at(point)]
            if shape == 0:
                h, length, spans[at(n), 0] = BASIS, 0, begin
                shape = GLYPH if lone else NUMBER if kind & DIGIT != 0 else NAME if kind & UPPER != 0 else WORD
            if kind & DIGIT != 0:
                code = _ZERO
            if code != _ZERO or last != _ZERO:
                h = step(h, np.uint64(code))
            last, length, spaced = code, length + (not mark), False
            if shape <= NAME:
                i, h, length = _letters(data, i, end, table, h, length)
        elif entry & SPACE != 0:
            last, spaced = 0, True
        else:
            sort = _sort(point)
            if sort == last:
                spans[at(n - 1), 1] = i
            else:
                found[at(n)], spans[at(n), 0], spans[at(n), 1] = finish(step(BASIS, np.uint64(sort))), begin, i
                spans[at(n), 2] = _mark(sort, classes[at(point)], spaced)
                n, last = n + 1, sort
                if n == room:
                    return n
            spaced = False
    if shape != 0:
        found[at(n)], spans[at(n), 1] = finish(h), end
        spans[at(n), 2] = LETTER if length == 1 and shape != NUMBER and shape != GLYPH else shape
        n += 1
    return n


@inner
def _letters(data: Bytes, i: int, end: int, table: Table, h: np.uint64, length: int) -> tuple[int, np.uint64, int]:
    """Over the plain letters that a word goes on with, which most words are made of."""
    while i < end:
        point = data[at(i)]
        code = table[at(point)] & CODE
        if point >= ASCII or code == 0 or point < 0x40:
            break
        h = step(h, np.uint64(code))
        i, length = i + 1, length + 1
    return i, h, length


@inner
def _sort(point: int) -> int:
    """The mark that stands for all of its sort: quotes, apostrophes, dashes."""
    if point < ASCII:
        return point
    if point == 0xAB or point == 0xBB or 0x201C <= point <= 0x201F:
        return _QUOTE
    if 0x2018 <= point <= 0x201B:
        return _APOSTROPHE
    return _DASH if 0x2010 <= point <= 0x2015 else point


@inner
def _mark(sort: int, kind: int, spaced: bool) -> int:
    """The shape of a mark. What sets things apart when it stands free (`-`, `/`) joins them when it does not."""
    if kind & TERMINAL != 0 or sort == 0x2026:
        return END
    if sort == _QUOTE:
        return QUOTE
    if sort == 0x2C or sort == 0x3B or sort == 0x3001 or sort == 0xFF0C or sort == 0x60C:
        return COMMA
    if sort == 0x3A or sort == 0xFF1A:
        return COLON
    if sort == _DASH or sort == 0x2F:
        return BAR if spaced else OTHER
    if sort == _APOSTROPHE or 0x23 <= sort <= 0x26 or sort == 0x40:
        return OTHER
    return BAR


@inner
def _tail(data: Bytes, start: int, end: int) -> int:
    """Where to begin reading for the last tokens: after the ninth blank from the end, or `TAIL_BYTES` before it."""
    i, least, blanks = end, max(start, end - TAIL_BYTES), 0
    while i > least:
        i -= 1
        blanks += data[at(i)] == 0x20
        if blanks > LONGEST:
            return i
    while data[at(i)] & 0xC0 == 0x80:
        i += 1
    return i


@inner
def _heads(found: Hashes, n: int, hashes: Hashes, text: int) -> None:
    h = BASIS
    for k in range(1, LONGEST + 1):
        if k <= n:
            h = step(h, found[at(k - 1)])
        if k != 1 and k != 7:
            hashes[at(min(k - 2, 5)), at(text)] = finish(h) if k <= n else NONE


@inner
def _tails(found: Hashes, n: int, hashes: Hashes, text: int) -> None:
    h = BASIS_TAIL
    for k in range(1, LONGEST + 1):
        if k <= n:
            h = step(h, found[at(n - k)])
        if k != 1 and k != 7:
            hashes[at(6 + min(k - 2, 5)), at(text)] = finish(h) if k <= n else NONE


@inner
def _both(found: Hashes, spans: Spans, n: int, hashes: Hashes, text: int) -> None:
    """The first two tokens with the last (two, where it is a mark), and all tokens where a number is among them."""
    hashes[12, at(text)] = NONE
    if n > 4:
        h = step(step(step(_BASIS_PAIR, found[0]), found[1]), found[at(n - 1)])
        if spans[at(n - 1), 2] > GLYPH:
            h = step(h, found[at(n - 2)])
        hashes[12, at(text)] = finish(h)
    h, numbers = _BASIS_WHOLE, 0
    for i in range(n):
        h = step(h, found[at(i)])
        numbers += spans[at(i), 2] == NUMBER
    hashes[13, at(text)] = finish(h) if numbers else NONE


@inner
def _shapes(spans: Spans, n: int, backwards: bool) -> np.uint64:
    shapes = np.uint64(0)
    for i in range(min(n, LONGEST + 1)):
        shape = spans[at(n - 1 - i if backwards else i), 2]
        shapes |= np.uint64(shape) << np.uint64(4 * i)
    return shapes


@inner
def _count(found: Hashes, spans: Spans, n: int, counts: Counts, text: int) -> None:
    names = cased = inner = 0
    for i in range(n):
        shape = spans[at(i), 2]
        names += shape == NAME
        cased += shape in (NAME, WORD)
        if shape == END and 0 < i < n - 1:
            ended = spans[at(i - 1), 1] - spans[at(i - 1), 0] > _ABBREVIATION or spans[at(i - 1), 2] > LETTER
            after = spans[at(i + 1), 2]
            inner += ended and after in (NAME, QUOTE, BAR) and spans[at(i + 1), 0] > spans[at(i), 1]
    counts[N_MARKS, at(text)], counts[N_NAMES, at(text)] = n, names
    counts[N_CASED, at(text)], counts[N_ENDS, at(text)] = cased, inner


@inner
def _flags(spans: Spans, n: int) -> int:
    """Whether the text ends in an end mark, closing quotes and brackets aside; whether a quote stands at either end."""
    quoted = n > 0 and (spans[0, 2] == QUOTE or spans[at(n - 1), 2] == QUOTE)
    i = n - 1
    while i > 0 and (spans[at(i), 2] == QUOTE or (spans[at(i), 2] == BAR and spans[at(i), 0] == spans[at(i - 1), 1])):
        i -= 1
    return ENDED * (n > 0 and spans[at(max(i, 0)), 2] == END) | QUOTED * quoted


@inner
def _doubled(found: Hashes, n: int) -> bool:
    """Whether the same three tokens or more stand there twice in a row, with at most three before and after."""
    for before in range(4):
        for after in range(4):
            half = (n - before - after) // 2
            if half < 3 or 2 * half != n - before - after:
                continue
            same = 0
            while same < half and found[at(before + same)] == found[at(before + half + same)]:
                same += 1
            if same == half:
                return True
    return False
