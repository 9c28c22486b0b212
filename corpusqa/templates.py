"""Furniture that recurs with other names in it: "⟨…⟩ contributed to this report", "Related: ⟨…⟩".

A template is a frame that short paragraphs of several documents share while the rest of them differs: the same first
tokens, or last, or two at both ends, or all but the numbers. Frames are learned from the corpus, for each site and
across sites, and no word of any language is known beforehand. `specific` has the tests by which furniture is told from
the frames of language; this module makes the frames, and says of each paragraph from which template it was made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from corpusqa import fingerprint
from corpusqa.kernels import frames as _frames
from corpusqa.kernels.characters import character_table
from corpusqa.kernels.classes import class_table
from corpusqa.kernels.frames import DOUBLED, ENDED
from corpusqa.slots import SLOT, worded
from corpusqa.specific import (
    CAPITALS,
    CRIES,
    FRAMES,
    HARDLY,
    NAMES,
    NEARLY_ALL,
    SHORT,
    TOKENS,
    candidates,
    capitals,
    inside,
    measured,
    sampling,
    shaped,
    specific,
    stands_alone,
)
from corpusqa.texts import Texts

COUNTS = ("n_marks", "n_names", "n_cased", "n_ends", "flags")
ENDS = ("head_shapes", "tail_shapes", *COUNTS)
#: Candidates that are measured at a time, some 150 bytes each, several times over.
AT_ONCE = 1 << 20
#: Paragraphs without a mark that may stand between one and the edge that it is at; a quarter of a short document.
EDGE = 2
#: Tokens from which a neighbour is text, and not another line of a list.
TEXT = 15
#: A template is applied to paragraphs at most this much longer than the middle one of those it was learned from.
LONGER = 1.5
#: Tokens of a slot from which it holds a title.
TITLE = 5

IN_CAPITALS = f"{SLOT} (in capitals)"  #: as people read the template of lines in capitals

Ends = Callable[[Sequence[str]], pl.DataFrame]
Wordings = Callable[..., pl.DataFrame]


@dataclass(frozen=True, slots=True)
class Batch:
    """Some documents' paragraphs."""

    paragraphs: pl.DataFrame  #: whole documents in their order
    furniture: pl.Series  #: which of them are known to be some
    ends: pl.DataFrame  #: their `frames`


@dataclass(frozen=True, slots=True)
class Learned:
    """The groups with the templates among them, and the group of each paragraph that has one."""

    groups: pl.DataFrame  #: the columns of `tables.GROUPS`, with `group` still a key
    assigned: pl.DataFrame  #: `document`, `position`, `group`, `headline`


def frames(texts: Texts) -> pl.DataFrame:
    """The ends of each paragraph: hashes of heads and tails, of both together, and of all but the numbers.

    A hash is 0 where a paragraph is too short for it. `head_shapes` and `tail_shapes` have four bits a token, from the
    outermost in. `n_marks` counts tokens, punctuation included, up to 41; `n_names` words with a capital, `n_cased` all
    words, `n_ends` sentences that end before the last; `kernels/frames.py` has the shapes and the `flags`.
    """
    hashes = np.empty((len(FRAMES), len(texts)), np.uint64)
    shapes, counts = np.empty((2, len(texts)), np.uint64), np.empty((len(COUNTS), len(texts)), np.uint8)
    _frames.frames(texts.data, texts.starts, texts.ends, character_table(), class_table(), hashes, shapes, counts)
    ends = {"head_shapes": shapes[0], "tail_shapes": shapes[1], **dict(zip(COUNTS, counts, strict=True))}
    return pl.DataFrame(dict(zip(FRAMES, hashes, strict=True)) | ends)


