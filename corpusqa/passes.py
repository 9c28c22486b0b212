"""The two walks over the corpus: pure functions from a shard to part files.

The first measures what a batch of documents shows by itself; the joins then decide what each paragraph is; the second
walk reads the same batches again and fingerprints what is kept of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from corpusqa import dividers, fingerprint, glued, metrics, read, repeats, residue, segment, teasers, templates
from corpusqa.approval import Word
from corpusqa.config import Settings
from corpusqa.fingerprint import Banding
from corpusqa.kept import kept_texts
from corpusqa.parts import BAND, Part, Parts, read_part, write_part
from corpusqa.screening import Seen
from corpusqa.sets import Hashes
from corpusqa.texts import Texts

BYTES = ("byte_start", "byte_end")
STRETCH = ("document", *BYTES)
KEPT_METRICS = "kept_metrics"  #: the table of a part that the second walk leaves when somebody asks for it


@dataclass(frozen=True, slots=True)
class FirstPass:
    """Everything that a batch shows by itself: metrics, paragraphs with residue and repeats, fingerprints."""

    folder: Path
    settings: Settings
    names: tuple[str, ...]  #: text metrics to compute
    extensions: metrics.Extensions  #: where those of them come from that are not corpusqa's own
    banding: Banding  #: of the paragraphs' signatures
    word: Word  #: the user's, on what is furniture and what is not

    def __call__(self, shard: read.Shard) -> list[Part]:
        """Write the parts of this shard."""
        self.extensions.load()
        batches = read.batches(shard, self.settings.read)
        return [self.part(f"{shard.number:06d}-{i:06d}", batch) for i, batch in enumerate(batches)]

    def part(self, name: str, batch: read.Batch) -> Part:
        """Write the files of one batch."""
        texts = Texts.of(batch.frame["text"])
        paragraphs = segment.paragraphs(texts)
        stretches = texts.part(paragraphs["byte_start"].to_numpy(), paragraphs["byte_end"].to_numpy())
        keyed = _keyed(paragraphs, stretches)
        self._write(name, "documents", self._measured(batch.frame, texts, paragraphs))
        hits = self.word.hits(keyed["text"], keyed["key"])
        self._write(name, "heard", hits.select(pl.col("entry").unique()))
        seen = residue.look(stretches)
        marked = self._marked(keyed, stretches, hits, seen)
        self._write(name, "paragraphs", marked)
        self._write(name, "spans", _inside(keyed, marked["rule"].is_null() & ~marked["ignored"], seen))
        self._write(name, "frames", templates.frames(stretches))
        self._write(name, "forms", _forms(keyed))
        self._write(name, "bands", self._bands(keyed, stretches))
        _append_rejects(self.folder / f"{name}.rejects.jsonl", batch.rejects)
        n_altered = int(batch.frame["altered"].sum())
        n_bytes = int(texts.n_bytes.sum())
        return Part(name, len(texts), len(paragraphs), len(batch.rejects), n_altered, n_bytes)

    def _measured(self, frame: pl.DataFrame, texts: Texts, paragraphs: pl.DataFrame) -> pl.DataFrame:
        """The documents without their text, and with the metrics of it."""
        measured = metrics.measure_texts(texts, self.names, paragraphs=paragraphs)
        return frame.drop("text").hstack(measured)

    def _marked(self, keyed: pl.DataFrame, stretches: Texts, hits: pl.DataFrame, seen: Seen) -> pl.DataFrame:
        """The paragraphs with what each shows alone (residue) and within its document (repeats), without their text."""
        placed = keyed.select("text", "n_words", "position")
        found = glued.spared(placed, residue.find(placed, seen=seen))
        listed = teasers.below_headings(placed, found)
        found = found.with_columns(pl.coalesce(found[name], listed[name]) for name in listed.columns)
        found = self.word.on_paragraphs(found, keyed["text"], hits)
        again = repeats.repeats(stretches, keyed["document"].to_numpy(), self.settings.repeats)
        own = keyed.with_row_index("paragraph").hstack(found)
        own = own.with_columns(dividers.dividing(own)).drop("text")
        again = again.with_columns(source=keyed["position"].gather(again["source"])).rename({"source": "repeats"})
        return own.join(again, on="paragraph", how="left", maintain_order="left").drop("paragraph")

    def _bands(self, keyed: pl.DataFrame, stretches: Texts) -> pl.DataFrame:
        """A row a distinct paragraph that has words: its key and the keys of its bands."""
        first = (
            keyed.with_row_index("paragraph")
            .filter(pl.col("n_tokens") >= 2)
            .unique("key", keep="first", maintain_order=True)
        )
        signatures = fingerprint.signatures(stretches.take(first["paragraph"].to_numpy()), unit="paragraph")
        return first.select("key", "n_tokens").hstack(band_columns(signatures, self.banding))

    def _write(self, name: str, table: str, frame: pl.DataFrame) -> None:
        write_part(self.folder, name, table, frame)


@dataclass(frozen=True, slots=True)
class SecondPass:
    """The fingerprints of the documents as they are compared: without their furniture, or as read."""

    folder: Path
    settings: Settings
    names: tuple[str, ...]  #: metrics of the kept text to compute
    extensions: metrics.Extensions
    banding: Banding
    sample: int  #: one shingle in how many is kept, to find contained documents by

    def __call__(self, shard: read.Shard) -> int:
        """Write the documents' keys and bands; returns the bytes of text that are compared."""
        self.extensions.load()
        n_bytes = 0
        for name, given, plan in planned(shard, self.folder, self.settings):
            if self.names:
                measured = metrics.measure_kept(kept_texts(given, plan), self.names)
                write_part(self.folder, name, KEPT_METRICS, measured)
            texts = as_compared(given, plan, self.settings)
            made = fingerprint.prints(texts, self.sample)
            own = {"key": made.keys, "n_tokens": made.n_tokens, "n_bytes": texts.n_bytes, "n_heads": made.n_heads}
            bands = band_columns(made.signatures, self.banding)
            write_part(self.folder, name, "compared", pl.DataFrame(own).hstack(bands))
            write_part(self.folder, name, "heads", pl.DataFrame({"hash": made.heads}))
            n_bytes += int(texts.n_bytes.sum())
        return n_bytes


