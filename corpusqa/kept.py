"""Documents as curation will leave them, before anybody has asked for it: what the `kept_*` metrics are measured on."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from corpusqa import segment
from corpusqa.cuts import Content, Cut, cuts, without
from corpusqa.texts import Texts


def kept_texts(texts: Texts, plan: pl.DataFrame) -> Texts:
    """The documents without what the plan takes out, character for character as `curate` writes them.

    `plan` has a row for each paragraph of the batch: whether it is `kept`, and the `spans` (in characters of the
    document) that are cut out of it all the same.
    """
    strings = texts.series()
    marked = segment.paragraphs(texts).hstack(plan).filter(~pl.col("kept") | (pl.col("spans").list.len() > 0))
    if marked.is_empty():
        return texts
    changed = pl.DataFrame(_changed(strings, marked), schema={"document": pl.UInt32, "text": pl.String}, orient="row")
    everyone = strings.to_frame("text").with_row_index("document")
    return Texts.of(everyone.update(changed, on="document", maintain_order="left")["text"])


def _changed(strings: pl.Series, marked: pl.DataFrame) -> Iterator[tuple[int, str]]:
    """The documents from which something goes, with what stays of them."""
    columns = marked.select("document", "start", "end", "kept", "spans")
    for (document,), rows in columns.group_by("document", maintain_order=True):
        text = strings[document]
        gone = [Cut(start, end, "") for _, start, end, kept, _ in rows.iter_rows() if not kept]
        stays = [
            Content(start, end, [Cut(span["start"], span["end"], "") for span in spans])
            for _, start, end, kept, spans in rows.iter_rows()
            if kept
        ]
        yield document, without(text, cuts(text, gone, stays))
