"""`corpusqa metrics` as a user sees it."""

from click.testing import CliRunner

from corpusqa import errors
from corpusqa.cli import cli, run
from corpusqa.metrics import METRICS


def shown(*arguments):
    """What it prints."""
    done = CliRunner().invoke(cli, ["metrics", *map(str, arguments)], catch_exceptions=False)
    assert done.exit_code == 0
    return done.stdout


def test_lists_every_metric_by_family():
    text = shown()
    for metric in METRICS.values():
        assert (f"{'*' if metric.default else ' '} {metric.name} " in text) is (metric.twin_of is None)
    assert {metric.name for metric in METRICS.values() if metric.family == "kept"} <= set(shown("kept").split())
    assert max(map(len, text.splitlines())) <= 100


def test_lists_one_family():
    assert [line.split()[1] for line in shown("fineweb").splitlines() if line.startswith("*")] == [
        name for name in METRICS if name.startswith("fineweb_")
    ]


def test_explains_a_metric():
    text = shown("gopher_dup_line_frac")
    metric = METRICS["gopher_dup_line_frac"]
    assert " ".join(metric.doc.split()) in " ".join(text.split())
    assert metric.source in text
    assert "share of lines" in text


def test_shows_how_it_is_spread_over_a_run(sample_run):
    text = shown("n_words", "--run", sample_run.path)
    n_words = sample_run.documents.collect()["n_words"]
    assert f"{len(n_words)} documents, 0 without a value" in text
    assert f"{n_words.max():,}" in text
    counts = [int(line.rpartition(" ")[2].replace(",", "")) for line in text.splitlines() if "█" in line or "▏" in line]
    assert 0 < sum(counts) <= len(n_words)


def test_2_an_unknown_name_is_answered_with_the_nearest(capsys):
    assert run(["metrics", "fineweb_shortlines"]) == errors.UNUSABLE
    assert "Did you mean 'fineweb_short_line_ratio' or '" in capsys.readouterr().err


def test_2_a_spread_needs_a_metric_that_the_run_has(sample_run, capsys):
    assert run(["metrics", "--run", str(sample_run.path)]) == errors.UNUSABLE
    assert run(["metrics", "fineweb", "--run", str(sample_run.path)]) == errors.UNUSABLE
