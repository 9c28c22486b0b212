"""Languages are told apart, from a line on; what is no language has none; stop words are those of the language."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from corpusqa.fingerprint import token_hashes
from corpusqa.metrics import measure
from corpusqa.metrics.language import _STOP_WORDS, LANGUAGES
from corpusqa.texts import Texts

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "languages.toml").read_text(encoding="utf-8"))
ALL = [sentence for case in CASES.values() for sentence in (*case["sentences"], case["line"])]
CODES = [code for code, case in CASES.items() for _ in range(len(case["sentences"]) + 1)]


def test_sentences_and_lines_of_26_languages():
    found = measure(ALL, ["lang_code", "lang_confidence"])
    assert found["lang_code"].to_list() == CODES
    assert found["lang_confidence"].min() > 0.4


@pytest.mark.parametrize("code", sorted(CASES.keys() & set(LANGUAGES)))
def test_stop_words_are_most_of_their_own_language(code):
    row = measure([" ".join(CASES[code]["sentences"])], "lang").row(0, named=True)
    shares = {name: value for name, value in row.items() if name.endswith("_stop_word_ratio")}
    largest = shares.pop("lang_stop_word_ratio")
    assert shares[f"lang_{code}_stop_word_ratio"] == max(shares.values()) == largest >= 0.1


def test_stop_words_are_single_tokens_each_once():
    for words in map(str.split, _STOP_WORDS.values()):
        _, offsets = token_hashes(Texts.of(words))
        assert (offsets[1:] - offsets[:-1] == 1).all()
        assert len(set(words)) == len(words)


def test_stop_words_in_any_capitals_and_beside_marks():
    shares = measure(["THE ferry, and (the) quay."], ["lang_en_stop_word_ratio"]).item()
    assert shares == 3 / 5


def test_a_mixture_is_less_sure():
    one, two = CASES["de"]["sentences"][0], CASES["fr"]["sentences"][0]
    sure, unsure = measure([one, f"{one} {two}"], ["lang_confidence"]).to_series()
    assert unsure < 0.9 < sure


@pytest.mark.parametrize("text", ["", " \n", "12 345 678", "★ ★ ★ – … !"])
def test_without_letters_there_is_no_language(text):
    assert measure([text], ["lang_code", "lang_confidence"]).row(0) == (None, None)


def test_the_middle_of_a_long_text_decides():
    """The ends of a scraped page are menus, often of another language."""
    body = " ".join(CASES["pl"]["sentences"] * 10)
    menu = "Home News Sport Weather Culture Travel\n"
    assert measure([menu + body + "\n" + menu], ["lang_code"]).item() == "pl"


def test_no_texts_have_every_column():
    assert (
        measure([], ["lang_code", "lang_confidence"]).schema == measure(["a"], ["lang_code", "lang_confidence"]).schema
    )
