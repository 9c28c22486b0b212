"""What each Unicode character is to the tokeniser, in one table, and how to read one from UTF-8.

The table has a 32-bit entry for every code point: the low bits are the character after simple case folding when it can
stand in a token, and 0 when it separates tokens; flags above say the rest. It is made from Python's own `unicodedata`
(a tenth of a second, once a process), so no copy of the standard travels with the package.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from corpusqa.kernels import inner, number

Bytes = NDArray[np.uint8]  #: UTF-8
Offsets = NDArray[np.int64]  #: places in a buffer
Table = NDArray[np.uint32]  #: an entry for each code point

ASCII = 0x80  #: bytes below are characters
at = np.uintp  #: an index that is never negative, which saves numba a check: a third of the tokeniser's time

CODE = 0x1FFFFF  #: the bits of an entry that hold the folded character; all 0: it separates tokens
MARK = 1 << 24  #: a combining mark (Mn, Mc): part of a token when it follows one
LONE = 1 << 25  #: a letter of a script written without spaces: a token of its own
UNSETTLED = 1 << 26  #: NFC may change, move or swallow it: a text that holds one is looked at more closely
SPACE = 1 << 27  #: white space, as `str.isspace` has it

#: Where characters with properties can be: the assigned planes, and the variation selectors (marks) of plane 14.
_ASSIGNED = (range(0x40000), range(0xE0100, 0xE01F0))
#: The scripts written without spaces (Scripts.txt); of these ranges, the letters count.
_LONE_RANGES = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x3005, 0x3007),  # Han: iteration mark
    (0x3031, 0x30FF),  # Kana, with its repeat and length marks
    (0x31F0, 0x31FF),  # Kana: phonetic extensions
    (0x3400, 0x4DBF),  # Han: extension A
    (0x4E00, 0x9FFF),  # Han
    (0xA9E0, 0xA9FF),  # Myanmar: extended B
    (0xAA60, 0xAA7F),  # Myanmar: extended A
    (0xF900, 0xFAFF),  # Han: compatibility
    (0xFF66, 0xFF9F),  # Kana: half width
    (0x1AFF0, 0x1B16F),  # Kana: extended and supplement
    (0x20000, 0x3FFFF),  # Han: planes 2 and 3
)
_JAMO = (0x1161, 0x1176), (0x11A8, 0x11C3)  #: vowels and finals, which NFC draws into the syllable before them
#: Simple foldings (CaseFolding.txt, status S) that neither `str.casefold` nor `str.lower` gives.
_SIMPLE = {"\u1fd3": 0x0390, "\u1fe3": 0x03B0, "\ufb05": 0xFB06}


@lru_cache(maxsize=1)
def character_table() -> Table:
    """The entry of each code point, (0x110000,) uint32, read-only.

    Characters that Python's Unicode version does not know yet separate tokens; nothing else depends on the version.
    """
    table = np.zeros(0x110000, np.uint32)
    for block in _ASSIGNED:
        _fill(table, block)
    table[ord("_")] = ord("_")
    for first, stop in _JAMO:
        table[first:stop] |= UNSETTLED
    table.flags.writeable = False
    return table


def _fill(table: Table, block: range) -> None:
    """The entries of one block of code points."""
    characters = list(map(chr, block))
    entries = table[block.start : block.stop]
    marks = np.array([category in ("Mn", "Mc") for category in map(unicodedata.category, characters)])
    words = _which(str.isalnum, characters) | marks
    entries[words] = np.flatnonzero(words) + block.start
    entries[marks] |= MARK
    entries[_which(str.isspace, characters)] |= SPACE
    entries[_which(str.isalpha, characters) & _lone(block)] |= LONE
    entries[_which(unicodedata.combining, characters)] |= UNSETTLED
    _fold(entries, characters)
    _unsettle(table, characters)


def _which(test: Callable[[str], object], characters: list[str]) -> NDArray[np.bool_]:
    return np.fromiter(map(test, characters), bool, len(characters))


def _lone(block: range) -> NDArray[np.bool_]:
    """Which code points of the block are in a script written without spaces."""
    inside = np.zeros(block.stop, bool)
    for first, last in _LONE_RANGES:
        inside[first : last + 1] = True
    return inside[block.start :]


def _fold(entries: NDArray[np.uint32], characters: list[str]) -> None:
    """Replace letters by their simple case folding: one character for one, so ß and ligatures stay themselves.

    One mark has a folding, and becomes a letter by it: the iota below Greek vowels, U+0345.
    """
    for i in np.flatnonzero((entries & CODE != 0) & (entries & LONE == 0)):
        character = characters[i]
        folded = character.casefold()
        if folded != character:
            entries[i] = (entries[i] & ~np.uint32(CODE | MARK)) | _simply_folded(character, folded)


def _simply_folded(character: str, folded: str) -> int:
    """Where full folding gives several characters, the one that CaseFolding.txt names as S, else the character."""
    for one in (folded, character.lower()):
        if len(one) == 1 and one != character:
            return ord(one)
    return _SIMPLE.get(character, ord(character))


def _unsettle(table: Table, characters: list[str]) -> None:
    """Flag what NFC changes, and what it may draw into the character before (NFC_Quick_Check No and Maybe)."""
    for character, parts in zip(characters, map(unicodedata.decomposition, characters), strict=True):
        if not parts or parts[0] == "<":
            continue
        if unicodedata.normalize("NFC", character) != character:
            table[ord(character)] |= UNSETTLED
        for part in parts.split()[1:]:
            table[int(part, 16)] |= UNSETTLED


@inner
def decode(data: Bytes, i: int) -> tuple[int, int]:
    """The code point that starts at byte `i` of valid UTF-8 and is not ASCII, and where the next one starts."""
    lead = number(data[at(i)])
    code = (lead & 0x1F) << 6 | (data[at(i + 1)] & 0x3F)
    if lead < 0xE0:
        return code, i + 2
    code = (code & 0x3FF) << 6 | (data[at(i + 2)] & 0x3F)
    if lead < 0xF0:
        return code, i + 3
    return (code & 0x7FFF) << 6 | (data[at(i + 3)] & 0x3F), i + 4
