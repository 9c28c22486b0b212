"""The audit from end to end: it finds what was planted, counts what it saw, and always writes the same bytes."""

import gzip
import json
import shutil
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

import corpusqa
from corpusqa import config, tables
from corpusqa.errors import NoDocuments, UnusableInput
from corpusqa.explain import explain

SAMPLE = Path(__file__).parents[1] / "sample_data"


@pytest.fixture(scope="module")
def marked(sample_run):
    """The paragraphs of the sample by document and position."""
    frame = sample_run.paragraphs.collect()
    return {(row["doc_id"], row["position"]): row for row in frame.iter_rows(named=True)}


def unlabelled(truth):
    return {entry["document"] for entry in truth["document"] if not entry["labelled"]}


def test_every_planted_defect_is_named(marked, truth):
    """Furniture as boilerplate, and what is said twice as repeated (or as furniture, when it is that too)."""
    missed = [
        (defect["document"], defect["position"], defect["class"], defect["text"])
        for defect in truth["defect"]
        if marked[defect["document"], defect["position"]]["label"] not in {defect["label"], "boilerplate"}
    ]
    assert missed == []


def test_no_content_is_marked(marked, truth):
    """Neither what looks like furniture and is not, nor anything else that was not planted."""
    planted = {(defect["document"], defect["position"]) for defect in truth["defect"]}
    wrong = [
        key
        for key, row in marked.items()
        if key not in planted and key[0] not in unlabelled(truth) and row["label"] != "content"
    ]
    assert wrong == []


def test_copies_are_clustered_and_one_of_each_is_kept(sample_run, truth):
    documents = sample_run.documents.collect()
    for group in truth["duplicate"]:
        own = documents.filter(pl.col("doc_id").is_in(group["documents"]))
        assert own["cluster"].n_unique() == 1
        assert own["cluster"].null_count() == 0
        assert own["duplicate_of"].null_count() == 1
    assert documents["cluster"].drop_nulls().n_unique() == len(truth["duplicate"])


def test_a_dropped_copy_names_a_kept_document(sample_run):
    documents = sample_run.documents.collect()
    kept = documents.filter(pl.col("duplicate_of").is_null())["doc_id"].to_list()
    assert set(documents["duplicate_of"].drop_nulls()) <= set(kept)


def test_the_news_suite_fails_on_the_sample(sample_run):
    assert not corpusqa.gate(sample_run).passed


def test_counts_are_those_of_the_tables(sample_run):
    counts = sample_run.manifest["counts"]
    documents, paragraphs = sample_run.documents.collect(), sample_run.paragraphs.collect()
    assert counts["documents"] == len(documents)
    assert counts["paragraphs"] == len(paragraphs)
    assert counts["words"] == documents["n_words"].sum() == paragraphs["n_words"].sum()
    assert counts["duplicates"] == documents["duplicate_of"].count()
    assert counts["accepted"] + counts["flagged"] + counts["rejected"] == len(documents)


@pytest.mark.parametrize("table", tables.RUN_TABLES, ids=lambda table: table.name)
def test_tables_have_the_columns_that_are_written_down(sample_run, table):
    schema = getattr(sample_run, table.name).collect_schema()
    assert {name: schema[name] for name in table.schema} == dict(table.schema)


def test_rows_are_in_the_order_of_the_input(sample_run):
    documents = sample_run.documents.collect()
    assert_frame_equal(documents, documents.sort("source", "row"))


def _tables(run):
    return {table.file: (run.path / table.file).read_bytes() for table in tables.RUN_TABLES}


@pytest.mark.parametrize("workers", [1, 2])
def test_workers_do_not_show_in_the_tables(sample_run, tmp_path, workers, monkeypatch):
    """Nor does the size of a shard: here each file is one."""
    monkeypatch.setattr("corpusqa.read.plan.__kwdefaults__", {"shard_bytes": 1})
    run = corpusqa.audit(SAMPLE, tmp_path / "run", settings=config.Settings(), workers=workers)
    assert len(run.shards) > 20
    assert _tables(run) == _tables(sample_run)


def test_the_order_of_the_inputs_does_not_show(tmp_path):
    folders = [SAMPLE / "nordkai", SAMPLE / "kranzfelder-anzeiger.csv"]
    forth = corpusqa.audit(folders, tmp_path / "forth", settings=config.Settings(), workers=1)
    back = corpusqa.audit(folders[::-1], tmp_path / "back", settings=config.Settings(), workers=1)
    assert _tables(forth) == _tables(back)


