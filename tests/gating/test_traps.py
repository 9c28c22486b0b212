"""The ways in which great_expectations goes wrong without a word, each held shut.

Every case here was first seen to pass, or to count wrongly, in great_expectations used as its manual shows.
"""

import ast
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest
from gate_cases import BETWEEN, comparison, documents, failing, judged, rule, suite
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusqa.errors import NoDocuments, UnusableInput, UnusableSuite
from corpusqa.gating import check_columns, engine, gate, judge

NAN = float("nan")
SOME = documents(n=[1, 5, 9, 20], r=[0.1, None, NAN, 0.9], s=["en", "de", None, "en"])


class TestNothingPassesUnseen:
    def test_a_type_that_great_expectations_drops_is_counted(self, monkeypatch):
        """Even where its own list of names were wrong, what it built is compared with what was asked."""
        monkeypatch.setattr(engine.registry, "list_registered_expectation_implementations", lambda: ["expect_it"])
        with pytest.raises(UnusableSuite, match="does not take 'expect_it'"):
            suite(rule("expect_it", column="n"))

    def test_results_are_matched_by_rule_not_by_place(self):
        """They come back errors first, then by the columns they share."""
        result = judged(
            SOME,
            rule("expect_column_mean_to_be_between", column="n", max_value=100, name="mean"),
            rule(column="r", max_value=0.5, name="r"),
            rule("expect_table_row_count_to_be_between", min_value=9, name="rows"),
            rule(column="n", min_value=6, name="n"),
            rule("expect_column_values_to_be_unique", column="s", name="unique"),
        )
        assert [(own.rule_id, own.success, own.n_failed) for own in result.rules] == [
            ("mean", True, 0),
            ("r", False, 3),
            ("rows", False, 0),
            ("n", False, 2),
            ("unique", False, 3),
        ]

    def test_two_rules_with_the_same_arguments_keep_their_own_results(self):
        twice = [rule(column="n", min_value=6, name=name, severity=name) for name in ("critical", "warning")]
        assert judged(SOME, *twice).counts() == {"critical": 2, "warning": 2}

    @pytest.mark.parametrize(
        "broken",
        [
            rule(column="s", min_value=1),
            rule("unexpected_rows_expectation", unexpected_rows_query="SELECT * FROM {batch}"),
            rule("expect_column_values_to_match_regex", column="s", regex="("),
            rule(column="n", min_value=1, row_condition=comparison("s", ">", 3)),
        ],
        ids=["a text against a number", "no metric for pandas", "a broken pattern", "a condition of another type"],
    )
    def test_an_evaluation_error_ends_the_gate(self, broken, capfd):
        with pytest.raises(UnusableSuite, match="could not be evaluated"):
            judged(SOME, rule(column="n", min_value=1, name="fine"), broken)
        assert capfd.readouterr() == ("", "")

    def test_what_a_metric_raises_ends_the_gate(self, monkeypatch):
        """great_expectations lets a KeyError of its own through, where it promises a result."""
        made = suite(rule(column="n", min_value=1))
        monkeypatch.setattr(engine, "_suite", lambda asked: {}["column.partition"])
        with pytest.raises(UnusableSuite, match=r"could not be evaluated: KeyError: 'column\.partition'"):
            judge(SOME, made)

    @pytest.mark.parametrize("limits", [{"min_value": 4}, {"min_value": 4, "max_value": 4}], ids=str)
    def test_documents_are_counted_without_a_column_to_look_at(self, limits):
        """A frame of no columns has no rows: a suite of row counts alone saw an empty corpus, and passed `at most`."""
        count = "expect_table_row_count_to_be_between"
        assert judged(SOME, rule(count, **limits)).rules[0].observed == 4
        assert not judged(SOME, rule(count, max_value=3)).passed

    @pytest.mark.parametrize(
        ("column", "values"), [("n", ["1", "9"]), ("s", [1, 9])], ids=["texts in numbers", "numbers in texts"]
    )
    def test_values_of_another_kind_can_never_be_found(self, column, values):
        with pytest.raises(UnusableSuite, match=r"lists (texts|numbers), and"):
            judged(SOME, rule("expect_column_values_to_not_be_in_set", column=column, value_set=values))


