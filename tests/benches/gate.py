"""The gate on one and ten million documents: seconds, memory, and how many times the same checks in plain polars.

    python tests/benches/gate.py [--documents 1000000 10000000] [--rules 20]

Made-up metrics, normally distributed; every rule is broken by 4 % of the documents, and all failing rows are wanted:
verdicts, reasons, and a row for each failure with its distance. Budget, for 20 rules: a million documents in 4 s and
700 MB above start, ten million in 45 s. "Above start" is after the import of great_expectations (2 s and 260 MB of its
own) and after the table itself is in memory; "x polars" compares CPU seconds.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import get_context
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


@dataclass(frozen=True)
class Cost:
    """What a step took."""

    seconds: float
    cpu: float
    megabytes: float  #: by which the process grew at its peak

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.seconds + other.seconds, self.cpu + other.cpu, self.megabytes + other.megabytes)

    def line(self, name: str, floor: Cost, more: str = "") -> str:
        """The cost, and how many times that of plain polars."""
        times = f"{self.cpu / floor.cpu:5.1f} x polars"
        return (
            f"{name:<20}{self.seconds:7.2f} s {self.cpu:7.2f} CPU-s {self.megabytes:6.0f} MB {times}  {more}".rstrip()
        )


def timed(work: Callable[[], T]) -> tuple[T, Cost]:
    """The result of some work, and what it took."""
    before, start, cpu = _peak(), time.perf_counter(), time.process_time()
    result = work()
    return result, Cost(time.perf_counter() - start, time.process_time() - cpu, _peak() - before)


def _peak() -> float:
    unit = 1e6 if sys.platform == "darwin" else 1e3
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def by_polars(frame: pl.DataFrame, names: list[str]) -> int:
    """The same checks as one expression each; returns how many failures there are."""
    broken = frame.select(~pl.col(names).is_between(-LIMIT, LIMIT)).select(pl.all().arg_true().implode())
    return sum(len(broken[name][0]) for name in names)


def measure(n_documents: int, n_rules: int) -> None:
    """Print one line a step."""
    frame, suite = made(n_documents, n_rules)
    print(f"{n_documents:,} documents x {n_rules} rules, {frame.estimated_size() / 1e6:,.0f} MB")
    expected, floor = timed(lambda: by_polars(frame, list(suite.columns)))
    result, judging = timed(lambda: judge(frame, suite))
    _, verdicts = timed(lambda: result.documents)
    failures, listing = timed(lambda: result.failures)
    assert sum(result.counts().values()) == expected, "the gate and polars disagree"
    print(floor.line("polars expressions", floor))
    print(judging.line("judge", floor))
    print(verdicts.line("  and verdicts", floor))
    print(listing.line("  and failures", floor, f"{len(failures):,} rows"))
    print((judging + verdicts + listing).line("together", floor), flush=True)


def main() -> None:
    """Measure each size in a process of its own, as a peak of memory never goes down again."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--documents", type=int, nargs="+", default=[1_000_000, 10_000_000])
    options.add_argument("--rules", type=int, default=20)
    given = options.parse_args()
    for n_documents in given.documents:
        process = get_context("spawn").Process(target=measure, args=(n_documents, given.rules))
        process.start()
        process.join()
        if process.exitcode:
            sys.exit(process.exitcode)


if __name__ == "__main__":
    main()