def test_a_run_is_replaced_whole(tmp_path):
    """Auditing into a finished run gives what auditing into nothing gives."""
    out = tmp_path / "run"
    corpusqa.audit(SAMPLE / "kranzfelder-anzeiger.csv", out, settings=config.Settings(), workers=1)
    (out / "mine.txt").write_text("left from before")
    again = corpusqa.audit(SAMPLE / "nordkai", out, settings=config.Settings(), workers=1)
    assert sorted(path.name for path in out.iterdir()) == sorted(
        [*(table.file for table in tables.RUN_TABLES), "run.json", "validation.json", "rejects.jsonl", "report.html"]
    )
    assert again.manifest["counts"]["documents"] == 15


def test_a_folder_that_is_no_run_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("precious")
    with pytest.raises(UnusableInput, match="left alone"):
        corpusqa.audit(SAMPLE / "nordkai", tmp_path, settings=config.Settings(), workers=1)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_an_audit_that_fails_leaves_the_former_run(sample_run, tmp_path):
    out = tmp_path / "run"
    shutil.copytree(sample_run.path, out)
    bad = tmp_path / "bad.csv"
    bad.write_text("words\nno text column\n")
    with pytest.raises(UnusableInput, match="words"):
        corpusqa.audit(bad, out, settings=config.Settings(), workers=1)
    assert _tables(corpusqa.Run.of(out)) == _tables(sample_run)


def test_nothing_usable_is_a_run_that_says_so_and_no_pass(tmp_path):
    """Every table with no rows, the rejects with their reasons, and an error at the end."""
    bad = tmp_path / "in" / "bad.jsonl"
    bad.parent.mkdir()
    bad.write_text('{"text": null}\n{"text": \n')
    with pytest.raises(NoDocuments):
        corpusqa.audit(bad.parent, tmp_path / "run", settings=config.Settings(), workers=1)
    run = corpusqa.Run.of(tmp_path / "run")
    assert all(getattr(run, table.name).collect().is_empty() for table in tables.RUN_TABLES)
    rejects = [json.loads(line) for line in (run.path / "rejects.jsonl").read_text().splitlines()]
    assert [(reject["source"], reject["row"]) for reject in rejects] == [("bad.jsonl", 0), ("bad.jsonl", 1)]
    assert run.manifest["gate"]["verdict"] == "FAIL"


def test_a_folder_with_nothing_to_read_is_a_run_without_rows(tmp_path):
    """The same tables and the same error as for files that hold nothing."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.png").write_bytes(b"PNG")
    with pytest.raises(NoDocuments, match=r"0 files to read, passed over 1 \.png"):
        corpusqa.audit(tmp_path / "in", tmp_path / "run", settings=config.Settings(), workers=2)
    run = corpusqa.Run.of(tmp_path / "run")
    assert all(getattr(run, table.name).collect().is_empty() for table in tables.RUN_TABLES)
    assert (run.path / "rejects.jsonl").read_bytes() == b""
    assert (run.manifest["inputs"], run.manifest["ignored"]) == ([], {".png": 1})
    with pytest.raises(NoDocuments):
        corpusqa.gate(run)
    with pytest.raises(NoDocuments, match="has no documents"):
        explain(run, "a")
    assert corpusqa.curate(run, tmp_path / "out").files == 0
    assert corpusqa.restore(tmp_path / "out", tmp_path / "back").records == 0


@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "a.csv", "a.jsonl.gz"])
def test_a_file_without_a_record_is_a_run_without_rows(tmp_path, name):
    (tmp_path / name).write_bytes(gzip.compress(b"") if name.endswith(".gz") else b"")
    with pytest.raises(NoDocuments):
        corpusqa.audit(tmp_path / name, tmp_path / "run", settings=config.Settings(), workers=1)
    run = corpusqa.Run.of(tmp_path / "run")
    assert all(getattr(run, table.name).collect().is_empty() for table in tables.RUN_TABLES)
    assert run.manifest["counts"]["rejects"] == 0


def test_ids_that_occur_twice_are_made_different_and_counted(tmp_path):
    lines = [json.dumps({"id": "a", "text": f"Story number {i} is about a harbour."}) for i in range(3)]
    (tmp_path / "in.jsonl").write_text("\n".join(lines))
    run = corpusqa.audit(tmp_path / "in.jsonl", tmp_path / "run", settings=config.Settings(), workers=1)
    assert run.documents.collect()["doc_id"].to_list() == ["a", "in.jsonl#a", "in.jsonl#a#2"]
    assert run.manifest["counts"]["renamed"] == 2


def test_a_truncated_archive_gives_what_it_holds_and_one_reject(tmp_path):
    lines = "".join(json.dumps({"text": f"Story number {i} {'is long ' * i}"}) + "\n" for i in range(300))
    data = gzip.compress(lines.encode())
    (tmp_path / "in.jsonl.gz").write_bytes(data[: len(data) // 2])
    run = corpusqa.audit(tmp_path / "in.jsonl.gz", tmp_path / "run", settings=config.Settings(), workers=1)
    counts = run.manifest["counts"]
    assert 0 < counts["documents"] < 300
    assert counts["rejects"] >= 1
