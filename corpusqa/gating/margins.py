"""How near each document came to a limit, from either side.

A margin is how far a value lies inside the limits of a rule, in the metric's own unit; what lies outside has a
negative one. `relative` is the margin as a share of the nearer limit, so that rules on words and rules on shares can be
set beside one another: at 0.05 the limit would have to move by a twentieth. Only rules that compare a number with
numbers have margins, and a rule whose limit is 0 has no relative ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from corpusqa.gating import conditions
from corpusqa.gating.limits import BETWEEN
from corpusqa.gating.suite import Rule

if TYPE_CHECKING:
    from corpusqa.gating.result import Result, RuleResult

NEAREST = 10  #: documents on either side of a limit that are listed
NARROW = 0.1  #: of a limit: who is further from it than that, on either side, was not judged narrowly
#: Columns of a list of margins, besides those that say whose they are.
SCHEMA = pl.Schema({"value": pl.Float64, "limit": pl.Float64, "margin": pl.Float64, "relative": pl.Float64})


def has_margin(rule: Rule, schema: pl.Schema) -> bool:
    """Whether the rule compares single numbers with limits, in documents that can be told apart from the others."""
    return (
        rule.type == BETWEEN
        and rule.limits is not None
        and rule.column is not None
        and rule.column in schema
        and schema[rule.column].is_numeric()
        and conditions.expression(rule.kwargs.get("row_condition")) is not None
    )


def margins(frame: pl.DataFrame, rule: Rule) -> pl.DataFrame:
    """`row` and the columns of `SCHEMA` for each document that the rule judges and that has a value."""
    assert rule.limits is not None
    assert rule.column is not None
    value = pl.col(rule.column).cast(pl.Float64).fill_nan(None)
    low, high = (pl.lit(bound, pl.Float64) for bound in (rule.limits.low, rule.limits.high))
    above, below = value - low, high - value
    margin = pl.min_horizontal(above, below)
    limit = pl.when(above == margin).then(low).otherwise(high)
    met = conditions.expression(rule.kwargs.get("row_condition"))
    assert met is not None
    found = frame.select(row=pl.int_range(pl.len(), dtype=pl.UInt32), value=value, limit=limit, margin=margin, met=met)
    relative = pl.when(pl.col("limit") != 0).then(pl.col("margin") / pl.col("limit").abs())
    return found.filter(pl.col("met") & pl.col("value").is_not_null()).select(
        "row", "value", "limit", "margin", relative.alias("relative")
    )


def narrow(result: Result, n: int = NEAREST) -> pl.DataFrame:
    """For each rule the documents nearest to its limit: `n` that pass, `n` that do not, the nearest first.

    `rule_id`, `outcome` (passes, fails), `doc_id`, and value, limit, margin, relative. A rule whose passing documents
    all have one value, as where none at all is allowed, has no narrow pass.
    """
    parts = [_nearest(result, rule, n) for rule in _rules(result)]
    return pl.concat([_none("rule_id", "outcome", "doc_id"), *parts])


def borderline(result: Result, n: int = NEAREST) -> pl.DataFrame:
    """The documents whose verdict a small change of a limit would turn: `n` accepted, `n` rejected, the nearest first.

    `verdict`, `doc_id`, `rule_id`, and value, limit, margin, relative of the rule that decides: of an accepted document
    the critical rule that it meets most narrowly; of a rejected one the rule that it misses by most, since all its
    rules would have to give way. Copies and documents that break a rule without limits are not on the line.
    """
    rules = [rule for rule in _rules(result) if rule.severity == "critical"]
    tightest, which = _tightest(result.judged, rules)
    rejected = (result.documents["verdict"] == "reject").to_numpy()
    found = np.isfinite(tightest)
    near = _lowest(tightest, found & ~rejected, n)
    far = _lowest(-tightest, found & _movable(result, rules), n)
    parts = [_row(result, rules[which[row]].rule, int(row)) for row in (*near, *far)]
    return pl.concat([_none("verdict", "doc_id", "rule_id"), *parts])


def _tightest(frame: pl.DataFrame, rules: Sequence[RuleResult]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Each document's least relative margin, infinite where it has none, and the number of the rule that sets it."""
    least, which = np.full(len(frame), np.inf), np.zeros(len(frame), np.int64)
    for i, rule in enumerate(rules):
        own = margins(frame, rule.rule).select("row", "relative").drop_nulls()
        rows, relative = own["row"].to_numpy(), own["relative"].to_numpy()
        tighter = relative < least[rows]
        least[rows[tighter]], which[rows[tighter]] = relative[tighter], i
    return least, which


