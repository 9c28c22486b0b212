"""Promises that every metric keeps, including the ones nobody has written yet."""

from __future__ import annotations

import re
from functools import cache

import polars as pl
import pytest

from corpusqa import metrics
from corpusqa.metrics import METRICS, Metric, measure, measure_duplicates, measure_findings, measure_kept, origins
from corpusqa.texts import Texts

TEXTS = [
    "one # two",
    "",
    "   ",
    "ordinary prose",
    "… …",
    "中文。",
    "Again, the same five words.\nAgain, the same five words.",
    "\n\n",
    "A line that is as long as prose is and stops before it comes to\n" + 15 * "One that is longer still. ",
]
PARAGRAPHS = pl.DataFrame(
    [
        (0, 10, "content", None),
        (0, 5, "repeated", None),
        (0, 3, "boilerplate", "residue"),
        (2, 4, "boilerplate", "prompt"),
        (3, 0, "boilerplate", "residue"),
    ],
    schema={"document": pl.UInt32, "n_words": pl.UInt32, "label": pl.String, "kind": pl.String},
    orient="row",
)
CLUSTERED = pl.DataFrame({"similarity": [0.93, None, None, 1.0]})
EMPTY = 1  #: the place of a text or document that has nothing, in each of the three


ORIGINS = origins("all")


@cache
def of_texts(first: int, stop: int, *, kept: bool = False) -> pl.DataFrame:
    """All metrics of a text (or their twins of the kept text), of these texts given without the others."""
    if kept:
        return measure_kept(Texts.of(TEXTS[first:stop]), [name for name, one in METRICS.items() if one.twin_of])
    return measure(TEXTS[first:stop], "all")


def values(metric: Metric, rows: slice = slice(None)) -> list[float | None]:
    """What the metric says of some of the texts, or documents, given without the others."""
    if metric.twin_of:
        return of_texts(*rows.indices(len(TEXTS))[:2], kept=True)[metric.name].to_list()
    if metric.name in ORIGINS.texts:
        return of_texts(*rows.indices(len(TEXTS))[:2])[metric.name].to_list()
    if metric.name in ORIGINS.clusters:
        return measure_duplicates(CLUSTERED[rows], [metric.name])[metric.name].to_list()
    first, stop, _ = rows.indices(4)
    own = PARAGRAPHS.filter(pl.col("document").is_between(first, stop - 1))
    own = own.with_columns(pl.col("document") - first)
    return measure_findings(own, stop - first, [metric.name])[metric.name].to_list()


@pytest.mark.parametrize("metric", METRICS.values(), ids=lambda metric: metric.name)
class TestEveryMetric:
    def test_says_what_it_is(self, metric: Metric) -> None:
        """Nothing may be gated on a number without a meaning, a unit and an author."""
        assert metric.doc
        assert metric.unit
        assert metric.source

    def test_says_when_it_has_no_value(self, metric: Metric) -> None:
        assert re.search(r"\b[Nn]ull (for|without)|\b0 (for|without|when)", metric.doc.replace("\n", " "))

    def test_is_a_count_or_a_number_never_a_verdict(self, metric: Metric) -> None:
        dtype = metrics.schema([metric.name])[metric.name]
        assert dtype in (pl.Int64, pl.Float64) or (dtype == pl.String and metric.unit == "ISO 639 code")

    def test_belongs_to_a_level(self, metric: Metric) -> None:
        """What any text has is of level text; what only an audit finds is of level document."""
        assert (metric.level == "text") == (metric.name in origins("all").texts)

    def test_does_not_depend_on_the_neighbours(self, metric: Metric) -> None:
        """The same value alone as in company, so shards can be measured anywhere."""
        together = values(metric)
        assert together == [values(metric, slice(i, i + 1))[0] for i in range(len(together))]

    def test_does_not_depend_on_what_else_is_measured(self, metric: Metric) -> None:
        """The same value alone as among all metrics: no two passes fill one column."""
        if metric.name in ORIGINS.texts:
            assert measure(TEXTS, [metric.name])[metric.name].to_list() == values(metric)

    def test_of_nothing_is_unknown_or_counted_never_clean(self, metric: Metric) -> None:
        """A ratio over nothing is null. Only a count may be zero, or the similarity with a copy that is not there."""
        value = values(metric)[EMPTY]
        assert value is None or (value == 0 and not re.search(r"\bper\b|share", metric.unit))

    def test_is_never_not_a_number(self, metric: Metric) -> None:
        assert all(value is None or value == value for value in values(metric))

    def test_a_share_lies_between_none_and_all(self, metric: Metric) -> None:
        if metric.unit.startswith("share"):
            assert all(value is None or 0 <= value <= 1 for value in values(metric))


def test_every_metric_of_a_text_is_the_same_every_time() -> None:
    assert measure(TEXTS, "all").equals(measure(TEXTS, "all"))
