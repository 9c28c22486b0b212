"""Reading suites: what is shipped is found, what is wrong is said before anything runs."""

import json
import logging
import re
import tomllib
from pathlib import Path

import great_expectations as gx
import polars as pl
import pytest
from gate_cases import BETWEEN, comparison, rule, suite

from corpusqa.errors import UnknownName, UnusableSuite
from corpusqa.gating import gate, load_suite, parse_suite, shipped_suites
from corpusqa.gating import suite as suites

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "suites.toml").read_text(encoding="utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_a_broken_suite_is_refused_with_a_reason(case, tmp_path, capfd):
    file = tmp_path / "broken.json"
    file.write_text(case["text"], encoding="utf-8")
    with pytest.raises(UnusableSuite) as refused:
        load_suite(file)
    assert [part for part in case["says"] if part not in str(refused.value)] == []
    assert capfd.readouterr() == ("", "")  # great_expectations logs a traceback, which would go to stderr


def test_limits_that_no_number_compares_with_are_refused_from_python_too():
    with pytest.raises(UnusableSuite, match="max_value nan"):
        suite(rule(column="n_words", max_value=float("nan")))


class TestFinding:
    def test_a_name_is_a_shipped_suite(self):
        assert load_suite("news").name == "news"

    def test_a_path_is_a_file_whatever_its_ending(self, tmp_path):
        file = tmp_path / "mine"
        file.write_text(shipped_suites()["news"].read_text(encoding="utf-8"), encoding="utf-8")
        assert load_suite(str(file)).rules == load_suite(file).rules == load_suite("news").rules

    def test_an_unknown_name_names_the_nearest(self):
        with pytest.raises(UnknownName, match="Did you mean 'news'"):
            load_suite("newz")

    def test_a_missing_file_is_said(self, tmp_path):
        with pytest.raises(UnusableSuite, match="no suite file"):
            load_suite(tmp_path / "gone.json")

    def test_an_installed_package_has_them_inside(self, tmp_path, monkeypatch):
        """The wheel holds the top-level folder as `corpusqa/_expectations`."""
        inside = tmp_path / "corpusqa" / "_expectations"
        inside.mkdir(parents=True)
        (inside / "own.json").write_text("{}", encoding="utf-8")
        monkeypatch.setattr(suites, "__file__", str(tmp_path / "corpusqa" / "gating" / "suite.py"))
        assert shipped_suites() == {"own": inside / "own.json"}


class TestRules:
    def test_a_rule_is_named_by_column_and_type_unless_it_says(self):
        pair = rule("expect_column_pair_values_to_be_equal", column_A="a", column_B="b")
        made = suite(rule(column="a", min_value=1), pair, rule("expect_table_row_count_to_be_between", min_value=1))
        assert [own.rule_id for own in made.rules] == [
            f"a.{BETWEEN}",
            "a,b.expect_column_pair_values_to_be_equal",
            "expect_table_row_count_to_be_between",
        ]
        assert suite(rule(column="a", min_value=1, name="mine")).rules[0].rule_id == "mine"

    def test_severity_is_critical_unless_it_says(self):
        plain = {"type": BETWEEN, "kwargs": {"column": "a", "min_value": 1}}
        assert parse_suite({"name": "s", "expectations": [plain]}).rules[0].severity == "critical"

    def test_columns_are_those_judged_and_those_of_conditions(self):
        both = {"type": "and", "conditions": [comparison("lang", "==", "en"), comparison("n_words", ">", 3)]}
        made = suite(
            rule(column="a", min_value=1, row_condition=both, name="1"),
            rule(column="a", min_value=2, row_condition="`b c` > 1 and d == 'e'", condition_parser="pandas", name="2"),
            rule(
                column="a",
                min_value=3,
                row_condition='col("f") == "g"',
                condition_parser="great_expectations",
                name="3",
            ),
            rule("expect_compound_columns_to_be_unique", column_list=["x", "y"]),
        )
        assert made.columns == ("a", "lang", "n_words", "b c", "d", "f", "x", "y")

    def test_the_first_sentence_of_the_notes_stands_for_the_rule(self):
        made = suite(rule(column="a", min_value=1, notes="An article has words. Gopher says so, e.g. in A1."))
        assert made.rules[0].sentence == "An article has words"

    def test_notes_may_be_paragraphs(self):
        content = rule(column="a", min_value=1)
        assert suite({**content, "notes": ["One thing.", "Another."]}).rules[0].notes == "One thing. Another."

    @pytest.mark.parametrize(
        ("limits", "words"),
        [
            ({"min_value": 50, "max_value": 20000}, "from 50 to 20,000"),
            ({"max_value": 0.2}, "at most 0.2"),
            ({"min_value": 3, "strict_min": True}, "above 3"),
            ({"min_value": 0, "max_value": 1, "strict_max": True}, "at least 0 and below 1"),
            ({"min_value": 7, "max_value": 7}, "7"),
        ],
    )
    def test_limits_in_words(self, limits, words):
        assert suite(rule(column="a", **limits)).rules[0].limit == words

    def test_parameters_are_set_by_the_suite(self):
        made = suite(rule(column="a", min_value={"$PARAMETER": "low"}), suite_parameters={"low": 3})
        assert made.rules[0].kwargs["min_value"] == 3


EMPTY = {
    "kept_n_words": 0,
    "n_words": 0,
    "n_chars": 0,
    "doc_id": "empty",
}  #: of a document without text, all ratios are null


@pytest.mark.parametrize("name", shipped_suites())
class TestEveryShippedSuite:
    def test_says_what_each_rule_is_for(self, name):
        """Nothing may be gated on a threshold without a reason and an origin."""
        for own in load_suite(name).rules:
            assert own.meta["rule_id"] == own.rule_id
            assert own.notes.startswith(own.sentence)
            assert len(own.notes) > len(own.sentence) + 20, own.rule_id
            assert own.origin.endswith("."), own.rule_id
            assert re.match(r"Ours: |.*(arXiv|\.py|NeMo Curator)", own.origin), own.rule_id

    def test_names_its_rules_in_short_and_says_what_it_is_for(self, name):
        made = load_suite(name)
        assert made.notes
        assert all(re.fullmatch(r"[a-z0-9-]{3,24}", own.rule_id) for own in made.rules)

    def test_writes_each_severity_and_limit_down(self, name):
        """Defaults are ours; in a file that others read they stand as they are."""
        for entry in json.loads(shipped_suites()[name].read_text(encoding="utf-8"))["expectations"]:
            assert entry["severity"] in ("critical", "warning", "info")
            assert entry["kwargs"]

    def test_is_named_as_its_file(self, name):
        assert load_suite(name).name == name

    def test_names_only_columns_of_a_run(self, name):
        from corpusqa.metrics import METRICS
        from corpusqa.tables import DOCUMENTS

        assert set(load_suite(name).columns) <= {*METRICS, *DOCUMENTS.schema}

    def test_judges_a_run_without_computing_more(self, name, sample_run):
        """A shipped suite is there to be tried: each runs on what any audit has measured."""
        result = gate(sample_run, name)
        assert result.exit_code() in (0, 1)
        assert all(own.reason is None for own in result.rules)

    def test_a_document_without_text_is_rejected_or_the_corpus_is(self, name):
        """Whatever a condition leaves out, one of the rules sees an empty document."""
        from corpusqa.metrics import METRICS
        from corpusqa.tables import DOCUMENTS

        schema = {**dict.fromkeys(METRICS, pl.Float64), **DOCUMENTS.schema}
        frame = pl.DataFrame([EMPTY], schema=schema).with_columns(unreadable_ratio=pl.lit(0.0))
        assert not gate(frame, name).passed

    def test_loads_unchanged_in_great_expectations_alone(self, name, caplog):
        content = json.loads(shipped_suites()[name].read_text(encoding="utf-8"))
        with caplog.at_level(logging.WARNING, logger="great_expectations"):
            alone = gx.ExpectationSuite(**content)
        assert len(alone.expectations) == len(content["expectations"])
        assert not caplog.records
