"""What the gate cannot judge ends it with exit code 2 or 4 and a sentence, at the command line as in Python."""

import json
import tomllib
from pathlib import Path

import polars as pl
import pytest

from corpusqa import cli
from corpusqa.run import FORMAT
from corpusqa.tables import DOCUMENTS

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "suites.toml").read_text(encoding="utf-8"))["case"]


def made_run(folder, n_documents):
    """A run of so many documents, of which nothing is known but the length."""
    schema = {**DOCUMENTS.schema, "n_words": pl.Int64}
    rows = [{"doc_id": f"d{i}", "n_words": 9 - i} for i in range(n_documents)]
    folder.mkdir()
    pl.DataFrame(rows, schema=schema).write_parquet(folder / DOCUMENTS.file)
    manifest = {"format": FORMAT, "settings": {}, "counts": {"documents": n_documents}}
    (folder / "run.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return made_run(tmp_path_factory.mktemp("refusals") / "run", 3)


def gate(capfd, *arguments):
    code = cli.run(["gate", *map(str, arguments)])
    return (code, *capfd.readouterr())


def written(folder, *rules):
    file = folder / "own.json"
    file.write_text(json.dumps({"name": "own", "expectations": list(rules)}), encoding="utf-8")
    return file


def rule(kind="expect_column_values_to_be_between", **kwargs):
    return {"type": kind, "kwargs": kwargs}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_2_a_suite_that_is_none(case, run, tmp_path, capfd):
    file = tmp_path / "broken.json"
    file.write_text(case["text"], encoding="utf-8")
    code, out, err = gate(capfd, run, "--suite", file)
    assert (code, out) == (2, "")
    assert err.startswith("error: ")
    assert [part for part in case["says"] if part not in err] == []
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (rule(column="n_wrods", min_value=1), "Did you mean 'n_words'?"),
        (rule(column="fineweb_short_line_ratio", max_value=1), "--metrics"),
        (rule(column="doc_id", min_value=1), "could not be evaluated"),
        (rule("expect_column_values_to_match_regex", column="doc_id", regex="("), "could not be evaluated"),
        (rule("expect_column_values_to_be_in_set", column="n_words", value_set=["9"]), "without quotes"),
        (rule("unexpected_rows_expectation", unexpected_rows_query="SELECT * FROM {batch}"), "could not be evaluated"),
    ],
    ids=["unknown metric", "not computed", "not comparable", "broken pattern", "texts for numbers", "for databases"],
)
def test_2_a_rule_that_cannot_be_evaluated(broken, says, run, tmp_path, capfd):
    code, out, err = gate(capfd, run, "--suite", written(tmp_path, rule(column="n_words", min_value=0), broken))
    assert (code, out) == (2, "")
    assert err.startswith("error: ")
    assert says in err


def test_2_a_column_without_a_value_is_no_pass(run, tmp_path, capfd):
    code, out, _ = gate(
        capfd, run, "--suite", written(tmp_path, rule("expect_column_values_to_be_unique", column="url"))
    )
    assert code == 2
    assert "not judged: no document has a value for url" in out


def test_4_no_documents_are_no_pass(tmp_path, capfd):
    empty = made_run(tmp_path / "empty", 0)
    code, out, err = gate(capfd, empty, "--suite", written(tmp_path, rule(column="n_words", min_value=0)))
    assert (code, out) == (4, "")
    assert "no document to judge" in err


def test_1_and_0_what_can_be_judged(run, tmp_path, capfd):
    assert gate(capfd, run, "--suite", written(tmp_path, rule(column="n_words", min_value=8)))[0] == 1
    assert gate(capfd, run, "--suite", written(tmp_path, rule(column="n_words", min_value=7)))[0] == 0
