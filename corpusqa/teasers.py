"""The teasers below a heading such as "Related stories", which name other stories in words that no rule can know.

What tells them is the heading, their form, and that they stand below it: at the end of a document all of it, in the
middle of an article the titles right below the heading, and not the sub-heading of what comes next.
"""

from __future__ import annotations

import polars as pl

#: Teasers are told from body text by their lengths in words, and by how many of them end without a mark. A tail that
#: is longer than what stands above the heading is the article itself.
TEASER, TITLE, TITLES = 45, (3, 25), 1 / 3
#: So many paragraphs of so many words in a row are an article that goes on below the teasers.
PROSE, IN_A_ROW = 12, 3
#: So many at most in a list in the middle of an article; a lone one must be this long, and the last one before prose
#: longer, or it is the sub-heading of what follows.
LISTED, LONE, LAST = 10, 5, 9
HEADINGS = r"^related\.(?:heading|more)"
ENDED = r"""[.!?…:;"”’'»)\]]$"""

SCHEMA = pl.Schema({"rule": pl.String, "kind": pl.String, "score": pl.Float64})


def below_headings(frame: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """The teasers below a heading such as "Related stories": `rule`, `kind`, `score`, null elsewhere.

    `frame` is as for `residue.find`, `found` what that made of it. Below such a heading, all up to the end of the
    document is teasers when it is short, less than what stands above, and every third line is a title: words without an
    end mark. Elsewhere the titles right below the heading are.
    """
    rows = pl.DataFrame({"row": pl.int_range(len(frame), dtype=pl.UInt32, eager=True)})
    named = found["rule"].drop_nulls().unique()
    headings = found["rule"].is_in(named.filter(named.str.contains(HEADINGS)).implode()).fill_null(False)
    if not headings.any():
        return pl.DataFrame(schema=SCHEMA).clear(len(frame))
    document = (frame["position"] == 0).cum_sum()
    listing = document.is_in(document.filter(headings).unique().implode())
    lines = pl.DataFrame([frame["n_words"], document.alias("document"), rows["row"], headings.alias("heading")])
    lines = lines.with_columns(marked=found["rule"].is_not_null()).filter(listing)
    lines = lines.with_columns(ended=frame["text"].gather(lines["row"]).str.contains(ENDED))
    lines = lines.with_columns(
        title=~pl.col("ended") & pl.col("n_words").is_between(*TITLE) & ~pl.col("marked"),
        prose=pl.col("ended") & (pl.col("n_words") >= PROSE) & ~pl.col("marked"),
    )
    found = pl.concat([_tails(lines), _lists(lines)]).unique("row", keep="first")
    return rows.join(found, "row", how="left", maintain_order="left").drop("row")


def _tails(lines: pl.DataFrame) -> pl.DataFrame:
    """All lines below the first heading that only teasers follow."""
    own = pl.col("n_words") * ~pl.col("marked")
    in_a_row = (pl.col("prose").shift(-by, fill_value=False).over("document") for by in range(IN_A_ROW))
    below = lines.with_columns(
        longest=own.cum_max(reverse=True).shift(-1).over("document"),
        words=own.cum_sum(reverse=True).shift(-1).over("document"),
        above=own.cum_sum().over("document"),
        titles=pl.col("title").cum_sum(reverse=True).shift(-1).over("document"),
        others=(~pl.col("marked")).cum_sum(reverse=True).shift(-1).over("document"),
        goes_on=pl.all_horizontal(in_a_row).cum_max(reverse=True).over("document"),
    )
    starts = below.filter(
        "heading",
        pl.col("longest") <= TEASER,
        pl.col("words") < pl.col("above"),
        pl.col("titles") >= TITLES * pl.col("others"),
        pl.col("others") > 0,
        ~pl.col("goes_on"),
    )
    first = starts.group_by("document").agg(start=pl.col("row").min())
    return _teasers(lines.join(first, "document").filter(pl.col("row") > pl.col("start"), ~pl.col("marked")), 0.8)


def _lists(lines: pl.DataFrame) -> pl.DataFrame:
    """The titles right below a heading in the middle of an article, but for the sub-heading of what comes next."""
    stop = pl.col("heading") | ~(pl.col("title") | pl.col("marked"))
    own = pl.col("n_words") * ~pl.col("marked")
    runs = lines.with_columns(run=stop.cum_sum().over("document"), above=own.cum_sum().over("document"))
    each = ["document", "run"]
    runs = runs.with_columns(
        headed=(pl.col("heading") & (pl.col("above") > 0)).first().over(each),
        listed=pl.col("title").sum().over(each),
        longest=pl.col("n_words").filter("title").max().over(each),
        next=pl.col("prose").shift(-1, fill_value=False).over("document"),
    )
    enough = (pl.col("listed") > 1) | (pl.col("longest") >= LONE)
    heads_prose = pl.col("next") & (pl.col("listed") > 1) & (pl.col("n_words") < LAST)
    return _teasers(runs.filter("headed", "title", ~heads_prose, pl.col("listed") <= LISTED, enough), 0.7)


def _teasers(lines: pl.DataFrame, score: float) -> pl.DataFrame:
    return lines.select("row", rule=pl.lit("section.related"), kind=pl.lit("related"), score=pl.lit(score))