@dataclass(frozen=True, slots=True)
class Again:
    """The texts of some documents, read once more."""

    shards: Sequence[read.Shard]
    parts: Parts
    settings: Settings

    def shingles(self, rows: NDArray[np.int64]) -> Hashes:
        """The shingle sets of these documents (ascending) as they are compared."""
        found = [pl.Series([], dtype=pl.String)]
        firsts = self.parts.firsts()
        for shard in self.shards:
            names = [name for name in firsts if name.startswith(f"{shard.number:06d}-")]
            held = [np.searchsorted(rows, firsts[name]) for name in names]
            if not any(start < stop for start, stop in held):
                continue
            for name, texts in compared(shard, self.parts.folder, self.settings):
                start, stop = np.searchsorted(rows, firsts[name])
                found.append(texts.take(rows[start:stop] - firsts[name][0]).series())
        return fingerprint.shingles(pl.concat(found))


def compared(shard: read.Shard, folder: Path, settings: Settings) -> Iterator[tuple[str, Texts]]:
    """The documents of each part of a shard, read again, as the text that similarity is measured on."""
    for name, texts, plan in planned(shard, folder, settings):
        yield name, as_compared(texts, plan, settings)


def planned(shard: read.Shard, folder: Path, settings: Settings) -> Iterator[tuple[str, Texts, pl.DataFrame]]:
    """The documents of each part of a shard, read again, with what was decided on their paragraphs."""
    for i, batch in enumerate(read.batches(shard, settings.read)):
        name = f"{shard.number:06d}-{i:06d}"
        yield name, Texts.of(batch.frame["text"]), read_part(folder, name, "kept")


