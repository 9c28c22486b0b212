"""Suites proposed, suites checked, limits tried: on a small made-up run."""

import json

import numpy as np
import polars as pl
import pytest
from gate_cases import comparison, judged, rule

from corpusqa.errors import NoDocuments, UnusableSuite
from corpusqa.gating import gate, parse_suite
from corpusqa.gating.curves import curves
from corpusqa.gating.labels import Labels
from corpusqa.gating.linting import lint
from corpusqa.gating.suggesting import suggest
from corpusqa.run import FORMAT, Run

N = 200
RANDOM = np.random.default_rng(3)
#: The first 40 documents are bad: short lines, few letters. Everything else is chance.
BAD = np.arange(N) < 40
DOCUMENTS = pl.DataFrame(
    {
        "doc_id": [f"d{i:03d}" for i in range(N)],
        "n_words": RANDOM.integers(100, 200, N),
        "fineweb_short_line_ratio": np.where(BAD, RANDOM.uniform(0.7, 1, N), RANDOM.uniform(0, 0.5, N)),
        "gopher_alpha_word_ratio": np.where(BAD, RANDOM.uniform(0.5, 0.95, N), RANDOM.uniform(0.9, 1, N)),
        "gopher_bullet_line_ratio": RANDOM.uniform(0, 0.1, N),
        "gopher_dup_line_frac": np.zeros(N),
        "repeat_word_ratio": np.where(np.arange(N) == 7, 0.5, RANDOM.uniform(0, 0.01, N)),
        "url": [None] * N,
    },
    schema_overrides={"url": pl.String},
)


def made_run(folder, documents=DOCUMENTS):
    folder.mkdir()
    documents.write_parquet(folder / "documents.parquet")
    (folder / "run.json").write_text(json.dumps({"format": FORMAT}), encoding="utf-8")
    return Run.of(folder)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return made_run(tmp_path_factory.mktemp("suggest") / "made")


LABELS = Labels(np.arange(0, N, 2), BAD[::2], 0)


class TestFromTheCorpus:
    def test_no_rule_costs_more_than_was_asked(self, run):
        for share in (0.001, 0.05):
            found = suggest(run, reject=share)
            assert found.proposals
            assert all(one.documents <= share * N for one in found.proposals)

    def test_an_outlier_is_found_and_named(self, run):
        (repeats,) = suggest(run, ["repeat_word_ratio"], reject=0.005).proposals
        assert (repeats.documents, repeats.examples, repeats.severity) == (1, (("d007", 0.5),), "warning")

    def test_what_never_varies_is_left_out(self, run):
        assert "gopher_dup_line_frac" not in {one.column for one in suggest(run).proposals}

    def test_what_measures_the_same_is_proposed_once(self, tmp_path):
        twice = DOCUMENTS.with_columns(
            gopher_dup_para_frac="repeat_word_ratio", gopher_dup_line_frac="repeat_word_ratio"
        )
        found = suggest(made_run(tmp_path / "twice", twice), ["gopher_dup_line_frac", "gopher_dup_para_frac"])
        assert [one.column for one in found.proposals] == ["gopher_dup_line_frac"]

    def test_a_run_without_documents(self, tmp_path):
        with pytest.raises(NoDocuments):
            suggest(made_run(tmp_path / "none", DOCUMENTS.clear()))


class TestFromLabels:
    def test_what_tells_bad_from_good_and_nothing_else(self, run):
        found = suggest(run, labels=LABELS)
        assert [one.column for one in found.proposals] == ["fineweb_short_line_ratio"]
        (lines,) = found.proposals
        assert (lines.side, lines.documents) == ("max_value", 40)
        assert 0.5 <= lines.limit < 0.72
        assert (lines.fit.caught, lines.fit.n_bad, lines.fit.lost) == (20, 20, 0)
        assert lines.fit.tested > 0.9

    def test_rules_are_added_while_they_help(self, run):
        """Without the first, letters tell most of the bad, and no second metric adds anything."""
        found = suggest(run, ["gopher_alpha_word_ratio", "gopher_bullet_line_ratio"], labels=LABELS, aim="f1")
        assert [one.column for one in found.proposals] == ["gopher_alpha_word_ratio"]
        assert 0.5 < found.fit.f1 < 1

    def test_chance_proposes_nothing(self, run):
        random = Labels(np.arange(N), np.random.default_rng(0).random(N) < 0.3, 0)
        assert suggest(run, ["gopher_bullet_line_ratio"], labels=random).proposals == ()


