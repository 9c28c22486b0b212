"""The way back: curated files and what was removed of them, merged record by record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from pathlib import Path

from corpusqa import read
from corpusqa.curation.formats import form
from corpusqa.curation.forms import Form, Raws
from corpusqa.curation.manifest import Manifest, Source
from corpusqa.curation.removed import Gone, Removed
from corpusqa.cuts import restored
from corpusqa.read import Chunk, Piece, Shard

BATCH_BYTES = 16 << 20  #: of removed records, in memory at a time


@dataclass(frozen=True)
class Kept:
    """A chunk of curated records."""

    chunk: Chunk

    @cached_property
    def texts(self) -> dict[tuple[str, int], str]:
        """The texts by source and row."""
        places = self.chunk.frame.select("source", "row").iter_rows()
        return dict(zip(places, self.chunk.frame["text"], strict=True))


class Restoration:
    """Makes the corpus again in a folder."""

    def __init__(self, curated: Path, folder: Path) -> None:
        self._manifest, self._folder = Manifest.read(curated), folder
        self._removed = Removed(curated)
        self._runs = self._read(curated)
        self._run = next(self._runs, None)
        self._n_records = 0

    def run(self) -> tuple[int, int]:
        """Write every file; returns how many, and how many records."""
        for source in self._manifest.inputs:
            self._source(source)
        self._removed.close()
        return len(self._manifest.inputs), self._n_records

    def _read(self, curated: Path) -> Iterator[tuple[str, Kept, list[int]]]:
        """The curated records: neighbours of one source, as their chunk and their places in it."""
        pieces = tuple(
            Piece(source.source, curated / source.file, source.format)
            for source in self._manifest.inputs
            if source.file is not None and not source.about.get("verbatim")
        )
        for chunk in read.chunks(Shard(0, pieces), self._manifest.settings, whole=True):
            kept = Kept(chunk)
            for name, places in groupby(range(len(chunk.places)), key=lambda place: chunk.places[place][0]):
                yield name, kept, list(places)

    def _source(self, source: Source) -> None:
        path = self._folder / source.source
        merged = _Merged(form(path, source.format, source.about, self._manifest.settings))
        removed = self._removed.of(source.source)
        if source.about.get("verbatim"):
            removed = iter([gone for gone in removed if gone.refused][-1:])  # its last record is the file
        merged.follow(removed)
        while self._run is not None and self._run[0] == source.source:
            merged.kept(self._run[1], self._run[2])
            self._run = next(self._runs, None)
        merged.finish()
        self._n_records += merged.row


class _Merged:
    """One file: what was kept, and between it what was removed."""

    def __init__(self, file: Form) -> None:
        self._file = file
        self._removed: Iterator[Gone] = iter(())
        self._gone: Gone | None = None
        self._raws: Raws = []
        self._order: list[int | bytes] = []
        self._texts: dict[int, str] = {}
        self._n_bytes = 0
        self.row = 0  #: of the input: the next record's
        file.start()

    def follow(self, removed: Iterator[Gone]) -> None:
        """What was removed of this file, in order."""
        self._removed = removed
        self._gone = next(removed, None)

    def kept(self, kept: Kept, places: list[int]) -> None:
        """The next records of the curated file, with what was removed of them and before them."""
        self._raws = kept.chunk.raws
        for place in places:
            while self._gone is not None and self._gone.dropped and self._gone.row == self.row:
                self._put_back()
            gone = self._gone if self._gone is not None and self._gone.row == self.row else None
            if gone is not None and gone.record is not None:
                self._put_back()
                continue
            if gone is not None:
                self._texts[place] = restored(kept.texts[kept.chunk.places[place]], gone.cuts)
                self._gone = next(self._removed, None)
            self._order.append(place)
            self.row += 1
        self._flush()

    def _put_back(self) -> None:
        """The record that was kept of what is gone."""
        assert self._gone is not None
        if self._gone.record is not None:
            self._order.append(self._gone.record)
            self._n_bytes += len(self._gone.record)
            self.row += 1
        self._gone = next(self._removed, None)
        if self._n_bytes > BATCH_BYTES:
            self._flush()

    def _flush(self) -> None:
        if self._order:
            self._file.write(self._raws, self._order, self._texts)
        self._order, self._texts, self._n_bytes = [], {}, 0

    def finish(self) -> None:
        """What was removed behind the last record that was kept."""
        while self._gone is not None:
            self._put_back()
        self._flush()
        self._file.close()
