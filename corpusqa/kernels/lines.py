"""Text to paragraphs: lines, and the detection of text that was wrapped at a fixed width."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from corpusqa.kernels import inner, kernel, number
from corpusqa.kernels.characters import ASCII, SPACE, Bytes, Offsets, Table, at, decode

Lines = NDArray[np.int64]  #: (N_COLUMNS, lines)

NEWLINE, SPACE_BAR = 10, 32
#: Columns of a line, for a list of lines, as `scan` fills it. Characters are counted from the text's start, but those
#: of `EDGE` from the line's: an indented paragraph ends at the same width as the others.
START, END, BYTE_START, BYTE_END, N_WORDS, FIRST_WORD, EDGE = range(N_COLUMNS := 7)
#: What an item of a list or the row of a table begins with; a hyphen does when it stands apart.
HYPHEN, ITEMS = 45, (42, 43, 61, 124, 126, 0x2022, 0x2023, 0x25AA, 0x25E6)  # * + = | ~ • ‣ ▪ ◦

#: The rule that tells wrapped text, see `wrapped`. Widths are those of mail, RFCs, Gutenberg's books and typewriters.
NARROWEST, WIDEST = 30, 120  #: characters; narrower lines are verse and lists, wider ones paragraphs
MIN_BREAKS = 5  #: lines that end inside a paragraph; fewer prove nothing
FITTING = 0.95  #: share of the lines that the width holds; the rest are addresses and tables that stick out
#: Share of the breaks that the width explains; the rest are headings, lists and paragraphs without a blank line. Real
#: news and terms of service, wrapped on purpose: 0.96 and more; most of 37 manuals with code and tables in them: 0.71
#: and more; real news and terms as they are: 0.56 at most, PDFs' lines included.
BROKEN = 0.7


@kernel
def n_lines(data: Bytes, starts: Offsets, ends: Offsets) -> int:
    """How many lines there are, blank ones and the last of each text included."""
    n = len(starts)
    for text in range(len(starts)):
        for i in range(starts[text], ends[text]):
            n += data[i] == NEWLINE
    return n


@kernel
def paragraphs(data: Bytes, starts: Offsets, ends: Offsets, table: Table, out: Lines, offsets: Offsets) -> None:
    """The paragraphs of every text, and the (n + 1) offsets at which the texts begin; room for `n_lines` is enough."""
    offsets[0] = 0
    for text in range(len(starts)):
        n = scan(data, starts[text], ends[text], table, out, offsets[text])
        if wrapped(out, offsets[text], n):
            n = join(out, offsets[text], n)
        offsets[text + 1] = n


@inner
def scan(data: Bytes, i: int, end: int, table: Table, out: Lines, n: int) -> int:
    """The non-blank lines of the text from byte `i` on, stripped, into `out` from row `n` on; returns the row after.

    `FIRST_WORD` is the length of the line's first word, and negative where a blank line, or nothing, goes before.
    `EDGE` is negative where the line begins an item.
    """
    char = 0
    apart = True
    while i < end:
        left = char
        first = first_byte = last = last_byte = words = first_word = 0
        inside = False
        while i < end and data[at(i)] != NEWLINE:
            point, following = number(data[at(i)]), i + 1
            if point >= ASCII:
                point, following = decode(data, i)
            dark = table[at(point)] & SPACE == 0
            if words == 0:
                first, first_byte = char, i
            words += dark and not inside
            first_word += dark and words == 1
            char, i = char + 1, following
            last = char if dark else last
            last_byte = i if dark else last_byte
            inside = dark
        if words > 0:
            out[START, n], out[END, n], out[BYTE_START, n], out[BYTE_END, n] = first, last, first_byte, last_byte
            out[N_WORDS, n], out[FIRST_WORD, n] = words, -first_word if apart else first_word
            out[EDGE, n] = left - last if item(data, first_byte, i) else last - left
            n += 1
        apart = words == 0
        char, i = char + 1, i + 1
    return n


@inner
def item(data: Bytes, i: int, end: int) -> bool:
    """Whether the line whose first character is at byte `i` begins as an item of a list or the row of a table does."""
    point = number(data[at(i)])
    if point == HYPHEN:
        return i + 1 >= end or data[at(i + 1)] == SPACE_BAR or data[at(i + 1)] == HYPHEN
    if point >= ASCII:
        point, _ = decode(data, i)
    return point in ITEMS


@inner
def wrapped(lines: Lines, first: int, last: int) -> bool:
    """Whether the lines of one text were broken at a fixed width, its paragraphs set off by blank lines.

    The width is the least that holds `FITTING` of the lines, or all but one. A break, that is, the end of a line that
    another follows without a blank line between, is explained by it when the first word of that next line would not
    have fitted; a word counts for at most a quarter of the width, so that lines without spaces (Chinese, addresses)
    are judged by their own length. Text is wrapped when the width explains `BROKEN` of at least `MIN_BREAKS` breaks.
    Lines that begin an item are not asked: rows of tables are as wide as they are.
    """
    widths = np.zeros(WIDEST + 2, np.int64)
    breaks = runs = 0
    for line in range(first, last):
        if lines[EDGE, line] > 0:
            widths[min(lines[EDGE, line], WIDEST + 1)] += 1
            runs += lines[FIRST_WORD, line] < 0
            breaks += lines[FIRST_WORD, line] > 0
    if breaks < MIN_BREAKS or runs < 2:
        return False
    width = held = 0
    while width <= WIDEST and held < number(FITTING * (breaks + runs)):
        width += 1
        held += widths[width]
    if width < NARROWEST or width > WIDEST:
        return False
    explained = 0
    for line in range(first + 1, last):
        word = lines[FIRST_WORD, line]
        if word > 0 and lines[EDGE, line] > 0:
            explained += abs(lines[EDGE, line - 1]) + 1 + min(word, width // 4) > width
    return explained >= BROKEN * breaks


@inner
def join(lines: Lines, first: int, last: int) -> int:
    """Make each run of lines one paragraph; returns the row after the last."""
    n = first - 1
    for line in range(first, last):
        if lines[FIRST_WORD, line] < 0:
            n += 1
            for column in range(N_COLUMNS):
                lines[column, n] = lines[column, line]
        else:
            lines[END, n], lines[BYTE_END, n] = lines[END, line], lines[BYTE_END, line]
            lines[N_WORDS, n] += lines[N_WORDS, line]
    return n + 1
