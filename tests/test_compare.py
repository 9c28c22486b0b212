"""Two runs: what changed, and whether it got worse."""

import json
import shutil

import numpy as np
import polars as pl
import pytest

from corpusqa import tables
from corpusqa.cli import run as command
from corpusqa.comparison import FAIL_ON, compare
from corpusqa.config import Settings
from corpusqa.errors import NoDocuments, UnknownName, UnusableRun
from corpusqa.run import FORMAT, MANIFEST, VALIDATION, Run

N = 400
METRICS = ("kept_n_words", "kept_word_ratio", "own_sadness")  #: the last is of no family that corpusqa has
RULE = {
    "meta": {"rule_id": "length"},
    "expectation_config": {
        "type": "expect_column_values_to_be_between",
        "kwargs": {"column": "kept_n_words", "min_value": 50, "mostly": 0.9},
        "severity": "critical",
        "meta": {"rule_id": "length"},
    },
}
SUITE = {"name": "own", "expectations": [RULE["expectation_config"]]}


def documents(seed=0, n=N, **columns):
    """Documents of four sites with two metrics; `columns` replace some."""
    random = np.random.default_rng(seed)
    words = random.integers(100, 900, n)
    own = {
        "doc_id": [f"d{i}" for i in range(n)],
        "site": [f"site-{i % 4}.example" for i in range(n)],
        "kept_n_words": words,
        "kept_word_ratio": random.uniform(0.9, 1, n),
        "verdict": ["accept"] * n,
        "duplicate_of": [None] * n,
    } | columns
    broken = [["length"] if verdict == "reject" else [] for verdict in own["verdict"]]
    rules = pl.Series(broken, dtype=pl.List(pl.String))
    return pl.DataFrame(own).with_columns(failed=rules, flagged=rules.list.head(0))


def group(name, text, n, label="boilerplate", template=None):
    return {
        "group": name,
        "text": text,
        "documents": n,
        "label": label,
        "kind": "prompt",
        "template": template,
        "sites": 1,
    }


KNOWN = (group("g1", "Join the conversation", 40),)


def made(folder, frame=None, groups=KNOWN, prompts=40, rejects=0, version="1", settings=None, rules=(RULE,)):
    """A run with these documents; the first `prompts` of them hold a prompt."""
    frame = documents() if frame is None else frame
    folder.mkdir()
    _write(folder, tables.DOCUMENTS, frame, [name for name in METRICS if name in frame.columns])
    marked = pl.DataFrame({"doc_id": frame["doc_id"][:prompts], "label": "boilerplate", "kind": "prompt"})
    _write(folder, tables.PARAGRAPHS, marked)
    _write(folder, tables.GROUPS, pl.DataFrame(list(groups), schema_overrides={"template": pl.String}))
    manifest = {
        "format": FORMAT,
        "version": version,
        "versions": {"polars": "2.1.0"},
        "counts": {"documents": len(frame), "sites": frame["site"].n_unique(), "rejects": rejects},
        "gate": {"suite": "own", "verdict": "PASS"},
        "settings": settings or Settings().model_dump(mode="json"),
    }
    (folder / MANIFEST).write_text(json.dumps(manifest))
    (folder / VALIDATION).write_text(json.dumps({"results": list(rules)}))
    return Run(folder)


def _write(folder, table, frame, extra=()):
    missing = [pl.lit(None, dtype).alias(name) for name, dtype in table.schema.items() if name not in frame.columns]
    table.write(folder, frame.with_columns(missing) if frame.width else table.empty(), extra)


@pytest.fixture
def before(tmp_path):
    return made(tmp_path / "a")


def sentences(found):
    return [(finding.section, finding.worse, finding.sentence) for finding in found.findings]


def test_the_same_run_twice_has_not_changed(before):
    found = compare(before, before.path)
    assert found.findings == ()
    assert (found.shared, len(found.flips), len(found.boilerplate), found.notes) == (N, 0, 0, ())


def test_another_batch_of_the_same_kind_has_not_changed(before, tmp_path):
    frame = documents(seed=1).with_columns(doc_id=pl.format("new{}", pl.int_range(pl.len())))
    other = made(tmp_path / "b", frame, groups=[group("g1", "Join the conversation", 44)], prompts=44)
    found = compare(before, other)
    assert (found.findings, found.shared) == ((), 0)


