"""RedPajama's two readings of a text: as tokens of letters or of signs, and normalised: no punctuation, small, NFD.

Normalising goes character by character: of each, one table says what is left of it. Two things depend on neighbours:
the order of several combining marks, and the small letter of a Greek sigma. A text where they matter is told, and its
owner normalises it in Python.
"""

from __future__ import annotations

import string
import unicodedata
from functools import cache

import numpy as np
from numpy.typing import NDArray

from corpusqa.kernels import inner, kernel, number
from corpusqa.kernels.characters import Bytes, at
from corpusqa.kernels.classes import ALNUM, LOWER, NUMERIC, SPACE, TITLE, UPPER
from corpusqa.kernels.counts import Classes, Numbers, capacity, code_point
from corpusqa.kernels.hashing import BASIS, Hashes, finish, step
from corpusqa.kernels.words import ascii_run

Codes = NDArray[np.uint32]

_END = 0x110000  #: code points are below; entries from here on are rows of several
_DELETED = np.uint32(0xFFFFFFFF)
_MOST = 4  #: code points that one character can become
_FEED, _SIGMA, _UNDERSCORE = ord("\n"), 0x03A3, ord("_")
LOREM = np.frombuffer("lorem ipsum".encode("utf-32-le"), np.uint32).copy()

#: What is counted of the tokens of each text.
TOKENS, WITH_LETTER, CAPITALS, STOPS, SENTENCES = range(N_TOKEN_COLUMNS := 5)
#: What is counted of each normalised text.
SCRIPTS, LOREMS, ODD = range(N_NORMAL_COLUMNS := 3)


@cache
def normal_table() -> tuple[Codes, Codes, NDArray[np.uint8]]:
    """What each code point becomes, the rows of those that become several, and each one's place among marks.

    An entry is a code point, or `_END` and more: the row (its length, then the code points), or `_DELETED`.
    """
    entries = np.arange(_END, dtype=np.uint32)
    classes = np.zeros(_END, np.uint8)
    rows: list[list[int]] = []
    for code in (*range(0xD800), *range(0xE000, 0x30000)):
        character = chr(code)
        normal = unicodedata.normalize("NFD", character.lower())
        if normal != character:
            entries[code] = ord(normal) if len(normal) == 1 else _END + len(rows)
            if len(normal) > 1:
                rows.append([len(normal), *map(ord, normal), *[0] * (_MOST - len(normal))])
        classes[code] = unicodedata.combining(character)
    entries[list(map(ord, string.punctuation))] = _DELETED
    return entries, np.array(rows, np.uint32), classes


@cache
def stop_table(words: tuple[str, ...]) -> Hashes:
    """The hashes of these words, each at its place in an open table; 0 is free."""
    table = np.zeros(capacity(len(words)), np.uint64)
    for word in words:
        key = hashed(word)
        place = int(key) & (len(table) - 1)
        while table[place]:
            place = (place + 1) & (len(table) - 1)
        table[place] = key
    return table


def hashed(word: str) -> np.uint64:
    """The hash that the word has among the normalised words."""
    return np.uint64(_hash(np.frombuffer(word.encode("utf-32-le"), np.uint32).copy()))


@kernel
def _hash(codes: Codes) -> np.uint64:
    key = BASIS
    for code in codes:
        key = step(key, np.uint64(code))
    return finish(key)


@kernel
def tokens(
    data: Bytes, starts: Numbers, ends: Numbers, classes: Classes, plain: Codes, stops: Hashes
) -> tuple[Numbers, NDArray[np.float64]]:
    """Of each text its runs of letters and runs of signs (N_TOKEN_COLUMNS), and the capitals' share summed over lines.

    As `\\w+|[^\\w\\s]+` finds them. A sentence is a stretch between full stops, question and exclamation marks that has
    a letter or digit. `plain`: the small letters of ASCII.
    """
    counts = np.zeros((len(starts), N_TOKEN_COLUMNS), np.int64)
    capitals = np.zeros(len(starts), np.float64)
    for text in range(len(starts)):
        i, end = starts[text], ends[text]
        kinds, key, word, inside, letter = 0, BASIS, False, False, False
        upper, length, begun = 0, 0, False
        while i <= end:
            if word or not inside:
                i, key, run = ascii_run(data, i, end, plain, key, 0)
                if run:
                    kinds, word, inside, letter, begun = kinds | LOWER, True, True, True, True
                    length += run
            code, following = code_point(data, i) if i < end else (0x20, i + 1)
            kind = int(classes[at(code)])
            wordlike = kind & ALNUM != 0 or code == _UNDERSCORE
            if inside and (kind & SPACE or wordlike != word):
                counts[text, TOKENS] += 1
                counts[text, WITH_LETTER] += letter
                counts[text, CAPITALS] += kinds & UPPER != 0 and kinds & (LOWER | TITLE) == 0
                counts[text, STOPS] += _among(finish(key), stops)
                kinds, key, inside, letter = 0, BASIS, False, False
            if i == end:
                break
            if kind & SPACE == 0:
                kinds, key, word, inside = kinds | kind, step(key, np.uint64(code)), wordlike, True
                letter = letter or 0x41 <= code <= 0x5A or 0x61 <= code <= 0x7A
            if code == 0x2E or code == 0x21 or code == 0x3F:
                counts[text, SENTENCES] += begun
                begun = False
            begun = begun or wordlike
            upper, length = upper + (kind & UPPER != 0), length + 1
            if code == _FEED:
                capitals[text] += upper / length
                upper, length = 0, 0
            i = following
        counts[text, SENTENCES] += begun
        if length:
            capitals[text] += upper / length
    return counts, capitals


