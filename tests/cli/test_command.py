"""The installed command, as a shell sees it: what it prints where, and its exit code for every ending."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from corpusqa.cli import cli

SAMPLE = Path(__file__).parents[2] / "sample_data"
COMMAND = Path(sys.executable).with_name("corpusqa")


def corpusqa(*arguments, cwd=None, **options):
    """Run the command to its end."""
    environment = {**os.environ, "NO_COLOR": "1"}
    return subprocess.run(
        [COMMAND, *map(str, arguments)],
        capture_output=True,
        text=True,
        env=environment,
        cwd=cwd,
        check=False,
        **options,
    )


@pytest.fixture
def failing_suite(tmp_path):
    """A suite that every corpus fails, as a warning or critically."""

    def write(severity):
        rule = {
            "type": "expect_column_values_to_be_between",
            "kwargs": {"column": "n_words", "max_value": 0},
            "severity": severity,
        }
        path = tmp_path / f"{severity}.json"
        path.write_text(json.dumps({"name": severity, "expectations": [rule]}))
        return path

    return write


def test_0_a_run_is_written_whatever_the_verdict(tmp_path):
    done = corpusqa("audit", SAMPLE, "-o", tmp_path / "run", "--workers", 1)
    assert done.returncode == 0, done.stderr
    assert "Not ready" in done.stdout
    assert str(tmp_path / "run" / "report.html") in done.stderr


def test_0_the_gate_passes(sample_run, tmp_path, failing_suite):
    assert corpusqa("gate", sample_run.path, "--suite", failing_suite("info")).returncode == 0
    assert corpusqa("gate", sample_run.path, "--suite", failing_suite("warning")).returncode == 0


def test_2_a_result_that_cannot_be_written_is_said(sample_run, tmp_path):
    done = corpusqa("gate", sample_run.path, "-o", tmp_path)
    assert done.returncode == 2, done.stderr
    assert "cannot be written" in done.stderr


def test_1_the_gate_fails(sample_run, failing_suite):
    assert corpusqa("gate", sample_run.path).returncode == 1
    warned = corpusqa("gate", sample_run.path, "--suite", failing_suite("warning"), "--fail-on", "warning")
    assert warned.returncode == 1


def test_1_an_audit_asked_to_fail_does_and_leaves_the_run(tmp_path):
    done = corpusqa("audit", SAMPLE / "nordkai", "-o", tmp_path / "run", "--fail-on", "critical", "--workers", 1)
    assert done.returncode == 1, done.stderr
    assert (tmp_path / "run" / "run.json").is_file()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["audit", "no-such-folder"], "no-such-folder"),
        (["audit"], "Missing argument"),
        (["audit", SAMPLE, "--suite", "newz"], "Did you mean 'news'?"),
        (["audit", SAMPLE, "--text-column", "no_such"], "no_such"),
        (["audit", SAMPLE, "--threshold", "7"], "threshold"),
        (["audit", SAMPLE, "--metrics", "n_wrods"], "n_words"),
        (["gate", SAMPLE], "no finished run"),
        (["show", SAMPLE, "x"], "no finished run"),
        (["curate", "-o", "out"], "RUN"),
        (["audit", SAMPLE, "-o", "."], "the folder that you are in"),
        (["audit", SAMPLE, "-o", "/dev/null/run"], "cannot be made"),
        (["audit", SAMPLE, "--metrics", ""], "no metric named ''"),
        (["no-such-command"], "No such command"),
        (["audit", SAMPLE, "--no-such-option"], "No such option"),
    ],
    ids=lambda value: " ".join(str(word).rpartition("/")[2] for word in value) if isinstance(value, list) else None,
)
def test_2_what_cannot_be_used_is_said(arguments, says, tmp_path):
    done = corpusqa(*arguments, cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert says in done.stderr
    assert done.stdout == ""
    assert list(tmp_path.iterdir()) == []


def test_3_a_defect_is_shown_whole(tmp_path):
    """Any exception that is not ours ends with its traceback and a request to report it."""
    broken = (
        "import corpusqa.cli, corpusqa.flow\n"
        "def audit(*_, **__): raise ZeroDivisionError('planted')\n"
        "corpusqa.flow.audit = audit\n"
        "corpusqa.cli.main(['audit', 'x'])\n"
    )
    done = subprocess.run([sys.executable, "-c", broken], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 3
    assert "ZeroDivisionError: planted" in done.stderr
    assert "report" in done.stderr


def test_4_no_documents(tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    (empty / "picture.png").write_bytes(b"\x89PNG")
    done = corpusqa("audit", empty, "-o", tmp_path / "run")
    assert done.returncode == 4
    assert ".png" in done.stderr
    for arguments in (
        ["gate", tmp_path / "run"],
        ["show", tmp_path / "run", "x"],
        ["compare", *[tmp_path / "run"] * 2],
    ):
        nothing = corpusqa(*arguments)
        assert (nothing.returncode, nothing.stdout) == (4, "")
        assert "no document" in nothing.stderr


def test_130_interrupted(tmp_path):
    """Ctrl-C while an audit reads: the code of an interrupt, and no half run."""
    big = tmp_path / "in"
    big.mkdir()
    for i in range(60):
        for file in (SAMPLE / "nordkai").rglob("*.txt"):
            shutil.copy(file, big / f"{i}-{file.name}")
    out = tmp_path / "run"
    audit = subprocess.Popen([COMMAND, "audit", big, "-o", out, "--workers", "1"], stderr=subprocess.PIPE, text=True)
    assert audit.stderr is not None
    assert audit.stderr.readline().startswith("plan")
    audit.send_signal(signal.SIGINT)
    assert audit.wait(60) == 130
    audit.stderr.close()
    assert not out.exists()
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


def test_141_closed_pipe(sample_run):
    """A reader that goes away, as `| head` does, is no error of anybody's."""
    ids = sample_run.documents.collect()["doc_id"]
    show = subprocess.Popen([COMMAND, "show", sample_run.path, ids[0]], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert show.stdout is not None
    assert show.stderr is not None
    show.stdout.close()
    assert show.stderr.read() == b""
    assert show.wait(60) == 141
    show.stderr.close()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has it")
@pytest.mark.parametrize("form", ["human", "json"])
def test_2_an_output_that_does_not_fit_is_said(sample_run, form):
    with Path("/dev/full").open("w") as full:
        arguments = [COMMAND, "gate", sample_run.path, "--format", form]
        done = subprocess.run(arguments, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (
        2,
        "error: The disk is full, so the output could not be written. Make room.\n",
    )


def test_talk_and_result_go_their_own_ways(sample_run):
    done = corpusqa("gate", sample_run.path, "--format", "json")
    assert json.loads(done.stdout)["success"] is False
    assert done.stderr == ""


def test_no_escape_sequences_in_a_pipe(sample_run):
    ids = sample_run.documents.collect()["doc_id"]
    for arguments in (["gate", sample_run.path], ["show", sample_run.path, ids[0]]):
        assert "\x1b" not in corpusqa(*arguments).stdout


@pytest.mark.parametrize(
    ("environment", "coloured"),
    [
        ({}, False),
        ({"FORCE_COLOR": "1"}, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ({"NO_COLOR": ""}, False),
    ],
)
def test_colour_in_a_pipe_is_as_the_environment_asks(environment, coloured, sample_run):
    own = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "FORCE_COLOR")}
    done = subprocess.run([COMMAND, "gate", sample_run.path], capture_output=True, env=own | environment, check=False)
    assert (b"\x1b[" in done.stdout) is coloured


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (["gate", "RUN", "--format", "summary"], "\u274c FAIL".encode()),
        (["show", "RUN", "harrowmere-courier/2023-03-14-saltmarsh-reeds.txt"], b"\\u2019s"),
    ],
)
def test_a_terminal_that_lacks_a_character_is_no_reason_to_end(arguments, shown, sample_run):
    """Programs get UTF-8 whatever the terminal is set to; a person gets an escape for what cannot be shown."""
    own = {**os.environ, "PYTHONIOENCODING": "latin-1"}
    words = [sample_run.path if word == "RUN" else word for word in arguments]
    done = subprocess.run([COMMAND, *words], capture_output=True, env=own, check=False)
    assert done.returncode in (0, 1)
    assert shown in done.stdout


