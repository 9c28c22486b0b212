"""The ways in: what is computed when, from what, and what is refused."""

from __future__ import annotations

import pandas as pd
import polars as pl
import pytest

from corpusqa import metrics
from corpusqa.errors import UnknownName, UnusableInput, UnusableSettings
from corpusqa.metrics import METRICS, catalogue, find, measure, measure_duplicates, measure_findings, origins, select
from corpusqa.metrics.shared import PASSES, fill
from corpusqa.metrics.split import Split
from corpusqa.segment import paragraphs
from corpusqa.texts import Texts

LABELS = pl.DataFrame(
    [
        (0, 6, "content", None),
        (0, 2, "repeated", None),
        (0, 1, "boilerplate", "prompt"),
        (0, 1, "boilerplate", "residue"),
        (2, 5, "content", None),
    ],
    schema={"document": pl.UInt32, "n_words": pl.UInt32, "label": pl.String, "kind": pl.String},
    orient="row",
)


@pytest.fixture
def own_metric():
    """A place for metrics of the test's own, gone after it."""
    before = dict(METRICS)
    yield
    METRICS.clear()
    METRICS.update(before)


class TestMeasure:
    def test_gives_the_default_families_that_a_text_has(self):
        assert measure(["a"]).columns == [m.name for m in METRICS.values() if m.default and m.level == "text"]

    def test_gives_columns_in_the_order_of_the_registry(self):
        assert measure(["a"], ["fineweb_char_dup_ratio", "n_words"]).columns == ["n_words", "fineweb_char_dup_ratio"]

    def test_takes_a_family_for_all_its_metrics(self):
        assert measure(["a"], "fineweb").columns == [name for name in METRICS if name.startswith("fineweb_")]

    @pytest.mark.parametrize(
        "texts",
        [
            ["a b", None],
            pl.Series(["a b", None]),
            pd.Series(["a b", ""]),
            iter(["a b", ""]),
            pl.Series(["a b", ""], dtype=pl.Categorical),
        ],
        ids=["list", "polars", "pandas", "iterator", "categories"],
    )
    def test_takes_any_texts(self, texts):
        assert measure(texts, ["n_words"])["n_words"].to_list() == [2, 0]

    def test_takes_one_text_for_one_row(self):
        assert measure("a b", ["n_words"])["n_words"].to_list() == [2]

    def test_takes_part_of_a_column(self):
        assert measure(pl.Series(["a", "é é", "b b b"])[1:], ["n_words", "n_bytes"]).rows() == [(5, 2), (5, 3)]

    @pytest.mark.parametrize("texts", [[], pl.Series([], dtype=pl.String), pl.Series([])])
    def test_gives_every_column_for_no_texts(self, texts):
        frame = measure(texts, "all")
        assert frame.schema == metrics.schema([metric.name for metric in select("all") if metric.level == "text"])
        assert frame.is_empty()

    def test_refuses_what_only_an_audit_can_know(self):
        with pytest.raises(UnusableSettings, match=r"repeat_word_ratio.*documents\.parquet"):
            measure(["a"], ["n_words", "repeat_word_ratio"])

    def test_refuses_an_unknown_name_with_the_nearest_one(self):
        with pytest.raises(UnknownName, match="Did you mean 'gopher_word_count'"):
            measure(["a"], ["gopher_wordcount"])

    def test_refuses_numbers(self):
        with pytest.raises(UnusableInput, match=r"Int64.*String column"):
            measure(pl.Series([1, 2]))
        with pytest.raises(UnusableInput, match="1 is of type int"):
            measure(["a", 1])

    def test_takes_half_a_surrogate_pair(self):
        assert measure(["\ud800 a", None], ["n_chars"])["n_chars"].to_list() == [3, 0]


class TestPasses:
    def test_only_those_that_are_needed_run(self):
        split = Split(Texts.of(["one two\nthree"]))
        assert fill(split, {"words"}).columns == ["words"]
        assert not split.__dict__.keys() & {"words", "lines", "occurrences", "paragraphs"}

    def test_fill_the_columns_that_they_name(self):
        split = Split(Texts.of(["one two\nthree", ""]))
        for column, one in PASSES.items():
            assert column in one.columns
            assert tuple(one.walk(split)) == one.columns

    def test_every_column_is_read_by_some_metric(self):
        read = {column for metric in METRICS.values() for column in metric.columns}
        assert PASSES.keys() == read & PASSES.keys()

    def test_paragraphs_that_are_known_are_not_cut_again(self):
        texts = Texts.of(["one\ntwo", "", "three"])
        known = paragraphs(texts).filter(pl.col("position") == 0)
        assert metrics.measure_texts(texts, ["n_paragraphs"], paragraphs=known)["n_paragraphs"].to_list() == [1, 0, 1]

    def test_texts_may_lie_anywhere_in_their_buffer(self):
        texts = Texts.of(["one # two", "", "Zwölf Boxkämpfer.\n- jagen"])
        assert metrics.measure_texts(texts.take(pl.Series([2, 0, 2]).to_numpy()), "gopher").equals(
            measure(["Zwölf Boxkämpfer.\n- jagen", "one # two", "Zwölf Boxkämpfer.\n- jagen"], "gopher")
        )


