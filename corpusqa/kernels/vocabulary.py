"""Words of several vocabularies, counted in one walk over the tokens."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from corpusqa.kernels import kernel
from corpusqa.kernels.counts import Numbers, capacity
from corpusqa.kernels.hashing import Hashes

#: Each word's vocabularies, as bits: at most 64 vocabularies.
Masks = NDArray[np.uint64]


@kernel
def vocabulary_counts(hashes: Hashes, offsets: Numbers, words: Hashes, masks: Masks, n: int) -> Numbers:
    """Of each text, how many of its tokens are words of each of `n` vocabularies.

    `words` are hashes of tokens, each once; bit k of its mask says that a word is of vocabulary k.
    """
    size = 4 * capacity(len(words))
    places = np.full(size, -1, np.int64)
    for word in range(len(words)):
        place = np.int64(words[word] & np.uint64(size - 1))
        while places[place] >= 0:
            place = (place + 1) & (size - 1)
        places[place] = word
    counts = np.zeros((len(offsets) - 1, n), np.int64)
    for text in range(len(offsets) - 1):
        for token in range(offsets[text], offsets[text + 1]):
            place = np.int64(hashes[token] & np.uint64(size - 1))
            while places[place] >= 0 and words[places[place]] != hashes[token]:
                place = (place + 1) & (size - 1)
            if places[place] >= 0:
                mask = masks[places[place]]
                for k in range(n):
                    counts[text, k] += np.int64(mask >> np.uint64(k) & np.uint64(1))
    return counts
