"""Texts to shingle sets and MinHash signatures; signatures to band keys.

A signature is datasketch's, scheme `affine32`: the low 32 bits of a shingle's hash go through MurmurHash3's finaliser,
then `a_k * h + b_k` modulo 2^32 for each permutation `k`, and of each permutation the least value is kept.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from corpusqa.kernels import inner, kernel, number
from corpusqa.kernels.characters import Bytes, Offsets, Table, at
from corpusqa.kernels.hashing import BASIS, ZERO, Hashes, distinct, finish, sequence, step
from corpusqa.kernels.tokens import key, longest, tokenise

U32 = np.uint32
Values = NDArray[np.uint64]  #: what shingles are made of: hashes of tokens, or code points

WIDTH = 5  #: tokens, or characters, in a shingle: what the field compares documents by (datatrove, data-juicer, Llama)
CHUNK = 512  #: shingles at a time: 4 kB of hashes, which stay in the first-level cache
EMPTY = U32(0xFFFFFFFF)  #: the value of a permutation that has seen no shingle
AT_ONCE = 8  #: shingles for each walk over the signature; four take a sixth longer, one takes five times as long


@inner
def n_shingles(n_values: int) -> int:
    """How many shingles there are, repeats counted; fewer values than `WIDTH` make one."""
    return max(n_values - WIDTH + 1, min(n_values, 1))


@inner
def windows(values: Values, n_values: int, first: int, n: int, out: Hashes) -> None:
    """The hashes of `n` shingles from the one at `first` on, into `out`."""
    width = min(WIDTH, n_values)
    if width < WIDTH:
        out[0] = sequence(values, 0, width)
        return
    for i in range(n):
        h = BASIS
        for k in range(WIDTH):
            h = step(h, np.uint64(values[at(first + i + k)]))
        out[i] = finish(h)


@kernel
def shingles(
    data: Bytes, starts: Offsets, ends: Offsets, table: Table, by_token: bool, out: Hashes, offsets: Offsets
) -> None:
    """The shingle hashes of each text, distinct and ascending, and the (n + 1) offsets at which the texts begin."""
    scratch = longest(starts, ends) + 1
    codes = np.empty(1 if by_token else scratch, np.uint64)
    tokens = np.empty(scratch // 2 + 1, np.uint64)
    hashes = np.empty(len(tokens) if by_token else scratch, np.uint64)
    counts = np.empty(len(hashes) // 2 + 4, np.int32)
    offsets[0] = 0
    for text in range(len(starts)):
        n_codes, n_tokens = tokenise(data, starts[text], ends[text], table, codes, tokens)
        n = n_shingles(n_tokens if by_token else n_codes)
        if by_token:
            windows(tokens, n_tokens, ZERO, n, hashes)
        else:
            windows(codes, n_codes, ZERO, n, hashes)
        offsets[text + 1] = offsets[text] + distinct(hashes, n, counts, out, offsets[text])


@kernel
def signatures(
    data: Bytes,
    starts: Offsets,
    ends: Offsets,
    table: Table,
    by_token: bool,
    factors: NDArray[np.uint32],
    terms: NDArray[np.uint32],
    out: NDArray[np.uint32],
) -> None:
    """The MinHash signature of each text, into (n, permutations); all ones for a text without shingles."""
    scratch = longest(starts, ends) + 1
    codes = np.empty(1 if by_token else scratch, np.uint64)
    tokens = np.empty(scratch // 2 + 1, np.uint64)
    low = np.empty(1, np.uint64)
    for text in range(len(starts)):
        n_codes, n_tokens = tokenise(data, starts[text], ends[text], table, codes, tokens)
        if by_token:
            _sign(tokens, n_tokens, factors, terms, out[text], low)
        else:
            _sign(codes, n_codes, factors, terms, out[text], low)


@kernel
def prints(
    data: Bytes,
    starts: Offsets,
    ends: Offsets,
    table: Table,
    factors: NDArray[np.uint32],
    terms: NDArray[np.uint32],
    sample: int,
    keys: Hashes,
    n_tokens: NDArray[np.uint32],
    signatures: NDArray[np.uint32],
    heads: Hashes,
    n_heads: NDArray[np.uint32],
) -> int:
    """Of each text, cut into tokens once, the key, the tokens, the signature, and the lowest of its shingle hashes.

    One shingle in `sample` is among these, the same in every text: `heads` has them distinct and ascending, text after
    text, `n_heads` how many each has. Returns how many there are in all.
    """
    scratch = longest(starts, ends) + 1
    codes, none = np.empty(scratch, np.uint64), np.empty(1, np.uint64)
    tokens, low = np.empty(scratch // 2 + 1, np.uint64), np.empty(scratch // 2 + 2, np.uint64)
    counts = np.empty(len(low) // 2 + 4, np.int32)
    limit = np.uint64(0xFFFFFFFFFFFFFFFF) // np.uint64(sample)
    place = ZERO
    for text in range(len(starts)):
        _, n = tokenise(data, starts[text], ends[text], table, none, tokens)
        n_tokens[text] = n
        keys[text] = key(data, starts[text], ends[text], table, tokens, n, codes)
        low[0] = limit
        n_low = _sign(tokens, n, factors, terms, signatures[text], low)
        n_heads[text] = distinct(low, n_low, counts, heads, place)
        place += n_heads[text]
    return place


@inner
def _sign(
    values: Values,
    n_values: int,
    factors: NDArray[np.uint32],
    terms: NDArray[np.uint32],
    signature: NDArray[np.uint32],
    low: Hashes,
) -> int:
    """The signature of the shingles of these values; and into `low` those up to `low[0]`, if it has room for all.

    Returns how many of these there are, repeats counted.
    """
    hashes, mixed = np.empty(CHUNK, np.uint64), np.empty(CHUNK + AT_ONCE, np.uint32)
    for k in range(len(signature)):
        signature[k] = EMPTY
    n, n_low, limit, keep = n_shingles(n_values), ZERO, low[0], number(len(low) > 1)
    for first in range(0, n, CHUNK):
        n_here = min(CHUNK, n - first)
        windows(values, n_values, first, n_here, hashes)
        for i in range(n_here):
            mixed[i] = mix(U32(hashes[i]))
            low[at(n_low)] = hashes[i]
            n_low += keep * (hashes[i] <= limit)
        for i in range(n_here, n_here + AT_ONCE):
            mixed[i] = mixed[0]  # the last few are made up to eight by one that is there already
        _lower(signature, mixed, n_here, factors, terms)
    return n_low


@inner
def mix(h: np.uint32) -> np.uint32:
    """MurmurHash3's 32-bit finaliser (Appleby 2011). numba widens what it computes, so each step is cut to 32 bits."""
    h = U32(h ^ (h >> U32(16)))
    h = U32(h * U32(0x85EBCA6B))
    h = U32(h ^ (h >> U32(13)))
    h = U32(h * U32(0xC2B2AE35))
    return U32(h ^ (h >> U32(16)))


