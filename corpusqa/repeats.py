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
from typing import NamedTuple, TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

from corpusqa import config
from corpusqa.kernels import repeats as kernel

#: A lone exact copy counts from one and a half times `min_tokens`: of 8 to 11 words, most are rhetoric or lists.
ALONE = 1.5
#: With three occurrences and more, from two and a half times: nobody sings a refrain of twenty words.
REFRAIN, REFRAIN_TIMES = 2.5, 3
#: In a pasted block, half of `min_tokens` will do.
IN_BLOCK = 0.5
#: Two items of a list differ by a name or a number. Below twice `min_tokens` that cannot be told from a correction.
NEAR = 2.0
#: A pair that shares less of the shorter one's 3-grams is not looked at; three corrections in 25 words leave 0.6.
FLOOR = 0.4
#: Tokens in common, of all tokens of both, in a corrected paste that opens with the same words. Lower takes pictures
#: of one event, and people described in the same words.
SAME_OPENING = 0.7
#: And when it does not, as the items of a list do not.
OTHER_OPENING = 0.85
#: And in a pasted block, between paragraphs that are copies.
BLOCK = 0.6
#: A caption right beside its alt text opens the same, and as much of the shorter one's tokens is in the longer.
BESIDE = 0.7
#: A short one, below `REFRAIN`, may open otherwise, when it has more of them and the longer one, by as many tokens as
#: the name of a photographer, goes on.
CREDITED, CREDIT = 0.8, 2
#: Lengths closer than this make two forms of one thing; else one is part of the other.
SAME_LENGTH = 0.7
#: A quoted line of less than `ALONE` must be shorter still: a table of contents against its headings is not.
WELL_SHORTER = 0.6
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
    hashes: NDArray[np.uint64], offsets: NDArray[np.int64], documents: NDArray[np.uint32], settings: config.Repeats
) -> pl.DataFrame:
    """The repeated paragraphs, each with the one that is kept: `paragraph`, `source`, `how`, `similarity`.

    Paragraph `i` has the token hashes `offsets[i]` to `offsets[i + 1]` and belongs to `documents[i]`, ascending. Rows
    are counted over all paragraphs given. A source is in the same document and is not itself repeated. `similarity` is
    1.0 for exact, for near the tokens in common of all tokens of both, for contained the share of the paragraph's
    3-grams that its source has.
    """
    bounds = np.flatnonzero(np.diff(documents.astype(np.int64), prepend=-1, append=-1)).astype(np.int64)
    tokens = Tokens(hashes, offsets.astype(np.int64, copy=False), bounds)
    first = kernel.copies(*tokens)
    source = np.where(_copied(first, tokens, settings.min_tokens), first, -1)
    pairs = _pairs(tokens, first, settings.min_tokens)
    claims = pl.concat([_near(pairs, tokens, source, settings.min_tokens), _contained(pairs, settings)])
    return _with_copies(_settled(claims), source)


def _copied(first: Rows, tokens: Tokens, min_tokens: int) -> NDArray[np.bool_]:
    """Which paragraphs are copies by accident: long enough alone, right below the original, or in a pasted block."""
    again = first != np.arange(len(first))
    below = again & (np.r_[-1, first][:-1] == first)
    times = np.bincount(first, minlength=len(first))[first]
    least = np.where(times >= REFRAIN_TIMES, REFRAIN, ALONE) * min_tokens
    anchor = again & ((tokens.lengths >= least) | (below & (tokens.lengths >= min_tokens)))
    return kernel.pasted(first, tokens.lengths, tokens.bounds, anchor, max(1, round(IN_BLOCK * min_tokens)))


def _pairs(tokens: Tokens, first: Rows, min_tokens: int) -> pl.DataFrame:
    """Pairs of different paragraphs that overlap: `later`, `earlier`, their lengths, their common 3-grams."""
    takes_part = (first == np.arange(len(first))) & (tokens.lengths >= min_tokens)
    later, earlier, shared, grams = kernel.overlaps(*tokens, takes_part, FLOOR)
    pairs = pl.DataFrame({"later": later, "earlier": earlier, "shared": shared}).with_columns(
        tokens=pl.Series(tokens.lengths[later]),
        tokens_earlier=pl.Series(tokens.lengths[earlier]),
        grams=pl.Series(np.minimum(grams[later], grams[earlier])),
    )
    fewest, most = pl.min_horizontal("tokens", "tokens_earlier"), pl.max_horizontal("tokens", "tokens_earlier")
    return pairs.with_columns(
        fewest=fewest,
        most=most,
        ratio=fewest / most,
        containment=pl.col("shared") / pl.col("grams"),
        within=pl.col("shared") == pl.col("grams"),
    )


def _near(pairs: pl.DataFrame, tokens: Tokens, source: Rows, min_tokens: int) -> pl.DataFrame:
    """Claims that the later of two is the earlier one with corrections."""
    alike = pairs.filter(pl.col("ratio") >= SAME_LENGTH, ~pl.col("within"))
    later, earlier = alike["later"].to_numpy(), alike["earlier"].to_numpy()
    measured = alike.with_columns(
        common=pl.Series(kernel.common_tokens(tokens.hashes, tokens.offsets, later, earlier)),
        opening=pl.Series(_same_opening(tokens, later, earlier, min(OPENING, min_tokens))),
        block=pl.Series(_in_block(later, earlier, source)),
        listed=pl.Series(_with_a_third(later, earlier)),
        beside=pl.col("later") == pl.col("earlier") + 1,
    ).with_columns(similarity=pl.col("common") / (pl.col("fewest") + pl.col("most") - pl.col("common")))
    corrected = (pl.col("similarity") >= SAME_OPENING) & pl.col("opening")
    corrected |= (pl.col("similarity") >= OTHER_OPENING) & ~pl.col("beside")
    share = pl.col("common") / pl.col("fewest")
    captioned = pl.col("opening") & pl.col("beside") & (share >= BESIDE)
    credited = pl.col("beside") & (share >= CREDITED) & (pl.col("tokens") - pl.col("tokens_earlier") >= CREDIT)
    short = pl.col("fewest").is_between(ALONE * min_tokens, REFRAIN * min_tokens)
    alone = (pl.col("fewest") >= NEAR * min_tokens) & (corrected | captioned)
    alone = (alone | (credited & short)) & ~pl.col("listed")
    pasted = pl.col("block") & (pl.col("similarity") >= BLOCK)
    return _claims(measured.filter(alone | pasted).rename({"later": "paragraph", "earlier": "source"}), "near")


def _same_opening(tokens: Tokens, later: Rows, earlier: Rows, n: int) -> NDArray[np.bool_]:
    same = np.ones(len(later), np.bool_)
    for k in range(n):
        same &= tokens.hashes[tokens.offsets[later] + k] == tokens.hashes[tokens.offsets[earlier] + k]
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
    inside |= pl.col("within") & ~short
    later_is_part = pl.col("tokens") <= pl.col("tokens_earlier")
    return _claims(
        pairs.filter(inside).select(
            paragraph=pl.when(later_is_part).then("later").otherwise("earlier"),
            source=pl.when(later_is_part).then("earlier").otherwise("later"),
            similarity="containment",
            most="most",
        ),
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
