"""Every document with every rule that it breaks, and by how much."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import polars as pl
from numpy.typing import NDArray

from corpusqa.gating.limits import BETWEEN, GREATER
from corpusqa.gating.suite import DUPLICATE, Rule

SCHEMA = pl.Schema(
    {
        "rule_id": pl.String,
        "severity": pl.String,
        "column": pl.String,
        "value": pl.Float64,  #: what was found, when it is a number; null when it is a null
        "limit": pl.Float64,  #: the bound that it is on the wrong side of
        "distance": pl.Float64,  #: from the bound, never negative
        "text": pl.String,  #: what was found, when it is no number
    }
)


def failures_of(
    judged: pl.DataFrame, broken: Iterable[tuple[Rule, NDArray[np.int64]]], copies: NDArray[np.int64]
) -> pl.DataFrame:
    """`doc_id` and the columns of `SCHEMA`: a row for each document and rule, in the order of both.

    `limit` and `distance` are null for a rule that sets no bound in numbers, and for a document without a value.
    """
    parts = [_rule_part(judged, rule, rows) for rule, rows in broken if len(rows)]
    if len(copies):
        parts.append(_copies_part(judged, copies))
    if not parts:
        return judged.clear().select("doc_id").with_columns(pl.lit(None, dtype).alias(n) for n, dtype in SCHEMA.items())
    together = pl.concat(parts).sort("row", maintain_order=True)
    return together.select(judged["doc_id"].gather(together["row"]), *SCHEMA)


def _rule_part(judged: pl.DataFrame, rule: Rule, rows: NDArray[np.int64]) -> pl.DataFrame:
    at = pl.Series("row", rows, dtype=pl.UInt32)
    found = judged.select(rule.columns)[at]
    value, text = _found(found)
    frame = pl.DataFrame({"row": at, "value": value, "text": text})
    broken = _bound(rule, found).alias("limit")
    return _part(frame.with_columns(broken), rule.rule_id, rule.severity, rule.column)


def _copies_part(judged: pl.DataFrame, rows: NDArray[np.int64]) -> pl.DataFrame:
    """Copies: `text` names the document that is kept, `value` is how similar the two are."""
    at = pl.Series("row", rows, dtype=pl.UInt32)
    similarity = judged["similarity"] if "similarity" in judged.columns else pl.Series([None] * len(judged))
    value = similarity.gather(at).cast(pl.Float64)
    text = judged["duplicate_of"].gather(at).cast(pl.String)
    frame = pl.DataFrame(
        {"row": at, "value": value, "text": text, "limit": pl.Series([None] * len(at), dtype=pl.Float64)}
    )
    return _part(frame, DUPLICATE, "critical", "duplicate_of")


def _part(frame: pl.DataFrame, rule_id: str, severity: str, column: str | None) -> pl.DataFrame:
    named = {"rule_id": rule_id, "severity": severity, "column": column}
    return frame.select(
        "row",
        *(pl.lit(value, pl.String).alias(name) for name, value in named.items()),
        "value",
        "limit",
        (pl.col("value") - pl.col("limit")).abs().alias("distance"),
        "text",
    )


def _found(found: pl.DataFrame) -> tuple[pl.Series, pl.Series]:
    """What the documents have, as a number when it is one, else as a text."""
    nothing = pl.Series([None] * len(found), dtype=pl.Null)
    first = found.to_series() if found.width else nothing
    if first.dtype.is_numeric():
        return first.cast(pl.Float64).fill_nan(None), nothing.cast(pl.String)
    return nothing.cast(pl.Float64), _shown(first)


def _shown(values: pl.Series) -> pl.Series:
    if values.dtype.is_nested():
        return pl.Series([None if value is None else str(value) for value in values.to_list()], dtype=pl.String)
    return values.cast(pl.String)


def _bound(rule: Rule, found: pl.DataFrame) -> pl.Expr:
    """The bound that each value is on the wrong side of."""
    if rule.type == GREATER and all(dtype.is_numeric() for dtype in found.dtypes):
        other = found.to_series(1).cast(pl.Float64).fill_nan(None)
        return pl.when(pl.col("value").is_not_null()).then(pl.lit(other))
    return rule.limits.broken(pl.col("value")) if rule.limits and rule.type == BETWEEN else pl.lit(None, pl.Float64)
