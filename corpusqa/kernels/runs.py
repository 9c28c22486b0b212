"""Two more ways to count what is repeated: datatrove's n-grams of words run together, and n-grams of characters."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from corpusqa.kernels import inner, kernel
from corpusqa.kernels.characters import Bytes, at
from corpusqa.kernels.classes import SPACE
from corpusqa.kernels.counts import Classes, Numbers, capacity, code_point
from corpusqa.kernels.hashing import FACTOR, HALF, Hashes

Small = NDArray[np.int32]

#: A base for polynomial hashes modulo 2^64 and its inverse: odd, so that there is one (PCG's multiplier, Knuth's MMIX).
BASE = np.uint64(6364136223846793005)
INVERSE = np.uint64(pow(6364136223846793005, -1, 1 << 64))


@kernel
def run_together(
    data: Bytes, starts: Numbers, ends: Numbers, classes: Classes, offsets: Numbers, least: int, most: int
) -> Numbers:
    """Characters in repeated n-grams of words, for n from `least` to `most`, as datatrove counts: (n, sizes).

    It compares what the words spell without a blank between them, and goes on behind each repeat. So the key of a
    run of words is that of their characters: a polynomial, of which any stretch is a difference.
    """
    n_texts = len(starts)
    told = np.zeros((n_texts, most - least + 1), np.int64)
    widest = 0
    for text in range(n_texts):
        widest = max(widest, offsets[text + 1] - offsets[text])
    sums, scales = np.empty(widest + 1, np.uint64), np.empty(widest + 1, np.uint64)
    lengths = np.empty(widest + 1, np.int64)
    seen = np.empty(capacity(widest), np.uint64)
    for text in range(n_texts):
        n_words = _spelled(data, starts[text], ends[text], classes, sums, scales, lengths)
        size = capacity(n_words)
        for n in range(least, most + 1):
            seen[:size] = 0
            word = 0
            while word + n <= n_words:
                key = ((sums[word + n] - sums[word]) * scales[word]) | np.uint64(1)  # 0 is a free place
                if _seen(key, seen, size):
                    told[text, n - least] += lengths[word + n] - lengths[word]
                    word += n
                else:
                    word += 1
    return told


@inner
def _spelled(data: Bytes, i: int, end: int, classes: Classes, sums: Hashes, scales: Hashes, lengths: Numbers) -> int:
    """The polynomial of all words up to each, what scales it back, the characters so far; returns how many words."""
    words, inside = 0, False
    total, power, scale, length = np.uint64(0), np.uint64(1), np.uint64(1), 0
    sums[0], scales[0], lengths[0] = total, scale, length
    while i < end:
        code, i = code_point(data, i)
        space = classes[at(code)] & SPACE != 0
        if not space:
            total += (np.uint64(code) + np.uint64(1)) * FACTOR * power
            power, scale, length = power * BASE, scale * INVERSE, length + 1
        inside = inside or not space
        if inside and (space or i == end):
            words, inside = words + 1, False
            sums[words], scales[words], lengths[words] = total, scale, length
    return words


@inner
def _seen(key: np.uint64, seen: Hashes, size: int) -> bool:
    """Whether the key is among those seen; it is from now on."""
    place = np.int64((key * FACTOR) >> HALF) & (size - 1)
    while seen[place] != 0 and seen[place] != key:
        place = (place + 1) & (size - 1)
    if seen[place] == key:
        return True
    seen[place] = key
    return False


@kernel
def character_ngrams(data: Bytes, starts: Numbers, ends: Numbers, n_chars: Numbers, n: int) -> Numbers:
    """Of each text its n-grams of characters, and how many of them are copies of the most repeated ones: (texts, 2).

    Of those that are there twice or more, the most frequent ones count, as many as the root of the number of different
    n-grams, as BigScience has it.
    """
    told = np.zeros((len(starts), 2), np.int64)
    longest = int(np.max(n_chars)) if len(n_chars) else 0
    keys, table = np.empty(longest, np.uint64), np.empty(capacity(longest), np.int32)
    counts = np.empty(longest, np.int32)
    drop = np.uint64(1)
    for _ in range(n):
        drop *= BASE
    for text in range(len(starts)):
        total = n_chars[text] - n + 1
        if total < 1:
            continue
        told[text, 0] = total
        _rolled(data, starts[text], ends[text], n, drop, keys)
        distinct = _tallied(keys, total, counts, table)
        told[text, 1] = _most_repeated(counts, distinct)
    return told


@inner
def _rolled(data: Bytes, i: int, end: int, n: int, drop: np.uint64, keys: Hashes) -> None:
    """The key of each n-gram of characters."""
    behind, key, seen = i, np.uint64(0), 0
    while i < end:
        code, i = code_point(data, i)
        key = key * BASE + (np.uint64(code) + np.uint64(1)) * FACTOR
        seen += 1
        if seen > n:
            old, behind = code_point(data, behind)
            key -= (np.uint64(old) + np.uint64(1)) * FACTOR * drop
        if seen >= n:
            keys[seen - n] = key


@inner
def _tallied(keys: Hashes, n: int, counts: Small, table: Small) -> int:
    """How many different keys there are; `counts` has the copies of each, in order of appearance."""
    size = capacity(n)
    table[:size] = -1
    distinct = 0
    for k in range(n):
        place = np.int64((keys[k] * FACTOR) >> HALF) & (size - 1)
        while table[place] >= 0 and keys[table[place]] != keys[k]:
            place = (place + 1) & (size - 1)
        if table[place] < 0:
            table[place], counts[distinct] = distinct, 1
            keys[distinct] = keys[k]
            distinct += 1
        else:
            counts[table[place]] += 1
    return distinct


@inner
def _most_repeated(counts: Small, distinct: int) -> int:
    """The copies of the most frequent n-grams, of those said twice, the root of `distinct` at most."""
    repeated = counts[:distinct][counts[:distinct] > 1]
    wanted = min(int(np.sqrt(distinct)), len(repeated))
    ordered = np.sort(repeated)
    return int(np.sum(ordered[len(ordered) - wanted :]))