class TestNulls:
    @pytest.mark.parametrize("values", [[None, 0.1, 0.9], [NAN, 0.1, 0.9]], ids=["null", "NaN"])
    def test_a_missing_value_fails(self, values):
        assert failing(judged(documents(r=values), rule(column="r", max_value=0.5))) == [0, 2]

    def test_unless_the_rule_says_otherwise(self):
        result = judged(SOME, rule(column="r", max_value=0.5, mostly=0.5, meta={"null": "pass"}))
        assert failing(result) == [3]
        assert (result.rules[0].n_evaluated, result.rules[0].passing, result.passed) == (2, 0.5, True)

    def test_a_null_counts_against_mostly(self):
        result = judged(documents(r=[None, 0.1, 0.2, 0.3]), rule(column="r", max_value=0.5, mostly=0.8))
        assert (result.rules[0].passing, result.passed) == (0.75, False)

    @pytest.mark.parametrize("meta", [{}, {"null": "pass"}], ids=["fail", "pass"])
    @pytest.mark.parametrize("values", [[None, None], [NAN, NAN], pl.Series([None, None], dtype=pl.Int64)], ids=str)
    @pytest.mark.parametrize(
        "one",
        [
            rule(column="r", min_value=0),
            rule(column="r", min_value=0, mostly=0.0),
            rule("expect_column_values_to_be_unique", column="r"),
            rule("expect_column_unique_value_count_to_be_between", column="r", max_value=3),
            rule("expect_column_distinct_values_to_be_in_set", column="r", value_set=[1]),
        ],
        ids=lambda one: one["type"],
    )
    def test_a_column_without_any_value_never_passes(self, values, one, meta):
        result = judged(documents(r=values), {**one, "meta": meta, "severity": "info"})
        assert not result.rules[0].success
        assert result.rules[0].reason == "no document has a value for r"
        assert not result.passed
        assert result.exit_code() == 2

    def test_a_rule_about_nulls_judges_them(self):
        copies = documents(duplicate_of=pl.Series([None, None, "d0", None], dtype=pl.String))
        share = rule("expect_column_proportion_of_non_null_values_to_be_between", column="duplicate_of", max_value=0.25)
        assert judged(copies, share).passed
        assert judged(copies.head(2), share).passed
        assert not judged(copies.tail(2), share).passed
        assert failing(judged(SOME, rule("expect_column_values_to_not_be_null", column="r"))) == [1, 2]
        assert failing(judged(SOME, rule("expect_column_values_to_be_null", column="r"))) == [0, 3]

    def test_an_aggregate_says_how_many_values_it_saw(self):
        (mean,) = judged(SOME, rule("expect_column_mean_to_be_between", column="r", max_value=1)).rules
        assert (mean.success, mean.observed, mean.n_evaluated, mean.n_missing) == (True, 0.5, 2, 2)

    def test_a_null_in_either_column_of_a_pair_fails(self):
        frame = documents(a=[1.0, None, 3.0, None], b=[0.0, 0.0, None, None])
        pair = {"column_A": "a", "column_B": "b"}
        greater = "expect_column_pair_values_a_to_be_greater_than_b"
        assert failing(judged(frame, rule(greater, **pair))) == [1, 2, 3]
        ignoring = rule(greater, **pair, ignore_row_if="either_value_is_missing")
        result = judged(frame, ignoring)
        assert (failing(result), result.rules[0].n_evaluated, result.passed) == ([], 1, True)

    def test_no_documents_never_pass(self):
        with pytest.raises(NoDocuments) as nothing:
            judged(SOME.clear(), rule(column="n", min_value=0))
        assert nothing.value.exit_code == 4


