"""Repeats inside a document: planted ones are found, what is repeated on purpose stays, and laws that always hold."""

from __future__ import annotations

import tomllib
from pathlib import Path
from time import process_time

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusqa import config
from corpusqa.repeats import SCHEMA, repeats

CASES = tomllib.loads((Path(__file__).parent / "cases" / "repeats.toml").read_text(encoding="utf-8"))["case"]
SETTINGS = config.Repeats()


def found(documents: list[list[str]]) -> pl.DataFrame:
    """The repeats in these documents, each a list of paragraphs."""
    paragraphs = [paragraph for document in documents for paragraph in document]
    document = np.repeat(np.arange(len(documents), dtype=np.uint32), [len(document) for document in documents])
    return repeats(paragraphs, document, SETTINGS)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_case(case):
    result = found([case["text"].strip().split("\n")])
    expected = {int(row): source for row, source in case["repeats"].items()}
    assert dict(result["paragraph", "source"].iter_rows()) == expected
    if expected:
        assert result["how"].unique().to_list() == [case["how"]]


def test_no_paragraphs_give_no_rows():
    result = found([])
    assert result.schema == SCHEMA
    assert result.is_empty()


def test_a_short_setting_finds_short_copies():
    paragraphs = ["one two", "three", "one two", "three four"]
    result = repeats(paragraphs, np.zeros(4, np.uint32), config.Repeats(min_tokens=1))
    assert result["paragraph", "source"].rows() == [(2, 0)]


def test_similarity_is_what_it_says():
    """Of the pull quote's eight 3-grams all are in the source; the corrected paste has 20 of 22 tokens in common."""
    sentence = " ".join(f"w{i}" for i in range(10))
    quoted = found([["before " * 20 + sentence, sentence]])
    assert quoted.row(0, named=True) == {"paragraph": 1, "source": 0, "how": "contained", "similarity": 1.0}
    lead = [f"w{i}" for i in range(21)]
    corrected = found([[" ".join(lead), " ".join([*lead[:9], "other", *lead[10:]])]])
    assert corrected.row(0, named=True) == {"paragraph": 1, "source": 0, "how": "near", "similarity": 20 / 22}


def test_ten_thousand_paragraphs_of_one_document_stay_linear():
    """Whatever repeats: all equal, all alike, each the beginning of the next, all different."""
    words = [f"w{i}" for i in range(50)]
    shapes = {
        "equal": lambda i: " ".join(words),
        "alike": lambda i: " ".join([*words[:20], str(i), *words[20:]]),
        "nested": lambda i: " ".join(words[: 10 + i % 40]) + f" end{i}",
        "different": lambda i: " ".join(f"{word}{i}" for word in words),
    }
    found([["warm up"]])
    for paragraph in shapes.values():
        texts = [paragraph(i) for i in range(10_000)]
        start = process_time()
        repeats(texts, np.zeros(len(texts), np.uint32), SETTINGS)
        assert process_time() - start < 5


WORDS = st.sampled_from(["the", "of", "a", "ferry", "harbour", "board", "night", "pier", "mayor", "said", "river"])
PARAGRAPHS = st.lists(WORDS, max_size=30).map(" ".join)
DOCUMENTS = st.lists(st.lists(PARAGRAPHS, max_size=8).map(lambda some: some + some[:2]), max_size=4)


@settings(deadline=None)
@given(DOCUMENTS)
def test_a_source_is_kept_and_in_the_same_document(documents):
    result = found(documents)
    document = np.repeat(np.arange(len(documents)), [len(paragraphs) for paragraphs in documents])
    rows, sources = result["paragraph"].to_numpy(), result["source"].to_numpy()
    assert (document[rows] == document[sources]).all()
    assert not set(rows) & set(sources)
    assert result["paragraph"].is_unique().all()
    assert result["similarity"].is_between(0, 1, closed="right").all()


@settings(deadline=None)
@given(DOCUMENTS)
def test_a_document_alone_and_in_company_is_judged_alike(documents):
    together = found(documents)
    alone = []
    before = 0
    for paragraphs in documents:
        alone.append(found([paragraphs]).with_columns(pl.col("paragraph", "source") + before))
        before += len(paragraphs)
    assert together.equals(pl.concat([found([]), *alone]))


@settings(deadline=None)
@given(DOCUMENTS)
def test_what_is_kept_repeats_no_more_than_before(documents):
    """Exact copies that were found are gone: no kept paragraph of sufficient length has the tokens of another twice."""
    for paragraphs in documents:
        gone = set(found([paragraphs])["paragraph"].to_list())
        kept = [text for row, text in enumerate(paragraphs) if row not in gone and len(text.split()) >= 20]
        assert len(kept) == len(set(kept))
