"""Words of several vocabularies, counted in one walk over the tokens."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from corpusqa.kernels import kernel
from corpusqa.kernels.characters import at
from corpusqa.kernels.counts import Numbers, capacity
from corpusqa.kernels.hashing import Hashes

#: Each word's vocabularies, as bits: at most 64 vocabularies.
Masks = NDArray[np.uint64]


@kernel
def vocabulary_counts(hashes: Hashes, offsets: Numbers, words: Hashes, masks: Masks, n: int) -> Numbers:
    """Of each text, how many of its tokens are words of each of `n` vocabularies.

    `words` are hashes of tokens, each once; bit k of its mask says that a word is of vocabulary k.
    """
    mask = np.uint64(4 * capacity(len(words)) - 1)
    places = np.full(mask + np.uint64(1), -1, np.int32)
    bounds, members = np.zeros(len(words) + 1, np.int64), np.empty(n * len(words) + 1, np.int64)
    for word in range(len(words)):
        place = words[word] & mask
        while places[place] >= 0:
            place = (place + np.uint64(1)) & mask
        places[place] = word
        bounds[word + 1] = bounds[word]
        for k in range(n):
            members[bounds[word + 1]] = k
            bounds[word + 1] += np.int64(masks[word] >> np.uint64(k) & np.uint64(1))
    counts = np.zeros((len(offsets) - 1, n), np.int64)
    for text in range(len(offsets) - 1):
        for token in range(offsets[text], offsets[text + 1]):
            place = hashes[at(token)] & mask
            while places[place] >= 0 and words[at(places[place])] != hashes[at(token)]:
                place = (place + np.uint64(1)) & mask
            if places[place] >= 0:
                for k in range(bounds[places[place]], bounds[places[place] + 1]):
                    counts[text, members[at(k)]] += 1
    return counts
