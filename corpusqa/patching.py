"""Frames with a row for each paragraph of a corpus, of which little is special: only the special rows are worked on.

A join, a window or a `when` takes its time for each of millions of rows, whether anything is known of it or not.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

Rows = NDArray[np.int64]
ROW = "row of all"


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


def scattered(part: pl.DataFrame, rows: Rows, n: int) -> pl.DataFrame:
    """A frame of `n` rows that has those of `part` at these (different) rows, and nulls elsewhere.

    By a join: polars takes far longer to gather lists.

    >>> scattered(pl.DataFrame({"n": [30, 10]}), np.array([2, 0]), 4)["n"].to_list()
    [10, None, 30, None]
    """
    every = pl.DataFrame({ROW: pl.int_range(n, dtype=pl.UInt32, eager=True)})
    own = part.with_columns(pl.Series(ROW, rows, dtype=pl.UInt32))
    return every.join(own, on=ROW, how="left", maintain_order="left").drop(ROW)
