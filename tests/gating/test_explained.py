"""What a result says beyond the verdict: who was near a limit, which rules fire together, what hangs on one alone."""

import polars as pl
import pytest
from gate_cases import BETWEEN, comparison, documents, judged, rule, suite
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from corpusqa.gating import conditions, load_suite, margins, standings, suite_in_force

FRAME = documents(
    n_words=[40, 48, 50, 55, 400, 60, 10],
    r=[0.1, 0.1, 0.1, 0.3, 0.1, None, 0.9],
    s=[0, 0, 0, 1, 0, 0, 3],
    duplicate_of=[None, None, None, None, None, None, "d0"],
)
LENGTH = rule(column="n_words", min_value=50, max_value=300, name="length")
REPEATS = rule(column="r", max_value=0.2, name="repeats")
SIGNS = rule(column="s", max_value=0, severity="warning", name="signs")
RESULT = judged(FRAME, LENGTH, REPEATS, SIGNS)


class TestNarrow:
    def test_the_nearest_on_either_side_first(self):
        near = RESULT.narrow(2).filter(pl.col("rule_id") == "length")
        assert near.select("outcome", "doc_id", "value", "limit", "margin").rows() == [
            ("passes", "d2", 50.0, 50.0, 0.0),
            ("passes", "d3", 55.0, 50.0, 5.0),
            ("fails", "d1", 48.0, 50.0, -2.0),
            ("fails", "d0", 40.0, 50.0, -10.0),
        ]

    def test_where_none_is_allowed_no_pass_is_narrow(self):
        near = RESULT.narrow().filter(pl.col("rule_id") == "signs")
        assert near.select("outcome", "doc_id").rows() == [("fails", "d3"), ("fails", "d6")]

    def test_a_document_without_a_value_is_near_to_nothing(self):
        assert "d5" not in RESULT.narrow().filter(pl.col("rule_id") == "repeats")["doc_id"]

    def test_a_value_at_a_strict_limit_fails_by_nothing(self):
        strict = judged(documents(n=[3, 4, 5]), rule(column="n", min_value=3, strict_min=True)).narrow(1)
        assert strict.select("outcome", "value", "margin").rows() == [("passes", 4.0, 1.0), ("fails", 3.0, 0.0)]

    def test_only_documents_that_the_rule_judges(self):
        frame = documents(n=[1, 8, 9], lang=["de", "en", "en"])
        some = judged(frame, rule(column="n", min_value=2, row_condition=comparison("lang", "==", "en")))
        assert some.narrow()["doc_id"].to_list() == ["d1", "d2"]

    def test_rules_without_a_limit_in_numbers_have_none(self):
        frame = documents(n=[1, 2], s=["a", "b"])
        others = judged(
            frame,
            rule("expect_column_values_to_be_in_set", column="s", value_set=["a"]),
            rule("expect_column_mean_to_be_between", column="n", min_value=1),
            rule(column="n", max_value=1, row_condition="n > 0", condition_parser="pandas", name="text"),
        )
        assert others.narrow().is_empty()
        assert others.borderline().is_empty()
        assert others.narrow().columns == RESULT.narrow().columns


class TestBorderline:
    def test_who_would_turn_first(self):
        """Not d5, which has no value, and not d6, which is a copy: no limit turns them. d3 is fourth."""
        found = RESULT.borderline(3)
        assert found.select("verdict", "doc_id", "rule_id").rows() == [
            ("accept", "d2", "length"),
            ("reject", "d1", "length"),
            ("reject", "d0", "length"),
            ("reject", "d4", "length"),
        ]

    def test_a_rejected_document_is_as_far_as_its_worst_rule(self):
        both = judged(documents(a=[9, 30], b=[90, 91]), *[rule(column=c, min_value=100, name=c) for c in "ab"])
        assert both.borderline().select("doc_id", "rule_id", "relative").rows() == [
            ("d1", "a", pytest.approx(-0.7)),
            ("d0", "a", pytest.approx(-0.91)),
        ]

    def test_margins_are_shares_of_the_limit(self):
        (row,) = judged(documents(n=[45]), rule(column="n", max_value=50)).borderline().to_dicts()
        assert (row["margin"], row["relative"]) == (5.0, 0.1)