@inner
def _lower(
    signature: NDArray[np.uint32],
    hashes: NDArray[np.uint32],
    n: int,
    factors: NDArray[np.uint32],
    terms: NDArray[np.uint32],
) -> None:
    """Take `n` mixed hashes into the signature, eight for each walk over it, each step as wide as the processor's."""
    for i in range(0, n, AT_ONCE):
        h0, h1, h2, h3 = hashes[i], hashes[i + 1], hashes[i + 2], hashes[i + 3]
        h4, h5, h6, h7 = hashes[i + 4], hashes[i + 5], hashes[i + 6], hashes[i + 7]
        for k in range(len(signature)):
            a, b = factors[k], terms[k]
            low = min(_permuted(a, b, h0), _permuted(a, b, h1), _permuted(a, b, h2), _permuted(a, b, h3))
            high = min(_permuted(a, b, h4), _permuted(a, b, h5), _permuted(a, b, h6), _permuted(a, b, h7))
            signature[k] = min(signature[k], low, high)


@inner
def _permuted(a: np.uint32, b: np.uint32, h: np.uint32) -> np.uint32:
    return U32(U32(a * h) + b)


@kernel
def band_keys(signatures: NDArray[np.uint32], rows: int, out: NDArray[np.uint32]) -> None:
    """The low 32 bits of the hash of the `rows` values of each band, into (bands, n): equal where the values are."""
    for i in range(len(signatures)):
        signature = signatures[i]
        for band in range(len(out)):
            out[band, i] = U32(sequence(signature, band * rows, (band + 1) * rows))
