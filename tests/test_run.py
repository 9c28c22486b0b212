"""The run folder: whole or absent, whatever happens on the way."""

import errno
import json
from pathlib import Path

import pytest

from corpusqa.errors import DiskFull, UnusableInput, UnusableRun
from corpusqa.run import FORMAT, MANIFEST, Run, new_run


def finished(folder, mark="first"):
    with new_run(folder) as work:
        (work / MANIFEST).write_text(json.dumps({"format": FORMAT, "mark": mark}))


def test_it_appears_when_the_block_ends_well(tmp_path):
    finished(tmp_path / "run")
    assert Run.of(tmp_path / "run").manifest["mark"] == "first"
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_a_block_that_fails_leaves_what_was_there(tmp_path):
    finished(tmp_path / "run")
    with pytest.raises(TypeError), new_run(tmp_path / "run") as work:
        (work / MANIFEST).write_text(None)
    assert Run.of(tmp_path / "run").manifest["mark"] == "first"
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


@pytest.mark.parametrize("full", [OSError(errno.ENOSPC, "No space left"), OSError("No space left (os error 28)")])
def test_a_full_disk_is_said_and_leaves_what_was_there(tmp_path, full):
    """As the system says it, and as polars passes it on."""
    finished(tmp_path / "run")
    with pytest.raises(DiskFull, match=r"is full\. Make room"), new_run(tmp_path / "run"):
        raise full
    assert Run.of(tmp_path / "run").manifest["mark"] == "first"
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_another_error_of_the_system_stays_one(tmp_path):
    with pytest.raises(PermissionError), new_run(tmp_path / "run"):
        raise PermissionError(errno.EACCES, "Permission denied")
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_audit_left_is_cleared_away(tmp_path):
    (tmp_path / ".run.corpusqa-work").mkdir()
    (tmp_path / ".run.corpusqa-work" / "half").write_text("")
    finished(tmp_path / "run")
    assert [path.name for path in (tmp_path / "run").iterdir()] == [MANIFEST]


def test_a_kill_between_the_two_renames_loses_nothing(tmp_path):
    """The former run has been moved aside, the new one not yet moved in: the next audit puts the former back first."""
    finished(tmp_path / "run")
    (tmp_path / "run").rename(tmp_path / ".run.corpusqa-old")
    with pytest.raises(ZeroDivisionError), new_run(tmp_path / "run"):
        raise ZeroDivisionError
    assert Run.of(tmp_path / "run").manifest["mark"] == "first"


def test_an_empty_folder_is_taken(tmp_path):
    (tmp_path / "run").mkdir()
    finished(tmp_path / "run")
    assert Run.of(tmp_path / "run").manifest["mark"] == "first"


def test_neither_a_file_nor_a_stranger_folder_is_overwritten(tmp_path):
    (tmp_path / "file").write_text("mine")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "mine").write_text("mine")
    for name in ("file", "folder"):
        with pytest.raises(UnusableInput), new_run(tmp_path / name):
            pass
    assert (tmp_path / "folder" / "mine").read_text() == "mine"


@pytest.mark.parametrize("out", [".", "..", "../here"])
def test_the_ground_is_not_taken_from_under_the_user(tmp_path, monkeypatch, out):
    """A folder that is replaced while somebody stands in it leaves them nowhere."""
    (tmp_path / "above" / "here").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "above" / "here")
    with pytest.raises(UnusableInput, match=r"the folder that you are in|is not empty"), new_run(Path(out)):
        pass
    assert Path.cwd().is_dir()


def test_a_place_where_nothing_can_be_made_is_said(tmp_path):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(UnusableInput, match="cannot be made: Not a directory"), new_run(tmp_path / "file" / "run"):
        pass


def test_another_format_is_refused(tmp_path):
    (tmp_path / MANIFEST).write_text(json.dumps({"format": FORMAT + 1}))
    with pytest.raises(UnusableRun, match="Audit the input again"):
        Run.of(tmp_path)


def test_a_broken_manifest_is_said(tmp_path):
    (tmp_path / MANIFEST).write_text("{")
    with pytest.raises(UnusableRun, match=r"run\.json"):
        Run.of(tmp_path)


def test_two_do_not_write_one_run_at_once(tmp_path):
    with new_run(tmp_path / "run") as work:
        (work / MANIFEST).write_text(json.dumps({"format": FORMAT, "mark": "first"}))
        with pytest.raises(UnusableInput, match="somebody else"), new_run(tmp_path / "run"):
            pass
    assert Run.of(tmp_path / "run").manifest["mark"] == "first"
