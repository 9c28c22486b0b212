"""One label a paragraph: which evidence wins, and what a repeat of furniture is."""

import polars as pl
import pytest

from corpusqa import annotate, boilerplate, tables

PARAGRAPHS = {
    "document": pl.UInt32,
    "position": pl.UInt32,
    "rule": pl.String,
    "kind": pl.String,
    "score": pl.Float64,
    "repeats": pl.UInt32,
    "how": pl.String,
    "similarity": pl.Float64,
    "ignored": pl.Boolean,
}
PROMPT = {"rule": "prompt.share", "kind": "prompt", "score": 0.9}
SPANS = {"document": pl.UInt32, "position": pl.UInt32, **{field.name: field.dtype for field in tables.SPAN.fields}}


def labelled(*paragraphs, group=None):
    """The labels of one document's paragraphs; `group` is the rule of the group that the first one is in."""
    rows = [{"document": 0, "position": i, "ignored": False, **paragraph} for i, paragraph in enumerate(paragraphs)]
    assigned = pl.DataFrame(
        [{"document": 0, "position": 0, "group": 7, "headline": True}] if group else [],
        schema={"document": pl.UInt32, "position": pl.UInt32, "group": pl.UInt64, "headline": pl.Boolean},
    )
    groups = pl.DataFrame(
        [{"group": 7, "label": "boilerplate", "kind": "related", "rule": group, "score": 0.8}] if group else [],
        schema={"group": pl.UInt64, "label": pl.String, "kind": pl.String, "rule": pl.String, "score": pl.Float64},
    )
    return annotate.labels(pl.DataFrame(rows, schema=PARAGRAPHS), assigned, groups, pl.DataFrame(schema=SPANS))


def repeat(source, how):
    return {"repeats": source, "how": how, "similarity": 0.9}


@pytest.mark.parametrize("how", annotate.ONE_TEXT)
def test_another_form_of_furniture_is_furniture(how):
    again = labelled(PROMPT, repeat(0, how)).row(1, named=True)
    assert (again["label"], again["kind"], again["rule"], again["repeats"]) == (
        "boilerplate",
        "prompt",
        "prompt.share",
        None,
    )


def test_what_stands_inside_furniture_is_not_said_elsewhere():
    """The headline in "Share All sharing options for: The headline" is kept once, at its own place."""
    headline = labelled(repeat(1, "contained"), PROMPT).row(0, named=True)
    assert (headline["label"], headline["rule"], headline["repeats"], headline["score"]) == (
        "content",
        None,
        None,
        None,
    )


def test_a_documents_own_headline_stays_when_it_repeats_furniture():
    headline = labelled(repeat(1, "near"), PROMPT, group=boilerplate.HEADLINE).row(0, named=True)
    assert (headline["label"], headline["rule"]) == ("content", None)


def test_a_repeat_of_content_is_repeated():
    again = labelled({}, repeat(0, "contained")).row(1, named=True)
    assert (again["label"], again["rule"], again["repeats"], again["score"]) == ("repeated", "repeat.contained", 0, 0.9)


def test_its_own_wording_names_it_before_its_group():
    assert labelled(PROMPT, group="recurs.exact").row(0, named=True)["rule"] == "prompt.share"
