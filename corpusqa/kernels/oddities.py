"""Characters that no reader sees or no writer wrote, and words spelled in two scripts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from corpusqa.kernels import kernel
from corpusqa.kernels.characters import ASCII, Bytes, at, decode
from corpusqa.kernels.classes import LETTER
from corpusqa.kernels.counts import Classes, Numbers, before, code_point

Codes = NDArray[np.int64]
Doubles = tuple[Codes, Codes]
#: Letters of a word with Greek in it, at least: `MΩ` and `ΔT` are units and formulas.
LEAST_GREEK = 3

#: What `oddities` counts, in this order.
KINDS = ("replacements", "controls", "private_use", "zero_widths", "bidi_marks", "soft_hyphens")
_REPLACEMENT, _CONTROL, _PRIVATE, _ZERO_WIDTH, _BIDI, _SOFT_HYPHEN = range(6)
_TAB, _LINE_FEED, _RETURN, _BLANK, _DELETE = 0x09, 0x0A, 0x0D, 0x20, 0x7F
#: The first bytes, in UTF-8, of Greek and Cyrillic letters.
_FIRST, _LAST, _EXTENDED_GREEK = 0xCD, 0xD4, 0xE1


@kernel
def oddities(data: Bytes, starts: Numbers, ends: Numbers) -> Numbers:
    """Of each text the characters of each of `KINDS`: (n, 6)."""
    counts = np.zeros((len(starts), 6), np.int64)
    for text in range(len(starts)):
        i, end, previous = starts[text], ends[text], 0
        while i < end:
            byte = data[at(i)]
            if byte < ASCII:
                if byte < _BLANK or byte == _DELETE:
                    counts[text, _CONTROL] += byte != _TAB and byte != _LINE_FEED and byte != _RETURN
                previous = int(byte)
                i += 1
                continue
            code, i = decode(data, i)
            kind = _kind(code, previous)
            if kind >= 0:
                counts[text, kind] += 1
            previous = code
    return counts


@kernel
def _kind(code: int, previous: int) -> int:
    """Which of the kinds this character is, after that one; -1 for none."""
    if code < 0xAE:
        return _CONTROL if code < 0xA0 else _SOFT_HYPHEN if code == 0xAD else -1
    if code < 0x2000:
        return _BIDI if code == 0x061C else _ZERO_WIDTH if code == 0x180E else -1
    if code < 0x2070:
        if code == 0x200E or code == 0x200F or 0x202A <= code <= 0x202E or code >= 0x2066:
            return _BIDI if code < 0x206A else -1
        if 0x200B <= code <= 0x200D:
            return -1 if _joins(code, previous) else _ZERO_WIDTH
        return _ZERO_WIDTH if 0x2060 <= code <= 0x2064 else -1
    if code == 0xFFFD:
        return _REPLACEMENT
    if code == 0xFEFF:
        return _ZERO_WIDTH
    return _PRIVATE if 0xE000 <= code < 0xF900 or code >= 0xF0000 else -1


@kernel
def _joins(code: int, previous: int) -> bool:
    """Whether a zero-width character does its work after this one.

    Joiners do in scripts that need them and in emoji, the space where Thai, Lao, Khmer or Myanmar may break a line.
    """
    if code == 0x200B:
        return 0x0E00 <= previous < 0x10A0 or 0x1780 <= previous < 0x1800
    return 0x0530 <= previous < 0x2000 or 0x20D0 <= previous < 0x3000 or previous >= 0xA000


@kernel
def mixed_words(
    data: Bytes, starts: Numbers, ends: Numbers, classes: Classes, cyrillic: Doubles, greek: Doubles
) -> Numbers:
    """Of each text the words in which Latin stands with Cyrillic or Greek letters that could be one script.

    `cyrillic` and `greek` are the letters of that script with a Latin double, and those Latin letters.
    """
    counts = np.zeros(len(starts), np.int64)
    for text in range(len(starts)):
        i, end = starts[text], ends[text]
        while i < end:
            byte = data[at(i)]
            if byte < _FIRST or (byte > _LAST and byte != _EXTENDED_GREEK):
                i += 1
                continue
            code, following = code_point(data, i)
            if _script(code, classes) < 2:
                i = following
                continue
            first = i
            while first > starts[text] and _script(code_point(data, before(data, first))[0], classes):
                first = before(data, first)
            i, mixed = _word(data, first, end, classes, cyrillic, greek)
            counts[text] += mixed
    return counts


@kernel
def _word(data: Bytes, i: int, end: int, classes: Classes, cyrillic: Doubles, greek: Doubles) -> tuple[int, bool]:
    """Where the word that starts here ends, and whether its scripts are mixed."""
    seen = np.zeros(4, np.int64)  # letters of no, Latin, Cyrillic, Greek script
    first = i
    while i < end:
        code, following = code_point(data, i)
        script = _script(code, classes)
        if script == 0:
            break
        seen[script] += 1
        i = following
    if seen[1] == 0 or seen[2] + seen[3] == 0:
        return i, False
    if seen[2]:
        alike = _all_double(data, first, i, classes, 2, cyrillic[0]) or _all_double(
            data, first, i, classes, 1, cyrillic[1]
        )
        return i, alike
    if seen[1] + seen[3] < LEAST_GREEK:
        return i, False
    if _all_double(data, first, i, classes, 3, greek[0]):
        return i, True
    return i, seen[3] > seen[1] and _all_double(data, first, i, classes, 1, greek[1])


@kernel
def _all_double(data: Bytes, i: int, end: int, classes: Classes, script: int, doubles: Codes) -> bool:
    """Whether all letters of this script in the word have a double."""
    while i < end:
        code, i = code_point(data, i)
        if _script(code, classes) == script and not np.any(doubles == code):
            return False
    return True


@kernel
def _script(code: int, classes: Classes) -> int:
    """1 Latin, 2 Cyrillic, 3 Greek, 0 anything else. Marks above a letter (U+0300 to U+036F) end a word."""
    if classes[code] & LETTER == 0:
        return 0
    if code < 0x250 or 0x1E00 <= code < 0x1F00:
        return 1 if code != 0xB5 and code != 0xAA and code != 0xBA else 0
    if 0x400 <= code < 0x530:
        return 2
    return 3 if 0x370 <= code < 0x400 or 0x1F00 <= code < 0x2000 else 0
