"""Metrics from elsewhere: found, held to their duties, computed in every process, seen wherever metrics are."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

import corpusqa
from corpusqa import config, metrics
from corpusqa.errors import UnusableSettings
from corpusqa.metrics import extensions

MINE = '''
import polars as pl
from corpusqa.metrics import metric

@metric(level="text", unit="question marks", source="the team")
def mine_question_marks() -> pl.Expr:
    """How many question marks the text has. 0 for an empty text."""
    return pl.col("text").str.count_matches("?", literal=True)

@metric(level="document", unit="share of words", better="lower", source="the team")
def mine_lost_ratio() -> pl.Expr:
    """Share of the words that are repeats. Null without words."""
    return pl.when(pl.col("labelled_words") > 0).then(pl.col("repeated_words") / pl.col("labelled_words"))
'''
COMPLETE = {
    "doc": "How many. 0 for an empty text.",
    "unit": "words",
    "source": "us",
    "name": "mine_n",
    "level": "text",
    "better": "lower",
}
ENVIRONMENT = {**os.environ, "NO_COLOR": "1", "PYTHONPATH": str(Path(corpusqa.__file__).parents[1])}


@pytest.fixture(autouse=True)
def _registry_as_before():
    """Metrics of a test are gone after it."""
    before, path = dict(metrics.METRICS), list(sys.path)
    yield
    metrics.METRICS.clear()
    metrics.METRICS.update(before)
    sys.path[:] = path
    sys.modules.pop("mine", None)
    extensions._load.cache_clear()
    extensions._load_installed.cache_clear()


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A folder with a module of one's own and two files of text, in which the process stands."""
    (tmp_path / "mine.py").write_text(MINE)
    texts = tmp_path / "texts"
    texts.mkdir()
    for i in range(2):
        (texts / f"{i}.txt").write_text(f"Who called the ferry {i}? And why so late?\n" * (i + 1))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("module", ["mine", "mine.py"], ids=["by name", "by path"])
def test_a_module_of_ones_own_is_computed_in_every_process(project, module):
    settings = config.Settings(metrics=config.Metrics(modules=(module,)))
    run = corpusqa.audit("texts", "run", settings=settings, workers=2)
    documents = run.documents.select("doc_id", "mine_question_marks", "mine_lost_ratio").collect()
    assert documents.rows() == [("0.txt", 2, 0.0), ("1.txt", 4, 0.5)]


def test_it_is_in_the_catalogue_and_may_be_judged_by(project):
    (project / "corpusqa.toml").write_text('[metrics]\nmodules = ["mine"]\nselect = ["n_words"]\n')
    (project / "suite.json").write_text(
        '{"name": "own", "expectations": [{"type": "expect_column_values_to_be_between",'
        ' "kwargs": {"column": "mine_question_marks", "max_value": 2}}]}'
    )
    ran = _corpusqa("audit", "texts", "-o", "run", "--suite", "suite.json", "--workers", "1")
    assert ran.returncode == 0, ran.stderr
    assert "1 of 2 documents rejected" in ran.stdout
    shown = _corpusqa("metrics", "mine_question_marks", "--run", "run")
    assert "How many question marks" in shown.stdout
    assert "2 documents, 0 without a value" in shown.stdout


def test_an_installed_package_brings_its_own(monkeypatch):
    entry = _Entry("theirs", MINE)
    monkeypatch.setattr(extensions, "entry_points", lambda group: [entry] if group == "corpusqa.metrics" else [])
    metrics.Extensions().load()
    assert not metrics.METRICS["mine_question_marks"].default
    assert metrics.measure(["?"], ["mine_question_marks"]).item() == 1


@pytest.mark.parametrize(
    ("lacking", "said"),
    [
        ({"doc": ""}, "has no docstring"),
        ({"doc": "How many."}, "does not say when it has no value"),
        ({"unit": ""}, "has no unit"),
        ({"source": ""}, "has no source"),
        ({"name": "Mine"}, "no family and number in small letters"),
        ({"level": "corpus"}, "has the level 'corpus'"),
        ({"better": "smaller"}, "says that 'smaller' is better"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_metric_that_does_not_say_what_it_is_is_refused(lacking, said):
    given = {**COMPLETE, **lacking}

    def own() -> pl.Expr:
        return pl.col("words")

    own.__name__, own.__doc__ = given["name"], given["doc"]
    with pytest.raises(UnusableSettings, match=said):
        metrics.metric(level=given["level"], unit=given["unit"], source=given["source"], better=given["better"])(own)


@pytest.mark.parametrize(
    ("module", "text", "said"),
    [
        ("mine", "import nowhere_to_be_found", r"'mine', which cannot be imported: ModuleNotFoundError"),
        ("mine", "1 / 0", "ZeroDivisionError"),
        ("absent", "", "No module named 'absent'"),
        ("absent.py", "", "which is not there"),
        ("mine", MINE.replace('pl.col("repeated_words")', 'pl.col("repaeted")'), "column named 'repaeted'"),
        ("mine", MINE.replace('.str.count_matches("?", literal=True)', '.str.contains("a")'), "gives Boolean"),
        ("mine", MINE.replace("How many question marks the text has. 0 for an empty text.", ""), "has no docstring"),
    ],
    ids=["import", "error", "absent", "no file", "column", "verdict", "docstring"],
)
def test_a_module_that_cannot_be_used_is_said(project, module, text, said):
    (project / "mine.py").write_text(text)
    with pytest.raises(Exception, match=said) as caught:
        metrics.Extensions.of((module,)).load()
    assert caught.value.exit_code == 2


def _corpusqa(*arguments):
    command = [sys.executable, "-m", "corpusqa", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=ENVIRONMENT, check=False)


class _Entry:
    """What `importlib.metadata` gives for a declared entry point."""

    def __init__(self, name, text):
        self.name, self._text = name, text

    def load(self):
        """Import the package, which registers its metrics."""
        names = {"__name__": self.name}
        exec(self._text, names)
