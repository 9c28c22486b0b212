"""Near-duplicates: every pair true, none missed; of each cluster the right ones kept."""

from __future__ import annotations

import tomllib
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusqa import cluster, fingerprint
from corpusqa.cluster import clusters, distinct, near_duplicates
from corpusqa.errors import UnknownName, UnusableInput, UnusableSettings
from corpusqa.sets import verified

CASES = tomllib.loads((Path(__file__).parent / "cases" / "near_duplicates.toml").read_text(encoding="utf-8"))


def shingle_sets(texts, unit="document"):
    hashes, offsets = fingerprint.shingles(texts, unit)
    return [set(hashes[a:b].tolist()) for a, b in pairwise(offsets)]


def by_python(texts, threshold, unit="document"):
    """Every pair that is similar enough, with the numbers, by definition."""
    sets = shingle_sets(texts, unit)
    rows = []
    for (i, one), (j, other) in combinations(enumerate(sets), 2):
        common = len(one & other)
        if common and common / len(one | other) >= threshold:
            rows.append((i, j, common / len(one | other), common / len(one), common / len(other)))
    return rows


def made_up(n, seed=0):
    """Texts of 60 words, each a copy of an earlier one with a few words changed, or new."""
    generator = np.random.default_rng(seed)
    texts = []
    for _ in range(n):
        words = generator.integers(0, 500, 60)
        if texts and generator.random() < 0.8:
            words = texts[generator.integers(len(texts))].copy()
            words[generator.integers(0, 60, generator.integers(0, 4))] = generator.integers(500, 1000)
        texts.append(words)
    return [" ".join(f"w{word}" for word in words) for words in texts]


#: Similarities, and a text and a change within it that leave just that: of `n - 4` shingles `k + 4` are other ones.
AT_THE_THRESHOLD = [(0.5, 19, 1), (0.6, 24, 1), (0.7, 38, 2), (0.8, 49, 1), (0.9, 99, 1)]


def with_a_change(n, n_words, n_changed):
    """So many strangers, each followed by itself with some words in a row changed."""
    words = np.random.default_rng(0).integers(0, 1 << 40, (n, n_words))
    other = words.copy()
    at = n_words // 2
    other[:, at : at + n_changed] += 1 << 41
    both = np.stack([words, other], axis=1).reshape(2 * n, n_words)
    return [" ".join(f"{word:x}" for word in row) for row in both.tolist()]


def changed_again_and_again(n, seed):
    """Texts of 80 words: new ones, and earlier ones of which one stretch or another was written anew."""
    generator = np.random.default_rng(seed)
    texts = []
    for _ in range(n):
        words = generator.integers(0, 2_000, 80)
        if texts and generator.random() < 0.9:
            at, length = generator.integers(0, 80), generator.integers(1, 25)
            own = texts[generator.integers(len(texts))].copy()
            own[at : at + length] = words[at : at + length]
            words = own
        texts.append(words)
    return [" ".join(f"w{word}" for word in words) for words in texts]


def by_comparison(texts, threshold, unit):
    """Every pair that is similar enough, by comparing all with all."""
    hashes, offsets = fingerprint.shingles(texts, unit)
    left, right = np.triu_indices(len(texts), 1)
    return verified(left, right, hashes, offsets, threshold)


