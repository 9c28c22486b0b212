"""The tables between the stages: what a column is called, what type it has, what it means.

A run is these tables in a folder; a stage takes some and makes others. A table is written to a temporary name and
renamed, so a file exists whole or not at all, and in row groups of a fixed size, so that the same rows give the same
bytes however the work was cut up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

#: What furniture is.
Kind = Literal["ad", "prompt", "legal", "credit", "bio", "related", "navigation", "residue"]

ROW_GROUP = 131_072  #: rows; large enough to compress well, small enough that one row group fits any memory


@dataclass(frozen=True, slots=True)
class Column:
    """A column, its type, and one line on what it means."""

    name: str
    dtype: pl.DataType | type[pl.DataType]
    meaning: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table by its public name: the file is `<name>.parquet` in the run folder."""

    name: str
    columns: tuple[Column, ...]

    @property
    def schema(self) -> pl.Schema:
        """Names and types in the order in which they are written."""
        return pl.Schema({column.name: column.dtype for column in self.columns})

    @property
    def file(self) -> str:
        """The file's name in the run folder."""
        return f"{self.name}.parquet"

    def empty(self) -> pl.DataFrame:
        """No rows, every column."""
        return pl.DataFrame(schema=self.schema)

    def fit(self, frame: pl.DataFrame, extra: Sequence[str] = (), after: str | None = None) -> pl.DataFrame:
        """The frame with just these columns, in order and type, and the `extra` ones behind `after`."""
        own = list(self.schema)
        place = len(own) if after is None else own.index(after) + 1
        names = [*own[:place], *extra, *own[place:]]
        return frame.select(pl.col(name).cast(self.schema.get(name, frame.schema[name])) for name in names)

    def write(self, folder: Path, frame: pl.DataFrame, extra: Sequence[str] = (), after: str | None = None) -> None:
        """Write the frame, fitted, to its file in this folder."""
        fitted = self.fit(frame, extra, after)
        write_parquet([fitted], folder / self.file, fitted.schema)

    def write_all(self, folder: Path, frames: Iterable[pl.DataFrame]) -> None:
        """Write the rows of these frames, one after the other, to its file in this folder."""
        write_parquet((self.fit(frame) for frame in frames), folder / self.file, self.schema)


SPAN = pl.Struct({"start": pl.UInt32, "end": pl.UInt32, "kind": pl.String, "rule": pl.String})

DOCUMENTS = Table(
    "documents",
    (
        Column("doc_id", pl.String, "the id column, else the path below INPUT, with #row where a file holds several"),
        Column("source", pl.String, "the input file, as a path below INPUT"),
        Column("row", pl.UInt64, "the record's place in its source, from 0; in JSON lines the line"),
        Column("url", pl.String, "the URL column"),
        Column("site", pl.String, "the site column, else the URL's host, else the first folder below INPUT"),
        Column("date", pl.String, "the date column, as it stands in the input"),
        Column("unreadable_ratio", pl.Float64, "share of the input's records that could not be used, the same in all"),
        Column("cluster", pl.String, "the near-duplicate cluster: c and 12 hex digits; null outside any"),
        Column("duplicate_of", pl.String, "the kept document that this one is a copy of; null for what is kept"),
        Column("similarity", pl.Float64, "Jaccard with duplicate_of"),
        Column("verdict", pl.String, "accept, flag or reject"),
        Column("failed", pl.List(pl.String), "the critical rules that the document breaks"),
        Column("flagged", pl.List(pl.String), "the warning rules that the document breaks"),
    ),
)

PARAGRAPHS = Table(
    "paragraphs",
    (
        Column("doc_id", pl.String, "the document"),
        Column("position", pl.UInt32, "the paragraph's place in the document, from 0"),
        Column("start", pl.UInt32, "its first character in the text as read"),
        Column("end", pl.UInt32, "one past its last character"),
        Column("n_words", pl.UInt32, "words, by white space"),
        Column("label", pl.String, "content, boilerplate or repeated"),
        Column("kind", pl.String, "of boilerplate: ad, prompt, legal, credit, bio, related, navigation, residue"),
        Column("rule", pl.String, "what decided"),
        Column("group", pl.String, "its group in groups.parquet, when it recurs across documents"),
        Column("score", pl.Float64, "how sure, from 0 to 1"),
        Column("repeats", pl.UInt32, "of a repeated paragraph: the position of the copy that is kept"),
        Column("spans", pl.List(SPAN), "furniture inside a paragraph that stays content"),
    ),
)

