"""Words as other programs take them, and what they count of them; most cut at white space, as `str.split` does."""

from __future__ import annotations

import string

import numpy as np
from numpy.typing import NDArray

from corpusqa.kernels import inner, kernel
from corpusqa.kernels.characters import ASCII, Bytes, at
from corpusqa.kernels.classes import SPACE
from corpusqa.kernels.counts import ELLIPSIS, Classes, Numbers, capacity, code_point
from corpusqa.kernels.foreign import PUNCTUATION, SPECIAL
from corpusqa.kernels.hashing import BASIS, FACTOR, ONE, Hashes, finish, step
from corpusqa.kernels.phrases import lower

Small = NDArray[np.int32]
Codes = NDArray[np.uint32]  #: code points

#: What is counted of each text.
SOUND = 0  #: words that are not all punctuation, by datatrove's list
SOUND_CHARACTERS = 1  #: their characters
MARKED = 2  #: words that hold a `#` or a `…`, as Dolma counts
SIGNS = 3  #: words that are a hash sign or an ellipsis, as NeMo counts
STOPS = 4  #: stop words, each time, in small letters
ANY_STOPS = 5  #: stop words, each time, in letters of any size
N_COLUMNS = 6

COUNTED = 1024  #: lengths below are counted off for the median, which is faster; longer ones are searched for

_HASH, _DOT, _BLANK = ord("#"), ord("."), ord(" ")


def packed(words: list[str]) -> NDArray[np.int64]:
    """Short ASCII words as numbers, four bytes each at most, which are compared at once."""
    return np.array([int.from_bytes(word.encode(), "little") for word in words], np.int64)


@inner
def ascii_run(data: Bytes, i: int, end: int, small: Codes, key: np.uint64, length: int) -> tuple[int, np.uint64, int]:
    """Take in the run of ASCII characters from byte `i` on for which `small` has a code: its end, key and length.

    Most of most texts, and by itself a loop of a nanosecond a byte.
    """
    while i < end and data[at(i)] < ASCII and small[at(data[at(i)])] != 0:
        key, length, i = step(key, np.uint64(small[at(data[at(i)])])), length + 1, i + 1
    return i, key, length


def letters(others: str = "", *, small: bool = True, without: str = "") -> Codes:
    """The table for `ascii_run` of the letters and these others, as they are or in small letters; (128,) uint32."""
    table = np.zeros(ASCII, np.uint32)
    for letter in set(string.ascii_letters + others) - set(without):
        table[ord(letter)] = ord(letter.lower() if small else letter)
    return table


@kernel
def word_counts(
    data: Bytes,
    starts: Numbers,
    ends: Numbers,
    classes: Classes,
    foreign: Classes,
    plain: Codes,
    stops: Numbers,
    marks: Bytes,
    bounds: Numbers,
) -> Numbers:
    """What is counted of the words of each text, (n, N_COLUMNS).

    `plain`: `letters()`, of which no more needs to be known; `stops`: `packed`; `marks`: NeMo's ellipses.
    """
    counts = np.zeros((len(starts), N_COLUMNS), np.int64)
    maybe = np.uint64(0)  # a bit for each stop word: most words are told by it to be none
    for stop in stops:
        maybe |= ONE << _bit(stop)
    for text in range(len(starts)):
        i, end = starts[text], ends[text]
        while i < end:
            start = last = i
            length, sound, marked, hashes, runs = 0, False, False, False, 0
            while i < end:
                i, _, run = ascii_run(data, i, end, plain, BASIS, 0)
                if run:
                    last, length, sound, hashes = i, length + run, True, False
                if i == end:
                    break
                code, i = code_point(data, i)
                if classes[at(code)] & SPACE:
                    break
                last, length = i, length + 1
                sound = sound or foreign[at(code)] & PUNCTUATION == 0
                runs += code == _HASH and not hashes
                hashes = code == _HASH
                marked = marked or hashes or code == ELLIPSIS
            if length == 0:
                continue
            counts[text, SOUND] += sound
            counts[text, SOUND_CHARACTERS] += length * sound
            counts[text, MARKED] += marked
            counts[text, SIGNS] += 2 * runs > length or (not sound and _is_one(data, start, last, marks, bounds))
            if last - start <= 4:
                exact = small = 0
                for k in range(last - start):
                    exact |= int(data[at(start + k)]) << 8 * k
                    small |= int(lower(data[at(start + k)])) << 8 * k
                if maybe >> _bit(small) & ONE:
                    for stop in stops:
                        counts[text, STOPS] += exact == stop
                        counts[text, ANY_STOPS] += small == stop
    return counts