class TestNearDuplicates:
    @pytest.mark.parametrize(
        ("unit", "case"),
        [(unit, case) for unit in CASES for case in CASES[unit]],
        ids=lambda value: value["label"] if isinstance(value, dict) else value,
    )
    def test_cases(self, unit, case):
        rows = near_duplicates(case["texts"], unit=unit).rows()
        assert bool(rows) == (case["found"] != "negative")
        assert rows == by_python(case["texts"], 0.8, unit) or case.get("similarity") == 1.0
        if rows and "similarity" in case:
            assert rows[0][2] == case["similarity"]

    @pytest.mark.parametrize("threshold", [0.5, 0.7, 0.8, 0.9, 1.0])
    def test_every_pair_is_listed_and_every_number_is_exact(self, threshold):
        """Precision 1, recall 1, the very numbers of a comparison of all with all."""
        texts = made_up(300)
        assert near_duplicates(texts, threshold).rows() == by_python(texts, threshold)

    @pytest.mark.parametrize(("threshold", "n_words", "n_changed"), AT_THE_THRESHOLD)
    def test_of_thousands_of_pairs_at_the_threshold_none_is_missed(self, threshold, n_words, n_changed):
        """The similarity is the threshold itself, where a band is least likely to propose a pair."""
        texts = with_a_change(5_000, n_words, n_changed)
        found = near_duplicates(texts, threshold)
        assert found.select("left", "right").rows() == [(2 * i, 2 * i + 1) for i in range(5_000)]
        assert found["jaccard"].unique().to_list() == [threshold]

    @pytest.mark.parametrize("unit", fingerprint.UNITS)
    @pytest.mark.parametrize("threshold", [0.5, 0.6, 0.7, 0.8, 0.9])
    def test_of_what_is_alike_around_the_threshold_all_is_found(self, threshold, unit):
        """Copies of copies, against a comparison of all with all; and then no two that are kept are alike."""
        texts = changed_again_and_again(1_500, seed=round(10 * threshold))
        found, exact = near_duplicates(texts, threshold, unit), by_comparison(texts, threshold, unit)
        assert found.equals(exact)
        rows = clusters(len(texts), found["left"], found["right"], found["jaccard"])
        dropped = set(rows.drop_nulls("keeper")["document"])
        assert len(dropped) > 20
        assert not any(left not in dropped and right not in dropped for left, right, *_ in exact.rows())

    def test_the_columns_are_as_promised(self):
        assert near_duplicates([]).schema == cluster.EDGES
        assert near_duplicates(["one two three"] * 2).schema == cluster.EDGES

    def test_exact_copies_are_pairs_each_with_each(self):
        """Copies of a text, among themselves and with every copy of its near-copy; containment on its own side."""
        one = " ".join(f"w{i}" for i in range(50))
        more = f"{one} and more"
        rows = near_duplicates([more, one, more.upper(), one]).rows()
        assert [row[:2] for row in rows] == [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]
        assert rows == by_python([more, one, more.upper(), one], 0.8)

    def test_nulls_and_empty_texts_match_nothing(self):
        texts = pl.Series([None, "", " \n", "?!", None, "", " \n", "?!"])
        assert near_duplicates(texts).is_empty()
        assert near_duplicates(texts, unit="paragraph").is_empty()

    def test_it_takes_a_column_that_was_cut_and_filtered(self):
        texts = pl.concat([pl.Series(made_up(30)), pl.Series(made_up(40)[30:])], rechunk=False)
        assert near_duplicates(texts[3:35].filter([True, False] * 16)).equals(near_duplicates(made_up(40)[3:35:2]))

    def test_more_copies_than_a_bucket_holds_are_listed_with_the_first(self, monkeypatch):
        """Of n copies there are n² / 2 pairs: from a number on, one stands for all."""
        monkeypatch.setattr(cluster, "CROWD", 4)
        one = " ".join(f"w{i}" for i in range(50))
        found = near_duplicates([f"{one} x", *[one] * 5, f"{one} x"])
        assert found.select("left", "right").rows() == [(0, 1), (0, 6), (1, 2), (1, 3), (1, 4), (1, 5), (1, 6)]

    def test_thousands_of_near_copies_stay_a_short_list(self):
        """3,000 texts, any two of which are near-copies: each is listed with a kept one, and one is kept."""
        base = [f"w{i}" for i in range(200)]
        texts = [" ".join([*base[:100], f"x{i}", *base[101:]]) for i in range(3000)]
        found = near_duplicates(texts)
        assert len(found) < 10_000
        rows = clusters(len(texts), found["left"], found["right"], found["jaccard"])
        assert rows.filter(pl.col("keeper").is_null())["document"].to_list() == [0]
        assert len(rows) == 3000

    def test_emoji_have_no_words_to_be_alike_in(self):
        """Exact copies of them are not listed, as those of punctuation are not; their keys tell them."""
        texts = ["\U0001f600\U0001f600", "\U0001f600\U0001f600", "\U0001f389"]
        assert near_duplicates(texts).is_empty()
        one, same, other = fingerprint.keys(texts)[0]
        assert one == same != other

    @pytest.mark.parametrize(
        "form",
        [list, tuple, iter, pl.Series, np.array, pd.Series, pa.array],
        ids=["list", "tuple", "iterator", "polars", "numpy", "pandas", "pyarrow"],
    )
    def test_any_column_will_do(self, form):
        texts = ["one two three four five six", "Something else", "One two three four five six!"]
        assert near_duplicates(form(texts)).select("left", "right").rows() == [(0, 2)]

    def test_nulls_of_any_kind_are_no_texts(self):
        texts = ["one two three", None, "One two three", None]
        for given_as in (texts, pl.Series(texts), pd.Series(texts), pa.array(texts)):
            assert near_duplicates(given_as).select("left", "right").rows() == [(0, 2)]

    @pytest.mark.parametrize(
        "texts", [[], [""], [None], ["one text alone"], "one text alone", pl.Series([], dtype=pl.Null)]
    )
    def test_where_there_are_no_two_there_is_no_pair(self, texts):
        for unit in fingerprint.UNITS:
            found = near_duplicates(texts, unit=unit, contained=True)
            assert found.is_empty()
            assert found.schema == cluster.EDGES

    @pytest.mark.parametrize(
        "texts", [None, 5, [5], ["a", b"b"], [["a"]], pl.Series([1, 2]), pl.DataFrame({"a": ["b"]})]
    )
    def test_what_is_no_text_is_refused(self, texts):
        with pytest.raises(UnusableInput, match="Texts are asked for"):
            near_duplicates(texts)

    @pytest.mark.parametrize("threshold", [1, 1.0, 1e-9, 0.001])
    def test_a_threshold_may_be_at_the_edge(self, threshold):
        """At 1 only equal sets are left; near 0 whatever shares a shingle, as far as a band of one row proposes it."""
        texts = [f"{'one two three four five six ' * 3} {end}" for end in ("a", "A!", "b")]
        assert near_duplicates(texts, threshold).rows() == by_python(texts, threshold)

    def test_a_text_of_ten_million_characters_is_one_text(self):
        """As one line of words, and as one word."""
        words = " ".join(f"w{i % 90_001}" for i in range(1_600_000))
        long = [words, words + " and more", "x" * 10_000_000, "x" * 10_000_000 + "y", words[: len(words) // 2]]
        assert min(map(len, long[:4])) >= 10_000_000
        found = near_duplicates(long)
        assert found.select("left", "right").rows()[0] == (0, 1)
        assert found.filter(pl.col("left") == 2).is_empty()

    @pytest.mark.parametrize("threshold", [0, -0.1, 1.01, float("nan"), "0.8", None, True])
    def test_a_threshold_is_a_share(self, threshold):
        with pytest.raises(UnusableSettings, match="threshold"):
            near_duplicates(["a", "b"], threshold)

    def test_a_unit_is_one_of_two(self):
        with pytest.raises(UnknownName, match="Did you mean 'document'"):
            near_duplicates(["a", "b"], unit="documents")


#: Up to a dozen texts, the edges between them, each with a similarity, and a keeper order.
graphs = st.integers(1, 12).flatmap(
    lambda n: st.tuples(
        st.just(n),
        st.dictionaries(
            st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)).filter(lambda pair: pair[0] < pair[1]),
            st.floats(0.5, 1.0),
            max_size=30,
        ),
        st.permutations(range(n)),
    )
)


