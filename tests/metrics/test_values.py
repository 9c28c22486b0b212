"""What metrics say: of cases worked out by hand, of the golden texts, and of any text the same as plain Python."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plain import PLAIN
from plain_debris import PLAIN_DEBRIS
from plain_peers import PEERS

from corpusqa.kernels.classes import DIGIT, LETTER, LOWER, SPACE, TERMINAL, UPPER, class_table
from corpusqa.metrics import METRICS, measure, origins

FOLDER = Path(__file__).parents[1] / "cases"
CASES = tomllib.loads((FOLDER / "metrics_values.toml").read_text(encoding="utf-8"))["case"]
GOLDEN = tomllib.loads((FOLDER / "metrics_golden.toml").read_text(encoding="utf-8"))
VALUES = [(row["metric"], text, row[text]) for row in GOLDEN["golden"] for text in ("D1", "D2", "D3") if text in row]

EVERY = PLAIN | PLAIN_DEBRIS | PEERS
#: Families that are held by cases: `tests/metrics/test_debris.py`, `test_language.py`.
BY_CASES = ("pii", "truncated", "lang")

#: Characters of one to four bytes, white space of every kind, and everything that a metric looks for.
TRICKY = " \n\n\r\t\x1c\x85\u00a0\u2028\u3000\u200b aAbÉé\u0301ß1²½#.…!?。！\"'”)»-*•–$中ก€😀\ufffd"
characters = st.one_of(st.sampled_from(TRICKY), st.characters(codec="utf-8"))
anything = st.text(alphabet=characters, max_size=60)
common_words = ["the", "of", "a", "J.", "…", "...", "ends.", "Ends?”", 'of."', "#", "-", "que\u0301", "中文。"]
ruled_words = [
    "[1]",
    "[²]",
    "[edit].",
    "[citation needed]",
    "use cookies.",
    "JavaScript!",
    "lorem ipsum",
    "{}",
    "w" * 1001,
]
few_words = st.sampled_from([*common_words, *ruled_words])
gaps = st.sampled_from([" ", " ", " ", "\n", "\n\n", " \n", "\t", "\n \n"])
repetitive = st.lists(st.tuples(few_words, gaps), max_size=40).map(lambda pairs: "".join(map("".join, pairs)))


#: What crawls hold by the kilobyte: padding, rules of a table, marks without a letter, halves of something else.
MONOTONOUS = ["a", "a ", "1", "1:", ".", ". . ", "-", "#", "&", "<", " ", "\n", "\r\n", "x\n", "\0", "\u0301", "\u200d"]
MONOTONOUS += ["é", "Σ", "中", "カ_", 'א"', "😀", "\ufffd"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_values_worked_out_by_hand(case: dict) -> None:
    row = measure([case["text"] * case.get("times", 1)], case["expect"]).row(0, named=True)
    assert row == {name: None if value == "null" else value for name, value in case["expect"].items()}


@pytest.mark.parametrize(("metric", "text", "value"), VALUES)
def test_golden_values(metric: str, text: str, value: float | str) -> None:
    found = measure([GOLDEN[text]["text"]], [metric]).item()
    assert found == (None if value == "null" else pytest.approx(value, abs=5e-5))


def test_every_metric_of_a_text_has_a_plain_counterpart() -> None:
    """Or cases of their own, where plain Python would be the same expressions over again."""
    plain = [name for name in origins("all").texts if name.partition("_")[0] not in BY_CASES]
    assert sorted(EVERY) == sorted(plain)


@given(st.lists(st.one_of(anything, repetitive), max_size=4))
@settings(deadline=None, max_examples=150)
def test_any_text_gives_what_plain_python_gives(texts: list[str]) -> None:
    frame = measure(texts, EVERY)
    for text, row in zip(texts, frame.iter_rows(named=True), strict=True):
        for name, value in row.items():
            plain = EVERY[name](text)
            assert value == (plain if plain is None else pytest.approx(plain, rel=1e-12, abs=1e-12)), name


@pytest.mark.parametrize("times", [1, 2, 700])
@pytest.mark.parametrize("said", MONOTONOUS, ids=ascii)
def test_one_thing_over_and_over_gives_what_plain_python_gives(said: str, times: int) -> None:
    text = said * times
    plain = {name: count(text) for name, count in EVERY.items()}
    assert measure([text], EVERY).row(0, named=True) == {
        name: value if value is None else pytest.approx(value, rel=1e-12, abs=1e-12) for name, value in plain.items()
    }


@given(st.lists(st.one_of(anything, repetitive), min_size=1, max_size=3))
@settings(deadline=None, max_examples=50)
def test_shares_are_shares_of_any_text(texts: list[str]) -> None:
    shares = [metric.name for metric in METRICS.values() if metric.unit.startswith("share") and metric.level == "text"]
    found = measure(texts, shares).to_numpy()
    assert np.all((found >= 0) & (found <= 1) | np.isnan(found))


@given(characters)
def test_classes_are_what_python_says(character: str) -> None:
    entry = int(class_table()[ord(character)])
    tests = {LETTER: str.isalpha, UPPER: str.isupper, LOWER: str.islower, DIGIT: str.isdigit, SPACE: str.isspace}
    assert {mark: bool(entry & mark) for mark in tests} == {mark: test(character) for mark, test in tests.items()}


def test_fineweb_knows_159_end_marks() -> None:
    assert np.count_nonzero(class_table() & TERMINAL) == 159
