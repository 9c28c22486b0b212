"""The counting: every document of the run in one frame of numbers, from which all sections count.

Done in polars, over any number of documents; what comes out is a row a document and nothing of its text. The rank that
puts the worst documents first is decided here, once, so that every list on the page agrees on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import polars as pl

#: Cells of a barcode. At 150 pixels a cell of one word in a longer document would be thinner than a pixel.
STRIP_CELLS = 120

LABEL, KIND = pl.col("label"), pl.col("kind")
#: The letter of a paragraph's mark, see `shapes.MARKS`.
MARK = (
    pl.when(LABEL == "repeated")
    .then(pl.lit("r"))
    .when(LABEL != "boilerplate")
    .then(pl.lit("u"))
    .when(KIND == "residue")
    .then(pl.lit("x"))
    .otherwise(pl.lit("b"))
    .alias("mark")
)
IS_COPY = pl.col("duplicate_of").is_not_null()
REJECTED = pl.col("verdict") == "reject"
FLAGGED = pl.col("verdict") == "flag"
MARKED = pl.col("r") + pl.col("b") + pl.col("x")
#: How bad a document is, worst first: the verdict, the rules it breaks, the share of its words that are marked.
BADNESS = (
    pl.col("verdict").replace_strict({"reject": 0, "flag": 1}, default=2, return_dtype=pl.Int8),
    -pl.col("failed").list.len().cast(pl.Int64),
    -pl.col("flagged").list.len().cast(pl.Int64),
    pl.when(pl.col("words") > 0).then(-MARKED / pl.col("words")).otherwise(0.0),
)
#: The metric that knows of furniture inside paragraphs too; its words are counted as boilerplate.
KEPT = "kept_n_words"
Row = dict[str, Any]  #: a row of one of the tables
_OF_DOCUMENTS = ("doc_id", "site", "verdict", "failed", "flagged", "cluster", "duplicate_of", "similarity")


class Tables(Protocol):
    """The tables of a run; a `Run` has them, and so has anything a test makes up."""

    @property
    def documents(self) -> pl.LazyFrame:
        """A row a document."""

    @property
    def paragraphs(self) -> pl.LazyFrame:
        """A row a paragraph."""

    @property
    def groups(self) -> pl.LazyFrame:
        """A row a paragraph that recurs."""

    @property
    def pairs(self) -> pl.LazyFrame:
        """A row a pair of copies."""


@dataclass(frozen=True, slots=True)
class Survey:
    """The run's tables, and the frame that counts them.

    `documents` has the columns of `documents.parquet` that every section needs, and for each document its `words` and
    `n_paragraphs`, its words by mark (`u`, `r`, `b`, `x`), and its place from the worst on (`rank`).
    """

    tables: Tables
    documents: pl.DataFrame

    @classmethod
    def of(cls, tables: Tables) -> Survey:
        """Count the run."""
        names = tables.documents.collect_schema().names()
        documents = tables.documents.select(*_OF_DOCUMENTS, *[KEPT] * (KEPT in names)).with_row_index("order")
        counted = documents.join(_composition(tables.paragraphs), on="doc_id", how="left", maintain_order="left")
        filled = counted.with_columns(pl.col("words", "n_paragraphs", "u", "r", "b", "x").fill_null(0))
        if KEPT in documents.collect_schema():
            inside = pl.col("u") - pl.col(KEPT).cast(pl.Int64)
            filled = filled.with_columns(pl.col("u") - inside, pl.col("b") + inside)
        ranked = filled.sort(*BADNESS, "order").with_row_index("rank").sort("order")
        return cls(tables, ranked.collect())

    def worst(self, n: int) -> pl.DataFrame:
        """The n worst documents, the worst first."""
        return self.documents.bottom_k(n, by="rank").sort("rank")

    def total(self, column: str) -> int:
        """The sum of a column of counts."""
        return int(self.documents[column].sum())

    def of_documents(self, ids: Iterable[str]) -> pl.DataFrame:
        """Every column of these documents, in the run's order."""
        return self._with(self.tables.documents, ids).collect()

    def keys(self, ids: Iterable[str]) -> dict[str, tuple[str, int]]:
        """Source and row of each of these documents."""
        rows = self._with(self.tables.documents.select("doc_id", "source", "row"), ids).collect()
        return {id_: (source, row) for id_, source, row in rows.iter_rows()}

    def paragraphs(self, ids: Sequence[str]) -> dict[str, list[Row]]:
        """The paragraphs of each of these documents that has any, in order, with their `mark`."""
        frame = self._with(self.tables.paragraphs, ids).with_columns(MARK).sort("doc_id", "position").collect()
        found: dict[str, list[Row]] = {}
        for row in frame.iter_rows(named=True):
            found.setdefault(row["doc_id"], []).append(row)
        return found

    def strips(self, ids: Sequence[str]) -> dict[str, str]:
        """The barcode of each of these documents."""
        columns = self._with(self.tables.paragraphs, ids).select("doc_id", "position", "n_words", MARK)
        lists = columns.sort("doc_id", "position").group_by("doc_id", maintain_order=True).agg("mark", "n_words")
        return {key: strip(marks, words) for key, marks, words in lists.collect().iter_rows()}

    def heads(self, ids: Sequence[str]) -> dict[str, tuple[int, int]]:
        """Where the title of each of these documents stands: its first kept paragraph, else its first."""
        columns = self._with(self.tables.paragraphs, ids).select("doc_id", "position", "start", "end", MARK)
        ordered = columns.sort(pl.col("mark") != "u", "position").unique("doc_id", keep="first", maintain_order=True)
        return {key: (start, end) for key, start, end in ordered.select("doc_id", "start", "end").collect().iter_rows()}

    def _with(self, frame: pl.LazyFrame, ids: Iterable[str]) -> pl.LazyFrame:
        wanted = pl.LazyFrame({"doc_id": sorted(set(ids))}, schema={"doc_id": pl.String})
        return frame.join(wanted, on="doc_id", how="semi", maintain_order="left")


