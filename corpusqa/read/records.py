"""From records to frames: what every format has in common once its bytes are parsed.

A format gives `Record`s; here they become a `Chunk`: a frame of those that can be used, one of those that cannot, and,
for who asks, the bytes of each as it stands in the file. This is also where text becomes *text as read*.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import polars as pl
import pyarrow as pa

from corpusqa.config import Read
from corpusqa.read.pieces import Piece

BATCH = pl.Schema(
    {
        "source": pl.String,
        "row": pl.UInt64,
        "id": pl.String,
        "url": pl.String,
        "site": pl.String,
        "date": pl.String,
        "text": pl.String,
        "altered": pl.Boolean,
    }
)
REJECTS = pl.Schema({"source": pl.String, "row": pl.UInt64, "reason": pl.String, "record": pl.String})
RAW_TEXT = pl.Schema([*BATCH.items(), ("folder", pl.String)])  #: what a format hands to `as_read`

#: Characters of a rejected record that `rejects.jsonl` shows: enough to recognise it; the whole is in the input.
EXCERPT = 500

SCHEME_HOST = r"(?i)^(?:[a-z][a-z0-9+.\-]*:)?//(?:[^/?#@]*@)?(\[[^\]]*\]|[^/?#:]*)"
BARE_HOST = r"(?i)^((?:[a-z0-9\-]+\.)+[a-z][a-z0-9\-]+)(?::[0-9]+)?(?:[/?#]|$)"


class Record(NamedTuple):
    """One record. With a `reason` it cannot be used; with neither reason nor text it is no record (a blank line)."""

    row: int
    raw: bytes
    reason: str = ""
    text: str | None = None
    altered: bool = False
    id: str | None = None
    url: str | None = None
    site: str | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Chunk:
    """Consecutive records. `raws`, when asked for, are all of them as they stand in the files, `places` where."""

    frame: pl.DataFrame  #: columns of BATCH
    rejects: pl.DataFrame  #: columns of REJECTS
    places: list[tuple[str, int]]  #: source and row of each raw record
    raws: list[bytes] | pa.RecordBatch


Records = Callable[[Piece, Read, "frozenset[int] | None"], Iterator[Record]]
Chunks = Callable[..., Iterator[Chunk]]


def chunked(records: Records) -> Chunks:
    """The reader of a format whose records come one by one: gathers them over its pieces into chunks."""

    def chunks(
        pieces: Iterable[Piece],
        settings: Read,
        batch_bytes: int,
        *,
        whole: bool = False,
        wanted: dict[str, frozenset[int]] | None = None,
    ) -> Iterator[Chunk]:
        waiting: list[tuple[Piece, Record]] = []
        n_bytes = 0
        for piece in pieces:
            for record in records(piece, settings, None if wanted is None else wanted.get(piece.source, frozenset())):
                if waiting and n_bytes + len(record.raw) > batch_bytes:
                    yield _chunk(waiting, whole)
                    waiting, n_bytes = [], 0
                waiting.append((piece, record))
                n_bytes += len(record.raw) + 64
        if waiting:
            yield _chunk(waiting, whole)

    return chunks


def _chunk(records: list[tuple[Piece, Record]], whole: bool) -> Chunk:
    used = [(piece, record) for piece, record in records if record.text is not None]
    refused = [(piece, record) for piece, record in records if record.reason]
    return Chunk(
        _frame(used),
        rejected((piece.source, record.row, record.reason, excerpt(record.raw)) for piece, record in refused),
        [(piece.source, record.row) for piece, record in records] if whole else [],
        [record.raw for _, record in records] if whole else [],
    )


def rejected(rows: Iterable[tuple[str, int, str, str]]) -> pl.DataFrame:
    """The frame of rejects from its rows."""
    return pl.DataFrame(list(rows), schema=REJECTS, orient="row")


def excerpt(raw: bytes) -> str:
    """The start of a record, readable whatever it holds."""
    text = raw[: 4 * EXCERPT].decode("utf-8", "replace").replace("\0", "").strip()
    return text if len(text) <= EXCERPT else text[:EXCERPT] + "…"


def _frame(records: list[tuple[Piece, Record]]) -> pl.DataFrame:
    text, changed = strings([record.text for _, record in records])
    columns = {name: strings([getattr(record, name) for _, record in records])[0] for name in BATCH.names()[2:6]}
    frame = pl.DataFrame(
        {
            "source": pl.Series([piece.source for piece, _ in records], dtype=pl.String),
            "row": pl.Series([record.row for _, record in records], dtype=pl.UInt64),
            **columns,
            "text": text,
            "altered": changed | pl.Series([record.altered for _, record in records], dtype=pl.Boolean),
            "folder": pl.Series([piece.folder for piece, _ in records], dtype=pl.String),
        },
        schema=RAW_TEXT,
    )
    return as_read(frame)


def strings(values: list[str | None]) -> tuple[pl.Series, pl.Series]:
    """The values as a column, lone surrogates (which are no characters) as U+FFFD; and where there were any."""
    try:
        return pl.Series(values, dtype=pl.String), pl.repeat(False, len(values), dtype=pl.Boolean, eager=True)
    except UnicodeEncodeError:
        fixed = [None if value is None else sound(value) for value in values]
        changed = [new != old for new, old in zip(fixed, values, strict=True)]
        return pl.Series(fixed, dtype=pl.String), pl.Series(changed, dtype=pl.Boolean)


def sound(text: str) -> str:
    r"""The text with U+FFFD for each lone surrogate.

    >>> sound("a\ud83d b"), sound("\ud83d\ude00")
    ('a\ufffd b', '\U0001f600')
    """
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def as_read(frame: pl.DataFrame) -> pl.DataFrame:
    """Text as read, the site of each record, and no empty names; takes RAW_TEXT, gives BATCH."""
    text = pl.col("text")
    unusual = text.str.contains("\r", literal=True) | text.str.contains("\0", literal=True)
    plain = (
        text.str.replace_all("\0", "", literal=True)
        .str.replace_all("\r\n", "\n", literal=True)
        .str.replace_all("\r", "\n", literal=True)
    )
    named = [pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in ("id", "url", "site", "date")]
    frame = frame.with_columns(*named, altered=pl.col("altered") | unusual)
    if frame["altered"].any():
        frame = frame.with_columns(text=pl.when(unusual).then(plain).otherwise(text))
    return frame.with_columns(site=pl.coalesce("site", host(pl.col("url")), "folder")).select(BATCH.names())


def host(url: pl.Expr) -> pl.Expr:
    """The site that a URL is on: its host in lower case, without port, `www.`, `m.`, `amp.`; null without a host.

    >>> urls = pl.DataFrame({"url": ["https://user@WWW.Example.org:8080/a", "m.example.org/a", "amp.dev", "no host"]})
    >>> urls.select(host(pl.col("url")))["url"].to_list()
    ['example.org', 'example.org', 'amp.dev', None]
    """
    name = pl.coalesce(url.str.extract(SCHEME_HOST), url.str.extract(BARE_HOST)).str.to_lowercase()
    name = name.str.strip_chars_end(".")
    bare = name.str.replace(r"^(?:(?:www|m|amp)\.)+", "")
    name = pl.when(bare.str.contains(".", literal=True)).then(bare).otherwise(name)
    return pl.when(name != "").then(name)


def named(value: Any) -> str | None:
    """A value of any type as the string that names it: an id 7 is "7", true is "true"; null stays null."""
    if value is None or isinstance(value, str):
        return value
    return value.hex() if isinstance(value, bytes) else json.dumps(value, ensure_ascii=False, default=str)
