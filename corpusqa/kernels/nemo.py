"""Web addresses as NeMo Curator finds them: `http://` or `https://` and what of ASCII may stand in one."""

from __future__ import annotations

import numpy as np

from corpusqa.kernels import inner, kernel
from corpusqa.kernels.characters import Bytes, at
from corpusqa.kernels.counts import Numbers

_COLON, _SLASH, _PERCENT, _H = ord(":"), ord("/"), ord("%"), ord("h")
#: Besides letters and digits (regex_url, 1.4).
_SIGNS = tuple(map(ord, "$-_@.&+/:=?#~!*(),"))


@kernel
def url_characters(data: Bytes, starts: Numbers, ends: Numbers) -> Numbers:
    """The characters of each text that are in web addresses."""
    counts = np.zeros(len(starts), np.int64)
    for text in range(len(starts)):
        i, end = starts[text], ends[text]
        while i < end:
            if data[at(i)] != _H:
                i += 1
                continue
            rest = _scheme(data, i, end)
            stop = _address(data, i + rest, end) if rest else 0
            if stop > i + rest:
                counts[text] += stop - i
                i = stop
            else:
                i += 1
    return counts


@inner
def _scheme(data: Bytes, i: int, end: int) -> int:
    """The bytes of `http://` or `https://` at byte `i`, 0 if neither is there."""
    if i + 7 > end or data[i + 1] != 0x74 or data[i + 2] != 0x74 or data[i + 3] != 0x70:
        return 0
    n = 5 if data[i + 4] == 0x73 else 4
    if i + n + 3 <= end and data[i + n] == _COLON and data[i + n + 1] == _SLASH and data[i + n + 2] == _SLASH:
        return n + 3
    return 0


@inner
def _address(data: Bytes, i: int, end: int) -> int:
    """Where the address ends that goes on at byte `i`."""
    while i < end:
        if data[i] == _PERCENT and i + 2 < end and _hexadecimal(data[i + 1]) and _hexadecimal(data[i + 2]):
            i += 3
        elif _alphanumeric(data[i]) or data[i] in _SIGNS:
            i += 1
        else:
            break
    return i


@inner
def _alphanumeric(byte: int) -> bool:
    return 0x30 <= byte <= 0x39 or 0x41 <= byte <= 0x5A or 0x61 <= byte <= 0x7A


@inner
def _hexadecimal(byte: int) -> bool:
    return 0x30 <= byte <= 0x39 or 0x41 <= byte <= 0x46 or 0x61 <= byte <= 0x66
