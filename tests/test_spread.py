"""How a metric is spread over a run: nothing lost, nothing said twice."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
import pytest

from corpusqa.errors import UnusableRun
from corpusqa.spread import spread


@dataclass
class Documents:
    """As much of a run as is asked for."""

    documents: pl.LazyFrame
    path: str = "run"


def of(values, dtype=None):
    """The spread of these values."""
    return spread(Documents(pl.LazyFrame({"metric": pl.Series(values, dtype=dtype)})), "metric")


@pytest.mark.parametrize(
    "values",
    [
        list(range(1000)),
        [0.5] * 7,
        [1 - i / 1e9 for i in range(500)],
        [0, 0, 0, 1, 5],
        [0.1, None, float("nan"), 2e6],
        [-(10.0**i) for i in range(9)],
    ],
    ids=["whole", "one value", "near one another", "few", "missing", "wide"],
)
def test_every_document_is_in_one_bar_or_missing(values):
    found = of(values)
    assert sum(bar.n for bar in found.bars) + found.n_missing == found.n_documents == len(values)
    assert len({bar.label for bar in found.bars}) == len(found.bars)
    at = [value for _, value in found.quantiles]
    assert at == sorted(at)


@pytest.mark.parametrize(
    ("values", "first", "last"),
    [
        ([1, *[2] * 200, *[3] * 200, 90], "to 2", "from 3"),
        ([0.0, *[i / 1000 for i in range(100, 700)], 5.0], "to 0.154", "from 0.644"),
        ([2, 3, 3], "2", "3"),
    ],
    ids=["whole", "shares", "nothing outside"],
)
def test_outer_bars_say_that_they_hold_what_lies_beyond(values, first, last):
    bars = of(values).bars
    assert (bars[0].label, bars[-1].label) == (first, last)


def test_words_are_counted():
    found = of(["en", "de", "en", None])
    assert [(bar.label, bar.n) for bar in found.bars] == [("en", 2), ("de", 1)]
    assert found.n_missing == 1


def test_no_values_have_no_bars():
    assert of([None, None], pl.Float64).bars == ()


def test_a_metric_that_the_run_lacks_is_said_with_the_way_to_get_it():
    with pytest.raises(UnusableRun, match="--metrics other, or all"):
        spread(Documents(pl.LazyFrame({"metric": [1]})), "other")