def clustered(n, edges, rank):
    left, right = (np.array([pair[side] for pair in edges], np.uint32) for side in (0, 1))
    return clusters(n, left, right, np.array(list(edges.values()), np.float64), np.array(rank))


class TestClusters:
    @settings(deadline=None)
    @given(graphs)
    def test_each_dropped_text_names_a_kept_one_that_it_has_an_edge_to(self, graph):
        n, edges, rank = graph
        rows = clustered(n, edges, rank)
        kept = set(rows.filter(pl.col("keeper").is_null())["document"])
        for document, _, keeper, similarity in rows.drop_nulls().rows():
            assert keeper in kept
            assert edges[min(document, keeper), max(document, keeper)] == similarity
            assert rank[keeper] < rank[document]

    @settings(deadline=None)
    @given(graphs)
    def test_no_two_kept_texts_have_an_edge(self, graph):
        n, edges, rank = graph
        kept = set(clustered(n, edges, rank).filter(pl.col("keeper").is_null())["document"])
        assert not any(left in kept and right in kept for left, right in edges)

    @settings(deadline=None)
    @given(graphs)
    def test_it_is_the_walk_in_keeper_order(self, graph):
        """The design, word by word."""
        n, edges, rank = graph
        claims = {}
        for text in sorted(range(n), key=lambda text: rank[text]):
            if text not in claims:
                near = {sum(pair) - text for pair in edges if text in pair}
                claims |= dict.fromkeys(near - claims.keys() - {text}, text)
                claims[text] = None
        with_edges = sorted({text for pair in edges for text in pair})
        rows = clustered(n, edges, rank)
        assert rows["document"].to_list() == with_edges
        assert rows["keeper"].to_list() == [claims[text] for text in with_edges]

    @settings(deadline=None)
    @given(graphs, st.randoms(use_true_random=False))
    def test_the_order_of_the_edges_does_not_matter(self, graph, random):
        n, edges, rank = graph
        shuffled = dict(random.sample(list(edges.items()), len(edges)))
        assert clustered(n, shuffled, rank).equals(clustered(n, edges, rank))

    @settings(deadline=None)
    @given(graphs)
    def test_a_component_is_called_after_its_smallest_text(self, graph):
        n, edges, rank = graph
        name = list(range(n))
        for _ in range(n):
            for left, right in edges:
                name[left] = name[right] = min(name[left], name[right])
        rows = clustered(n, edges, rank)
        assert rows["component"].to_list() == [name[text] for text in rows["document"]]

    def test_the_far_end_of_a_chain_is_kept(self):
        """A ~ B ~ C, but A and C are strangers: B goes, C stays."""
        rows = clustered(3, {(0, 1): 0.9, (1, 2): 0.85}, [0, 1, 2])
        assert rows.rows() == [(0, 0, None, None), (1, 0, 0, 0.9), (2, 0, None, None)]
        assert rows.schema == cluster.CLUSTERS

    def test_the_first_is_the_best_unless_told(self):
        left, right, similarity = np.array([0]), np.array([1]), np.array([0.9])
        assert clusters(2, left, right, similarity)["keeper"].to_list() == [None, 0]
        assert clusters(2, left, right, similarity, np.array([1, 0]))["keeper"].to_list() == [1, None]

    def test_without_edges_there_are_no_clusters(self):
        none = np.empty(0, np.uint32)
        assert clusters(5, none, none, np.empty(0)).equals(pl.DataFrame(schema=cluster.CLUSTERS))


class TestDistinct:
    @settings(deadline=None)
    @given(st.lists(st.integers(0, 5), max_size=20), st.randoms(use_true_random=False))
    def test_the_best_of_its_copies_stands_for_all(self, keys, random):
        rank = random.sample(range(len(keys)), len(keys))
        copies = distinct(np.array(keys, np.uint64), np.array(rank, np.int64))
        best = {key: min((rank[i], i) for i, own in enumerate(keys) if own == key)[1] for key in keys}
        assert copies.representatives.tolist() == sorted(best.values())
        assert copies.representatives[copies.inverse].tolist() == [best[key] for key in keys]

    def test_without_a_rank_it_is_the_first(self):
        copies = distinct(np.array([5, 3, 5, 3, 9], np.uint64))
        assert copies.representatives.tolist() == [0, 1, 4]
        assert copies.inverse.tolist() == [0, 1, 0, 1, 2]
