"""What is asked of frames: which occur often, whether they stand inside paragraphs too, and where to cut them out."""

from __future__ import annotations

import numpy as np

from corpusqa.kernels import inner, kernel, number
from corpusqa.kernels.characters import Bytes, Offsets, Table, at
from corpusqa.kernels.frames import BASIS_TAIL, LONGEST, MOST, Classes, Counts, Spans, tokens
from corpusqa.kernels.hashing import BASIS, Hashes, finish, step

_ROOM = number(MOST + 1)
READ = 16  #: tokens that a template may show at either end
_READ_INSIDE = number(1_000)  #: tokens of a paragraph in which frames are looked for; one may be as long as a book


@kernel
def frequent(hashes: Hashes, n_marks: Counts, length: int, short: int, least: int, seen: Counts) -> Offsets:
    """The rows whose frame occurs `least` times or more in short texts that are longer than it, and few others.

    Nothing is lost; what is won by mistake, where two hashes fall into one of the `seen` (a power of two, all 0), the
    exact count behind throws out again.
    """
    mask = np.uint64(len(seen) - 1)
    for row in range(len(hashes)):
        if length < n_marks[at(row)] <= short and hashes[at(row)] != 0:
            slot = hashes[at(row)] & mask
            if seen[slot] < least:
                seen[slot] += 1
    n = 0
    for row in range(len(hashes)):
        n += hashes[at(row)] != 0 and n_marks[at(row)] > length and seen[hashes[at(row)] & mask] >= least
    rows = np.empty(n, np.int64)
    n = 0
    for row in range(len(hashes)):
        if hashes[at(row)] != 0 and n_marks[at(row)] > length and seen[hashes[at(row)] & mask] >= least:
            rows[n] = row
            n += 1
    return rows


@kernel
def inside(
    data: Bytes,
    starts: Offsets,
    ends: Offsets,
    table: Table,
    classes: Classes,
    wanted: Hashes,
    maybe: Counts,
) -> Offsets:
    """How often each `wanted` frame (ascending) stands within a text, neither at its beginning nor at its end.

    A frame that ends a sentence is met where the sentence goes on, too. `maybe` (a power of two) is 1 where a wanted
    hash has its place.
    """
    found, spans = np.empty(_READ_INSIDE + 1, np.uint64), np.empty((_READ_INSIDE + 1, 3), np.int64)
    counts = np.zeros(len(wanted), np.int64)
    mask = np.uint64(len(maybe) - 1)
    stop = finish(step(BASIS, np.uint64(0x2E)))
    for text in range(len(starts)):
        n = tokens(data, starts[at(text)], ends[at(text)], table, classes, _READ_INSIDE, found, spans)
        for i in range(1, n - 1):
            head, tail = BASIS, BASIS_TAIL
            stopped = step(BASIS_TAIL, stop)
            for k in range(min(LONGEST, n - 1 - i)):
                head = step(head, found[at(i + k)])
                if maybe[finish(head) & mask]:
                    _tally(wanted, finish(head), counts)
            for k in range(min(LONGEST, i)):
                tail, stopped = step(tail, found[at(i - k)]), step(stopped, found[at(i - k)])
                if maybe[finish(tail) & mask]:
                    _tally(wanted, finish(tail), counts)
                if maybe[finish(stopped) & mask] and found[at(i + 1)] != stop:
                    _tally(wanted, finish(stopped), counts)
    return counts


@inner
def _tally(wanted: Hashes, h: np.uint64, counts: Offsets) -> None:
    low, high = 0, len(wanted)
    while low < high:
        middle = (low + high) // 2
        if wanted[middle] < h:
            low = middle + 1
        else:
            high = middle
    if low < len(wanted) and wanted[low] == h:
        counts[low] += 1


@kernel
def openings(
    data: Bytes, starts: Offsets, ends: Offsets, table: Table, classes: Classes, hashes: Hashes, cuts: Spans
) -> None:
    """The heads and tails of each text, of every length from 1 to `READ`, (2 * `READ`, n), and where they end.

    0 where the text has no token beside them.
    """
    found = np.empty(_ROOM + 1, np.uint64)
    spans = np.empty((_ROOM + 1, 3), np.int64)
    for text in range(len(starts)):
        n = tokens(data, starts[text], ends[text], table, classes, _ROOM, found, spans)
        head, tail = BASIS, BASIS_TAIL
        for k in range(1, READ + 1):
            row = READ + k - 1
            hashes[k - 1, text] = hashes[row, text] = cuts[k - 1, text] = cuts[row, text] = 0
            if k < n:
                head, tail = step(head, found[k - 1]), step(tail, found[n - k])
                hashes[k - 1, text], cuts[k - 1, text] = finish(head), spans[k - 1, 1]
                hashes[row, text], cuts[row, text] = finish(tail), spans[n - k, 0]
