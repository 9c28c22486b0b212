"""Two samples: how far apart, which way, and whether that is more than chance."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from corpusqa.drift import MATTERS, SAMPLE, beyond_chance, drift

NUMBERS = st.lists(st.integers(-5, 5) | st.floats(-9, 9), min_size=1, max_size=30)


def column(values):
    return pl.Series(values, dtype=pl.Float64, strict=False)


def below(values, limit):
    """The share of the values at or below a limit."""
    return np.mean(np.asarray(values) <= limit)


@given(NUMBERS, NUMBERS)
def test_distance_and_delta_are_those_of_the_books(a, b):
    found = drift(column(a), column(b))
    assert found.distance == pytest.approx(max(abs(below(b, x) - below(a, x)) for x in (*a, *b)))
    pairs = np.sign(np.subtract.outer(b, a))
    assert found.delta == pytest.approx(pairs.mean())


@given(NUMBERS, NUMBERS)
def test_the_limit_is_where_the_shares_differ_most(a, b):
    found = drift(column(a), column(b))
    assert abs(below(b, found.limit) - below(a, found.limit)) == pytest.approx(found.distance)


def test_a_sample_does_not_drift_from_itself():
    same = column([1, 2, None, 3])
    found = drift(same, same)
    assert (found.distance, found.delta, found.drifted) == (0, 0, False)


def test_a_large_corpus_does_not_make_every_difference_matter():
    """A hundredth of a standard deviation is beyond any doubt in a million documents, and nothing to act on."""
    random = np.random.default_rng(1)
    a, b = (column(random.normal(shift, size=1_000_000)) for shift in (0, 0.01))
    assert stats.ttest_ind(a, b).pvalue < 1e-6
    assert not drift(a, b).drifted


def test_a_small_corpus_does_not_make_chance_a_finding():
    random = np.random.default_rng(2)
    found = [drift(*(column(random.normal(size=30)) for _ in range(2))) for _ in range(200)]
    assert max(one.distance for one in found) > MATTERS
    assert sum(one.drifted for one in found) <= 1


@pytest.mark.parametrize("wild", [1e300, float("inf")])
def test_an_absurd_value_moves_nothing(wild):
    calm = [float(i) for i in range(1000)]
    assert not drift(column(calm), column([*calm[:-1], wild])).drifted


@pytest.mark.parametrize("none", [None, float("nan")])
def test_missing_values_are_a_drift_of_their_own(none):
    found = drift(column([1.0] * 200), column([1.0] * 100 + [none] * 100))
    assert (found.missing_a, found.missing_b, found.distance, found.drifted) == (0, 0.5, 0, True)


@pytest.mark.parametrize("empty", [[], [None, None]])
def test_nothing_to_compare_is_no_distance(empty):
    found = drift(column(empty), column([1.0, 2.0]))
    assert (found.median_a, found.distance, found.limit, found.drifted) == (None, 0, None, False)


def test_of_many_values_an_even_draw_is_the_same_each_time():
    values = column(np.random.default_rng(3).normal(size=SAMPLE + 50_000))
    shifted = values + 0.5
    found = drift(values, shifted)
    assert found == drift(values, shifted)
    assert found.distance == pytest.approx(stats.ks_2samp(values, shifted).statistic, abs=0.007)


def test_shares_differ_by_more_than_chance_or_not():
    assert not beyond_chance(0, 0, 5, 10)
    assert not beyond_chance(50, 1000, 60, 1000)
    assert beyond_chance(50_000, 1_000_000, 60_000, 1_000_000)
