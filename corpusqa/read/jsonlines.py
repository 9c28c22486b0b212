"""JSON lines: one record a line. A line that is no record is a reject, and the next one is read all the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain
from typing import Any

from corpusqa.config import Read
from corpusqa.errors import UnusableInput
from corpusqa.read.columns import ROLES, Columns, choose, flagged, missing, near
from corpusqa.read.pieces import Piece
from corpusqa.read.records import Record, named
from corpusqa.read.streams import UTF8_BOM, Stream, head, lines, unusable

#: Raw tabs and line breaks inside a string are against the letter of JSON; but scrapers write them, and they are clear.
DECODER = json.JSONDecoder(strict=False)

#: JSON records may lack keys. When this many at the head of a file all lack the one that a flag names, it is a typing
#: error rather than chance, and is refused before a whole corpus is rejected record by record.
TELLING = 10


def records(piece: Piece, settings: Read, wanted: frozenset[int] | None = None) -> Iterator[Record]:
    """The records of a piece; `row` is the number of the line in its file, blank lines included."""
    if piece.start == 0 and (reason := unusable(head(piece.path))):
        with Stream(piece.path) as stream:
            yield Record(0, stream.read(), reason)
        return
    parse = Parser(piece, settings)
    row, line = piece.first_row, b""
    with Stream(piece.path, piece.start, piece.stop) as stream:
        for row, line in enumerate(chain.from_iterable(lines(stream)), piece.first_row):
            if (wanted is None or row in wanted) and (line.endswith(b"\n") or not stream.broken):
                yield parse(row, line)
        rest = b"" if line.endswith(b"\n") else line
        row += bool(line) and not rest
        if stream.broken and (wanted is None or row in wanted):
            yield Record(row, rest, stream.broken)


class Parser:
    """Bytes of one record -> `Record`. Keeps which keys play which role, and looks whether a flag names one of them."""

    def __init__(self, piece: Piece, settings: Read) -> None:
        self.piece, self.settings = piece, settings
        self._columns: dict[tuple[str, ...], Columns] = {}
        self._flagged = {role for role in ROLES if flagged(role, settings) is not None}
        self._unseen = set(self._flagged) if piece.first_row == 0 else set()
        self._n_seen = 0

    def __call__(self, row: int, raw: bytes) -> Record:
        """The record, or why it is none."""
        line, altered = raw, False
        if row == 0 and line.startswith(UTF8_BOM):
            line = line[3:]
        if not line or line.isspace():
            return Record(row, raw)
        try:
            text = line.decode()
        except UnicodeDecodeError:
            text, altered = line.decode("utf-8", "replace"), True
        try:
            value = DECODER.decode(text)
        except ValueError as error:
            return Record(row, raw, f"not valid JSON: {error}")
        except RecursionError:
            return Record(row, raw, "nested too deeply to be read")
        if not isinstance(value, dict):
            return Record(row, raw, f"{json_type(value)} where a JSON object should be")
        return self._record(row, raw, value, altered)

    def _record(self, row: int, raw: bytes, value: dict[str, Any], altered: bool) -> Record:
        columns = self.columns(value)
        if columns.text is None:
            return Record(row, raw, self._no_text(value))
        text = value[columns.text]
        if not isinstance(text, str):
            return Record(row, raw, f"{columns.text!r} is {json_type(text)}, not a string")
        names = [None if key is None else named(value[key]) for key in columns.by_role()[1:]]
        return Record(row, raw, "", text, altered, *names)

    def columns(self, value: dict[str, Any]) -> Columns:
        """The keys of this record that play a role."""
        keys = tuple(value)
        columns = self._columns.get(keys)
        if columns is None:
            if len(self._columns) > 10_000:  # records whose keys are data; the memo would grow with the corpus
                self._columns.clear()
            columns = self._columns[keys] = choose(keys, self.settings)
        if self._unseen:
            self._look_for_flags(columns, keys)
        return columns

    def _look_for_flags(self, columns: Columns, keys: tuple[str, ...]) -> None:
        """Raises UnusableInput when the first records all lack a key that a flag names."""
        self._unseen -= {role for role, key in zip(ROLES, columns.by_role(), strict=True) if key is not None}
        self._n_seen += 1
        if self._n_seen == TELLING and self._unseen:
            raise self._missing(keys)
        if self._n_seen >= TELLING:
            self._unseen = set()

    def _missing(self, keys: tuple[str, ...]) -> UnusableInput:
        role = min(self._unseen, key=ROLES.index)
        return missing(role, keys, self.settings, f"{self.piece.source} (its first {TELLING} records)")

    def _no_text(self, value: dict[str, Any]) -> str:
        """Why this record has no text."""
        keys = [str(key) for key in value]
        flag = self.settings.text_column
        if flag is not None:
            return f"no key {flag!r}. {near(flag, keys)}"
        return f"no key with a usual name for text. It has: {', '.join(keys) or 'none'}."


def json_type(value: Any) -> str:
    """What a JSON value is, for people."""
    names = {type(None): "null", bool: "true or false", int: "a number", float: "a number", str: "a string"}
    return names.get(type(value), "a list" if isinstance(value, list) else "an object")
