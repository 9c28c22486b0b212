"""How the metrics are spread over the documents, where the suite's limits lie, and what other limits would keep.

A limit is not a matter of taste but of what it costs, so every chart comes with a `Trial`: for some hundred limits
across the values, the documents and words on either side. They are counted here, over all documents, so that the page
can answer "and at 0.05?" for a million of them without holding one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from corpusqa.metrics import METRICS
from corpusqa.report.judged import Rule
from corpusqa.report.shapes import Distribution, Trial
from corpusqa.report.survey import Survey

#: Bars of a histogram: wide enough to point at when three charts stand side by side; fewer for few documents.
BARS = 36
CHARTS = 24  #: histograms; a suite that limits more metrics shows the first ones
#: From this ratio of the largest value to the median a linear axis would show one bar and a void.
SKEWED = 40.0
DRAWN = 1e150  #: larger values, infinity among them, are counted as missing: their axis could not be worked out
TINY = 1e-290  #: from which on a number has as many figures as any other; smaller ones are not rounded
#: Limits to try from a chart's values and as many from its axis: the steps of a slider one can still aim at.
TRIALS = 60
FIGURES = 3  #: of a limit to try: 0.0213 is a limit, 0.02128374 is noise
Values = NDArray[np.float64]
Limits = tuple[float | None, float | None]
Scale = Literal["even", "ratio", "whole"]


def distributions(survey: Survey, rules: Iterable[Rule]) -> tuple[Distribution, ...]:
    """The spread of each metric that a rule on documents limits, in the rules' order."""
    limits: dict[str, Limits] = {}
    numeric = {name for name, dtype in survey.tables.documents.collect_schema().items() if dtype.is_numeric()}
    for rule in rules:
        if rule.expectation == "expect_column_values_to_be_between" and rule.column in numeric:
            low, high = limits.get(rule.column, (None, None))
            own_low, own_high = rule.settings.get("min_value"), rule.settings.get("max_value")
            limits[rule.column] = (_narrower(max, low, own_low), _narrower(min, high, own_high))
    return tuple(_distribution(survey, column, *both) for column, both in list(limits.items())[:CHARTS])


def _narrower(choose: Callable[[float, float], float], known: float | None, value: object) -> float | None:
    """The stricter of two limits, when several rules limit one metric."""
    if not isinstance(value, int | float):
        return known
    return float(value) if known is None else choose(known, float(value))


def _distribution(survey: Survey, column: str, low: float | None, high: float | None) -> Distribution:
    dtype = survey.tables.documents.collect_schema()[column]
    values = survey.tables.documents.select(pl.col(column).cast(pl.Float64)).collect()[column].to_numpy()
    usable = np.abs(values) < DRAWN  # false for what is missing
    known, words = values[usable], survey.documents["words"].to_numpy()[usable]
    scale, edges = _axis(known, (low, high), whole=dtype.is_integer())
    inside = (known >= (-np.inf if low is None else low)) & (known <= (np.inf if high is None else high))
    return Distribution(
        column=column,
        meaning=_meaning(column),
        scale=scale,
        edges=_short(edges),
        counts=_counts(known, edges),
        beyond=_counts(known[~inside], edges),
        minimum=low,
        maximum=high,
        outside=int((~inside).sum()),
        missing=len(values) - len(known),
        kept=int(inside.sum()),
        documents=len(values),
        kept_words=int(words[inside].sum()),
        words=survey.total("words"),
        trial=_trial(known, words, edges, (low, high)),
    )


def _meaning(column: str) -> str:
    """The first paragraph of what the catalogue says of a metric."""
    return METRICS[column].doc.split("\n\n")[0].replace("\n", " ").replace("`", "") if column in METRICS else ""


def _axis(values: Values, limits: Limits, *, whole: bool) -> tuple[Scale, Values]:
    """How the bars are cut, and where; a limit near the values is on the axis."""
    if not len(values):
        return "even", np.array([0.0, 1.0])
    least, most = float(values.min()), float(values.max())
    reach = max(most - least, abs(most), 1e-9) / 2
    near = [limit for limit in limits if limit is not None and least - reach <= limit <= most + reach]
    least, most = min([least, *near]), max([most, *near])
    if whole and most - least < BARS:
        return "whole", np.arange(least - 0.5, most + 1)
    if most - least <= 1e-4 * max(abs(least), abs(most), 1e-6):  # one value, or as good as one
        least, most = least - max(0.5, abs(least) / 100), most + max(0.5, abs(most) / 100)
    n_bars = min(BARS, 6 + int(2 * np.sqrt(len(values))))
    skewed = least >= 0 and most > 10 and most / max(float(np.median(values)), 1e-9) > SKEWED
    if skewed:
        return "ratio", np.unique(np.concatenate([[0.0], np.geomspace(max(least, 1.0), most, n_bars)]))
    return "even", np.linspace(least, most, n_bars + 1)


def _short(edges: Values) -> tuple[float, ...]:
    """The edges in six digits, which is what a page needs, unless two of them would then be one."""
    short = tuple(float(f"{edge:.6g}") for edge in edges)
    return short if len(set(short)) == len(edges) else tuple(edges.tolist())


def _counts(values: Values, edges: Values) -> tuple[int, ...]:
    return tuple(int(n) for n in np.histogram(values, edges)[0])


def _trial(values: Values, words: NDArray[np.int64], edges: Values, limits: Limits) -> Trial:
    """The limits to try, and what lies on their two sides: one sort, then a search for each."""
    order = np.argsort(values, kind="stable")
    values, up_to = values[order], np.concatenate([[0], np.cumsum(words[order])])
    tried = _tried(values, edges, limits)
    left, right = (np.searchsorted(values, tried, side) for side in ("left", "right"))
    columns = (tried, left, right, up_to[left], up_to[right])
    return Trial(*(tuple(column.tolist()) for column in columns))


def _tried(values: Values, edges: Values, limits: Limits) -> Values:
    """Round numbers where the documents are and along the axis, from below all to above all; and the suite's."""
    own = np.array([limit for limit in limits if limit is not None])
    if not len(values):
        return np.unique(own)
    spread = values[np.linspace(0, len(values) - 1, TRIALS).astype(np.int64)]
    along = np.linspace(edges[0], edges[-1], TRIALS + 1)[1:-1]
    inner = [float(f"{value:.{FIGURES}g}") for value in np.concatenate([spread, along])]
    if (values == np.round(values)).all():
        inner = [float(round(value)) for value in inner]
    ends = [_round(values[0], np.floor), _round(values[-1], np.ceil)]
    return np.unique(np.concatenate([[value for value in inner if ends[0] <= value <= ends[1]], ends, own]))


def _round(value: float, towards: Callable[[float], float]) -> float:
    """A number of few figures just outside the value."""
    if abs(value) < TINY:
        return float(value)
    step = 10.0 ** (np.floor(np.log10(abs(value))) - FIGURES + 1)
    own = float(f"{towards(value / step) * step:.{FIGURES + 3}g}")
    return own if (own <= value) == (towards is np.floor) or own == value else float(value)
