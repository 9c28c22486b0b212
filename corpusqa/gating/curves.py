"""What if: how many documents, and how many of their words, each other limit of a rule would keep.

A limit that rejects one document in a hundred may reject one word in ten, or one in ten thousand; so both are counted.
The limits tried are quantiles of the corpus, rounded to numbers that people write, and the limit in force.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from corpusqa.gating import conditions
from corpusqa.gating.margins import has_margin
from corpusqa.gating.result import Result
from corpusqa.gating.suite import Rule

Side = Literal["min_value", "max_value"]
#: Shares of the documents that the limits tried would keep, about: close together where limits are usually set.
TRIED = (0.5, 0.75, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 1.0)


@dataclass(frozen=True, slots=True)
class Point:
    """One limit, and the shares of the documents and words that it would keep."""

    limit: float
    documents: float
    words: float | None  #: null when the documents have no `n_words`
    in_force: bool


@dataclass(frozen=True, slots=True)
class Curve:
    """A rule's curve on one of its sides, from the lowest limit to the highest."""

    rule_id: str
    column: str
    side: Side
    judged: int  #: documents that the rule judges, those without a value included: they are never kept
    points: tuple[Point, ...]


def curves(result: Result) -> tuple[Curve, ...]:
    """The curves of all rules that compare a number with limits: one for each bound that a rule sets."""
    found = []
    for own in result.rules:
        if own.by_document and has_margin(own.rule, result.judged.schema):
            found += [curve for side in _sides(own.rule) if (curve := _curve(result.judged, own.rule, side))]
    return tuple(found)


def rounded(value: float, upwards: bool, digits: int = 2) -> float:
    """The next number with so many significant digits, above or below.

    >>> rounded(0.01234, True), rounded(8261, False), rounded(-0.5, True), rounded(0, True)
    (0.013, 8200.0, -0.5, 0.0)
    """
    if value == 0 or not math.isfinite(value):
        return value
    place = digits - 1 - math.floor(math.log10(abs(value)))
    exact = round(value, place)  # 0.1 is no binary number: scaled and back, it would be rounded away from itself
    if math.isclose(exact, value, rel_tol=1e-12):
        return float(exact)
    step = float(f"1e{-place}")
    return round((math.ceil if upwards else math.floor)(value / step) * step, max(place, 0))


def _sides(rule: Rule) -> list[Side]:
    sides: tuple[Side, ...] = ("min_value", "max_value")
    return [side for side in sides if rule.kwargs.get(side) is not None]


def _curve(frame: pl.DataFrame, rule: Rule, side: Side) -> Curve | None:
    met = conditions.expression(rule.kwargs.get("row_condition"))
    assert met is not None
    assert rule.column is not None
    value = pl.col(rule.column).cast(pl.Float64).fill_nan(None).alias("value")
    words = pl.col("n_words").fill_null(0) if "n_words" in frame.columns else pl.lit(0)
    own = frame.filter(met).select(value, words.cast(pl.Float64).alias("words"))
    known = own.drop_nulls("value").sort("value")
    if known.is_empty():
        return None
    counted = own["words"].sum() if "n_words" in frame.columns else 0
    strict = bool(rule.kwargs.get("strict_min" if side == "min_value" else "strict_max"))
    values, cumulated = known["value"].to_numpy(), np.concatenate([[0.0], np.cumsum(known["words"].to_numpy())])
    limit = float(rule.kwargs[side])
    points = []
    for tried in _limits(values, limit, side):
        start, stop = _kept(values, tried, side, strict)
        share = float((cumulated[stop] - cumulated[start]) / counted) if counted else None
        points.append(Point(tried, (stop - start) / len(own), share, tried == limit))
    return Curve(rule.rule_id, rule.column, side, len(own), tuple(points))


def _limits(values: NDArray[np.float64], limit: float, side: Side) -> list[float]:
    upper = side == "max_value"
    at = np.quantile(values, TRIED if upper else [1 - share for share in TRIED], method="inverted_cdf")
    return sorted({limit, *(rounded(float(value), upwards=upper) for value in at if math.isfinite(value))})


def _kept(values: NDArray[np.float64], limit: float, side: Side, strict: bool) -> tuple[int, int]:
    """The stretch of the sorted values that this limit keeps."""
    if side == "min_value":
        return int(np.searchsorted(values, limit, side="right" if strict else "left")), len(values)
    return 0, int(np.searchsorted(values, limit, side="left" if strict else "right"))
