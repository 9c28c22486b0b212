"""What there is to read: pieces of files, gathered into shards of about one size."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of one file that can be read without the rest of it."""

    source: str  #: the file, as a path below INPUT
    path: Path
    format: str  #: a name of READERS
    start: int = 0  #: of plain JSON lines a byte, of Parquet a row, else 0
    stop: int = -1  #: one past the last byte or row; -1 is the end of the file
    first_row: int = 0  #: the row number of its first record
    folder: str | None = None  #: the first folder below INPUT: the site of records that name none


@dataclass(frozen=True, slots=True)
class Shard:
    """A unit of work: pieces in the order of their sources and rows."""

    number: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Corpus:
    """All that INPUT holds: shards in the order of source and row, and what a run's manifest says about its inputs."""

    shards: tuple[Shard, ...]
    inputs: list[dict[str, Any]] = field(default_factory=list)  #: source, path, bytes, sha256, format, input
    ignored: dict[str, int] = field(default_factory=dict)  #: suffix -> files of it that were not read
