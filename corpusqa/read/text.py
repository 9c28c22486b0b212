"""Text files: one file is one document."""

from __future__ import annotations

import codecs
from collections.abc import Iterator

from corpusqa.config import Read
from corpusqa.read.pieces import Piece
from corpusqa.read.records import Record
from corpusqa.read.streams import HEAD, UTF8_BOM, UTF16_BOMS, Stream, unusable


def records(piece: Piece, settings: Read, wanted: frozenset[int] | None = None) -> Iterator[Record]:
    """The document, row 0; of a damaged file what could be read, and a reject, row 1, for the rest."""
    if wanted is not None and not wanted:
        return
    with Stream(piece.path) as stream:
        data = stream.read()
        broken = stream.broken
    if reason := unusable(data[:HEAD], utf16=True):
        yield Record(0, data, reason)
        return
    text, altered = decode(data)
    yield Record(0, data, "", text, altered)
    if broken:
        yield Record(1, b"", broken)


def decode(data: bytes) -> tuple[str, bool]:
    r"""The characters of a file, and whether its bytes are something else than these characters in UTF-8.

    A byte-order mark is dropped, and UTF-16 read where one announces it; each undecodable stretch is U+FFFD.

    >>> decode(b"\xef\xbb\xbfa"), decode(b"\xff\xfea\0"), decode(b"a\xff"), decode(b"a")
    (('a', True), ('a', True), ('a�', True), ('a', False))
    """
    if data.startswith(UTF16_BOMS):
        order = "utf-16-le" if data.startswith(codecs.BOM_UTF16_LE) else "utf-16-be"
        return data[2:].decode(order, "replace"), True
    if data.startswith(UTF8_BOM):
        return data[3:].decode("utf-8", "replace"), True
    try:
        return data.decode(), False
    except UnicodeDecodeError:
        return data.decode("utf-8", "replace"), True
