"""Which texts are nearly the same, and which of them to keep.

Band keys propose pairs, shingle sets decide. Texts that agree in a band are candidates; candidates that are as similar
as asked, measured exactly, are edges; what edges connect is a cluster; and in a cluster the best text is kept, with
every text that no kept one is similar to. LSH is never believed: chains of unverified edges have merged whole
libraries.

The steps, each a function on plain arrays in which a text is its number:

    distinct     exact copies set aside: a million copies of one text are one text from here on
    candidates   band keys, one band at a time, to pairs
    verified     pairs to edges: exact Jaccard and both containments
    edges        these two, for any number of texts, in bounded memory, and crowds in linear time (see `crowds`)
    clusters     edges to components, and in each the kept texts and what each of them stands for

and `near_duplicates`, which takes texts and goes all the way to the pairs, with contained texts if asked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from numbers import Real

import numpy as np
import polars as pl
from numpy.typing import NDArray

from corpusqa import containment, fingerprint
from corpusqa.bands import CROWD, Bands, Rows, candidates, runs, survey
from corpusqa.crowds import ByHead, Crowds
from corpusqa.errors import UnusableSettings
from corpusqa.kernels import graph
from corpusqa.sets import EDGES, Sets, verified, verified_in_stretches
from corpusqa.texts import strings

__all__ = ["Copies", "Edges", "Sets", "candidates", "clusters", "distinct", "edges", "near_duplicates", "verified"]

#: Texts that are fingerprinted at a time: a signature has 512 bytes.
AT_ONCE = 1 << 16

CLUSTERS = pl.Schema({"document": pl.UInt32, "component": pl.UInt32, "keeper": pl.UInt32, "similarity": pl.Float64})


@dataclass(frozen=True, slots=True)
class Copies:
    """Which texts are exact copies of one another."""

    representatives: Rows  #: the one that stands for its copies, for each distinct text
    inverse: Rows  #: for each text the number of its distinct text


def distinct(keys: NDArray[np.uint64], rank: Rows | None = None) -> Copies:
    """Texts with the same key, collapsed: of each group the first stands for all, or the best by `rank`.

    >>> distinct(np.array([7, 9, 7, 7], np.uint64)).representatives
    array([0, 1])
    """
    order = np.argsort(keys, stable=True) if rank is None else np.lexsort((rank, keys))
    bounds = runs(keys[order])
    best = order[bounds[:-1]]
    representatives = np.sort(best)
    inverse = np.empty(len(keys), np.int64)
    inverse[order] = np.repeat(np.searchsorted(representatives, best), np.diff(bounds))
    return Copies(representatives, inverse)


@dataclass(frozen=True, slots=True)
class Edges:
    """What is nearly the same."""

    pairs: pl.DataFrame  #: left < right, jaccard, containment_left, containment_right; ordered by left, right
    n_crowds: int  #: buckets of more than `CROWD` texts, of which only edges to kept texts are among the pairs
    contained: pl.DataFrame  #: the same columns, of pairs that are less alike, but one of which is part of the other


def edges(
    bands: Bands, sets: Sets, threshold: float, rank: Rows | None = None, heads: containment.Heads | None = None
) -> Edges:
    """All pairs of distinct texts that a band proposes and whose Jaccard is `threshold` or more.

    `bands()` gives one array of band keys at a time, a key for each of `sets`, and is called twice or more: once for
    the crowds, then for the pairs. `rank` is the place of each text in keeper order; without it, the first is the best.
    With `heads`, contained texts are looked for, but for those of a crowd that a leader has claimed.

    A text that a leader of its crowd claimed goes astray when a better text, outside the crowd, claims that leader.
    Then the walk is repeated with all edges known, and every text of a crowd ends up kept, or claimed by one that is.
    """
    rank = np.arange(len(sets)) if rank is None else rank
    first = survey(bands, len(sets))
    crowds = Crowds.of(first.crowds, len(sets))
    claims, settled = crowds.claims(EDGES.to_frame(), rank, sets, threshold)
    parts = (candidates(bands, settled, lefts) for lefts in first.parts())
    found = pl.concat([claims, *[verified_in_stretches(*pairs, sets, threshold) for pairs in parts]])
    parts_of = EDGES.to_frame()
    if heads is not None:
        led = (settled >= 0) & (settled != np.arange(len(rank)))
        more = containment.contained(heads.without(led), sets, known=found)
        parts_of, near = more.filter(pl.col("jaccard") < threshold), more.filter(pl.col("jaccard") >= threshold)
        found = pl.concat([found, near])
    if _astray(found, rank, settled):
        claims, _ = crowds.claims(found, rank, sets, threshold)
        found = pl.concat([found, claims])
    return Edges(found.sort("left", "right"), len(crowds), parts_of)


def _astray(found: pl.DataFrame, rank: Rows, settled: Rows) -> bool:
    """Whether a text that a leader had claimed is left without: the leader is not kept."""
    was_claimed = (settled >= 0) & (settled != np.arange(len(rank)))
    if not was_claimed.any():
        return False
    by_head = ByHead.of(found["left"].to_numpy(), found["right"].to_numpy(), rank)
    claim = graph.claimed(np.argsort(rank), by_head.starts, by_head.tails)
    return bool((was_claimed & (claim < 0)).any())


def clusters(
    n: int,
    left: NDArray[np.integer] | pl.Series,
    right: NDArray[np.integer] | pl.Series,
    similarity: NDArray[np.float64] | pl.Series,
    rank: Rows | pl.Series | None = None,
) -> pl.DataFrame:
    """What the edges connect, and what is kept of it: a row for each text that has an edge, in order.

    `document`; `component`, the smallest document that it is connected with; `keeper`, the kept document that it is a
    copy of, null for what is kept; `similarity` with the keeper. In keeper order (`rank`: the place of each of the `n`
    texts in it), a text not yet claimed is kept, and claims every unclaimed text that it has an edge to. So each
    dropped text names a kept one that is that similar, no two kept ones are, and a cluster may keep several: of a chain
    A ~ B ~ C with A kept, B goes, and C stays.
    """
    ends = np.asarray(left, np.int64), np.asarray(right, np.int64)
    place = np.arange(n) if rank is None else np.asarray(rank, np.int64)
    by_head = ByHead.of(*ends, place)
    claim = graph.claimed(np.argsort(place), by_head.starts, by_head.tails)
    document = np.unique(np.concatenate(ends))
    edge = by_head.edges[claim[document]]  # of a kept one, any: it is masked below
    rows = {
        "document": document,
        "component": graph.components(n, *(end.astype(np.uint32) for end in ends))[document],
        "keeper": (ends[0] + ends[1])[edge] - document,
        "similarity": np.asarray(similarity)[edge],
    }
    kept = pl.Series(claim[document] < 0)
    nothing = [pl.when(~kept).then(name).alias(name) for name in ("keeper", "similarity")]
    return pl.DataFrame(rows).with_columns(nothing).cast(CLUSTERS)


def near_duplicates(
    texts: pl.Series | Iterable[str],
    threshold: float = 0.8,
    unit: fingerprint.Unit = "document",
    *,
    contained: bool = False,
) -> pl.DataFrame:
    """Every pair of these texts whose similarity is `threshold` or more, with the exact numbers.

    A row a pair, ordered: `left` < `right` (row positions, UInt32), `jaccard` of their shingle sets, `containment_left`
    (the share of the left one's shingles that the right one has) and `containment_right`. What a shingle is depends on
    the `unit`, see `fingerprint`. A null, and a text without any letter or digit (punctuation, emoji), resembles
    nothing, not even its own exact copy: there is nothing in it to be alike in. `fingerprint.keys` tells such copies.

    LSH proposes. From a threshold of 0.48 on it misses one pair at the threshold in ten million, and practically none
    above it (below, down to 0.26, one in a hundred at most); what is listed has been verified, and is all true.

    Two lists would have no end, and are kept short: of more than 1,000 exact copies of one text only the first stands
    for all, and each other is listed with it alone; and of more than 1,000 different texts that fall into one bucket (a
    million near-copies) each is listed with those that are kept when the first is preferred. Both leave every text with
    its nearest of kin in the table.

    With `contained`, also the pairs in which one text is part of the other, however long that is: 0.8 of its shingles,
    of which it has 30 or more. They are proposed by the rarer shingles that they share, see `containment`.

    Raises UnusableSettings for a threshold that is not in (0, 1], UnknownName for a unit that is none.

    >>> near_duplicates(["Join the conversation!", "Read more", "Join the Conversation"], unit="paragraph").rows()
    [(0, 2, 1.0, 1.0, 1.0)]
    """
    if isinstance(threshold, bool) or not isinstance(threshold, Real) or not 0 < threshold <= 1:
        raise UnusableSettings(f"threshold = {threshold!r} cannot be used: it is a share. Give one above 0, at most 1.")
    given = strings(texts)
    keys, n_tokens = _keys(given)
    worded = np.flatnonzero(n_tokens)
    copies = distinct(keys[worded])
    rows = worded[copies.representatives]
    band_keys = _band_keys(given, rows, threshold, unit)
    n_bytes = given.str.len_bytes().fill_null(0).to_numpy().astype(np.int64)[rows]
    sets = Sets(lambda some: fingerprint.shingles(given.gather(rows[some]), unit), n_bytes)
    found = edges(lambda: band_keys, sets, threshold, heads=containment.Heads.of(sets) if contained else None)
    pairs = pl.concat([found.pairs, found.contained])
    texts_of_rows = pl.DataFrame({"text": copies.inverse, "row": worded}, schema={"text": pl.UInt32, "row": pl.UInt32})
    return pl.concat([_between(pairs, texts_of_rows), _within(texts_of_rows)]).sort("left", "right")


def _keys(texts: pl.Series) -> tuple[NDArray[np.uint64], NDArray[np.uint32]]:
    """The key and the number of tokens of each text."""
    keys, n_tokens = np.empty(len(texts), np.uint64), np.empty(len(texts), np.uint32)
    for start in range(0, len(texts), AT_ONCE):
        part = slice(start, start + AT_ONCE)
        keys[part], n_tokens[part] = fingerprint.keys(texts[part])
    return keys, n_tokens


def _band_keys(texts: pl.Series, rows: Rows, threshold: float, unit: fingerprint.Unit) -> NDArray[np.uint32]:
    """The band keys of these rows, (bands, rows), without their signatures ever being in memory together."""
    banding = fingerprint.banding(threshold)
    keys = np.empty((banding.bands, len(rows)), np.uint32)
    for start in range(0, len(rows), AT_ONCE):
        part = slice(start, start + AT_ONCE)
        signatures = fingerprint.signatures(texts.gather(rows[part]), unit)
        keys[:, part] = fingerprint.band_keys(signatures, banding).T
    return keys


SIZE = pl.len().over("text")
FIRST = pl.col("row").first().over("text")


def _between(pairs: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Each pair of distinct texts for every row that has the one with every row that has the other."""
    standing = rows.filter((SIZE <= CROWD) | (pl.col("row") == FIRST))
    one, other = standing.rename({"text": "left", "row": "one"}), standing.rename({"text": "right", "row": "other"})
    both = pairs.join(one, on="left").join(other, on="right")
    forth = pl.col("one") < pl.col("other")
    return both.select(
        left=pl.min_horizontal("one", "other"),
        right=pl.max_horizontal("one", "other"),
        jaccard="jaccard",
        containment_left=pl.when(forth).then("containment_left").otherwise("containment_right"),
        containment_right=pl.when(forth).then("containment_right").otherwise("containment_left"),
    )


def _within(rows: pl.DataFrame) -> pl.DataFrame:
    """Every two rows with the same text; where there are too many, each with the first."""
    few = rows.filter(SIZE.is_between(2, CROWD))
    each = few.join(few.rename({"row": "right"}), on="text").filter(pl.col("row") < pl.col("right"))
    star = rows.with_columns(right="row", row=FIRST).filter(SIZE > CROWD, pl.col("row") < pl.col("right"))
    ones = [pl.lit(1.0).alias(name) for name in EDGES.names()[2:]]
    return pl.concat([each, star.select(each.columns)]).select(pl.col("row").alias("left"), "right", *ones)
