"""Numbers and reasons in words: the examples in the docstrings are the tests."""

from __future__ import annotations

import doctest
from importlib import import_module

import pytest

from corpusqa.report.reasons import why
from corpusqa.report.wording import met, share


@pytest.mark.parametrize("name", ["charts", "passages", "reasons", "shown", "survey", "wording"])
def test_examples_hold(name):
    result = doctest.testmod(import_module(f"corpusqa.report.{name}"))
    assert result.attempted
    assert not result.failed


@pytest.mark.parametrize("n", [1, 2, 3, 99, 100, 9_999])
def test_what_is_not_all_never_reads_so(n):
    assert share(1 - 1 / (10_000 * n)) != "100%"
    assert met(1 - 1 / (10_000 * n)) != "100%"
    assert share(1 / (10_000 * n)) != "0%"


def test_a_limit_reads_as_it_was_written():
    assert [met(n / 10_000) for n in range(10_001)] == [f"{n / 100:g}%" for n in range(10_001)]


def test_every_label_has_its_reason():
    repeated = {"label": "repeated", "rule": "repeat.exact", "repeats": 0, "score": None, "spans": None}
    assert why(repeated) == "Repeats ¶1 word for word"
    assert why({**repeated, "rule": "repeat.contained"}) == "Said again inside ¶1"
    assert why({"label": "content", "spans": []}) is None
    unknown = {"label": "boilerplate", "kind": None, "rule": None, "repeats": None, "score": None}
    assert why(unknown) == "Boilerplate: known by its wording"
