"""Tokens, keys, shingles, signatures: held against plain Python and against datasketch itself."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from datasketch import LeanMinHash, MinHash, MinHashLSH
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusqa import fingerprint
from corpusqa.errors import UnknownName
from corpusqa.fingerprint import Banding, banding
from corpusqa.texts import Texts

CASES = tomllib.loads((Path(__file__).parent / "cases" / "fingerprint.toml").read_text(encoding="utf-8"))

#: Names of the letters that are tokens of their own, by which plain Python knows them.
LONE = re.compile(
    r"CJK (COMPATIBILITY |UNIFIED )|IDEOGRAPHIC (ITERATION|CLOSING)|VERTICAL (KANA|IDEOGRAPHIC) "
    r"|(HALFWIDTH )?(KATAKANA|HIRAGANA|KATAKANA-HIRAGANA)|MASU MARK|HENTAIGANA|THAI |LAO |KHMER |MYANMAR "
)
#: What a tokeniser stumbles over; the strategy takes these often, and every other character sometimes.
TRICKY = (
    "ab Z9_ '’\n\t\u00a0.-—éßẞİıſﬁﬅǅΣςΐΰᾼÅ\u0345\u0301\u0323\u0308"
    "각\u1100\u1161\u11a8中々〇カー゙ｶﾞกำ็ลາက្ខ𐐀𝒳😀\u200d\u00ad\ufeff\ud7ff"
)
texts = st.text(alphabet=st.one_of(st.sampled_from(TRICKY), st.characters(codec="utf-8")), max_size=60)


def fold(character: str) -> str:
    """Simple case folding, one character for one (CaseFolding.txt, C and S)."""
    special = {"\u1fd3": "\u0390", "\u1fe3": "\u03b0", "\ufb05": "\ufb06"}
    if character.casefold() == character:
        return character
    for folded in (character.casefold(), character.lower()):
        if len(folded) == 1 and folded != character:
            return folded
    return special.get(character, character)


def tokens(text: str) -> list[str]:
    """The definition, word by word."""
    found: list[str] = []
    open_to = ""  # what may join the last token: "": nothing, "m": marks, "lm": letters, too
    for character in map(fold, unicodedata.normalize("NFC", text)):
        if unicodedata.category(character) in ("Mn", "Mc"):
            if open_to:
                found[-1] += character
        elif not character.isalnum() and character != "_":
            open_to = ""
        else:
            lone = character.isalpha() and LONE.match(unicodedata.name(character, ""))
            if open_to == "lm" and not lone:
                found[-1] += character
            else:
                found.append(character)
            open_to = "m" if lone else "lm"
    return found


def sequence(values: list[int]) -> int:
    """The hash of all keys and shingles, as `kernels/hashing.py` documents it."""
    h = 0xCBF29CE484222325
    for value in values:
        h = (h ^ value) * 0x9E3779B97F4A7C15 % 2**64
    return h ^ h >> 32


def token_hashes(text: str) -> list[int]:
    return [sequence([ord(character) for character in token]) for token in tokens(text)]


def shingles(text: str, unit: str) -> list[int]:
    values = token_hashes(text) if unit == "document" else [ord(character) for character in " ".join(tokens(text))]
    windows = [values[i : i + 5] for i in range(max(len(values) - 4, 1))] if values else []
    return sorted({sequence(window) for window in windows})


def sets(found: tuple[np.ndarray, np.ndarray]) -> list[list[int]]:
    """Rows of hashes, from the hashes and their offsets."""
    values, offsets = found
    return [values[start:end].tolist() for start, end in pairwise(offsets)]


def jaccard(left: str, right: str, unit: str = "paragraph") -> float:
    one, other = (set(row) for row in sets(fingerprint.shingles([left, right], unit)))
    return len(one & other) / len(one | other) if one | other else 0.0


@given(st.lists(texts, max_size=4))
@settings(deadline=None)
def test_tokens_are_those_of_the_definition(batch: list[str]) -> None:
    assert [fingerprint.tokens(text) for text in batch] == [tokens(text) for text in batch]
    assert fingerprint.normalised(batch).to_list() == [" ".join(tokens(text)) for text in batch]
    assert sets(fingerprint.token_hashes(batch)) == [token_hashes(text) for text in batch]


def test_every_character_is_what_the_definition_says() -> None:
    """Each code point between two letters and a mark behind: all classes, all foldings, all normal forms."""
    batch = [f"x{chr(code)}Y\u0301" for code in range(0x110000) if not 0xD800 <= code < 0xE000]
    ours = fingerprint.normalised(batch).to_list()
    wrong = [(text, mine) for text, mine in zip(batch, ours, strict=True) if mine != " ".join(tokens(text))]
    assert wrong == []


@pytest.mark.parametrize("case", CASES["tokens"], ids=lambda case: case["label"])
def test_tokens(case: dict) -> None:
    assert fingerprint.tokens(case["text"]) == case["expect"]


@pytest.mark.parametrize("case", CASES["same"], ids=lambda case: case["label"])
def test_same_paragraph_in_another_form(case: dict) -> None:
    one, other = fingerprint.keys(case["texts"])[0]
    assert one == other
    assert jaccard(*case["texts"]) == 1
    assert np.array_equal(*fingerprint.signatures(case["texts"], "paragraph"))


@pytest.mark.parametrize("case", CASES["near"], ids=lambda case: case["label"])
def test_paragraphs_that_are_near(case: dict) -> None:
    similarity = jaccard(*case["texts"])
    assert case["least"] <= similarity < 1


@pytest.mark.parametrize("case", CASES["different"], ids=lambda case: case["label"])
def test_paragraphs_that_are_not(case: dict) -> None:
    assert jaccard(*case["texts"]) <= case["most"]


@given(st.lists(texts, max_size=4))
@settings(deadline=None)
def test_keys_are_the_documented_hash(batch: list[str]) -> None:
    found, n_tokens = fingerprint.keys(batch)
    wanted = [
        sequence(token_hashes(text) or [ord(c) for c in unicodedata.normalize("NFC", text).strip()]) for text in batch
    ]
    assert found.tolist() == wanted
    assert n_tokens.tolist() == [len(tokens(text)) for text in batch]


def test_keys_never_change() -> None:
    """Group ids that users have written down are made of them."""
    found, n_tokens = fingerprint.keys(CASES["keys"]["texts"])
    assert [f"{key:016x}" for key in found] == CASES["keys"]["expect"]
    assert n_tokens.tolist() == CASES["keys"]["n_tokens"]


@given(st.lists(texts, max_size=4), st.sampled_from(fingerprint.UNITS))
@settings(deadline=None)
def test_shingles_are_those_of_the_definition(batch: list[str], unit: fingerprint.Unit) -> None:
    assert sets(fingerprint.shingles(batch, unit)) == [shingles(text, unit) for text in batch]


@given(st.lists(st.one_of(texts, st.text("ab ", max_size=4000)), max_size=4), st.sampled_from(fingerprint.UNITS))
@settings(deadline=None)
def test_signatures_are_datasketchs(batch: list[str], unit: fingerprint.Unit) -> None:
    for signature, hashes in zip(
        fingerprint.signatures(batch, unit), sets(fingerprint.shingles(batch, unit)), strict=True
    ):
        theirs = MinHash(num_perm=128, seed=1, hashfunc=int, scheme="affine32")
        if hashes:
            theirs.update_batch([value & 0xFFFFFFFF for value in hashes])
        assert signature.dtype == theirs.hashvalues.dtype
        assert np.array_equal(signature, theirs.hashvalues)


@pytest.mark.parametrize("n_words", [*range(14), 510, 511, 512, 515, 516, 517, 518, 524, 525, 2000])
def test_signatures_are_datasketchs_at_every_length(n_words: int) -> None:
    """The kernel works in chunks and in eights; no length may fall between them."""
    text = " ".join(f"w{i}" for i in range(n_words))
    theirs = MinHash(num_perm=128, seed=1, hashfunc=int, scheme="affine32")
    if n_words:
        theirs.update_batch([value & 0xFFFFFFFF for value in shingles(text, "document")])
    assert np.array_equal(fingerprint.signatures([text])[0], theirs.hashvalues)


def test_forms_of_input_are_one() -> None:
    batch = ["one two three four five six", "", "sieben"]
    wanted = fingerprint.signatures(batch)
    series = pl.Series(batch)
    for given_as in (series, Texts.of(series), iter(batch), pl.Series(["x", *batch, None])[1:4]):
        assert np.array_equal(fingerprint.signatures(given_as), wanted)
    assert fingerprint.signatures([]).shape == (0, 128)


@given(st.lists(texts, min_size=1, max_size=5))
@settings(deadline=None)
def test_a_text_is_the_same_alone_as_in_company(batch: list[str]) -> None:
    """Stretches of one buffer, in any order and overlapping, give what separate texts give."""
    together = Texts.of(batch)
    backwards = together.take(np.arange(len(batch))[::-1])
    assert np.array_equal(fingerprint.keys(together)[0][::-1], fingerprint.keys(backwards)[0])
    assert np.array_equal(fingerprint.signatures(together)[::-1], fingerprint.signatures(backwards))
    assert fingerprint.normalised(backwards).to_list() == [" ".join(tokens(text)) for text in batch[::-1]]


def test_an_unknown_unit_is_refused() -> None:
    with pytest.raises(UnknownName, match="Did you mean 'paragraph'"):
        fingerprint.shingles(["x"], "paragraf")  # type: ignore[arg-type]


def test_rows_go_to_datasketch_and_find_the_same_candidates() -> None:
    generator = np.random.default_rng(7)
    base = [[f"w{word}" for word in generator.integers(0, 5000, 120)] for _ in range(20)]
    batch = [" ".join(words[: 120 - cut]) for words in base for cut in (0, 3, 20, 60)]
    rows = fingerprint.signatures(batch)
    plan = banding(0.7)
    lsh = MinHashLSH(num_perm=128, params=(plan.bands, plan.rows))
    sketches = [LeanMinHash(seed=1, hashvalues=row, scheme="affine32") for row in rows]
    for i, sketch in enumerate(sketches):
        lsh.insert(i, sketch)
    theirs = {(i, j) for i, sketch in enumerate(sketches) for j in lsh.query(sketch) if i < j}
    columns = fingerprint.band_keys(rows, plan)
    equal = (columns[:, None, :] == columns[None, :, :]).any(axis=2)
    ours = {(int(i), int(j)) for i, j in zip(*np.nonzero(np.triu(equal, 1)), strict=True)}
    assert ours == theirs
    assert len(ours) >= 40


def test_band_keys_are_the_hash_of_the_band() -> None:
    rows = fingerprint.signatures(["one two", "three"])
    found = fingerprint.band_keys(rows, Banding(21, 6))
    assert found.shape == (2, 21)
    assert int(found[1, 20]) == sequence(rows[1, 120:126].tolist()) % 2**32


@pytest.mark.parametrize("threshold", [0.1, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0])
@pytest.mark.parametrize("recall", [0.9, 0.99])
def test_a_banding_finds_pairs_at_the_threshold(threshold: float, recall: float) -> None:
    plan = banding(threshold, recall)
    assert plan.bands * plan.rows <= 128
    assert plan.recall(threshold) >= recall
    assert plan.bands == 1 or Banding(128 // (plan.rows + 1), plan.rows + 1).recall(threshold) < recall


def test_datasketchs_banding_where_it_suffices() -> None:
    assert banding(0.8, 0.3) == Banding(9, 13)
    assert banding(0.8, 0.99) == Banding(21, 6)


@pytest.mark.parametrize("threshold", [0.48, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0])
def test_of_ten_million_pairs_at_the_threshold_one_is_missed(threshold: float) -> None:
    assert 1 - banding(threshold).recall(threshold) <= 1.0001e-7


def test_one_row_a_band_is_the_last_resort() -> None:
    """Most texts agree in one value of many, so that nothing is told apart by it."""
    assert banding(0.01, 0.999) == Banding(128, 1)
    assert [banding(threshold).rows for threshold in (0.47, 0.3, 0.27, 0.26, 0.1)] == [2, 2, 2, 1, 1]
