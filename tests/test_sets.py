"""Shingle sets compared: the numbers are those of Python's sets, however little memory there is."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusqa import sets
from corpusqa.kernels import graph
from corpusqa.kernels.sets import needed
from corpusqa.sets import EDGES, Sets, verified, verified_in_stretches

#: Few different elements, so that sets have much in common; the largest hash is one of them.
elements = st.one_of(st.integers(0, 12), st.just(2**64 - 1))
families = st.lists(st.frozensets(elements, max_size=12), min_size=2, max_size=12)
thresholds = st.sampled_from([0.1, 0.3, 0.5, 2 / 3, 0.7, 0.75, 0.8, 0.9, 1.0])


def packed(family):
    """Sets as the kernels take them: hashes, offsets."""
    offsets = np.cumsum([0, *map(len, family)])
    return np.array([element for one in family for element in sorted(one)], np.uint64), offsets


def every_pair(n):
    left, right = np.triu_indices(n, 1)
    return left.astype(np.uint32), right.astype(np.uint32)


def by_python(family, threshold):
    """Every pair that is similar enough, with the numbers, by definition."""
    found = []
    for i, one in enumerate(family):
        for j, other in enumerate(family[i + 1 :], i + 1):
            common = len(one & other)
            if one and other and common / len(one | other) >= threshold:
                found.append((i, j, common / len(one | other), common / len(one), common / len(other)))
    return found


@settings(deadline=None)
@given(families, thresholds)
def test_the_numbers_are_those_of_python_sets(family, threshold):
    pairs = verified(*every_pair(len(family)), *packed(family), threshold)
    assert pairs.schema == EDGES
    assert pairs.rows() == by_python(family, threshold)


@settings(deadline=None)
@given(st.integers(1, 5000), st.integers(1, 5000), st.floats(0.01, 1.0))
def test_as_few_common_elements_as_will_do_are_needed(size, other, threshold):
    least = needed.py_func(size, other, threshold)
    assert least == 0 or (least - 1) / (size + other - least + 1) < threshold
    assert least == size + other or least / (size + other - least) >= threshold


@pytest.mark.parametrize(("size", "common"), [(9, 8), (90, 80), (18, 16), (45, 40)])
def test_a_pair_at_the_very_threshold_counts(size, common):
    """Of sets of 9 with 8 in common, the Jaccard is 8/10: rounding must not lose it."""
    assert Fraction(common, 2 * size - common) == Fraction(4, 5)
    assert needed.py_func(size, size, 0.8) == common


def test_the_left_one_stays_left():
    """Containment belongs to its side, also where the pair is given the wrong way round."""
    family = [{1, 2}, {1, 2, 3, 4}]
    assert verified(np.array([1]), np.array([0]), *packed(family), 0.5).rows() == [(0, 1, 0.5, 1.0, 0.5)]


@settings(deadline=None)
@given(families, thresholds, st.integers(2, 300))
def test_memory_does_not_decide_what_is_found(family, threshold, limit):
    """However few bytes may be in memory at a time, the same pairs are found, and no more is made at once."""
    hashes, offsets = packed(family)
    sizes = 8 * np.diff(offsets)
    made = []

    def make(rows):
        made.append((sizes[rows].sum(), len(rows)))
        return sets._sets.taken(hashes, offsets, rows)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sets, "BATCH_BYTES", limit)
        patched.setattr(sets, "PAIRS_AT_ONCE", 3)
        found = verified_in_stretches(*every_pair(len(family)), Sets(make, sizes), threshold)
    assert found.sort("left", "right").rows() == by_python(family, threshold)
    assert all(n_bytes <= limit or n_sets == 2 for n_bytes, n_sets in made)


def test_connected_texts_are_made_together():
    """Four components, interleaved, and memory for two: each text is made once."""
    family = [{1, 2, 3}, {4, 5, 6}, {7, 8, 9}, {10, 11, 12}] * 10
    hashes, offsets = packed(family)
    made = []

    def make(rows):
        made.extend(rows.tolist())
        return sets._sets.taken(hashes, offsets, rows)

    left, right = every_pair(len(family))
    own = (right - left) % 4 == 0
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sets, "BATCH_BYTES", 2 * 10 * 24)
        verified_in_stretches(left[own], right[own], Sets(make, 8 * np.diff(offsets)), 0.5)
    assert sorted(made) == list(range(40))


def test_nothing_is_no_pair():
    none = np.empty(0, np.uint32)
    held = Sets.held(np.empty(0, np.uint64), np.zeros(1, np.int64))
    assert verified_in_stretches(none, none, held, 0.8).equals(pl.DataFrame(schema=EDGES))


@settings(deadline=None)
@given(st.lists(st.integers(0, 5), max_size=20))
def test_rows_are_grouped_in_order(groups):
    starts, rows = graph.grouped(np.array(groups, np.uint32), 6)
    found = [rows[starts[g] : starts[g + 1]].tolist() for g in range(6)]
    assert found == [[row for row, group in enumerate(groups) if group == g] for g in range(6)]
