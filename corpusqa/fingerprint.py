"""Texts to what they are compared by: tokens, keys, shingles, MinHash signatures, band keys.

A text is first made equal to what differs from it by form alone: Unicode normalised (NFC), simply case-folded, and cut
into tokens (letters, digits, `_` and their combining marks), so that `Mueller’s` and `MUELLER'S` are both `mueller s`.
Letters of scripts that are written without spaces (Han, Kana, Thai, Lao, Khmer, Myanmar) are a token each.

What is compared is a set of shingles, and which depends on the unit:

- `document`: five tokens in a row. A shorter text is one shingle.
- `paragraph`: five characters in a row of the tokens joined by one space. Word shingles say nothing of three words;
  these do: `Join the Conversation` and `Join the conversation!` are the same set, `Read more` and `Read less` share one
  shingle of nine. A shorter text is one shingle.

Both are hashed to 64 bits. A text without any token has no shingle, and so resembles nothing.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
import polars as pl
import pyarrow as pa
from datasketch import MinHash
from datasketch.lsh import _optimal_param
from numpy.typing import NDArray

from corpusqa import kernels
from corpusqa.errors import UnknownName
from corpusqa.kernels import minhash as _minhash
from corpusqa.kernels import tokens as _tokens
from corpusqa.kernels.characters import character_table
from corpusqa.texts import Texts

Unit = Literal["document", "paragraph"]
UNITS: tuple[Unit, ...] = ("document", "paragraph")

N_PERMUTATIONS = 128  #: datasketch's default; half as many let pairs at the threshold slip, twice as many cost double
SEED = 1  #: datasketch's default, so that its users' signatures and ours compare
#: The chance that a pair at the threshold is proposed. With 0.99 a pair in 1,500 was missed on real terms of service,
#: and so two texts kept that are alike; with this none, at the same cost (`tests/benches/near_duplicates.py`).
RECALL = 1 - 1e-7
#: The same where a miss does no harm, or costs too much to avoid: for the paragraphs of a corpus, whose near-copies
#: only add to the evidence of exact ones (1 - 1e-7 takes four times as long on real news, and finds the same pairs);
#: and at low thresholds, before bands of one row are taken, in which most texts agree.
ENOUGH = 0.99


def tokens(text: str) -> list[str]:
    """The tokens of one text, as strings.

    >>> tokens("Mueller’s report — 中文")
    ['mueller', 's', 'report', '中', '文']
    """
    return [str(token) for token in normalised([text])[0].split()]


def token_hashes(texts: Texts | pl.Series | Iterable[str]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """The 64-bit hash of every token, and the (n + 1) offsets: text `i` has `hashes[offsets[i]:offsets[i + 1]]`."""
    settled = _settled(texts)
    hashes = np.empty(int(settled.n_bytes.sum()) // 2 + len(settled) + 1, np.uint64)
    offsets = np.empty(len(settled) + 1, np.int64)
    _tokens.token_hashes(*_buffers(settled), hashes, offsets)
    return hashes[: offsets[-1]], offsets


def normalised(texts: Texts | pl.Series | Iterable[str]) -> pl.Series:
    """Each text as its tokens, joined by one space: what `keys` are made of."""
    settled = _settled(texts)
    data = np.empty(2 * int(settled.n_bytes.sum()), np.uint8)
    offsets = np.empty(len(settled) + 1, np.int64)
    _tokens.normalised(*_buffers(settled), data, offsets)
    array = pa.LargeStringArray.from_buffers(len(settled), pa.py_buffer(offsets), pa.py_buffer(data))
    return pl.Series("normalised", array, dtype=pl.String)


def keys(texts: Texts | pl.Series | Iterable[str]) -> tuple[NDArray[np.uint64], NDArray[np.uint32]]:
    """A 64-bit key of each text, equal for texts with the same tokens, and the number of tokens.

    A text without tokens (`* * *`) has the hash of its characters, stripped; the empty text that of nothing. Keys are
    public (group ids are made of them) and stable: `kernels/hashing.py` has the hash, `sequence` over token hashes.
    """
    settled = _settled(texts)
    hashes, n_tokens = np.empty(len(settled), np.uint64), np.empty(len(settled), np.uint32)
    _tokens.keys(*_buffers(settled), hashes, n_tokens)
    return hashes, n_tokens


def shingles(
    texts: Texts | pl.Series | Iterable[str], unit: Unit = "document"
) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """The shingle set of each text, as 64-bit hashes, distinct and ascending, and the (n + 1) offsets of the texts.

    Jaccard and containment of these sets are the numbers that are reported.
    """
    settled, by_token = _settled(texts), _by_token(unit)
    n_bytes = int(settled.n_bytes.sum())
    hashes = np.empty((n_bytes // 2 if by_token else n_bytes) + len(settled), np.uint64)
    offsets = np.empty(len(settled) + 1, np.int64)
    _minhash.shingles(*_buffers(settled), by_token, hashes, offsets)
    return hashes[: offsets[-1]], offsets


def signatures(texts: Texts | pl.Series | Iterable[str], unit: Unit = "document") -> NDArray[np.uint32]:
    """MinHash signatures, (n, 128) uint32: datasketch's (scheme affine32, seed 1) of the shingles' low 32 bits.

    Bit for bit what `MinHash(hashfunc=int).update_batch(hashes)` gives, so a row can go on to datasketch:
    `LeanMinHash(seed=1, hashvalues=row, scheme="affine32")`. A text without shingles gets the signature of an empty
    MinHash, all ones; skip such rows before comparing, or they all look alike.

    >>> one, other = signatures(["Join the Conversation", "join the conversation!"], unit="paragraph")
    >>> bool((one == other).all())
    True
    """
    settled, by_token = _settled(texts), _by_token(unit)
    out = np.empty((len(settled), N_PERMUTATIONS), np.uint32)
    _minhash.signatures(*_buffers(settled), by_token, *_permutations(), out)
    return out


@dataclass(frozen=True, slots=True)
class Prints:
    """All that documents are first compared by."""

    keys: NDArray[np.uint64]
    n_tokens: NDArray[np.uint32]
    signatures: NDArray[np.uint32]  #: (n, 128)
    heads: NDArray[np.uint64]  #: the lowest hashes of each shingle set, ascending, one text after the other
    n_heads: NDArray[np.uint32]  #: how many of them each text has


def prints(texts: Texts, sample: int) -> Prints:
    """`keys` and `signatures` of documents at once; and one shingle in `sample`, those with the lowest hashes.

    As the same ones are looked at in every text, those that two texts share are a sample of all that they share.
    """
    settled, n = _settled(texts), len(texts)
    keys, n_tokens, n_heads = np.empty(n, np.uint64), np.empty(n, np.uint32), np.empty(n, np.uint32)
    rows = np.empty((n, N_PERMUTATIONS), np.uint32)
    heads = np.empty(int(settled.n_bytes.sum()) // 2 + n, np.uint64)
    found = _minhash.prints(*_buffers(settled), *_permutations(), sample, keys, n_tokens, rows, heads, n_heads)
    return Prints(keys, n_tokens, rows, heads[:found].copy(), n_heads)


@dataclass(frozen=True, slots=True)
class Banding:
    """How a signature is cut: texts that agree in all `rows` values of any of the `bands` are candidates."""

    bands: int
    rows: int

    def recall(self, similarity: float) -> float:
        """The chance that a pair with this Jaccard similarity becomes a candidate: the S-curve of LSH."""
        return float(1 - (1 - similarity**self.rows) ** self.bands)


@lru_cache
def banding(threshold: float, recall: float = RECALL, num_perm: int = N_PERMUTATIONS) -> Banding:
    """The banding that finds a pair at the threshold with at least this chance, and as few other pairs as it can.

    datasketch's optimiser weighs false positives against false negatives above and below the threshold; at the
    threshold itself it finds a third to a half of the pairs. Where it meets the recall, its banding is taken; otherwise
    the most rows with which as many bands as fit still do. Where none does, it is two rows as long as they find
    `ENOUGH`, and below (a threshold of 0.26) one.
    """
    optimal = Banding(*_optimal_param(threshold, num_perm, 0.5, 0.5))
    if optimal.recall(threshold) >= recall:
        return optimal
    ours = (Banding(num_perm // rows, rows) for rows in range(num_perm, 1, -1))
    two = Banding(num_perm // 2, 2)
    last = two if two.recall(threshold) >= ENOUGH else Banding(num_perm, 1)
    return next((banding for banding in ours if banding.recall(threshold) >= recall), last)


def band_keys(signatures: NDArray[np.uint32], banding: Banding) -> NDArray[np.uint32]:
    """The key of each band of each signature, (n, bands) uint32; each column lies in one piece of memory.

    Keys of 32 bits take half the memory of 64, and what agrees by chance (a hundred pairs in a band of a million texts)
    is told apart when it is verified.
    """
    out = np.empty((banding.bands, len(signatures)), np.uint32)
    _minhash.band_keys(signatures, banding.rows, out)
    return out.T


def compiled() -> bool:
    """Whether this machine has compiled the inner loops before; the first audit takes some seconds longer."""
    return kernels.compiled(_minhash.signatures)


def kept_in() -> str:
    """The folder in which the compiled inner loops are kept."""
    return kernels.kept_in(_minhash.signatures)


def _by_token(unit: Unit) -> bool:
    if unit not in UNITS:
        raise UnknownName("unit", unit, UNITS)
    return unit == "document"


@lru_cache(maxsize=1)
def _permutations() -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    factors, terms = MinHash(num_perm=N_PERMUTATIONS, seed=SEED, scheme="affine32").permutations
    return np.ascontiguousarray(factors), np.ascontiguousarray(terms)


def _settled(texts: Texts | pl.Series | Iterable[str]) -> Texts:
    """The texts in NFC. The few that are not are written anew behind the others; the rest stay where they are."""
    given = texts if isinstance(texts, Texts) else Texts.of(texts)
    doubtful = np.zeros(len(given), np.bool_)
    _tokens.unsettled(*_buffers(given), doubtful)
    rows = np.flatnonzero(doubtful)
    strings = given.take(rows).series().to_list()
    changed = [i for i, string in enumerate(strings) if not unicodedata.is_normalized("NFC", string)]
    if not changed:
        return given
    anew = Texts.of([unicodedata.normalize("NFC", strings[i]) for i in changed])
    starts, ends = given.starts.copy(), given.ends.copy()
    starts[rows[changed]] = anew.starts + len(given.data)
    ends[rows[changed]] = anew.ends + len(given.data)
    return Texts(np.concatenate([given.data, anew.data]), starts, ends)


def _buffers(texts: Texts) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.int64], NDArray[np.uint32]]:
    """The texts, and what each character is, as the kernels take them."""
    return texts.data, texts.starts, texts.ends, character_table()
