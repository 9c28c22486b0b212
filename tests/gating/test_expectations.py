"""Any expectation that great_expectations runs on pandas can stand in a suite: each once passes and once fails."""

import tomllib
from pathlib import Path

import polars as pl
import pytest
from gate_cases import documents, judged, rule

from corpusqa.errors import UnusableSuite
from corpusqa.gating import engine

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "expectations.toml").read_text(encoding="utf-8"))["case"]
FRAME = documents(
    n=[1, 5, 9, 20],
    kept=[1, 4, 9, 18],
    lang=["en", "de", "en", "en"],
    copy=pl.Series([None, "d0", None, None], dtype=pl.String),
    date=["2026-01-05", "2026-01-06", "2026-02-01", "2026-03-01"],
    down=[9, 7, 5, 1],
    json=['{"a": 1}'] * 4,
    one=[1] * 4,
    one_too=[1] * 4,
    big=[100, 200, 300, 400],
)
#: What great_expectations has for databases alone: a query, another table, SQL's LIKE.
FOR_DATABASES = {
    "expect_column_values_to_match_like_pattern": {"column": "lang", "like_pattern": "e%"},
    "expect_column_values_to_match_like_pattern_list": {"column": "lang", "like_pattern_list": ["e%"]},
    "expect_column_values_to_not_match_like_pattern": {"column": "lang", "like_pattern": "f%"},
    "expect_column_values_to_not_match_like_pattern_list": {"column": "lang", "like_pattern_list": ["f%"]},
    "expect_query_results_to_match_comparison": {
        "base_query": "SELECT 1",
        "comparison_data_source_name": "other",
        "comparison_query": "SELECT 1",
    },
    "expect_table_row_count_to_equal_other_table": {"other_table_name": "other"},
    "unexpected_rows_expectation": {"unexpected_rows_query": "SELECT * FROM {batch}"},
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_each_expectation_passes_and_fails(case):
    for expected in ("passes", "fails"):
        (found,) = judged(FRAME, rule(case["label"], **case[expected])).rules
        assert (found.success, found.reason) == (expected == "passes", None)
        assert found.rows.tolist() == [] or expected == "fails" or case[expected].get("mostly")


@pytest.mark.parametrize("name", FOR_DATABASES)
def test_what_pandas_cannot_run_is_an_error(name):
    with pytest.raises(UnusableSuite, match=r"could not be evaluated|arguments that it does not take"):
        judged(FRAME, rule(name, **FOR_DATABASES[name]))


def test_none_is_forgotten():
    """A newer great_expectations may know more than was tried here: then this list has to grow."""
    tried = {case["label"] for case in CASES} | FOR_DATABASES.keys()
    assert set(engine.registry.list_registered_expectation_implementations()) - tried == set()
