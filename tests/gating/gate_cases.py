"""Small made-up rules, suites and documents for the gate's tests."""

from __future__ import annotations

from typing import Any

import polars as pl

from corpusqa.gating import Result, Suite, judge, parse_suite

BETWEEN = "expect_column_values_to_be_between"


def rule(
    kind: str = BETWEEN, *, name: str = "", severity: str = "critical", notes: str = "", meta=None, **kwargs
) -> Any:
    """An expectation as it stands in a suite's file."""
    meta = {**(meta or {}), **({"rule_id": name} if name else {})}
    return {"type": kind, "kwargs": kwargs, "severity": severity, "meta": meta, **({"notes": notes} if notes else {})}


def suite(*rules: Any, **others: Any) -> Suite:
    """The suite of these rules."""
    return parse_suite({"name": "made", "expectations": list(rules), **others})


def documents(**columns: Any) -> pl.DataFrame:
    """Documents d0, d1, ... with these columns."""
    frame = pl.DataFrame(columns, strict=False)
    return frame.select(pl.format("d{}", pl.int_range(pl.len())).alias("doc_id"), pl.all())


def judged(frame: pl.DataFrame, *rules: Any) -> Result:
    """The frame judged by these rules."""
    return judge(frame, suite(*rules))


def failing(result: Result, name: str | None = None) -> list[int]:
    """The rows that break the rule of this name, or the only one."""
    (found,) = [rule for rule in result.rules if name in (None, rule.rule_id)]
    return found.rows.tolist()


def comparison(column: str, operator: str, value: Any) -> dict[str, Any]:
    """A row_condition in great_expectations' own form."""
    return {"type": "comparison", "column": {"name": column}, "operator": operator, "parameter": value}