def learned(
    walk: Callable[[], Iterable[Batch]],
    ends: Ends,
    recurring: pl.DataFrame,
    groups: pl.DataFrame,
    sites: pl.Series,
    wordings: Wordings,
) -> Learned:
    """The templates of a corpus as groups, beside those that recur word by word.

    `walk()` gives all paragraphs, some at a time, `ends(names)` these columns of `frames` for all of them at once;
    `recurring` and `groups` are what `boilerplate` found, `sites` has the site of each document, and
    `wordings(frame, on="form")` adds the `text` of each `form`. A paragraph keeps the group that it recurs in; a group
    of which most copies were made from a template is furniture by it.
    """
    n_marks = ends(["n_marks"]).to_series()
    rows = pl.concat([candidates(name, ends([name]).to_series(), n_marks) for name in FRAMES])
    every = sampling(n_marks)
    seen = _seen(walk(), rows["row"], len(n_marks), every, _documents(recurring, sites))
    rows = pl.concat([rows, capitals(seen.described, wordings)])
    found = pl.concat([_specific(_with_facts(some, seen.described)) for some in _by_frame(rows)])
    found = found.filter(stands_alone(found, inside(found["frame"], seen.long, every, wordings)))
    fitting = _fitting(_with_facts(rows.join(found, on="frame", how="semi"), seen.described), found)
    members = fitting.unique("row", keep="first", maintain_order=True)
    words = worded(fitting.join(members.select("frame"), on="frame", how="semi"), wordings)
    cried = members.filter(pl.col("name") == CAPITALS)["frame"].unique()
    words = words.with_columns(
        template=pl.when(pl.col("frame").is_in(cried.implode())).then(pl.lit(IN_CAPITALS)).otherwise("template")
    )
    return _grouped(members, words, recurring, groups)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What is held of the paragraphs after a walk through all of them: of few, all that is asked."""

    described: pl.DataFrame  #: those that may be of a template, by `row`
    long: pl.DataFrame  #: `key` and `form` of the sample of those in which frames are looked for


def _seen(walk: Iterable[Batch], rows: pl.Series, n_rows: int, every: int, documents: pl.DataFrame) -> _Seen:
    """Walk through all paragraphs, for what is known of these `rows`."""
    wanted = np.zeros(n_rows, np.bool_)
    wanted[rows.to_numpy()] = True
    described, long, first = [], [], 0
    for batch in walk:
        own = _known(batch, documents, first)
        here = pl.Series(wanted[first : first + len(own)])
        described.append(own.filter(here | own.select(CRIES).to_series()))
        long.append(own.filter(pl.col("n_marks") > SHORT, pl.col("key") % every == 0).select("key", "form"))
        first += len(own)
    return _Seen(pl.concat(described), pl.concat(long))


def _by_frame(rows: pl.DataFrame) -> Iterable[pl.DataFrame]:
    """All paragraphs of a frame at once, but not those of all frames."""
    n_ranges = -(-len(rows) // AT_ONCE)
    if n_ranges <= 1:
        return [rows]
    return (rows.filter(pl.col("frame") % n_ranges == i) for i in range(n_ranges))


def _with_facts(rows: pl.DataFrame, described: pl.DataFrame) -> pl.DataFrame:
    """The candidates with what is known of their paragraphs, and with the shape of their frames."""
    place = np.searchsorted(described["row"].to_numpy(), rows["row"].to_numpy())
    return shaped(rows.hstack(described.drop("row")[place]))


def _specific(rows: pl.DataFrame) -> pl.DataFrame:
    """The frames among these that are templates: across sites (with no `site`), and on one."""
    across = measured(rows, ["frame"]).filter(pl.col("sites") > 1)
    return specific(pl.concat([across, measured(rows, ["frame", "site"])], how="diagonal"))


def _documents(recurring: pl.DataFrame, sites: pl.Series) -> pl.DataFrame:
    """The story and the site of each document, the site as a number, and how many documents that has."""
    origins = recurring.select("document", "origin").unique("document").cast(pl.UInt32)
    return (
        pl.DataFrame({"site": sites.fill_null("").rank("dense")})
        .with_row_index("document")
        .join(origins, on="document", how="left", maintain_order="left")
        .select("site", pl.coalesce("origin", "document").alias("origin"), site_documents=pl.len().over("site"))
    )


def _known(batch: Batch, documents: pl.DataFrame, first: int) -> pl.DataFrame:
    """What is known of each paragraph before: its story and site, whether it is furniture, where it stands, its ends.

    `first` is the row of the first of them.
    """
    last = (pl.len().over("document") - 1).clip(1)
    own = batch.paragraphs.with_row_index("row", first).select(
        "row",
        *("document", "position", "key", "form", "kind"),
        ruled=pl.col("rule").is_not_null(),
        known=batch.furniture,
        n_chars=pl.col("end") - pl.col("start"),
        at=pl.col("position") / last,
    )
    around = _around(batch.paragraphs, batch.furniture.to_numpy())
    return own.hstack(documents[own["document"].to_numpy()]).hstack(around).hstack(batch.ends.select(ENDS))


def _around(paragraphs: pl.DataFrame, known: NDArray[np.bool_]) -> pl.DataFrame:
    """Where each paragraph stands: at the `head` or `tail` of its document, furniture aside; `alone_before`, `_after`.

    Alone it is on a side where the document ends, or text or furniture stands, but not another short line.
    """
    first = paragraphs["position"].to_numpy() == 0
    starts = np.flatnonzero(first)
    stops, document = np.append(starts, len(first))[1:], np.cumsum(first) - 1
    others = np.concatenate(([0], np.cumsum(~known)))
    before, total = others[:-1] - others[starts][document], (others[stops] - others[starts])[document]
    after, edge = total - before - ~known, np.minimum(EDGE, total // 4)
    apart = known | (paragraphs["n_tokens"].to_numpy() >= TEXT)
    alone_before, alone_after = np.roll(apart, 1), np.roll(apart, -1)
    alone_before[starts] = alone_after[stops - 1] = True
    columns = {"head": before <= edge, "tail": after <= edge, "alone_before": alone_before, "alone_after": alone_after}
    return pl.DataFrame(columns)


def _fitting(rows: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """The paragraphs that were made from each template; of those that fit one, the first has the most documents.

    Where two have as many, the one that fixes more of the paragraph comes first.
    """
    its = ("place", "independent", "ended", "several", "middle", "upper", "slot", "names", "known")
    about = found.select("frame", "site", *(pl.col(name).alias(f"its_{name}") for name in its))
    across = rows.join(about.filter(pl.col("site").is_null()).drop("site"), on="frame")
    within = rows.join(about.filter(pl.col("site").is_not_null()), on=["frame", "site"])
    fits = pl.concat([across.with_columns(across=True), within.with_columns(across=False)], how="diagonal")
    fixes = pl.col("name").cast(pl.String).replace_strict({**TOKENS, "both": 9, "whole": 10}, return_dtype=pl.Int32)
    order = ["row", "its_independent", "across", "fixes", "frame"]
    return fits.filter(_fits()).with_columns(fixes=fixes).sort(order, descending=[False, True, True, True, False])


def _fits() -> pl.Expr:
    """Whether a paragraph that has the frame is of its template: as long, in the same place, as much of a sentence."""
    long = pl.col("n_marks") > pl.max_horizontal(LONGER * pl.col("its_middle"), "its_upper")
    elsewhere = ((pl.col("its_place") == "tail") & ~pl.col("tail")) | (
        (pl.col("its_place") == "head") & ~pl.col("head")
    )
    sentence = (pl.col("its_ended") <= HARDLY) & (pl.col("flags") & ENDED > 0)
    several = (pl.col("its_several") < NEARLY_ALL) & (pl.col("n_ends") > 0) & (pl.col("flags") & DOUBLED == 0)
    several &= pl.col("its_ended") <= HARDLY
    return ~(long | elsewhere | sentence | several)


def _weight() -> pl.Expr:
    """How sure we are of a template, from 0.5 to 1.

    The logistic of a sum: 0.8 for each doubling of the independent documents, the share of its paragraphs that are
    furniture already, 1 where the slot holds names, less 1.6, so that four documents, the least there are, give 0.5:
    the tests of `specific` have decided, this only says how much there was to decide by.
    """
    evidence = (
        0.8 * pl.col("its_independent").log(2)
        + pl.col("its_known")
        + (pl.col("its_names") >= NAMES).cast(pl.Float64)
        - 1.6
    )
    return 1 / (1 + (-evidence).exp())


def _grouped(members: pl.DataFrame, words: pl.DataFrame, recurring: pl.DataFrame, groups: pl.DataFrame) -> Learned:
    """The templates as groups, and the groups that recur and turn out to be made from one.

    A template's name is that of its words, with `_` for a slot; where a text that recurs says just that, another.
    """
    keys, _ = fingerprint.keys(words["template"].str.replace_all(SLOT, "_", literal=True))
    free = np.where(np.isin(keys, groups["group"].to_numpy()), ~keys, keys)
    named = words.with_columns(made=pl.Series(free, dtype=pl.UInt64))
    made = members.join(named, on="frame", how="left", maintain_order="left")
    own = _counted(made)
    each = ["document", "position"]
    places = made.select(*each, "made")
    recurs = recurring.select(*each, "group", "headline").join(places, on=each, how="left", maintain_order="left")
    new = places.join(recurs, on=each, how="anti", maintain_order="left").rename({"made": "group"})
    both = pl.concat([_adopted(groups, recurs, own), own.join(new, on="group", how="semi")], how="diagonal_relaxed")
    assigned = pl.concat([recurs.drop("made"), new.select(*each, "group", headline=False)])
    return Learned(both.sort("group"), assigned)


def _counted(made: pl.DataFrame) -> pl.DataFrame:
    """The columns of a group for each template, over all paragraphs that were made from it."""
    whole = made.with_columns(_weight().alias("score"), _likely_kind().alias("likely"))
    return (
        whole.sort("its_independent", "frame", descending=[True, False], maintain_order=True)
        .group_by("made", maintain_order=True)
        .agg(
            pl.col("text", "template").first(),
            variants=pl.col("form").n_unique(),
            documents=pl.col("document").n_unique(),
            independent_documents=pl.col("origin").n_unique(),
            sites=pl.col("site").n_unique(),
            occurrences=pl.len(),
            mean_position=pl.col("at").mean(),
            label=pl.lit("boilerplate"),
            kind=pl.coalesce(pl.col("kind").drop_nulls().mode().sort().first(), pl.col("likely").mode().sort().first()),
            rule=pl.lit("template"),
            score=pl.col("score").max(),
            n_chars=pl.col("n_chars").cast(pl.UInt64).sum(),
        )
        .rename({"made": "group"})
    )


def _likely_kind() -> pl.Expr:
    """What a template is when no rule knows any of its paragraphs, by its form."""
    return (
        pl.when((pl.col("flags") & DOUBLED > 0) | (pl.col("name") == "whole"))
        .then(pl.lit("navigation"))
        .when(pl.col("its_ended") > HARDLY)
        .then(pl.when(pl.col("its_names") >= NAMES).then(pl.lit("bio")).otherwise(pl.lit("prompt")))
        .when(pl.col("its_slot") >= TITLE)
        .then(pl.lit("related"))
        .when(pl.col("its_names") >= NAMES)
        .then(pl.lit("credit"))
        .otherwise(pl.lit("prompt"))
    )


def _adopted(groups: pl.DataFrame, recurs: pl.DataFrame, templates: pl.DataFrame) -> pl.DataFrame:
    """The groups that recur; content of which most copies were made from a template is furniture by that template."""
    share = recurs.group_by("group").agg(
        made=pl.col("made").mode().sort().first(), share=pl.col("made").is_not_null().mean()
    )
    by = templates.select("group", "kind", "rule", "label", "score", "template").rename({"group": "made"})
    judged = groups.join(share.filter(pl.col("share") > 0.5), on="group", how="left", maintain_order="left").join(
        by, on="made", how="left", maintain_order="left", suffix="_made"
    )
    adopts = (pl.col("label") == "content") & pl.col("label_made").is_not_null()
    columns = ("label", "kind", "rule", "score", "template")
    changed = [pl.when(adopts).then(f"{name}_made").otherwise(name).alias(name) for name in columns]
    return judged.with_columns(changed).select(groups.columns)
