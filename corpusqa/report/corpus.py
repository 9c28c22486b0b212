"""The corpus from above: where its words go, the numbers to know it by, its sites."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from corpusqa.report import wording
from corpusqa.report.shapes import Figure, Glance, Portion, Site, Sites
from corpusqa.report.shown import label
from corpusqa.report.survey import FLAGGED, IS_COPY, MARKED, REJECTED, Survey

SITES = 20  #: rows; beyond, a site is found by the filter of the documents
SHARES = ("rejected", "flagged", "copies", "repeat", "boilerplate", "residue")  #: of a site
PORTIONS = {
    "u": "Text kept",
    "b": "Boilerplate",
    "r": "Repeated paragraphs",
    "x": "Residue",
    "n": "Near-copies",
    "d": "Rejected documents",
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
    shown = tuple(_site(row) for row in first.iter_rows(named=True))
    highest = {name: max((getattr(site, name) or 0.0 for site in shown), default=0.0) for name in SHARES}
    return Sites(int(by_site["site"].drop_nulls().len()), shown, highest)


def _site(row: dict[str, object]) -> Site:
    values = {"repeat": row.pop("r"), "boilerplate": row.pop("b"), "residue": row.pop("x")}
    name = row.pop("site")
    return Site(site=label(name) if isinstance(name, str) else None, **row, **values)  # type: ignore[arg-type]