@inner
def _among(key: np.uint64, table: Hashes) -> bool:
    place = np.int64(key & np.uint64(len(table) - 1))
    while table[place] != 0 and table[place] != key:
        place = (place + 1) & (len(table) - 1)
    return bool(table[place] == key)


@kernel
def normalised_words(
    data: Bytes,
    starts: Numbers,
    ends: Numbers,
    classes: Classes,
    tables: tuple[Codes, Codes, NDArray[np.uint8]],
    lorem: Codes,
    script: np.uint64,
    plain: Codes,
    keep: bool,
    most: int,
) -> tuple[Numbers, Hashes, NDArray[np.int32], Numbers, NDArray[np.float64]]:
    """The words of the normalised texts, `most` of them at most: offsets, hashes, lengths; counts; numerals by line.

    Counts (N_NORMAL_COLUMNS) are the words whose hash is `script`, the places with `lorem`, and whether the text's
    characters depend on their neighbours. The last is the share of numerals in each line, summed. `tables`:
    `normal_table`; `plain`: the letters that are taken in at once, all but the first of `lorem`. `keep` punctuation
    where it has been removed.
    """
    entries, rows, marks = tables
    offsets = np.zeros(len(starts) + 1, np.int64)
    hashes, lengths = np.empty(most, np.uint64), np.empty(most, np.int32)
    counts, numerals = np.zeros((len(starts), N_NORMAL_COLUMNS), np.int64), np.zeros(len(starts), np.float64)
    word = 0
    for text in range(len(starts)):
        i, end = starts[text], ends[text]
        key, length, mark, matched = BASIS, 0, 0, 0
        numeric, characters = 0, 0
        while i <= end:
            if not matched:
                here = i
                i, key, length = ascii_run(data, i, end, plain, key, length)
                mark = mark if i == here else 0
            code, i = code_point(data, i) if i < end else (_FEED, i + 1)
            if classes[at(code)] & SPACE:
                if length:
                    hashes[word], lengths[word] = finish(key), length
                    counts[text, SCRIPTS] += hashes[word] == script
                    word, characters = word + 1, characters + length + (characters > 0)
                    key, length, mark = BASIS, 0, 0
                if code == _FEED and characters:
                    numerals[text] += numeric / characters
                    numeric, characters = 0, 0
                continue
            entry = np.uint32(code) if keep and entries[at(code)] == _DELETED else entries[at(code)]
            n = 0 if entry == _DELETED else 1 if entry < _END else int(rows[entry - _END, 0])
            counts[text, ODD] |= code == _SIGMA
            for k in range(n):
                point = entry if n == 1 else rows[entry - _END, 1 + k]
                counts[text, ODD] |= mark > marks[at(point)] > 0
                mark = marks[at(point)]
                matched = _matched(matched, length == 0, number(point), lorem)
                counts[text, LOREMS] += matched == len(lorem)
                matched = 0 if matched == len(lorem) else matched
                numeric += classes[at(point)] & NUMERIC != 0
                key, length = step(key, np.uint64(point)), length + 1
        offsets[text + 1] = word
    return offsets, hashes[:word], lengths[:word], counts, numerals


@inner
def _matched(matched: int, first: bool, point: int, phrase: Codes) -> int:
    """How many characters of the phrase have come when this one has too, `first` of a word, with a blank before it."""
    if first and matched:
        matched = matched + 1 if phrase[matched] == 0x20 else 0
    if point != phrase[matched]:
        matched = 0
    return matched + number(point == phrase[matched])