def _composition(paragraphs: pl.LazyFrame) -> pl.LazyFrame:
    """Each document's words, in all and by mark."""
    words = pl.col("n_words").cast(pl.Int64)
    by_mark = [words.filter(pl.col("mark") == mark).sum().alias(mark) for mark in "urbx"]
    columns = paragraphs.select("doc_id", "n_words", MARK)
    return columns.group_by("doc_id").agg(
        pl.len().cast(pl.Int64).alias("n_paragraphs"), words.sum().alias("words"), *by_mark
    )


def strip(marks: Sequence[str], words: Sequence[int]) -> str:
    """The barcode of a document: each paragraph's mark and words; a long document's in `STRIP_CELLS` equal steps.

    >>> strip("uub", [120, 80, 3])
    'u120u80b3'
    """
    if len(marks) > STRIP_CELLS:
        marks, words = _merged(marks, words)
    if len(marks) > STRIP_CELLS:
        marks, words = _stepped(marks, words)
    return "".join(f"{mark}{n}" for mark, n in zip(marks, words, strict=True))


def _merged(marks: Sequence[str], words: Sequence[int]) -> tuple[list[str], list[int]]:
    """Neighbours of one mark as one cell."""
    cells: list[tuple[str, int]] = []
    for mark, n in zip(marks, words, strict=True):
        if cells and cells[-1][0] == mark:
            cells[-1] = (mark, cells[-1][1] + n)
        else:
            cells.append((mark, n))
    return [mark for mark, _ in cells], [n for _, n in cells]


def _stepped(marks: Sequence[str], words: Sequence[int]) -> tuple[list[str], list[int]]:
    """Equal numbers of words a cell, each with the mark that most of its words have."""
    held: list[dict[str, int]] = [{} for _ in range(STRIP_CELLS)]
    total, seen = max(sum(words), 1), 0
    for mark, n in zip(marks, words, strict=True):
        cell = held[min(seen * STRIP_CELLS // total, STRIP_CELLS - 1)]
        cell[mark] = cell.get(mark, 0) + n
        seen += n
    full = [cell for cell in held if cell]
    return [max(sorted(cell), key=cell.__getitem__) for cell in full], [sum(cell.values()) for cell in full]
