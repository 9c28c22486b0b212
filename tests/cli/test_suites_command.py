"""`corpusqa suites` from end to end: what it prints on the sample corpus, and its exit codes."""

import json
import subprocess
import sys

import click.testing
import polars as pl
import pytest

from corpusqa import audit, cli
from corpusqa.cli.suites import command
from corpusqa.gating import gate, load_suite, shipped_suites


@pytest.fixture
def corpusqa(capfd):
    """Run the command line here; returns its exit code, standard output and standard error."""

    def run(*arguments):
        code = cli.run(["suites", *map(str, arguments)])
        return (code, *capfd.readouterr())

    return run


@pytest.fixture
def own(tmp_path):
    """A suite with these rules, as a file."""

    def write(*rules):
        file = tmp_path / "own.json"
        file.write_text(json.dumps({"name": "own", "expectations": list(rules)}), encoding="utf-8")
        return file

    return write


LENGTH = {
    "type": "expect_column_values_to_be_between",
    "kwargs": {"column": "n_words", "min_value": 50},
    "meta": {"rule_id": "length", "origin": "Ours."},
    "notes": "Texts have a length. Shorter ones are captions.",
}


def test_list_names_every_shipped_suite(corpusqa):
    code, out, err = corpusqa("list")
    assert (code, err) == (0, "")
    assert [line.split()[0] for line in out.splitlines()] == list(shipped_suites())
    assert all(f"{len(load_suite(name).rules)} rules" in out for name in shipped_suites())


@pytest.mark.parametrize("name", shipped_suites())
def test_show_says_of_each_rule_what_it_asks_why_and_since_when(name, corpusqa):
    code, out, _ = corpusqa("show", name)
    said = " ".join(out.split())
    assert code == 0
    for rule in load_suite(name).rules:
        for part in (rule.rule_id, rule.severity, rule.limit, rule.sentence, rule.origin, rule.where):
            assert " ".join(part.split()) in said


def test_show_draws_what_other_limits_would_keep(corpusqa, sample_run):
    code, out, _ = corpusqa("show", "--run", sample_run.path)
    assert code == 0
    (in_force,) = [line for line in out.splitlines() if line.strip().startswith("> ") and " 50 " in line]
    share = len(sample_run.documents.filter(pl.col("kept_n_words") >= 50).collect()) / 68
    assert f"{int(share * 10_000) / 100:.2f}%" in in_force
    assert "█" in in_force
    assert "Rejects 1 document with" in out
    assert "\x1b" not in out


def test_show_of_a_suite_of_ones_own(corpusqa, own, sample_run):
    code, out, _ = corpusqa("show", own(LENGTH), "--run", sample_run.path)
    assert (code, "length  critical  n_words: at least 50" in out) == (0, True)


@pytest.mark.parametrize("verb", ["show", "check"])
def test_nothing_in_a_suite_moves_the_cursor(verb, corpusqa, own):
    hostile = {**LENGTH, "meta": {"rule_id": "a\x1b[2J"}, "notes": "\x1b[31mRed.\r\x07 More."}
    _, out, _ = corpusqa(verb, own(hostile))
    assert "a\ufffd[2J" in out
    assert not {"\x1b", "\r", "\x07"} & set(out)


class TestCheck:
    def test_0_nothing_wrong(self, corpusqa, own):
        code, out, _ = corpusqa("check", own(LENGTH))
        assert (code, out.endswith("own.json: nothing to say.\n")) == (0, True)

    def test_2_errors_all_of_them(self, corpusqa, own):
        wrong = {**LENGTH, "kwargs": {"column": "n_wrods", "min_value": 50}, "meta": {"rule_id": "typo"}}
        code, out, _ = corpusqa("check", own(LENGTH, wrong))
        assert code == 2
        assert out.startswith("error   typo: needs 'n_wrods', which no run has. Did you mean 'n_words'?")

    def test_1_warnings_when_asked(self, corpusqa, own):
        idle = {**LENGTH, "kwargs": {"column": "n_words", "min_value": 0}}
        assert corpusqa("check", own(idle))[0] == 0
        code, out, _ = corpusqa("check", own(idle), "--fail-on", "warning")
        assert (code, out.startswith("warning length: can never fire")) == (1, True)

    def test_with_a_run_the_rules_are_tried(self, corpusqa, sample_run):
        code, out, _ = corpusqa("check", "gopher", "--run", sample_run.path)
        assert code == 0
        assert "note    hashes: never fires: none of 68 documents of the run breaks it." in out

    @pytest.mark.parametrize("name", shipped_suites())
    def test_shipped_suites_have_nothing_wrong(self, name, corpusqa):
        assert corpusqa("check", name, "--fail-on", "warning")[:2] == (0, f"{name}: nothing to say.\n")

    def test_2_a_name_that_nothing_has(self, corpusqa):
        code, out, err = corpusqa("check", "newz")
        assert (code, out) == (2, "")
        assert "Did you mean 'news'?" in err


