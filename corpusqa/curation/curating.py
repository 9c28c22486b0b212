"""One walk over the corpus beside the run's decisions: what stays is written, what goes is kept apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import polars as pl

from corpusqa import read
from corpusqa.curation.converting import Target, fields
from corpusqa.curation.decisions import Decision, Decisions, Options
from corpusqa.curation.manifest import Counts, Manifest, Source
from corpusqa.curation.outputs import Outputs
from corpusqa.curation.removed import Removal, RemovedFile
from corpusqa.curation.rows import Rows
from corpusqa.cuts import cuts, without
from corpusqa.read.streams import DAMAGED
from corpusqa.run import Run

#: The rules of rows in `removed.parquet` that no suite or rule table has.
UNUSABLE = "unusable"  #: an input record that was rejected
NORMALISED = "normalised"  #: kept, in other characters than its record has
CONVERTED = "converted"  #: kept, in another format
BLANK = "blank"  #: a line with nothing in it, of a file that was converted

Place = tuple[str, int]  #: source and row


@dataclass(frozen=True, slots=True)
class Document:
    """A document at its place, and what was decided on it."""

    text: str
    altered: bool
    site: str | None
    decision: Decision


class Curation:
    """Carries out a run's plan in a folder."""

    def __init__(self, run: Run, folder: Path, options: Options, target: Target | None) -> None:
        self._run, self._folder, self._settings = run, folder, run.settings.read
        self._decisions = Decisions(run, options)
        self._outputs = Outputs(folder, run.manifest["inputs"], target, self._settings)
        self._removed = RemovedFile(folder)
        self._counts, self._cuts, self._dropped = Counts(), Counter[str](), Counter[str]()

    def run(self, options: dict[str, Any]) -> Manifest:
        """Write everything; returns what `curated.json` says."""
        for shard in self._run.shards:
            for chunk in read.chunks(shard, self._settings, whole=True):
                self._chunk(chunk)
        self._outputs.close()
        self._removed.close()
        self._counts.cuts = dict(sorted(self._cuts.items()))
        self._counts.dropped = dict(sorted(self._dropped.items()))
        sources = list(self._outputs.sources.values())
        manifest = Manifest(self._settings, options, self._counts, sources, self._outputs.files)
        manifest.write(self._folder)
        return manifest

    def _chunk(self, chunk: read.Chunk) -> None:
        """The records of a chunk, file by file."""
        decided = self._decisions.on(chunk.frame)
        known = chunk.frame.select("source", "row", "text", "altered", "site").iter_rows()
        documents = {
            (source, row): Document(text, altered, site, decision)
            for (source, row, text, altered, site), decision in zip(known, decided, strict=True)
        }
        refused = dict(zip(_places(chunk.rejects), chunk.rejects["reason"], strict=True))
        for source, places in groupby(range(len(chunk.places)), key=lambda place: chunk.places[place][0]):
            self._records(self._outputs.sources[source], chunk, list(places), documents, refused)

    def _records(
        self,
        source: Source,
        chunk: read.Chunk,
        places: list[int],
        documents: dict[Place, Document],
        refused: dict[Place, str],
    ) -> None:
        """Neighbouring records of one file."""
        order: list[int] = []
        changed: dict[int, str] = {}
        for place in places:
            at = chunk.places[place]
            if at in refused:
                self._refuse(source, chunk, place, refused[at])
            elif at not in documents:
                self._blank(source, chunk, place)
                order.append(place)
            elif (text := self._decide(source, chunk, place, documents[at])) is not None:
                order.append(place)
                if text is not documents[at].text or documents[at].altered:
                    changed[place] = text
        if source.converted:
            self._convert(source, chunk, order, changed, documents)
        elif order:
            self._outputs.write(source.source, chunk.raws, order, changed)

    def _refuse(self, source: Source, chunk: read.Chunk, place: int, reason: str) -> None:
        """A record that could not be read. Of a file that is damaged, if only half-way, the record is the file."""
        self._counts.unusable += 1
        form, raws = self._outputs.form(source.source), chunk.raws
        if reason.startswith(DAMAGED) or (isinstance(form, Rows) and isinstance(raws, list)):
            source.about["verbatim"] = True
        whole = source.about.get("verbatim")
        record = self._outputs.path(source.source).read_bytes() if whole else form.record(raws, place)
        self._removed.add(Removal(None, *chunk.places[place], None, None, None, UNUSABLE, record))

    def _blank(self, source: Source, chunk: read.Chunk, place: int) -> None:
        """A blank line, which stays where lines stay, and which no other format has."""
        if source.converted:
            record = self._outputs.form(source.source).record(chunk.raws, place)
            self._removed.add(Removal(None, *chunk.places[place], None, None, None, BLANK, record))

    def _decide(self, source: Source, chunk: read.Chunk, place: int, document: Document) -> str | None:
        """The text that is kept of a document, or None; what is not goes to `removed.parquet`."""
        self._counts.documents += 1
        at, decision = chunk.places[place], document.decision
        if decision.dropped:
            self._dropped.update(decision.dropped)
            record, rules = self._outputs.form(source.source).record(chunk.raws, place), ", ".join(decision.dropped)
            self._removed.add(Removal(decision.doc_id, *at, None, None, None, rules, record))
            return None
        self._counts.kept += 1
        self._counts.normalised += document.altered
        if source.converted or document.altered:
            record, rule = self._outputs.form(source.source).record(chunk.raws, place), NORMALISED
            rule = CONVERTED if source.converted else rule
            self._removed.add(Removal(decision.doc_id, *at, 0, 0, "", rule, record))
        return self._cut(document, at)

    def _cut(self, document: Document, at: Place) -> str:
        """The text without its furniture; the very same object when there is none."""
        text, decision = document.text, document.decision
        if not decision.marked and not decision.content:
            return text
        taken = cuts(text, decision.marked, decision.content)
        for start, end, rule in taken:
            self._cuts[rule] += 1
            self._removed.add(Removal(decision.doc_id, *at, start, end, text[start:end], rule, None))
        return without(text, taken)

    def _convert(
        self,
        source: Source,
        chunk: read.Chunk,
        order: list[int],
        changed: dict[int, str],
        documents: dict[Place, Document],
    ) -> None:
        """Documents into another format."""
        form = self._outputs.form(source.source)
        for place in order:
            document = documents.get(chunk.places[place])
            if document is None:
                continue
            text = changed.get(place, document.text)
            own = {"doc_id": document.decision.doc_id, "site": document.site, "text": text}
            record = fields(source.format, form, chunk.raws, place, own, self._settings)
            self._outputs.convert(source.source, chunk.places[place][1], record, text)


def _places(frame: pl.DataFrame) -> Iterator[Place]:
    return frame.select("source", "row").iter_rows()
