"""The first join: a label for every paragraph of a run, with only some documents' paragraphs in memory at a time.

What recurs is asked of the whole corpus: keys and documents are held as plain columns, and of the paragraphs in several
documents, and those that may be of a template, all that is known. What follows for the others is asked of their own
document alone, and so is done part by part, and what was decided goes back to the disk.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
import polars as pl

from corpusqa import annotate, boilerplate, context, templates
from corpusqa.approval import Word
from corpusqa.config import Boilerplate
from corpusqa.identity import group_names
from corpusqa.parts import Part, Parts, write_part

LABELLED = "labelled"  #: the table of a part that is left here: the columns of `tables.PARAGRAPHS`, and `COUNTED`
COUNTED = ("document", "stays")
KEPT = "kept"  #: and the one that the second pass reads: what stays of each paragraph
LABELS = pl.Enum(["content", "boilerplate", "repeated"])  #: a byte a paragraph
#: Where the edges of a document are depends on what is furniture, and what is furniture on the edges: with one round,
#: a bio above a footer that only recurrence knows is not at the tail.
ROUNDS = 2


@dataclass(frozen=True, slots=True)
class Furniture:
    """What was decided."""

    groups: pl.DataFrame  #: the columns of `tables.GROUPS`, with `group` still a key
    labels: dict[str, int]  #: how many paragraphs have which
    rules: dict[str, int]  #: how many paragraphs which rule decided
    n_words: int


def decided(parts: Parts, settings: Boilerplate, word: Word) -> Furniture:
    """Decide what every paragraph is; leaves the tables `LABELLED` and `KEPT` of each part."""
    documents = parts.columns("documents", ["site", "date"])
    near, often = _recurrence(parts, settings)
    labels = [paragraphs.select(annotate.ALONE.cast(LABELS)).to_series() for paragraphs in parts.tables("paragraphs")]
    for _ in range(ROUNDS):
        marked = [own != "content" for own in labels]
        held = boilerplate.recurring(parts.tables("paragraphs"), near, often, documents, marked)
        groups = word.on_groups(boilerplate.groups(held, parts.wordings))
        labels = [own["label"].cast(LABELS) for own in _labelled(parts, held, groups)]
    ends = partial(parts.columns, "frames")
    made = templates.learned(partial(_batches, parts, labels), ends, held, groups, documents["site"], parts.wordings)
    del held, labels
    groups = word.on_groups(made.groups)
    return _left(parts, made.assigned, groups)


def _recurrence(parts: Parts, settings: Boilerplate) -> tuple[pl.DataFrame, boilerplate.Often]:
    """Which paragraphs are nearly the same, and which groups of them are in several documents."""
    keys = parts.columns("paragraphs", ["key"]).to_series().to_numpy()
    documents = parts.documents("paragraphs")
    near = boilerplate.near_groups(boilerplate.often(keys, documents), parts, settings.threshold)
    return near, boilerplate.often(boilerplate.grouped(keys, near), documents, settings.min_documents)


def _batches(parts: Parts, labels: Iterable[pl.Series]) -> Iterator[templates.Batch]:
    """The paragraphs as templates are learned from them."""
    tables = zip(parts.tables("paragraphs"), labels, parts.each("frames"), strict=True)
    return (templates.Batch(paragraphs, own == "boilerplate", ends) for paragraphs, own, ends in tables)


def _labelled(parts: Parts, assigned: pl.DataFrame, groups: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """The paragraphs of each part with their labels; `assigned` has the group of those that are in one."""
    ordered = assigned.select("document", "position", "group", "headline").sort("document")
    bounds = np.searchsorted(ordered["document"].to_numpy(), [first for first, _ in parts.firsts().values()])
    tables = zip(parts.tables("paragraphs"), parts.tables("spans"), bounds, [*bounds[1:], len(ordered)], strict=True)
    for paragraphs, spans, start, stop in tables:
        own = ordered[start:stop]
        yield annotate.labels(paragraphs, own, groups.join(own, on="group", how="semi"), spans)


def _left(parts: Parts, assigned: pl.DataFrame, groups: pl.DataFrame) -> Furniture:
    """Write what was decided, a part at a time, and count it."""
    counts = []
    n_words = 0
    tables = zip(parts.parts, _labelled(parts, assigned, groups), parts.each("frames", context.FORMS), strict=True)
    for part, labelled, ends in tables:
        own = context.surrounded(labelled, ends)
        _write(parts, part, own)
        counts.append(own.group_by("label", "rule").agg(n=pl.len()))
        n_words += int(own["n_words"].sum())
    counted = pl.concat(counts)
    by_label = dict(counted.group_by("label").agg(pl.col("n").sum()).iter_rows())
    by_rule = dict(counted.drop_nulls("rule").group_by("rule").agg(pl.col("n").sum()).iter_rows())
    return Furniture(groups, by_label, by_rule, n_words)


def _write(parts: Parts, part: Part, own: pl.DataFrame) -> None:
    names = ("position", "start", "end", "n_words", "label", "kind", "rule", "score", "repeats", "spans")
    left = own.select(*COUNTED, *names, group=group_names(own["group"]))
    left = left.with_columns(pl.col("document") - pl.lit(parts.firsts()[part.name][0], pl.UInt32))
    write_part(parts.folder, part.name, LABELLED, left)
    write_part(parts.folder, part.name, KEPT, own.select("spans", kept=annotate.KEPT))
