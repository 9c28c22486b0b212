"""The files found -> shards: each file is read once, for its digest and for the places where it can be cut."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from corpusqa.errors import UnusableInput, UnusableRun
from corpusqa.read.finding import Found, find
from corpusqa.read.parquet import open_file
from corpusqa.read.pieces import Corpus, Piece, Shard
from corpusqa.read.streams import BLOCK, HEAD, UTF8_BOM, Stream, compression, head, lines, unusable

PARQUET_MAGIC = b"PAR1"


@dataclass(frozen=True, slots=True)
class _Digest:
    """What one pass over a file tells."""

    n_bytes: int
    sha256: str
    cuts: list[tuple[int, int]]  #: (byte, row) where a line starts, about every `shard_bytes`


def plan(inputs: Sequence[str | Path], *, shard_bytes: int = 32 << 20) -> Corpus:
    """The shards of a corpus, and what the manifest says of its files. The order of `inputs` does not matter.

    Plain JSON lines and Parquet are cut into pieces of about `shard_bytes`; small files go together. Raises
    UnusableInput for what is not there or cannot be opened. A corpus without any file has one shard with nothing in it.
    """
    if not inputs:
        raise UnusableInput("No input was named. Name files, folders or globs.")
    files, ignored = find(inputs)
    pieces: list[tuple[Piece, int]] = []
    entries = []
    for source, found in files.items():
        try:
            own, entry = _planned(source, found, shard_bytes)
        except OSError as refused:
            reason = f"{found.path} cannot be read: {refused.strerror}. Make it readable, or leave it out."
            raise UnusableInput(reason) from None
        pieces += own
        entries.append(entry)
    shards = tuple(_shards(pieces, shard_bytes)) or (Shard(0, ()),)
    return Corpus(shards, entries, ignored)


def _planned(source: str, found: Found, shard_bytes: int) -> tuple[list[tuple[Piece, int]], dict[str, Any]]:
    """The pieces of a file, each with its size, and its entry in the manifest."""
    kind = found.format or sniffed(found.path)
    if kind == "json" and _is_lines(found.path):
        kind = "jsonl"
    packed = compression(found.path)
    by_line = kind == "jsonl" and not packed and not unusable(head(found.path))
    digest = _digest(found.path, shard_bytes if by_line else 0)
    whole = Piece(source, found.path, kind, folder=found.folder)
    pieces = [(whole, digest.n_bytes)]
    if digest.cuts:
        pieces = list(_stretches(whole, digest))
    elif kind == "parquet" and not packed:
        pieces = list(_row_ranges(whole, digest.n_bytes, shard_bytes))
    entry = {"source": source, "path": str(found.path), "bytes": digest.n_bytes, "sha256": digest.sha256}
    return pieces, {**entry, "format": kind, "input": str(found.given)}


def _digest(path: Path, every: int = 0) -> _Digest:
    """One pass: size, SHA-256, and, when `every` is given, the first line start after each `every` bytes."""
    sha256, n_bytes, n_lines, cuts = hashlib.sha256(), 0, 0, list[tuple[int, int]]()
    following = every
    with path.open("rb", buffering=0) as file:
        while block := file.read(BLOCK):
            sha256.update(block)
            counted = 0
            while every and n_bytes + len(block) >= following:
                end = block.find(b"\n", max(0, following - n_bytes - 1)) + 1
                if not end:
                    break
                n_lines += block.count(b"\n", counted, end)
                cuts.append((n_bytes + end, n_lines))
                counted, following = end, n_bytes + end + every
            n_lines += block.count(b"\n", counted) if every else 0
            n_bytes += len(block)
    return _Digest(n_bytes, sha256.hexdigest(), [cut for cut in cuts if cut[0] < n_bytes])


def _stretches(whole: Piece, digest: _Digest) -> Iterator[tuple[Piece, int]]:
    """A file of lines, cut."""
    starts = [(0, 0), *digest.cuts]
    stops = [start for start, _ in digest.cuts] + [digest.n_bytes]
    for (start, row), stop in zip(starts, stops, strict=True):
        yield replace(whole, start=start, stop=stop, first_row=row), stop - start


def _row_ranges(whole: Piece, n_bytes: int, shard_bytes: int) -> Iterator[tuple[Piece, int]]:
    """A Parquet file, cut at row groups, and inside one that is larger than a shard.

    A cut inside a row group costs reading what comes before it once more; one row group of a whole corpus, which is
    what pandas writes, would otherwise be one unit of work.
    """
    try:
        with open_file(whole.path) as file:
            groups = [file.metadata.row_group(group) for group in range(file.num_row_groups)]
            sizes = [(group.num_rows, group.total_byte_size) for group in groups]
    except (OSError, pa.ArrowException):
        yield whole, n_bytes  # its reader says what is wrong with it
        return
    yield from _together(whole, _units(sizes, shard_bytes), shard_bytes)


def _units(sizes: Iterable[tuple[int, int]], shard_bytes: int) -> Iterator[tuple[int, int]]:
    """(one past the last row, bytes) of each row group, or of each part of a large one."""
    first = 0
    for n_rows, n_bytes in sizes:
        parts = max(1, min(n_rows, n_bytes // shard_bytes))
        for part in range(1, parts + 1):
            yield first + part * n_rows // parts, n_bytes // parts
        first += n_rows


def _together(whole: Piece, units: Iterable[tuple[int, int]], shard_bytes: int) -> Iterator[tuple[Piece, int]]:
    """Neighbouring units as one piece while they are small."""
    start = stop = size = 0
    for after, n_bytes in units:
        if stop > start and size + n_bytes > shard_bytes:
            yield replace(whole, start=start, stop=stop, first_row=start), size
            start, size = stop, 0
        stop, size = after, size + n_bytes
    yield replace(whole, start=start, stop=stop, first_row=start), size


def _shards(pieces: Iterable[tuple[Piece, int]], shard_bytes: int) -> Iterator[Shard]:
    """Pieces one after the other, together while they are small."""
    together: list[Piece] = []
    number, n_bytes = 0, 0
    for piece, size in pieces:
        if together and n_bytes + size > shard_bytes:
            yield Shard(number, tuple(together))
            together, number, n_bytes = [], number + 1, 0
        together.append(piece)
        n_bytes += size
    if together:
        yield Shard(number, tuple(together))


def sniffed(path: Path) -> str:
    """The format of a file whose name tells nothing: Parquet by its magic, JSON lines by its first line, else text."""
    if head(path).startswith(PARQUET_MAGIC):
        return "parquet"
    return "jsonl" if _is_lines(path) else "text"


def _is_lines(path: Path) -> bool:
    """Whether the first line alone is a JSON object, and not the first of a longer value."""
    with Stream(path) as stream:
        start = stream.read(HEAD).removeprefix(UTF8_BOM).lstrip()
        if not start.startswith(b"{"):
            return False
        if b"\n" not in start:
            start += next(iter(next(lines(stream), [b""])), b"")
    try:
        return isinstance(json.loads(start.partition(b"\n")[0].decode("utf-8", "replace"), strict=False), dict)
    except (ValueError, RecursionError):
        return False


def verify(inputs: Iterable[dict[str, Any]]) -> None:
    """Whether the files of a manifest are still what they were. Raises UnusableRun naming the first that is not."""
    for entry in inputs:
        path = Path(entry["path"])
        try:
            same = path.stat().st_size == entry["bytes"] and _digest(path).sha256 == entry["sha256"]
        except OSError:
            raise UnusableRun(f"{path} was an input of this run and is gone. Put it back, or audit again.") from None
        if not same:
            raise UnusableRun(f"{path} has changed since this run read it. Put the old file back, or audit again.")
