"""Short texts inside longer ones: an agency report in the story built on it, an article on a page with five others.

Jaccard does not see these, and MinHash does not propose them. What proposes them is what they share and others do not:
each text of `LEAST` shingles or more asks who else has a few of its rarer shingles, and whoever has enough of them is
compared with it, exactly. Containment is told, and never acted on: that a text is part of a longer one does not make
the two one story.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from corpusqa.bands import Rows, runs
from corpusqa.kernels import containment as _containment
from corpusqa.kernels import graph, hashing
from corpusqa.sets import Sets, stretches, verified_in_stretches

#: Share of a text's shingles from which it counts as part of another.
CONTAINED = 0.8
#: Shingles that such a text has at least: fewer are in a longer text by chance, as a quotation or a prompt is.
LEAST = 30
#: One shingle in so many is looked at. Of a text of 30, then, 7 or 8, of which a text that has 0.8 of them has 6.
SAMPLE = 4
#: Shingles looked at in all, 30 bytes each while they are sorted; of a corpus with more, fewer are looked at.
SAMPLED = 16 << 20
#: Shingles that a text asks about, and the share of them that makes a pair worth a comparison: a text that has 0.8 of
#: all has a third of any 7 with a chance of 99.5 in 100.
ASKED, ENOUGH = 16, 1 / 3
#: Texts that a shingle may be in to be rare. It bounds the work for each text, and is more than most stories have
#: copies.
RARE = 250
BYTES_PER_SHINGLE = 6  #: of text, about: a word and the space after it


def contained(sets: Sets, share: float = CONTAINED) -> pl.DataFrame:
    """The pairs in which one text has `share` of its shingles or more in the other: the columns of `sets.EDGES`.

    Near-copies are among them. Texts of fewer than `LEAST` shingles may be the longer one only, that is, never.
    """
    heads, n_heads, sizes = _heads(sets)
    packed = _sharing(heads, n_heads, sizes >= LEAST)
    left, right = (packed >> np.uint64(32)).astype(np.uint32), packed.astype(np.uint32)
    pairs = verified_in_stretches(left, right, sets, threshold=np.finfo(np.float64).tiny)
    size = pl.Series(sizes)
    enough = [
        (pl.col(f"containment_{side}") >= share) & (size.gather(pairs[side]) >= LEAST) for side in ("left", "right")
    ]
    return pairs.filter(enough[0] | enough[1]).sort("left", "right")


def _heads(sets: Sets) -> tuple[NDArray[np.uint64], Rows, Rows]:
    """The lowest hashes of each set, how many of them each has, and the sizes of the sets."""
    sample = max(SAMPLE, int(sets.n_bytes.sum()) // (BYTES_PER_SHINGLE * SAMPLED))
    limit = np.uint64(2**64 // sample - 1)
    found, n_found, sizes = [np.empty(0, np.uint64)], [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for rows in stretches(np.arange(len(sets)), sets.n_bytes):
        hashes, offsets = sets.make(rows)
        heads, n_heads = _containment.heads(hashes, offsets, limit)
        found.append(heads)
        n_found.append(n_heads)
        sizes.append(np.diff(offsets))
    return np.concatenate(found), np.concatenate(n_found), np.concatenate(sizes)


def _sharing(hashes: NDArray[np.uint64], n_hashes: Rows, asking: NDArray[np.bool_]) -> NDArray[np.uint64]:
    """The pairs that share enough rare hashes, each once, as `left << 32 | right`."""
    order = np.argsort(hashes)
    n_texts = np.diff(runs(hashes[order]))
    rare = (n_texts > 1) & (n_texts <= RARE)
    texts = np.repeat(np.arange(len(n_hashes), dtype=np.uint32), n_hashes)[order[np.repeat(rare, n_texts)]]
    bounds = np.concatenate([[0], np.cumsum(n_texts[rare])])
    starts, rows = graph.grouped(texts, len(n_hashes))
    hash_of = np.repeat(np.arange(len(bounds) - 1), np.diff(bounds))
    pairs = _containment.sharing(starts, hash_of[rows], bounds, texts, asking, ASKED, ENOUGH)
    pairs.sort()
    return pairs[: hashing.deduplicate(pairs)]
