"""What is said more than once: inside a document, and across documents."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeAlias

import polars as pl

from corpusqa.approval import lines
from corpusqa.expressions import contains
from corpusqa.matching import fillings, pattern, plain
from corpusqa.report import wording
from corpusqa.report.shapes import Catalogue, Link, Passage, Repeat, Repeats, RuleCount
from corpusqa.report.shown import label, visible
from corpusqa.report.survey import MARK, Row, Survey

REPEATS = 15  #: documents shown; the filter of the documents finds the others
PASSAGES = 100  #: shown, some 80 kB of the page; `groups.parquet` has all
RULES = 60  #: shown, one line each; more than there are rules, unless users add many
SITE_NAMES = 5  #: of a passage, the ones that have it most
PLACES = 20  #: steps from a document's first paragraph to its last in the small chart
FILLINGS, FILLING = 5, 48  #: of a slot, and characters of each
READ = 200  #: groups that fit a template, read for what fills its slots
Slots: TypeAlias = tuple[tuple[str, ...], ...]
PASSAGE_CAP = 1_000  #: characters of a passage; the catalogue shows what it is, the documents show all of it


def repeating(survey: Survey) -> list[str]:
    """The ids of the documents that repeat most words."""
    own = survey.documents.filter(pl.col("r") > 0).sort("r", "order", descending=[True, False])
    return own.head(REPEATS)["doc_id"].to_list()


def repeats(
    survey: Survey, shown: Sequence[str], paragraphs: Mapping[str, Sequence[Row]], link: Callable[[str], Link]
) -> Repeats:
    """The documents that say something twice, and what."""
    own = survey.documents.filter(pl.col("r") > 0)
    counted = {row["doc_id"]: row for row in own.filter(pl.col("doc_id").is_in(shown)).iter_rows(named=True)}
    rows = [
        Repeat(
            document=link(id_),
            what=_what(paragraphs[id_]),
            words=counted[id_]["r"],
            share=counted[id_]["r"] / max(counted[id_]["words"], 1),
        )
        for id_ in shown
    ]
    return Repeats(len(own), survey.total("r"), tuple(rows))


def repeat_runs(paragraphs: Sequence[Row]) -> list[tuple[list[int], list[int]]]:
    """The repeated paragraphs and their kept copies by number, those that run in step drawn together.

    ¶11 to ¶13 that repeat ¶8 to ¶10 are one run: `([11, 12, 13], [8, 9, 10])`.
    """
    found: list[tuple[list[int], list[int]]] = []
    for row in paragraphs:
        position, source = row["position"], row["repeats"]
        if row["mark"] != "r" or source is None:
            continue
        if found and position == found[-1][0][-1] and source == found[-1][1][-1]:
            found[-1][0].append(position + 1)
            found[-1][1].append(source + 1)
        else:
            found.append(([position + 1], [source + 1]))
    return found


def repeat_sentence(copies: Sequence[int], sources: Sequence[int]) -> str:
    """What a run says.

    >>> repeat_sentence([11, 12, 13], [8, 9, 10]), repeat_sentence([5], [6])
    ('¶11–13 repeat ¶8–10', '¶5 repeats ¶6')
    """
    return f"{wording.runs(copies)} repeat{'s' if len(copies) == 1 else ''} {wording.runs(sources)}"


def _what(paragraphs: Sequence[Row]) -> str:
    runs = sorted(repeat_runs(paragraphs), key=lambda run: -len(run[0]))
    return wording.listed([repeat_sentence(*run) for run in runs], most=3)


def catalogue(survey: Survey, examples: Mapping[tuple[str | None, str], str]) -> Catalogue:
    """The passages that recur across documents and are furniture, those first that cost most words.

    `examples` has a paragraph for each kind and rule of which a text is at hand.
    """
    furniture = survey.tables.groups.filter(pl.col("label") == "boilerplate")
    held = survey.tables.paragraphs.filter(pl.col("group").is_not_null())
    cost = held.group_by("group").agg(pl.col("n_words").cast(pl.Int64).sum().alias("words"))
    costed = furniture.join(cost, on="group", how="left").with_columns(pl.col("words").fill_null(0)).collect()
    first = costed.sort("words", "group", descending=[True, False]).head(PASSAGES)
    places, names = _places(survey, first["group"])
    slots = _slots(survey, first["template"].drop_nulls().unique().sort())
    rows = tuple(_passage(row, places, names, slots) for row in first.iter_rows(named=True))
    return Catalogue(len(costed), survey.total("b") + survey.total("x"), rows, _rules(survey, examples))


def _places(survey: Survey, groups: pl.Series) -> tuple[dict[str, tuple[int, ...]], dict[str, tuple[str, ...]]]:
    """Where in their documents these groups stand, and on which sites."""
    wanted = pl.LazyFrame({"group": groups})
    documents = survey.documents.lazy().select("doc_id", "site", "n_paragraphs")
    own = survey.tables.paragraphs.select("doc_id", "position", "group").join(wanted, on="group", how="semi")
    step = (pl.col("position") * PLACES // pl.col("n_paragraphs").clip(1)).clip(0, PLACES - 1).alias("step")
    held = own.join(documents, on="doc_id").select("group", "site", step).collect()
    places = {key: [0] * PLACES for key in groups}
    for key, at, n in held.group_by("group", "step").len().iter_rows():
        places[key][at] = n
    by_site = held.drop_nulls("site").group_by("group", "site").len()
    ordered = by_site.sort("len", "site", descending=[True, False]).group_by("group", maintain_order=True)
    names = {
        key: tuple(label(name) for name in sites)
        for key, sites in ordered.agg(pl.col("site").head(SITE_NAMES)).iter_rows()
    }
    return {key: tuple(counts) for key, counts in places.items()}, names


def _slots(survey: Survey, templates: Iterable[str]) -> dict[str, Slots]:
    """For each template what fills its slots, the most often first, as far as the groups show it."""
    alone = pl.col("template").is_null()
    groups = survey.tables.groups.select("text", times=pl.when(alone).then("occurrences").otherwise(1)).collect()
    held = groups.with_columns(plain(groups["text"]).alias("plain"))
    found: dict[str, Slots] = {}
    for template in templates:
        fits = held.filter(contains(held["plain"], pattern(template))).sort("times", "text", descending=[True, False])
        counts: dict[int, Counter[str]] = defaultdict(Counter)
        for text, times in fits.select("text", "times").head(READ).iter_rows():
            for values in fillings(template, [text]):
                for slot, value in enumerate(values):
                    counts[slot][label(value, FILLING)] += times
        often = (tuple(value for value, _ in counts[slot].most_common(FILLINGS)) for slot in sorted(counts))
        found[template] = tuple(often)
    return found


def _passage(
    row: dict[str, object],
    places: dict[str, tuple[int, ...]],
    names: dict[str, tuple[str, ...]],
    slots: Mapping[str, Slots],
) -> Passage:
    plain = {key: row[key] for key in ("group", "documents", "occurrences", "variants", "sites", "words", "score")}
    template = row["template"]
    own = str(template or row["text"])
    approve, ignore = lines(own, str(row["kind"] or "") or None) if len(own) <= PASSAGE_CAP else ("", "")
    return Passage(
        **plain,  # type: ignore[arg-type]
        text=visible(_cut(str(row["text"]))),
        template=visible(_cut(template)) if isinstance(template, str) else None,
        slots=slots.get(template, ()) if isinstance(template, str) else (),
        approve=approve,
        ignore=ignore,
        kind=str(row["kind"] or "boilerplate"),
        rule=str(row["rule"] or ""),
        site_names=names.get(str(row["group"]), ()),
        positions=places[str(row["group"])],
    )


def _cut(text: str) -> str:
    return text if len(text) <= PASSAGE_CAP else text[: PASSAGE_CAP - 1] + "…"


def _rules(survey: Survey, examples: Mapping[tuple[str | None, str], str]) -> tuple[RuleCount, ...]:
    """What each rule marked, in one document or in many."""
    marked = survey.tables.paragraphs.select("doc_id", "n_words", "kind", "rule", MARK).filter(pl.col("mark") != "u")
    counted = marked.group_by("mark", "kind", "rule").agg(
        pl.col("doc_id").n_unique().alias("documents"),
        pl.len().alias("paragraphs"),
        pl.col("n_words").cast(pl.Int64).sum().alias("words"),
    )
    first = counted.sort("words", "mark", "kind", "rule", descending=[True, False, False, False]).head(RULES).collect()
    return tuple(
        RuleCount(**row, example=examples.get((row["kind"], row["rule"]))) for row in first.iter_rows(named=True)
    )
