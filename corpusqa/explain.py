"""Why: one document, group or cluster of a run, with everything that was found about it.

The value that `corpusqa show` prints. What it says of a paragraph is what the report says, because both ask
`corpusqa.report.reasons`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import polars as pl

from corpusqa import gating
from corpusqa.approval import APPROVED, IGNORED, Word, lines
from corpusqa.duplicates import PART
from corpusqa.errors import NoDocuments, UnknownName
from corpusqa.expressions import contains
from corpusqa.gating import Standing
from corpusqa.matching import fillings, pattern, plain
from corpusqa.report.articles import shares_of
from corpusqa.report.reasons import copies_of, why
from corpusqa.report.shapes import Share
from corpusqa.report.survey import MARK
from corpusqa.report.writing import read_texts
from corpusqa.run import Run

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of a document, and why it is marked; content that nothing was found about has no reason."""

    position: int
    text: str
    label: str
    kind: str | None
    rule: str | None
    reason: str | None
    lines: tuple[str, str]  #: to paste into `approve` and into `ignore`
    spans: tuple[tuple[int, int, str], ...]  #: furniture inside it: first character, one past the last, rule


@dataclass(frozen=True, slots=True)
class Document:
    """A document with its marked paragraphs, its metrics against the rules, and its copies."""

    row: Row  #: its row in documents.parquet
    paragraphs: tuple[Paragraph, ...]
    shares: tuple[Share, ...]  #: what it is made of, by mark
    standings: tuple[Standing, ...]  #: where it stands before each rule: value, limit, distance
    copies: tuple[Row, ...]  #: the other documents of its cluster
    contained: tuple[Row, ...]  #: rows of pairs.parquet: what it is part of, and what is part of it


@dataclass(frozen=True, slots=True)
class Group:
    """A paragraph that recurs, and some of the places where it does."""

    row: Row  #: its row in groups.parquet
    reason: str | None  #: when it is so by the user's word
    lines: tuple[str, str]  #: to paste into `approve` and into `ignore`
    slots: tuple[tuple[tuple[str, int], ...], ...]  #: for each slot of the template what fills it, the most often first
    read: int  #: paragraphs of which the slots were read
    places: tuple[Row, ...]  #: doc_id and position


@dataclass(frozen=True, slots=True)
class Cluster:
    """Documents that are copies of one another."""

    name: str
    members: tuple[Row, ...]
    pairs: tuple[Row, ...]


PLACES = 20  #: of a group that are listed
#: Paragraphs of a template that are read again to tell what fills its slots: the first ones, so that few files are.
FILLED = 500


def explain(run: Run, name: str) -> Document | Group | Cluster:
    """What this name (a document's id, a group, a cluster) stands for.

    Raises UnknownName when nothing has it, NoDocuments when the run has none.
    """
    if not run.manifest["counts"]["documents"]:
        raise NoDocuments(f"The run {str(run.path)!r} has no documents, so there is nothing to show.")
    found = rows(run.documents.filter(pl.col("doc_id") == name))
    if found:
        return _document(run, found[0])
    if group := rows(run.groups.filter(pl.col("group") == name)):
        return _group(run, group[0])
    if members := rows(run.documents.filter(pl.col("cluster") == name)):
        return _cluster(run, name, members)
    raise _unknown(run, name)


def rows(frame: pl.LazyFrame) -> list[Row]:
    """The rows of a frame as dictionaries."""
    return frame.collect().to_dicts()


