"""How a metric is spread over the documents of a run: the value that `corpusqa metrics NAME --run RUN` prints.

Quantiles first, since means of quality metrics say little: most are skewed. The bars cut the range between the 1st and
the 99th percentile into equal steps, so that one odd document does not press all others into a single bar; what lies
outside is counted at both ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl

from corpusqa.errors import UnusableRun
from corpusqa.run import Run

QUANTILES = (0.0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1.0)
BARS = 12  #: as many lines as one takes in at a glance
WORDS = 20  #: of a metric that gives words (a language), the most frequent


@dataclass(frozen=True, slots=True)
class Bar:
    """A step of the range, or one word, and how many documents have a value in it."""

    label: str
    n: int


@dataclass(frozen=True, slots=True)
class Spread:
    """The values of one metric in one run."""

    metric: str
    n_documents: int
    n_missing: int  #: documents without a value
    quantiles: tuple[tuple[float, float], ...]  #: share of the documents, and the value that so many do not exceed
    bars: tuple[Bar, ...]


def spread(run: Run, metric: str) -> Spread:
    """How this metric is spread over the run. Raises UnusableRun when the run has not computed it."""
    names = run.documents.collect_schema().names()
    if metric not in names:
        raise UnusableRun(
            f"The run {str(run.path)!r} has not computed {metric}. Audit again with --metrics {metric}, or all."
        )
    values = run.documents.select(metric).collect().to_series()
    known = values.drop_nulls()
    if values.dtype == pl.String:
        common = known.value_counts(sort=True).sort("count", metric, descending=[True, False]).head(WORDS)
        return Spread(metric, len(values), len(values) - len(known), (), tuple(Bar(*row) for row in common.iter_rows()))
    numbers = known.cast(pl.Float64).drop_nans()
    at = () if numbers.is_empty() else tuple((q, _quantile(numbers, q)) for q in QUANTILES)
    return Spread(metric, len(values), len(values) - len(numbers), at, _bars(numbers, whole=values.dtype.is_integer()))


def _quantile(numbers: pl.Series, share: float) -> float:
    value = numbers.quantile(share, "lower")
    assert value is not None
    return float(value)


def _bars(numbers: pl.Series, *, whole: bool) -> tuple[Bar, ...]:
    """The documents in equal steps from the 1st to the 99th percentile; the outer ones reach further, and say so."""
    if numbers.is_empty():
        return ()
    low, high = _quantile(numbers, 0.01), _quantile(numbers, 0.99)
    low, high = (low, high) if low < high else (_quantile(numbers, 0), _quantile(numbers, 1))
    if low == high:
        return (Bar(number(low), len(numbers)),)
    if whole and high - low < BARS:
        edges = np.arange(low, high + 2)
        labels = [number(edge) for edge in edges[:-1]]
    else:
        edges = np.linspace(low, high, BARS + 1)
        edges = np.unique(np.ceil(edges)) if whole else edges
        labels = [f"{a} – {b}" for a, b in pairwise(_distinct(edges.tolist()))]
    inside = np.searchsorted(edges, numbers.to_numpy(), side="right") - 1
    counts = np.bincount(np.clip(inside, 0, len(labels) - 1), minlength=len(labels))
    if (numbers < low).any():
        labels[0] = f"to {labels[0].rpartition(' – ')[2]}"
    if (numbers > high).any():
        labels[-1] = f"from {labels[-1].partition(' – ')[0]}"
    return tuple(Bar(label, int(n)) for label, n in zip(labels, counts, strict=True))


def _distinct(edges: list[float]) -> list[str]:
    """The edges in as few digits as tell them apart."""
    for digits in range(4, 17):
        shown = [number(edge, digits) for edge in edges]
        if len(set(shown)) == len(shown):
            break
    return shown


def number(value: float, digits: int = 4) -> str:
    """A value in as many digits as are read: `1,204`, `0.0831`.

    >>> number(1204.0), number(0.08312), number(12.75)
    ('1,204', '0.08312', '12.75')
    """
    if value == int(value) and abs(value) < 1e15:
        return f"{int(value):,}"
    return f"{value:,.{digits}g}" if abs(value) < 1000 else f"{value:,.0f}"