class TestConditions:
    def test_only_the_rows_that_meet_it_are_judged(self):
        english = rule(column="r", max_value=0.5, row_condition=comparison("s", "==", "en"))
        result = judged(SOME, english)
        assert (failing(result), result.rules[0].n_evaluated) == ([3], 2)

    @pytest.mark.parametrize(
        "condition",
        [
            {"row_condition": 's == "en"', "condition_parser": "pandas"},
            {"row_condition": 's == "en"'},
            {"row_condition": 'col("s") == "en"', "condition_parser": "great_expectations"},
        ],
        ids=["pandas", "bare", "great_expectations"],
    )
    def test_conditions_as_text_work_too(self, condition):
        assert failing(judged(SOME, rule(column="r", max_value=0.5, **condition))) == [3]

    def test_nulls_fail_only_where_it_holds(self):
        assert failing(judged(SOME, rule(column="r", max_value=0.5, row_condition=comparison("n", ">", 5)))) == [2, 3]

    @pytest.mark.parametrize("kind", [BETWEEN, "expect_column_max_to_be_between"])
    def test_a_condition_that_holds_nowhere_never_passes_unless_the_rule_says_so(self, kind):
        nowhere = {"column": "n", "max_value": 99, "row_condition": comparison("s", "==", "xx")}
        result = judged(SOME, rule(kind, **nowhere))
        assert (result.passed, result.rules[0].reason) == (False, "no document meets its row_condition")
        assert judged(SOME, rule(BETWEEN, **nowhere, meta={"unmet": "pass"})).passed

    def test_its_columns_have_to_exist(self):
        with pytest.raises(UnusableSuite, match="needs 'lang'"):
            judged(SOME, rule(column="n", min_value=0, row_condition=comparison("lang", "==", "en")))


class TestColumns:
    def test_a_missing_one_names_the_nearest(self):
        with pytest.raises(UnusableSuite, match="Did you mean 'n_words'"):
            judged(SOME, rule(column="n_wrods", min_value=1))

    def test_a_metric_that_was_not_computed_names_the_option_that_does(self):
        with pytest.raises(UnusableSuite, match="--metrics all"):
            judged(SOME, rule(column="gopher_alpha_word_ratio", min_value=0.8))

    def test_they_can_be_checked_before_there_are_documents(self):
        made = suite(rule(column="n_words", min_value=1), rule("expect_column_to_exist", column="zz"))
        check_columns(made, ["doc_id", "n_words"])
        with pytest.raises(UnusableSuite, match="Did you mean 'n_words'"):
            check_columns(suite(rule(column="nwords", min_value=1)), ["n_words"])

    def test_documents_need_ids(self):
        with pytest.raises(UnusableInput, match="doc_id"):
            judged(SOME.drop("doc_id"), rule(column="n", min_value=1))

    def test_a_rule_may_ask_whether_a_column_exists(self):
        result = judged(
            SOME, *[rule("expect_column_to_exist", column=name, severity="warning") for name in ("n", "zz")]
        )
        assert [own.success for own in result.rules] == [True, False]

    def test_rules_about_the_table_see_all_its_columns(self):
        result = judged(
            SOME,
            rule("expect_table_column_count_to_equal", value=4),
            rule("expect_table_columns_to_match_set", column_set=["doc_id", "n", "r", "s"]),
            rule("expect_table_columns_to_match_ordered_list", column_list=["doc_id", "n", "r", "s"], name="ordered"),
        )
        assert result.passed

    @pytest.mark.parametrize(
        "dtype", [pl.Int8, pl.UInt8, pl.UInt32, pl.UInt64, pl.Int64, pl.Float32, pl.Float64, pl.Decimal(10, 2)], ids=str
    )
    def test_every_kind_of_number_is_compared_alike(self, dtype):
        """Arrow and nullable columns of pandas take NaN for a value; only int64 and float64 are compared as arrays."""
        for values in ([1, 5, 9], [1, None, 9]):
            frame = documents(n=values).with_columns(pl.col("n").cast(dtype))
            expected = [row for row, value in enumerate(values) if value is None or value > 5]
            assert failing(judged(frame, rule(column="n", max_value=5))) == expected

    def test_numbers_beyond_int64_stay_what_they_are(self):
        frame = documents(n=pl.Series([2**64 - 1, 2**64 - 2], dtype=pl.UInt64))
        assert judged(frame, rule("expect_column_values_to_be_unique", column="n")).passed

    def test_other_columns(self):
        frame = documents(
            b=[True, False, None],
            c=pl.Series(["x", "y", "x"], dtype=pl.Categorical),
            d=pl.Series(["2020-01-01", "2021-01-01", None]).str.to_date(),
            t=pl.Series(["2020-01-01", "2021-01-01", None]).str.to_datetime("%Y-%m-%d"),
            li=[["a"], [], None],
        )
        result = judged(
            frame,
            rule("expect_column_values_to_be_in_set", column="b", value_set=[True], name="b"),
            rule("expect_column_values_to_be_in_set", column="c", value_set=["x"], name="c"),
            rule(column="d", min_value="2020-06-01", name="d"),
            rule(column="t", min_value="2020-06-01T00:00:00", name="t"),
            rule("expect_column_values_to_not_be_null", column="li", name="li"),
        )
        assert [own.rows.tolist() for own in result.rules] == [[1, 2], [1], [0, 2], [0, 2], [2]]
        assert result.failures.filter(pl.col("doc_id") == "d1")["text"].to_list() == ["false", "y"]


