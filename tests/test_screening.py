"""What the screen lets through is all that can match: an expression is spared the text, never a match."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from corpusqa.beginnings import beginnings
from corpusqa.residue import RULES
from corpusqa.screening import Tries, screen
from corpusqa.texts import Texts


@pytest.fixture(scope="module")
def texts() -> pl.Series:
    """Every case of every rule, as it is, in capitals, and with other white space."""
    own = [text for rule in RULES for text in (*rule.catch, *rule.spare)]
    return pl.Series([*own, *(text.upper() for text in own), *(text.replace(" ", "\u00a0", 1) for text in own)])


def test_no_match_is_lost(texts: pl.Series):
    """By beginnings and openings as many are found as by trying every expression on every text."""
    numbers = [n for n, rule in enumerate(RULES) if rule.pattern and not rule.begins and not rule.needs]
    made = screen(RULES)
    n_words = texts.str.count_matches(r"\S+").to_numpy()
    found = dict(
        Tries(made, texts, n_words, made.look(Texts.of(texts))).matches(numbers, np.ones(len(texts), np.bool_))
    )
    for number in numbers:
        rule = RULES[number]
        matches = texts.str.contains(rule.pattern).to_numpy() & (n_words <= rule.max_words)
        assert np.flatnonzero(matches).tolist() == found.get(number, np.array([])).tolist(), rule.id


@pytest.mark.parametrize(
    ("expression", "heads"),
    [
        ("^(?:please\\s)?(?:follow|read)\\s", [b"follow ", b"please f", b"please r", b"read "]),
        ("^colou?rs", [b"colors", b"colours"]),
        ("^[(\\[]?Tags", [b"(tags", b"[tags", b"tags"]),
        ("^go{2,}gle", [b"go"]),
        ("^über", [b"\xc3\x9cber", b"\xc3\xbcber"]),
        ("^(?:Foto: |.*)", []),
        ("^[A-Z][a-z]+", []),
        ("(?:^|\\s)more", []),
        ("more", []),
    ],
)
def test_beginnings(expression: str, heads: list[bytes]):
    assert sorted(beginnings(expression)) == heads
