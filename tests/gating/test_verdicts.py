"""What follows from the rules: verdicts, reasons, distances, what is accepted, exit codes."""

import json

import polars as pl
import pytest
from gate_cases import documents, judged, rule, suite
from great_expectations.core.expectation_validation_result import ExpectationSuiteValidationResultSchema
from polars.testing import assert_frame_equal

from corpusqa.errors import GateFailed, UnusableSuite
from corpusqa.gating import gate, judge

FRAME = documents(
    n_words=[10, 60, 400, 90, 80],
    r=[0.0, 0.3, 0.1, 0.4, None],
    lang=["en", "en", "de", "en", "en"],
    duplicate_of=[None, None, None, "d1", None],
    similarity=[None, None, None, 0.9, None],
)
LENGTH = rule(
    column="n_words", min_value=50, max_value=300, mostly=0.5, name="length", notes="Texts have a length. Ours."
)
REPEATS = rule(column="r", max_value=0.2, severity="warning", name="repeats")
ENGLISH = rule("expect_column_values_to_be_in_set", column="lang", value_set=["en"], severity="info", name="english")
MEAN = rule("expect_column_mean_to_be_between", column="r", max_value=0.1, severity="warning", name="mean")
RESULT = judged(FRAME, LENGTH, REPEATS, ENGLISH, MEAN)


def test_every_document_has_a_verdict_and_all_its_reasons():
    expected = pl.DataFrame(
        {
            "doc_id": ["d0", "d1", "d2", "d3", "d4"],
            "verdict": ["reject", "flag", "reject", "reject", "flag"],
            "failed": [["length"], [], ["length"], ["duplicate"], []],
            "flagged": [[], ["repeats"], [], ["repeats"], ["repeats"]],
        }
    )
    assert_frame_equal(RESULT.documents, expected)


def test_reasons_are_in_the_order_of_the_suite_and_copies_last():
    several = [rule(column="n_words", min_value=low, name=str(low)) for low in (1000, 50, 500)]
    assert judged(FRAME, *several).documents["failed"].to_list() == [
        ["1000", "50", "500"],
        ["1000", "500"],
        ["1000", "500"],
        ["1000", "500", "duplicate"],
        ["1000", "500"],
    ]


def test_failures_say_by_how_much():
    expected = pl.DataFrame(
        [
            ("d0", "length", "critical", "n_words", 10.0, 50.0, 40.0, None),
            ("d1", "repeats", "warning", "r", 0.3, 0.2, 0.1, None),
            ("d2", "length", "critical", "n_words", 400.0, 300.0, 100.0, None),
            ("d2", "english", "info", "lang", None, None, None, "de"),
            ("d3", "repeats", "warning", "r", 0.4, 0.2, 0.2, None),
            ("d3", "duplicate", "critical", "duplicate_of", 0.9, None, None, "d1"),
            ("d4", "repeats", "warning", "r", None, None, None, None),
        ],
        schema=RESULT.failures.schema,
        orient="row",
    )
    assert_frame_equal(RESULT.failures, expected)


def test_the_distance_of_a_pair_is_to_the_other_column():
    greater = rule("expect_column_pair_values_a_to_be_greater_than_b", column_A="a", column_B="b")
    failures = judged(documents(a=[1, 5], b=[3, 4]), greater).failures
    assert failures.select("value", "limit", "distance").rows() == [(1.0, 3.0, 2.0)]


def test_a_value_at_a_strict_limit_is_at_no_distance():
    failures = judged(documents(a=[1.0, 2.0]), rule(column="a", min_value=1, strict_min=True)).failures
    assert failures.select("value", "limit", "distance").rows() == [(1.0, 1.0, 0.0)]


def test_good_and_bad_in_one_line_with_all_columns():
    good, bad = RESULT.accepted, RESULT.rejected
    assert (good["doc_id"].to_list(), bad["doc_id"].to_list()) == (["d1", "d4"], ["d0", "d2", "d3"])
    assert good.columns == [*FRAME.columns, "verdict", "failed", "flagged"]
    assert RESULT.flagged["doc_id"].to_list() == ["d1", "d4"]
    assert_frame_equal(pl.concat([good, bad]).sort("doc_id").select(FRAME.columns), FRAME)


def test_old_verdicts_give_way_to_new_ones():
    again = judge(RESULT.accepted, suite(LENGTH))
    assert again.accepted["verdict"].to_list() == ["accept", "accept"]


def test_a_lazy_frame_is_judged_alike():
    lazy = judge(FRAME.lazy(), suite(LENGTH, REPEATS, ENGLISH, MEAN))
    assert_frame_equal(lazy.documents, RESULT.documents)
    assert_frame_equal(lazy.rejected, RESULT.rejected)


def test_counts_by_rule():
    assert RESULT.counts() == {"length": 2, "repeats": 3, "english": 1, "duplicate": 1}
    assert RESULT.verdicts == {"accept": 0, "flag": 2, "reject": 3}


