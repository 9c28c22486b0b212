"""Texts to what they are compared by: tokens, keys, shingles, MinHash signatures, band keys.

A text is first made equal to what differs from it by form alone: Unicode normalised (NFC), simply case-folded, and cut
into tokens (letters, digits, `_` and their combining marks), so that `Mueller’s` and `MUELLER'S` are both `mueller s`.
Letters of scripts that are written without spaces (Han, Kana, Thai, Lao, Khmer, Myanmar) are a token each.

What is compared is a set of shingles, and which depends on the unit:

- `document`: five tokens in a row. A shorter text is one shingle.
- `paragraph`: five characters in a row of the tokens joined, and framed, by one space. Word shingles say nothing of
  three words; these do: `Join the Conversation` and `Join the conversation!` are the same set, `Read more` and
  `Read less` share 2 shingles of 12.

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

from corpusqa.errors import UnknownName
from corpusqa.kernels import minhash as _minhash
from corpusqa.kernels import tokens as _tokens
from corpusqa.kernels.characters import character_table
from corpusqa.texts import Texts

Unit = Literal["document", "paragraph"]
UNITS: tuple[Unit, ...] = ("document", "paragraph")

N_PERMUTATIONS = 128  #: datasketch's default; half as many let pairs at the threshold slip, twice as many cost double
SEED = 1  #: datasketch's default, so that its users' signatures and ours compare


def tokens(text: str) -> list[str]:
    """The tokens of one text, as strings.

    >>> tokens("Mueller’s report — 中文")
    ['mueller', 's', 'report', '中', '文']
    """
    return [str(token) for token in normalised([text])[0].split()]


def token_hashes(texts: Texts | pl.Series | Iterable[str]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """The 64-bit hash of every token, and the (n + 1) offsets: text `i` has `hashes[offsets[i]:offsets[i + 1]]`."""
    return _tokens.token_hashes(*_prepared(texts))


def normalised(texts: Texts | pl.Series | Iterable[str]) -> pl.Series:
    """Each text as its tokens, joined by one space: what `keys` are made of."""
    data, offsets = _tokens.normalised(*_prepared(texts))
    array = pa.LargeStringArray.from_buffers(len(offsets) - 1, pa.py_buffer(offsets), pa.py_buffer(data))
    return pl.Series("normalised", array, dtype=pl.String)


def keys(texts: Texts | pl.Series | Iterable[str]) -> tuple[NDArray[np.uint64], NDArray[np.uint32]]:
    """A 64-bit key of each text, equal for texts with the same tokens, and the number of tokens.

    A text without tokens (`* * *`) has the hash of its characters, stripped; the empty text that of nothing. Keys are
    public (group ids are made of them) and stable: `kernels/hashing.py` has the hash, `sequence` over token hashes.
    """
    return _tokens.keys(*_prepared(texts))


def shingles(
    texts: Texts | pl.Series | Iterable[str], unit: Unit = "document"
) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """The shingle set of each text, as 64-bit hashes, distinct and ascending, and the (n + 1) offsets of the texts.

    Jaccard and containment of these sets are the numbers that are reported.
    """
    return _minhash.shingles(*_prepared(texts), _by_token(unit))


def signatures(texts: Texts | pl.Series | Iterable[str], unit: Unit = "document") -> NDArray[np.uint32]:
    """MinHash signatures, (n, 128) uint32: datasketch's (scheme affine32, seed 1) of the shingles' low 32 bits.

    Bit for bit what `MinHash(hashfunc=int).update_batch(hashes)` gives, so a row can go on to datasketch:
    `LeanMinHash(seed=1, hashvalues=row, scheme="affine32")`. A text without shingles gets the signature of an empty
    MinHash, all ones; skip such rows before comparing, or they all look alike.

    >>> one, other = signatures(["Join the Conversation", "join the conversation!"], unit="paragraph")
    >>> bool((one == other).all())
    True
    """
    return _minhash.signatures(*_prepared(texts), _by_token(unit), *_permutations())


@dataclass(frozen=True, slots=True)
class Banding:
    """How a signature is cut: texts that agree in all `rows` values of any of the `bands` are candidates."""

    bands: int
    rows: int

    def recall(self, similarity: float) -> float:
        """The chance that a pair with this Jaccard similarity becomes a candidate: the S-curve of LSH."""
        return float(1 - (1 - similarity**self.rows) ** self.bands)


@lru_cache
def banding(threshold: float, recall: float = 0.99, num_perm: int = N_PERMUTATIONS) -> Banding:
    """The banding that finds a pair at the threshold with at least this chance, and as few other pairs as it can.

    datasketch's optimiser weighs false positives against false negatives above and below the threshold; at the
    threshold itself it finds a third to a half of the pairs. Where it meets the recall, its banding is taken; otherwise
    the most rows with which as many bands as fit still do; one row a band where none does.
    """
    optimal = Banding(*_optimal_param(threshold, num_perm, 0.5, 0.5))
    if optimal.recall(threshold) >= recall:
        return optimal
    ours = (Banding(num_perm // rows, rows) for rows in range(num_perm, 0, -1))
    return next((banding for banding in ours if banding.recall(threshold) >= recall), Banding(num_perm, 1))


def band_keys(signatures: NDArray[np.uint32], banding: Banding) -> NDArray[np.uint64]:
    """The key of each band of each signature, (n, bands) uint64; each column lies in one piece of memory."""
    return _minhash.band_keys(signatures, banding.bands, banding.rows).T


def _by_token(unit: Unit) -> bool:
    if unit not in UNITS:
        raise UnknownName("unit", unit, UNITS)
    return unit == "document"


@lru_cache(maxsize=1)
def _permutations() -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    factors, terms = MinHash(num_perm=N_PERMUTATIONS, seed=SEED, scheme="affine32").permutations
    return np.ascontiguousarray(factors), np.ascontiguousarray(terms)


def _prepared(
    texts: Texts | pl.Series | Iterable[str],
) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.int64], NDArray[np.uint32]]:
    """The texts in NFC, and the table of characters, as the kernels take them."""
    settled = _settled(texts if isinstance(texts, Texts) else Texts.of(texts))
    return settled.data, settled.starts, settled.ends, character_table()


def _settled(texts: Texts) -> Texts:
    """The texts in NFC. The few that are not are written anew behind the others; the rest stay where they are."""
    rows = np.flatnonzero(_tokens.unsettled(texts.data, texts.starts, texts.ends, character_table()))
    strings = texts.take(rows).series().to_list()
    changed = [i for i, string in enumerate(strings) if not unicodedata.is_normalized("NFC", string)]
    if not changed:
        return texts
    anew = Texts.of([unicodedata.normalize("NFC", strings[i]) for i in changed])
    starts, ends = texts.starts.copy(), texts.ends.copy()
    starts[rows[changed]] = anew.starts + len(texts.data)
    ends[rows[changed]] = anew.ends + len(texts.data)
    return Texts(np.concatenate([texts.data, anew.data]), starts, ends)
