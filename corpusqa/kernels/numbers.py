"""Where long numbers stand in texts: runs of digits with what people set between them."""

from __future__ import annotations

import numpy as np

from corpusqa.kernels import kernel
from corpusqa.kernels.characters import Bytes
from corpusqa.kernels.counts import Numbers

_ZERO, _NINE, _DOT = ord("0"), ord("9"), ord(".")
_SEPARATORS = ord(" "), ord("."), ord("-"), ord("/"), ord("("), ord(")")
_BEFORE = ord("+"), ord("(")
_NO_BREAK = 0xC2, 0xA0  #: a no-break space, in UTF-8
_DASHES = 0xE2, 0x80, 0x90, 0x93  #: the hyphens and dashes U+2010 to U+2013: first bytes, least and greatest third
#: Characters between two digits of one number, at most: `) `, ` - `, ` / `.
_GAP = 3
LEAST_DIGITS = 7  #: of a telephone number without its area; fewer are of no interest unless
LEAST_DOTS = 3  #: so many points are among them, as in an address of the Internet


@kernel
def long_numbers(data: Bytes, starts: Numbers, ends: Numbers) -> Numbers:
    """A row for each run of digits and separators that is long enough: text, first byte, one past the last (n, 3)."""
    found = np.empty((64, 3), np.int64)
    n = 0
    for text in range(len(starts)):
        i, end = starts[text], ends[text]
        while i < end:
            if not _ZERO <= data[i] <= _NINE:
                i += 1
                continue
            first, last, digits, dots = i, i, 0, 0
            while i < end:
                byte = data[i]
                if _ZERO <= byte <= _NINE:
                    digits, last = digits + 1, i
                    i += 1
                    continue
                width = _separator(data, i, end)
                if width == 0 or i - last > _GAP:
                    break
                dots += byte == _DOT
                i += width
            while first > starts[text] and (data[first - 1] == _BEFORE[0] or data[first - 1] == _BEFORE[1]):
                first -= 1
            if digits >= LEAST_DIGITS or (dots >= LEAST_DOTS and digits > LEAST_DOTS):
                if n == len(found):
                    grown = np.empty((2 * n, 3), np.int64)
                    grown[:n] = found
                    found = grown
                found[n, 0], found[n, 1], found[n, 2] = text, first, last + 1
                n += 1
            i = max(i, last + 1)
    return found[:n]


@kernel
def _separator(data: Bytes, i: int, end: int) -> int:
    """The bytes of the separator at byte `i`, 0 when there is none."""
    for separator in _SEPARATORS:
        if data[i] == separator:
            return 1
    if i + 1 < end and data[i] == _NO_BREAK[0] and data[i + 1] == _NO_BREAK[1]:
        return 2
    dash = i + 2 < end and data[i] == _DASHES[0] and data[i + 1] == _DASHES[1]
    return 3 if dash and _DASHES[2] <= data[i + 2] <= _DASHES[3] else 0
