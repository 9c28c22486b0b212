"""What is measured as kept is what curation writes, character for character."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

import corpusqa
from corpusqa import config, metrics
from corpusqa.kept import kept_texts
from corpusqa.texts import Texts

SAMPLE = Path(__file__).parents[1] / "sample_data"
SAMPLE_COLUMNS = ("n_chars", "n_lines", "n_sentences", "gopher_dup_para_frac", "fineweb_newline_word_ratio")
TWINS = [f"kept_{name}" for name in SAMPLE_COLUMNS]


@pytest.mark.parametrize("compare", ["kept", "as-read"])
def test_twins_are_the_metrics_of_the_curated_corpus(tmp_path, compare):
    settings = config.Settings(
        metrics=config.Metrics(select=("default", *TWINS)), duplicates=config.Duplicates(compare=compare)
    )
    run = corpusqa.audit(SAMPLE, tmp_path / "run", settings=settings, workers=1)
    corpusqa.curate(run, tmp_path / "curated", drop="none", keep_duplicates=True)
    again = corpusqa.audit(tmp_path / "curated", tmp_path / "again", settings=config.Settings(), workers=1)
    kept = run.documents.select("source", "row", *TWINS).collect()
    measured = again.documents.select("source", "row", *SAMPLE_COLUMNS).collect()
    assert len(kept) == len(measured) == 68
    assert kept.rows() == measured.rows()
    assert (kept["kept_n_chars"] < run.documents.collect()["n_chars"]).any()


def test_a_suite_that_names_a_twin_computes_it(tmp_path):
    (tmp_path / "one.txt").write_text("The ferry sails at nine.\nShare this article\n")
    suite = tmp_path / "own.json"
    suite.write_text(
        '{"name": "own", "expectations": [{"type": "expect_column_values_to_be_between",'
        ' "kwargs": {"column": "kept_n_lines", "max_value": 1}}]}'
    )
    run = corpusqa.audit(tmp_path / "one.txt", tmp_path / "run", suite=str(suite), workers=1)
    documents = run.documents.collect()
    assert documents.select("n_lines", "kept_n_lines", "verdict").rows() == [(2, 1, "accept")]
    assert "kept_n_sentences" not in documents.columns


def test_nothing_kept_is_nothing_counted_and_no_share():
    texts = Texts.of(["gone", "stays here"])
    plan = pl.DataFrame(
        {"kept": [False, True], "spans": [[], []]},
        schema={"kept": pl.Boolean, "spans": pl.List(pl.Struct({"start": pl.UInt32, "end": pl.UInt32}))},
    )
    kept = kept_texts(texts, plan)
    assert kept.series().to_list() == ["", "stays here"]
    found = metrics.measure_kept(kept, ["kept_n_chars", "kept_gopher_alpha_word_ratio"])
    assert found.rows() == [(0, None), (10, 1.0)]
