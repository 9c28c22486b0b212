"""Words by Unicode's rules (UAX #29, word boundaries), as the package uniseg finds them, which DCLM counts with.

The property Word_Break is not in Python; it is put together here from the categories and from short lists. Emoji
sequences and flags, which hold no word that begins with a letter or a digit, are left out.
"""

from __future__ import annotations

import unicodedata
from functools import cache

import numpy as np
from numpy.typing import NDArray

from corpusqa.kernels import inner, kernel, number
from corpusqa.kernels.characters import ASCII, Bytes, at
from corpusqa.kernels.classes import ALNUM, codes
from corpusqa.kernels.counts import Classes, Numbers, code_point
from corpusqa.kernels.hashing import BASIS, Hashes, finish, step
from corpusqa.kernels.words import Codes, ascii_run

Breaks = NDArray[np.uint8]

#: The values of Word_Break that join or part words.
OTHER, LETTER, HEBREW, DIGIT, KATAKANA, LINK, MID_LETTER, MID_DIGIT, MID_BOTH, QUOTE, DOUBLE_QUOTE, EXTEND = range(12)

#: WordBreakProperty.txt (Unicode 16), where categories do not say it.
_LISTED = {
    HEBREW: "5D0-5EA 5EF-5F2 FB1D FB1F-FB28 FB2A-FB36 FB38-FB3C FB3E FB40-FB41 FB43-FB44 FB46-FB4F",
    KATAKANA: "3031-3035 309B-309C 30A0-30FA 30FC-30FF 31F0-31FF 32D0-32FE 3300-3357 FF66-FF9D 1AFF0-1AFF3 "
    "1AFF5-1AFFB 1AFFD-1AFFE 1B000 1B120-1B122 1B155 1B164-1B167",
    LINK: "5F 202F 203F-2040 2054 FE33-FE34 FE4D-FE4F FF3F",
    MID_LETTER: "3A B7 387 55F 5F4 2027 FE13 FE55 FF1A",
    MID_DIGIT: "2C 3B 37E 589 60C-60D 66C 7F8 2044 FE10 FE14 FE50 FE54 FF0C FF1B",
    MID_BOTH: "2E 2018-2019 2024 FE52 FF07 FF0E",
    QUOTE: "27",
    DOUBLE_QUOTE: "22",
    EXTEND: "FF9E-FF9F 1F3FB-1F3FF",
    OTHER: "200B",
}
#: Letters that are words of their own: Han, Hiragana, and the scripts of South East Asia, which have no blanks.
_ALONE = (
    "E01-E3A E40-E4E E80-EFF 1000-109F 1780-17FF 1950-1974 1980-19DF 1A20-1AAF 3005-3007 3021-3029 3038-303B 3041-3096 "
    "309D-309F 3400-4DBF 4E00-9FFF A9E0-A9FE AA60-AADF F900-FAFF 11700-1174F 16FE4 17000-18DFF 1B001-1B11F 1B132 "
    "1B150-1B152 1B170-1B2FF 1F200 20000-323AF"
)
#: Signs that count as letters: modifiers, and marks of Armenian, Hebrew and others.
_LETTERLIKE = "2C2-2C5 2D2-2D7 2DE-2DF 2E5-2EB 2ED 2EF-2FF 55A-55C 55E 58A 5F3 24B6-24E9 A708-A716 A720-A721 A789-A78A"


@cache
def break_table() -> Breaks:
    """The Word_Break of each code point, as far as words go, (0x110000,) uint8."""
    table = np.zeros(0x110000, np.uint8)
    planes = [*range(0x20000), *range(0xE0000, 0xE0200)]
    categories = np.array([unicodedata.category(chr(code)) for code in planes], "S2")
    groups = ((LETTER, b"Lu Ll Lt Lm Lo Nl"), (DIGIT, b"Nd"), (EXTEND, b"Mn Mc Me Cf"))
    for value, names in groups:
        table[np.array(planes)[np.isin(categories, names.split())]] = value
    alone = codes(_ALONE)
    table[[code for code in alone if table[code] == LETTER]] = OTHER
    table[codes(_LETTERLIKE)] = LETTER
    for value, ranges in _LISTED.items():
        table[codes(ranges)] = value
    return table