@inner
def _bit(word: int) -> np.uint64:
    """One of 64 for a packed word."""
    return np.uint64(word) * FACTOR >> np.uint64(58)


@inner
def _is_one(data: Bytes, start: int, end: int, letters: Bytes, bounds: Numbers) -> bool:
    """Whether the stretch is one of the phrases."""
    for k in range(len(bounds) - 1):
        if end - start == bounds[k + 1] - bounds[k]:
            same = True
            for j in range(end - start):
                same = same and data[start + j] == letters[bounds[k] + j]
            if same:
                return True
    return False


@kernel
def spaced_ellipses(data: Bytes, starts: Numbers, ends: Numbers) -> Numbers:
    """Occurrences of `. . .` in each text, none of which overlap."""
    counts = np.zeros(len(starts), np.int64)
    for text in range(len(starts)):
        i = starts[text]
        while i + 5 <= ends[text]:
            dotted = data[at(i)] == _DOT and data[i + 2] == _DOT and data[i + 4] == _DOT
            found = dotted and data[i + 1] == _BLANK and data[i + 3] == _BLANK
            counts[text] += found
            i += 5 if found else 1
    return counts


@inner
def _at_rank(lengths: Small, first: int, last: int, highest: int, rank: int) -> int:
    """The length that so many of a text's lengths come before, in order. numba takes a second to compile a sort."""
    low, high = 0, highest
    while low < high:
        middle, n = (low + high) // 2, 0
        for k in range(first, last):
            n += lengths[k] <= middle
        if n > rank:
            high = middle
        else:
            low = middle + 1
    return low


