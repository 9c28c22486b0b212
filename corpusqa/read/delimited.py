"""CSV and TSV: a header, then a record a row, which may span lines when quoted."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from corpusqa.config import Read
from corpusqa.read.columns import required
from corpusqa.read.pieces import Piece
from corpusqa.read.records import Record
from corpusqa.read.streams import Stream, head, unusable

csv.field_size_limit(
    2**31 - 1
)  # the default of 128 kB is less than a long article; this is the most that C's long holds

BOM = "\ufeff"


class Table:
    """An open CSV or TSV file: its header, then its rows, each with the lines that it was read from.

    Undecodable bytes are kept as lone surrogates (PEP 383), so that every cell can be written back exactly.
    """

    def __init__(self, path: Path, kind: str) -> None:
        self.stream = Stream(path)
        decoded = io.TextIOWrapper(
            io.BufferedReader(self.stream, 1 << 20), encoding="utf-8", errors="surrogateescape", newline=""
        )
        self._held: list[str] = []
        self.first = decoded.readline()
        self.bom = self.first.startswith(BOM)
        self.first = self.first.removeprefix(BOM)
        self.delimiter = delimiter(self.first, kind)
        self._rows = csv.reader(self._lines(decoded), delimiter=self.delimiter, strict=True)
        header, self.header_raw, self.header_error = next(self._records(), ([], "", ""))
        self.header = header

    def _lines(self, decoded: io.TextIOWrapper) -> Iterator[str]:
        if self.first:
            self._held.append(self.first)
            yield self.first
        for line in decoded:
            self._held.append(line)
            yield line

    def _records(self) -> Iterator[tuple[list[str], str, str]]:
        """Cells, the lines that they were read from, and what is wrong with them; rows without any cell left out."""
        while True:
            error, cells = "", list[str]()
            try:
                cells = next(self._rows)
            except StopIteration:
                return
            except csv.Error as broken:
                error = f"malformed row: {broken}"
            raw = "".join(self._held)
            self._held.clear()
            if cells or error:
                yield cells, raw, error

    def rows(self) -> Iterator[tuple[list[str], str, str]]:
        """As `_records`, below the header; a row with more or fewer cells than the header is wrong too."""
        width = len(self.header)
        for cells, raw, error in self._records():
            if not error and len(cells) != width:
                error = f"malformed row: {len(cells)} cells where the header has {width}"
            yield cells, raw, error

    def close(self) -> None:
        """Close the file."""
        self.stream.close()


def delimiter(first: str, kind: str) -> str:
    r"""What parts the cells: a tab in TSV; in CSV a comma, or a semicolon or tab when the header has no comma.

    >>> delimiter("id,text", "csv"), delimiter("id;text", "csv"), delimiter("id,text", "tsv")
    (',', ';', '\t')
    """
    if kind == "tsv":
        return "\t"
    return next((mark for mark in ",;\t" if mark in first), ",")


def encoded(text: str) -> bytes:
    """The bytes that these characters were read from."""
    return text.encode("utf-8", "surrogateescape")


def records(piece: Piece, settings: Read, wanted: frozenset[int] | None = None) -> Iterator[Record]:
    """The records of a file; `row` counts those below the header, from 0.

    Raises UnusableInput when the header names no text column, or not the one that was asked for.
    """
    if wanted is not None and not wanted:
        return
    if reason := unusable(head(piece.path)):
        with Stream(piece.path) as stream:
            yield Record(0, stream.read(), reason)
        return
    table = Table(piece.path, piece.format)
    try:
        for record in _records(table, piece, settings):
            if wanted is None or record.row in wanted:
                yield record
    finally:
        table.close()


def _records(table: Table, piece: Piece, settings: Read) -> Iterator[Record]:
    if not table.header_raw:
        if table.stream.broken:
            yield Record(0, b"", table.stream.broken)
        return
    if table.header_error:
        with Stream(piece.path) as stream:
            yield Record(0, stream.read(), table.header_error)
        return
    columns = required(table.header, settings, piece.source)
    places = [None if name is None else table.header.index(name) for name in columns.by_role()]
    held: tuple[list[str], str, str] | None = (
        None  # one row is held back: where a file breaks off, the last is not whole
    )
    row = 0
    for following in table.rows():
        if held is not None:
            yield _record(row, held, places)
            row += 1
        held = following
    if held is not None:
        broken = table.stream.broken
        yield Record(row, encoded(held[1]), broken) if broken else _record(row, held, places)
    elif table.stream.broken:
        yield Record(0, b"", table.stream.broken)


def _record(row: int, read: tuple[list[str], str, str], places: list[int | None]) -> Record:
    cells, raw, error = read
    data = encoded(raw)
    if error:
        return Record(row, data, error)
    text, *names = (None if place is None else readable(cells[place]) for place in places)
    assert text is not None
    return Record(row, data, "", text, text != cells[places[0] or 0], *names)


def readable(cell: str) -> str:
    """The cell with U+FFFD for each stretch of undecodable bytes."""
    return cell if cell.isascii() else encoded(cell).decode("utf-8", "replace")