def test_a_metric_that_fell_is_worse_when_more_is_better(before, tmp_path):
    found = compare(before, made(tmp_path / "b", documents(kept_n_words=np.arange(N) // 2)))
    row = found.metrics.row(0, named=True)
    assert (row["metric"], row["change"]) == ("kept_n_words", "worse")
    assert row["delta"] < -0.8
    assert [finding.section for finding in found.worse] == ["metrics"]
    back = compare(tmp_path / "b", before)
    assert (back.metrics["change"][0], back.worse) == ("better", ())


def test_a_metric_that_only_the_runs_know_has_no_better_direction(tmp_path):
    runs = [
        made(tmp_path / name, documents(own_sadness=np.arange(N) + shift)) for name, shift in (("a", 0), ("b", 300))
    ]
    row = compare(*runs).metrics.row(0, named=True)
    assert (row["metric"], row["unit"], row["better"], row["change"]) == ("own_sadness", None, "neither", "changed")


def test_verdicts_that_flipped_are_named_with_their_rules(before, tmp_path):
    verdicts = ["reject"] * 2 + ["flag"] + ["accept"] * (N - 3)
    found = compare(before, made(tmp_path / "b", documents(verdict=verdicts)))
    assert found.moves == {("accept", "reject"): 2, ("accept", "flag"): 1}
    assert found.flips.rows() == [
        ("d0", "site-0.example", "accept", "reject", ["length"]),
        ("d1", "site-1.example", "accept", "reject", ["length"]),
        ("d2", "site-2.example", "accept", "flag", []),
    ]
    assert ("verdicts", True, f"2 of {N} documents in both went from accept to reject") in sentences(found)


def test_shares_of_the_documents(before, tmp_path):
    verdicts = ["reject"] * 60 + ["accept"] * (N - 60)
    found = compare(before, made(tmp_path / "b", documents(verdict=verdicts), prompts=200, rejects=50))
    changes = dict(found.shares.select("share", "change").iter_rows())
    assert changes == {
        "rejected": "worse",
        "flagged": None,
        "copies": None,
        "unreadable": "worse",
        "with prompt": "worse",
    }
    row = found.shares.row(0, named=True)
    assert (row["documents_a"], row["share_b"]) == (0, 0.15)


def test_boilerplate_that_came_and_went(before, tmp_path):
    groups = [
        group("g2", "JOIN the conversation!", 40),  # the same wording, nearly
        group("g3", "Download our app", 9),
        group("g4", "Follow Mara on Mastodon", 2, template="Follow ⟨…⟩ on Mastodon"),
        group("g5", "A sentence of an article", 30, label="content"),
    ]
    found = compare(before, made(tmp_path / "b", groups=groups))
    shown = found.boilerplate.select("group", "state", "text", "documents", "change").rows()
    assert shown == [("g3", "new", "Download our app", 9, "new"), ("g4", "new", "Follow ⟨…⟩ on Mastodon", 2, None)]
    assert sentences(found) == [("boilerplate", False, "new prompt g3, in 9 documents (2.2%)")]
    assert compare(tmp_path / "b", before).boilerplate["state"].to_list() == ["gone", "gone"]


def test_sites_that_got_worse_come_first(before, tmp_path):
    frame = documents().with_columns(
        site=pl.when(pl.col("site") == "site-3.example").then(pl.lit("new.example")).otherwise("site"),
        verdict=pl.when(pl.col("site") == "site-2.example").then(pl.lit("reject")).otherwise("verdict"),
        kept_word_ratio=pl.when(pl.col("site") == "site-1.example").then(0.5).otherwise("kept_word_ratio"),
    )
    found = compare(before, made(tmp_path / "b", frame)).sites
    assert found.select("site", "change").rows() == [
        ("site-1.example", "worse"),
        ("site-2.example", "worse"),
        ("new.example", "new"),
        ("site-3.example", "gone"),
        ("site-0.example", None),
    ]
    assert found.row(1, named=True)["rejected_b"] == 1


def test_what_differs_besides_is_noted(before, tmp_path):
    settings = Settings().model_dump(mode="json")
    settings["duplicates"]["threshold"] = 0.7
    other = made(tmp_path / "b", documents().drop("kept_word_ratio"), prompts=40, version="2", settings=settings)
    found = compare(before, other)
    assert found.notes == (
        "duplicates.threshold is 0.8 in A and 0.7 in B",
        "made by other versions: corpusqa 1 and 2",
        "only A has kept_word_ratio",
    )
    assert found.metrics["metric"].to_list() == ["kept_n_words"]


def test_other_words_about_a_rule_are_no_other_rule(before, tmp_path):
    reworded = {**RULE, "expectation_config": {**RULE["expectation_config"], "notes": "An article has 50 words."}}
    assert compare(before, made(tmp_path / "b", rules=[reworded])).findings == ()


def test_runs_judged_by_other_rules_need_one_suite(before, tmp_path):
    stricter = {**RULE, "expectation_config": {**RULE["expectation_config"], "kwargs": {"column": "kept_n_words"}}}
    other = made(tmp_path / "b", rules=[stricter])
    with pytest.raises(UnusableRun, match=r"differ in length.*--suite news"):
        compare(before, other)
    own = tmp_path / "own.json"
    own.write_text(json.dumps(SUITE))
    found = compare(before, other, suite=own)
    assert (found.findings, found.a.suite, found.b.verdict) == ((), "own", "PASS")


def test_runs_that_cannot_be_compared(before, tmp_path):
    with pytest.raises(UnusableRun, match="no finished run"):
        compare(before, tmp_path / "none")
    old = shutil.copytree(before.path, tmp_path / "old")
    (old / MANIFEST).write_text((old / MANIFEST).read_text().replace(f'"format": {FORMAT}', '"format": 0'))
    with pytest.raises(UnusableRun, match="format 0"):
        compare(before, old)
    with pytest.raises(NoDocuments, match="no documents"):
        compare(before, made(tmp_path / "empty", documents(n=0)))


@pytest.mark.parametrize("fail_on", FAIL_ON)
def test_everything_that_can_be_asked_for_can_fail(before, tmp_path, fail_on):
    frame = documents(
        kept_n_words=np.arange(N) // 2,
        kept_word_ratio=np.arange(N) / N,
        verdict=["reject"] * 50 + ["accept"] * (N - 50),
    )
    other = made(tmp_path / "b", frame, groups=[*KNOWN, group("g3", "Download our app", 200)], prompts=200)
    found = compare(before, other)
    assert found.failing(fail_on)
    assert found.failing(fail_on)[0] in found.findings
    assert compare(before, before).failing(fail_on) == ()
    assert found.failing() == ()
    with pytest.raises(UnknownName, match="Did you mean 'metrics'"):
        found.failing("metric")


class TestCommand:
    def test_exit_codes(self, before, tmp_path, capsys):
        made(tmp_path / "b", documents(kept_n_words=np.arange(N) // 2))
        a, b = str(before.path), str(tmp_path / "b")
        assert command(["compare", a, b]) == 0
        assert "kept_n_words  median" in capsys.readouterr().out
        assert command(["compare", a, b, "--fail-on", "worse"]) == 1
        assert "failed on metrics: kept_n_words" in capsys.readouterr().err
        assert command(["compare", a, b, "--fail-on", "sites", "--fail-on", "boilerplate"]) == 0
        assert command(["compare", a, a, "--fail-on", "any"]) == 0
        assert "Nothing changed that matters" in capsys.readouterr().out

    def test_json_is_whole_and_plain(self, before, tmp_path, capsys):
        made(tmp_path / "b", documents(kept_n_words=np.arange(N) // 2, verdict=["reject"] * N))
        assert command(["compare", str(before.path), str(tmp_path / "b"), "--format", "json"]) == 0
        written = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
        assert (written["kind"], written["format"]) == ("corpusqa comparison", 1)
        assert written["moves"] == [{"before": "accept", "after": "reject", "documents": N}]
        assert written["rows"]["flips"] == len(written["flips"]) == N
        assert written["findings"][0].keys() == {"section", "worse", "sentence"}

    def test_hostile_names_cannot_turn_the_line_around(self, before, tmp_path, capsys):
        evil = "evil\u202e\x1b[31m.example"
        other = made(tmp_path / "b", documents(site=[evil] * N), groups=[*KNOWN, group("g9", evil, 300)])
        command(["compare", str(before.path), str(other.path)])
        shown = capsys.readouterr().out
        assert "\u202e" not in shown
        assert "\x1b" not in shown