def test_mostly_decides_on_the_rule_and_not_on_the_document():
    length = RESULT.rules[0]
    assert (length.passing, length.needed, length.success) == (0.6, 0.5, True)
    assert RESULT.documents["failed"][0].to_list() == ["length"]


@pytest.mark.parametrize(
    ("severities", "critical", "warning"),
    [(["critical"], 1, 1), (["warning"], 0, 1), (["info"], 0, 0), (["info", "warning", "critical"], 1, 1), ([], 0, 0)],
)
def test_severity_decides_whether_the_gate_fails(severities, critical, warning):
    fine = rule(column="n_words", min_value=0, name="fine")
    result = judged(FRAME, fine, *[rule(column="n_words", min_value=999, name=own, severity=own) for own in severities])
    assert (result.exit_code(), result.exit_code("warning")) == (critical, warning)
    assert (result.passed, result.passed_at("warning")) == (not critical, not warning)


def test_a_step_of_a_pipeline_fails_by_an_exception():
    good = judged(FRAME, rule(column="n_words", min_value=0))
    assert good.or_raise("warning") is good
    bad = judged(FRAME, rule(column="n_words", min_value=999, name="length", severity="warning"))
    assert bad.or_raise() is bad
    with pytest.raises(GateFailed, match=r"Not ready: 1 of 1 gate failed.*Failed: length") as failed:
        bad.or_raise("warning")
    assert failed.value.exit_code == bad.exit_code("warning") == 1
    with pytest.raises(UnusableSuite, match="had nothing to judge"):
        judged(documents(n=[None]), rule(column="n", min_value=1)).or_raise()


def test_copies_do_not_fail_the_gate():
    assert judged(FRAME, rule(column="n_words", min_value=0)).passed


def test_frames_without_copies_have_no_such_count():
    assert "duplicate" not in judged(FRAME.drop("duplicate_of"), LENGTH).counts()


def test_nothing_fails_in_a_good_corpus():
    result = judged(FRAME.drop("duplicate_of"), rule(column="n_words", min_value=0))
    assert result.failures.is_empty()
    assert result.failures.columns == RESULT.failures.columns
    assert result.documents["verdict"].unique().to_list() == ["accept"]


class TestValidationJson:
    def test_great_expectations_reads_it(self):
        read = ExpectationSuiteValidationResultSchema().load(json.loads(json.dumps(RESULT.to_validation_json())))
        assert read["success"] is True
        assert [entry.success for entry in read["results"]] == [True, False, False, False]
        assert read["results"][0].expectation_config.kwargs["column"] == "n_words"

    def test_it_counts_what_the_documents_show(self):
        written = RESULT.to_validation_json()
        assert written["statistics"] == {
            "evaluated_expectations": 4,
            "successful_expectations": 1,
            "unsuccessful_expectations": 3,
            "success_percent": 25.0,
        }
        assert written["meta"]["corpusqa"]["documents"] == {"all": 5, "accept": 0, "flag": 2, "reject": 3}
        repeats = written["results"][1]
        assert repeats["meta"]["severity"] == repeats["expectation_config"]["severity"] == "warning"
        assert repeats["meta"]["documents_failed"] == repeats["result"]["unexpected_count"] == 3
        assert repeats["result"]["partial_unexpected_index_list"][0] == {"doc_id": "d1", "r": 0.3}
        assert written["results"][3]["result"] == {"observed_value": pytest.approx(0.2)}

    def test_success_heeds_severity(self):
        assert RESULT.to_validation_json("critical")["success"]
        assert not RESULT.to_validation_json("warning")["success"]

    def test_it_is_json_whatever_was_observed(self):
        frame = documents(n=[1.0, float("inf"), float("nan")], s=["a", None, "b"])
        result = judged(
            frame,
            rule("expect_column_max_to_be_between", column="n", max_value=3),
            rule("expect_column_distinct_values_to_be_in_set", column="s", value_set=["a"]),
            rule(
                "expect_column_quantile_values_to_be_between",
                column="n",
                quantile_ranges={"quantiles": [0.5], "value_ranges": [[0, 1]]},
            ),
            rule(column="n", max_value=0, severity="info"),
        )
        assert json.dumps(result.to_validation_json(), allow_nan=False)

    def test_the_same_documents_give_the_same_text(self):
        texts = {json.dumps(judged(FRAME, LENGTH, REPEATS, MEAN).to_validation_json()) for _ in range(2)}
        assert len(texts) == 1


def test_the_public_function_takes_a_frame_and_a_file(tmp_path):
    file = tmp_path / "own.json"
    file.write_text(json.dumps({"name": "own", "expectations": [LENGTH]}), encoding="utf-8")
    assert_frame_equal(gate(FRAME, file).documents, gate(FRAME, str(file)).documents)
    assert gate(FRAME, suite=str(file)).counts() == {"length": 2, "duplicate": 1}
