"""The inner loops compiled before there is work for them, on all workers at once.

Without this, every worker would compile every kernel when it meets it, and each of them the same ones. A made-up text
goes through the stages of the audit instead, so that the kernels meet what they will meet, and are kept.

The parts take about as long as one another, and two of them have few functions in common that both would compile.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl

from corpusqa import containment, fingerprint, metrics, residue, templates
from corpusqa.bands import Rows
from corpusqa.cluster import clusters, edges
from corpusqa.config import Repeats
from corpusqa.repeats import repeats
from corpusqa.sets import Hashes, Sets
from corpusqa.slots import worded
from corpusqa.specific import TOKENS, candidates, inside
from corpusqa.texts import Texts

TEXT = """A line of some words, that is said once more below, with a word or two of it changed – “quoted”, Café.
A line of some words, that is said once more here, with a word or two of it changed – “quoted”, Café.
A line of some words, that is said once more below, with a word or two of it changed – “quoted”, Café.
"""
THRESHOLD = 0.8
DOCUMENTS = pl.DataFrame({"text": [TEXT, TEXT + "More of it, here at the end of a longer text."]})
LINES = (
    DOCUMENTS.with_row_index("document").with_columns(pl.col("text").str.strip_chars().str.split("\n")).explode("text")
)


def compile_part(part: str) -> str:
    """Compile the kernels of one of the `PARTS`, and return its name."""
    PARTS[part]()
    return part


def _metrics() -> None:
    """What documents are measured by; on the way they are cut into paragraphs."""
    metrics.measure_texts(Texts.of(DOCUMENTS["text"]), metrics.origins(["default"]).texts)


def _prints() -> None:
    """What documents and paragraphs are compared by, and the frames of templates."""
    texts = Texts.of(LINES["text"])
    fingerprint.keys(texts)
    fingerprint.normalised(texts)
    fingerprint.shingles(texts)
    signatures = fingerprint.signatures(texts)
    fingerprint.band_keys(signatures, fingerprint.banding(THRESHOLD))
    fingerprint.prints(texts, containment.SAMPLE)
    templates.frames(texts)


def _paragraphs() -> None:
    """What a paragraph shows alone, what is said again in a document, and what becomes of templates."""
    documents, texts = Texts.of(DOCUMENTS["text"]), Texts.of(LINES["text"])
    residue.find(LINES.select("text", n_words=pl.lit(20, pl.UInt32), position=pl.int_range(pl.len(), dtype=pl.UInt32)))
    repeats(texts, LINES["document"].to_numpy(), Repeats())
    texts.joined(LINES["document"].to_numpy().astype(np.int64), len(documents))
    ends = templates.frames(documents).with_columns(form=pl.int_range(pl.len()), key=0, row=0)
    name = next(iter(TOKENS))
    candidates(name, ends[name], ends["n_marks"])
    inside(ends[name], ends, 1, lambda asked, on: DOCUMENTS)
    worded(ends.select("row", "form", frame=name), lambda asked, on: asked.hstack(DOCUMENTS))


def _copies() -> None:
    """Which documents are copies of one another: two that are, and one that is part of a third."""
    shingles = np.arange(1, 100, dtype=np.uint64) << np.uint64(56)
    made = [shingles, shingles, shingles[:60]]

    def some(rows: Rows) -> Hashes:
        own = [made[row] for row in rows]
        return np.concatenate(own), np.cumsum([0, *map(len, own)])

    sets = Sets(some, np.array([len(own) for own in made]))
    keys = np.zeros(len(made), np.uint32)
    found = edges(lambda: [keys], sets, THRESHOLD, heads=containment.Heads.of(sets)).pairs
    clusters(len(sets), found["left"], found["right"], found["jaccard"])


PARTS: dict[str, Callable[[], None]] = {
    "metrics": _metrics,
    "prints": _prints,
    "paragraphs": _paragraphs,
    "copies": _copies,
}
