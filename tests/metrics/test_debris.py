"""What machines leave in texts, and personal data: found where it is, silent where something only looks like it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusqa.metrics import measure
from corpusqa.metrics.encoding import _garbled, _suspicious
from corpusqa.metrics.recognisers import is_card

FOLDER = Path(__file__).parents[1] / "cases"


def cases(name: str) -> list:
    """The cases of a file, each under its label."""
    read = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))["case"]
    return [pytest.param(case, id=case["label"]) for case in read]


def found(text: str, family: str, suffix: str = "") -> dict[str, float]:
    """What is neither 0 nor null, without the family's name."""
    row = measure([text], family).row(0, named=True)
    return {name.removeprefix(f"{family}_").removesuffix(suffix): value for name, value in row.items() if value}


@pytest.mark.parametrize("case", cases("debris"))
def test_debris(case):
    values = found(case["text"], "encoding")
    values.pop("mojibake_line_ratio", None)
    assert values == case["expect"]


@pytest.mark.parametrize("case", cases("pii"))
def test_personal_data(case):
    assert found(case["text"], "pii", "_count") == case["expect"]


@pytest.mark.parametrize("case", cases("truncated"))
def test_how_texts_stop(case):
    assert found(case["text"], "truncated") == {name: value for name, value in case["expect"].items() if value}


def test_personal_data_is_found_wherever_it_stands():
    """In any row of a batch, at the edge of a text, behind characters of several bytes."""
    texts = ["", "中文 Tel. 555-0142", "nothing", "203.0.113.7", "é 4111 1111 1111 1111"]
    assert measure(texts, ["pii_phone_count", "pii_ip_count", "pii_card_count"]).rows() == [
        (0, 0, 0),
        (1, 0, 0),
        (0, 0, 0),
        (0, 1, 0),
        (0, 0, 1),
    ]


@given(st.integers(0, 10**15 - 1), st.integers(0, 9))
@settings(deadline=None)
def test_of_ten_numbers_that_differ_in_the_last_digit_one_is_a_card(body, digit):
    """Luhn's check digit (ISO/IEC 7812) is the one that makes the sum a multiple of ten."""
    numbers = [f"4{body:015d}"[:15] + str(last) for last in range(10)]
    assert sum(map(is_card, numbers)) == 1
    assert is_card(f"4{body:015d}"[:15] + str(digit)) == (numbers.index(next(filter(is_card, numbers))) == digit)


GARBLE = "donâ€™t ZÃ¼rich – “…” é À Ã Â œ × Ø° а в Ђ â Äā€ \u0085\u0093\u00a0 &amp; a.\n"


@given(st.text(alphabet=st.one_of(st.sampled_from(GARBLE), st.characters(codec="utf-8")), max_size=40))
@settings(deadline=None, max_examples=400)
def test_ftfy_is_shown_every_line_that_it_would_repair(text):
    """The filter in front of ftfy saves time and nothing else."""
    rows, lines = _suspicious(pl.Series([text]))
    assert len(rows) == len(lines)
    assert sum(map(_garbled, lines)) == sum(map(_garbled, text.split("\n")))
