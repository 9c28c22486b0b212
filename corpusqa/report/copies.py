"""Clusters of near-duplicate documents: how alike, which copy stays and why, and what the others say differently."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from corpusqa.fingerprint import tokens
from corpusqa.report.comparison import Line, compare_texts
from corpusqa.report.shapes import Cluster, Comparison, Copies, Link
from corpusqa.report.survey import IS_COPY, Survey

CLUSTERS = 20  #: shown, the largest
COMPARISONS = 10  #: of these, with two documents side by side: at most some 100 kB of the page
KEPT_SHOWN = 3  #: kept documents of a cluster that are named
AS_READ_CAP = 1_000_000  #: characters; a second's work, for one number under one comparison
SHINGLE = 5  #: tokens, as everywhere that documents are compared


@dataclass(frozen=True, slots=True)
class Pick:
    """A cluster to show, and the two of its documents to set side by side."""

    cluster: str
    row: Mapping[str, object]
    kept: tuple[str, ...]
    dropped: str | None  #: the copy that is least like the one kept for it
    keeper: str | None  #: that one

    @property
    def compared(self) -> tuple[str, ...]:
        """The ids of the two."""
        return (self.keeper, self.dropped) if self.keeper and self.dropped else ()


def picks(survey: Survey) -> tuple[Pick, ...]:
    """The largest clusters, and what to show of them."""
    similarity = pl.col("similarity").filter(IS_COPY)
    members = survey.documents.filter(pl.col("cluster").is_not_null())
    summed = members.group_by("cluster").agg(
        pl.len().alias("documents"),
        IS_COPY.sum().alias("dropped"),
        pl.col("site").drop_nulls().n_unique().alias("sites"),
        similarity.min().alias("lowest"),
        similarity.max().alias("highest"),
        pl.col("doc_id").filter(~IS_COPY).head(KEPT_SHOWN).alias("kept"),
        (~IS_COPY).sum().alias("kept_documents"),
    )
    first = summed.sort("documents", "cluster", descending=[True, False]).head(CLUSTERS)
    return tuple(_pick(members, row) for row in first.iter_rows(named=True))


def _pick(members: pl.DataFrame, row: dict[str, object]) -> Pick:
    own = members.filter((pl.col("cluster") == row["cluster"]) & IS_COPY)
    least = own.sort("similarity", "order").head(1).select("doc_id", "duplicate_of").rows()
    dropped, keeper = least[0] if least else (None, None)
    kept = row["kept"]
    assert isinstance(kept, list)
    return Pick(str(row["cluster"]), row, tuple(kept), dropped, keeper)


def copies(
    survey: Survey,
    shown: Sequence[Pick],
    lines: Callable[[str], list[Line] | None],
    link: Callable[[str], Link],
) -> Copies:
    """The clusters that are shown; `lines(id)` gives a document's paragraphs, or null when its text is not at hand."""
    in_clusters = survey.documents.filter(pl.col("cluster").is_not_null())
    relations = _relations(survey, [pick.compared for pick in shown])
    rows = []
    for i, pick in enumerate(shown):
        comparison = _comparison(pick, lines, link, relations) if i < COMPARISONS else None
        rows.append(_cluster(survey, pick, comparison, link))
    n_dropped = int(in_clusters.select(IS_COPY.sum()).item())
    return Copies(in_clusters["cluster"].n_unique(), len(in_clusters), n_dropped, _contained(survey), tuple(rows))


def _contained(survey: Survey) -> int:
    """How many documents are part of a longer one."""
    shorter = pl.when(pl.col("containment_left") >= pl.col("containment_right")).then("left").otherwise("right")
    pairs = survey.tables.pairs.filter(pl.col("relation") == "contained")
    return int(pairs.select(shorter.n_unique()).collect().item())


def _cluster(survey: Survey, pick: Pick, comparison: Comparison | None, link: Callable[[str], Link]) -> Cluster:
    names = ("documents", "dropped", "sites", "lowest", "highest", "kept_documents")
    return Cluster(
        cluster=pick.cluster,
        kept=tuple(link(id_) for id_ in pick.kept),
        why=_why(survey, pick.cluster),
        comparison=comparison,
        **{name: pick.row[name] for name in names},  # type: ignore[arg-type]
    )


def _why(survey: Survey, cluster: str) -> str:
    """What put the kept copy first, in the order of the rule: most kept words, then earliest date, then smallest id."""
    members = survey.documents.filter(pl.col("cluster") == cluster)
    kept, dropped = members.filter(~IS_COPY)["u"], members.filter(IS_COPY)["u"]
    if kept.is_empty() or dropped.is_empty():
        return "nothing to choose between"
    most, rival = int(kept.max() or 0), int(dropped.max() or 0)  # type: ignore[arg-type]
    if most > rival:
        return f"most words without furniture: {most:,}, the next {rival:,}"
    return "as many words as its copies: the earliest date, then the smallest id"


def _relations(survey: Survey, pairs: Sequence[tuple[str, ...]]) -> dict[tuple[str, str], str]:
    """The relation of these pairs, where `pairs.parquet` lists them."""
    sides = [sorted(pair) for pair in pairs if pair]
    wanted = pl.LazyFrame(sides, schema={"left": pl.String, "right": pl.String}, orient="row")
    found = survey.tables.pairs.select("left", "right", "relation").join(wanted, on=["left", "right"], how="semi")
    return {(left, right): relation for left, right, relation in found.collect().iter_rows()}


def _similarity(left: Sequence[Line], right: Sequence[Line]) -> float | None:
    """The Jaccard of the two texts with everything in them; null when they are too long to be worth it."""
    sizes = [sum(len(line.text) for line in lines) for lines in (left, right)]
    if max(sizes) > AS_READ_CAP:
        return None
    ours, theirs = (_shingles(lines) for lines in (left, right))
    return len(ours & theirs) / max(len(ours | theirs), 1)


def _shingles(lines: Sequence[Line]) -> set[tuple[str, ...]]:
    own = tokens("\n".join(line.text for line in lines))
    return {tuple(own[i : i + SHINGLE]) for i in range(max(len(own) - SHINGLE + 1, 1))}


def _comparison(
    pick: Pick,
    lines: Callable[[str], list[Line] | None],
    link: Callable[[str], Link],
    relations: Mapping[tuple[str, str], str],
) -> Comparison | None:
    if pick.keeper is None or pick.dropped is None:
        return None
    kept, dropped = lines(pick.keeper), lines(pick.dropped)
    if kept is None or dropped is None:
        return None
    similarity = pick.row["lowest"]
    first, second = sorted((pick.keeper, pick.dropped))
    return Comparison(
        kept=link(pick.keeper),
        dropped=link(pick.dropped),
        similarity=similarity if isinstance(similarity, float) else None,
        as_read=_similarity(kept, dropped),
        relation=relations.get((first, second), "near"),
        rows=compare_texts(kept, dropped),
    )
