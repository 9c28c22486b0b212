"""Band keys to pairs: each pair that agrees in a band once, crowds apart, whatever comes first."""

from __future__ import annotations

from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusqa import bands
from corpusqa.bands import candidates, survey

#: Three bands of up to thirty texts, with few keys, so that there are buckets of all sizes.
columns = st.integers(1, 30).flatmap(
    lambda n: st.lists(st.lists(st.integers(0, 8), min_size=n, max_size=n), min_size=1, max_size=3)
)


def agreeing(columns, crowd):
    """The pairs by definition: texts in one bucket of at most `crowd`."""
    found = set()
    for keys in columns:
        for key in set(keys):
            bucket = [text for text, own in enumerate(keys) if own == key]
            if len(bucket) <= crowd:
                found |= set(combinations(bucket, 2))
    return sorted(found)


def given_bands(columns):
    return lambda: (np.array(keys, np.uint64) for keys in columns)


def pairs(found):
    return list(zip(*(side.tolist() for side in found), strict=True))


@pytest.fixture
def small(monkeypatch):
    """A bucket of four is a crowd, six pairs are many, five keys are too many to sort."""
    monkeypatch.setattr(bands, "CROWD", 3)
    monkeypatch.setattr(bands, "PAIRS", 6)
    monkeypatch.setattr(bands, "KEYS", 5)


@settings(deadline=None)
@given(columns)
def test_texts_that_agree_are_pairs(columns):
    assert pairs(candidates(given_bands(columns))) == agreeing(columns, crowd=1000)


def test_a_crowd_is_no_bucket_of_pairs(small):
    @settings(deadline=None)
    @given(columns)
    def holds(columns):
        assert pairs(candidates(given_bands(columns))) == agreeing(columns, crowd=3)
        crowds = [sorted(crowd.tolist()) for crowd in survey(given_bands(columns), len(columns[0])).crowds]
        sizes = [columns[band].count(key) for band in range(len(columns)) for key in set(columns[band])]
        assert sorted(map(len, crowds)) == sorted(size for size in sizes if size > 3)

    holds()


def test_the_parts_are_the_whole(small):
    """Pairs that are too many are listed range by range: none is lost between two ranges, none is listed twice."""

    @settings(deadline=None)
    @given(columns)
    def holds(columns):
        surveyed = survey(given_bands(columns), len(columns[0]))
        parts = (candidates(given_bands(columns), lefts=lefts) for lefts in surveyed.parts())
        assert list(chain.from_iterable(map(pairs, parts))) == pairs(candidates(given_bands(columns)))

    holds()


def test_the_order_of_the_bands_does_not_matter():
    generator = np.random.default_rng(0)
    columns = generator.integers(0, 300, (8, 500)).astype(np.uint64)
    forth, back = candidates(lambda: columns), candidates(lambda: columns[::-1])
    assert pairs(forth) == pairs(back)


def test_what_is_settled_alike_is_no_pair():
    keys = np.zeros(5, np.uint64)
    settled = np.array([0, 0, 2, -1, -1])
    found = pairs(candidates(lambda: [keys], settled))
    assert (0, 1) not in found
    assert len(found) == 9


def test_no_texts_give_no_pairs():
    assert pairs(candidates(lambda: [np.empty(0, np.uint64)])) == []
    assert list(survey(lambda: [np.empty(0, np.uint64)], 0).parts()) == [(0, 0)]
