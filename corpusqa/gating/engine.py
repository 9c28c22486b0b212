"""great_expectations, by the one door through which it comes in.

It is asked for what it is good at: to say what an expectation means, and which rows break it. The rest is arranged
around the ways in which it goes wrong without a word; each is held by a test in `tests/gating/test_traps.py`:

- an unknown expectation is logged and dropped, so what it built is counted against what the suite holds;
- results come in another order than the rules, so each carries the number of its rule in `meta`;
- an evaluation error comes as a plain failure without rows, so `exception_info` is read first and ends the gate;
- nulls are skipped, so a column without values passes: where nulls are to fail, a second expectation finds them;
- only int64 and float64 columns are compared as arrays, so every number is cast to one of the two, NaN for null;
- threads that share an asset get one another's counts, so each call has its own context, and they take turns: in 1.16,
  the oldest version that we allow, a validator is looked up through the context that any thread made last.

Documents are judged in chunks, because memory is then that of a chunk; `mostly` is worked out from the sums. What
looks beyond the row (uniqueness, order, outliers, every aggregate) sees whole columns.
"""

from __future__ import annotations

import logging
import os
import threading
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
from numpy.typing import NDArray

from corpusqa.errors import UnusableSuite
from corpusqa.gating.suite import Rule, Suite

os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")  # 1.24 has no telemetry left; versions before it obey this

import great_expectations as gx
from great_expectations.data_context.types.base import DataContextConfig, InMemoryStoreBackendDefaults
from great_expectations.exceptions import GreatExpectationsError
from great_expectations.expectations import registry

logging.getLogger("great_expectations").addHandler(logging.NullHandler())  # or Python prints its log to stderr

#: Rows judged at a time. A call has a fixed cost, so a million documents by 20 rules take 6.1 CPU-seconds in chunks of
#: 50,000, 2.0 of 250,000, 1.8 of 500,000 and 1.5 at once, with 14, 39, 74 and 88 MB. See tests/benches/gate.py.
CHUNK = 500_000
#: Failing rows as positions: with column names great_expectations loops over them in Python, a hundred times slower.
POSITIONS = {
    "result_format": "COMPLETE",
    "partial_unexpected_count": 20,
    "return_unexpected_index_query": False,
    "exclude_unexpected_values": True,
}
NOT_NULL = "expect_column_values_to_not_be_null"
#: The expectations that are about nulls or about the column itself, to which a null is an answer.
KNOWS_NULLS = frozenset(
    {
        NOT_NULL,
        "expect_column_values_to_be_null",
        "expect_column_proportion_of_non_null_values_to_be_between",
        "expect_column_to_exist",
        "expect_column_type_to_be",
    }
)
#: The expectations that judge a row by itself. Any other, unknown ones included, sees the whole column, which is right
#: for every expectation, and takes the memory of the column.
BY_ROW = frozenset(
    {
        "expect_column_pair_values_a_to_be_greater_than_b",
        "expect_column_pair_values_to_be_equal",
        "expect_column_pair_values_to_be_in_set",
        "expect_column_value_lengths_to_be_between",
        "expect_column_value_lengths_to_equal",
        "expect_column_values_to_be_between",
        "expect_column_values_to_be_dateutil_parseable",
        "expect_column_values_to_be_in_set",
        "expect_column_values_to_be_json_parseable",
        "expect_column_values_to_be_null",
        "expect_column_values_to_match_json_schema",
        "expect_column_values_to_match_regex",
        "expect_column_values_to_match_regex_list",
        "expect_column_values_to_match_strftime_format",
        "expect_column_values_to_not_be_in_set",
        "expect_column_values_to_not_be_null",
        "expect_column_values_to_not_match_regex",
        "expect_column_values_to_not_match_regex_list",
        "expect_multicolumn_sum_to_equal",
        "expect_multicolumn_values_to_be_equal",
        "expect_select_column_values_to_be_unique_within_record",
    }
)

_TURNS = threading.Lock()


@dataclass(slots=True)
class Tally:
    """What great_expectations says about one rule, summed over the chunks."""

    n_rows: int | None = None  #: to which the rule applies; null when great_expectations does not say
    n_skipped: int = 0  #: of these, not looked at for want of a value
    broken: list[NDArray[np.int64]] = field(default_factory=list)  #: rows that break it
    nulls: list[NDArray[np.int64]] = field(default_factory=list)  #: rows without a value, where that matters
    outcome: dict[str, Any] | None = None  #: of a rule that judges the corpus: what was observed, and `success`
    needed: float = 1.0  #: share of rows that has to pass

    def add(self, result: Any, offset: int) -> None:
        """Take up the result for the chunk that begins at this row."""
        found = result.result
        if "element_count" not in found:
            self.outcome = {**found, "success": bool(result.success)}
            return
        self.n_rows = (self.n_rows or 0) + found["element_count"]
        self.n_skipped += found.get("missing_count") or 0
        self.broken.append(np.array(found.get("unexpected_index_list") or (), np.int64) + offset)
        self.needed = float(result.expectation_config.kwargs.get("mostly", 1.0))

    def add_nulls(self, result: Any, offset: int) -> None:
        """Take up where this chunk has nulls; of a rule that judges the corpus also how many rows there are."""
        self.nulls.append(np.array(result.result.get("unexpected_index_list") or (), np.int64) + offset)
        if self.outcome is not None:
            self.n_rows = result.result["element_count"]