class TestFindings:
    def test_are_counted_for_each_document(self):
        names = [*origins("all").paragraphs]
        assert measure_findings(LABELS, 3, names).row(0, named=True) == {
            "repeat_word_ratio": 0.2,
            "repeat_paragraphs": 1,
            "boilerplate_word_ratio": 0.2,
            "boilerplate_paragraphs": 2,
            "residue_word_ratio": 0.1,
            "residue_count": 1,
            "kept_n_words": 6,
            "kept_word_ratio": 0.6,
        }

    def test_a_document_without_paragraphs_has_counts_but_no_shares(self):
        row = measure_findings(LABELS, 3, ["kept_n_words", "kept_word_ratio", "repeat_word_ratio"]).row(1, named=True)
        assert row == {"repeat_word_ratio": None, "kept_n_words": 0, "kept_word_ratio": None}

    def test_furniture_inside_content_counts_by_its_words(self):
        spans = pl.DataFrame({"document": [0, 2], "n_words": [2, 1], "kind": ["residue", "credit"]})
        found = measure_findings(LABELS, 3, [*origins("all").paragraphs], spans=spans)
        assert found["kept_n_words"].to_list() == [4, 0, 4]
        assert found["boilerplate_word_ratio"].to_list() == [0.4, None, 0.2]
        assert found["boilerplate_paragraphs"].to_list() == [2, 0, 0]
        assert found["residue_count"].to_list() == [2, 0, 0]

    def test_no_documents_have_every_column(self):
        found = measure_findings(LABELS.head(0), 0, ["kept_n_words", "kept_word_ratio"])
        assert found.schema == metrics.schema(["kept_n_words", "kept_word_ratio"])

    def test_a_document_that_is_no_copy_has_no_similarity(self):
        documents = pl.DataFrame({"similarity": [0.91, None], "other": [1, 2]})
        assert measure_duplicates(documents, "duplicate")["duplicate_similarity"].to_list() == [0.91, 0.0]

    def test_of_texts_cannot_be_measured_on_labels(self):
        with pytest.raises(UnusableSettings, match="n_words is measured on texts"):
            measure_findings(LABELS, 3, ["n_words"])


class TestRegistry:
    def test_selects_by_name_family_default_and_all_in_its_own_order(self):
        assert [m.name for m in select("all")] == list(METRICS)
        assert select(["default", "n_chars"]) == [m for m in METRICS.values() if m.default]
        assert [m.name for m in select(["duplicate", "n_words", "n_words"])] == ["n_words", "duplicate_similarity"]

    def test_finds_by_name(self):
        assert find("n_words").family == "n"

    def test_catalogue_has_a_row_a_metric(self):
        rows = catalogue()
        assert rows["name"].to_list() == list(METRICS)
        assert rows.columns == ["name", "family", "default", "level", "unit", "better", "source", "meaning", "doc"]
        assert rows["meaning"].str.ends_with(".").all()
        assert catalogue("n_words").height == 1

    def test_origins_share_out_what_is_selected(self):
        sorted_out = origins("all")
        assert {*sorted_out.texts, *sorted_out.paragraphs, *sorted_out.clusters, *sorted_out.kept} == METRICS.keys()

    @pytest.mark.usefixtures("own_metric")
    def test_a_metric_of_ones_own_may_read_the_text(self):
        @metrics.metric(level="text", unit="question marks per word", source="this test")
        def mine_question_word_ratio() -> pl.Expr:
            """Question marks for each word. Null without words."""
            marks = pl.col("text").str.count_matches("?", literal=True)
            return pl.when(pl.col("words") > 0).then(marks / pl.col("words"))

        assert measure(["Who? Me?", ""], ["mine"]).rows() == [(1.0,), (None,)]
        assert "mine_question_word_ratio" in measure(["a"], "all").columns
        assert "mine_question_word_ratio" not in measure(["a"]).columns

    @pytest.mark.usefixtures("own_metric")
    def test_a_metric_that_reads_what_nobody_fills_is_refused(self):
        @metrics.metric(level="text", unit="words", source="this test")
        def mine_n_words() -> pl.Expr:
            """Words. 0 for an empty text."""
            return pl.col("wrods")

        with pytest.raises(UnknownName, match=r"column named 'wrods'.*mine_n_words.*'words'"):
            measure(["a"], ["mine_n_words"])

    @pytest.mark.usefixtures("own_metric")
    def test_two_metrics_of_one_name_are_refused(self):
        def n_words() -> pl.Expr:
            """Other words. 0 for an empty text."""
            return pl.col("words")

        with pytest.raises(UnusableSettings, match=r"has a name that .* has taken"):
            metrics.metric(level="text", unit="words", source="this test")(n_words)
