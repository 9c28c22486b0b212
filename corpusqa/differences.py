"""What differs between two runs, a frame for each way of looking: shares, metrics, verdicts, boilerplate, sites.

In each frame `change` says what was found (worse, better, changed, new, gone), and is null where the difference may be
chance or is too small to matter. What is large enough, and why, stands at the constants.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import polars as pl

from corpusqa.cluster import near_duplicates
from corpusqa.drift import beyond_chance, drift
from corpusqa.metrics import METRICS
from corpusqa.run import Run

#: Points by which a share of the documents has to change: one document of a hundred. The rules of `news` ask for 95 to
#: 99 of a hundred, so this is what moves them.
SHARE_MATTERS = 0.01
#: Share of a run's documents in which a paragraph has to stand before its coming or going is a finding. Of 619 pieces
#: of furniture in 7,713 news articles since July 2016, 539 are not in the 7,707 before: more than half of them stand in
#: two or three documents, and 8 in one of a hundred.
SPREAD = 0.01
#: Jaccard similarity from which two wordings are one piece of furniture, as in the audit itself.
SAME_WORDING = 0.8
#: Points by which the share of a site's documents that are rejected, or the mean share of a document's words that is
#: kept, has to change; and the documents that the site must have in both runs for the latter: with fewer, only the
#: grossest change is more than chance.
SITE_MATTERS, SITE_DOCUMENTS = 0.02, 20
KEPT = "kept_word_ratio"

SHARES = pl.Schema(
    {
        "share": pl.String,  #: of the documents that are, or hold, this; the fewer the better
        "documents_a": pl.Int64,
        "documents_b": pl.Int64,
        "share_a": pl.Float64,
        "share_b": pl.Float64,
        "change": pl.String,
    }
)
METRIC = {"metric": pl.String, "unit": pl.String, "better": pl.String}
#: What `drift` says, in the order of its fields.
DRIFT = ("median_a", "median_b", "mean_a", "mean_b", "missing_a", "missing_b", "distance", "delta", "limit", "chance")


def shares(runs: Sequence[Run], documents: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """How many documents are rejected, flagged, copies, unreadable, or hold furniture of each kind: see `SHARES`."""
    counted = [_counted(run, own) for run, own in zip(runs, documents, strict=True)]
    rows = []
    for name in dict.fromkeys((*counted[0], *counted[1])):
        (part_a, whole_a), (part_b, whole_b) = (
            own.get(name, (0, len(frame))) for own, frame in zip(counted, documents, strict=True)
        )
        before, after = part_a / whole_a, part_b / whole_b
        found = abs(after - before) >= SHARE_MATTERS and beyond_chance(part_a, whole_a, part_b, whole_b)
        rows.append((name, part_a, part_b, before, after, _direction("lower", after - before) if found else None))
    return pl.DataFrame(rows, SHARES, orient="row")


def _counted(run: Run, documents: pl.DataFrame) -> dict[str, tuple[int, int]]:
    """Documents, and of how many, by what is true of them."""
    n, verdicts = len(documents), dict(documents["verdict"].value_counts().iter_rows())
    marked = run.paragraphs.filter(pl.col("label") != "content")
    kinds = marked.group_by("label", "kind").agg(pl.col("doc_id").n_unique()).sort("label", "kind").collect()
    rejects = run.manifest["counts"]["rejects"]
    return {
        "rejected": (verdicts.get("reject", 0), n),
        "flagged": (verdicts.get("flag", 0), n),
        "copies": (documents["duplicate_of"].count(), n),
        "unreadable": (rejects, n + rejects),
        **{f"with {kind or label}": (found, n) for label, kind, found in kinds.iter_rows()},
    }


def metrics(runs: Sequence[Run], names: Sequence[str]) -> pl.DataFrame:
    """A row a metric with what `drift` says of it, the largest distance first; a column at a time is in memory."""
    rows = []
    for name in names:
        found = drift(*(run.documents.select(name).collect().to_series() for run in runs))
        unit, better = (METRICS[name].unit, METRICS[name].better) if name in METRICS else (None, "neither")
        up = found.delta or found.missing_b - found.missing_a
        change = _direction(better, up) if found.drifted else None
        rows.append({"metric": name, "unit": unit, "better": better, **asdict(found), "change": change})
    frame = pl.DataFrame(rows, {**METRIC, **dict.fromkeys(DRIFT, pl.Float64), "change": pl.String})
    return frame.sort(pl.col("change").is_null(), pl.col("distance"), descending=[False, True], maintain_order=True)


def _direction(better: str, up: float) -> str:
    """What it means for a corpus that a number became larger (`up` above 0) or smaller."""
    if better == "neither":
        return "changed"
    return "better" if (up > 0) == (better == "higher") else "worse"


def shared(documents: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """The documents that are in both runs: `doc_id`, `site`, verdict `before` and `after`, the `rules` broken now.

    In the order of the second run.
    """
    left, right = documents
    before = left.select("doc_id", pl.col("verdict").alias("before"))
    rules = pl.concat_list("failed", "flagged").alias("rules")
    after = right.select("doc_id", "site", pl.col("verdict").alias("after"), rules)
    both = after.join(before, on="doc_id", maintain_order="left")
    return both.select("doc_id", "site", "before", "after", "rules")


def boilerplate(runs: Sequence[Run]) -> pl.DataFrame:
    """Boilerplate that only one run has, in this wording or nearly: the most frequent first.

    `group`, `state` (new, gone), `kind`, `text` (its template, where it has one), `documents`, `share` (of its run's
    documents), `sites` and `change`: the state again, of what stands in `SPREAD` of the documents or more.
    """
    wording = pl.coalesce("template", "text").alias("text")
    own = [run.groups.filter(pl.col("label") == "boilerplate") for run in runs]
    gone, new = (
        one.join(other, on="group", how="anti").select("group", "kind", wording, "documents", "sites").collect()
        for one, other in (own, own[::-1])
    )
    pairs = near_duplicates([*gone["text"], *new["text"]], SAME_WORDING, unit="paragraph")
    across = pairs.filter(pl.col("left") < len(gone), pl.col("right") >= len(gone))
    left_out = (across["left"], across["right"] - len(gone))
    listed = [
        frame.filter(~pl.int_range(pl.len(), dtype=pl.UInt32).is_in(rows.implode())).with_columns(
            state=pl.lit(state), share=pl.col("documents") / run.manifest["counts"]["documents"]
        )
        for frame, rows, state, run in zip((gone, new), left_out, ("gone", "new"), runs, strict=True)
    ]
    change = pl.when(pl.col("share") >= SPREAD).then("state")
    together = pl.concat(listed).with_columns(change=change).sort("share", "group", descending=[True, False])
    return together.select("group", "state", "kind", "text", "documents", "share", "sites", "change")


def sites(runs: Sequence[Run], documents: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """A row a site, worse ones first, then the largest: what it has in each run, and whether that got worse.

    `site`, `documents_a`, `documents_b`, `rejected_a`, `rejected_b` (shares of its documents), `kept_a`, `kept_b` (the
    mean share of a document's words that is kept), `change`. A site is worse when more of its documents are rejected,
    or less of them is kept; one that is in one run only is new or gone.
    """
    left, right = (_by_site(run, own, tag) for run, own, tag in zip(runs, documents, "ab", strict=True))
    both = left.join(right, on="site", how="full", coalesce=True).with_columns(pl.col("^documents_.$").fill_null(0))
    changes = [_site_change(row) for row in both.iter_rows(named=True)]
    known = both.with_columns(change=pl.Series(changes, dtype=pl.String))
    order = pl.col("change").replace_strict({"worse": 0, "better": 1, "new": 2, "gone": 2}, default=3)
    sorted_ = known.sort(
        order, pl.col("documents_b"), pl.col("documents_a"), "site", descending=[False, True, True, False]
    )
    names = [f"{name}_{tag}" for name in ("documents", "rejected", "kept") for tag in "ab"]
    return sorted_.select("site", *names, "change")


def _by_site(run: Run, documents: pl.DataFrame, tag: str) -> pl.DataFrame:
    """What a run has of each site; `values` are its documents' kept shares."""
    known = KEPT in run.documents.collect_schema()
    kept = run.documents.select(KEPT).collect().to_series() if known else pl.Series([None] * len(documents))
    own = documents.select("site", rejected=pl.col("verdict") == "reject").with_columns(kept=kept.cast(pl.Float64))
    found = (
        own.drop_nulls("site")
        .group_by("site")
        .agg(
            pl.len().cast(pl.Int64).alias("documents"),
            pl.col("rejected").mean(),
            pl.col("kept").mean(),
            pl.col("kept").alias("values"),
        )
    )
    return found.rename({name: f"{name}_{tag}" for name in found.columns if name != "site"})


def _site_change(row: Mapping[str, Any]) -> str | None:
    """What became of a site. Of two that are in both runs the documents rejected decide, then the words kept."""
    n_a, n_b = row["documents_a"], row["documents_b"]
    if not n_a or not n_b:
        return "gone" if n_a else "new"
    rejected = [round(row[f"rejected_{tag}"] * n) for tag, n in (("a", n_a), ("b", n_b))]
    more = row["rejected_b"] - row["rejected_a"]
    if abs(more) >= SITE_MATTERS and beyond_chance(rejected[0], n_a, rejected[1], n_b):
        return _direction("lower", more)
    if min(n_a, n_b) < SITE_DOCUMENTS or row["kept_a"] is None or row["kept_b"] is None:
        return None
    if abs(row["kept_b"] - row["kept_a"]) < SITE_MATTERS:
        return None
    found = drift(*(pl.Series(row[f"values_{tag}"], dtype=pl.Float64) for tag in "ab"))
    return _direction("higher", row["kept_b"] - row["kept_a"]) if found.drifted else None