def checked(expectations: Sequence[dict[str, Any]], parameters: Mapping[str, Any], where: str) -> list[dict[str, Any]]:
    """The expectations as great_expectations understands them; conditions written as a text become its objects.

    Raises UnusableSuite for a type that it does not know, an argument that it does not take, and a parameter that the
    suite does not set.
    """
    known = registry.list_registered_expectation_implementations()
    for entry in expectations:
        if entry["type"] not in known:
            close = get_close_matches(entry["type"], known, n=1)
            hint = f"Did you mean {close[0]!r}?" if close else "See its gallery of expectations."
            raise UnusableSuite(f"{where}: great_expectations has no expectation {entry['type']!r}. {hint}")
    return [_understood(entry, parameters, where) for entry in expectations]


def _understood(entry: dict[str, Any], parameters: Mapping[str, Any], where: str) -> dict[str, Any]:
    rule = f"{where}, rule {entry['meta']['rule_id']!r}"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of conditions as text, which we rewrite
            built = _suite([entry]).expectations
    except (GreatExpectationsError, ValueError, TypeError) as wrong:
        raise UnusableSuite(f"{rule} ({entry['type']}) has arguments that it does not take: {_said(wrong)}") from None
    if len(built) != 1:
        raise UnusableSuite(f"{rule}: great_expectations does not take {entry['type']!r}. Correct the rule.")
    if unset := set(built[0].suite_parameter_options) - set(parameters):
        raise UnusableSuite(f"{rule} needs the parameters {sorted(unset)}. Set them under suite_parameters.")
    if not isinstance(entry["kwargs"].get("row_condition"), str):
        return entry
    condition = built[0].configuration.to_json_dict()["kwargs"]["row_condition"]
    others = {key: value for key, value in entry["kwargs"].items() if key != "condition_parser"}
    return {**entry, "kwargs": {**others, "row_condition": condition}}


def _said(wrong: Exception) -> str:
    """What is wrong with the arguments, in one line."""
    errors = getattr(wrong, "errors", None)
    if errors is None:
        return str(wrong)
    by_place = {".".join(map(str, error["loc"])): error["msg"] for error in reversed(errors())}
    return "; ".join(f"{place}: {said}" if place != "__root__" else said for place, said in by_place.items())


def evaluate(frame: pl.DataFrame, suite: Suite, names: Sequence[str]) -> list[Tally]:
    """What great_expectations finds in these documents, a tally for each rule of the suite.

    `frame` has at least one row and the columns that the suite needs, `names` are all that the documents have. Raises
    UnusableSuite for a rule that could not be evaluated.
    """
    tallies = [Tally() for _ in suite.rules]
    needed = [name for name in suite.columns if name in frame.columns]
    plain = frame.select(_plain(frame[name]) for name in needed or frame.columns[:1])  # rows without a column are none
    numbered = list(enumerate(suite.rules))
    by_row = [(i, rule) for i, rule in numbered if rule.type in BY_ROW]
    whole = [(i, rule) for i, rule in numbered if rule.type not in BY_ROW]
    with _TURNS:
        judge = _Judge(suite, names)
        for offset in range(0, len(plain), CHUNK) if by_row else ():
            judge.take(by_row, plain[offset : offset + CHUNK], tallies, offset)
        if whole:
            judge.take(whole, plain, tallies, 0)
    return tallies


