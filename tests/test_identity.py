"""Names: every document has its own, and the same one tomorrow."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from corpusqa import identity

INPUTS = [{"source": "a.txt", "format": "text"}, {"source": "b.jsonl", "format": "jsonl"}]


def named(rows):
    frame = pl.DataFrame(rows, schema={"id": pl.String, "source": pl.String, "row": pl.UInt64}, orient="row")
    return identity.identified(frame, INPUTS)


def test_without_an_id_the_path_names_it():
    assert named([(None, "a.txt", 0), (None, "b.jsonl", 7)])["doc_id"].to_list() == ["a.txt", "b.jsonl#7"]


def test_an_id_used_before_gets_its_source():
    found = named([("x", "a.txt", 0), ("x", "b.jsonl", 0), ("x", "b.jsonl", 1)])
    assert found["doc_id"].to_list() == ["x", "b.jsonl#x", "b.jsonl#x#1"]
    assert found["renamed"].to_list() == [False, True, True]


@given(st.lists(st.sampled_from(["x", "b.jsonl#x", "b.jsonl#x#1", "b.jsonl#b.jsonl#x", None]), max_size=8))
def test_no_two_documents_have_one_name(ids):
    found = named([(own, "b.jsonl", row) for row, own in enumerate(ids)])
    assert found["doc_id"].is_unique().all()


def test_names_of_groups_and_clusters_have_twelve_digits():
    assert identity.group_names(pl.Series([2**64 - 1, None], dtype=pl.UInt64)).to_list() == ["g" + "f" * 12, None]
    assert identity.cluster_names(pl.Series(["a"])).str.contains("^c[0-9a-f]{12}$").all()
