"""Whether two samples of a number differ, by how much, and which way: what `compare` asks of every metric.

With a million documents every test calls every difference significant, and with fifty the largest one may be chance. So
a metric has drifted only when the difference is both larger than chance allows and large enough to matter.

The measure is the Kolmogorov-Smirnov distance: the largest difference, over all limits, in the share of documents that
lie below the limit. That is what a gate sees: a distance of 0.08 means that some threshold on this metric passes eight
documents more, or fewer, of a hundred, and that none would notice more than that. It asks for no distribution, and one
document with an absurd value moves it by no more than one document can. Which way it went is said by Cliff's delta:
how much more often a document of the second sample is above one of the first than below, from -1 to 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
import polars as pl
from numpy.typing import NDArray

#: Distance from which a drift matters: ten documents of a hundred change sides at some limit. Two random halves of
#: 15,420 news articles are at most 0.03 apart in any metric, those before and after July 2016 up to 0.17.
MATTERS = 0.1
#: The 0.1 % point of Kolmogorov's distribution: the distance that chance alone exceeds in one of a thousand metrics is
#: this times the square root of 1/n + 1/m (Smirnov, 1948). Some fifty metrics are looked at in a comparison.
CHANCE = 1.949
#: Standard errors by which two shares have to differ: one in a thousand, of either sign, when nothing changed.
ERRORS = 3.29
#: Values looked at of each sample, drawn evenly: more would tell apart what does not matter. The distance of two such
#: samples of one population is below 0.007 in all but one of ten thousand draws.
SAMPLE = 200_000


@dataclass(frozen=True, slots=True)
class Drift:
    """How far the values of one sample lie from those of another."""

    median_a: float | None
    median_b: float | None
    mean_a: float | None
    mean_b: float | None
    missing_a: float  #: share of documents without a value
    missing_b: float
    distance: float  #: Kolmogorov-Smirnov: the largest change in the share below any limit
    delta: float  #: Cliff's: above 0 when the second sample has the larger values
    limit: float | None  #: the value at which the distance is found
    chance: float  #: the distance that may be chance

    @property
    def drifted(self) -> bool:
        """Whether the difference is more than chance and large enough to matter."""
        return max(self.distance, abs(self.missing_b - self.missing_a)) >= max(MATTERS, self.chance)


def drift(a: pl.Series, b: pl.Series) -> Drift:
    """How `b` differs from `a`, two columns of numbers in which a null, or a NaN, is a missing value."""
    missing_a, missing_b = _missing(a), _missing(b)
    left, right = _values(a), _values(b)
    chance = _chance(len(a), len(b))
    if not len(left) or not len(right):
        return Drift(*_middle(left, right), missing_a, missing_b, 0.0, 0.0, None, chance)
    distance, limit = _distance(left, right)
    return Drift(
        *_middle(left, right),
        missing_a=missing_a,
        missing_b=missing_b,
        distance=distance,
        delta=_delta(left, right),
        limit=limit,
        chance=max(chance, _chance(len(left), len(right))),
    )


def beyond_chance(part_a: int, whole_a: int, part_b: int, whole_b: int) -> bool:
    """Whether two shares differ by more than chance: a two-sided test of two proportions at 0.1 %.

    >>> beyond_chance(10, 100, 20, 100), beyond_chance(10, 100, 40, 100), beyond_chance(1_000, 10_000, 2_000, 10_000)
    (False, True, True)
    """
    if not whole_a or not whole_b:
        return False
    pooled = (part_a + part_b) / (whole_a + whole_b)
    error = sqrt(pooled * (1 - pooled) * (1 / whole_a + 1 / whole_b))
    return abs(part_b / whole_b - part_a / whole_a) > ERRORS * error


def _missing(column: pl.Series) -> float:
    return 1 - column.cast(pl.Float64).fill_nan(None).count() / len(column) if len(column) else 0.0


def _values(column: pl.Series) -> NDArray[np.float64]:
    """The values, ascending; of many an even draw, the same for the same column."""
    values = column.cast(pl.Float64).fill_nan(None).drop_nulls().to_numpy()
    if len(values) > SAMPLE:
        values = np.random.default_rng(len(values)).choice(values, SAMPLE, replace=False)
    return np.sort(values)


def _middle(
    left: NDArray[np.float64], right: NDArray[np.float64]
) -> tuple[float | None, float | None, float | None, float | None]:
    medians = [float(np.median(values)) if len(values) else None for values in (left, right)]
    means = [float(np.mean(values)) if len(values) else None for values in (left, right)]
    return medians[0], medians[1], means[0], means[1]


def _distance(left: NDArray[np.float64], right: NDArray[np.float64]) -> tuple[float, float]:
    """The Kolmogorov-Smirnov distance of two ascending samples, and the value at which it is found."""
    limits = np.unique(np.concatenate([left, right]))
    below = [np.searchsorted(values, limits, side="right") / len(values) for values in (left, right)]
    apart = np.abs(below[1] - below[0])
    at = int(apart.argmax())
    return float(apart[at]), float(limits[at])


def _delta(left: NDArray[np.float64], right: NDArray[np.float64]) -> float:
    """Cliff's delta of two ascending samples: P(right above left) - P(right below left)."""
    below = np.searchsorted(left, right, side="left").sum(dtype=np.int64)
    above = len(left) * len(right) - np.searchsorted(left, right, side="right").sum(dtype=np.int64)
    return float((below - above) / (len(left) * len(right)))


def _chance(n: int, m: int) -> float:
    return CHANCE * sqrt(1 / n + 1 / m) if n and m else 1.0