class _Judge:
    """A context of great_expectations, for the length of one call."""

    def __init__(self, suite: Suite, columns: Sequence[str]) -> None:
        self.suite, self.columns = suite, columns
        in_memory = DataContextConfig(store_backend_defaults=InMemoryStoreBackendDefaults())  # or it makes a folder
        context = gx.get_context(mode="ephemeral", project_config=in_memory)
        context.variables.progress_bars = {"globally": False}
        asset = context.data_sources.add_pandas("corpusqa").add_dataframe_asset("documents")
        self.definition = asset.add_batch_definition_whole_dataframe("all")

    def take(self, rules: list[tuple[int, Rule]], rows: pl.DataFrame, tallies: list[Tally], offset: int) -> None:
        """Judge these rows by these rules."""
        asked = [_asked(rule, ["rule", i]) for i, rule in rules]
        asked += [_asked_nulls(rule, name, i) for i, rule in rules for name in _null_columns(rule, rows)]
        batch = self.definition.get_batch(
            batch_parameters={"dataframe": self._pandas(rows, [rule for _, rule in rules])}
        )
        try:
            results = batch.validate(
                _suite(asked), result_format=POSITIONS, expectation_parameters=dict(self.suite.parameters)
            ).results
        except Exception as wrong:
            said = f"{type(wrong).__name__}: {_said(wrong)}"
            raise UnusableSuite(f"{self.suite.where} could not be evaluated: {said}. Correct its rules.") from wrong
        answers = {tuple(result.expectation_config.meta["corpusqa"]): result for result in results}
        for entry in asked:
            self._note(tuple(entry["meta"]["corpusqa"]), answers, tallies, offset)

    def _note(self, key: tuple[Any, ...], answers: Mapping[Any, Any], tallies: list[Tally], offset: int) -> None:
        what, i = key[:2]
        if key not in answers or (error := _error(answers[key])):
            raise UnusableSuite(
                f"{self.suite.where}, rule {self.suite.rules[i].rule_id!r} could not be evaluated: "
                f"{error if key in answers else 'great_expectations gave no result'}. "
                "Correct its arguments, or the column that it names."
            )
        (tallies[i].add if what == "rule" else tallies[i].add_nulls)(answers[key], offset)

    def _pandas(self, rows: pl.DataFrame, rules: list[Rule]) -> pd.DataFrame:
        """The rows for pandas: the columns that these rules need, and for rules about columns the names of all."""
        needed = dict.fromkeys(name for rule in rules for name in (*rule.columns, *rule.conditions))
        columns = {name: _array(rows[name]) for name in needed if name in rows.columns}
        if any(rule.type.startswith("expect_table_column") for rule in rules):
            nothing = np.broadcast_to(np.int64(0), len(rows))
            columns = {name: columns.get(name, nothing) for name in self.columns}
        return pd.DataFrame(columns, index=pd.RangeIndex(len(rows)), copy=False)


def _suite(expectations: Iterable[Mapping[str, Any]]) -> Any:
    return gx.ExpectationSuite(name="corpusqa", expectations=[dict(entry) for entry in expectations])


def _asked(rule: Rule, key: list[Any]) -> dict[str, Any]:
    return {"type": rule.type, "kwargs": dict(rule.kwargs), "meta": {"corpusqa": key}}


def _asked_nulls(rule: Rule, column: str, i: int) -> dict[str, Any]:
    """Which of the rows that the rule applies to have no value in this column."""
    condition = {key: rule.kwargs[key] for key in ("row_condition",) if key in rule.kwargs}
    return {"type": NOT_NULL, "kwargs": {"column": column, **condition}, "meta": {"corpusqa": ["nulls", i, column]}}


def _null_columns(rule: Rule, rows: pl.DataFrame) -> list[str]:
    """The columns of the rule in which nulls have to be looked for.

    Of a rule that judges whole columns each: an aggregate says neither how many rows it saw nor if any had a value.
    """
    if rule.type in KNOWS_NULLS:
        return []
    if rule.type in BY_ROW:
        return [name for name in rule.columns if rule.counts_nulls and _has_null(rows[name])]
    return list(rule.columns)


def _has_null(column: pl.Series) -> bool:
    return column.null_count() > 0 or (column.dtype == pl.Float64 and bool(column.is_nan().any()))


def _error(result: Any) -> str | None:
    """What went wrong when the rule was evaluated: said for the whole result, or for each of its metrics."""
    info = result.exception_info or {}
    parts = [info] if "raised_exception" in info else [part for part in info.values() if isinstance(part, Mapping)]
    said = [str(part.get("exception_message")) for part in parts if part.get("raised_exception")]
    return "; ".join(dict.fromkeys(said)) or None


def _plain(column: pl.Series) -> pl.Series:
    """The column in a type that pandas compares as an array, the same for every chunk: int64, float64, time, object."""
    dtype = column.dtype
    if dtype.is_integer():
        if column.null_count():
            return column.cast(pl.Float64)
        narrow = column.cast(pl.Int64, strict=False)
        return column if narrow.null_count() else narrow
    if dtype.is_numeric() or dtype == pl.Null:
        return column.cast(pl.Float64)
    if dtype == pl.Datetime:
        return column.cast(pl.Datetime("ns"))
    return column.cast(pl.String) if dtype in (pl.Categorical, pl.Enum) else column


def _array(column: pl.Series) -> Any:
    if column.dtype == pl.Float64:
        return column.fill_null(float("nan")).to_numpy()
    if column.dtype.is_integer() or (column.dtype.is_temporal() and column.dtype != pl.Date):
        return column.to_numpy()
    if column.dtype == pl.Boolean and not column.null_count():
        return column.to_numpy()
    return pd.Series(column.to_list(), dtype=object)
