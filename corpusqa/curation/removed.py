"""`removed.parquet`: what curation took out, written as it goes and walked again to restore.

A row is a cut (`start`, `end`, `text`), or a whole record (`start` null, `record` its bytes). A record that stays in
the corpus but cannot be told from what was written, because its characters were normalised or its file converted, has
a row too: a cut of nothing, with the `record`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from corpusqa.tables import REMOVED

#: Bytes of records to a row group. Records are whole documents, so a number of rows would say nothing of memory.
GROUP = 32 << 20


class Removal(NamedTuple):
    """One row, as in `tables.REMOVED`."""

    doc_id: str | None
    source: str
    row: int
    start: int | None
    end: int | None
    text: str | None
    rule: str
    record: bytes | None


class RemovedFile:
    """The table while it is written."""

    def __init__(self, folder: Path) -> None:
        empty = REMOVED.empty().to_arrow(compat_level=pl.CompatLevel.oldest())
        self._writer: Any = pq.ParquetWriter(folder / REMOVED.file, empty.schema, compression="zstd")
        self._schema, self._waiting, self._n_bytes = empty.schema, list[Removal](), 0

    def add(self, removal: Removal) -> None:
        """One more row."""
        self._waiting.append(removal)
        self._n_bytes += 64 + len(removal.record or b"") + len(removal.text or "")
        if self._n_bytes >= GROUP:
            self._flush()

    def _flush(self) -> None:
        columns = zip(*self._waiting, strict=True) if self._waiting else [[]] * len(self._schema)
        arrays = [pa.array(values, column.type) for values, column in zip(columns, self._schema, strict=True)]
        self._writer.write_table(pa.Table.from_arrays(arrays, schema=self._schema))
        self._waiting, self._n_bytes = [], 0

    def close(self) -> None:
        """Write what is left."""
        if self._waiting:
            self._flush()
        self._writer.close()


@dataclass(slots=True)
class Gone:
    """All that was removed of one record."""

    row: int
    dropped: bool = False  #: the record is not in the curated file
    refused: bool = False  #: it never was a document
    record: bytes | None = None
    cuts: list[tuple[int, str]] = field(default_factory=list)  #: start and characters


class Removed:
    """The table, walked source by source."""

    def __init__(self, folder: Path) -> None:
        self._file = pq.ParquetFile(folder / REMOVED.file, buffer_size=1 << 20, pre_buffer=False)
        self._by_source = groupby(self._removals(), key=lambda removal: removal.source)
        self._next = next(self._by_source, None)
        self._given = False  # whether what is next has been asked for

    def _removals(self) -> Iterator[Removal]:
        for batch in self._file.iter_batches(4096):
            yield from (Removal(*row) for row in zip(*(column.to_pylist() for column in batch.columns), strict=True))

    def of(self, source: str) -> Iterator[Gone]:
        """What was removed of this file, record by record; sources must be asked for in their order."""
        if self._given:
            self._next = next(self._by_source, None)
        self._given = self._next is not None and self._next[0] == source
        if self._next is None or not self._given:
            return iter(())
        return (_gone(*row) for row in groupby(self._next[1], key=lambda removal: removal.row))

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def _gone(row: int, removals: Iterable[Removal]) -> Gone:
    gone = Gone(row)
    for removal in removals:
        gone.record = removal.record if removal.record is not None else gone.record
        gone.refused |= removal.doc_id is None
        if removal.start is None:
            gone.dropped = True
        elif removal.text:
            gone.cuts.append((removal.start, removal.text))
    return gone
