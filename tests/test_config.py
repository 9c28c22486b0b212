"""Settings: a flag over a file over a default, and nothing unknown."""

import pytest

from corpusqa import config
from corpusqa.errors import UnknownName, UnusableInput, UnusableSettings


def written(folder, text, name="corpusqa.toml"):
    path = folder / name
    path.write_text(text)
    return path


def test_a_flag_wins_over_the_file_over_the_default(tmp_path):
    path = written(tmp_path, "[duplicates]\nthreshold = 0.7\n")
    assert config.load(path).duplicates.threshold == 0.7
    assert config.load(path, {"duplicates": {"threshold": 0.9}}).duplicates.threshold == 0.9
    assert config.load(path, {"duplicates": {"threshold": None}}).duplicates.threshold == 0.7
    assert config.load(path).duplicates.compare == "kept"


def test_the_nearest_file_upwards_is_found(tmp_path, monkeypatch):
    written(tmp_path, "[gate]\nsuite = 'far'\n")
    near = tmp_path / "a"
    (near / "b").mkdir(parents=True)
    written(near, "[tool.corpusqa.gate]\nsuite = 'near'\n", "pyproject.toml")
    monkeypatch.chdir(near / "b")
    assert config.load().gate.suite == "near"


def test_a_project_that_says_nothing_of_us_is_passed_over(tmp_path, monkeypatch):
    written(tmp_path, "[gate]\nsuite = 'ours'\n")
    (tmp_path / "a").mkdir()
    written(tmp_path / "a", "[project]\nname = 'x'\n", "pyproject.toml")
    monkeypatch.chdir(tmp_path / "a")
    assert config.load().gate.suite == "ours"


@pytest.mark.parametrize(
    ("text", "error", "says"),
    [
        ("[reed]\ntext_column = 'a'", UnknownName, "Did you mean 'read'"),
        ("[read]\ntext_colum = 'a'", UnknownName, "Did you mean 'read.text_column'"),
        ("[duplicates]\nthreshold = 7", UnusableSettings, "duplicates.threshold = 7"),
        ("[gate]\nsuite = 3", UnusableSettings, "gate.suite"),
        ("read = 3", UnusableSettings, "read"),
        ("x =", UnusableSettings, "not valid TOML"),
    ],
)
def test_what_cannot_be_is_refused_with_the_place(tmp_path, text, error, says):
    path = written(tmp_path, text)
    with pytest.raises(error, match=says.replace(".", r"\.")) as raised:
        config.load(path)
    assert str(path) in str(raised.value)


def test_a_flag_does_not_hide_a_stage_that_is_no_table(tmp_path):
    with pytest.raises(UnusableSettings, match="read = 3"):
        config.load(written(tmp_path, "read = 3"), {"read": {"text_column": "body"}})


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(UnusableInput, match="no settings file"):
        config.load(tmp_path / "none.toml")


def test_the_digest_changes_with_any_setting():
    plain = config.Settings()
    assert plain.digest() == config.Settings().digest()
    assert plain.under({"duplicates": {"threshold": 0.81}}).digest() != plain.digest()
