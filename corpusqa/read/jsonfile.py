"""JSON files: an array of records, or one record, or several one after the other; read as a stream, whatever the size.

A record is first found (where does this value end?) and then parsed like a line of JSON lines, so that both formats
agree on what a record is. When a value is malformed nothing tells where the next one starts: the rest is one reject.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from corpusqa.config import Read
from corpusqa.read.jsonlines import DECODER, Parser
from corpusqa.read.pieces import Piece
from corpusqa.read.records import Record
from corpusqa.read.streams import BLOCK, Stream, head, unusable

GAP = re.compile(r"[ \t\r\n,]*")
BOM = "\xef\xbb\xbf"  #: of UTF-8, byte for character

#: A value that is cut off by the end of the buffer fails within its last characters: "-Infinity" is the longest word
#: of JSON, "\\uD83D\\uDE00" its longest escape. One that fails before them is malformed, however much more is read.
UNFINISHED = 16


class Elements:
    """The top-level values of a JSON file, with what stands between them.

    Held as Latin-1, a character for each byte: JSON's structure is ASCII, and offsets are offsets into the file.
    """

    def __init__(self, stream: Stream) -> None:
        self._stream, self._buffer, self._position, self._start = stream, "", 0, 0
        self._head = True
        self.tail = b""  #: what follows the last value; known at the end

    def __iter__(self) -> Iterator[tuple[bytes, bytes, str]]:
        """(what stands before the value, the value, why it is none)."""
        while self._gap():
            before = self._buffer[self._start : self._position].encode("latin-1")
            end, error = self._value()
            value = self._buffer[self._position : end].encode("latin-1")
            self._position = self._start = end
            if error:
                yield before, value + self._stream.read(), error
                return
            yield before, value, ""
        self.tail = self._buffer[self._start :].encode("latin-1")

    def _fill(self) -> bool:
        """Read more, at least as much as is being looked at, so that a long value is scanned a few times at most."""
        block = self._stream.read(max(BLOCK, len(self._buffer) - self._start))
        self._buffer = self._buffer[self._start :] + block.decode("latin-1")
        self._position, self._start = self._position - self._start, 0
        return bool(block)

    def _gap(self) -> bool:
        """Move to the next value, over white space, commas and the array's own brackets; False at the end."""
        while True:
            if self._head and self._position == 0 and self._buffer.startswith(BOM):
                self._position = len(BOM)
            found = GAP.match(self._buffer, self._position)
            self._position = found.end() if found else self._position
            if self._position == len(self._buffer):
                if not self._fill():
                    return False
            elif self._head and self._buffer[self._position] == "[":
                self._head, self._position = False, self._position + 1
            elif self._buffer[self._position] == "]":
                self._position += 1
            else:
                self._head = False
                return True

    def _value(self) -> tuple[int, str]:
        """Where the value ends, and what is wrong with it."""
        while True:
            error, end = "", len(self._buffer)
            try:
                _, end = DECODER.raw_decode(self._buffer, self._position)
                whole = end < len(self._buffer)
            except json.JSONDecodeError as broken:
                error = f"not valid JSON: {broken.msg}; this and what follows cannot be read"
                whole = broken.pos < len(self._buffer) - UNFINISHED and not broken.msg.startswith("Unterminated")
            except (ValueError, RecursionError) as broken:
                error, whole = f"not readable JSON: {broken}", True
            if whole or not self._fill():
                return (end, "") if not error else (len(self._buffer), self._stream.broken or error)


def records(piece: Piece, settings: Read, wanted: frozenset[int] | None = None) -> Iterator[Record]:
    """The records of a file, `row` from 0."""
    if wanted is not None and not wanted:
        return
    if reason := unusable(head(piece.path)):
        with Stream(piece.path) as stream:
            yield Record(0, stream.read(), reason)
        return
    parse = Parser(piece, settings)
    row, refused = 0, False
    with Stream(piece.path) as stream:
        for _, raw, error in Elements(stream):
            if wanted is None or row in wanted:
                yield Record(row, raw, error) if error else parse(row, raw)
            row, refused = row + 1, bool(error)
        if stream.broken and not refused and (wanted is None or row in wanted):
            yield Record(row, b"", stream.broken)
