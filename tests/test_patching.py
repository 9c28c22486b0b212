"""Few rows of a long frame: found by their place, and put back there."""

import numpy as np
import polars as pl

from corpusqa.patching import row_of, scattered

FRAME = pl.DataFrame({"document": [0, 0, 3, 3], "position": [0, 1, 0, 1], "label": ["a", "b", "c", "d"]})


def test_paragraphs_are_found_by_their_place():
    """A document without paragraphs takes no room."""
    assert row_of(FRAME, pl.Series([3, 0, 3]), pl.Series([1, 1, 0])).tolist() == [3, 1, 2]


def test_the_other_rows_are_null():
    part = pl.DataFrame({"label": ["new", "newer"], "spans": [[{"start": 1}], []]})
    assert scattered(part, np.array([2, 0]), 4).rows() == [
        ("newer", []),
        (None, None),
        ("new", [{"start": 1}]),
        (None, None),
    ]


def test_nothing_to_change():
    assert scattered(FRAME.clear(), np.array([], np.int64), 2)["label"].to_list() == [None, None]
    assert row_of(FRAME.clear(), pl.Series([], dtype=pl.Int64), pl.Series([], dtype=pl.Int64)).tolist() == []