@kernel
def unicode_words(
    data: Bytes, starts: Numbers, ends: Numbers, classes: Classes, breaks: Breaks, plain: Codes, most: int
) -> tuple[Numbers, Hashes, NDArray[np.int32]]:
    """The words that begin with a letter or a digit, `most` in all: offsets, hashes, lengths.

    `plain`: letters, digits and `_` of ASCII, which always join one another.
    """
    offsets = np.zeros(len(starts) + 1, np.int64)
    hashes, lengths = np.empty(most, np.uint64), np.empty(most, np.int32)
    word = 0
    for text in range(len(starts)):
        i, end = starts[text], ends[text]
        while i < end:
            code, after = code_point(data, i)
            counts = classes[at(code)] & ALNUM != 0
            value = breaks[at(code)]
            if not counts and not LETTER <= value <= LINK:
                i = after
                continue
            key, length = step(BASIS, np.uint64(code)), 1
            i = after
            if LETTER <= value <= LINK and value != KATAKANA:
                i, key, length = ascii_run(data, i, end, plain, key, length)  # nearly all words end here
                value = value if i == after else breaks[at(data[at(i - 1)])]
            if value == HEBREW or _may_go_on(data, i, end, breaks):
                i, key, length = _rest(data, i, end, breaks, value, key, length)
            hashes[at(word)], lengths[at(word)] = finish(key), length
            word += counts
        offsets[text + 1] = word
    return offsets, hashes[:word], lengths[:word]


@inner
def _may_go_on(data: Bytes, i: int, end: int, breaks: Breaks) -> bool:
    """Whether a word may not end before byte `i`. Most end there: at a blank, or at a mark with a blank behind it."""
    value = _nearly(data, i, end, breaks)
    if MID_LETTER <= value <= DOUBLE_QUOTE:
        value = _nearly(data, i + 1, end, breaks)
    return value != OTHER


@inner
def _nearly(data: Bytes, i: int, end: int, breaks: Breaks) -> int:
    """The value of the character at byte `i` if it is one of ASCII, OTHER at the end, and EXTEND for all others."""
    if i >= end:
        return OTHER
    return number(breaks[at(data[at(i)])]) if data[at(i)] < ASCII else EXTEND


@inner
def _rest(
    data: Bytes, i: int, end: int, breaks: Breaks, value: int, key: np.uint64, length: int
) -> tuple[int, np.uint64, int]:
    """The rest of a word that may go on at byte `i`, behind a character of this value: its end, key and length."""
    i, key, length = _extended(data, i, end, breaks, key, length)
    while LETTER <= value <= LINK and i < end:
        code, after = code_point(data, i)
        following = breaks[at(code)]
        if _joins(value, following):
            value, key, length = following, step(key, np.uint64(code)), length + 1
            i, key, length = _extended(data, after, end, breaks, key, length)
        else:
            value, i, key, length = _bridged(data, i, end, breaks, value, key, length)
    return i, key, length


@inner
def _extended(data: Bytes, i: int, end: int, breaks: Breaks, key: np.uint64, length: int) -> tuple[int, np.uint64, int]:
    """Where the marks end that begin at byte `i`, and the key and the length of the word with them."""
    while i < end and data[at(i)] >= ASCII:
        code, following = code_point(data, i)
        if breaks[at(code)] != EXTEND:
            break
        i, key, length = following, step(key, np.uint64(code)), length + 1
    return i, key, length


@inner
def _bridged(
    data: Bytes, i: int, end: int, breaks: Breaks, value: int, key: np.uint64, length: int
) -> tuple[int, int, np.uint64, int]:
    """The word and the mark at byte `i`, if it joins more: value at its end (OTHER: none), end, key, length."""
    code, after = code_point(data, i)
    mark = breaks[at(code)]
    if not MID_LETTER <= mark <= DOUBLE_QUOTE:
        return OTHER, i, key, length
    beyond, joined, longer = _extended(data, after, end, breaks, step(key, np.uint64(code)), length + 1)
    code, after = code_point(data, beyond) if beyond < end else (0, end)
    over = breaks[at(code)]
    if _bridges(value, mark, over):
        after, joined, longer = _extended(data, after, end, breaks, step(joined, np.uint64(code)), longer + 1)
        return over, after, joined, longer
    if value == HEBREW and mark == QUOTE:
        return OTHER, beyond, joined, longer
    return OTHER, i, key, length


@inner
def _joins(left: int, right: int) -> bool:
    """Whether there is no boundary between two neighbours: rules 5, 8 to 10, 13, 13a, 13b."""
    if right == LINK:
        return True
    if left == KATAKANA or right == KATAKANA:
        return right == KATAKANA and KATAKANA <= left <= LINK
    return LETTER <= right <= DIGIT


@inner
def _bridges(left: int, between: int, right: int) -> bool:
    """Whether a mark joins its neighbours: rules 6, 7, 7b, 7c, 11, 12."""
    both = MID_BOTH <= between <= QUOTE
    if left == HEBREW and right == HEBREW and between == DOUBLE_QUOTE:
        return True
    if LETTER <= left <= HEBREW and LETTER <= right <= HEBREW:
        return both or between == MID_LETTER
    return left == DIGIT and right == DIGIT and (both or between == MID_DIGIT)
