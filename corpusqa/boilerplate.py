"""Paragraphs that recur across documents: the strongest evidence that text is furniture.

Furniture is what a page says whatever its story is, so it occurs on many pages. Three things look alike and are not:
a syndicated story (the same *document* many times over), a stock sentence of the trade in the middle of prose, and a
short sub-heading that many stories share. So near-copies of one document count once, and recurrence is weighed with
where the paragraph stands and whether it reads as prose.

A paragraph is known here by its key, the hash of its normalised text; a group is one or more keys whose texts are
nearly the same, named after the one that occurs in most documents.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from corpusqa import cluster, fingerprint
from corpusqa.kernels import graph
from corpusqa.parts import Parts
from corpusqa.sets import Hashes

#: Paragraphs this long tell which documents were made from one another, when they are in no more than `LINK_DOCUMENTS`:
#: furniture is shorter or in more (design, section 2). Raised, syndicated stories turn into furniture.
LINK_TOKENS = 15
LINK_DOCUMENTS = 12
#: The share of the shorter document's tokens that two must have in common to count as one. At 0.3, pages of one site
#: were linked by their legal text, and a quarter of the furniture of naive page text was lost.
LINK_SHARE = 0.5
#: Two documents are one too when so much of either is in both, however short its paragraphs: songs, dialogues, lists.
COPY_SHARE = 0.8
#: Paragraphs at the head and at the tail of a document that count as its edges (measured on labelled news).
EDGE_HEAD, EDGE_TAIL = 2, 3
#: Bytes of a token and its space, to plan memory by; English has 5.9, scripts without spaces less. A paragraph's
#: shingles begin at each character, of eight bytes each: it counts as the text of a document that makes as many.
CHARS_PER_TOKEN, BYTES_PER_CHAR = 6, 4
#: Paragraphs of which it is counted at a time in how many documents they stand, some 40 bytes each.
AT_ONCE = 4 << 20
#: Words of a label, such as a sub-heading, at most.
LABEL_WORDS = 5
#: The first paragraphs of a document, where its own headline stands, above all prose; and how many words it has.
HEADLINE_PLACES, HEADLINE_WORDS = 3, (3, 25)
#: Documents that list one headline, at most; what is in more, and happens to open a document once, is no headline.
HEADLINE_DOCUMENTS = 12
#: What of a paragraph is looked at here; the frames of millions of them are what a run needs most memory for.
WEIGHED = ("document", "position", "start", "end", "n_words", "n_tokens", "key", "form", "rule", "kind", "dividing")
HEADLINE = "recurs.headline"  #: the rule of a group that is one document's headline and others' teaser
SURE = 0.8  #: its score: chance seldom puts the same four words on top of one document and into another
#: Words from which a paragraph that ends in an end mark reads as prose, not as a label or a prompt.
PROSE_WORDS = 12
#: Words from which one is a sentence, and not an interjection; words of a label that several sites may have in common.
SENTENCE_WORDS, COMMON_WORDS = 6, 5
#: Days within which the same prose is one piece of news, told several times, while furniture stays for months; and days
#: that a corpus must span for that to say something: in what was scraped of one week everything is of that week.
BURST_DAYS, CORPUS_DAYS = 3, 90
#: The share of its copies from which a group is what they are; words from which one leads on to a list.
MOSTLY, LEADING_WORDS = 0.5, 5
#: What is told of one story and sounds the same of the next: who would not comment, and what was corrected.
STOCK = "|".join(
    (
        r"(?i)\b(?:(?:did|does|do|has|have|had|was|were|could|is|are)\s?(?:not|n[’']t)|declined|refused)\b.{0,80}\bcomments?\b",
        r"\b(?:wollten?|äußerten?) sich (?:\w+ )*nicht\b|\breagierten? (?:\w+ )*nicht\b",
        r"\bn[’'](?:a|ont) pas (?:répondu|souhaité)\b|\bno (?:respondi[óe]|quiso|quisieron)\b",
        r"\bnão (?:respond|quis)|\bnon ha(?:nno)? (?:risposto|voluto)\b",
        r"^\W*(?:correction|clarification|berichtigung|korrektur|rectificati(?:on|f)|corrección|correção|rettifica)\b",
        r"\b(?:earlier|previous) version of this (?:article|story|post|report|column|page)\b",
    )
)
#: A post of somebody's, with the name, the handle and the date behind it: what several sites quote is no furniture.
POST = r"[—–-]\s?[^—–@]{2,60}\(@\w+\)"
#: A stage direction of a transcript: "[music]".
DIRECTION = r"^[\[(][^\[\]()]+[\])]$"
END_MARK = r"""[.!?…。！？۔।:]["'”’»)\]]*$"""


@dataclass(frozen=True, slots=True)
class Often:
    """What stands in several documents: 64-bit numbers, ascending, and in how many each does."""

    values: NDArray[np.uint64]
    n_documents: NDArray[np.uint32]

    def place(self, values: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """For each of these values its place here, and whether it has one."""
        if not len(self.values):
            return np.zeros(len(values), np.int64), np.zeros(len(values), np.bool_)
        at = np.minimum(np.searchsorted(self.values, values), len(self.values) - 1)
        return at, self.values[at] == values


def often(values: NDArray[np.uint64], documents: NDArray[np.uint32], least: int = 2) -> Often:
    """The values that stand in `least` documents or more; `documents` says of each value where it stands, ascending.

    >>> often(np.array([7, 5, 7, 7], np.uint64), np.array([0, 0, 0, 1], np.uint32))
    Often(values=array([7], dtype=uint64), n_documents=array([2], dtype=uint32))
    """
    found, n_found = [np.empty(0, np.uint64)], [np.empty(0, np.uint32)]
    n_ranges = max(1, -(-len(values) // AT_ONCE))
    for i in range(n_ranges):
        rows = np.flatnonzero(values % np.uint64(n_ranges) == i) if n_ranges > 1 else slice(None)
        own, where = values[rows], documents[rows]
        order = np.argsort(own, stable=True)
        own, where = own[order], where[order]
        new = np.ones(len(own), np.bool_)
        new[1:] = own[1:] != own[:-1]
        starts = np.flatnonzero(new)
        new[1:] |= where[1:] != where[:-1]
        counts = np.add.reduceat(new, starts, dtype=np.uint32) if len(starts) else n_found[0]
        found.append(own[starts][counts >= least])
        n_found.append(counts[counts >= least])
    values, counts = np.concatenate(found), np.concatenate(n_found)
    order = np.argsort(values)
    return Often(values[order], counts[order])


def grouped(keys: NDArray[np.uint64], near: pl.DataFrame) -> NDArray[np.uint64]:
    """The group of each of these keys: the one that it is nearly the same as, or itself."""
    ordered = near.sort("key")
    at, has = Often(ordered["key"].to_numpy(), np.empty(0, np.uint32)).place(keys)
    return np.where(has, ordered["group"].to_numpy()[at], keys) if has.any() else keys


def near_groups(keyed: Often, parts: Parts, threshold: float) -> pl.DataFrame:
    """Which distinct paragraphs are nearly the same: a frame of `key` and the `group` (a key) that it belongs to.

    `keyed` are the keys of several documents. Keys without a near relative are not in the result. A group is named
    after its member in most documents, then the longest, then the smallest key.
    """
    held = parts.columns("bands", ["key", "n_tokens"])
    first = held["key"].is_first_distinct()
    keys = held.filter(first)
    del held
    at, several = keyed.place(keys["key"].to_numpy())
    keys = keys.with_columns(documents=pl.lit(1, pl.UInt32))
    if several.any():
        keys = keys.with_columns(documents=np.where(several, keyed.n_documents[at], np.uint32(1)))

    def shingles(rows: NDArray[np.int64]) -> Hashes:
        texts = parts.wordings(keys.select("key")[rows], on="key")["text"]
        return fingerprint.shingles(texts, unit="paragraph")

    rank = _rank(keys)
    sets = cluster.Sets(shingles, BYTES_PER_CHAR * CHARS_PER_TOKEN * keys["n_tokens"].to_numpy().astype(np.int64))
    edges = cluster.edges(lambda: parts.bands("bands", first), sets, threshold, rank).pairs
    found = cluster.clusters(len(keys), edges["left"], edges["right"], edges["jaccard"], rank)
    kept = found.filter(pl.col("keeper").is_not_null())
    return pl.DataFrame({"key": keys["key"].gather(kept["document"]), "group": keys["key"].gather(kept["keeper"])})


def _rank(keys: pl.DataFrame) -> NDArray[np.int64]:
    """The place of each key in the order in which a group is named after one."""
    order = np.lexsort((keys["key"].to_numpy(), ~keys["n_tokens"].to_numpy(), ~keys["documents"].to_numpy()))
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return rank


def recurring(
    frames: Iterable[pl.DataFrame],
    near: pl.DataFrame,
    groups: Often,
    documents: pl.DataFrame,
    marked: Iterable[pl.Series],
) -> pl.DataFrame:
    """The paragraphs of these frames that are in one of the `groups`, each with its `group` and what counts for it.

    `documents` has the `site` and `date` of each, texts or null. Adds `group` (a key), `origin` (documents that count
    as one have the same), `site`, `date`, `place` (0 at the head of its document, 1 at the tail), `edge`, and
    `headline`: whether it stands where the document's own headline does.
    Furniture comes in clusters, so what is `marked` already does not count when the distance to an edge is. A label
    that prose follows is a sub-heading, however near the end.
    """
    held, totals = [], []
    for paragraphs, known in zip(frames, marked, strict=True):
        own = grouped(paragraphs["key"].to_numpy(), near)
        at, recurs = groups.place(own)
        found = _placed(paragraphs, known, recurs)
        n_documents = groups.n_documents[at[recurs]]
        held.append(found.with_columns(group=pl.Series(own[recurs]), documents=pl.Series(n_documents, dtype=pl.UInt32)))
        totals.append(paragraphs.group_by("document").agg(total=pl.col("n_tokens").sum()))
    together = pl.concat(held)
    origin = _origins(together, pl.concat(totals), len(documents))
    about = documents.select("site", date=_days(documents["date"]), origin=origin)
    return together.hstack(about[together["document"].to_numpy()])


def _placed(paragraphs: pl.DataFrame, marked: pl.Series, wanted: NDArray[np.bool_]) -> pl.DataFrame:
    """Of whole documents the paragraphs that are `wanted`, with where they stand."""
    others = pl.col("other").cast(pl.Int32)
    prose = (pl.col("other") & (pl.col("n_words") >= PROSE_WORDS)).cast(pl.Int32)
    before = (others.cum_sum() - others).over("document")
    after = (others.cum_sum(reverse=True) - others).over("document")
    prose_before = (prose.cum_sum() - prose).over("document")
    prose_after = (prose.cum_sum(reverse=True) - prose).over("document")
    tail = (after < EDGE_TAIL) & ((pl.col("n_words") > LABEL_WORDS) | (prose_after == 0))
    placed = paragraphs.select(WEIGHED).with_columns(other=~marked)
    return placed.with_columns(
        (pl.col("position") / (pl.len().over("document") - 1).clip(1)).alias("place"),
        ((before < EDGE_HEAD) | tail).alias("edge"),
        ((before < HEADLINE_PLACES) & (prose_before == 0)).alias("headline"),
    ).filter(pl.Series(wanted))


def _days(dates: pl.Series) -> pl.Series:
    """The day of each document; null where there is none, and everywhere when all were written within one season."""
    days = dates.str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
    span = days.to_frame("day").select((pl.col("day").max() - pl.col("day").min()).dt.total_days()).item()
    return days if (span or 0) >= CORPUS_DAYS else pl.repeat(None, len(days), dtype=pl.Date, eager=True)


def _origins(held: pl.DataFrame, totals: pl.DataFrame, n_documents: int) -> pl.Series:
    """For each document the number of the story that it is a copy of: equal for documents that count as one."""
    few = held.filter(pl.col("documents").is_between(2, LINK_DOCUMENTS))
    recurs = few.group_by("document").agg(recurs=pl.col("n_tokens").sum()).join(totals, on="document")
    copied = recurs.filter(pl.col("recurs") >= COPY_SHARE * pl.col("total")).select("document")
    linked = pl.concat(
        [
            _shared(few.filter(pl.col("n_tokens") >= LINK_TOKENS), totals).filter(
                pl.col("shared") >= LINK_SHARE * pl.min_horizontal("total", "total_other")
            ),
            _shared(few.join(copied, on="document", how="semi"), totals).filter(
                pl.col("shared") >= COPY_SHARE * pl.max_horizontal("total", "total_other")
            ),
        ]
    )
    return pl.Series(
        "origin", graph.components(n_documents, *linked.select("document", "document_other").to_numpy().T.copy())
    )


def _shared(held: pl.DataFrame, totals: pl.DataFrame) -> pl.DataFrame:
    """Pairs of documents with the tokens of groups that are `shared`, and all tokens of each, `total`."""
    telling = held.group_by("group", "document").agg(pl.col("n_tokens").max())
    pairs = telling.join(telling, on="group", suffix="_other").filter(pl.col("document") < pl.col("document_other"))
    shared = pairs.group_by("document", "document_other").agg(
        shared=pl.min_horizontal("n_tokens", "n_tokens_other").sum()
    )
    other = totals.select(document_other="document", total_other="total")
    return shared.join(totals, on="document").join(other, on="document_other")


def groups(recurring: pl.DataFrame, wordings: Callable[..., pl.DataFrame]) -> pl.DataFrame:
    """The groups, judged: the columns of `tables.GROUPS`, with `group` still a key.

    `wordings(frame, on="form")` adds the `text` of each `form`, the hash of a wording.
    """
    forms = recurring.group_by("group", "form").agg(n=pl.len())
    most = forms.sort("group", "n", "form", descending=[False, True, False]).unique("group", keep="first")
    counted = recurring.group_by("group").agg(
        pl.col("form").n_unique().alias("variants"),
        pl.col("document").n_unique().alias("documents"),
        pl.col("origin").n_unique().alias("independent_documents"),
        pl.col("origin").filter("headline").n_unique().alias("headlines"),
        pl.col("origin").filter(~pl.col("headline")).n_unique().alias("elsewhere"),
        pl.col("site").drop_nulls().n_unique().clip(1).alias("sites"),
        (pl.col("date").max() - pl.col("date").min()).dt.total_days().alias("days"),
        pl.len().alias("occurrences"),
        pl.col("place").mean().alias("mean_position"),
        pl.col("edge").mean().alias("edge"),
        pl.col("dividing").mean().alias("dividing"),
        (pl.col("end") - pl.col("start")).cast(pl.UInt64).sum().alias("n_chars"),
        pl.col("n_words").median().alias("n_words"),
        pl.col("rule").drop_nulls().mode().sort().first().alias("residue"),
        pl.col("kind").drop_nulls().mode().sort().first().alias("kind"),
        pl.col("rule").is_not_null().mean().alias("caught"),
    )
    described = counted.join(wordings(most.select("group", "form"), on="form"), on="group", how="left").sort("group")
    return (
        described.with_columns(weight().alias("score"))
        .with_columns(*_judged())
        .with_columns(template=pl.lit(None, pl.String))
    )


def weight() -> pl.Expr:
    """How sure we are that a group is furniture, from 0 to 1; at 0.5 it is called so.

    The logistic of a sum. For it: log2 of the independent documents, and the share of copies at an edge. Against it:
    that it reads as prose, and the more when that stands in mid-document, or was all said within `BURST_DAYS`; that it
    is a short sentence in mid-document, or a label, of several sites; that it stands again and again in one document,
    as a speaker's name does; that it is an interjection or a stage direction in mid-document, as transcripts have; that
    it leads on to what follows, with a colon; that it is stock of the trade, such as who would not comment; that it is
    a post, which stories quote; and most of all that it divides the text (`dividers`). The weights were set on groups
    of labelled news, which has little stock and few dividers: two documents suffice at the edges of one site, four in
    the midst, and prose in the midst takes fifteen.
    """
    ends, amid, several = pl.col("text").str.contains(END_MARK), pl.col("edge") < 0.5, pl.col("sites") > 1
    prose, sentence = (pl.col("n_words") >= PROSE_WORDS) & ends, (pl.col("n_words") >= SENTENCE_WORDS) & ends
    label = (pl.col("n_words") <= 3) | (amid & (pl.col("n_words") <= COMMON_WORDS))
    speaker = (pl.col("n_words") <= 4) & (pl.col("occurrences") >= 3 * pl.col("documents"))
    said = (ends & ~sentence) | (pl.col("text").str.contains(DIRECTION) & (pl.col("n_words") <= 3))
    leads = amid & (pl.col("n_words") >= LEADING_WORDS) & pl.col("text").str.ends_with(":")
    against = (
        (1.5, prose),
        (2.5, prose & (pl.col("days") <= BURST_DAYS)),
        (2.0, prose & amid),
        (2.0, sentence & ~prose & amid & several),
        (2.2, label & several),
        (5.0, said & amid),
        (8.0, leads | pl.col("text").str.contains(STOCK)),
        (12.0, pl.col("dividing") >= MOSTLY),
        (6.0, speaker | pl.col("text").str.contains(POST)),
    )
    penalty = pl.sum_horizontal(size * reason.fill_null(False).cast(pl.Float64) for size, reason in against)
    evidence = 1.6 * pl.col("independent_documents").log(2) + 2.8 * pl.col("edge") - penalty - 2.6
    alone = pl.col("independent_documents") < 2
    return pl.when(alone).then(0.0).otherwise(1 / (1 + (-evidence).exp()))


def _judged() -> list[pl.Expr]:
    """Label, kind and rule of each group: by its recurrence, or by what most of its copies show alone.

    What is the headline of one document and stands further down in others is a teaser there (`recurs.headline`).
    """
    listed = pl.col("elsewhere").is_between(1, HEADLINE_DOCUMENTS)
    headline = (pl.col("headlines") == 1) & listed & pl.col("n_words").is_between(*HEADLINE_WORDS)
    headline &= pl.col("dividing") < MOSTLY
    headline &= ~pl.col("text").str.contains(END_MARK) | pl.col("text").str.ends_with("?")
    recurs = pl.col("score") >= 0.5
    caught = pl.col("caught") > 0.5
    furniture = headline | recurs | caught
    near = pl.when(pl.col("variants") > 1).then(pl.lit("recurs.near")).otherwise(pl.lit("recurs.exact"))
    return [
        pl.when(furniture).then(pl.lit("boilerplate")).otherwise(pl.lit("content")).alias("label"),
        pl.when(headline)
        .then(pl.lit("related"))
        .when(furniture)
        .then(pl.coalesce("kind", likely_kind()))
        .alias("kind"),
        pl.when(headline).then(pl.lit(HEADLINE)).when(recurs).then(near).when(caught).then("residue").alias("rule"),
        pl.when(headline).then(pl.max_horizontal("score", pl.lit(SURE))).otherwise("score").alias("score"),
    ]


def likely_kind() -> pl.Expr:
    """What furniture is when no rule knows its words: a label when it is short, a teaser without an end mark."""
    ends = pl.col("text").str.contains(END_MARK)
    short = pl.col("n_words") <= 4
    return (
        pl.when(short & ~ends)
        .then(pl.lit("navigation"))
        .when(~ends)
        .then(pl.lit("related"))
        .otherwise(pl.lit("prompt"))
    )