class TestWhatIsJudged:
    """`gate` takes what people have in hand, and says so when it cannot."""

    MADE = suite(rule(column="r", max_value=0.5, name="r"))

    @pytest.mark.parametrize("kind", ["numpy", "pyarrow", "nullable"])
    def test_frames_of_pandas_are_judged_as_those_of_polars(self, kind):
        """A missing value fails in each of pandas' three ways to have none."""
        plain = pd.DataFrame({"doc_id": list("abcd"), "r": [0.1, None, NAN, 0.9]})
        frame = {
            "numpy": plain,
            "pyarrow": plain.convert_dtypes(dtype_backend="pyarrow"),
            "nullable": plain.convert_dtypes(),
        }[kind]
        result = gate(frame, self.MADE)
        assert failing(result) == [1, 2, 3]
        assert isinstance(result.accepted, pl.DataFrame)

    def test_the_index_of_pandas_may_hold_the_ids(self):
        frame = pd.DataFrame({"r": [0.9]}, index=pd.Index(["a"], name="doc_id"))
        assert gate(frame, self.MADE).rejected["doc_id"].to_list() == ["a"]

    def test_a_frame_of_pandas_that_cannot_be_read_is_said(self):
        with pytest.raises(UnusableInput, match="pandas frame cannot be read"):
            gate(pd.DataFrame([["a", 1, 2]], columns=["doc_id", "r", "r"]), self.MADE)

    @pytest.mark.parametrize(
        "what", [None, 3, [{"doc_id": "a"}], pd.Series([1]), object()], ids=lambda x: type(x).__name__
    )
    def test_what_is_neither_run_nor_frame_is_named(self, what):
        with pytest.raises(UnusableInput, match=rf"{type(what).__name__} is neither a run nor documents"):
            gate(what, self.MADE)

    @pytest.mark.parametrize("what", [None, 3, ["news"]], ids=str)
    def test_what_is_no_suite_is_named(self, what):
        with pytest.raises(UnusableSuite, match="is no suite"):
            gate(SOME, what)

    def test_a_suite_may_be_a_dictionary(self):
        content = {"name": "own", "expectations": [rule(column="n", max_value=5)]}
        assert gate(SOME, content).rejected["doc_id"].to_list() == ["d2", "d3"]

    def test_a_frame_without_columns(self):
        with pytest.raises(UnusableInput, match="no column 'doc_id', and no other"):
            gate(pl.DataFrame(), self.MADE)


VALUES = st.lists(st.sampled_from([None, NAN, 0, 1, 2, 3, 0.5, -1, 1e300, float("inf")]), min_size=1, max_size=40)


