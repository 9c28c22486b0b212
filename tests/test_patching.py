"""Few rows of a long frame: found by their place, changed, and the others left as they are."""

import numpy as np
import polars as pl

from corpusqa.patching import patched, row_of

FRAME = pl.DataFrame({"document": [0, 0, 3, 3], "position": [0, 1, 0, 1], "label": ["a", "b", "c", "d"]})


def test_paragraphs_are_found_by_their_place():
    """A document without paragraphs takes no room."""
    assert row_of(FRAME, pl.Series([3, 0, 3]), pl.Series([1, 1, 0])).tolist() == [3, 1, 2]


def test_the_other_rows_and_columns_stay():
    rows, part = np.array([2, 0]), pl.DataFrame({"label": ["new", "newer"]})
    assert patched(FRAME, rows, part)["label"].to_list() == ["newer", "b", "new", "d"]
    assert patched(FRAME, rows, part).drop("label").equals(FRAME.drop("label"))


def test_a_new_column_has_a_default():
    part = pl.DataFrame({"group": [7]})
    assert patched(FRAME, np.array([1]), part, default=part.clear(1))["group"].to_list() == [None, 7, None, None]


def test_nothing_to_change():
    none = FRAME.clear()
    assert patched(FRAME, np.array([], np.int64), none.select("label")).equals(FRAME)
    assert row_of(none, pl.Series([], dtype=pl.Int64), pl.Series([], dtype=pl.Int64)).tolist() == []
