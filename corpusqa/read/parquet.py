"""Parquet: a record a row, read in batches, columns as they are: no row is touched by Python."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from corpusqa.config import Read
from corpusqa.read.columns import Columns, required
from corpusqa.read.pieces import Piece
from corpusqa.read.records import RAW_TEXT, Chunk, as_read, excerpt, named, rejected
from corpusqa.read.streams import Stream, compression

MAX_ROWS = 65_536  #: rows a batch when they are short; beyond it nothing gets faster

#: Column chunks are read page by page, not whole: a row group of a whole corpus must not have to fit into memory.
OPTIONS: Any = {"buffer_size": 1 << 20, "pre_buffer": False}


@contextmanager
def open_file(path: Path) -> Iterator[pq.ParquetFile]:
    """The file, read through a buffer of one page; a packed one is unpacked to a temporary file first."""
    if not compression(path):
        with pq.ParquetFile(path, **OPTIONS) as file:
            yield file
        return
    with tempfile.TemporaryFile() as unpacked:
        with Stream(path) as stream:
            shutil.copyfileobj(stream, unpacked, 1 << 20)
        unpacked.seek(0)
        with pq.ParquetFile(unpacked, **OPTIONS) as file:
            yield file


def chunks(
    pieces: Iterable[Piece],
    settings: Read,
    batch_bytes: int,
    *,
    whole: bool = False,
    wanted: dict[str, frozenset[int]] | None = None,
) -> Iterator[Chunk]:
    """The rows of these pieces; a file that is damaged gives what could be read, and one reject."""
    for piece in pieces:
        rows = None if wanted is None else wanted.get(piece.source, frozenset())
        if rows is not None and not rows:
            continue
        row = piece.first_row
        damage: Exception | None = None
        for by_group in (False, True):  # a batch spans row groups, and is lost with one of them: then one at a time
            try:
                for batch in _batches(replace(piece, start=row), settings, batch_bytes, whole, by_group):
                    yield _chunk(batch, piece, settings, row, rows, whole)
                    row += len(batch)
            except (OSError, pa.ArrowException) as met:
                damage = met
            else:
                break
        else:
            yield _damaged(piece, row, damage, whole)


def _batches(piece: Piece, settings: Read, batch_bytes: int, whole: bool, by_group: bool) -> Iterator[pa.RecordBatch]:
    """The rows `start` to `stop` of the file, about `batch_bytes` at a time."""
    with open_file(piece.path) as file:
        columns = required(file.schema_arrow.names, settings, piece.source)
        names = None if whole else columns.given
        groups, skip = _groups(file.metadata, piece)
        sizes = [
            (file.metadata.row_group(group).num_rows, file.metadata.row_group(group).total_byte_size)
            for group in groups
        ]
        n_rows, n_bytes = sum(size[0] for size in sizes), sum(size[1] for size in sizes)
        size = max(1, min(MAX_ROWS, batch_bytes * max(n_rows, 1) // max(n_bytes, 1)))
        left = n_rows if piece.stop < 0 else piece.stop - piece.start
        for some in [[group] for group in groups] if by_group else [groups]:
            for batch in file.iter_batches(size, row_groups=some, columns=names):
                part = batch.slice(skip, left)
                skip = max(0, skip - len(batch))
                left -= len(part)
                yield from _halves(part, 2 * batch_bytes)
                if not left:
                    return


def _groups(metadata: pq.FileMetaData, piece: Piece) -> tuple[list[int], int]:
    """The row groups that hold the piece, and how many of their rows come before it."""
    groups, first, skip = list[int](), 0, 0
    for group in range(metadata.num_row_groups):
        after = first + metadata.row_group(group).num_rows
        if after > piece.start and (piece.stop < 0 or first < piece.stop):
            skip = skip if groups else piece.start - first
            groups.append(group)
        first = after
    return groups, skip


def _halves(batch: pa.RecordBatch, limit: int) -> Iterator[pa.RecordBatch]:
    """The batch in parts of at most `limit` bytes each, or of one row: row groups mix long rows with short."""
    if len(batch) <= 1 or batch.nbytes <= limit:
        if len(batch):
            yield batch
        return
    middle = len(batch) // 2
    yield from _halves(batch.slice(0, middle), limit)
    yield from _halves(batch.slice(middle), limit)


@dataclass(frozen=True, slots=True)
class _Text:
    """The text column of a batch: strings, where bytes had to be replaced, and why a null is one."""

    values: pl.Series
    altered: pl.Series
    reason: str


def _chunk(
    batch: pa.RecordBatch, piece: Piece, settings: Read, row: int, wanted: frozenset[int] | None, whole: bool
) -> Chunk:
    columns = required(batch.schema.names, settings, piece.source)
    text = _text(batch, columns)
    frame = pl.DataFrame(
        {
            "source": pl.repeat(piece.source, len(batch), eager=True, dtype=pl.String),
            "row": pl.int_range(row, row + len(batch), eager=True, dtype=pl.UInt64),
            **{name: _names(batch, column) for name, column in _roles(columns)},
            "text": text.values,
            "altered": text.altered,
            "folder": pl.repeat(piece.folder, len(batch), eager=True, dtype=pl.String),
        },
        schema=RAW_TEXT,
    )
    if wanted is not None:
        frame = frame.filter(pl.col("row").is_in(sorted(wanted)))
    null = frame["text"].is_null()
    unread = frame.filter(null).select("row", "id", "url", "site", "date")
    refused = ((piece.source, names.pop("row"), text.reason, _excerpt(names)) for names in unread.to_dicts())
    places = [(piece.source, at) for at in range(row, row + len(batch))] if whole else []
    return Chunk(as_read(frame.filter(~null)), rejected(refused), places, batch if whole else [])


def _roles(columns: Columns) -> list[tuple[str, str | None]]:
    return [("id", columns.id), ("url", columns.url), ("site", columns.site), ("date", columns.date)]


def _text(batch: pa.RecordBatch, columns: Columns) -> _Text:
    column = plain(batch.column(columns.text))
    unchanged = pl.repeat(False, len(batch), eager=True, dtype=pl.Boolean)
    if not is_string(column.type):
        nothing = pl.repeat(None, len(batch), eager=True, dtype=pl.String)
        return _Text(nothing, unchanged, f"{columns.text!r} is {column.type}, not a string")
    reason = f"{columns.text!r} is null"
    try:
        column.validate(full=True)
    except pa.ArrowInvalid:
        values, altered = _replaced(column)
        return _Text(values, altered, reason)
    return _Text(_series(column), unchanged, reason)


def plain(column: pa.Array) -> pa.Array:
    """The values themselves of a dictionary column; another as it is."""
    return column.dictionary_decode() if pa.types.is_dictionary(column.type) else column


def is_string(kind: pa.DataType) -> bool:
    """Whether values of this type are text."""
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def _series(column: pa.Array) -> pl.Series:
    return pl.Series(column.cast(pa.large_string()), dtype=pl.String)


def _replaced(column: pa.Array) -> tuple[pl.Series, pl.Series]:
    """Strings with U+FFFD for what is not UTF-8 (Parquet does not check), and where that was."""
    data: list[bytes | None] = column.cast(pa.large_binary()).to_pylist()
    values = [None if value is None else value.decode("utf-8", "replace") for value in data]
    altered = [value is not None and value.encode() != old for value, old in zip(values, data, strict=True)]
    return pl.Series(values, dtype=pl.String), pl.Series(altered, dtype=pl.Boolean)


def _names(batch: pa.RecordBatch, name: str | None) -> pl.Series:
    """A column of ids, URLs, sites or dates as strings, whatever its type."""
    if name is None:
        return pl.repeat(None, len(batch), eager=True, dtype=pl.String)
    column = plain(batch.column(name))
    try:
        column.validate(full=True)
        return _series(column)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        if is_string(column.type):
            return _replaced(column)[0]
        return pl.Series([named(value) for value in column.to_pylist()], dtype=pl.String)


def _excerpt(names: dict[str, str | None]) -> str:
    """What a rejected row says of itself, beside its text."""
    return excerpt(json.dumps({key: value for key, value in names.items() if value}, ensure_ascii=False).encode())


def _damaged(piece: Piece, row: int, damage: Exception | None, whole: bool) -> Chunk:
    """One reject for what could not be read; its raw record is the whole file, from which alone it can be restored."""
    said = " ".join(str(damage).split()).rstrip(".")
    reason = f"not a readable Parquet file: {said}; this and what follows cannot be read"
    return Chunk(
        as_read(pl.DataFrame(schema=RAW_TEXT)),
        rejected([(piece.source, row, reason, "")]),
        [(piece.source, row)] if whole else [],
        [piece.path.read_bytes()] if whole else [],
    )
