"""Short texts inside longer ones: found where Jaccard sees nothing, exact, and only when asked for."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from corpusqa import containment, sets
from corpusqa.cluster import clusters, near_duplicates
from corpusqa.containment import Heads, contained
from corpusqa.sets import EDGES, Sets

WORDS = np.array([f"w{i}" for i in range(3000)])


def prose(seed, n):
    return " ".join(np.random.default_rng(seed).choice(WORDS, n))


def held(family):
    offsets = np.cumsum([0, *map(len, family)])
    return Sets.held(np.array([hash_ for one in family for hash_ in sorted(one)], np.uint64), offsets)


def made_up(n, seed=0):
    """Sets of 10 to 400 hashes, many of which have a good part of a smaller one in them."""
    generator = np.random.default_rng(seed)
    family = []
    for _ in range(n):
        own = set(generator.integers(0, 2**64, generator.integers(10, 200), dtype=np.uint64).tolist())
        if family and generator.random() < 0.6:
            other = sorted(family[generator.integers(len(family))])
            own |= set(generator.choice(other, int(len(other) * generator.uniform(0.6, 1.0)), replace=False).tolist())
        family.append(own)
    return family


def by_python(family, share):
    found = set()
    for i, one in enumerate(family):
        for j, other in enumerate(family):
            if i != j and len(one) >= containment.LEAST and len(one & other) / len(one) >= share:
                found.add((min(i, j), max(i, j)))
    return found


def test_what_is_reported_is_true_and_hardly_anything_is_missed():
    family = made_up(600)
    found, exact = contained(Heads.of(held(family)), held(family)), by_python(family, containment.CONTAINED)
    pairs = set(found.select("left", "right").rows())
    assert pairs <= exact
    assert len(pairs) >= 0.98 * len(exact)
    for left, right, jaccard, of_left, of_right in found.rows():
        common = len(family[left] & family[right])
        assert (of_left, of_right) == (common / len(family[left]), common / len(family[right]))
        assert jaccard == common / len(family[left] | family[right])


def test_memory_does_not_decide_what_is_found(monkeypatch):
    family = made_up(200)
    before = contained(Heads.of(held(family)), held(family))
    monkeypatch.setattr(sets, "BATCH_BYTES", 5_000)
    assert contained(Heads.of(held(family)), held(family)).equals(before)


def test_a_larger_corpus_is_looked_at_less_closely(monkeypatch):
    """Where fewer shingles may be looked at, what is found is still true, and most of it is found."""
    family = made_up(400)
    monkeypatch.setattr(containment, "SAMPLED", 8_000)
    pairs, exact = (
        set(contained(Heads.of(held(family)), held(family)).select("left", "right").rows()),
        by_python(family, 0.8),
    )
    assert pairs <= exact
    assert len(pairs) >= 0.8 * len(exact)


def test_what_many_have_links_nobody(monkeypatch):
    """A text made of what everybody has is not told to be part of everybody."""
    monkeypatch.setattr(containment, "RARE", 20)
    furniture = set(range(2**50, 2**50 + 100))
    family = [furniture, *[furniture | {i * 2**40} for i in range(1, 30)]]
    assert contained(Heads.of(held(family)), held(family)).is_empty()


def test_no_sets_hold_nothing():
    assert contained(Heads.of(held([])), held([])).equals(pl.DataFrame(schema=EDGES))
    empty = held([set(), set()])
    assert contained(Heads.of(empty), empty).is_empty()


@pytest.fixture(scope="module")
def stories():
    """An article; a page with it and much else; one with part of it; a prompt, and a page with the prompt."""
    article = prose(1, 120)
    part = " ".join(article.split()[:60])
    prompt = prose(2, 20)
    return [
        article,
        f"{prose(3, 900)} {article} {prose(4, 500)}",
        f"{part} {prose(5, 200)}",
        prompt,
        f"{prompt} {prose(6, 300)}",
    ]


def test_an_article_on_a_longer_page_is_found_when_asked_for(stories):
    assert near_duplicates(stories).is_empty()
    ((left, right, jaccard, of_left, of_right),) = near_duplicates(stories, contained=True).rows()
    assert (left, right, of_left) == (0, 1, 1.0)
    assert jaccard < 0.1
    assert of_right < 0.1


def test_the_other_way_round_it_is_the_other_containment(stories):
    ((*_, of_left, of_right),) = near_duplicates(stories[1::-1], contained=True).rows()
    assert of_right == 1.0
    assert of_left < 0.1


def test_near_copies_are_listed_once_with_or_without(stories):
    """A near-copy is contained too; copies of the contained one are contained each."""
    texts = [*stories, stories[0], f"{stories[0]} more"]
    near, both = near_duplicates(texts), near_duplicates(texts, contained=True)
    assert near.select("left", "right").rows() == [(0, 5), (0, 6), (5, 6)]
    assert both.select("left", "right").rows() == [(0, 1), (0, 5), (0, 6), (1, 5), (1, 6), (5, 6)]
    assert both.join(near, on=both.columns).height == 3


def test_containment_makes_no_cluster(stories):
    """Clusters are made of edges at the threshold; a contained pair is none."""
    found = near_duplicates(stories, contained=True).filter(pl.col("jaccard") >= 0.8)
    assert clusters(len(stories), found["left"], found["right"], found["jaccard"]).is_empty()
