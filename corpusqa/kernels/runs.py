"""Two more ways to count what is repeated: datatrove's n-grams of words run together, and n-grams of characters."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from corpusqa.kernels import inner, kernel, number
from corpusqa.kernels.characters import Bytes, at
from corpusqa.kernels.counts import Numbers, capacity, code_point
from corpusqa.kernels.hashing import BASE, FACTOR, HALF, INVERSE, ONE, Hashes, finish

Small = NDArray[np.int32]

SHORT = 64  #: characters of a word whose powers of `BASE` are looked up; a longer one's are multiplied out


@kernel
def run_together(hashes: Hashes, lengths: Small, offsets: Numbers, least: int, most: int) -> Numbers:
    """Characters in repeated n-grams of words, for n from `least` to `most`, as datatrove counts: (n, sizes).

    It compares what the words spell without a blank between them, and goes on behind each repeat. So the key of a
    run of words is that of their characters: a polynomial, of which any stretch is a difference.
    `hashes`: `counts.words`.
    """
    n_texts = len(offsets) - 1
    told = np.zeros((n_texts, most - least + 1), np.int64)
    widest = 0
    for text in range(n_texts):
        widest = max(widest, offsets[text + 1] - offsets[text])
    sums, scales = np.empty(widest + 1, np.uint64), np.empty(widest + 1, np.uint64)
    before, seen = np.empty(widest + 1, np.int64), np.empty(capacity(widest), np.uint64)
    powers, inverses = _powers(BASE), _powers(INVERSE)
    for text in range(n_texts):
        first, n_words = offsets[text], offsets[text + 1] - offsets[text]
        _spelled(hashes, lengths, first, n_words, powers, inverses, sums, scales, before)
        mask = np.uint64(capacity(n_words) - 1)
        for n in range(least, most + 1):
            for free in range(mask + ONE):
                seen[free] = 0
            word = 0
            while word + n <= n_words:
                key = ((sums[at(word + n)] - sums[at(word)]) * scales[at(word)]) | ONE  # 0 is a free place
                if _seen(key, seen, mask):
                    told[text, n - least] += before[at(word + n)] - before[at(word)]
                    word += n
                else:
                    word += 1
    return told


@inner
def _powers(base: np.uint64) -> Hashes:
    powers = np.empty(SHORT, np.uint64)
    power = ONE
    for n in range(SHORT):
        powers[n] = power
        power *= base
    return powers


@inner
def _power(base: np.uint64, n: int, powers: Hashes) -> np.uint64:
    """`base` to the power of `n`, of which `powers` has the lowest."""
    power: np.uint64 = powers[n % SHORT]
    for _ in range(n // SHORT * SHORT):
        power *= base
    return power


@inner
def _spelled(
    hashes: Hashes,
    lengths: Small,
    first: int,
    n_words: int,
    powers: Hashes,
    inverses: Hashes,
    sums: Hashes,
    scales: Hashes,
    before: Numbers,
) -> None:
    """The polynomial of all words up to each, in falling powers; what scales it back; and the characters so far."""
    total, scale, inverse, characters = np.uint64(0), ONE, ONE, 0
    sums[0], scales[0], before[0] = total, scale, characters
    for word in range(n_words):
        length = lengths[at(first + word)]
        scale *= _power(BASE, length, powers)
        inverse *= _power(INVERSE, length, inverses)
        total += finish(hashes[at(first + word)]) * inverse  # `finish` undoes itself
        characters += length
        sums[at(word + 1)], scales[at(word + 1)], before[at(word + 1)] = total, scale, characters


@inner
def _seen(key: np.uint64, seen: Hashes, mask: np.uint64) -> bool:
    """Whether the key is among those seen; it is from now on."""
    place = (key * FACTOR) >> HALF & mask
    while seen[place] != 0 and seen[place] != key:
        place = (place + ONE) & mask
    if seen[place] == key:
        return True
    seen[place] = key
    return False


MANY = 1 << 24  #: keys; no cache holds the table of so many, so it is kept small
TALLY = 28  #: low bits of a place that count; those above are of the key, which is told apart well enough by them
COUNT = np.uint64((1 << TALLY) - 1)
FEW = 64  #: n-grams with fewer copies are not sorted, but counted off


@kernel
def character_ngrams(data: Bytes, starts: Numbers, ends: Numbers, n_chars: Numbers, n: int) -> Numbers:
    """Of each text the copies of its most repeated n-grams of characters, for `n` and for twice `n`: (texts, 2).

    Of the n-grams that are there twice or more, the most frequent ones count, as many as the root of the number of
    different ones, as BigScience has it. One of twice `n` is a pair of the others, and repeated where both are.
    """
    told = np.zeros((len(starts), 2), np.int64)
    longest = 0
    for characters in n_chars:
        longest = max(longest, characters)
    keys, slots = np.empty(longest, np.uint64), np.empty(longest, np.int32)
    table, repeated = np.empty(_room(longest), np.uint64), np.empty(longest // 2 + 1, np.int32)
    drop = ONE
    for _ in range(n):
        drop *= BASE
    for text in range(len(starts)):
        total = max(n_chars[text] - n + 1, 0)
        _rolled(data, starts[text], ends[text], n, drop, keys)
        distinct, n_repeated = _tallied(keys, total, table, slots, repeated)
        told[text, 0] = _most_repeated(table, repeated, n_repeated, distinct)
        pairs = 0
        for k in range(total - n):
            left, right = at(slots[at(k)]), at(slots[at(k + n)])
            keys[at(pairs)] = np.uint64(left) << HALF | np.uint64(right)
            pairs += (table[left] & COUNT > ONE) & (table[right] & COUNT > ONE)
        distinct, n_repeated = _tallied(keys, pairs, table, slots, repeated)
        told[text, 1] = _most_repeated(table, repeated, n_repeated, distinct + max(total - n, 0) - pairs)
    return told


@inner
def _rolled(data: Bytes, i: int, end: int, n: int, drop: np.uint64, keys: Hashes) -> None:
    """The key of each n-gram of characters, from that of the one before."""
    behind, key, seen = i, np.uint64(0), 0
    while i < end:
        code, i = code_point(data, i)
        key = key * BASE + (np.uint64(code) + ONE) * FACTOR
        seen += 1
        if seen > n:
            old, behind = code_point(data, behind)
            key -= (np.uint64(old) + ONE) * FACTOR * drop
        if seen >= n:
            keys[at(seen - n)] = key


@inner
def _room(n: int) -> int:
    """The power of two that holds `n` keys half full; of very many, three quarters full: a gigabyte for 100 million."""
    size = capacity(n)
    return size // 2 if n > MANY and 3 * size // 8 >= n else size


@inner
def _tallied(keys: Hashes, n_keys: int, table: Hashes, slots: Small, repeated: Small) -> tuple[int, int]:
    """Count the keys in the table; how many are different, and how many of these there twice.

    A place of the table holds the high bits of a key, and its copies. `slots` has the place of each key, `repeated`
    those of the keys that are there twice.
    """
    mask = np.uint64(_room(n_keys) - 1)
    for free in range(mask + ONE):
        table[free] = 0
    distinct, n_repeated = 0, 0
    for k in range(n_keys):
        mixed = keys[at(k)] * FACTOR
        mixed ^= mixed >> HALF
        place, tag = mixed & mask, mixed & ~COUNT
        while table[place] != 0 and table[place] & ~COUNT != tag:
            place = (place + ONE) & mask
        there = table[place]  # no branches from here on: whether a key is new cannot be foreseen
        table[place] = (there | tag) + ONE
        distinct += there == 0
        repeated[at(n_repeated)] = place
        n_repeated += there & COUNT == ONE
        slots[at(k)] = place
    return distinct, n_repeated


@inner
def _most_repeated(table: Hashes, repeated: Small, n_repeated: int, distinct: int) -> int:
    """The copies of the most frequent of the n-grams at these places, the root of `distinct` of them at most.

    Nearly all are there a few times, so they are counted off by how often that is; only the others are sorted.
    """
    with_count = np.zeros(FEW, np.int64)
    often = 0
    for k in range(n_repeated):
        count = number(table[repeated[k]] & COUNT)
        if count < FEW:
            with_count[count] += 1
        else:
            repeated[often] = repeated[k]
            often += 1
    counts = np.empty(often, np.int64)
    for k in range(often):
        counts[k] = number(table[repeated[k]] & COUNT)
    counts.sort()
    wanted, copies = min(number(np.sqrt(distinct)), n_repeated), 0
    for k in range(often - 1, max(often - wanted, 0) - 1, -1):
        copies += counts[k]
    wanted -= min(wanted, often)
    for count in range(FEW - 1, 1, -1):
        taken = min(wanted, with_count[count])
        copies, wanted = copies + taken * count, wanted - taken
    return copies