GROUPS = Table(
    "groups",
    (
        Column("group", pl.String, "g and 12 hex digits of the hash of the normalised text"),
        Column("text", pl.String, "the most frequent form"),
        Column("template", pl.String, "the frame with its slots, or null"),
        Column("variants", pl.UInt32, "different wordings"),
        Column("documents", pl.UInt32, "documents that hold it"),
        Column("independent_documents", pl.UInt32, "the same, near-copies of one document counted once"),
        Column("sites", pl.UInt32, "sites that it occurs on"),
        Column("occurrences", pl.UInt32, "paragraphs, several in one document included"),
        Column("mean_position", pl.Float64, "0 at the head of its documents, 1 at the tail"),
        Column("label", pl.String, "content or boilerplate"),
        Column("kind", pl.String, "as in paragraphs"),
        Column("rule", pl.String, "what decided"),
        Column("score", pl.Float64, "how sure, from 0 to 1"),
        Column("n_chars", pl.UInt64, "characters over all copies"),
    ),
)

PAIRS = Table(
    "pairs",
    (
        Column("left", pl.String, "the smaller doc_id"),
        Column("right", pl.String, "the larger doc_id"),
        Column("jaccard", pl.Float64, "of the two shingle sets, exact"),
        Column("containment_left", pl.Float64, "share of the left document's shingles that the right one has"),
        Column("containment_right", pl.Float64, "share of the right document's shingles that the left one has"),
        Column("relation", pl.String, "exact; near: alike; contained: one is part of the other, and no copy"),
    ),
)

REMOVED = Table(
    "removed",
    (
        Column("doc_id", pl.String, "the document; null for an input record that is none: unusable, or a blank line"),
        Column("source", pl.String, "the input file"),
        Column("row", pl.UInt64, "the record's place in it"),
        Column("start", pl.UInt32, "of a cut: its first character in the text as read; null for a whole record"),
        Column("end", pl.UInt32, "one past the cut's last character"),
        Column("text", pl.String, "what was cut, with the white space that went with it"),
        Column("rule", pl.String, "the rule that took it out"),
        Column("record", pl.Binary, "the whole original record, when it was dropped or its characters normalised"),
    ),
)

RUN_TABLES = (DOCUMENTS, PARAGRAPHS, GROUPS, PAIRS)


def write_parquet(frames: Iterable[pl.DataFrame], path: Path, schema: pl.Schema) -> int:
    """Write the frames one after the other as one file, whole or not at all; returns the rows written."""
    temporary = path.with_name(f".{path.name}.tmp")
    arrow_schema = pl.DataFrame(schema=schema).to_arrow(compat_level=pl.CompatLevel.oldest()).schema
    n_rows = 0
    with pq.ParquetWriter(temporary, arrow_schema, compression="zstd") as writer:
        for group in _regrouped(frames):
            writer.write_table(_arrow(group, arrow_schema), row_group_size=ROW_GROUP)
            n_rows += len(group)
    temporary.replace(path)
    return n_rows


def _arrow(frame: pl.DataFrame, schema: pa.Schema) -> pa.Table:
    return frame.rechunk().to_arrow(compat_level=pl.CompatLevel.oldest()).cast(schema).combine_chunks()


def _regrouped(frames: Iterable[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """The same rows in frames of exactly `ROW_GROUP`, but for the last."""
    waiting: list[pl.DataFrame] = []
    n_waiting = 0
    for frame in frames:
        waiting.append(frame)
        n_waiting += len(frame)
        while n_waiting >= ROW_GROUP:
            together = pl.concat(waiting)
            yield together[:ROW_GROUP]
            waiting, n_waiting = [together[ROW_GROUP:]], n_waiting - ROW_GROUP
    if n_waiting:
        yield pl.concat(waiting)
