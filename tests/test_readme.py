"""The README holds: its generated blocks are current, and its commands do what it says."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from corpusqa.metrics import METRICS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BIN = Path(sys.executable).parent
PATH = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}


def test_generated_blocks_are_current():
    """Otherwise: make readme."""
    done = subprocess.run(
        [BIN / "cog", "--check", "--diff", "-I", ROOT / "tests", ROOT / "README.md"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A place to run the commands in, one after the other, as a reader would."""
    place = tmp_path_factory.mktemp("readme")
    (place / "sample_data").symlink_to(ROOT / "sample_data")
    (place / "expectations").symlink_to(ROOT / "expectations")
    return place


COMMANDS = [
    (line.partition("#")[0].strip(), int(code[1]) if (code := re.search(r"# exit code (\d+)", line)) else 0)
    for block in re.findall(r"```console\n(.*?)```", README, re.S)
    for line in re.findall(r"^\$ (corpusqa .*)$", block, re.M)
]


def test_commands_do_what_they_say(folder):
    assert len(COMMANDS) >= 5
    for command, code in COMMANDS:
        words = shlex.split(command)
        done = subprocess.run([BIN / words[0], *words[1:]], cwd=folder, capture_output=True, text=True, check=False)
        assert done.returncode == code, (command, done.stderr)


def test_python_examples_run(folder, monkeypatch, capsys):
    """One after the other, in the folder where the commands have left their run."""
    monkeypatch.chdir(folder)
    known, names = set(METRICS), {}
    for block in re.findall(r"```python\n(.*?)```", README, re.S):
        exec(compile(block, "README.md", "exec"), names)
    for name in METRICS.keys() - known:  # metrics that the examples define
        del METRICS[name]
    capsys.readouterr()
    assert names["result"].passed is False


def test_make_does_what_it_says():
    """`make audit` is the audit whose output the README shows."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "corpusqa audit sample_data -o corpusqa-out" in makefile


def test_make_rule_stops_before_it_writes_what_failed(tmp_path):
    """The README's rule, for a corpus that does not pass: the run is there, the curated corpus is not."""
    (rule,) = re.findall(r"```make\n(.*?)```", README, re.S)
    (tmp_path / "Makefile").write_text(rule)
    (tmp_path / "scraped").symlink_to(ROOT / "sample_data" / "nordkai")
    done = subprocess.run(["make", "-C", tmp_path], env=PATH, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "Not ready" in done.stdout
    assert (tmp_path / "run" / "run.json").is_file()
    assert not (tmp_path / "curated").exists()


def test_steps_of_the_workflow_are_commands_that_there_are(folder):
    """Each that judges ends as the gate does; the last writes nothing but annotations."""
    (workflow,) = re.findall(r"```yaml\n# .github/workflows/corpus.yml\n(.*?)```", README, re.S)
    steps = [step["run"] for step in YAML().load(workflow)["jobs"]["corpus"]["steps"] if "run" in step]
    (folder / "scraped2").symlink_to(ROOT / "sample_data" / "nordkai")
    summary = folder / "summary.md"
    codes = [
        subprocess.run(
            step.replace("scraped/", "scraped2/"),
            shell=True,
            cwd=folder,
            env={**PATH, "GITHUB_STEP_SUMMARY": str(summary)},
            capture_output=True,
            check=False,
        ).returncode
        for step in steps
        if not step.startswith("pip")
    ]
    assert codes == [0, 1, 1]
    assert summary.read_text(encoding="utf-8").startswith("### ❌ run: news")
