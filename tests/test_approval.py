"""The user's word: what its lines fit, what they may not say, and that it has the last word in an audit."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import corpusqa
from corpusqa import config, fingerprint
from corpusqa.approval import APPROVED, IGNORED, Word, lines
from corpusqa.cli import cli
from corpusqa.errors import UnknownName, UnusableInput, UnusableSettings
from corpusqa.matching import fillings, plain, spaced

CASES = tomllib.loads((Path(__file__).parent / "cases" / "approval.toml").read_text(encoding="utf-8"))["case"]


def settings(approve=(), ignore=()):
    return config.Settings.model_validate({"boilerplate": {"approve": approve, "ignore": ignore}})


def spoken(word, texts):
    """What the lists say of each of these texts."""
    series = pl.Series(texts, dtype=pl.String)
    found = word.on_paragraphs(
        pl.DataFrame({name: [None] * len(texts) for name in ("rule", "kind", "score", "span_start", "span_end")}),
        series,
        word.hits(series, pl.Series(fingerprint.keys(series)[0])),
    )
    return [IGNORED if ignored else rule or "" for rule, ignored in found.select("rule", "ignored").iter_rows()]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_case(case):
    word = Word.of(settings(case.get("approve", []), case.get("ignore", [])).boilerplate)
    assert spoken(word, ["Another paragraph.", case["text"]]) == ["", case["expect"]]


def test_no_lists_say_nothing():
    assert spoken(Word.of(settings().boilerplate), ["one", ""]) == ["", ""]


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@given(TEXTS)
def test_the_line_to_paste_speaks_for_its_text(text):
    """Whatever the text: the line is TOML, and the entry that it makes fits what it was made from."""
    approve, ignore = lines(text, "prompt")
    read = tomllib.loads(f"approve = [\n{approve}\n]\nignore = [\n{ignore}\n]")
    assert read["approve"] == [{"text": read["ignore"][0], "kind": "prompt"}]
    assert plain(pl.Series(read["ignore"])).equals(plain(pl.Series([text])))


@given(TEXTS, TEXTS, TEXTS.filter(lambda text: spaced(pl.Series([text])).item() != ""))
def test_a_template_fits_what_it_was_made_from(head, tail, filling):
    """And, when nothing else in the text is like it, what fills the slot is what stood there."""
    template, text = f"{head} ⟨…⟩ {tail}", f"{head} {filling} {tail}"
    assert len(fillings(template, [text])) == 1
    assert fillings("[[ ⟨…⟩ ]]", [f"[[ {filling} ]]"]) == [(spaced(pl.Series([filling])).item(),)]


def test_a_template_of_many_slots_is_soon_found_not_to_fit():
    """Backtracking would try every way to cut the text in twelve, and not end."""
    assert fillings("⟨…⟩ a " * 12 + "b", ["a " * 200]) == []
    word = Word.of(settings(approve=["⟨…⟩ a " * 12 + "b"]).boilerplate)
    assert spoken(word, ["a " * 200, "x a " * 12 + "b"]) == ["", APPROVED]


@pytest.mark.parametrize(
    ("approve", "ignore", "says"),
    [
        (["Share this"], ["SHARE  this"], "'SHARE  this' is in boilerplate.approve and in boilerplate.ignore"),
        (["Related: ⟨…⟩"], ["related: ⟨…⟩"], "'related: ⟨…⟩' is in boilerplate.approve and in boilerplate.ignore"),
        ([" "], [], "' ', which would fit every paragraph"),
        (["日本" * 100_000 + "⟨…⟩"], [], "boilerplate.approve has a template of 200,003 characters"),
        ([], ["⟨…⟩ ⟨…⟩"], "'⟨…⟩ ⟨…⟩', which would fit every paragraph"),
        ([{"text": "a b", "kind": "ad"}, {"text": "A B", "kind": "bio"}], [], "'A B' is in boilerplate.approve twice"),
    ],
)
def test_what_an_entry_may_not_say(approve, ignore, says):
    with pytest.raises(UnusableSettings, match=says.replace(".", r"\.")):
        Word.of(settings(approve, ignore).boilerplate)


class TestListFile:
    def test_stands_beside_the_settings_and_adds_to_them(self, tmp_path):
        (tmp_path / "corpusqa.toml").write_text('[boilerplate]\nlist = "lists/ours.toml"\nignore = ["one"]\n')
        (tmp_path / "lists").mkdir()
        (tmp_path / "lists" / "ours.toml").write_text('ignore = ["two"]\napprove = ["three"]\n')
        found = config.load(tmp_path / "corpusqa.toml").boilerplate
        assert (found.ignore, found.approve) == (("one", "two"), (config.Approved(text="three"),))

    def test_counts_in_the_digest(self, tmp_path):
        file = tmp_path / "ours.toml"
        digests = set()
        for content in ("", 'ignore = ["one"]', 'ignore = ["two"]'):
            file.write_text(content)
            digests.add(config.Settings.model_validate({"boilerplate": {"list": str(file)}}).digest())
        assert len(digests) == 3

    @pytest.mark.parametrize(
        ("content", "error", "says"),
        [
            (None, UnusableInput, "which boilerplate.list names"),
            ("aprove = []", UnknownName, "Did you mean 'approve'"),
            ('approve = "one"', UnusableSettings, "must be an array"),
            ('approve = [{text = "one", knd = "ad"}]', UnknownName, "Did you mean 'boilerplate.approve.0.kind'"),
            ("approve = [", UnusableSettings, "not valid TOML"),
        ],
    )
    def test_is_refused_with_its_name(self, tmp_path, content, error, says):
        (tmp_path / "corpusqa.toml").write_text('[boilerplate]\nlist = "ours.toml"\n')
        if content is not None:
            (tmp_path / "ours.toml").write_text(content)
        with pytest.raises(error, match=says):
            config.load(tmp_path / "corpusqa.toml")


BODY = "The harbour board said on Tuesday that the night ferries of {} will end in April after twelve years of service."
ARTICLES = {
    "a.txt": f"The night ferries\nFollow us, {{}}\nSign up for our newsletter\n{BODY}\nOnce more: the pier\n",
    "b.txt": f"The day ferries\nFollow us, {{}}\nSign up for our newsletter\n{BODY}\nOnce more: the mole\n",
    "c.txt": f"The last ferries\nFollow us, {{}}\nSign up for our newsletter\n{BODY}\nOnce more: the quay\n",
}


@pytest.fixture
def corpus(tmp_path):
    """Three articles with a greeting that recurs, a prompt that a rule knows, and a line that nothing knows."""
    folder = tmp_path / "scraped"
    folder.mkdir()
    for name, text in ARTICLES.items():
        (folder / name).write_text(text.format("neighbours", name))
    return folder


def labels(run):
    """Label, kind and rule by the text of each paragraph of the first article."""
    text = ARTICLES["a.txt"].format("neighbours", "a.txt")
    own = run.paragraphs.filter(pl.col("doc_id") == "a.txt").collect()
    return {text[row["start"] : row["end"]]: (row["label"], row["kind"], row["rule"]) for row in own.to_dicts()}


def test_it_has_the_last_word_over_rules_recurrence_and_repeats(corpus, tmp_path):
    said = settings(
        approve=[{"text": "Once more: ⟨…⟩", "kind": "related"}], ignore=["Sign up for our newsletter", "Follow us, ⟨…⟩"]
    )
    before = labels(corpusqa.audit(corpus, tmp_path / "before", settings=config.Settings(), workers=1))
    assert before["Sign up for our newsletter"][0] == before["Follow us, neighbours"][0] == "boilerplate"
    run = corpusqa.audit(corpus, tmp_path / "run", settings=said, workers=1)
    after = labels(run)
    assert after["Once more: the pier"] == ("boilerplate", "related", APPROVED)
    assert after["Sign up for our newsletter"] == after["Follow us, neighbours"] == ("content", None, IGNORED)
    groups = run.groups.select("text", "label", "rule").collect()
    assert groups.filter(pl.col("rule") == IGNORED)["label"].unique().to_list() == ["content"]
    assert run.manifest["lists"] == {"entries": 3, "approved": 3, "ignored": 6, "unheard": []}
    assert corpusqa.Run.of(run.path).settings == said


def test_a_group_is_approved_by_its_most_frequent_form_in_all_its_wordings(tmp_path):
    folder = tmp_path / "scraped"
    folder.mkdir()
    forms = ["Follow the harbour desk of Eastmere on all its channels today"] * 3
    forms.append("Follow the harbour desk of Eastmere on all of its channels today")
    for number, form in enumerate(forms):
        (folder / f"{number}.txt").write_text(f"Headline {number}\n{form}\n{BODY.format(number)}\n")
    said = settings(ignore=[forms[0]])
    run = corpusqa.audit(folder, tmp_path / "run", settings=said, workers=1)
    assert run.groups.filter(pl.col("text") == forms[0]).collect()["variants"].to_list() == [2]
    assert run.manifest["lists"]["ignored"] == 4


def test_furniture_inside_what_is_ignored_stays_too(tmp_path):
    folder = tmp_path / "scraped"
    folder.mkdir()
    mixed = f"{BODY.format('Eastmere')} (RELATED: Mayor to resign over the ferry)"
    (folder / "a.txt").write_text(mixed)
    cut = corpusqa.audit(folder, tmp_path / "cut", settings=config.Settings(), workers=1)
    kept = corpusqa.audit(folder, tmp_path / "kept", settings=settings(ignore=[mixed]), workers=1)
    assert [len(run.paragraphs.collect()["spans"][0]) for run in (cut, kept)] == [1, 0]
    assert kept.documents.collect()["kept_word_ratio"].to_list() == [1.0]


@pytest.fixture
def command(tmp_path, monkeypatch):
    """The commands, as they run in an empty folder: exit code, standard output and error."""
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(cli, [str(argument) for argument in arguments])


def test_from_show_to_a_list_and_back(corpus, tmp_path, command):
    """A person disagrees with a mark, pastes the line that show prints, and the next audit has it so."""
    assert command("audit", corpus, "-o", "run", "--workers", 1).exit_code == 0
    page = command("show", "run", "a.txt").stdout
    assert "¶2" in page
    shown = command("show", "run", "a.txt", "--paragraph", 2).stdout
    ignore = next(line for line in shown.splitlines() if "in ignore" in line).partition(":  ")[2].strip()
    assert ignore == '"Follow us, neighbours",'
    (tmp_path / "corpusqa.toml").write_text(f'[boilerplate]\nignore = [\n{ignore}\n"Long gone ⟨…⟩",\n]\n')
    again = command("audit", corpus, "-o", "run", "--workers", 1)
    assert "boilerplate.ignore 'Long gone ⟨…⟩' fits no paragraph" in again.stderr
    assert json.loads((tmp_path / "run" / "run.json").read_text())["lists"]["unheard"] == [
        "boilerplate.ignore 'Long gone ⟨…⟩'"
    ]
    page = command("show", "run", "a.txt").stdout
    assert "¶2  Content: your list ignores it, by “Follow us, neighbours”  [ignored]" in page
    group = corpusqa.Run.of(tmp_path / "run").groups.filter(pl.col("text") == "Follow us, neighbours").collect()
    page = command("show", "run", group["group"][0]).stdout
    assert f"in ignore, always content:     {ignore}" in page
    assert command("curate", "run", "-o", "curated", "--drop", "none").exit_code == 0
    assert "Follow us, neighbours" in next((tmp_path / "curated").rglob("a.txt")).read_text()


def test_show_fills_the_slots_of_a_template(sample_run, command):
    """The fillings are what the paragraphs have, and the line to paste speaks for the template's most frequent form."""
    group = sample_run.groups.filter(pl.col("template").is_not_null()).sort("occurrences").collect().row(-1, named=True)
    page = command("show", sample_run.path, group["group"]).stdout
    (filling,) = fillings(group["template"], [group["text"]])
    assert f"Template: {group['template']}" in page
    assert "slot 1: " in page
    assert filling[0].split()[0] in page.partition("slot 1:")[2]
    assert lines(group["template"], group["kind"])[1] in page


def test_a_conflict_ends_with_2_and_names_the_entry(corpus, tmp_path):
    (tmp_path / "corpusqa.toml").write_text('[boilerplate]\napprove = ["Follow us"]\nignore = ["follow us"]\n')
    own = [sys.executable, "-m", "corpusqa", "audit", corpus, "-o", "run"]
    done = subprocess.run(own, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 2
    assert "'follow us' is in boilerplate.approve and in boilerplate.ignore" in done.stderr
    assert not (tmp_path / "run").exists()


def test_a_paragraph_that_is_not_there_is_said(sample_run, command):
    name = sample_run.documents.collect()["doc_id"][0]
    assert command("show", sample_run.path, name, "-p", 999).exit_code == 2
    group = sample_run.groups.collect()["group"][0]
    assert command("show", sample_run.path, group, "-p", 1).exit_code == 2