class TestSuggest:
    def test_what_is_written_can_be_gated_on(self, corpusqa, sample_run, tmp_path):
        file = tmp_path / "mine.json"
        code, out, err = corpusqa("suggest", sample_run.path, "--reject", 0.05, "-o", file)
        assert (code, err) == (0, f"Suite: {file}\n")
        assert "Together they reject" in out
        assert corpusqa("check", file)[0] == 0
        assert gate(sample_run, file).exit_code("warning") == 0

    def test_each_rule_has_examples_with_their_text(self, corpusqa, sample_run):
        code, out, _ = corpusqa("suggest", sample_run.path, "--metrics", "fineweb_short_line_ratio", "--reject", 0.05)
        assert code == 0
        worst = sample_run.documents.sort("fineweb_short_line_ratio", descending=True).collect()["doc_id"][0]
        (line,) = [line for line in out.splitlines() if worst in line]
        assert len(line.split(worst)[1].strip()) > 20

    def test_texts_that_are_gone_are_done_without(self, corpusqa, tmp_path):
        """The tables of a run are enough for limits; only the examples lose their openings."""
        corpus = tmp_path / "in"
        corpus.mkdir()
        for i in range(8):
            (corpus / f"{i}.txt").write_text("A word. " * (999 if i == 7 else i + 1), encoding="utf-8")
        run = audit(corpus, tmp_path / "run", workers=1)
        for file in corpus.iterdir():
            file.unlink()
        code, out, err = corpusqa("suggest", run.path, "--metrics", "n_words", "--reject", 0.3)
        assert (code, "n_words at most" in out) == (0, True)
        assert "examples come without their text" in err

    def test_from_labels(self, corpusqa, sample_run, tmp_path):
        """Somebody who calls bad what says things twice is proposed a limit on just that."""
        twice = pl.col("repeat_word_ratio") > 0.02
        label = pl.when(twice).then(pl.lit("bad")).otherwise(pl.lit("good"))
        labels = sample_run.documents.select("doc_id", label=label).collect()
        labels.write_csv(tmp_path / "labels.csv")
        n_bad = labels["label"].to_list().count("bad")
        code, out, _ = corpusqa("suggest", sample_run.path, "--labels", tmp_path / "labels.csv", "--by", "f1")
        assert code == 0
        assert f"of the labelled: {n_bad} of {n_bad} bad, and 0 of {len(labels) - n_bad} good" in out
        assert "Youden's J 1.00" in out

    @pytest.mark.parametrize(
        ("arguments", "says"),
        [
            (["--labels", "gone.csv"], "cannot be read"),
            (["--labels", "gone.csv", "--reject", "0.1"], "--reject is for limits"),
            (["--metrics", "n_wrods"], "Did you mean 'n_words'"),
            (["--reject", "2"], "--reject"),
            (["--metrics", "gopher_hash_word_ratio", "-o", "mine.json"], "no suite to write"),
        ],
        ids=str,
    )
    def test_2_what_cannot_be_used_is_said(self, arguments, says, corpusqa, sample_run, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        code, _, err = corpusqa("suggest", sample_run.path, *arguments)
        assert code == 2
        assert says in err
        assert list(tmp_path.iterdir()) == []

    def test_2_no_run(self, corpusqa, tmp_path):
        assert corpusqa("suggest", tmp_path)[0] == 2


@pytest.mark.parametrize("name", sorted(command.commands))
def test_every_subcommand_has_a_page_with_an_example(name):
    page = click.testing.CliRunner().invoke(command, [name, "--help"]).output
    assert f"corpusqa suites {name}" in page.partition("Options:")[0].partition("\n")[2]


def test_list_loads_nothing_heavy():
    """Reading six names must not take the seconds that great_expectations takes."""
    heavy = ("great_expectations", "pandas", "numba")
    program = (
        "import sys\nfrom corpusqa import cli\ncli.run(['suites', 'list'])\n"
        f"print([name for name in {heavy!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stderr == "[]\n"
