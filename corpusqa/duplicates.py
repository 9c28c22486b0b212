"""Documents that are copies of one another, and which of them is kept.

Exact copies (the same normalised text) are set aside first, so that a million copies of one text are one text here.
What remains is proposed by bands, verified on the real shingle sets, and clustered from verified edges. A document that
is part of a longer one is told beside, and drops nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl

from corpusqa import cluster
from corpusqa.bands import Bands, Rows
from corpusqa.containment import Heads
from corpusqa.identity import cluster_names
from corpusqa.sets import Hashes

PART = "contained"  #: the relation of two documents of which one is part of the other


@dataclass(frozen=True, slots=True)
class Copies:
    """What was found: the pairs, and a row for each document of a cluster."""

    pairs: pl.DataFrame  #: tables.PAIRS
    members: pl.DataFrame  #: document, cluster, duplicate_of, similarity; the last two null for what is kept
    n_crowds: int  #: buckets so large that only edges to kept documents are among the pairs


def find(
    documents: pl.DataFrame, bands: Bands, shingles: Callable[[Rows], Hashes], threshold: float, heads: Heads
) -> Copies:
    """The copies among these documents.

    `documents` has a row a document, in order: `doc_id`, `date`, `kept_n_words`, and of the text that is compared
    `key`, `n_tokens` and `n_bytes`. `bands()` gives one array of band keys at a time, a value for each document, and
    `shingles(rows)` the shingle sets of these documents; `heads` has their lowest hashes. A text without a word is no
    copy of anything.
    """
    numbered = documents.with_row_index("document").with_columns(rank=_keeper_rank(documents))
    worded = numbered.filter(pl.col("n_tokens") > 0)
    members = worded.with_columns(best=pl.col("document").sort_by("rank").first().over("key"))
    distinct = members.filter(pl.col("document") == pl.col("best")).sort("document")
    rows = distinct["document"].to_numpy().astype(np.int64)
    rank = distinct["rank"].rank("ordinal").to_numpy().astype(np.int64) - 1
    sets = cluster.Sets(lambda own: shingles(rows[own]), distinct["n_bytes"].to_numpy().astype(np.int64))
    own = heads.take(np.isin(np.arange(len(documents)), rows))
    edges = cluster.edges(lambda: (band[rows] for band in bands()), sets, threshold, rank, own)
    near = edges.pairs
    found = cluster.clusters(len(rows), near["left"], near["right"], near["jaccard"], rank)
    named = [near.with_columns(relation=pl.lit("near")), edges.contained.with_columns(relation=pl.lit(PART))]
    related = pl.concat(named)
    pairs = pl.concat([_between(related, distinct, members), _exact_pairs(members)]).sort("left", "right")
    return Copies(pairs, _members(found, members, distinct, documents["doc_id"]), edges.n_crowds)


def _keeper_rank(documents: pl.DataFrame) -> pl.Series:
    """The order in which documents are kept: most kept words, then the earliest date, then the smallest id."""
    order = documents.with_row_index("document").sort(
        "kept_n_words", "date", "doc_id", descending=[True, False, False], nulls_last=True
    )
    return order.select(pl.arg_sort_by("document").cast(pl.Int64)).to_series()


def _between(edges: pl.DataFrame, distinct: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """A pair of documents an edge, each text under the smallest id that has it."""
    smallest = members.group_by("best").agg(pl.col("doc_id").min())
    ids = distinct.select("best").join(smallest, on="best", how="left", maintain_order="left")["doc_id"]
    named = edges.with_columns(one=ids.gather(edges["left"]), other=ids.gather(edges["right"]))
    swap = pl.col("one") > pl.col("other")
    return named.select(
        left=pl.min_horizontal("one", "other"),
        right=pl.max_horizontal("one", "other"),
        jaccard="jaccard",
        containment_left=pl.when(swap).then("containment_right").otherwise("containment_left"),
        containment_right=pl.when(swap).then("containment_left").otherwise("containment_right"),
        relation="relation",
    )


def _exact_pairs(members: pl.DataFrame) -> pl.DataFrame:
    """Each copy of a text once, against the smallest id that has it."""
    copies = members.with_columns(left=pl.col("doc_id").min().over("best")).filter(pl.col("doc_id") != pl.col("left"))
    one = pl.lit(1.0)
    return copies.select(
        "left", right="doc_id", jaccard=one, containment_left=one, containment_right=one, relation=pl.lit("exact")
    )


def _members(found: pl.DataFrame, members: pl.DataFrame, distinct: pl.DataFrame, ids: pl.Series) -> pl.DataFrame:
    """Every document of a cluster with the cluster's name and, unless it is kept, what it is a copy of."""
    best = distinct["document"]
    texts = pl.DataFrame(
        {
            "best": best.gather(found["document"]),
            "component": found["component"],
            "keeper": best.gather(found["keeper"]),
            "near": found["similarity"],
        }
    )
    own = members.join(texts, on="best", how="left", maintain_order="left").with_columns(
        pl.coalesce("component", pl.lit(-1).cast(pl.Int64) - pl.col("best").cast(pl.Int64)).alias("component")
    )
    several = own.filter(pl.len().over("component") > 1)
    is_copy = pl.col("document") != pl.col("best")
    kept_as = pl.coalesce("keeper", pl.when(is_copy).then("best"))
    smallest = pl.col("doc_id").min().over("component")
    return several.select(
        "document",
        cluster=smallest.map_batches(cluster_names, return_dtype=pl.String),
        duplicate_of=kept_as.map_batches(ids.gather, return_dtype=pl.String),
        similarity=pl.when(kept_as.is_not_null()).then(pl.coalesce("near", pl.lit(1.0))),
    )
