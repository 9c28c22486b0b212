"""All evidence, one label a paragraph: the plan that `curate` will carry out.

What a paragraph shows alone, what its document says twice and what other documents say too are weighed here and nowhere
else. The label comes with what decided it, so that every cut can be explained and argued with.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from corpusqa import boilerplate, tables
from corpusqa.approval import APPROVED, IGNORED
from corpusqa.patching import Rows, row_of, scattered

#: What the user said of a paragraph wins over what was said of its group, and both over all evidence.
APPROVED_ITSELF = pl.col("rule").eq_missing(pl.lit(APPROVED))
IGNORES = pl.col("ignored") | (pl.col("group_rule").eq_missing(pl.lit(IGNORED)) & ~APPROVED_ITSELF)
BY_WORDING = pl.col("rule").is_not_null()
BY_RESIDUE = APPROVED_ITSELF | (BY_WORDING & ~pl.col("group_rule").eq_missing(pl.lit(APPROVED)))
OWN_HEADLINE = (pl.col("group_rule") == boilerplate.HEADLINE) & pl.col("headline")
BY_GROUP = (pl.col("group_label") == "boilerplate") & ~OWN_HEADLINE
AGAIN = pl.col("repeats").is_not_null()
#: Repeats that are one text in two forms: what the one is, the other is too.
ONE_TEXT = ("exact", "near")
KEPT = pl.col("label") == "content"
DECIDED = ("label", "kind", "rule", "group", "score", "repeats", "spans", "stays")
NO_SPANS = pl.lit([], dtype=pl.List(tables.SPAN))
#: What a paragraph is by the evidence of its own document, before others are asked.
ALONE = (
    pl.when("ignored")
    .then(pl.lit("content"))
    .when(BY_WORDING)
    .then(pl.lit("boilerplate"))
    .when(AGAIN)
    .then(pl.lit("repeated"))
    .otherwise(pl.lit("content"))
)


def labels(paragraphs: pl.DataFrame, assigned: pl.DataFrame, groups: pl.DataFrame, spans: pl.DataFrame) -> pl.DataFrame:
    """The paragraphs, in their order, with `label`, `kind`, `rule`, `group`, `score`, `repeats` and `spans`.

    `assigned` gives the group of each (`document`, `position`) that recurs, `spans` the furniture found inside
    paragraphs. A rule of a paragraph's own wording names it best; recurrence comes next; another form of furniture is
    furniture of the same sort. What only stands inside furniture, as a headline in "Share: …", is said nowhere else and
    stays; the rest that its document says twice is repeated.
    """
    judged = groups.select("group", group_label="label", group_kind="kind", group_rule="rule", group_score="score")
    rows, own = _evident(paragraphs, assigned, spans)
    held = own.join(judged, on="group", how="left", maintain_order="left")
    score = pl.max_horizontal(pl.when(BY_RESIDUE).then("score"), pl.when(BY_GROUP).then("group_score"))
    own = held.with_columns(
        stays=IGNORES,
        furniture_kind=pl.when(~IGNORES & BY_RESIDUE).then("kind").when(~IGNORES & BY_GROUP).then("group_kind"),
        furniture_rule=pl.when(~IGNORES & BY_RESIDUE).then("rule").when(~IGNORES & BY_GROUP).then("group_rule"),
        furniture_score=pl.when(~IGNORES).then(score),
    )
    source = own.select("document", "furniture_kind", "furniture_rule", "furniture_score", repeats="position")
    both = own.join(source, on=["document", "repeats"], how="left", maintain_order="left", suffix="_source")
    names = ("kind", "rule", "score")
    same = pl.col("how").is_in(ONE_TEXT) & ~OWN_HEADLINE.fill_null(False) & ~pl.col("stays")
    furniture = [
        pl.coalesce(f"furniture_{name}", pl.when(same).then(f"furniture_{name}_source")).alias(name) for name in names
    ]
    again = AGAIN & pl.col("furniture_rule_source").is_null() & ~pl.col("stays")
    decided = _with_spans(_decided(both.with_columns(*furniture, again=again)), spans)
    every = scattered(decided.select(DECIDED), rows, len(paragraphs))
    return paragraphs.with_columns(every).with_columns(
        pl.col("label").fill_null("content"),
        pl.col("stays").fill_null(False),
        spans=pl.when(pl.col("spans").is_not_null()).then("spans").otherwise(NO_SPANS),
    )


def _evident(paragraphs: pl.DataFrame, assigned: pl.DataFrame, spans: pl.DataFrame) -> tuple[Rows, pl.DataFrame]:
    """The paragraphs that anything is known about, with `group` and `headline`, and where they are among all."""
    about = paragraphs.select(pl.any_horizontal(BY_WORDING, AGAIN, "ignored")).to_series().to_numpy(writable=True)
    grouped = row_of(paragraphs, assigned["document"], assigned["position"])
    about[grouped] = about[row_of(paragraphs, spans["document"], spans["position"])] = True
    rows = np.flatnonzero(about)
    given = scattered(assigned.select("group", "headline"), np.searchsorted(rows, grouped), len(rows))
    return rows, paragraphs[rows].with_columns(given)


def _decided(evidence: pl.DataFrame) -> pl.DataFrame:
    furniture, again = pl.col("rule").is_not_null(), pl.col("again")
    return evidence.with_columns(
        label=pl.when(furniture)
        .then(pl.lit("boilerplate"))
        .when(again)
        .then(pl.lit("repeated"))
        .otherwise(pl.lit("content")),
        rule=pl.when(furniture)
        .then("rule")
        .when(again)
        .then(pl.concat_str(pl.lit("repeat."), "how"))
        .when("stays")
        .then(pl.lit(IGNORED)),
        score=pl.when(furniture).then("score").when(again).then("similarity").when("stays").then(1.0),
        repeats=pl.when(~furniture & again).then("repeats"),
    )


def _with_spans(labelled: pl.DataFrame, spans: pl.DataFrame) -> pl.DataFrame:
    """The furniture inside paragraphs, a list for each paragraph that stays content, empty for most."""
    key = ["document", "position"]
    lists = spans.sort(*key, "start").group_by(key, maintain_order=True).agg(spans=pl.struct(*tables.SPAN.to_schema()))
    held = labelled.join(lists, on=key, how="left", maintain_order="left")
    cut = KEPT & ~pl.col("stays") & pl.col("spans").is_not_null()
    return held.with_columns(spans=pl.when(cut).then("spans").otherwise(NO_SPANS))


def spans_in_content(labelled: pl.DataFrame, spans: pl.DataFrame) -> pl.DataFrame:
    """Of the spans those that lie in paragraphs that stay content, and not by the user's word."""
    return spans.join(labelled.filter(KEPT & ~pl.col("stays")), on=["document", "position"], how="semi")
