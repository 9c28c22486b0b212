"""The bounds that a rule sets in numbers, and how far a value lies from them.

great_expectations says which documents break a rule; to say by how much, the bounds are read from its arguments.
Only expectations that compare a number with numbers have such bounds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

BETWEEN = "expect_column_values_to_be_between"
GREATER = "expect_column_pair_values_a_to_be_greater_than_b"


@dataclass(frozen=True, slots=True)
class Limits:
    """The values from `low` to `high`; an end that is null is open, a strict one is itself outside."""

    low: float | None
    high: float | None
    strict_low: bool = False
    strict_high: bool = False

    def __str__(self) -> str:
        """In words: `from 50 to 20,000`, `at most 0.2`, `above 3`."""
        if self.low is not None and self.high is not None and not self.strict_low and not self.strict_high:
            return f"from {number(self.low)} to {number(self.high)}" if self.low != self.high else number(self.low)
        low = "" if self.low is None else f"{'above' if self.strict_low else 'at least'} {number(self.low)}"
        high = "" if self.high is None else f"{'below' if self.strict_high else 'at most'} {number(self.high)}"
        return " and ".join(filter(None, (low, high)))

    def encloses(self, other: Limits) -> bool:
        """Whether all that lies within the other limits lies within these."""
        below = self.low is None or (
            other.low is not None and (other.low, other.strict_low) >= (self.low, self.strict_low)
        )
        above = self.high is None or (
            other.high is not None and (-other.high, other.strict_high) >= (-self.high, self.strict_high)
        )
        return below and above

    def excludes(self, lowest: float, highest: float) -> bool:
        """Whether nothing from `lowest` to `highest` lies within."""
        low = self.low is not None and (self.low >= highest if self.strict_low else self.low > highest)
        high = self.high is not None and (self.high <= lowest if self.strict_high else self.high < lowest)
        return low or high

    def broken(self, value: pl.Expr) -> pl.Expr:
        """The bound that each value is on the wrong side of; null for a null, and within the bounds."""
        low, high = pl.lit(self.low, pl.Float64), pl.lit(self.high, pl.Float64)
        below = value <= low if self.strict_low else value < low
        above = value >= high if self.strict_high else value > high
        return pl.when(below).then(low).when(above).then(high)


def limits_of(kwargs: Mapping[str, Any]) -> Limits | None:
    """The bounds that these arguments set in numbers, on single values or on what is worked out from all; or null."""
    low, high = kwargs.get("min_value"), kwargs.get("max_value")
    numbers = [value for value in (low, high) if value is not None]
    if not numbers or not all(isinstance(value, int | float) for value in numbers):
        return None
    return Limits(low, high, bool(kwargs.get("strict_min")), bool(kwargs.get("strict_max")))


def number(value: float) -> str:
    """A number to read: `20,000`, `0.12`, `3`.

    >>> number(20000.0), number(0.12), number(3.0), number(1234.5678)
    ('20,000', '0.12', '3', '1,234.568')
    """
    if float(value).is_integer():
        return f"{int(value):,}"
    return f"{value:,.3f}".rstrip("0") if abs(value) >= 1 else f"{value:.4g}"
