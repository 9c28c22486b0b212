"""Bytes -> documents: what INPUT holds, cut into shards, and each shard as frames of records.

`plan` finds the files and cuts them up; `batches` reads one shard as a stream, so that no file has to fit in memory;
`reread` reads a few records again. Formats are entries of `READERS`, one module each. Whatever cannot be used is a row
of `Batch.rejects` with its reason: a record is never dropped unsaid, and a bad one never stops the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise

import numpy as np
import polars as pl
from numpy.typing import NDArray

from corpusqa.config import Read
from corpusqa.read import delimited, jsonfile, jsonlines, parquet, text
from corpusqa.read.pieces import Corpus, Piece, Shard
from corpusqa.read.planning import plan, verify
from corpusqa.read.records import BATCH, REJECTS, Chunk, Chunks, chunked

__all__ = [
    "BATCH",
    "READERS",
    "REJECTS",
    "Batch",
    "Chunk",
    "Corpus",
    "Piece",
    "Shard",
    "batches",
    "chunks",
    "plan",
    "reread",
    "verify",
]

READERS: dict[str, Chunks] = {
    "text": chunked(text.records),
    "jsonl": chunked(jsonlines.records),
    "json": chunked(jsonfile.records),
    "csv": chunked(delimited.records),
    "tsv": chunked(delimited.records),
    "parquet": parquet.chunks,
}

BATCH_BYTES = 8 << 20  #: of text in a batch; on news, twice as much took 2 % less time and 40 MB more a worker


@dataclass(frozen=True, slots=True)
class Batch:
    """Consecutive records of a shard: those that can be used, and those that cannot."""

    frame: pl.DataFrame  #: columns of BATCH
    rejects: pl.DataFrame  #: columns of REJECTS


def chunks(
    shard: Shard,
    settings: Read,
    batch_bytes: int = BATCH_BYTES,
    *,
    whole: bool = False,
    wanted: dict[str, frozenset[int]] | None = None,
) -> Iterator[Chunk]:
    """The records of a shard, with their raw form when `whole`; of those `wanted` only, by source and row, if given."""
    for name, pieces in groupby(shard.pieces, key=lambda piece: piece.format):
        yield from READERS[name](pieces, settings, batch_bytes, whole=whole, wanted=wanted)


def batches(shard: Shard, settings: Read, batch_bytes: int = BATCH_BYTES) -> Iterator[Batch]:
    """The records of a shard as text, about `batch_bytes` at a time (a single longer document is a batch of its own).

    A shard without a record is one empty batch. Raises UnusableInput when a table has no text column, or a flag names
    a column that is not there.
    """
    nothing = True
    for chunk in chunks(shard, settings, batch_bytes):
        nothing = False
        yield Batch(chunk.frame, chunk.rejects)
    if nothing:
        yield Batch(pl.DataFrame(schema=BATCH), pl.DataFrame(schema=REJECTS))


def reread(shards: Iterable[Shard], wanted: pl.DataFrame, settings: Read) -> Iterator[pl.DataFrame]:
    """The texts of these records (`source`, `row`) again, as frames of `source, row, text` in the order of the shards.

    Each shard is read once at most, one that holds none of them not at all.
    """
    rows = {str(source): group["row"].to_numpy() for (source,), group in wanted.group_by("source", maintain_order=True)}
    sets = {source: frozenset(numbers.tolist()) for source, numbers in rows.items()}
    shards = tuple(shards)
    after = _rows_after(shards)
    for shard in shards:
        pieces = tuple(piece for piece in shard.pieces if _may_hold(piece, rows.get(piece.source), after))
        if not pieces:
            continue
        for chunk in chunks(Shard(shard.number, pieces), settings, wanted=sets):
            if len(chunk.frame):
                yield chunk.frame.select("source", "row", "text")


def _rows_after(shards: Iterable[Shard]) -> dict[tuple[str, int], int]:
    """Where the next piece of its file begins, by the source and the first row of a piece: only the file knows more."""
    pieces = sorted((piece.source, piece.first_row) for shard in shards for piece in shard.pieces)
    return {one: following[1] for one, following in pairwise(pieces) if one[0] == following[0]}


def _may_hold(piece: Piece, rows: NDArray[np.uint64] | None, after: dict[tuple[str, int], int]) -> bool:
    """Whether one of these rows is in the piece."""
    if rows is None:
        return False
    stop = after.get((piece.source, piece.first_row), np.iinfo(np.uint64).max)
    return bool(((rows >= piece.first_row) & (rows < stop)).any())
