"""The gate on a million documents: seconds, memory, and how much dearer than the same checks as polars expressions.

    python tests/benches/gate.py [--documents 1000000] [--rules 20]

Made-up metrics, normally distributed; every rule is broken by 4 % of the documents, and all failing rows are wanted:
verdicts, reasons, and a row for each failure with its distance. Budget: 4 s and 700 MB above start for a million
documents and 20 rules. "Above start" is after the import of great_expectations (2 s and 260 MB of its own) and after
the table itself is in memory.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections.abc import Callable
from typing import TypeVar

import numpy as np
import polars as pl

from corpusqa.gating import Suite, engine, judge, parse_suite

T = TypeVar("T")
LIMIT = 2.0537  #: leaves 4 % of a normal distribution outside
assert engine.CHUNK  # the engine, and great_expectations with it, is loaded before anything is measured


def made(n_documents: int, n_rules: int) -> tuple[pl.DataFrame, Suite]:
    """Documents with a metric for each rule, and the rules."""
    random = np.random.default_rng(0)
    metrics = {f"m{i}": random.normal(size=n_documents) for i in range(n_rules)}
    ids = pl.select(pl.format("made-up/{}.txt", pl.int_range(n_documents)).alias("doc_id"))
    rules = [
        {
            "type": "expect_column_values_to_be_between",
            "kwargs": {"column": name, "min_value": -LIMIT, "max_value": LIMIT, "mostly": 0.9},
            "severity": "critical" if i % 2 else "warning",
            "meta": {"rule_id": name},
        }
        for i, name in enumerate(metrics)
    ]
    return ids.with_columns(**metrics), parse_suite({"name": "made", "expectations": rules})


def timed(work: Callable[[], T]) -> tuple[T, float, float]:
    """(result, seconds, megabytes by which the process grew at its peak)."""
    before, start = _peak(), time.perf_counter()
    result = work()
    return result, time.perf_counter() - start, _peak() - before


def _peak() -> float:
    unit = 1e6 if sys.platform == "darwin" else 1e3
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def by_polars(frame: pl.DataFrame, names: list[str]) -> int:
    """The same checks as one expression each; returns how many failures there are."""
    broken = frame.select(~pl.col(names).is_between(-LIMIT, LIMIT)).select(pl.all().arg_true().implode())
    return sum(len(broken[name][0]) for name in names)


def main() -> None:
    """Print one line a step."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--documents", type=int, default=1_000_000)
    options.add_argument("--rules", type=int, default=20)
    given = options.parse_args()
    frame, suite = made(given.documents, given.rules)
    print(f"{given.documents:,} documents x {given.rules} rules, {frame.estimated_size() / 1e6:.0f} MB")

    expected, floor, _ = timed(lambda: by_polars(frame, list(suite.columns)))
    result, judging, grown = timed(lambda: judge(frame, suite))
    _, verdicts, more = timed(lambda: result.documents)
    assert sum(result.counts().values()) == expected, "the gate and polars disagree"
    failures, listing, most = timed(lambda: result.failures)
    print(f"polars expressions    {floor:7.2f} s")
    print(f"judge                 {judging:7.2f} s  {grown:6.0f} MB  {judging / floor:5.1f} x polars")
    print(f"  and verdicts        {verdicts:7.2f} s  {more:6.0f} MB")
    print(f"  and failures        {listing:7.2f} s  {most:6.0f} MB  {len(failures):,} rows")
    total = judging + verdicts + listing
    print(f"together              {total:7.2f} s  {grown + more + most:6.0f} MB  {total / floor:5.1f} x polars")


if __name__ == "__main__":
    main()
