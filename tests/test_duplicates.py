"""Copies of documents: exact ones collapsed, near ones verified, one of each kept in a fixed order."""

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusqa import containment, duplicates, fingerprint, sets
from corpusqa.texts import Texts

WORDS = np.array([f"word{i}" for i in range(400)])


def text(seed, n=120):
    return " ".join(np.random.default_rng(seed).choice(WORDS, n))


def edited(original, at, n=2):
    words = original.split()
    words[at : at + n] = ["other"] * n
    return " ".join(words)


def found(texts, dates=None, ids=None, n_words=None, threshold=0.8):
    """What `duplicates.find` makes of these texts."""
    own = Texts.of(texts)
    keys, n_tokens = fingerprint.keys(own)
    documents = pl.DataFrame(
        {
            "doc_id": ids or [f"d{i}" for i in range(len(texts))],
            "date": pl.Series(dates or [None] * len(texts), dtype=pl.String),
            "kept_n_words": n_words or [len(one.split()) for one in texts],
            "key": keys,
            "n_tokens": n_tokens,
            "n_bytes": own.n_bytes,
        }
    )
    bands = fingerprint.band_keys(fingerprint.signatures(own), fingerprint.banding(threshold))
    return duplicates.find(
        documents,
        lambda: (np.ascontiguousarray(band) for band in bands.T),
        lambda rows: fingerprint.shingles(own.take(rows)),
        threshold,
        containment.Heads.of(sets.Sets(lambda rows: fingerprint.shingles(own.take(rows)), own.n_bytes)),
    )


def members(copies):
    return {row["document"]: (row["duplicate_of"], row["similarity"]) for row in copies.members.iter_rows(named=True)}


def test_exact_copies_are_pairs_with_the_smallest_id():
    one = text(1)
    copies = found([one, text(2), one, one.upper()], ids=["z", "m", "b", "k"])
    assert copies.pairs.rows() == [("b", "k", 1.0, 1.0, 1.0, "exact"), ("b", "z", 1.0, 1.0, 1.0, "exact")]
    assert members(copies) == {0: ("b", 1.0), 2: (None, None), 3: ("b", 1.0)}


def test_a_near_copy_names_the_kept_one_and_the_exact_similarity():
    one = text(1)
    copies = found([one, edited(one, 50)])
    ((left, right, jaccard, *_, relation),) = copies.pairs.rows()
    hashes, offsets = fingerprint.shingles([one, edited(one, 50)])
    sets = [set(hashes[offsets[i] : offsets[i + 1]].tolist()) for i in (0, 1)]
    assert (left, right, relation) == ("d0", "d1", "near")
    assert jaccard == len(sets[0] & sets[1]) / len(sets[0] | sets[1])
    assert members(copies) == {0: (None, None), 1: ("d0", jaccard)}


def test_the_longest_is_kept_then_the_earliest_then_the_smallest_id():
    one = text(1)
    longer = found([one, f"{one} and more words"], dates=["2020-01-01", "2024-01-01"])
    assert members(longer)[1] == (None, None)
    earlier = found([one, edited(one, 9)], dates=["2024-01-01", "2020-01-01"])
    assert members(earlier)[1] == (None, None)
    undated = found([one, edited(one, 9)], dates=[None, "2020-01-01"])
    assert members(undated)[1] == (None, None)
    by_id = found([one, edited(one, 9)], ids=["b", "a"])
    assert members(by_id)[1] == (None, None)


def test_an_exact_copy_of_a_near_copy_is_dropped_for_the_same_one():
    one = text(1)
    near = edited(one, 30)
    copies = found([near, one, near], ids=["a", "b", "c"], n_words=[120, 125, 120])
    kept = {document: of for document, (of, _) in members(copies).items()}
    assert kept == {0: "b", 1: None, 2: "b"}
    assert copies.members["cluster"].n_unique() == 1


def test_texts_without_words_are_no_copies():
    copies = found(["", "***", "***", ""])
    assert copies.pairs.is_empty()
    assert copies.members.is_empty()


def test_nothing_is_found_in_nothing():
    assert found([]).members.is_empty()


def test_a_cluster_has_the_same_name_whatever_else_is_there():
    one = text(1)
    alone = found([one, edited(one, 5)], ids=["x", "y"])
    among = found([text(7), one, text(8), edited(one, 5)], ids=["p", "x", "q", "y"])
    assert set(alone.members["cluster"]) == set(among.members["cluster"])


def test_an_article_within_a_page_is_told_and_stays():
    """As a pair of its own relation, under the smallest id of its copies; never a cluster."""
    article = text(1)
    page = f"{text(2, 200)} {article} {text(3, 150)}"
    copies = found([page, article, article], ids=["page", "story", "again"])
    part, exact = copies.pairs.rows()
    assert exact == ("again", "story", 1.0, 1.0, 1.0, "exact")
    assert part[:2] == ("again", "page")
    assert part[2] < 0.3
    assert part[3] >= 0.95
    assert part[4] < 0.5
    assert part[5] == "contained"
    assert members(copies) == {1: ("again", 1.0), 2: (None, None)}


def test_a_pair_that_is_alike_and_contained_is_near():
    one = text(1)
    ((*_, jaccard, left, right, relation),) = found([one, f"{one} and five words more here"]).pairs.rows()
    assert relation == "near"
    assert jaccard >= 0.8
    assert max(left, right) == 1.0


def test_a_snippet_is_part_of_nothing():
    """Of fewer than thirty shingles."""
    one = text(1, 200)
    snippet, long_enough = (" ".join(one.split()[:n]) for n in (33, 34))
    assert found([one, snippet]).pairs.is_empty()
    assert found([one, long_enough]).pairs["relation"].to_list() == ["contained"]


@settings(deadline=None, max_examples=25)
@given(st.randoms(use_true_random=False))
def test_the_order_of_the_documents_does_not_matter(random):
    """Rows in another order: the same pairs, clusters and kept documents, by their ids."""
    originals = [text(seed) for seed in range(4)]
    texts = [*originals, *(edited(one, at) for one in originals for at in (3, 40, 41, 90)), originals[0], originals[0]]
    texts.append(f"{originals[1]} {text(9, 300)}")
    ids = [f"d{i:02d}" for i in range(len(texts))]
    order = random.sample(range(len(texts)), len(texts))
    here, there = found(texts, ids=ids), found([texts[i] for i in order], ids=[ids[i] for i in order])
    assert there.pairs.equals(here.pairs)
    assert by_id(there, [ids[i] for i in order]) == by_id(here, ids)


def by_id(copies, ids):
    columns = ["document", "cluster", "duplicate_of", "similarity"]
    return {ids[document]: rest for document, *rest in copies.members.select(columns).rows()}
