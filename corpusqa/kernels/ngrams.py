"""Word n-grams that a text says more than once, for n from 2 to 10, and how many characters lie in them.

A longer n-gram can only be repeated where both the shorter ones in it are. So each round looks only at the places that
the round before left, and numbers the pairs (what begins here, what begins one word on): only pairs of words are ever
hashed. In prose the places are few after them, so nine rounds cost little more than one; and most pairs are known to be
there once by a few bits of their hash alone.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from corpusqa.kernels import inner, kernel
from corpusqa.kernels.characters import at
from corpusqa.kernels.counts import Numbers, capacity
from corpusqa.kernels.hashing import FACTOR, HALF, Hashes, step

Small = NDArray[np.int32]  #: of things within one text: half the size, so that a text's all fit the fastest cache
Tally = NDArray[np.uint8]  #: whether there is none of something, one, or more

TOP = (2, 4)  #: the n-grams of which the most frequent one is measured
DUP = (5, 10)  #: the n-grams of which all repeats are measured
LEAST, MOST = 2, 10  #: all that are looked for

#: What is told of the n-grams of each size; all but counts and places are characters of words. Peers read Gopher's
#: sentence on repeated n-grams each in their own way (see `corpusqa.metrics.repetition`), so there are several.
TOP_COVERED = 0  #: in the copies of the most frequent one (of several the one said first), none counted twice
TOP_COUNT = 1  #: how many copies that one has; 1 where none is said twice, 0 where there is no n-gram
TOP_PLACE = 2  #: the word at which its first copy begins
TOP_TIMES = 3  #: in it, times its copies, overlaps or not; of the first n-gram where none is said twice
TOP_LONGEST = 4  #: the same of the longest of those that are as frequent
LATER = 5  #: in copies that are not the first, none counted twice
LATER_SPACED = 6  #: the same, with the blanks between their words
COPIES = 7  #: in all copies of those that are said twice, each counted by itself
COVERED = 8  #: the same, none counted twice
TOTAL = 9  #: in all n-grams, each counted by itself
PLACES = 10  #: how many n-grams are said twice, each copy counted
READINGS = 11


@kernel
def repeated_ngrams(hashes: Hashes, lengths: Small, offsets: Numbers) -> Numbers:
    """All readings of the n-grams of each size, (texts, sizes, READINGS).

    Word w has the hash `hashes[w]` and `lengths[w]` characters; text i has the words `offsets[i]` to `offsets[i + 1]`.
    """
    n_texts = len(offsets) - 1
    told = np.zeros((n_texts, MOST - LEAST + 1, READINGS), np.int64)
    widest = 0
    for i in range(n_texts):
        widest = max(widest, offsets[i + 1] - offsets[i])
    before, sums = np.zeros(widest + 1, np.int64), np.zeros(widest + 2, np.int64)
    keys, number = np.empty(widest, np.uint64), np.empty(widest + 1, np.int32)
    places, counts, first = np.empty(widest, np.int32), np.empty(widest, np.int32), np.empty(widest, np.int32)
    table, tally = np.empty(capacity(widest), np.int32), np.empty(4 * capacity(widest), np.uint8)
    for i in range(n_texts):
        start, width = offsets[i], offsets[i + 1] - offsets[i]
        for w in range(width):
            before[w + 1] = before[w] + lengths[start + w]
        _of_all(before, sums, width, told[i])
        number[max(width - 1, 0)] = number[width] = -1
        left = _pairs(hashes, start, width - 1, keys, places, number, tally)
        for n in range(LEAST, MOST + 1):
            if n > LEAST:
                left = _lengthened(keys, places, left, number)
            left = _repeated(keys, places, left, number, counts, first, table)
            if left <= 0:
                break
            _tell_top(places, left, number, counts, before, n, told[i, n - LEAST])
            _tell_copies(places, left, number, first, before, n, told[i, n - LEAST])
    return told


@inner
def _of_all(before: Numbers, sums: Numbers, width: int, told: Numbers) -> None:
    """Tell of each size what holds whether or not any n-gram is said twice. `sums` is scratch space."""
    for w in range(width + 1):
        sums[w + 1] = sums[w] + before[w]
    for n in range(LEAST, min(MOST, width) + 1):
        told[n - LEAST, TOP_COUNT], told[n - LEAST, TOP_TIMES] = 1, before[n]
        told[n - LEAST, TOTAL] = sums[width + 1] - sums[n] - sums[width - n + 1]


@inner
def _pairs(hashes: Hashes, first: int, n_pairs: int, keys: Hashes, places: Small, number: Small, tally: Tally) -> int:
    """The keys and places of the pairs of words that may be there twice, and how many they are.

    One whose few bits no other has is there once. All others are held against one another by their whole keys.
    """
    mask = np.uint64(4 * capacity(n_pairs) - 1)
    for free in range(mask + np.uint64(1)):
        tally[free] = 0
    for w in range(n_pairs):
        keys[at(w)] = step(hashes[at(first + w)] * FACTOR, hashes[at(first + w + 1)])
        bits = at(keys[at(w)] >> HALF & mask)
        tally[bits] = min(tally[bits] + 1, 2)
    left = 0
    for w in range(n_pairs):
        number[at(w)] = -1
        keys[at(left)], places[at(left)] = keys[at(w)], w
        left += tally[at(keys[at(w)] >> HALF & mask)] > 1
    return left


@inner
def _repeated(
    keys: Hashes, places: Small, n_places: int, number: Small, counts: Small, first: Small, table: Small
) -> int:
    """Number the keys in order of appearance; keep the places whose key is there twice, and return how many they are.

    `number[place]` is the number of the key that begins there, -1 for one that is there once; number `m` has
    `counts[m]` copies, of which the first begins at `first[m]`.
    """
    mask = np.uint64(capacity(n_places) - 1)
    for free in range(mask + np.uint64(1)):
        table[free] = -1
    distinct = 0
    for k in range(n_places):
        slot = (keys[at(k)] * FACTOR) >> HALF & mask
        while table[slot] >= 0 and keys[at(table[slot])] != keys[at(k)]:
            slot = (slot + np.uint64(1)) & mask
        if table[slot] < 0:
            table[slot] = k
            counts[distinct], first[distinct] = 0, places[k]
            number[places[k]] = distinct
            distinct += 1
        else:
            number[places[k]] = number[places[table[slot]]]
        counts[number[places[k]]] += 1
    left = 0
    for k in range(n_places):
        if counts[number[places[k]]] > 1:
            places[left] = places[k]
            left += 1
        else:
            number[places[k]] = -1
    return left


@inner
def _lengthened(keys: Hashes, places: Small, n_places: int, number: Small) -> int:
    """The places at which an n-gram one word longer can be repeated, with its key; how many they are."""
    left = 0
    for k in range(n_places):
        place = places[k]
        if number[place + 1] >= 0:
            keys[left] = np.uint64(number[place]) << np.uint64(32) | np.uint64(number[place + 1])
            places[left] = place
            left += 1
        else:
            number[place] = -1
    return left


@inner
def _tell_top(
    places: Small, n_places: int, number: Small, counts: Small, before: Numbers, n: int, told: Numbers
) -> None:
    """Tell of the n-gram with the most copies. `places` are those of n-grams said twice, and there are some."""
    best = longest = places[0]
    for k in range(n_places):
        place = places[k]
        copies, most = counts[number[place]], counts[number[best]]
        length = before[place + n] - before[place]
        if copies > most or (copies == most and length > before[longest + n] - before[longest]):
            longest = place
        if copies > most:
            best = place
    told[TOP_PLACE], told[TOP_COUNT] = best, counts[number[best]]
    told[TOP_TIMES] = told[TOP_COUNT] * (before[best + n] - before[best])
    told[TOP_LONGEST] = told[TOP_COUNT] * (before[longest + n] - before[longest])
    end = 0
    for k in range(n_places):
        if number[places[k]] == number[best]:
            told[TOP_COVERED] += before[places[k] + n] - before[max(places[k], end)]
            end = places[k] + n


@inner
def _tell_copies(
    places: Small, n_places: int, number: Small, first: Small, before: Numbers, n: int, told: Numbers
) -> None:
    """Tell of all n-grams that are said twice."""
    end = end_later = 0
    for k in range(n_places):
        place = places[k]
        told[COPIES] += before[place + n] - before[place]
        told[COVERED] += before[place + n] - before[max(place, end)]
        end = place + n
        if first[number[place]] != place:
            fresh = place + n - max(place, end_later)
            characters = before[place + n] - before[place + n - fresh]
            told[LATER] += characters
            told[LATER_SPACED] += characters + min(fresh, n - 1)
            end_later = place + n
    told[PLACES] = n_places