@kernel
def median_lengths(lengths: Small, offsets: Numbers) -> NDArray[np.float64]:
    """The median of the lengths of each text's words, or lines; 0 where it has none. Short ones are counted off."""
    medians = np.zeros(len(offsets) - 1, np.float64)
    with_length = np.zeros(COUNTED, np.int64)
    for text in range(len(offsets) - 1):
        first, last = offsets[text], offsets[text + 1]
        n, highest = last - first, 0
        for k in range(first, last):
            highest = max(highest, lengths[k])
        if n and highest >= COUNTED:
            low = _at_rank(lengths, first, last, highest, (n - 1) // 2)
            medians[text] = (low + _at_rank(lengths, first, last, highest, n // 2)) / 2
            continue
        for k in range(first, last):
            with_length[lengths[k]] += 1
        below, half = 0, 0
        for length in range(highest + 1):
            if below <= (n - 1) // 2 < below + with_length[length]:
                half = length
            if below <= n // 2 < below + with_length[length]:
                medians[text] = (half + length) / 2
            below += with_length[length]
            with_length[length] = 0
    return medians


@kernel
def diversity(hashes: Hashes, offsets: Numbers) -> tuple[Numbers, NDArray[np.float64]]:
    """Of each text how many different words it has, and the sum of n ln n over how often each is said."""
    distinct, sums = np.zeros(len(offsets) - 1, np.int64), np.zeros(len(offsets) - 1, np.float64)
    widest = 0
    for text in range(len(offsets) - 1):
        widest = max(widest, offsets[text + 1] - offsets[text])
    seen, counts = np.empty(capacity(widest), np.uint64), np.empty(capacity(widest), np.int64)
    for text in range(len(offsets) - 1):
        mask = np.uint64(capacity(offsets[text + 1] - offsets[text]) - 1)
        for free in range(mask + ONE):
            counts[free] = 0
        for word in range(offsets[text], offsets[text + 1]):
            place = hashes[at(word)] & mask
            while counts[place] > 0 and seen[place] != hashes[at(word)]:
                place = (place + ONE) & mask
            distinct[text] += counts[place] == 0
            seen[place] = hashes[at(word)]
            counts[place] += 1
        for place in range(mask + ONE):
            if counts[place] > 1:
                sums[text] += counts[place] * np.log(counts[place])
    return distinct, sums


@kernel
def refined_words(
    data: Bytes, starts: Numbers, ends: Numbers, foreign: Classes, small: Codes, plain: Codes, most: int
) -> tuple[Numbers, Hashes, NDArray[np.int32]]:
    """data-juicer's words, of `most` in all: offsets, hashes, lengths.

    They are what stands between blanks, tabs and line feeds, without special characters at the ends, in small letters
    (`small`: that of each code point; `plain`: `letters()`).
    """
    offsets = np.zeros(len(starts) + 1, np.int64)
    hashes, lengths = np.empty(most, np.uint64), np.empty(most, np.int32)
    word = 0
    for text in range(len(starts)):
        i, end = starts[text], ends[text]
        key, length, kept, kept_length = BASIS, 0, BASIS, 0
        while i < end:
            here = i
            i, key, length = ascii_run(data, i, end, plain, key, length)
            if i > here:
                kept, kept_length = key, length
            if i == end:
                break
            code, i = code_point(data, i)
            parted = code == 0x20 or code == 0x0A or code == 0x09
            if not parted and (length or foreign[at(code)] & SPECIAL == 0):
                key, length = step(key, np.uint64(small[at(code)])), length + 1
                if foreign[at(code)] & SPECIAL == 0:
                    kept, kept_length = key, length
            if length and parted:
                hashes[word], lengths[word] = finish(kept), kept_length
                word += 1
                key, length = BASIS, 0
        if length:
            hashes[word], lengths[word] = finish(kept), kept_length
            word += 1
        offsets[text + 1] = word
    return offsets, hashes[:word], lengths[:word]


@kernel
def struck_out(data: Bytes, starts: Numbers, ends: Numbers, classes: Classes, places: Numbers, n: int) -> Numbers:
    """Characters that `str.replace` takes out of each text, given `n` words from word `places` on with blanks between.

    NeMo looks for the top n-gram as characters: also within other words, not across a line break, copies that overlap
    once. 0 where the text has not so many words.
    """
    counts = np.zeros(len(starts), np.int64)
    phrase, jumps = np.empty(0, np.uint8), np.empty(256, np.int64)
    for text in range(len(starts)):
        if len(phrase) < ends[text] - starts[text] + 1:
            phrase = np.empty(ends[text] - starts[text] + 1, np.uint8)
        size, characters = _phrase(data, starts[text], ends[text], classes, places[text], n, phrase)
        if size:
            counts[text] = characters * _occurrences(data, starts[text], ends[text], phrase, size, jumps)
    return counts


@inner
def _occurrences(data: Bytes, i: int, end: int, phrase: Bytes, size: int, jumps: Numbers) -> int:
    """How often the phrase of `size` bytes occurs, by the last byte of each stretch (Horspool 1980); `jumps`: scratch.

    No occurrences overlap.
    """
    for byte in range(256):
        jumps[byte] = size
    for k in range(size - 1):
        jumps[phrase[k]] = size - 1 - k
    found = 0
    while i + size <= end:
        k = size - 1
        last = data[at(i + k)]
        while k >= 0 and data[at(i + k)] == phrase[at(k)]:
            k -= 1
        found += k < 0
        i += size if k < 0 else jumps[last]
    return found


@inner
def _phrase(data: Bytes, i: int, end: int, classes: Classes, place: int, n: int, out: Bytes) -> tuple[int, int]:
    """`n` words from word `place` on, a blank between, into `out`; its bytes and characters, 0 if there are too few."""
    word, inside, size, characters = -1, False, 0, 0
    while i < end:
        code, following = code_point(data, i)
        space = classes[at(code)] & SPACE != 0
        if inside and space and word == place + n - 1:
            return size, characters
        if not space:
            word += not inside
            if word > place and not inside:
                out[size] = 0x20
                size, characters = size + 1, characters + 1
            if word >= place:
                for k in range(i, following):
                    out[size + k - i] = data[k]
                size, characters = size + following - i, characters + 1
        inside, i = not space, following
    return (size, characters) if word == place + n - 1 else (0, 0)
