"""What stands among furniture: menus, lists of teasers, and the line between two prompts at the end.

Furniture comes in runs. A page's text as a naive scraper gets it begins and ends with a hundred short lines, of which
rules and recurrence know a third; between them stand titles that occur only once. The company that a line keeps is
evidence about it, but weaker than any other, so it is used last, only on lines that are no prose, and only where much
of the run is known already: a table of results or a poem has nobody in it that we know.

A run is what stands between two paragraphs of prose, or between prose and an end of the document. The one at the head
holds the document's own headline, just above the prose, which looks like any teaser and is left alone.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from corpusqa.kernels.frames import COLON, ENDED, NUMBER
from corpusqa.patching import scattered
from corpusqa.tables import SPAN

#: Tokens from which a paragraph with an end mark is prose, and from which any is.
PROSE, LONG = 12, 40
#: Lines of a run, and how many and which share of them must be known, for it to say something of those between.
RUN, KNOWN, SHARE = 8, 4, 0.05
FAR = 32  #: lines from prose; more are as far
HEADLINE = 8  #: lines above the prose of which one may be the headline
#: Tokens from which it may be what stands below the headline, with all buttons between it and the prose.
STANDFIRST = 18
#: Lines of the run at the head that must be known for all above the headline to be the page's menus. On labelled pages
#: 2,148 of 2,154 such lines were furniture.
MENU, SURE_MENU = 2, 0.95
#: Tokens of a line between two that are known, at most; lines of a run that need not be at the tail to make it
#: furniture, and the share of them that must be known, as in a list of titles with a date below each.
BETWEEN, LIST, LISTED = 30, 12, 0.3
#: Tokens up to which a line is a label, and not a teaser.
LABEL = 4
#: Titles of stories: words of one, which share of its tokens they are, numbers and marks being the rest, and which
#: share of them has a capital, as English headlines are set; how many of them make a list, and which share of the lines
#: that nobody knows they are. A title this near the prose may be its own.
TITLE_WORDS, WORDY, CAPITALS, TITLES, MOSTLY, NEAR = 6, 0.75, 0.6, 3, 0.4, 2
#: The rules.
IN_RUN, IN_BETWEEN, BELOW, TITLED = "context.run", "context.between", "context.below", "context.titles"
#: On labelled pages 241 of 243 such lines of four words and more were furniture at the tail, 331 of 337 in lists.
SURE_BETWEEN = 0.8
#: Lines for each known one that may stand below: tags and titles are a few, the ingredients of a recipe below an
#: advertisement are many.
FOLLOWED = 6
#: On labelled pages 306 of 307 lines that were no prose and stood below a known one at the tail were furniture.
SURE_BELOW = 0.85
SURE_TITLES = 0.75

FORMS = ("head_shapes", "tail_shapes", "n_marks", "n_names", "n_cased", "flags")
UNMARKED = pl.col("label") == "content"


def surrounded(labelled: pl.DataFrame, frames: pl.DataFrame) -> pl.DataFrame:
    """The paragraphs, with `label`, `kind`, `rule` and `score` of those that stand among furniture.

    `labelled` has a row a paragraph, whole documents in their order: `document`, `position`, `n_tokens`, `spans`, those
    four, and whether it `stays` by the user's word; `frames` has what `templates.frames` made of it, the columns
    `FORMS`.
    """
    lines = runs(labelled, _forms(frames))
    headline = pl.col("head") & (pl.col("distance") <= HEADLINE) & (pl.col("n_tokens") >= LABEL)
    listed = (pl.col("size") >= LIST) & (pl.col("known") >= LISTED * pl.col("size")) & ~headline
    between = lines.filter(pl.col("tail") | listed, "between", ~pl.col("ended"), pl.col("n_tokens") <= BETWEEN)
    plain = pl.col("ended") | pl.col("leads")
    few = pl.col("size") - pl.col("known") <= FOLLOWED * pl.col("known")
    below = lines.filter("tail", ~pl.col("head"), "below", few, ~plain, pl.col("n_tokens") <= BETWEEN)
    enough = (pl.col("known") >= KNOWN) & (pl.col("known") >= SHARE * pl.col("size"))
    near = pl.col("head") & (pl.col("distance") <= NEAR)
    listing = (pl.col("titles") >= TITLES) & (pl.col("titles") >= MOSTLY * (pl.col("size") - pl.col("known")))
    titles = lines.filter(pl.col("head") ^ pl.col("tail"), "title", listing, ~near)
    menu = lines.filter(
        "head",
        ~pl.col("tail"),
        ~pl.col("ended"),
        pl.col("distance") > HEADLINE,
        pl.col("known") >= MENU,
        pl.col("n_tokens") <= STANDFIRST,
    )
    among = lines.filter("within", enough, ~headline, pl.col("size") >= RUN).with_columns(score=weight())
    found = pl.concat(
        [
            between.select("row", rule=pl.lit(IN_BETWEEN), score=pl.lit(SURE_BETWEEN)),
            menu.select("row", rule=pl.lit(IN_RUN), score=pl.lit(SURE_MENU)),
            among.filter(pl.col("score") >= 0.5).select("row", "score", rule=pl.lit(IN_RUN)),
            titles.select("row", rule=pl.lit(TITLED), score=pl.lit(SURE_TITLES)),
            below.select("row", rule=pl.lit(BELOW), score=pl.lit(SURE_BELOW)),
        ],
        how="diagonal",
    ).unique("row", keep="first", maintain_order=True)
    rows = found["row"].to_numpy().astype(np.int64)
    part = labelled[rows].hstack(found.select(rule_context="rule", score_context="score"))
    likely = pl.when(pl.col("n_tokens") <= LABEL).then(pl.lit("navigation"))
    changed = part.select(
        label=pl.when("stays").then("label").otherwise(pl.lit("boilerplate")),
        kind=pl.when("stays").then("kind").otherwise(likely.otherwise(pl.lit("related"))),
        rule=pl.when("stays").then("rule").otherwise("rule_context"),
        score=pl.when("stays").then("score").otherwise("score_context"),
        spans=pl.when("stays").then("spans").otherwise(pl.lit([], dtype=pl.List(SPAN))),
    )
    new = scattered(changed.with_columns(here=True), rows, len(labelled))
    own = labelled.select(changed.columns).hstack(new.rename({name: f"{name}_new" for name in changed.columns}))
    chosen = (pl.when("here").then(f"{name}_new").otherwise(name).alias(name) for name in changed.columns)
    return labelled.with_columns(own.select(chosen))


def _forms(frames: pl.DataFrame) -> pl.DataFrame:
    """Whether a line `ended` in an end mark, whether it `leads` on to something with a colon, whether it is a `title`.

    What a number stands before is an item or a chapter of the text.
    """
    ended, n_words = pl.col("flags") & ENDED > 0, pl.col("n_cased")
    leads, numbered = pl.col("tail_shapes") & 15 == COLON, pl.col("head_shapes") & 15 == NUMBER
    wordy = (n_words >= TITLE_WORDS) & (n_words >= WORDY * pl.col("n_marks"))
    title = ~ended & ~leads & ~numbered & wordy & (pl.col("n_names") >= CAPITALS * n_words)
    return frames.select(ended=ended, leads=leads, title=title)


def weight() -> pl.Expr:
    """How sure we are that a line among known ones of its run is furniture, from 0 to 1.

    The logistic of a sum: for it log2 of its distance to prose, in lines; whether both neighbours are known; whether
    the run is at an end of the document. Against it log2 of its tokens, and an end mark. The weights are those of a
    logistic regression on the lines of 582 pages labelled as main text or not that nothing else had marked, rounded; on
    sites that were not fitted, two in a hundred of its marks were main text.
    """
    evidence = (
        0.8 * (1 + pl.col("distance")).log(2)
        + 0.6 * pl.col("between").cast(pl.Float64)
        + 2.1 * (pl.col("head") | pl.col("tail")).cast(pl.Float64)
        - 0.3 * pl.col("ended").cast(pl.Float64)
        - 1.15 * (1 + pl.col("n_tokens")).log(2)
    )
    return 1 / (1 + (-evidence).exp())


def runs(labelled: pl.DataFrame, forms: pl.DataFrame) -> pl.DataFrame:
    """The lines that nothing has marked and that are no prose, by `row`, with the evidence about them.

    `forms` is what `_forms` says of each. Adds the `size` of the run, how many of it are `known` and how many unknown
    `titles`; whether known ones stand above the line in its run (`below`), on both sides (`within`) and next to it
    (`between`), the `distance` to prose, and whether the run is at the `head` or `tail`.
    """
    marked = labelled.select(~UNMARKED).to_series().to_numpy()
    n_tokens, ended = labelled["n_tokens"].to_numpy(), forms["ended"].to_numpy()
    prose = ~marked & ((ended & (n_tokens >= PROSE)) | (n_tokens >= LONG))
    lines = np.flatnonzero(~marked & ~prose)
    opens = labelled["position"].to_numpy() == 0
    starts = np.flatnonzero(opens | prose)
    stops = np.append(starts, len(marked))[1:]
    run = np.cumsum(opens | prose)[lines] - 1
    first, stop = starts[run], stops[run]
    goes_on = np.append(~opens, False)[stops][run]  # behind the run comes prose of the same document
    known = np.concatenate(([0], np.cumsum(marked)))
    titles = np.concatenate(([0], np.cumsum(forms["title"].to_numpy() & ~marked & ~prose)))
    above = np.concatenate(([False], marked[:-1])) & ~opens
    beneath = np.append(marked[1:] & ~opens[1:], False)
    before, n_known = known[lines] - known[first], known[stop] - known[first]
    distance = np.minimum(np.where(prose[first], lines - first, FAR), np.where(goes_on, stop - lines, FAR))
    evidence = {
        "row": lines.astype(np.uint32),
        "n_tokens": n_tokens[lines],
        "size": stop - first - prose[first],
        "known": n_known,
        "titles": titles[stop] - titles[first],
        "between": (above & beneath)[lines],
        "head": ~prose[first],
        "tail": ~goes_on,
        "distance": np.minimum(distance, FAR),
        "below": before > 0,
        "within": (before > 0) & (before < n_known),
    }
    return pl.DataFrame(evidence).hstack(forms[lines])