def as_compared(texts: Texts, plan: pl.DataFrame, settings: Settings) -> Texts:
    """These documents as the text that similarity is measured on."""
    return without_furniture(texts, plan) if settings.duplicates.compare == "kept" else texts


def without_furniture(texts: Texts, plan: pl.DataFrame) -> Texts:
    """The documents as only what is kept of them, one stretch a line.

    `plan` has a row for each paragraph of the batch: whether it is `kept`, and the `spans` (in characters of the
    document) that are cut out of it all the same.
    """
    own = segment.paragraphs(texts).hstack(plan).filter("kept")
    whole = own.filter(pl.col("spans").list.len() == 0)
    pieces = pl.concat([whole.select(STRETCH), _around_spans(texts, own.filter(pl.col("spans").list.len() > 0))])
    pieces = pieces.sort("document", "byte_start")
    stretches = texts.part(pieces["byte_start"].to_numpy(), pieces["byte_end"].to_numpy())
    return stretches.joined(pieces["document"].to_numpy(), len(texts))


def _around_spans(texts: Texts, paragraphs: pl.DataFrame) -> pl.DataFrame:
    """The stretches of these (few) paragraphs that lie outside their spans."""
    rows = []
    for document, start, byte_start, byte_end, spans in paragraphs.select(
        "document", "start", *BYTES, "spans"
    ).iter_rows():
        text = texts.data[byte_start:byte_end].tobytes().decode()
        at = 0
        for first, last in [*((span["start"] - start, span["end"] - start) for span in spans), (len(text), len(text))]:
            if text[at:first].strip():
                rows.append((document, *(byte_start + len(text[:edge].encode()) for edge in (at, first))))
            at = last
    return pl.DataFrame(rows, schema=dict(zip(STRETCH, (pl.UInt32, pl.Int64, pl.Int64), strict=True)), orient="row")


def band_columns(signatures: NDArray[np.uint32], banding: Banding) -> pl.DataFrame:
    """The band keys of these signatures, a column a band, so that a join can read one band and leave the others."""
    keys = fingerprint.band_keys(signatures, banding)
    return pl.DataFrame({f"{BAND}{i:03d}": np.ascontiguousarray(keys[:, i]) for i in range(keys.shape[1])})


def _keyed(paragraphs: pl.DataFrame, stretches: Texts) -> pl.DataFrame:
    """The paragraphs with their text, key, number of tokens, and a hash of the exact form."""
    keys, n_tokens = fingerprint.keys(stretches)
    text = stretches.series()
    own = paragraphs.drop("byte_start", "byte_end")
    return own.with_columns(pl.Series("key", keys), pl.Series("n_tokens", n_tokens), text, text.hash().alias("form"))


def _forms(keyed: pl.DataFrame) -> pl.DataFrame:
    """A row a distinct wording: the normalised text's key, the wording's hash, the wording."""
    return keyed.select("key", "form", "text").unique(["key", "form"], keep="first", maintain_order=True)


def _inside(keyed: pl.DataFrame, unmarked: pl.Series, seen: Seen) -> pl.DataFrame:
    """A row for each stretch of furniture in a paragraph that no rule marks as a whole; offsets into the document."""
    own = keyed.filter(unmarked).select("document", "position", "start", "text")
    found = residue.inside(own["text"], mentions=seen.mentions[unmarked.to_numpy()])
    about = own[found["row"].to_numpy()]
    words = about.select(pl.col("text").str.slice(found["start"], found["end"] - found["start"]))
    n_words = words.to_series().str.count_matches(r"\S+").cast(pl.UInt32)
    return about.select(
        "document",
        "position",
        (pl.col("start") + found["start"]).alias("start"),
        (pl.col("start") + found["end"]).alias("end"),
        found["kind"],
        found["rule"],
        n_words.alias("n_words"),
    )


def _append_rejects(path: Path, rejects: pl.DataFrame) -> None:
    if not rejects.is_empty():
        with path.open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(record, ensure_ascii=False) + "\n" for record in rejects.iter_rows(named=True))
