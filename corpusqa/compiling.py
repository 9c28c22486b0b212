"""The inner loops compiled before there is work for them, on all workers at once.

Without this, every worker would compile every kernel when it meets it, and each of them the same ones. A made-up text
goes through each part of the audit instead, so that the kernels meet what they will meet, and are kept.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import polars as pl

from corpusqa import containment, fingerprint, metrics, read, templates
from corpusqa.approval import Word
from corpusqa.cluster import clusters, near_duplicates
from corpusqa.config import Settings
from corpusqa.passes import FirstPass
from corpusqa.slots import worded
from corpusqa.specific import SHORT, TOKENS, candidates, inside
from corpusqa.texts import Texts

TEXT = """A line of some words, that is said once more below, with a word or two of it changed – “quoted”, Café.
A line of some words, that is said once more here, with a word or two of it changed – “quoted”, Café.
A line of some words, that is said once more below, with a word or two of it changed – “quoted”, Café.
"""
THRESHOLD = 0.8
DOCUMENTS = pl.DataFrame({"text": [TEXT, TEXT + "More of it, here at the end of a longer text."]})


def compile_part(part: str) -> str:
    """Compile the kernels of one of the `PARTS`, and return its name."""
    PARTS[part]()
    return part


def _paragraphs() -> None:
    """What the first pass does with paragraphs, and what becomes of templates."""
    batch = read.Batch(DOCUMENTS.with_columns(altered=False), pl.DataFrame())
    with TemporaryDirectory() as folder:
        banding, word = fingerprint.banding(THRESHOLD), Word(())
        FirstPass(Path(folder), Settings(), (), metrics.Extensions(), banding, word).part("made-up", batch)
    texts = Texts.of(DOCUMENTS["text"])
    ends = templates.frames(texts).with_columns(
        form=pl.int_range(pl.len()), key=0, row=0, n_marks=pl.lit(SHORT + 1, pl.UInt8)
    )
    name = next(iter(TOKENS))
    candidates(name, ends[name], ends)
    inside(ends[name], ends, lambda asked, on: DOCUMENTS)
    worded(ends.select("row", "form", frame=name), lambda asked, on: asked.hstack(DOCUMENTS))


def _documents() -> None:
    """Metrics, prints, copies."""
    texts = Texts.of(DOCUMENTS["text"])
    metrics.measure_texts(texts, metrics.origins(["default"]).texts)
    fingerprint.normalised(texts)
    fingerprint.prints(texts, containment.SAMPLE)
    found = near_duplicates(DOCUMENTS["text"], contained=True)
    clusters(len(DOCUMENTS), found["left"], found["right"], found["jaccard"])
    texts.joined(np.zeros(len(texts), np.int64), 1)


PARTS: dict[str, Callable[[], None]] = {"paragraphs": _paragraphs, "documents": _documents}