class TestTogether:
    def test_patterns_are_the_sets_of_rules_that_documents_break(self):
        assert RESULT.patterns.rows() == [
            (["length"], 3),
            (["repeats"], 1),
            (["repeats", "signs"], 1),
            (["length", "repeats", "signs", "duplicate"], 1),
        ]

    def test_pairs_say_how_alike_two_rules_are(self):
        assert RESULT.together.filter(left="repeats", right="signs").rows() == [("repeats", "signs", 2, 2 / 3, 1.0)]

    def test_what_hangs_on_one_rule(self):
        own = RESULT.by_rule.select("rule_id", "documents", "words", "documents_alone", "words_alone")
        assert own.rows() == [
            ("length", 4, 498, 3, 488),
            ("repeats", 3, 125, 2, 115),
            ("signs", 2, 65, 0, 0),
            ("duplicate", 1, 10, 0, 0),
        ]

    def test_a_warning_decides_where_nothing_rejects(self):
        flagged = judged(FRAME.head(4), SIGNS, rule(column="r", max_value=0.5, severity="info", name="note"))
        assert flagged.by_rule.select("rule_id", "documents_alone").rows() == [
            ("signs", 1),
            ("note", 0),
            ("duplicate", 0),
        ]

    def test_words_are_unknown_without_their_column(self):
        own = judged(documents(r=[0.9]), REPEATS).by_rule
        assert own.select("words", "words_alone").rows() == [(None, None)]

    def test_any_number_of_rules(self):
        """More than fit in one machine word."""
        many = judged(documents(n=[0, 150]), *[rule(column="n", min_value=i, name=f"r{i}") for i in range(130)])
        assert many.patterns.rows() == [([f"r{i}" for i in range(1, 130)], 1)]

    def test_nothing_broken(self):
        clean = judged(documents(n=[1, 2]), rule(column="n", min_value=0))
        assert clean.patterns.is_empty()
        assert clean.together.is_empty()
        assert clean.by_rule["documents_alone"].to_list() == [0]

    @given(st.lists(st.tuples(*[st.integers(0, 2)] * 3), min_size=1, max_size=20))
    @settings(max_examples=25, deadline=None)
    def test_without_a_rule_just_what_hangs_on_it_is_accepted(self, rows):
        """The law of `documents_alone`: take the rule out of the suite, and so many more documents are accepted."""
        frame = documents(**dict(zip("abc", zip(*rows, strict=True), strict=True)))
        rules = [rule(column=name, max_value=1, name=name) for name in "abc"]
        every = judged(frame, *rules)
        for own in every.by_rule.iter_rows(named=True):
            rest = [one for one in rules if one["meta"]["rule_id"] != own["rule_id"]]
            assert len(judged(frame, *rest).accepted) - len(every.accepted) == own["documents_alone"]


CONDITIONS = [
    comparison("n", "<=", 5),
    comparison("n", "!=", 5),
    comparison("s", "!=", "en"),
    comparison("s", "IN", ["en", "fr"]),
    comparison("s", "NOT_IN", ["en", "fr"]),
    {"type": "nullity", "column": {"name": "s"}, "is_null": True},
    {"type": "nullity", "column": {"name": "s"}, "is_null": False},
    {"type": "and", "conditions": [comparison("n", ">", 1), comparison("s", "==", "en")]},
    {"type": "or", "conditions": [comparison("n", "<", 2), comparison("s", "==", "de")]},
]


