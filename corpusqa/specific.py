"""Which frames are templates: the tests that a frame of short paragraphs must pass so as not to take sentences.

Language has frames too ("The White House ⟨…⟩", "What we know about ⟨…⟩", "⟨…⟩, Editorial Board"). These tests tell:

- *Sentences grow, furniture does not.* Nine in ten of the paragraphs that have the frame are short. What opens or ends
  prose also opens or ends long paragraphs. Of all tests this one decides most.
- *Furniture stands by itself.* The frame is hardly ever met within a paragraph, where a phrase of the trade is at home:
  "did not respond to a request for comment".
- *A page has one of it*; speakers, list items, tweets and sub-headings come several to a page.
- *Something new begins at the slot*: a title behind a colon or bar, a capital in the middle of the line, a name. Where
  the sentence goes on, it is language; after a comma it is an attribution.
- *It stands where furniture does*: at the tail of the document, at the head of many pages of its site, or alone between
  long paragraphs; among short lines it is a list, a recipe, a box score. What ends like a sentence must stand at the
  tail and be about names: contributors and authors are, corrections are not.

Where a rule knows most of the paragraphs of a frame, or they recur word by word, they are furniture already; the frame
then says what else is, and needs neither a break nor a place.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import polars as pl

from corpusqa.kernels import frozen
from corpusqa.kernels import openings as _openings
from corpusqa.kernels.characters import character_table
from corpusqa.kernels.classes import class_table
from corpusqa.kernels.frames import (
    BAR,
    COLON,
    COMMA,
    DOUBLED,
    ENDED,
    GLYPH,
    LENGTHS,
    NAME,
    NUMBER,
    QUOTE,
    QUOTED,
    WORD,
)
from corpusqa.texts import Texts

HEADS = tuple(f"head_{k}" for k in LENGTHS)
TAILS = tuple(f"tail_{k}" for k in LENGTHS)
FRAMES = (*HEADS, *TAILS, "both", "whole")
CAPITALS = "capitals"  #: the frame of lines that have nothing in common but that all of their letters are capitals
NAMED_AS = pl.Enum([*FRAMES, CAPITALS])  #: a byte a name
TOKENS = {**dict(zip(FRAMES, (*LENGTHS, *LENGTHS, 3, 0), strict=True)), CAPITALS: 0}  #: of each frame

#: Independent documents that must have a frame of two tokens, of three, of more (a spike on labelled news: fewer let
#: chance openings in, more cost small corpora their templates), and how many different texts there must be.
DOCUMENTS, OF_MORE = {2: 8, 3: 5}, 4
CONTINUATIONS = 3
#: Tokens of a short paragraph, and the share of a frame's paragraphs that must be short (the same spike).
SHORT, SHORT_SHARE = 25, 0.9
#: The share of a frame's places that must be the beginning or end of a paragraph. The others are counted in so many
#: long paragraphs: a tenth of a second of work, and enough to meet a phrase of the trade in any corpus.
BOUNDARY, SAMPLE = 0.5, 8_000
#: Paragraphs with the frame in a document that has any; in the body, unless most pages have it, hardly more than one.
#: Sub-headings of one form have 1.2 to 3.4, links to other stories 1.0 to 1.4.
A_PAGE, A_PAGE_IN_BODY = 1.5, 1.2
A_PAGE_APART = 2.5  #: of those that are set apart
#: The share that must have text beside them (see `around`) and not a line of a list; of those that are set apart.
ALONE, APART = 0.6, 0.8
#: The share of words with a capital from which a slot holds names or a title. English sentences have 0.15, German 0.4.
NAMES = 0.6
#: The share of its sites' documents on which a template of the head, or of the body, stands: a frame on few pages there
#: is a kind of headline or sub-heading. Sub-headings of one form were on 1.1 to 3.7 % of an outlet's stories, titles of
#: other stories on 7 %, counters of pictures on 44 %.
HEAD_SHARE, BODY_SHARE = 0.2, 0.05
PAGES = 8  #: documents of a site from which a share of them says something
#: Words of a line in capitals that is looked at, and tokens of half of a site's, from which they are titles of other
#: stories. Of the lone lines of an outlet that sets its sub-headings in capitals the middle one had 3 words, of
#: two that set titles so 10.5 and 11.
CAPITAL_WORDS, CAPITAL_TITLE = 5, 8
#: Tokens of a title in a slot, at least; of names at most.
TITLE, NAME_TOKENS = 4, 5
#: Tokens of what a label at the tail says, at least: less may be a mark or a rating.
CLOSING_SLOT = 3
#: The share of paragraphs with a quotation mark at an end from which they are quotations.
QUOTES = 0.2
#: The share of the texts of a frame that must be furniture for the others to be, too.
KNOWN_TEXTS = 0.3
#: Nearly all; most; nearly none.
NEARLY_ALL, MOSTLY, HARDLY = 0.9, 0.8, 0.1

#: Short lines that stand alone and whose words all begin with a capital: some have no other letters.
CRIES = (
    ((pl.col("n_cased") >= CAPITAL_WORDS) & (pl.col("n_names") == pl.col("n_cased")))
    & (pl.col("alone_before") & pl.col("alone_after") & (pl.col("n_marks") <= SHORT))
    & ~pl.col("ruled")
)

Wordings = Callable[..., pl.DataFrame]


def least(name: str) -> int:
    """Independent documents that must have a frame of this name."""
    return DOCUMENTS.get(TOKENS[name], OF_MORE)


def candidates(name: str, hashes: pl.Series, n_marks: pl.Series) -> pl.DataFrame:
    """The paragraphs whose frame of this name occurs often, and nearly always in short ones: `row`, `frame`, `name`.

    `hashes` are the frames of all paragraphs, 0 for none, `n_marks` their tokens.
    """
    seen = np.zeros(1 << max(16, (2 * len(hashes)).bit_length()), np.uint8)
    every, marks = frozen(hashes.to_numpy()), frozen(n_marks.to_numpy())
    rows = _openings.frequent(every, marks, TOKENS[name], SHORT, least(name), seen)
    frames = every[rows]
    _, which, n = np.unique(frames, return_inverse=True, return_counts=True)
    short = np.bincount(which, weights=marks[rows] <= SHORT, minlength=len(n))
    often = ((short >= least(name)) & (short >= SHORT_SHARE * n))[which]
    own = {"row": rows[often].astype(np.uint32), "frame": frames[often]}
    return pl.DataFrame(own).with_columns(name=pl.lit(name, NAMED_AS))


def capitals(described: pl.DataFrame, wordings: Wordings) -> pl.DataFrame:
    """Of the lines that may be in `CRIES` those that are, as `candidates` gives the paragraphs of a frame."""
    rows = described.filter(CRIES).select("row", "form")
    text = wordings(rows.select("form"), on="form")["text"]
    found = rows.filter(text.str.to_uppercase() == text)
    return found.select("row", frame=pl.lit(1, pl.UInt64), name=pl.lit(CAPITALS, NAMED_AS))


def shaped(rows: pl.DataFrame) -> pl.DataFrame:
    """The candidates, in any order, with what their frames are made of; `rows` have their `name` and the shapes.

    Adds `words` and `glyphs` of the frame, `own_names` and `own_cased` words of it, and whether it `breaks`, has a
    `label` mark or a `comma` at the slot.
    """
    named = rows.partition_by("name", as_dict=True)
    frames = [own.with_columns(_shape(str(name))) for (name,), own in named.items()]
    return pl.concat(frames) if frames else rows.with_columns(_shape(CAPITALS))


def _shape(name: str) -> list[pl.Expr]:
    """What the tokens of the frame and those beside it are."""
    size = TOKENS[name]
    if name == CAPITALS:
        return _nothing_fixed()
    if name == "whole":
        fixed, joints = [_at("head_shapes", i) for i in range(8)], []
    elif name == "both":
        first, second, third = (_at("tail_shapes", i) for i in range(3))
        word = first <= GLYPH
        fixed = [_at("head_shapes", 0), _at("head_shapes", 1), first, pl.when(~word).then(second)]
        tail = (pl.when(word).then(second).otherwise(third), pl.when(word).then(first).otherwise(second))
        joints = [(fixed[1], _at("head_shapes", 2)), tail]
    elif name in HEADS:
        fixed = [_at("head_shapes", i) for i in range(size)]
        joints = [(fixed[-1], _at("head_shapes", size))]
    else:
        fixed = [_at("tail_shapes", i) for i in range(size)]
        joints = [(_at("tail_shapes", size), fixed[-1])]
    label = [before.is_in([COLON, BAR]) | after.is_in([COLON, BAR]) for before, after in joints]
    new = [after.is_in([NAME, NUMBER, QUOTE] if name not in TAILS else [NAME]) for _, after in joints]
    comma = [(before == COMMA) | (after == COMMA) for before, after in joints]
    return [
        _count(fixed, WORD, NAME).alias("words"),
        _count(fixed, GLYPH).alias("glyphs"),
        _count(fixed, NAME).alias("own_names"),
        _count(fixed, WORD, NAME).alias("own_cased"),
        pl.any_horizontal(pl.lit(False), *label).alias("label"),
        pl.any_horizontal(pl.lit(False), *label, *new).alias("breaks"),
        pl.any_horizontal(pl.lit(False), *comma).alias("comma"),
    ]


def _nothing_fixed() -> list[pl.Expr]:
    counts = [pl.lit(0, pl.Int32).alias(name) for name in ("words", "glyphs", "own_names", "own_cased")]
    return counts + [pl.lit(name == "breaks").alias(name) for name in ("label", "breaks", "comma")]


def _at(end: str, i: int) -> pl.Expr:
    """The shape of the token at this place from the end."""
    return pl.col(end) // (1 << 4 * i) % 16


def _count(tokens: Sequence[pl.Expr], *shapes: int) -> pl.Expr:
    return pl.sum_horizontal(token.is_in(shapes).cast(pl.Int32) for token in tokens)


def measured(rows: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """What is so of the paragraphs of each frame: counts, and the share of them for which it holds."""
    shares = {
        "short": pl.col("n_marks") <= SHORT,
        "ended": pl.col("flags") & ENDED > 0,
        "quoted": pl.col("flags") & QUOTED > 0,
        "doubled": pl.col("flags") & DOUBLED > 0,
        "colon": _at("tail_shapes", 0) == COLON,
        "several": pl.col("n_ends") > 0,
        **{name: pl.col(name) for name in ("tail", "head", "alone_before", "alone_after", "known", "ruled")},
        **{name: pl.col(name) for name in ("breaks", "label", "comma")},
    }
    shared = pl.when(pl.col("site_documents") >= PAGES).then(1 / pl.col("site_documents"))
    names = (pl.col("n_names").cast(pl.Int32) - pl.col("own_names")).sum()
    cased = (pl.col("n_cased").cast(pl.Int32) - pl.col("own_cased")).sum()
    return rows.group_by(by).agg(
        pl.col("name").first().cast(pl.String),
        n=pl.len(),
        independent=pl.col("origin").n_unique(),
        documents=pl.col("document").n_unique(),
        sites=pl.col("site").n_unique(),
        texts=pl.col("key").n_unique(),
        known_texts=pl.col("key").filter("known").n_unique() / pl.col("key").n_unique(),
        on_pages=(shared.sum() / pl.col("site").n_unique()).round(9),  # so that no order of summing shows
        names=pl.when(cased > 0).then(names / cased).otherwise(0.0),
        words=pl.col("words").median(),
        own_names=pl.col("own_names").median(),
        glyphs=pl.col("glyphs").median(),
        middle=pl.col("n_marks").median(),
        upper=pl.col("n_marks").quantile(0.9, "nearest").cast(pl.Float64),
        **{name: share.cast(pl.Float64).mean() for name, share in shares.items()},
    )


def specific(found: pl.DataFrame) -> pl.DataFrame:
    """The frames that pass, with `place`, where their furniture is: at the tail, at the head, or anywhere."""
    tokens = pl.col("name").replace_strict(TOKENS, return_dtype=pl.Int32)
    needed = pl.col("name").replace_strict({name: least(name) for name in TOKENS}, return_dtype=pl.UInt32)
    sized = found.with_columns(slot=pl.col("middle") - tokens, a_page=pl.col("n") / pl.col("documents"))
    enough = (pl.col("independent") >= needed) & (pl.col("texts") >= CONTINUATIONS) & (pl.col("short") >= SHORT_SHARE)
    return (
        sized.filter(enough & (TELLING | IN_CAPITALS))
        .with_columns(place=_place())
        .filter(pl.col("place").is_not_null())
    )


IN_CAPITALS = pl.col("name") == CAPITALS
LABELLED = pl.col("label") >= NEARLY_ALL
#: The fixed words say something: two words, one with a colon or bar, three glyphs.
TELLING = (pl.col("words") >= 2) | ((pl.col("words") >= 1) & LABELLED) | (pl.col("glyphs") >= 3)
#: One to a page, no quotation or attribution, and not in a list.
SINGLE = (
    (pl.col("a_page") <= A_PAGE)
    & (pl.col("quoted") < QUOTES)
    & (pl.col("comma") < HARDLY)
    & (pl.col("alone_before") >= ALONE)
)
#: No sentence, and none that opens a list.
OPEN_ENDED = (pl.col("ended") <= HARDLY) & (pl.col("colon") < HARDLY)
NAMED = pl.col("names") >= NAMES
#: Something new begins at the slot. In a line that is all capitals, one more capital does not say so.
BREAKS = LABELLED | ((pl.col("breaks") >= NEARLY_ALL) & ~NAMED)
AT_TAIL, AT_HEAD = pl.col("tail") >= MOSTLY, pl.col("head") >= MOSTLY
ALL_AT_TAIL = pl.col("tail") >= NEARLY_ALL
ON_MANY_PAGES, ON_SOME_PAGES = pl.col("on_pages") >= HEAD_SHARE, pl.col("on_pages") >= BODY_SHARE

#: Furniture already: by rules, or because most of it recurs, in several wordings. A sentence that recurs ("This story
#: has been corrected.") says nothing of longer ones.
RECURS = (pl.col("known") >= 0.5) & (pl.col("known_texts") >= KNOWN_TEXTS) & (ALL_AT_TAIL | ON_SOME_PAGES)
RULED = (pl.col("ruled") >= 0.5) & (OPEN_ENDED | ALL_AT_TAIL)
KNOWN = SINGLE & (RULED | (RECURS & (OPEN_ENDED | (ALL_AT_TAIL & NAMED))))
#: "Listen to ⟨The Weekly⟩", "Further reading: ⟨…⟩".
CLOSING = SINGLE & OPEN_ENDED & AT_TAIL & (NAMED | (BREAKS & (pl.col("slot") >= CLOSING_SLOT)))
#: "⟨Ann Lee⟩ contributed to this report."
SIGNED = SINGLE & ALL_AT_TAIL & ~OPEN_ENDED & NAMED
#: "Published by ⟨Ann Lee⟩"; a title there is a headline.
OPENING = (SINGLE & OPEN_ENDED & AT_HEAD & ON_MANY_PAGES) & (
    (pl.col("names") >= NEARLY_ALL) & (pl.col("slot") <= NAME_TOKENS)
)
#: "⟨3⟩ min read".
COUNTER = SINGLE & OPEN_ENDED & (pl.col("name") == "whole") & ON_MANY_PAGES
#: "Elsewhere ⟨Can a port pay for itself?⟩". At the head it would be a headline; a tail, the credit of a caption.
IN_BODY = (
    (SINGLE & OPEN_ENDED & BREAKS & ON_SOME_PAGES)
    & ((pl.col("a_page") <= A_PAGE_IN_BODY) | ON_MANY_PAGES)
    & (pl.col("alone_after") >= ALONE)
    & (pl.col("head") < 0.5)
    & (pl.col("slot") >= TITLE)
    & (pl.col("several") <= HARDLY)
    & (NAMED | pl.col("name").is_in(HEADS))
    & (pl.col("independent") >= DOCUMENTS[2])
)
#: Several to a page, each alone between long paragraphs, and not one of them a sentence.
ALONE_IN_BODY = (
    ((pl.col("quoted") < QUOTES) & OPEN_ENDED & ON_SOME_PAGES)
    & (pl.col("a_page") <= A_PAGE_APART)
    & (pl.col("alone_before") >= APART)
    & (pl.col("alone_after") >= APART)
    & (pl.col("head") < 0.5)
)
#: "( Also on The Courier: ⟨…⟩)", "⟨…⟩ Read more", each with a title of its own. No sub-heading is met on so many pages
#: with two words the same.
SET_APART = (
    (ALONE_IN_BODY & (pl.col("comma") < HARDLY) & (pl.col("several") < QUOTES))
    & (pl.col("breaks") >= NEARLY_ALL)
    & (pl.col("slot") >= TITLE)
    & (pl.col("own_names") < pl.col("words"))
)
#: "HARBOUR BOARD MEETS FOR THE LAST TIME".
CRIED = ALONE_IN_BODY & IN_CAPITALS & (pl.col("middle") >= CAPITAL_TITLE) & pl.col("site").is_not_null()
#: The same title twice in a row: a picture's, and its frame's.
DOUBLE = OPEN_ENDED & (pl.col("doubled") >= 0.5)


def _place() -> pl.Expr:
    """Where the paragraphs of the frame are furniture; null where they may well be content."""
    return (
        pl.when((KNOWN & AT_TAIL) | CLOSING | SIGNED | (COUNTER & AT_TAIL))
        .then(pl.lit("tail"))
        .when(OPENING | (COUNTER & AT_HEAD))
        .then(pl.lit("head"))
        .when(KNOWN | IN_BODY | SET_APART | CRIED | DOUBLE)
        .then(pl.lit("any"))
    )


def stands_alone(found: pl.DataFrame, inside: pl.Series) -> pl.Series:
    """Whether each frame is known by rules, or hardly met `inside` long paragraphs."""
    return (found["ruled"] >= 0.5) | (found["n"] >= BOUNDARY * (found["n"] + inside))


def sampling(n_marks: pl.Series) -> int:
    """One long paragraph in how many is looked into for frames."""
    return max(1, -(-int((n_marks > SHORT).sum()) // SAMPLE))


def inside(wanted: pl.Series, long: pl.DataFrame, every: int, wordings: Wordings) -> pl.Series:
    """How often each frame stands within the corpus' long paragraphs, as counted in one of them in `every`."""
    sampled = long.filter(pl.col("key") % every == 0).unique("key", keep="first", maintain_order=True)
    texts = Texts.of(wordings(sampled.select("form"), on="form")["text"])
    frames = np.unique(wanted.to_numpy())
    maybe = np.zeros(1 << max(12, (16 * len(frames)).bit_length()), np.uint8)
    maybe[frames & np.uint64(len(maybe) - 1)] = 1
    buffers = texts.data, texts.starts, texts.ends, character_table(), class_table()
    counts = _openings.inside(*buffers, frames, maybe)
    return pl.Series("inside", every * counts[np.searchsorted(frames, wanted.to_numpy())], dtype=pl.Int64)
