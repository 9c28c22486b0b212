"""Prose with furniture glued to it: the sentence stays, what is glued to it is a span.

Scraping joins what a page set apart: "… said the board on Monday. Copyright © 2019 …" is one paragraph. A rule that
knows whole paragraphs by a phrase in them fires on it, and would take the sentence too. What is inside is taken out
first, then; when prose is left, and no rule knows that, the paragraph is content.
"""

from __future__ import annotations

import polars as pl

from corpusqa import residue

#: What is glued to prose. A bio that ends in "Follow …" is a bio all the same, a headline before "Read more" a teaser.
GLUED = ("legal", "prompt", "ad")
#: Words that must be left, and an end mark behind them: what is shorter belongs to the notice ("X is published by Y.").
LEFT = 12
NOTICE = "(?i)©|copyright"  #: as is what holds more of it
ENDED = r"""[.!?…。！？۔।]["”’»)\]]*$"""


def spared(frame: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """What `residue.find` found in these paragraphs (`text`, `n_words`), without those that are prose but for it."""
    marked = frame.with_row_index("row").filter(found["kind"].is_in(GLUED), pl.col("n_words") > LEFT)
    glued = residue.inside(marked["text"]).partition_by("row", as_dict=True, maintain_order=True)
    left = marked[[row for (row,) in glued]]
    rests = [_without(text, spans) for text, spans in zip(left["text"], glued.values(), strict=True)]
    left = left.with_columns(text=pl.Series(rests, dtype=pl.String))
    left = left.with_columns(n_words=pl.col("text").str.count_matches(r"\S+").cast(pl.UInt32), position=0)
    ended = pl.col("text").str.contains(ENDED) & ~pl.col("text").str.contains(NOTICE)
    left = left.filter(pl.col("n_words") >= LEFT, ended)
    prose = left.filter(residue.find(left.drop("row"))["rule"].is_null())["row"]
    here = pl.int_range(pl.len()).is_in(prose.implode())
    return found.with_columns(pl.when(~here).then(pl.all()))


def _without(text: str, spans: pl.DataFrame) -> str:
    """The text outside these spans."""
    pieces, at = [], 0
    for start, end in spans.select("start", "end").iter_rows():
        pieces.append(text[at:start])
        at = end
    return "".join([*pieces, text[at:]]).strip()
