"""One `Form` a format: text, JSON lines, JSON, CSV and TSV here, Parquet in `rows`."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from corpusqa.config import Read
from corpusqa.curation.forms import Form, Order, Raws
from corpusqa.curation.rows import Rows
from corpusqa.read import delimited, jsonfile
from corpusqa.read.columns import choose, required
from corpusqa.read.finding import format_of
from corpusqa.read.jsonlines import DECODER
from corpusqa.read.streams import Stream, head, unusable


class Bytes(Form):
    """Text files: the record is the file. Also any file that had to be rejected as a whole."""

    def write(self, raws: Raws, order: Order, texts: Mapping[int, str]) -> None:
        """One record after the other."""
        self.start()
        self._write(b"".join(self._one(raws, item, texts) for item in order))

    def _one(self, raws: Raws, item: int | bytes, texts: Mapping[int, str]) -> bytes:
        if isinstance(item, bytes):
            return self.from_record(item)
        return self.with_text(raws[item], texts[item]) if item in texts else raws[item]

    def with_text(self, raw: bytes, text: str) -> bytes:
        """The record with another text."""
        return text.encode()

    def record(self, raws: Raws, place: int) -> bytes:
        """The bytes in the file."""
        raw: bytes = raws[place]
        return raw

    def from_record(self, record: bytes) -> bytes:
        """The bytes in the file, of a record that was kept."""
        return record


class Lines(Bytes):
    """JSON lines: only the text of a changed record is written anew, all else in its line stays byte for byte."""

    def __init__(self, path: Path, about: dict[str, Any], settings: Read) -> None:
        super().__init__(path, about, settings)
        self._ascii = True

    def _one(self, raws: Raws, item: int | bytes, texts: Mapping[int, str]) -> bytes:
        self._ascii = self._ascii and (isinstance(item, bytes) or raws[item].isascii())
        return super()._one(raws, item, texts)

    def close(self) -> None:
        """Finish the file; remember whether it was all ASCII, which one line left without its accents cannot tell."""
        self.about.setdefault("ascii", self._ascii)
        super().close()

    def with_text(self, raw: bytes, text: str) -> bytes:
        """The line with another text."""
        line = raw.decode("utf-8", "surrogateescape")
        start, end = text_value(line, self.settings)
        # Escapes where the value had nothing else, so that a file that was all ASCII stays so.
        written = json.dumps(text, ensure_ascii=self.about.get("ascii", line[start:end].isascii()))
        return (line[:start] + written + line[end:]).encode("utf-8", "surrogateescape")


def text_value(line: str, settings: Read) -> tuple[int, int]:
    r"""Where the text of a JSON object stands in its source; of a key given twice the last, as every parser has it.

    >>> line = '{"id": [1, {"text": 2}], "text" : "one"}'
    >>> start, end = text_value(line, Read())
    >>> line[start:end]
    '"one"'
    """
    found: dict[str, tuple[int, int]] = {}
    position = _space(line, line.index("{") + 1)
    while line[position] != "}":
        key, position = DECODER.raw_decode(line, position)
        start = _space(line, _space(line, position) + 1)
        _, position = DECODER.raw_decode(line, start)
        found[key] = (start, position)
        position = _space(line, position)
        if line[position] == ",":
            position = _space(line, position + 1)
    name = choose(list(found), settings).text
    assert name is not None, "a document has a text"
    return found[name]


SPACE = re.compile(r"[ \t\r\n]*")


def _space(line: str, position: int) -> int:
    found = SPACE.match(line, position)
    return found.end() if found else position


class Values(Lines):
    """JSON files: the values with what stood before, between and behind them."""

    @staticmethod
    def describe(path: Path, settings: Read) -> dict[str, Any]:
        """What stands before the first value, between the first two, and behind the last."""
        gaps: list[bytes] = []
        with Stream(path) as stream:
            elements = jsonfile.Elements(stream)
            for before, _, _ in elements:
                gaps = [*gaps, before][:2]
            tail = elements.tail
        array = not gaps or b"[" in gaps[0]
        parts = [gaps[0] if gaps else b"", gaps[1] if len(gaps) > 1 else b",\n" if array else b"\n", tail]
        return dict(zip(("head", "between", "tail"), (part.decode("latin-1") for part in parts), strict=True))

    def start(self) -> None:
        """Make the file, up to its first value."""
        if self._file is None:
            super().start()
            self._write(self._part("head"))
            self._n_written = 0

    def _part(self, name: str) -> bytes:
        part: str = self.about[name]
        return part.encode("latin-1")

    def write(self, raws: Raws, order: Order, texts: Mapping[int, str]) -> None:
        """The values, set apart as they were."""
        self.start()
        for item in order:
            if self._n_written:
                self._write(self._part("between"))
            self._write(self._one(raws, item, texts))
            self._n_written += 1

    def close(self) -> None:
        """Finish the array."""
        if self._file is not None:
            self._write(self._part("tail"))
        super().close()


class Cells(Bytes):
    """CSV and TSV: rows as they stand; of a changed one the cells are written anew.

    As a record, a row is the JSON array of its cells, null for one that is empty and not quoted (some readers tell it
    from an empty string), or, when it is malformed, the JSON string of its lines.
    """

    @staticmethod
    def describe(path: Path, settings: Read) -> dict[str, Any]:
        """The header as it stands, what parts cells and ends rows, and which cell is the text."""
        table = delimited.Table(path, format_of(path) or "csv")
        table.close()
        about = {"header": delimited.BOM * table.bom + table.header_raw, "delimiter": table.delimiter}
        ending = re.search(r"[\r\n]+$", table.header_raw)
        about["ending"] = ending.group() if ending else "\n"
        if table.header_error:
            return {"verbatim": True}
        if not table.header_raw:
            return about
        columns = required(table.header, settings, path.name)
        return {**about, "names": table.header, "text": table.header.index(columns.text or "")}

    def start(self) -> None:
        """Make the file, with its header."""
        if self._file is None:
            super().start()
            self._write(delimited.encoded(self.about["header"]))

    def cells(self, raw: bytes) -> list[str]:
        """The cells of a row as they stand, quotes and all."""
        line, cells, position = raw.decode("utf-8", "surrogateescape").rstrip("\r\n"), list[str](), 0
        while True:
            found = QUOTED.match(line, position)
            end = found.end() if found else line.find(self.about["delimiter"], position)
            end = len(line) if end < 0 else end
            cells.append(line[position:end])
            if end >= len(line):
                return cells
            position = end + 1

    def with_text(self, raw: bytes, text: str) -> bytes:
        """The row with another text, which is quoted if it was."""
        cells = self.cells(raw)
        place = self.about["text"]
        cells[place] = self._cell(text, quoted=cells[place].startswith('"'))
        return self._row(cells, raw[len(raw.rstrip(b"\r\n")) :])

    def record(self, raws: Raws, place: int) -> bytes:
        """The cells, or the lines, as JSON; escapes stand for what is not UTF-8."""
        line = raws[place].decode("utf-8", "surrogateescape")
        try:
            whole = len(next(csv.reader([line], delimiter=self.about["delimiter"], strict=True))) == len(
                self.about["names"]
            )
        except csv.Error:
            whole = False
        return json.dumps([said(cell) for cell in self.cells(raws[place])] if whole else line).encode()

    def from_record(self, record: bytes) -> bytes:
        """The row."""
        cells = json.loads(record)
        if isinstance(cells, str):
            return delimited.encoded(cells)
        written = ["" if cell is None else self._cell(cell, quoted=not cell) for cell in cells]
        return self._row(written, self.about["ending"].encode())

    def _row(self, cells: Sequence[str], ending: bytes) -> bytes:
        line = self.about["delimiter"].join(cells) or '""'  # a lone empty cell would be a blank line
        return delimited.encoded(line) + ending

    def _cell(self, cell: str, *, quoted: bool) -> str:
        if not quoted and not any(mark in cell for mark in ('"', "\r", "\n", self.about["delimiter"])):
            return cell
        return '"' + cell.replace('"', '""') + '"'


QUOTED = re.compile(r'"[^"]*(?:""[^"]*)*"')


def said(cell: str) -> str | None:
    """What a cell that stands so in its row says; one that is empty and not quoted says nothing.

    >>> said('"a ""b"" c"'), said("a"), said('""'), said("")
    ('a "b" c', 'a', '', None)
    """
    return cell[1:-1].replace('""', '"') if cell.startswith('"') else cell or None


FORMS: dict[str, type[Form]] = {
    "text": Bytes,
    "jsonl": Lines,
    "json": Values,
    "csv": Cells,
    "tsv": Cells,
    "parquet": Rows,
}


def described(path: Path, kind: str, compression: str, settings: Read) -> dict[str, Any]:
    """What `curated.json` says of an input beside its records; `verbatim` when the reader could make nothing of it."""
    about: dict[str, Any] = {"compression": compression}
    if kind == "parquet":
        try:
            return {**about, **FORMS[kind].describe(path, settings)}
        except (OSError, pa.ArrowException):
            return {**about, "verbatim": True}
    if unusable(head(path), utf16=kind == "text"):
        return {**about, "verbatim": True}
    return {**about, **FORMS[kind].describe(path, settings)}


def form(path: Path, kind: str, about: dict[str, Any], settings: Read) -> Form:
    """The file to write, in this format."""
    return Bytes(path, {}, settings) if about.get("verbatim") else FORMS[kind](path, about, settings)
