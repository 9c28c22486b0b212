"""The README holds: its generated blocks are current, and its commands do what it says."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BIN = Path(sys.executable).parent


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
    names = {}
    for block in re.findall(r"```python\n(.*?)```", README, re.S):
        exec(compile(block, "README.md", "exec"), names)
    capsys.readouterr()
    assert names["result"].passed is False


def test_make_does_what_it_says():
    """`make audit` is the audit whose output the README shows."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "corpusqa audit sample_data -o corpusqa-out" in makefile