@pytest.mark.parametrize("labels", [None, LABELS], ids=["corpus", "labels"])
def test_what_is_proposed_is_a_suite_that_says_what_it_does(run, labels):
    found = suggest(run, labels=labels, reject=0.05)
    made = parse_suite(found.suite("mine"))
    result = gate(run, made)
    assert result.passed_at("warning") or labels is not None
    assert [own.n_failed for own in result.rules] == [one.documents for one in found.proposals]
    assert result.verdicts["reject"] == found.rejected
    assert result.verdicts["flag"] == found.flagged
    assert all(own.origin and own.notes for own in made.rules)


class TestLint:
    def found(self, tmp_path, *rules, run=None, **others):
        file = tmp_path / "own.json"
        content = {"name": "own", "expectations": list(rules), **others}
        file.write_text(json.dumps(content), encoding="utf-8")
        return [(one.level, one.rule_id, one.sentence) for one in lint(file, run)]

    def rule(self, *args, **kwargs):
        return rule(*args, **{"notes": "A reason. And more.", "meta": {"origin": "Ours."}, **kwargs})

    def test_nothing_to_say(self, tmp_path, run):
        assert self.found(tmp_path, self.rule(column="n_words", min_value=150, name="a"), run=run) == []

    def test_all_errors_at_once(self, tmp_path):
        found = self.found(
            tmp_path,
            rule("expect_column_value_to_be_between", column="n_words", min_value=1, name="type"),
            rule(column="n_words", min_value=1, name="fine"),
            rule(column="n_words", name="bounds"),
            {"kwargs": {}},
        )
        assert [(level, name) for level, name, _ in found] == [
            ("error", "type"),
            ("error", "bounds"),
            ("error", "rule 4"),
        ]
        assert "Did you mean 'expect_column_values_to_be_between'?" in found[0][2]
        assert "sets no bound" in found[1][2]

    def test_what_only_the_whole_suite_has(self, tmp_path):
        ((level, name, says),) = self.found(tmp_path, *[self.rule(column="n_words", min_value=1, name="twin")] * 2)
        assert (level, name) == ("error", None)
        assert "2 rules named 'twin'" in says
        assert "holds no expectation" in self.found(tmp_path)[0][2]

    def test_unknown_metrics_with_the_nearest(self, tmp_path, run):
        ((*_, says),) = self.found(tmp_path, self.rule(column="n_wrods", min_value=1, name="a"))
        assert says == "needs 'n_wrods', which no run has. Did you mean 'n_words'?"
        ((*_, says),) = self.found(tmp_path, self.rule(column="n_chars", min_value=1, name="a"), run=run)
        assert (
            says
            == "needs 'n_chars', which the run does not have. Audit again with --metrics n_chars, or with this suite."
        )

    @pytest.mark.parametrize(
        ("limits", "says"),
        [
            ({"column": "gopher_alpha_word_ratio", "max_value": 1}, "can never fire"),
            ({"column": "gopher_alpha_word_ratio", "min_value": 0}, "can never fire"),
            ({"column": "gopher_alpha_word_ratio", "min_value": 80}, "always fires"),
            ({"column": "n_words", "min_value": 0}, "can never fire"),
            ({"column": "n_words", "max_value": 0, "strict_max": True}, "always fires"),
        ],
        ids=str,
    )
    def test_limits_beyond_what_a_metric_can_be(self, limits, says, tmp_path):
        ((level, name, sentence),) = self.found(tmp_path, self.rule(**limits, name="a"))
        assert (level, name) == ("warning", "a")
        assert says in sentence

    def test_a_rule_that_another_implies(self, tmp_path):
        found = self.found(
            tmp_path,
            self.rule(column="n_words", min_value=50, max_value=900, name="strict"),
            self.rule(column="n_words", min_value=50, name="lax"),
            self.rule(column="n_words", min_value=20, severity="warning", name="softer"),
            self.rule(column="n_words", min_value=20, row_condition=comparison("n_words", ">", 3), name="others"),
        )
        assert found == [("warning", "lax", "says nothing that 'strict' does not say already.")]

    def test_notes_and_origins_are_missed(self, tmp_path):
        found = self.found(
            tmp_path,
            rule(column="n_words", min_value=1, name="bare"),
            rule(column="n_words", max_value=9, notes="So. Yes.", name="half"),
        )
        assert [(level, name) for level, name, _ in found] == [("note", "bare"), ("note", "half")]

    def test_what_a_run_shows(self, tmp_path, run):
        found = self.found(
            tmp_path,
            self.rule(column="n_words", min_value=500, name="always"),
            self.rule(column="n_words", max_value=5000, name="never"),
            self.rule(column="fineweb_short_line_ratio", max_value=0.6, severity="warning", name="lines"),
            self.rule(column="fineweb_short_line_ratio", max_value=0.61, severity="info", name="same lines"),
            self.rule("expect_column_values_to_match_regex", column="url", regex="^h", name="nothing"),
            self.rule(
                column="n_words",
                min_value=1,
                row_condition=comparison("n_words", "<", 0),
                name="nowhere",
                meta={"origin": "Ours.", "unmet": "pass"},
            ),
            run=run,
        )
        said = {(level, name): says for level, name, says in found}
        assert said["warning", "always"].startswith("always fires: all 200 documents")
        assert said["note", "never"].startswith("never fires")
        assert said["warning", "lines"] == "repeats 'same lines': both fire on the same 40 documents."
        assert said["warning", "nothing"] == "had nothing to judge: no document has a value for url."
        assert said["note", "nowhere"].startswith("judges no document")

    def test_what_cannot_be_tried_is_an_error(self, tmp_path, run):
        ((level, name, says),) = self.found(tmp_path, self.rule(column="doc_id", min_value=1, name="a"), run=run)
        assert (level, name) == ("error", None)
        assert "could not be evaluated" in says

    def test_a_file_that_is_no_suite_is_said_by_itself(self, tmp_path):
        (tmp_path / "own.json").write_text("[", encoding="utf-8")
        with pytest.raises(UnusableSuite):
            lint(tmp_path / "own.json")


