"""Lines that divide a text: sub-headings, and whom the quotation above is from.

They recur as furniture does, since a house has its style: "What happens next?", "The numbers", "Editorial Board, …"
under every quotation of a round-up. What tells them is their own document: they stand alone between paragraphs of
prose, and several do that say different things, while of the furniture that breaks into a text there is less, or it
says the same again.
"""

from __future__ import annotations

import polars as pl

#: Words from which a paragraph that ends in an end mark is prose, and from which any is.
PROSE, LONG = 12, 15
#: Words of a dividing line, at most, and how many that say different things divide a text. On real news 37 of some
#: 20,000 marks are undone by it, most of them on sub-headings.
LINE, SEVERAL = 12, 3
#: What prose ends in; a sub-heading may be a question.
ENDED = r"""[.!…。！।۔]["'”’»)\]]*$"""


def dividing(paragraphs: pl.DataFrame) -> pl.Series:
    """Which paragraphs divide their text.

    A row a paragraph, whole documents in their order: `document`, `key`, `text`, `n_words`, and the `rule` that knows
    it by its wording, or null.
    """
    ended = pl.col("text").str.contains(ENDED)
    prose = (ended & (pl.col("n_words") >= PROSE)) | (pl.col("n_words") >= LONG)
    lines = paragraphs.select("document", "key", "n_words", "rule", ended=ended, prose=prose)
    between = [pl.col("prose").shift(by, fill_value=False).over("document") for by in (1, -1)]
    short = (pl.col("n_words") <= LINE) & ~pl.col("prose") & ~pl.col("ended")
    lines = lines.with_columns(alone=pl.all_horizontal(*between, short, pl.col("rule").is_null()))
    counted = lines.filter("alone").group_by("document").agg(different=pl.col("key").n_unique())
    several = counted.filter(pl.col("different") >= SEVERAL)["document"]
    return lines.select(dividing=pl.col("alone") & pl.col("document").is_in(several.implode())).to_series()