def _lowest(values: NDArray[np.float64], allowed: NDArray[np.bool_], n: int) -> NDArray[np.int64]:
    """The rows of the `n` lowest values that are allowed, the lowest first, in the order of the rows among equals."""
    rows = np.flatnonzero(allowed)
    if len(rows) > n:
        bound = np.partition(values[rows], n - 1)[n - 1]
        rows = rows[values[rows] <= bound]
    return rows[np.argsort(values[rows], kind="stable")][:n]


def _row(result: Result, rule: Rule, row: int) -> pl.DataFrame:
    """One document before one rule, with its verdict."""
    about = result.documents[row].select("verdict", pl.col("doc_id").cast(pl.String))
    numbers = margins(result.judged[row], rule).select(*SCHEMA)
    return pl.concat([about, pl.DataFrame({"rule_id": [rule.rule_id]}), numbers], how="horizontal")


def standing(frame: pl.DataFrame, rules: Sequence[Rule]) -> list[dict[str, Any]]:
    """Of a single document: rule_id, severity, column, limit in words, value, margin, relative, for each such rule."""
    found = []
    for rule in rules:
        if has_margin(rule, frame.schema):
            about = {"rule_id": rule.rule_id, "severity": rule.severity, "column": rule.column, "asks": rule.limit}
            found += [{**about, **row} for row in margins(frame, rule).drop("row").iter_rows(named=True)]
    return found


def _rules(result: Result) -> list[RuleResult]:
    return [rule for rule in result.rules if rule.by_document and has_margin(rule.rule, result.judged.schema)]


def _nearest(result: Result, rule: RuleResult, n: int) -> pl.DataFrame:
    own = margins(result.judged, rule.rule)
    broken = np.zeros(len(result.judged), np.bool_)
    broken[rule.rows] = True
    fails = pl.Series(broken).gather(own["row"])
    passing = own.filter(~fails)
    if passing["value"].n_unique() < 2:
        passing = passing.clear()
    near = [_bottom(passing, n, "passes"), _bottom(own.filter(fails), n, "fails")]
    together = pl.concat(near).with_columns(rule_id=pl.lit(rule.rule_id))
    return _with_ids(result, together).select("rule_id", "outcome", "doc_id", *SCHEMA)


def _bottom(frame: pl.DataFrame, n: int, outcome: str) -> pl.DataFrame:
    near = frame.with_columns(away=pl.col("margin").abs()).bottom_k(n, by=["away", "row"])
    return near.sort("away", "row").drop("away").with_columns(outcome=pl.lit(outcome))


def _movable(result: Result, rules: Sequence[RuleResult]) -> NDArray[np.bool_]:
    """The documents that were rejected by these rules alone, and not for want of a value."""
    by_limit = np.zeros(len(result.judged), np.int64)
    for rule in rules:
        value = result.judged[rule.column or ""].gather(rule.rows).cast(pl.Float64).fill_nan(None)
        by_limit[rule.rows[value.is_not_null().to_numpy()]] += 1
    failed = result.documents["failed"].list.len().to_numpy()
    return np.asarray((failed > 0) & (failed == by_limit))


def _with_ids(result: Result, frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(result.judged["doc_id"].gather(frame["row"]).cast(pl.String))


def _none(*names: str) -> pl.DataFrame:
    return pl.DataFrame(schema={**dict.fromkeys(names, pl.String), **SCHEMA})
