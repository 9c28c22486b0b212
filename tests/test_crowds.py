"""Crowds: a bucket of any size costs linear time, and what is found in it still holds."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusqa import bands, crowds, sets
from corpusqa.cluster import clusters, edges
from corpusqa.sets import Sets

THRESHOLD = 0.6


@pytest.fixture(autouse=True)
def _small(monkeypatch):
    """A bucket of four is a crowd, and so few bytes are in memory that every walk takes several steps."""
    monkeypatch.setattr(bands, "CROWD", 3)
    monkeypatch.setattr(sets, "BATCH_BYTES", 400)


def jaccard(one, other):
    return len(one & other) / len(one | other)


def found(family, columns, rank=None):
    """The edges of these sets, given their band keys."""
    offsets = np.cumsum([0, *map(len, family)])
    hashes = np.array([element for one in family for element in sorted(one)], np.uint64)
    place = None if rank is None else np.array(rank)
    return edges(lambda: (np.array(keys, np.uint64) for keys in columns), Sets.held(hashes, offsets), THRESHOLD, place)


def kept(n, pairs, rank=None):
    """The texts that nothing claims."""
    rows = clusters(n, pairs["left"], pairs["right"], pairs["jaccard"], None if rank is None else np.array(rank))
    return sorted(set(range(n)) - set(rows.filter(pl.col("keeper").is_not_null())["document"].to_list()))


def greedy(family, rank):
    """What is kept when every text is compared with all kept ones."""
    best: list[int] = []
    for text in np.argsort(rank).tolist():
        if all(jaccard(family[text], family[other]) < THRESHOLD for other in best):
            best.append(text)
    return sorted(best)


families = st.lists(st.frozensets(st.integers(0, 9), min_size=1, max_size=8), min_size=5, max_size=40)


@settings(deadline=None)
@given(families, st.randoms(use_true_random=False))
def test_in_one_crowd_all_is_kept_that_would_be(family, random):
    """Everything in one bucket, in any keeper order: the kept texts are those of a comparison of all with all."""
    rank = list(range(len(family)))
    random.shuffle(rank)
    result = found(family, [[0] * len(family)], rank)
    assert result.n_crowds == 1
    assert kept(len(family), result.pairs, rank) == greedy(family, rank)


@settings(deadline=None)
@given(
    families.flatmap(
        lambda family: st.tuples(
            st.just(family),
            st.lists(st.lists(st.integers(0, 3), min_size=len(family), max_size=len(family)), min_size=1, max_size=4),
        )
    ),
    st.randoms(use_true_random=False),
)
def test_of_crowds_and_buckets_together_the_kept_ones_hold(given_family, random):
    """No two kept texts that share a bucket, crowd or not, are alike; the edges are true, and each is listed once."""
    family, columns = given_family
    rank = list(range(len(family)))
    random.shuffle(rank)
    pairs = found(family, columns, rank).pairs
    assert pairs.select("left", "right").is_unique().all()
    for left, right, similarity, *_ in pairs.rows():
        assert left < right
        assert similarity == jaccard(family[left], family[right]) >= THRESHOLD
    held = kept(len(family), pairs, rank)
    for i, one in enumerate(held):
        for other in held[i + 1 :]:
            together = any(keys[one] == keys[other] for keys in columns)
            assert not together or jaccard(family[one], family[other]) < THRESHOLD


@settings(deadline=None)
@given(families, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(family, random):
    """The same texts in other rows, with their ranks: the same edges."""
    n = len(family)
    columns = [[random.randrange(3) for _ in family] for _ in range(3)]
    rank, row = random.sample(range(n), n), random.sample(range(n), n)
    moved = found([family[i] for i in row], [[keys[i] for i in row] for keys in columns], [rank[i] for i in row])
    there = {frozenset((row[left], row[right])): same for left, right, same, *_ in moved.pairs.rows()}
    here = {frozenset((left, right)): same for left, right, same, *_ in found(family, columns, rank).pairs.rows()}
    assert there == here


def test_texts_whose_leader_is_a_copy_of_another_find_a_new_one():
    """The best of a crowd is claimed from outside, by a text that is like no other: one is kept for the rest."""
    outside = set(range(0, 16))
    leader = set(range(0, 10))
    others = [set(range(2, 10)) | {100 + i} for i in range(8)]
    family = [outside, leader, *others]
    assert jaccard(outside, leader) >= THRESHOLD
    assert all(jaccard(leader, other) >= THRESHOLD > jaccard(outside, other) for other in others)
    crowd, bucket = [1, *[0] * 9], [5, 5, *range(10, 18)]
    pairs = found(family, [crowd, bucket]).pairs
    assert kept(len(family), pairs) == [0, 2]


def test_an_outlier_does_not_lead_for_long(monkeypatch):
    """The best texts of a crowd resemble nothing; there are more of them than it can have leaders."""
    monkeypatch.setattr(crowds, "LEADERS", 4)
    outliers = [{1000 * i + j for j in range(9)} for i in range(1, 21)]
    near = [{*range(8), 50 + i} for i in range(30)]
    pairs = found(outliers + near, [[0] * 50]).pairs
    assert kept(50, pairs) == list(range(21))


@pytest.mark.parametrize("patience", [0, 3, 1000])
def test_near_copies_are_claimed_however_long_a_crowd_was_idle(monkeypatch, patience):
    """Forty texts that resemble nothing, then a text and its near-copies: one of these is kept."""
    monkeypatch.setattr(crowds, "PATIENCE", patience)
    strangers = [{1000 * i + j for j in range(9)} for i in range(1, 41)]
    near = [{*range(8), 50 + i} for i in range(30)]
    pairs = found(strangers + near, [[0] * 70]).pairs
    assert kept(70, pairs) == list(range(41))


def test_only_edges_to_kept_texts_are_listed():
    """Of many near-copies each is listed with the one that is kept, and with no other."""
    result = found([{*range(9), 50 + i} for i in range(30)], [[0] * 30, [1] * 30])
    assert result.n_crowds == 2
    assert result.pairs.select("left", "right").rows() == [(0, i) for i in range(1, 30)]
