"""Which of a few phrases a stretch of text holds, whatever its case, in one walk over its bytes.

Each phrase is looked for by its rarest letter: a byte that is the rarest of no phrase, as nearly all are, costs one
look into a table of 256. Case is that of A to Z; phrases are given in small letters, 62 of them at most.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from corpusqa.kernels import inner, number
from corpusqa.kernels.characters import Bytes, at

#: Letters from common to rare in English; what is not among them is rarer still.
_COMMON = " etaoinsrhldcumfpgwybvkxjqz"


class Phrases(NamedTuple):
    """Phrases as the kernel takes them; phrase `k` is `letters[bounds[k]:bounds[k + 1]]`."""

    letters: Bytes
    bounds: NDArray[np.int64]
    rarest: NDArray[np.int64]  #: where in each phrase its rarest letter is
    heads: Bytes  #: (256,) 1 + the first phrase with this byte, in either case, for its rarest letter; 0: there is none


def phrases(given: Iterable[str]) -> Phrases:
    """These phrases; the bit of each is its place among them in the order of `ordered`."""
    chosen = [phrase.encode().decode("latin-1") for phrase in ordered(given)]  # a character a byte
    rarest = [_rarest(phrase) for phrase in chosen]
    heads = np.zeros(256, np.uint8)
    for k in reversed(range(len(chosen))):
        letter = chosen[k][rarest[k]]
        heads[[ord(letter), ord(letter.upper()) if letter.isascii() else ord(letter)]] = k + 1
    bounds = np.cumsum([0, *map(len, chosen)])
    return Phrases(np.frombuffer("".join(chosen).encode("latin-1"), np.uint8).copy(), bounds, np.array(rarest), heads)


def ordered(given: Iterable[str]) -> list[str]:
    """The phrases, those with the same rarest letter side by side."""
    return sorted(given, key=lambda phrase: (phrase[_rarest(phrase)], phrase))


def _rarest(phrase: str) -> int:
    ranks = [_COMMON.find(letter) % 100 for letter in phrase]
    return ranks.index(max(ranks))


@inner
def lower(byte: int) -> int:
    """The byte, as a small letter if it is one of A to Z."""
    return byte | 0x20 if 0x41 <= byte <= 0x5A else byte


@inner
def holds(
    data: Bytes,
    start: int,
    end: int,
    letters: Bytes,
    bounds: NDArray[np.int64],
    rarest: NDArray[np.int64],
    heads: Bytes,
) -> int:
    """The phrases in the stretch, a bit each."""
    found = 0
    for i in range(start, end):
        head = number(heads[at(data[at(i)])])
        if head == 0:
            continue
        letter, k = lower(data[i]), head - 1
        while k < len(rarest) and letters[bounds[k] + rarest[k]] == letter:
            found |= _stands(data, i - rarest[k], start, end, letters, bounds[k], bounds[k + 1]) << k
            k += 1
    return found


@inner
def _stands(data: Bytes, i: int, start: int, end: int, letters: Bytes, first: int, last: int) -> int:
    """1 if the phrase stands at byte `i`, else 0."""
    if i < start or i + last - first > end:
        return 0
    for k in range(first, last):
        if lower(data[i + k - first]) != letters[k]:
            return 0
    return 1