class TestChunks:
    """great_expectations sees a part at a time; what comes out is what one look at everything would give."""

    @given(values=VALUES, low=st.sampled_from([0, 1, 2]), share=st.sampled_from([0.5, 0.75, 1.0]), data=st.data())
    @settings(max_examples=40, deadline=None)
    def test_positions_and_shares_are_those_of_the_whole(self, values, low, share, data):
        others = data.draw(st.lists(st.sampled_from([0, 1, 2]), min_size=len(values), max_size=len(values)))
        frame = documents(r=pl.Series(values, dtype=pl.Float64, strict=False), k=others)
        made = suite(
            rule(column="r", min_value=low, max_value=2, mostly=share, name="all"),
            rule(column="r", min_value=low, strict_min=True, row_condition=comparison("k", "==", 1), name="some"),
            rule("expect_column_values_to_be_in_set", column="r", value_set=[0, 1], meta={"null": "pass"}, name="set"),
            rule("expect_column_values_to_be_unique", column="k", name="unique"),
        )
        r, k = frame["r"].fill_nan(None), frame["k"]
        missing = r.is_null()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(engine, "CHUNK", 7)
            result = judge(frame, made)
        assert failing(result, "all") == (missing | ~r.is_between(low, 2).fill_null(True)).arg_true().to_list()
        assert failing(result, "some") == ((k == 1) & (missing | (r <= low).fill_null(False))).arg_true().to_list()
        assert failing(result, "set") == (~missing & ~r.is_in([0.0, 1.0]).fill_null(True)).arg_true().to_list()
        assert failing(result, "unique") == k.is_duplicated().arg_true().to_list()
        whole = result.rules[0]
        expected = 1 - len(whole.rows) / len(frame) >= share and missing.sum() < len(frame)
        assert (whole.n_evaluated, whole.success) == (len(frame), expected)

    def test_what_looks_beyond_the_row_sees_everything(self, monkeypatch):
        monkeypatch.setattr(engine, "CHUNK", 2)
        result = judged(
            documents(n=[1, 2, 3, 1, 5], s=list("abcab")),
            rule("expect_column_values_to_be_unique", column="n", name="unique"),
            rule("expect_compound_columns_to_be_unique", column_list=["n", "s"], name="compound"),
            rule("expect_column_values_to_be_increasing", column="n", name="increasing"),
            rule("expect_column_median_to_be_between", column="n", min_value=2, max_value=2, name="median"),
        )
        assert [own.rows.tolist() for own in result.rules] == [[0, 3], [0, 3], [3], []]
        assert result.rules[3].observed == 2

    def test_every_expectation_judged_in_parts_is_one_that_judges_rows(self):
        known = engine.registry.list_registered_expectation_implementations()
        since_1_16 = {"expect_column_type_to_be", "expect_multicolumn_values_to_be_equal"}
        assert (engine.BY_ROW | engine.KNOWS_NULLS) - set(known) <= since_1_16
        beyond = ("to_be_unique", "increasing", "decreasing", "scores", "outliers", "type")
        within = "expect_select_column_values_to_be_unique_within_record"
        assert not [name for name in engine.BY_ROW - {within} if any(word in name for word in beyond)]


def test_threads_get_their_own_counts():
    """With a shared data asset great_expectations gave the counts of other threads in 378 of 599 results."""
    made = suite(
        rule(column="n", max_value=4, name="n"), rule("expect_column_mean_to_be_between", column="n", min_value=0)
    )
    frames = [documents(n=np.random.default_rng(seed).integers(0, 10, 500)) for seed in range(24)]
    with ThreadPoolExecutor(6) as pool:
        results = list(pool.map(lambda frame: judge(frame, made), frames))
    assert [failing(result, "n") for result in results] == [(frame["n"] > 4).arg_true().to_list() for frame in frames]
    assert [result.rules[1].observed for result in results] == [frame["n"].mean() for frame in frames]


def test_it_says_nothing_and_comes_when_needed():
    """No progress bar, no log, no telemetry; and importing the room loads neither it nor pandas."""
    program = """
import sys
import corpusqa.gating
assert not {"great_expectations", "pandas", "corpusqa.metrics"} & set(sys.modules)
import polars as pl, os
frame = pl.DataFrame({"doc_id": ["a", "b"], "n": [1, 2]})
rule = {"type": "expect_column_values_to_be_between", "kwargs": {"column": "n", "max_value": 1}}
result = corpusqa.gating.judge(frame, {"name": "s", "expectations": [rule]})
assert result.counts() == {"n.expect_column_values_to_be_between": 1}
assert os.environ["GX_ANALYTICS_ENABLED"] == "false"
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_one_file_imports_it():
    package = Path(engine.__file__).parents[1]
    importing = [file.name for file in package.rglob("*.py") if "great_expectations" in _imports(file)]
    assert importing == ["engine.py"]


def _imports(file: Path) -> set[str]:
    nodes = list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
    plain = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    return {name.split(".")[0] for name in [*plain, *(n.module or "" for n in nodes if isinstance(n, ast.ImportFrom))]}