def test_show_marks_paragraphs_with_their_reason(sample_run, truth):
    pasted = next(defect for defect in truth["defect"] if defect["class"] == "pasted-twice")
    done = corpusqa("show", sample_run.path, pasted["document"])
    assert done.returncode == 0
    assert f"¶{pasted['position'] + 1}  Repeats ¶{pasted['repeats'] + 1} word for word" in done.stdout


def test_show_names_what_is_near_when_nothing_has_the_name(sample_run):
    done = corpusqa("show", sample_run.path, "saltmarsh")
    assert done.returncode == 2
    assert "harrowmere-courier/2023-03-14-saltmarsh-reeds.txt" in done.stderr


def test_show_explains_groups_and_clusters(sample_run):
    group = sample_run.groups.collect().row(0, named=True)
    done = corpusqa("show", sample_run.path, group["group"])
    assert f"{group['documents']:,} documents" in done.stdout
    cluster = sample_run.documents.collect()["cluster"].drop_nulls()[0]
    assert "copy of" in corpusqa("show", sample_run.path, cluster).stdout


def test_show_writes_a_page_of_one_document(sample_run, tmp_path):
    doc_id = sample_run.documents.collect()["doc_id"][0]
    done = corpusqa("show", sample_run.path, doc_id, "--html", tmp_path / "page.html")
    assert done.returncode == 0, done.stderr
    assert doc_id in (tmp_path / "page.html").read_text(encoding="utf-8")
    group = sample_run.groups.collect()["group"][0]
    done = corpusqa("show", sample_run.path, group, "--html", tmp_path / "group.html")
    assert done.returncode == 2
    assert "one document" in done.stderr


def test_report_opens_nothing_where_nobody_looks(sample_run, tmp_path):
    shutil.copytree(sample_run.path, tmp_path / "run")
    done = corpusqa("report", tmp_path / "run", "--open", "--json")
    assert done.returncode == 0, done.stderr
    assert "Not opened: " in done.stderr
    assert (tmp_path / "run" / "report.json").is_file()


def test_help_answers_at_once_and_loads_nothing_heavy():
    heavy = ("polars", "numba", "pyarrow", "pandas", "numpy", "great_expectations", "pydantic", "rich", "jinja2")
    code = f"import sys, corpusqa.cli; print([name for name in {heavy!r} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
    fastest = min(_seconds("--help") for _ in range(5))
    assert fastest < 0.2


def _seconds(*arguments):
    started = time.perf_counter()
    assert corpusqa(*arguments).returncode == 0
    return time.perf_counter() - started


@pytest.mark.parametrize("name", sorted(cli.commands))
def test_every_command_has_a_page_with_an_example(name):
    done = corpusqa(name, "--help")
    assert done.returncode == 0
    assert f"corpusqa {name} " in done.stdout.partition("Options:")[0].partition("\n")[2]
