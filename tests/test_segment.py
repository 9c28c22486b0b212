"""Paragraphs: where they start and end, and which text was wrapped."""

from __future__ import annotations

import textwrap
import tomllib
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusqa.segment import paragraphs
from corpusqa.texts import Texts

CASES = tomllib.loads((Path(__file__).parent / "cases" / "segment.toml").read_text(encoding="utf-8"))["case"]

#: White space of every length in UTF-8, what looks like it and is not, and characters of one to four bytes.
TRICKY = "ab \n\n\n\t\r\x0b\x0c\x1c\x1f\x85\u00a0\u1680\u2003\u2028\u2029\u202f\u205f\u3000\u200b\ufeff\u180eé€中😀"
texts = st.text(alphabet=st.one_of(st.sampled_from(TRICKY), st.characters(codec="utf-8")), max_size=80)
words = st.text(alphabet="abcdeé’中", min_size=1, max_size=9)
prose = st.lists(words, min_size=160, max_size=200).map(" ".join)


def found(text: str) -> list[str]:
    """The paragraphs of one text, as strings."""
    return [text[start:end] for start, end in paragraphs(Texts.of([text]))["start", "end"].rows()]


@given(st.lists(texts, max_size=4))
@settings(deadline=None)
def test_paragraphs_are_the_lines_that_are_not_blank_stripped(batch: list[str]) -> None:
    frame = paragraphs(Texts.of(batch))
    wanted = [(i, line.strip()) for i, text in enumerate(batch) for line in text.split("\n") if line.strip()]
    ours = [(document, batch[document][start:end]) for document, start, end in frame["document", "start", "end"].rows()]
    assert ours == wanted
    assert frame["n_words"].to_list() == [len(line.split()) for _, line in wanted]
    assert frame["position"].to_list() == [[d for d, _ in wanted[:i]].count(d) for i, (d, _) in enumerate(wanted)]


@given(st.lists(texts, max_size=4))
@settings(deadline=None)
def test_bytes_and_characters_are_the_same_stretch(batch: list[str]) -> None:
    buffer = Texts.of(batch)
    frame = paragraphs(buffer)
    by_bytes = buffer.part(frame["byte_start"].to_numpy(), frame["byte_end"].to_numpy()).series().to_list()
    assert by_bytes == [batch[d][start:end] for d, start, end in frame["document", "start", "end"].rows()]


@given(st.lists(prose, min_size=2, max_size=3), st.integers(40, 100))
@settings(deadline=None, max_examples=30)
def test_wrapped_text_has_the_paragraphs_it_had(unwrapped: list[str], width: int) -> None:
    text = "\n\n".join(textwrap.fill(paragraph, width) for paragraph in unwrapped)
    assert [paragraph.replace("\n", " ") for paragraph in found(text)] == unwrapped


@given(st.one_of(texts, st.lists(prose, max_size=4).map(lambda some: textwrap.fill("\n\n".join(some), 60))))
@settings(deadline=None, max_examples=30)
def test_nothing_but_white_space_is_between_paragraphs(text: str) -> None:
    assert "".join("".join(found(text)).split()) == "".join(text.split())


@given(st.lists(st.one_of(texts, st.lists(prose, min_size=2, max_size=3).map("\n\n".join)), max_size=4))
@settings(deadline=None, max_examples=30)
def test_a_text_is_the_same_alone_as_in_company(batch: list[str]) -> None:
    buffer = Texts.of(batch)
    together = paragraphs(buffer)
    for i in range(len(batch)):
        alone = paragraphs(buffer.take(np.array([i])))
        assert alone.drop("document").equals(together.filter(pl.col("document") == i).drop("document"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_case(case: dict) -> None:
    assert len(found(case["text"])) == case["paragraphs"]


def test_columns() -> None:
    assert paragraphs(Texts.of(["", "  \n"])).schema == {
        "document": pl.UInt32,
        "position": pl.UInt32,
        "start": pl.UInt32,
        "end": pl.UInt32,
        "byte_start": pl.Int64,
        "byte_end": pl.Int64,
        "n_words": pl.UInt32,
    }
    assert paragraphs(Texts.of([])).is_empty()
