"""Frames with a row for each paragraph of a corpus, of which little is special: only the special rows are worked on.

A join, a window or a `when` over millions of rows of which one in ten says anything costs ten times what it must.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

Rows = NDArray[np.int64]


def row_of(paragraphs: pl.DataFrame, document: pl.Series, position: pl.Series) -> Rows:
    """Where in `paragraphs` (whole documents, in order) the paragraphs at these places are.

    >>> frame = pl.DataFrame({"document": [0, 0, 3], "position": [0, 1, 0]})
    >>> row_of(frame, pl.Series([3, 0]), pl.Series([0, 1])).tolist()
    [2, 1]
    """
    held, start = paragraphs["document"].to_numpy(), np.flatnonzero(paragraphs["position"].to_numpy() == 0)
    first = np.zeros(int(held[-1]) + 1 if len(held) else 0, np.int64)
    first[held[start]] = start
    rows: Rows = first[document.to_numpy()] + position.to_numpy()
    return rows


def patched(frame: pl.DataFrame, rows: Rows, part: pl.DataFrame, default: pl.DataFrame | None = None) -> pl.DataFrame:
    """The frame with the columns of `part` at these (different) rows; the others keep theirs, or have the `default`.

    >>> patched(pl.DataFrame({"n": [1, 2, 3]}), np.array([2]), pl.DataFrame({"n": [30]}))["n"].to_list()
    [1, 2, 30]
    """
    held = frame.select(part.columns) if default is None else default.select(part.columns)
    source = np.arange(len(frame)) if default is None else np.zeros(len(frame), np.int64)
    source[rows] = np.arange(len(held), len(held) + len(part))
    return frame.with_columns(pl.concat([held, part])[source])