class TestConditions:
    FRAME = documents(one=[1] * 5, n=[1, 5, None, 9, 20], s=["en", "de", None, "en", "fr"])

    @pytest.mark.parametrize("condition", CONDITIONS, ids=str)
    def test_the_rows_that_meet_one_are_those_that_great_expectations_judges(self, condition):
        """Every row that is judged breaks this rule, so the rows that break it are those that meet the condition."""
        every = judged(self.FRAME, rule(column="one", max_value=0, row_condition=condition))
        met = self.FRAME.select(conditions.expression(condition).alias("met"))["met"]
        assert every.rules[0].rows.tolist() == met.arg_true().to_list()

    def test_in_words(self):
        assert conditions.words(CONDITIONS[-1]) == 'n < 2 or s == "de"'
        assert conditions.words(CONDITIONS[3]) == 's in ["en", "fr"]'
        assert conditions.words(CONDITIONS[5]) == "s is null"
        text = suite(rule(BETWEEN, column="n", min_value=1, row_condition="n > 3", condition_parser="pandas"))
        assert text.rules[0].where == "n > 3"
        assert suite(LENGTH).rules[0].where == ""


def test_where_one_document_stands():
    (length, repeats, signs) = margins.standing(FRAME[3], [own.rule for own in RESULT.rules])
    assert length == {
        "rule_id": "length",
        "severity": "critical",
        "column": "n_words",
        "asks": "from 50 to 300",
        "value": 55.0,
        "limit": 50.0,
        "margin": 5.0,
        "relative": 0.1,
    }
    assert (repeats["margin"], signs["margin"]) == (pytest.approx(-0.1), -1.0)


def test_a_lazy_frame_explains_itself_alike():
    lazy = judged(FRAME.lazy(), LENGTH, REPEATS, SIGNS)
    assert_frame_equal(lazy.by_rule, RESULT.by_rule)
    assert_frame_equal(lazy.borderline(), RESULT.borderline())


class TestStanding:
    """One document of a run before all rules, as `corpusqa show` has it."""

    MADE = suite(
        LENGTH,
        rule(column="r", max_value=0.2, severity="warning", name="repeats"),
        rule("expect_column_values_to_be_in_set", column="lang", value_set=["en"], severity="info", name="lang"),
        rule("expect_column_values_to_be_unique", column="lang", name="unique"),
        rule("expect_column_mean_to_be_between", column="r", max_value=0.1, name="mean"),
        rule(column="r", max_value=0.1, row_condition=comparison("lang", "==", "fr"), name="french"),
    )

    def stands(self, *, failed=(), flagged=(), **values):
        own = {"n_words": 100, "r": 0.1, "lang": "en", **values, "failed": [list(failed)], "flagged": [list(flagged)]}
        schema = {"failed": pl.List(pl.String), "flagged": pl.List(pl.String), "r": pl.Float64}
        return standings(pl.DataFrame({"doc_id": ["d"], **own}, schema_overrides=schema), self.MADE)

    def test_broken_first_then_the_nearest(self):
        found = self.stands(n_words=53, r=0.3, lang="de")
        assert [(own.mark, own.rule_id, own.value, own.text) for own in found] == [
            ("WARN", "repeats", 0.3, None),
            ("NOTE", "lang", None, "de"),
            ("NEAR", "length", 53.0, None),
        ]
        assert (found[0].limit, found[0].margin) == (0.2, pytest.approx(-0.1))

    def test_what_needs_the_others_is_known_from_the_run(self):
        """One document alone is unique, and it has no mean."""
        assert "unique" not in [own.rule_id for own in self.stands()]
        (broken, *_) = self.stands(failed=["unique"])
        assert (broken.mark, broken.rule_id, broken.value) == ("FAIL", "unique", None)

    def test_a_missing_value_is_broken(self):
        (missing, *_) = self.stands(r=None)
        assert (missing.mark, missing.rule_id, missing.value, missing.margin) == ("WARN", "repeats", None, None)

    def test_the_suite_is_the_one_that_the_run_was_judged_by(self, sample_run):
        """Not the one that has its name today."""
        held = suite_in_force(sample_run.validation)
        assert [own.rule_id for own in held.rules] == [own.rule_id for own in load_suite("news").rules]
        assert held.rules == load_suite("news").rules
