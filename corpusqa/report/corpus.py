"""The corpus from above: where its words go, the numbers to know it by, its metrics' spread, its sites."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from corpusqa.report import wording
from corpusqa.report.judged import Rule
from corpusqa.report.shapes import Distribution, Figure, Glance, Portion, Site, Sites
from corpusqa.report.shown import label
from corpusqa.report.survey import FLAGGED, IS_COPY, MARKED, REJECTED, Survey

SITES = 20  #: rows; beyond, a site is found by the filter of the documents
#: Bars of a histogram: wide enough to point at when three charts stand side by side; fewer for few documents.
BARS = 36
CHARTS = 24  #: histograms; a suite that limits more metrics shows the first ones
#: From this ratio of the largest value to the median a linear axis would show one bar and a void.
SKEWED = 40.0
DRAWN = 1e150  #: larger values, infinity among them, are counted as missing: their axis could not be worked out
Scale = Literal["even", "ratio", "whole"]
PORTIONS = {
    "u": "Text kept",
    "b": "Boilerplate",
    "r": "Repeated paragraphs",
    "x": "Residue",
    "n": "Near-copies of kept documents",
    "d": "Documents rejected by a gate",
}


def portions(survey: Survey) -> tuple[Portion, ...]:
    """Each word of the corpus once: marked words first, then the rest of the documents that would not be kept."""
    unmarked = pl.col("u")
    words = survey.documents.select(
        pl.col("b").sum(),
        pl.col("r").sum(),
        pl.col("x").sum(),
        unmarked.filter(IS_COPY).sum().alias("n"),
        unmarked.filter(REJECTED & ~IS_COPY).sum().alias("d"),
        unmarked.filter(~REJECTED & ~IS_COPY).sum().alias("u"),
    ).row(0, named=True)
    total = max(sum(words.values()), 1)
    return tuple(Portion(mark, name, words[mark], words[mark] / total) for mark, name in PORTIONS.items())


def kept_share(parts: Iterable[Portion]) -> float | None:
    """The share of the words that curating keeps; null in a corpus without words."""
    by_mark = {part.mark: part for part in parts}
    return by_mark["u"].share if any(part.words for part in by_mark.values()) else None


def glance(survey: Survey, parts: tuple[Portion, ...], n_rejects: int) -> Glance:
    """The portions and the six numbers."""
    return Glance(parts, (*_sizes(survey, n_rejects), *_losses(survey)))


def _sizes(survey: Survey, n_rejects: int) -> tuple[Figure, ...]:
    documents = survey.documents
    n_paragraphs = survey.total("n_paragraphs")
    recurring = int(survey.tables.paragraphs.select(pl.col("group").is_not_null().sum()).collect().item())
    once = wording.share(1 - recurring / n_paragraphs) if n_paragraphs else wording.UNKNOWN
    sites = documents["site"].drop_nulls().value_counts(sort=True)
    largest = f"{wording.share(sites['count'][0] / len(documents))} from the largest" if len(sites) else "none known"
    median = documents["words"].median()
    middle = f"median {wording.number(round(float(median)))} a document" if isinstance(median, float) else "none"
    unusable = f"{wording.count(n_rejects, 'record')} could not be used" if n_rejects else "every record could be used"
    return (
        Figure("documents", "Documents", len(documents), unusable),
        Figure("words", "Words", survey.total("words"), middle),
        Figure("sites", "Sites", len(sites), largest),
        Figure("paragraphs", "Paragraphs", n_paragraphs, f"{once} in one document only"),
    )


def _losses(survey: Survey) -> tuple[Figure, ...]:
    counts = survey.documents.select(
        dropped=(REJECTED | IS_COPY).sum(), copies=IS_COPY.sum(), trimmed=(~REJECTED & ~IS_COPY & (MARKED > 0)).sum()
    ).row(0, named=True)
    copies = f"{wording.count(counts['copies'], 'copy', 'copies')} of kept ones among them"
    return (
        Figure("dropped", "Would be dropped", counts["dropped"], copies),
        Figure("trimmed", "Would be trimmed", counts["trimmed"], "kept documents lose a passage"),
    )


def sites(survey: Survey) -> Sites:
    """The largest sites, each with the share of its words that is marked and of its documents that fail."""
    words = pl.col("words").sum()
    shares = [pl.when(words > 0).then(pl.col(mark).sum() / words).alias(mark) for mark in "rbx"]
    verdicts = [REJECTED.mean().alias("rejected"), FLAGGED.mean().alias("flagged"), IS_COPY.mean().alias("copies")]
    by_site = survey.documents.group_by("site").agg(pl.len().alias("documents"), words, *verdicts, *shares)
    first = by_site.sort("documents", "site", descending=[True, False]).head(SITES)
    return Sites(int(by_site["site"].drop_nulls().len()), tuple(_site(row) for row in first.iter_rows(named=True)))


def _site(row: dict[str, object]) -> Site:
    values = {"repeat": row.pop("r"), "boilerplate": row.pop("b"), "residue": row.pop("x")}
    name = row.pop("site")
    return Site(site=label(name) if isinstance(name, str) else None, **row, **values)  # type: ignore[arg-type]


def distributions(survey: Survey, rules: Iterable[Rule]) -> tuple[Distribution, ...]:
    """The spread of each metric that a rule on documents limits, in the rules' order."""
    limits: dict[str, tuple[float | None, float | None]] = {}
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
    values = survey.tables.documents.select(pl.col(column).cast(pl.Float64)).collect()[column]
    known = values.drop_nulls().drop_nans().to_numpy()
    known = known[np.abs(known) < DRAWN]
    scale, edges = _axis(known, low, high, whole=dtype.is_integer())
    beyond = (known < (-np.inf if low is None else low)) | (known > (np.inf if high is None else high))
    return Distribution(
        column=column,
        scale=scale,
        edges=_short(edges),
        counts=_counts(known, edges),
        beyond=_counts(known[beyond], edges),
        minimum=low,
        maximum=high,
        outside=int(beyond.sum()),
        missing=len(values) - len(known),
    )


def _axis(
    values: NDArray[np.float64], low: float | None, high: float | None, *, whole: bool
) -> tuple[Scale, NDArray[np.float64]]:
    """How the bars are cut, and where; a limit near the values is on the axis."""
    if not len(values):
        return "even", np.array([0.0, 1.0])
    least, most = float(values.min()), float(values.max())
    reach = max(most - least, abs(most), 1e-9) / 2
    near = [limit for limit in (low, high) if limit is not None and least - reach <= limit <= most + reach]
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


def _short(edges: NDArray[np.float64]) -> tuple[float, ...]:
    """The edges in six digits, which is what a page needs, unless two of them would then be one."""
    short = tuple(float(f"{edge:.6g}") for edge in edges)
    return short if len(set(short)) == len(edges) else tuple(edges.tolist())


def _counts(values: NDArray[np.float64], edges: NDArray[np.float64]) -> tuple[int, ...]:
    return tuple(int(n) for n in np.histogram(values, edges)[0])
