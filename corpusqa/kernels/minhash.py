"""Texts to shingle sets and MinHash signatures; signatures to band keys.

The signature is datasketch's scheme `affine32`: the low 32 bits of a shingle's hash go through MurmurHash3's finaliser,
then `a_k * h + b_k` modulo 2^32 for each of the permutations, and the least value of each is kept.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from corpusqa.kernels import kernel
from corpusqa.kernels.hashing import BASIS, distinct, step, windows
from corpusqa.kernels.tokens import longest, tokenise

WIDTH = 5  #: tokens or characters in a shingle


@kernel
def _window_hashes(
    data: NDArray[np.uint8],
    start: int,
    end: int,
    table: NDArray[np.uint32],
    by_token: bool,
    codes: NDArray[np.uint32],
    tokens: NDArray[np.uint64],
    out: NDArray[np.uint64],
) -> int:
    """The hashes of one text's shingles, in order and with repeats, into `out`; returns how many."""
    n_codes, n_tokens = tokenise(data, start, end, table, codes, tokens)
    if by_token:
        return windows(tokens[:n_tokens], WIDTH, out)
    return windows(codes[:n_codes], WIDTH, out)


@kernel
def shingles(
    data: NDArray[np.uint8],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    table: NDArray[np.uint32],
    by_token: bool,
) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """The shingle hashes of each text, distinct and ascending, and the (n + 1) offsets at which the texts begin."""
    room = 0
    for text in range(len(starts)):
        room += (ends[text] - starts[text] + 1) // 2 if by_token else ends[text] - starts[text] + 2
    out = np.empty(room, np.uint64)
    offsets = np.zeros(len(starts) + 1, np.int64)
    scratch = longest(starts, ends) + 2
    codes = np.empty(scratch, np.uint32)
    tokens = np.empty(scratch, np.uint64)
    hashes = np.empty(scratch, np.uint64)
    counts = np.empty(2 * scratch + 2, np.int64)
    for text in range(len(starts)):
        n = _window_hashes(data, starts[text], ends[text], table, by_token, codes, tokens, hashes)
        offsets[text + 1] = offsets[text] + distinct(hashes[:n], counts, out[offsets[text] :])
    return out[: offsets[-1]], offsets


@kernel
def signatures(
    data: NDArray[np.uint8],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    table: NDArray[np.uint32],
    by_token: bool,
    factors: NDArray[np.uint32],
    terms: NDArray[np.uint32],
) -> NDArray[np.uint32]:
    """The MinHash signature of each text, (n, permutations) uint32; all ones for a text without shingles."""
    out = np.full((len(starts), len(factors)), 0xFFFFFFFF, np.uint32)
    scratch = longest(starts, ends) + 2
    codes = np.empty(scratch, np.uint32)
    tokens = np.empty(scratch, np.uint64)
    hashes = np.empty(scratch, np.uint64)
    for text in range(len(starts)):
        n = _window_hashes(data, starts[text], ends[text], table, by_token, codes, tokens, hashes)
        for i in range(n):
            lower(out[text], finalised(np.uint32(hashes[i])), factors, terms)
    return out


@kernel
def finalised(h: np.uint32) -> np.uint32:
    """MurmurHash3's 32-bit finaliser (Appleby 2011)."""
    h = np.uint32(h ^ (h >> np.uint32(16)))
    h = np.uint32(h * np.uint32(0x85EBCA6B))
    h = np.uint32(h ^ (h >> np.uint32(13)))
    h = np.uint32(h * np.uint32(0xC2B2AE35))
    return np.uint32(h ^ (h >> np.uint32(16)))


@kernel
def lower(signature: NDArray[np.uint32], h: np.uint32, factors: NDArray[np.uint32], terms: NDArray[np.uint32]) -> None:
    """Take one shingle into a signature."""
    for k in range(len(factors)):
        value = np.uint32(np.uint32(factors[k] * h) + terms[k])
        signature[k] = min(signature[k], value)


@kernel
def band_keys(signatures: NDArray[np.uint32], bands: int, rows: int) -> NDArray[np.uint64]:
    """The hash of each band's values, (bands, n) uint64: equal where all rows of the band are equal."""
    out = np.full((bands, len(signatures)), BASIS, np.uint64)
    for i in range(len(signatures)):
        for band in range(bands):
            for row in range(rows):
                out[band, i] = step(out[band, i], np.uint64(signatures[i, band * rows + row]))
    return out
