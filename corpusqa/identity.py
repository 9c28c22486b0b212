"""Names: of documents, of groups, of clusters. A name is the same in every run that has the thing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

ONE_A_FILE = ("text",)  #: formats in which a file is one record, so that its path names it


def identified(documents: pl.DataFrame, inputs: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """The documents (`id`, `source`, `row`, ...) with `doc_id` for `id`, each its own, and `renamed`: given twice.

    Without an id a document is its path, with `#row` where a file can hold several. One whose id an earlier document
    has becomes `source#id`; should that be taken as well, `source#id#row`. `inputs` say which file has which format.
    """
    single = [entry["source"] for entry in inputs if entry["format"] in ONE_A_FILE]
    numbered = pl.concat_str("source", pl.lit("#"), "row")
    path = pl.when(pl.col("source").is_in(single)).then("source").otherwise(numbered)
    own = documents.with_columns(doc_id=pl.coalesce("id", path))
    again = ~own["doc_id"].is_first_distinct()
    longer = pl.concat_str("source", pl.lit("#"), "doc_id")
    own = own.with_columns(renamed=again).with_columns(doc_id=pl.when("renamed").then(longer).otherwise("doc_id"))
    longest = pl.concat_str("doc_id", pl.lit("#"), "row")
    own = own.with_columns(doc_id=pl.when(~pl.col("doc_id").is_first_distinct()).then(longest).otherwise("doc_id"))
    return own.drop("id")


def group_names(keys: pl.Series) -> pl.Series:
    """`g` and 12 hex digits: the upper 48 bits of the key, which is the hash of the normalised text."""
    names = {key: f"g{key >> 16:012x}" for key in keys.drop_nulls().unique()}
    return keys.replace_strict(names, default=None, return_dtype=pl.String)


def cluster_names(smallest: pl.Series) -> pl.Series:
    """`c` and 12 hex digits of the SHA-256 of each of these ids, the smallest of its cluster."""
    names = {id_: "c" + hashlib.sha256(id_.encode()).hexdigest()[:12] for id_ in smallest.unique()}
    return smallest.replace_strict(names, return_dtype=pl.String)