def _document(run: Run, row: Row) -> Document:
    text = read_texts(run, [(row["source"], row["row"])])[row["source"], row["row"]]
    marked = rows(run.paragraphs.filter(pl.col("doc_id") == row["doc_id"]).with_columns(MARK))
    held = {own["group"] for own in marked} - {None}
    recurring = rows(run.groups.filter(pl.col("group").is_in(sorted(held))))
    groups = {group["group"]: group for group in recurring}
    paragraphs = _paragraphs(run, marked, text, groups)
    frame = pl.DataFrame([row], schema=run.documents.collect_schema())
    standings = gating.standings(frame, gating.suite_in_force(run.validation))
    same = (pl.col("cluster") == pl.lit(row["cluster"], pl.String)) & (pl.col("doc_id") != row["doc_id"])
    copies = run.documents.filter(same).select("doc_id", "site", "duplicate_of", "similarity")
    sides = (pl.col("left") == row["doc_id"]) | (pl.col("right") == row["doc_id"])
    contained = run.pairs.filter(sides & (pl.col("relation") == PART))
    return Document(row, paragraphs, shares_of(text, marked), standings, tuple(rows(copies)), tuple(rows(contained)))


def _paragraphs(run: Run, marked: list[Row], text: str, groups: dict[str, Row]) -> tuple[Paragraph, ...]:
    texts = [text[row["start"] : row["end"]] for row in marked]
    entries = Word.of(run.settings.boilerplate).deciding(texts, [groups.get(row["group"]) for row in marked])
    repeating = copies_of(marked)
    found = []
    for row, own, by in zip(marked, texts, entries, strict=True):
        kind = row["kind"] if row["label"] == "boilerplate" else None
        spans = tuple((span["start"] - row["start"], span["end"] - row["start"], span["rule"]) for span in row["spans"])
        reason = why(row, groups.get(row["group"]), repeating.get(row["position"], ()), by)
        found.append(
            Paragraph(row["position"], own, row["label"], row["kind"], row["rule"], reason, lines(own, kind), spans)
        )
    return tuple(found)


def _group(run: Run, row: Row) -> Group:
    held = run.paragraphs.filter(pl.col("group") == row["group"]).select("doc_id", "position", "start", "end")
    spoken = row["rule"] in (APPROVED, IGNORED)
    entry = Word.of(run.settings.boilerplate).speaking_of(row) if spoken else None
    reason = why({**row, "repeats": None}, entry=entry) if spoken else None
    own = lines(row["template"] or row["text"], row["kind"])
    found = _fillings(run, row) if row["template"] else []
    slots = tuple(tuple(Counter(values).most_common()) for values in zip(*found, strict=True))
    return Group(row, reason, own, slots, len(found), tuple(rows(held.select("doc_id", "position").head(PLACES))))


def _fillings(run: Run, row: Row) -> list[tuple[str, ...]]:
    """What fills the slots of this group's template: in its own paragraphs, and in those that recur as they stand."""
    template = row["template"]
    others = run.groups.select("group", "text").collect()
    named = others.filter(contains(plain(others["text"]), pattern(template)))["group"]
    fits = pl.col("group").is_in([row["group"], *named])
    held = run.paragraphs.filter(fits).select("doc_id", "start", "end").head(FILLED)
    return fillings(template, _texts(run, held))


def _texts(run: Run, paragraphs: pl.LazyFrame) -> list[str]:
    """The texts of these paragraphs (`doc_id`, `start`, `end`), read again from the input."""
    documents = run.documents.select("doc_id", "source", "row")
    placed = rows(paragraphs.join(documents, on="doc_id", how="left", maintain_order="left"))
    texts = read_texts(run, list({(own["source"], own["row"]): None for own in placed}))
    return [texts[own["source"], own["row"]][own["start"] : own["end"]] for own in placed]


def _cluster(run: Run, name: str, members: list[Row]) -> Cluster:
    ids = [member["doc_id"] for member in members]
    pairs = run.pairs.filter(pl.col("left").is_in(ids) & pl.col("right").is_in(ids))
    return Cluster(name, tuple(members), tuple(rows(pairs)))


def _unknown(run: Run, name: str) -> UnknownName:
    ids = run.documents.select("doc_id").collect().to_series()
    close = ids.filter(ids.str.contains(name, literal=True)).head(5).to_list()
    close = close or get_close_matches(name, ids.head(100_000).to_list(), n=5)
    return UnknownName("document, group or cluster", name, close or ids.head(5).to_list(), where=str(run.path))
