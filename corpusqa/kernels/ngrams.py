"""Word n-grams that a text says more than once, for n from 2 to 10, and how many characters lie in them.

A longer n-gram can only be repeated where both the shorter ones in it are. So each round looks only at the places that
the round before left, and numbers the pairs (what begins here, what begins one word on): no n-gram is ever hashed, only
words are. In prose the places are few after two rounds, so ten rounds cost little more than two.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from corpusqa.kernels import inner, kernel
from corpusqa.kernels.counts import Numbers, capacity
from corpusqa.kernels.hashing import FACTOR, Hashes

Small = NDArray[np.int32]  #: of things within one text: half the size, so that a text's all fit the fastest cache

TOP = (2, 4)  #: the n-grams of which the most frequent one is measured
DUP = (5, 10)  #: the n-grams of which all repeats are measured


@kernel
def repeated_ngrams(hashes: Hashes, lengths: Small, offsets: Numbers) -> tuple[Numbers, Numbers]:
    """Characters of words that lie in repeated n-grams, none counted twice.

    Word w has the hash `hashes[w]` and `lengths[w]` characters; text i has the words `offsets[i]` to `offsets[i + 1]`.
    Returns, for n from 2 to 4, those in any copy of the most frequent n-gram (of several the one said first; 0 when it
    is said once), (texts, 3), and for n from 5 to 10 those in n-grams that have come before, (texts, 6).
    """
    n_texts = len(offsets) - 1
    top = np.zeros((n_texts, TOP[1] - TOP[0] + 1), np.int64)
    dup = np.zeros((n_texts, DUP[1] - DUP[0] + 1), np.int64)
    widest = 0
    for i in range(n_texts):
        widest = max(widest, offsets[i + 1] - offsets[i])
    before = np.zeros(widest + 1, np.int64)
    keys, number = np.empty(widest, np.uint64), np.empty(widest + 1, np.int32)
    places, counts, first = np.empty(widest, np.int32), np.empty(widest, np.int32), np.empty(widest, np.int32)
    table = np.empty(capacity(widest), np.int32)
    for i in range(n_texts):
        start, width = offsets[i], offsets[i + 1] - offsets[i]
        for w in range(width):
            before[w + 1] = before[w] + lengths[start + w]
            keys[w], places[w] = hashes[start + w], w
        number[width] = -1
        left = _repeated(keys, places, width, number, counts, first, table)
        for n in range(2, DUP[1] + 1):
            left = _lengthened(keys, places, left, number)
            left = _repeated(keys, places, left, number, counts, first, table)
            if left == 0:
                break
            if n <= TOP[1]:
                top[i, n - TOP[0]] = _in_most_frequent(places, left, number, counts, before, n)
            elif n >= DUP[0]:
                dup[i, n - DUP[0]] = _in_later_copies(places, left, number, first, before, n)
    return top, dup


@inner
def _repeated(
    keys: Hashes, places: Small, n_places: int, number: Small, counts: Small, first: Small, table: Small
) -> int:
    """Number the keys in order of appearance; keep the places whose key is there twice, and return how many they are.

    `number[place]` is the number of the key that begins there, -1 for one that is there once; number `m` has
    `counts[m]` copies, of which the first begins at `first[m]`.
    """
    mask = capacity(n_places) - 1
    for free in range(mask + 1):
        table[free] = -1
    distinct = 0
    for k in range(n_places):
        place = np.int64((keys[k] * FACTOR) >> np.uint64(32)) & mask
        while table[place] >= 0 and keys[table[place]] != keys[k]:
            place = (place + 1) & mask
        if table[place] < 0:
            table[place] = k
            counts[distinct], first[distinct] = 0, places[k]
            number[places[k]] = distinct
            distinct += 1
        else:
            number[places[k]] = number[places[table[place]]]
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
def _in_most_frequent(places: Small, n_places: int, number: Small, counts: Small, before: Numbers, n: int) -> int:
    """Characters in the copies of the n-gram with the most of them."""
    best = number[places[0]]
    for k in range(n_places):
        if counts[number[places[k]]] > counts[best]:
            best = number[places[k]]
    covered, end = 0, 0
    for k in range(n_places):
        if number[places[k]] == best:
            covered += before[places[k] + n] - before[max(places[k], end)]
            end = places[k] + n
    return covered


@inner
def _in_later_copies(places: Small, n_places: int, number: Small, first: Small, before: Numbers, n: int) -> int:
    """Characters in the copies of any n-gram but its first."""
    covered, end = 0, 0
    for k in range(n_places):
        if first[number[places[k]]] != places[k]:
            covered += before[places[k] + n] - before[max(places[k], end)]
            end = places[k] + n
    return covered
