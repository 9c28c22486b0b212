"""Paragraphs that say again what another paragraph of the same document says.

Scraping doubles content in three ways, and each is looked for as what it is. A lead pasted twice is *exact*. A second
paste that was corrected, or a caption beside the picture's alt text, is *near*: most words in common, and the same
opening. A pull quote or standfirst is *contained*: the shorter one goes, wherever it stands, and the longer is kept.

What writers repeat on purpose stays content, and most of this module is about telling the two apart. A refrain is short
and comes three times or more. List items share a frame and differ in their first words, and where two resemble each
other a third does. Sub-headings, speaker labels and cells of a table are short, and copies of short lines count only
as part of a pasted block: next to a longer copy, in the place that they have next to its source.

The numbers below were set on unlabelled news, half of its outlets, by reading the pairs on either side of each one;
`tests/cases/repeats.toml` holds what they are to keep apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple, TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

from corpusqa import config, fingerprint
from corpusqa.endings import signed_from
from corpusqa.kernels import frozen
from corpusqa.kernels import repeats as kernel
from corpusqa.texts import Texts

#: A lone exact copy counts from one and a half times `min_tokens`: of 8 to 11 words, most are rhetoric or lists.
ALONE = 1.5
#: With three occurrences and more, from two and a half times: nobody sings a refrain of twenty words.
REFRAIN, REFRAIN_TIMES = 2.5, 3
#: Nor is one paragraph pasted so many times: it is the question that an interviewer asks of everybody.
ASKED = 6
#: So many different lines of `min_tokens` that come as often make a schedule: menus of a week, results of a season.
SCHEDULE = 6
#: In a pasted block, half of `min_tokens` will do.
IN_BLOCK = 0.5
#: Two items of a list differ by a name or a number. Below twice `min_tokens` that cannot be told from a correction.
NEAR = 2.0
#: A pair that shares less of the shorter one's 3-grams is not looked at; three corrections in 25 words leave 0.6.
FLOOR = 0.4
#: Tokens in common, of all tokens of both, in a corrected paste that opens with the same words and stands apart. Lower
#: takes pictures of one event, and people described in the same words.
CORRECTED = 0.65
#: And of one that opens otherwise, or stands right below, as items of a list and parallel sentences do.
PARALLEL = 0.7
#: Words that were added to a sentence, or left out of it, are a correction in shorter ones too.
ADDED = 1.25
#: And in a pasted block, between paragraphs that are copies.
BLOCK = 0.6
#: A caption right beside its alt text opens the same, and as much of the shorter one's tokens is in the longer.
BESIDE = 0.7
#: It may open otherwise when it has more of them and one of the two ends in a credit, which may also stand between
#: them; or is short, below `REFRAIN`, and goes on by as many tokens as the name of a photographer.
CREDITED, CREDIT, CLOSE = 0.8, 2, 2
#: Lengths closer than this make two forms of one thing; else one is part of the other.
SAME_LENGTH = 0.7
#: A quoted line of less than `ALONE` must be shorter still: a table of contents against its headings is not.
WELL_SHORTER = 0.6
#: A quotation from which words were left out has all its words in its source, and so many of its 3-grams.
LEFT_OUT = 0.75
#: And one that is framed otherwise ("she tweeted", a hashtag) so many of its tokens in a row.
IN_A_ROW = 0.8
#: How many tokens are an opening.
OPENING = 3

Rows: TypeAlias = NDArray[np.int64]

SCHEMA = pl.Schema({"paragraph": pl.UInt32, "source": pl.UInt32, "how": pl.String, "similarity": pl.Float64})


class Tokens(NamedTuple):
    """The paragraphs as the kernels see them: those of document `d` are `bounds[d]` to `bounds[d + 1]`."""

    hashes: NDArray[np.uint64]
    offsets: Rows
    bounds: Rows

    @property
    def lengths(self) -> Rows:
        """Tokens in each paragraph."""
        return np.diff(self.offsets)


def repeats(
    texts: Texts | pl.Series | Iterable[str], documents: NDArray[np.uint32], settings: config.Repeats
) -> pl.DataFrame:
    """The repeated paragraphs, each with the one that is kept: `paragraph`, `source`, `how`, `similarity`.

    Paragraph `texts[i]` belongs to `documents[i]`, ascending. A source is in the same document and is not itself
    repeated. `similarity` is 1.0 for exact, for near the tokens in common of all tokens of both, for contained the
    share of the paragraph's 3-grams that its source has; signatures and credits do not count.
    """
    held = texts if isinstance(texts, Texts) else Texts.of(texts)
    hashes, offsets = fingerprint.token_hashes(held)
    bounds = np.flatnonzero(np.diff(documents.astype(np.int64), prepend=-1, append=-1)).astype(np.int64)
    tokens = Tokens(hashes, offsets.astype(np.int64, copy=False), bounds)
    first = kernel.copies(*tokens)
    schedule = _in_schedule(first, tokens, settings.min_tokens)
    source = np.where(_copied(first, tokens, settings.min_tokens) & ~schedule, first, -1)
    pairs = _measured(_pairs(tokens, first, settings.min_tokens), tokens, held, source, settings.min_tokens)
    near = _near(pairs.filter(~schedule[pairs["later"].to_numpy()]), settings.min_tokens)
    claims = pl.concat([near, _contained(pairs, settings)])
    return _with_copies(_settled(claims), source)


def _in_schedule(first: Rows, tokens: Tokens, min_tokens: int) -> NDArray[np.bool_]:
    """Which paragraphs are of a document that is a schedule: one where many lines come again and again."""
    times = np.bincount(first, minlength=len(first))
    again = (times >= REFRAIN_TIMES) & (tokens.lengths >= min_tokens)
    counted = np.concatenate(([0], np.cumsum(again)))[tokens.bounds]
    return np.repeat(np.diff(counted) >= SCHEDULE, np.diff(tokens.bounds))


def _copied(first: Rows, tokens: Tokens, min_tokens: int) -> NDArray[np.bool_]:
    """Which paragraphs are copies by accident: long enough alone, right below the original, or in a pasted block."""
    again = first != np.arange(len(first))
    below = again & (np.r_[-1, first][:-1] == first)
    times = np.bincount(first, minlength=len(first))[first]
    least = np.select([times >= ASKED, times >= REFRAIN_TIMES], [np.inf, REFRAIN * min_tokens], ALONE * min_tokens)
    anchor = again & ((tokens.lengths >= least) | (below & (tokens.lengths >= min_tokens)))
    return kernel.pasted(first, tokens.lengths, tokens.bounds, anchor, max(1, round(IN_BLOCK * min_tokens)))


def _pairs(tokens: Tokens, first: Rows, min_tokens: int) -> pl.DataFrame:
    """Pairs of different paragraphs that overlap: `later`, `earlier`, and their common 3-grams, `shared` of `grams`."""
    takes_part = (first == np.arange(len(first))) & (tokens.lengths >= min_tokens)
    later, earlier, shared, grams = kernel.overlaps(*tokens, takes_part, FLOOR)
    own = {"later": later, "earlier": earlier, "shared": shared, "grams": np.minimum(grams[later], grams[earlier])}
    return pl.DataFrame(own)


def _measured(pairs: pl.DataFrame, tokens: Tokens, texts: Texts, source: Rows, min_tokens: int) -> pl.DataFrame:
    """The pairs with all that is weighed: how long, how alike, and where they stand. Signatures do not count."""
    later, earlier = frozen(pairs["later"].to_numpy()), frozen(pairs["earlier"].to_numpy())
    lengths = _unsigned(texts, tokens, np.union1d(later, earlier), min_tokens)
    common, run = kernel.alignments(tokens.hashes, tokens.offsets, lengths, later, earlier)
    signed = lengths < tokens.lengths
    alike = lengths[later] == lengths[earlier]
    shorter = np.where(alike, tokens.lengths[later] <= tokens.lengths[earlier], lengths[later] < lengths[earlier])
    part, whole = np.where(shorter, later, earlier), np.where(shorter, earlier, later)
    shared, grams = pairs["shared"].to_numpy().copy(), pairs["grams"].to_numpy().copy()
    cut = np.flatnonzero(signed[part])
    cut = cut[np.argsort(whole[cut], kind="stable")]
    shared[cut], grams[cut] = kernel.common_grams(tokens.hashes, tokens.offsets, lengths, part[cut], whole[cut])
    fewest, most = lengths[part], lengths[whole]
    columns = {
        "part": part,
        "whole": whole,
        "fewest": fewest,
        "most": most,
        "ratio": fewest / most,
        "containment": shared / grams,
        "share": common / fewest,
        "similarity": common / (fewest + most - common),
        "run": run,
        "longer": lengths[later] - lengths[earlier],
        "signed": signed[part],
        "credit": signed[later] != signed[earlier],
        "gap": later - earlier,
        "opening": _same_opening(tokens, later, earlier, min(OPENING, min_tokens)),
        "block": _in_block(later, earlier, source),
        "listed": _with_a_third(later, earlier),
    }
    return pairs.select("later", "earlier").hstack(pl.DataFrame(columns))


def _unsigned(texts: Texts, tokens: Tokens, rows: Rows, min_tokens: int) -> Rows:
    """The tokens of each paragraph; of these rows, without the signature or credit that they end with."""
    lengths = tokens.lengths.copy()
    bodies = pl.Series([text[: signed_from(text)] for text in texts.take(rows).series()], dtype=pl.String)
    own = np.diff(fingerprint.token_hashes(Texts.of(bodies))[1])
    lengths[rows] = np.where(own >= min_tokens, own, lengths[rows])
    return lengths


def _near(pairs: pl.DataFrame, min_tokens: int) -> pl.DataFrame:
    """Claims that the later of two is the earlier one with corrections, or the caption of its picture."""
    beside = pl.col("gap") == 1
    corrected = pl.col("opening") & ~beside & (pl.col("similarity") >= CORRECTED)
    corrected |= (pl.col("opening") | ~beside) & (pl.col("similarity") >= PARALLEL)
    captioned = pl.col("opening") & beside & pl.col("credit") & (pl.col("share") >= BESIDE)
    added = pl.col("opening") & (pl.col("share") == 1) & (pl.col("fewest") >= ADDED * min_tokens)
    credited = _credited(min_tokens) & (pl.col("share") >= CREDITED)
    alone = ((pl.col("fewest") >= NEAR * min_tokens) & (corrected | captioned)) | added | credited
    pasted = pl.col("block") & (pl.col("similarity") >= BLOCK)
    alike = (pl.col("ratio") >= SAME_LENGTH) & (pl.col("containment") < 1)
    chosen = pairs.filter(alike & ((alone & ~pl.col("listed")) | pasted))
    return _claims(chosen.rename({"later": "paragraph", "earlier": "source"}), "near")


def _credited(min_tokens: int) -> pl.Expr:
    """Whether two that are close may be alt text and caption: one of them ends in a credit, or goes on for one."""
    credit = (pl.col("gap") <= CLOSE) & pl.col("credit") & (pl.col("fewest") >= ALONE * min_tokens)
    short = pl.col("fewest").is_between(ALONE * min_tokens, REFRAIN * min_tokens)
    return credit | ((pl.col("gap") == 1) & short & (pl.col("longer") >= CREDIT))


def _same_opening(tokens: Tokens, later: Rows, earlier: Rows, n: int) -> NDArray[np.bool_]:
    """Whether the first `n` tokens are the same, or those of one follow on the first token of the other."""
    here, there = tokens.offsets[later], tokens.offsets[earlier]
    same: NDArray[np.bool_] = np.zeros(len(later), np.bool_)
    for ours, theirs in ((0, 0), (1, 0), (0, 1)):
        alike = (tokens.lengths[later] >= n + ours) & (tokens.lengths[earlier] >= n + theirs)
        for k in range(n):
            alike[alike] = tokens.hashes[(here + ours + k)[alike]] == tokens.hashes[(there + theirs + k)[alike]]
        same |= alike
    return same


def _in_block(later: Rows, earlier: Rows, source: Rows) -> NDArray[np.bool_]:
    """Whether the paragraph above the later one copies the one above the earlier one, or the same below."""
    padded: Rows = np.concatenate(([-1], source, [-1]))
    above: NDArray[np.bool_] = (padded[later] == earlier - 1) & (earlier > 0)
    below: NDArray[np.bool_] = padded[later + 2] == earlier + 1
    return above | below


def _with_a_third(later: Rows, earlier: Rows) -> NDArray[np.bool_]:
    """Whether either of the two is like another one besides: the mark of a list."""
    _, place, times = np.unique(np.r_[later, earlier], return_inverse=True, return_counts=True)
    crowded = (times > 1)[place]
    either: NDArray[np.bool_] = crowded[: len(later)] | crowded[len(later) :]
    return either


def _contained(pairs: pl.DataFrame, settings: config.Repeats) -> pl.DataFrame:
    """Claims that the shorter of two, wherever it stands, is part of the longer."""
    short = pl.col("fewest") < ALONE * settings.min_tokens
    part = pl.when(short).then(pl.col("ratio") <= WELL_SHORTER).otherwise(pl.col("ratio") < SAME_LENGTH)
    enough = pl.when(pl.col("fewest") < NEAR * settings.min_tokens).then((1 + settings.containment) / 2)
    inside = part & (pl.col("containment") >= enough.otherwise(settings.containment))
    inside |= (pl.col("containment") == 1) & ~short
    inside |= part & ~short & (pl.col("share") == 1) & (pl.col("containment") >= LEFT_OUT)
    inside |= (pl.col("containment") == 1) & pl.col("credit") & (pl.col("gap") <= CLOSE)
    long = pl.when("signed").then(ALONE).otherwise(NEAR) * settings.min_tokens
    in_a_row = pl.col("run") >= IN_A_ROW * pl.col("fewest")
    inside &= in_a_row | ~pl.col("listed")
    framed = (pl.col("run") >= long) & in_a_row
    inside |= framed & ~pl.col("listed") & ((pl.col("gap") > 1) | pl.col("opening"))
    return _claims(
        pairs.filter(inside).rename({"part": "paragraph", "whole": "source"}).with_columns(similarity="containment"),
        "contained",
    )


def _claims(claims: pl.DataFrame, how: str) -> pl.DataFrame:
    """Claims of one kind in the order in which to take them."""
    order = claims.sort("similarity", "most", "paragraph", "source", descending=[True, True, False, False])
    return order.select("paragraph", "source", pl.lit(how).alias("how"), "similarity", "most")


def _settled(claims: pl.DataFrame) -> pl.DataFrame:
    """At most one source for each paragraph, and sources that are kept.

    Claims are taken near ones first, the most similar and the longest source first. One whose source itself repeats a
    third passes on to the third, and takes along what followed its own paragraph; where that is not claimed of each of
    them directly it is dropped, so that every similarity given is one that was measured.
    """
    known = {(row, source): (how, similarity) for row, source, how, similarity, _ in reversed(claims.rows())}
    sources: dict[int, int] = {}
    followers: defaultdict[int, list[int]] = defaultdict(list)
    for row, claimed, *_ in claims.rows():
        source = sources.get(claimed, claimed)
        moved = [row, *followers[row]]
        if row not in sources and all((each, source) in known for each in moved):
            sources.update(dict.fromkeys(moved, source))
            followers[source] += moved
            followers[row] = []
    settled = [(row, source, *known[row, source]) for row, source in sources.items()]
    return pl.DataFrame(settled, SCHEMA, orient="row")


def _with_copies(settled: pl.DataFrame, source: Rows) -> pl.DataFrame:
    """The exact copies too. One of a paragraph that is itself part of another has that other as its source."""
    copies = pl.DataFrame({"paragraph": np.flatnonzero(source >= 0), "original": source[source >= 0]}).cast(pl.UInt32)
    followed = copies.join(settled.rename({"paragraph": "original"}), "original", how="left").select(
        "paragraph",
        pl.coalesce("source", "original").alias("source"),
        pl.col("how").fill_null("exact"),
        pl.col("similarity").fill_null(1.0),
    )
    return pl.concat([settled, followed]).sort("paragraph")
