"""Where long numbers stand in texts: runs of digits with what people set between them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from corpusqa.kernels import kernel
from corpusqa.kernels.characters import Bytes, at
from corpusqa.kernels.classes import DECIMAL, LETTER
from corpusqa.kernels.counts import Classes, Numbers, code_point

_ZERO, _NINE, _A, _Z, _DOT = map(ord, "09AZ.")
_TEN = 10
_SEPARATORS = ord(" "), ord("."), ord("-"), ord("/"), ord("("), ord(")")
_BEFORE = ord("+"), ord("(")
_NO_BREAK = 0xC2, 0xA0  #: a no-break space, in UTF-8
_DASHES = 0xE2, 0x80, 0x90, 0x93  #: the hyphens and dashes U+2010 to U+2013: first bytes, least and greatest third
#: Characters between two digits of one number, at most: `) `, ` - `, ` / `.
_GAP = 3
LEAST_DIGITS = 7  #: of a telephone number without its area; fewer are of no interest unless
LEAST_DOTS = 3  #: so many points are among them, as in an address of the Internet


@kernel
def figures(data: Bytes, starts: Numbers, ends: Numbers, classes: Classes) -> NDArray[np.bool_]:
    """Whether each stretch has a decimal digit of any script, and not one letter."""
    found = np.zeros(len(starts), np.bool_)
    for stretch in range(len(starts)):
        i, end, kinds = starts[stretch], ends[stretch], 0
        while i < end and kinds & LETTER == 0:
            code, i = code_point(data, i)
            kinds |= int(classes[at(code)])
        found[stretch] = kinds & LETTER == 0 and kinds & DECIMAL != 0
    return found


@kernel
def maybe_accounts(data: Bytes, starts: Numbers, ends: Numbers) -> NDArray[np.bool_]:
    """Whether each text has two capitals with two digits behind them, as an account number begins (IBAN)."""
    found = np.zeros(len(starts), np.bool_)
    for text in range(len(starts)):
        i = _next_digit(data, starts[text], ends[text])
        while i + 1 < ends[text] and not found[text]:
            digits = _ZERO <= data[i + 1] <= _NINE
            if i - 2 >= starts[text] and digits:
                found[text] = _A <= data[i - 2] <= _Z and _A <= data[i - 1] <= _Z
            i = _next_digit(data, i + 1, ends[text])
    return found


@kernel
def long_numbers(data: Bytes, starts: Numbers, ends: Numbers) -> Numbers:
    """A row for each run of digits and separators that is long enough: text, first byte, one past the last (n, 3)."""
    found = np.empty((64, 3), np.int64)
    n = 0
    for text in range(len(starts)):
        i, end = _next_digit(data, starts[text], ends[text]), ends[text]
        while i < end:
            first, (last, long) = i, _run(data, i, end)
            while first > starts[text] and (data[first - 1] == _BEFORE[0] or data[first - 1] == _BEFORE[1]):
                first -= 1
            if long:
                if n == len(found):
                    grown = np.empty((2 * n, 3), np.int64)
                    grown[:n] = found
                    found = grown
                found[n, 0], found[n, 1], found[n, 2] = text, first, last
                n += 1
            i = _next_digit(data, last, end)
    return found[:n]


@kernel
def _next_digit(data: Bytes, i: int, end: int) -> int:
    """The place of the first digit from byte `i` on."""
    while i < end and not np.uint8(data[at(i)] - np.uint8(_ZERO)) < _TEN:
        i += 1
    return i


@kernel
def _run(data: Bytes, i: int, end: int) -> tuple[int, bool]:
    """Where the run that begins at byte `i` ends, behind its last digit, and whether it is long enough."""
    last, digits, dots = i, 0, 0
    while i < end:
        byte = data[at(i)]
        if _ZERO <= byte <= _NINE:
            digits += 1
            i += 1
            last = i
            continue
        width = _separator(data, i, end)
        if width == 0 or i - last >= _GAP:
            break
        dots += byte == _DOT
        i += width
    return last, digits >= LEAST_DIGITS or (dots >= LEAST_DOTS and digits > LEAST_DOTS)


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
