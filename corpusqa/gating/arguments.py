"""Arguments that great_expectations takes, but that nobody can have meant.

It refuses most of what is wrong with a rule. What it lets through makes a rule that passes whatever the corpus is: a
mean between no bounds, a pattern left out, an empty list of forbidden values, texts forbidden in a column of numbers.
Such a rule would open the gate by accident, so it is refused, and so are its mirror images that nothing can pass.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, NoReturn

from corpusqa.errors import UnusableSuite

if TYPE_CHECKING:
    import polars as pl

BOUNDS = ("min_value", "max_value")
KL_DIVERGENCE = "expect_column_kl_divergence_to_be_less_than"
QUANTILES = "expect_column_quantile_values_to_be_between"
IN_SET = ("expect_column_values_to_be_in_set", "expect_column_values_to_not_be_in_set")
#: Arguments that great_expectations lets be absent, and without which the expectation says nothing.
NEEDED = {
    "expect_column_values_to_match_regex": ("regex",),
    "expect_column_values_to_be_in_type_list": ("type_list",),
    "expect_column_values_to_match_json_schema": ("json_schema",),
    "expect_table_columns_to_match_ordered_list": ("column_list",),
    "expect_table_columns_to_match_set": ("column_set",),
    KL_DIVERGENCE: ("partition_object",),
}
#: Lists that mean nothing when they are empty: nothing is then allowed, or nothing forbidden.
LISTS = ("value_set", "value_pairs_set", "type_list", "column_set", "column_list", "regex_list")


def check_arguments(kind: str, kwargs: Mapping[str, Any], where: str) -> None:
    """Raise UnusableSuite when an expectation of this kind with these arguments cannot be meant."""
    mostly = kwargs.get("mostly")
    if isinstance(mostly, bool):
        refuse(where, f"has mostly {mostly!r}", "Write the share of documents that has to pass, from 0 to 1")
    _check_bounds(kind, kwargs, where)
    for key in NEEDED.get(kind, ()):
        if not kwargs.get(key):
            refuse(where, f"has no {key}, so it would ask for nothing", f"Give it one: see {kind}")
    for key in LISTS:
        if kwargs.get(key) == []:
            refuse(where, f"has an empty {key}", "List what it is about")
    if kind == QUANTILES and "quantile_ranges" in kwargs:
        _check_quantiles(kwargs["quantile_ranges"], where)


def check_values(kind: str, kwargs: Mapping[str, Any], dtype: pl.DataType, where: str) -> None:
    """Raise UnusableSuite when the values that a rule lists are of another kind than all values of its column."""
    listed = kwargs.get("value_set")
    if kind not in IN_SET or not isinstance(listed, list):
        return
    numbers = sum(isinstance(value, int | float) for value in listed)
    if dtype.is_numeric() and not numbers:
        refuse(where, f"lists texts, and {kwargs['column']!r} holds numbers", "Write the numbers without quotes")
    if str(dtype) in ("String", "Categorical", "Enum") and numbers == len(listed):
        refuse(where, f"lists numbers, and {kwargs['column']!r} holds texts", "Write the texts in quotes")


def check_keys(entry: Mapping[str, Any], known: tuple[str, ...], where: str) -> None:
    """Raise UnusableSuite for a key that is none of those known."""
    for key in entry:
        if key not in known:
            close = get_close_matches(key, known, n=1)
            refuse(where, f"has the unknown key {key!r}", f"Did you mean {close[0]!r}?" if close else f"Use {known}")


def check_choice(value: Any, choices: Iterable[str], key: str, where: str) -> None:
    """Raise UnusableSuite for a value that is none of the choices."""
    if value not in (known := tuple(choices)):
        close = get_close_matches(str(value), known, n=1)
        refuse(where, f"has {key} {value!r}", f"Did you mean {close[0]!r}?" if close else f"Use one of {known}")


def refuse(where: str, what: str, now: str) -> NoReturn:
    """Raise UnusableSuite: where it is, what is wrong, what to do now."""
    raise UnusableSuite(f"{where} {what}. {now}{'' if now.endswith(('?', '.')) else '.'}")


def _check_bounds(kind: str, kwargs: Mapping[str, Any], where: str) -> None:
    low, high = (kwargs.get(key) for key in BOUNDS)
    for key, value in zip(BOUNDS, (low, high), strict=True):
        if isinstance(value, bool) or (isinstance(value, float) and not math.isfinite(value)):
            refuse(where, f"has {key} {value!r}, with which no number compares", "Write a number")
    asked = [*BOUNDS, "threshold"] if kind == KL_DIVERGENCE else list(BOUNDS)
    if _sets_bounds(kind) and all(kwargs.get(key) is None for key in asked):
        refuse(where, "sets no bound, so anything would pass", f"Give it one of {', '.join(asked)}")
    if not (isinstance(low, int | float) and isinstance(high, int | float)):
        return
    if low > high:
        refuse(where, f"has min_value {low} above max_value {high}, which no value can meet", "Swap or correct them")
    if low == high and (kwargs.get("strict_min") or kwargs.get("strict_max")):
        refuse(where, f"asks for values strictly between {low} and {high}, which none is", "Drop strict_min or _max")


def _sets_bounds(kind: str) -> bool:
    return (kind.endswith("_to_be_between") and kind != QUANTILES) or kind == KL_DIVERGENCE


def _check_quantiles(asked: Any, where: str) -> None:
    """Each quantile has a range, and each range a bound: great_expectations compares what there is, and passes."""
    own = asked if isinstance(asked, Mapping) else {}
    quantiles, ranges = own.get("quantiles"), own.get("value_ranges")
    if not isinstance(quantiles, Sequence) or not isinstance(ranges, Sequence) or not quantiles:
        refuse(where, "names no quantiles", 'Write "quantile_ranges": {"quantiles": [0.5], "value_ranges": [[1, 9]]}')
    if len(quantiles) != len(ranges):
        refuse(where, f"has {len(quantiles)} quantiles and {len(ranges)} value_ranges", "Give each quantile its range")
    for quantile, bounds in zip(quantiles, ranges, strict=True):
        if not isinstance(bounds, Sequence) or len(bounds) != 2 or all(value is None for value in bounds):
            refuse(where, f"sets no bound for the quantile {quantile}", "Write its range as [lowest, highest]")
        if None not in bounds and bounds[0] > bounds[1]:
            refuse(where, f"has a range from {bounds[0]} down to {bounds[1]}", "Swap or correct them")