class TestCurves:
    FRAME = pl.DataFrame({"doc_id": list("abcd"), "n_words": [10, 20, 30, 940], "r": [0.1, 0.2, 0.3, None]})

    def test_documents_and_words_kept_by_each_limit(self):
        (curve,) = curves(judged(self.FRAME, rule(column="n_words", min_value=25, name="length")))
        assert (curve.rule_id, curve.side, curve.judged) == ("length", "min_value", 4)
        at = {point.limit: (point.documents, point.words) for point in curve.points}
        assert at[25.0] == (0.5, 0.97)
        assert at[10.0] == (1.0, 1.0)
        assert [point.limit for point in curve.points if point.in_force] == [25.0]

    def test_a_missing_value_is_never_kept(self):
        (curve,) = curves(judged(self.FRAME, rule(column="r", max_value=9)))
        assert curve.points[-1].documents == 0.75

    def test_each_side_of_a_rule_has_its_own(self):
        both = curves(judged(self.FRAME, rule(column="n_words", min_value=20, max_value=30)))
        assert [(curve.side, curve.points[0].limit <= curve.points[-1].limit) for curve in both] == [
            ("min_value", True),
            ("max_value", True),
        ]

    def test_the_limit_in_force_keeps_what_the_gate_keeps(self, run):
        """Strict limits, conditions and all."""
        result = gate(
            run,
            {
                "name": "s",
                "expectations": [
                    rule(column="n_words", min_value=150, strict_min=True, name="strict"),
                    rule(column="n_words", max_value=150, row_condition=comparison("n_words", ">", 120), name="some"),
                ],
            },
        )
        for curve, own in zip(curves(result), result.rules, strict=True):
            (in_force,) = [point for point in curve.points if point.in_force]
            assert in_force.documents == pytest.approx(own.passing)
