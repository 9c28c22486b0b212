"""What one asks after the verdict: how much hangs on a single rule, and who was nearest to a limit. In two lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from corpusqa.gating.limits import number
from corpusqa.gating.margins import NARROW
from corpusqa.gating.result import Result
from corpusqa.gating.wording import harmless

NAMED = 3  #: rules named in a line


def insights(result: Result) -> list[str]:
    """At most two lines, without anything that moves the cursor; none where there is nothing to say."""
    return [harmless(line) for line in (_alone(result), _nearest(result)) if line]


def _alone(result: Result) -> str:
    alone = result.by_rule.filter((pl.col("severity") == "critical") & (pl.col("documents_alone") > 0))
    if alone.is_empty():
        return ""
    first = alone.sort("documents_alone", descending=True, maintain_order=True).head(NAMED)
    named = ", ".join(f"{name} {n:,}" for name, n in first.select("rule_id", "documents_alone").iter_rows())
    of = f"{alone['documents_alone'].sum():,} of {result.verdicts['reject']:,}"
    return f"Rejected by one rule alone: {of} ({named}{', …' if len(alone) > NAMED else ''})"


def _nearest(result: Result) -> str:
    near = result.borderline(1).filter(pl.col("relative").abs() <= NARROW)
    said = [_one(row) for row in near.iter_rows(named=True)]
    return f"Nearest to a limit: {'; '.join(said)}" if said else ""


def _one(row: Mapping[str, Any]) -> str:
    verdict = "rejected" if row["verdict"] == "reject" else "accepted"
    return f"{verdict} {row['doc_id']} ({row['rule_id']} {number(row['value'])}, limit {number(row['limit'])})"
