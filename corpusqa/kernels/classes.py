"""What each Unicode character is to a metric: letter, digit, white space, the mark that ends a sentence.

One 16-bit entry for every code point, a bit for each class; a character may have several. The table is made from
Python's own `unicodedata` and `str` methods (0.1 s, once a process), so a metric means by "letter" what Python means.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.typing import NDArray

LETTER = 1 << 0  #: `str.isalpha`
UPPER = 1 << 1  #: `str.isupper`
DIGIT = 1 << 2  #: `str.isdigit`
SPACE = 1 << 3  #: `str.isspace`, which is where `str.split` cuts
PUNCTUATION = 1 << 4  #: the categories P*
SYMBOL = 1 << 5  #: the categories S*: currency, mathematics, emoji
NON_ASCII = 1 << 6  #: beyond U+007F
SHARES = 7  #: how many of the bits, from the lowest up, are counted over the characters of a text
TITLE = 1 << 7  #: a letter that is a capital and a small one in one: ǅ (category Lt)
LOWER = 1 << 8  #: `str.islower`
TERMINAL = 1 << 9  #: ends a sentence
WIDE = 1 << 10  #: ends a sentence without white space after it
CLOSING = 1 << 11  #: may stand between the end mark and the white space: quotes and brackets
BULLET = 1 << 12  #: begins an item of a list
DECIMAL = 1 << 13  #: `str.isdecimal`: 0 to 9 of any script
ALNUM = 1 << 14  #: `str.isalnum`
NUMERIC = 1 << 15  #: `str.isnumeric`: digits, fractions, Roman and Chinese numerals

#: Where characters with properties can be: the assigned planes, and plane 14 (format characters and marks only).
_ASSIGNED = (range(0x40000), range(0xE0000, 0xE0200))

#: The marks that datatrove's FineWeb filter takes for the end of a sentence (TERMINAL_PUNCTUATION, 0.10): Unicode's
#: property Sentence_Terminal and a few Khmer signs. The ellipsis is not among them, nor is a closing quote.
_TERMINAL = (
    "21 2E 3F 589 61D-61F 6D4 700-702 7F9 837 839 83D-83E 964-965 104A-104B 1362 1367-1368 166E 1735-1736 17D4-17D6 "
    "17D9-17DA 1803 1809 1944-1945 1AA8-1AAB 1B5A-1B5B 1B5E-1B5F 1B7D-1B7E 1C3B-1C3C 1C7E-1C7F 203C-203D 2047-2049 "
    "2E2E 2E3C 2E53-2E54 3002 A4FF A60E-A60F A6F3 A6F7 A876-A877 A8CE-A8CF A92F A9C8-A9C9 AA5D-AA5F AAF0-AAF1 ABEB "
    "FE52 FE56-FE57 FF01 FF0E FF1F FF61 10A56-10A57 10F55-10F59 10F86-10F89 11047-11048 110BE-110C1 11141-11143 "
    "111C5-111C6 111CD 111DE-111DF 11238-11239 1123B-1123C 112A9 1144B-1144C 115C2-115C3 115C9-115D7 11641-11642 "
    "1173C-1173E 11944 11946 11A42-11A43 11A9B-11A9C 11C41-11C42 11EF7-11EF8 11F43-11F44 16A6E-16A6F 16AF5 "
    "16B37-16B38 16B44 16E98 1BC9F 1DA88"
)
_WIDE = "3002 FF01 FF0E FF1F FF61"  #: of them, the marks of Chinese and Japanese
_CLOSING = "22 27"  #: the straight quotes; the others are known by their category

#: What one of datatrove, dolma, RedPajama-V2 and DCLM takes for a bullet: - * – • ‣ ▶ ◀ ● ◦ ■ □ ▪ ▫.
_BULLETS = "2A 2D 2013 2022 2023 25A0 25A1 25AA 25AB 25B6 25C0 25CF 25E6"


@cache
def class_table() -> NDArray[np.uint16]:
    """The classes of each code point, (0x110000,) uint16."""
    table = np.zeros(0x110000, np.uint16)
    for block in _ASSIGNED:
        table[block.start : block.stop] = _classes(list(map(chr, block)))
    table[0x80:] |= NON_ASCII
    for mark, ranges in ((TERMINAL, _TERMINAL), (WIDE, _WIDE), (CLOSING, _CLOSING), (BULLET, _BULLETS)):
        for code in codes(ranges):
            table[code] |= mark
    return table


def _classes(characters: list[str]) -> NDArray[np.int64]:
    """What Python says of each of these characters."""
    categories = np.array(list(map(unicodedata.category, characters)), "S2")
    major = categories.astype("S1")
    closing = (categories == b"Pe") | (categories == b"Pf")
    flags = (major == b"P") * PUNCTUATION | (major == b"S") * SYMBOL | closing * CLOSING | (categories == b"Lt") * TITLE
    tests: list[tuple[int, Callable[[str], bool]]] = [
        (LETTER, str.isalpha),
        (UPPER, str.isupper),
        (LOWER, str.islower),
        (DIGIT, str.isdigit),
        (SPACE, str.isspace),
        (DECIMAL, str.isdecimal),
        (ALNUM, str.isalnum),
        (NUMERIC, str.isnumeric),
    ]
    for mark, test in tests:
        flags |= np.fromiter(map(test, characters), bool, len(characters)) * mark
    return np.asarray(flags)


def codes(ranges: str) -> list[int]:
    """The code points of ranges in hexadecimal.

    >>> codes("21 3F-41")
    [33, 63, 64, 65]
    """
    bounds = [item.partition("-") for item in ranges.split()]
    return [code for low, _, high in bounds for code in range(int(low, 16), int(high or low, 16) + 1)]
