"""One hash for everything: a token is a sequence of characters, a shingle and a whole text are sequences of tokens.

The hash of a sequence starts at `BASIS` and takes in one value after the other, `h = (h ^ value) * FACTOR` modulo
2^64, as FNV-1a does with bytes; at last `h ^= h >> 32` gives the low bits their share of the high ones. Each step is
a bijection of `h` and of `value`, so order counts, and nothing is lost before the 64 bits are full. Keys of texts and
public group ids are made of it: it never changes.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from corpusqa.kernels import inner, kernel, number
from corpusqa.kernels.characters import at

Hashes = NDArray[np.uint64]

BASIS = np.uint64(0xCBF29CE484222325)  #: FNV-1a's offset basis (Fowler, Noll, Vo 1991)
#: 2^64 divided by the golden ratio, odd (Knuth 1973, 6.4): small differences of a value end up as far apart as can be
FACTOR = np.uint64(0x9E3779B97F4A7C15)
#: A base for polynomial hashes modulo 2^64 and its inverse: odd, so that there is one (PCG's multiplier, Knuth's MMIX).
BASE = np.uint64(6364136223846793005)
INVERSE = np.uint64(pow(6364136223846793005, -1, 1 << 64))
FEW = 4  #: hashes in a bucket; from 1 to 8 all take the same time, and 4 a quarter of the memory
HALF = np.uint64(32)
ZERO, ONE = number(0), np.uint64(1)


@inner
def step(h: np.uint64, value: np.uint64) -> np.uint64:
    """The state after one more value."""
    return (h ^ value) * FACTOR


@inner
def finish(h: np.uint64) -> np.uint64:
    """The hash of the values that led to this state."""
    return h ^ (h >> HALF)


@inner
def spell(h: np.uint64, code: int) -> np.uint64:
    """The state after one more character, from 0 on, of a hash that can be put together from those of parts.

    A polynomial of the characters: with those of `n` more that have the hash `g` it is `h * BASE^n + g`.
    """
    return h * BASE + (np.uint64(code) + np.uint64(1)) * FACTOR


@inner
def sequence(values: NDArray[np.integer], start: int, end: int) -> np.uint64:
    """The hash of the values from `start` to `end`, in order."""
    h = BASIS
    for i in range(start, end):
        h = step(h, np.uint64(values[at(i)]))
    return finish(h)


@inner
def distinct(hashes: Hashes, n: int, counts: NDArray[np.int32], out: Hashes, place: int) -> int:
    """The different ones of the first `n` hashes, ascending, into `out` from `place` on; returns how many."""
    spread(hashes, ZERO, n, counts, out, place)
    return deduplicate(out[place : place + n])


@inner
def spread(hashes: Hashes, first: int, n: int, counts: NDArray[np.int32], out: Hashes, place: int) -> None:
    """The `n` hashes from the `first` on, ascending, into `out` from `place` on.

    Hashes are spread evenly, so their high bits say nearly where each belongs: counted into buckets of `FEW` or less,
    they need hardly any sorting. `counts` is scratch space, `n // 2 + 4` or more.
    """
    bits = 1
    while FEW << bits < n:
        bits += 1
    shift = np.uint64(64 - bits)
    for bucket in range((1 << bits) + 1):
        counts[bucket] = 0
    for i in range(first, first + n):
        counts[(hashes[i] >> shift) + np.uint64(1)] += 1
    for bucket in range(1 << bits):
        counts[bucket + 1] += counts[bucket]
    for i in range(first, first + n):
        home = hashes[i] >> shift
        out[place + counts[home]] = hashes[i]
        counts[home] += 1
    for i in range(place + 1, place + n):
        value, j = out[i], i
        while j > place and out[j - 1] > value:
            out[j] = out[j - 1]
            j -= 1
        out[j] = value


@kernel
def deduplicate(ordered: NDArray[np.uint64]) -> int:
    """Move the distinct numbers of an ordered array to its front; gives how many there are."""
    n = min(len(ordered), 1)
    for i in range(1, len(ordered)):
        if ordered[i] != ordered[n - 1]:
            ordered[n] = ordered[i]
            n += 1
    return n
