"""Templates as people read them: the fixed words as they most often stand, and `⟨…⟩` for what changes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl
from numpy.typing import NDArray

from corpusqa.kernels import openings as _openings
from corpusqa.kernels.characters import character_table
from corpusqa.kernels.classes import class_table
from corpusqa.texts import Texts

SLOT = "⟨…⟩"

#: Different wordings of a template that are read to find its words; more do not change the words of the most.
WORDINGS = 24
#: The share of them that must agree in a word for it to be fixed.
AGREE = 0.8
NUMBER = r"\d+(?:[.,:/]\d+)*"

Wordings = Callable[..., pl.DataFrame]


def worded(members: pl.DataFrame, wordings: Wordings) -> pl.DataFrame:
    """For each `frame` its `template`, and the `text` that was most often made from it.

    `members` has `row`, `frame` and `form` of each paragraph. From either end as many tokens are fixed as four in five
    wordings share, so that "⟨…⟩ on Twitter" becomes "Follow ⟨…⟩ on Twitter" where it can. Numbers are slots always.
    """
    forms = members.group_by("frame", "form").agg(n=pl.len())
    read = forms.sort("frame", "n", "form", descending=[False, True, False])
    read = read.filter(pl.int_range(pl.len()).over("frame") < WORDINGS).select("frame", "form")
    named = wordings(read, on="form").select("frame", "text")
    said = named.hstack(_pieces(named["frame"], Texts.of(named["text"]))).with_columns(template=_template())
    text = said.group_by("frame", maintain_order=True).agg(pl.col("text").first())
    most = said.group_by("frame", "template").agg(n=pl.len()).sort("n", "template", descending=[True, False])
    return text.join(most.unique("frame", keep="first", maintain_order=True).drop("n"), on="frame").sort("frame")


def _template() -> pl.Expr:
    """Head, slot and tail of a text; the text itself where they leave nothing between."""
    head, tail = pl.col("head"), pl.col("tail")
    whole = (head.str.len_bytes() + tail.str.len_bytes() > pl.col("text").str.len_bytes()) | (head + tail == "")
    framed = (head + f" {SLOT} " + tail).str.replace(rf"{SLOT} ([.,:;!?)\]])", f"{SLOT}$1")
    masked = pl.when(whole).then("text").otherwise(framed).str.replace_all(NUMBER, SLOT)
    return masked.str.replace_all(rf"{SLOT}(?:[\s,]*{SLOT})+", SLOT).str.strip_chars()


def _pieces(frame: pl.Series, texts: Texts) -> pl.DataFrame:
    """The `head` and `tail` of each text that its template fixes."""
    shape = 2 * _openings.READ, len(texts)
    hashes, cuts = np.empty(shape, np.uint64), np.empty(shape, np.int64)
    _openings.openings(texts.data, texts.starts, texts.ends, character_table(), class_table(), hashes, cuts)
    heads, tails = (_fixed(frame, half) for half in np.split(hashes, 2))
    stops = _cut(cuts[: _openings.READ], heads, texts.starts)
    starts = _cut(cuts[_openings.READ :], tails, texts.ends)
    head, tail = texts.part(texts.starts, stops).series("head"), texts.part(starts, texts.ends).series("tail")
    return pl.DataFrame([head, tail])


def _fixed(frame: pl.Series, hashes: NDArray[np.uint64]) -> NDArray[np.int64]:
    """For each text how many tokens its template fixes at this end."""
    columns = {f"{k}": row for k, row in enumerate(hashes)}
    own = pl.DataFrame({"frame": frame, **columns})
    most = [pl.col(k).filter(pl.col(k) != 0).unique_counts().max().fill_null(0) for k in columns]
    fixed = own.group_by("frame").agg(n=pl.sum_horizontal((n >= AGREE * pl.len()).cast(pl.Int64) for n in most))
    return own.join(fixed, on="frame", how="left", maintain_order="left")["n"].to_numpy()


def _cut(cuts: NDArray[np.int64], fixed: NDArray[np.int64], none: NDArray[np.int64]) -> NDArray[np.int64]:
    """The byte at which each text is cut; `none` where nothing is fixed or the text is too short for it."""
    at = cuts[np.maximum(fixed - 1, 0), np.arange(len(fixed))]
    return np.where((fixed > 0) & (at > 0), at, none)
