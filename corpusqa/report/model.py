"""From a run to what its report says.

First the counting over all documents (`survey.py`); then the choice of what is shown, worst first; then one call that
reads the texts of just those documents again; then the sections, each from its own module. Nothing that the page will
not show becomes a Python object, so a run of a million documents costs little more than its counting.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from os.path import commonpath
from pathlib import PurePath
from typing import Any

import polars as pl

from corpusqa.approval import Word
from corpusqa.report import articles, copies, corpus, details, judged, passages, spread
from corpusqa.report.comparison import Line
from corpusqa.report.shapes import Article, Link, Report
from corpusqa.report.shown import label
from corpusqa.report.survey import Row, Survey, Tables

Key = tuple[str, int]  #: source and row of a document
ReadTexts = Callable[[list[Key]], Mapping[Key, str]]

NO_WORD = Word(())  #: lists without an entry
ROWS = 5_000  #: documents listed: 0.3 MB of the page, and more than anyone pages through
TEXTS = 200  #: documents in full; `page.write` leaves out the last when the page would grow too large
AT_ONCE = 500  #: texts in memory while pages of their own are written
#: Ids longer than this cannot be links: a browser may cut them. The page then knows the document by its rank.
KEY_CAP = 300
#: Bytes of input up to which all that is listed has its title: reading them again takes a second or two. In a larger
#: corpus those have one whose text is in the page, and the rest go by their ids.
TITLED_BYTES = 400_000_000
TITLE_CAP = 160  #: characters of the title of a document in full: three lines at its head
LISTED_CAP = 90  #: of one that is only listed: two lines of the table, and five thousand a quarter of a megabyte


def build(
    tables: Tables,
    manifest: Mapping[str, Any],
    validation: Mapping[str, Any],
    texts: ReadTexts,
    *,
    folder: str = "RUN",
    rows: int = ROWS,
    texts_limit: int = TEXTS,
    n_rejects: int = 0,
    word: Word = NO_WORD,
) -> Report:
    """The report of a run.

    `manifest` is `run.json`, `validation` is `validation.json`, `n_rejects` the number of records that could not be
    used, `word` what the user's lists say. `texts` is called once, with (source, row) of the documents whose text or
    title is shown, and returns the texts as read; one that it leaves out is shown without its text. `folder` names the
    run in the commands that the page shows.
    """
    survey = Survey.of(tables)
    rules = judged.rules_of(validation)
    choice = _choose(survey, rules, rows, texts_limit, titles=_size(manifest) <= TITLED_BYTES)
    desk = _Desk.of(survey, choice, texts)
    gates = judged.gates(survey, rules, choice.at_gates, desk.link)
    parts = corpus.portions(survey)
    return Report(
        name=name(manifest.get("inputs") or []),
        folder=folder,
        verdict=judged.verdict(survey, gates, corpus.kept_share(parts)),
        glance=corpus.glance(survey, parts, n_rejects),
        gates=gates,
        repeats=passages.repeats(survey, choice.repeating, desk.paragraphs, desk.link),
        catalogue=passages.catalogue(survey, desk.examples),
        copies=copies.copies(survey, choice.clusters, desk.lines, desk.link),
        distributions=spread.distributions(survey, rules),
        sites=corpus.sites(survey),
        listing=articles.listing(survey, choice.worst, desk.link),
        articles=tuple(article for _, article in _articles(survey, desk, choice, rules, word)),
        details=details.details(manifest),
    )


def in_full(
    survey: Survey, validation: Mapping[str, Any], texts: ReadTexts, ids: Sequence[str], word: Word = NO_WORD
) -> Iterator[tuple[int, Article]]:
    """Single documents with every mark, each with its place from the worst on; some hundred texts at a time."""
    rules = judged.rules_of(validation)
    for start in range(0, len(ids), AT_ONCE):
        choice = _Choice(survey.documents.head(0), {}, [], (), list(ids[start : start + AT_ONCE]), [])
        desk = _Desk.of(survey, choice, texts)
        for id_, article in _articles(survey, desk, choice, rules, word):
            yield int(desk.named[id_]["rank"]), article


@dataclass(frozen=True, slots=True)
class _Choice:
    """The documents that the page will show, by id."""

    worst: pl.DataFrame
    at_gates: Mapping[str, list[str]]
    repeating: list[str]
    clusters: tuple[copies.Pick, ...]
    in_full: list[str]
    titled: list[str]  #: those of the list whose text is read for its title

    @property
    def named(self) -> list[str]:
        """Those that are mentioned anywhere."""
        in_clusters = [id_ for pick in self.clusters for id_ in (*pick.kept, *pick.compared)]
        at_gates = [id_ for ids in self.at_gates.values() for id_ in ids]
        return [*self.worst["doc_id"], *at_gates, *self.repeating, *in_clusters, *self.in_full]

    @property
    def read(self) -> list[str]:
        """Those whose text is needed."""
        compared = [id_ for pick in self.clusters[: copies.COMPARISONS] for id_ in pick.compared]
        return list(dict.fromkeys([*self.in_full, *compared]))


def _choose(survey: Survey, rules: Sequence[judged.Rule], rows: int, texts_limit: int, *, titles: bool) -> _Choice:
    """What is linked to from another section comes in full before what is merely bad."""
    worst = survey.worst(rows)
    at_gates = judged.worst_documents(survey, tuple(rules))
    repeating = passages.repeating(survey)
    clusters = copies.picks(survey)
    linked = [id_ for ids in at_gates.values() for id_ in ids] + repeating
    linked += [id_ for pick in clusters for id_ in (*pick.compared, *pick.kept)]
    bad = worst["doc_id"].head(texts_limit).to_list()
    in_full = list(dict.fromkeys([*linked[:texts_limit], *bad]))[:texts_limit]
    return _Choice(worst, at_gates, repeating, clusters, in_full, worst["doc_id"].to_list() if titles else [])


@dataclass(frozen=True, slots=True)
class _Desk:
    """What lies ready while the sections are written: rows, paragraphs and texts of the chosen documents."""

    rows: Mapping[str, Row]
    paragraphs: Mapping[str, list[Row]]
    texts: Mapping[str, str]
    titles: Mapping[str, str]  #: of the documents whose text is at hand
    named: Mapping[str, Row]  #: `site` and `rank` of every document that is mentioned
    strips: Mapping[str, str]  #: of the same
    examples: Mapping[tuple[str | None, str], str]  #: a paragraph for each kind and rule

    @classmethod
    def of(cls, survey: Survey, choice: _Choice, texts: ReadTexts) -> _Desk:
        """Read the texts of the chosen documents, and of those that are only listed their titles."""
        rows = {row["doc_id"]: row for row in survey.of_documents(choice.read).iter_rows(named=True)}
        keys = survey.keys([*choice.read, *choice.titled])
        found = texts(sorted(keys.values())) if keys else {}
        titles = {
            id_: label(found[keys[id_]][start:end], TITLE_CAP if id_ in rows else LISTED_CAP)
            for id_, (start, end) in survey.heads(list(keys)).items()
            if keys[id_] in found
        }
        by_id = {id_: found[keys[id_]] for id_ in rows if keys[id_] in found}
        paragraphs = survey.paragraphs([*choice.read, *choice.repeating])
        originals = [row["duplicate_of"] for row in rows.values() if row["duplicate_of"]]
        mentioned = survey.documents.filter(pl.col("doc_id").is_in(sorted({*choice.named, *originals})))
        named = {row["doc_id"]: row for row in mentioned.select("doc_id", "site", "rank").iter_rows(named=True)}
        return cls(rows, paragraphs, by_id, titles, named, survey.strips(list(named)), _examples(paragraphs, by_id))

    def link(self, id_: str) -> Link:
        """The document as the page names it: by its first kept paragraph where the text is at hand, else by its id."""
        site, rank = self.named[id_]["site"], self.named[id_]["rank"]
        own = label(id_)
        return Link(
            key=id_ if len(id_) <= KEY_CAP else f"#{rank}",
            title=self.titles.get(id_, own),
            label=own,
            site=label(site) if site else None,
            strip=self.strips.get(id_, ""),
        )

    def lines(self, id_: str) -> list[Line] | None:
        """The paragraphs of a document with their text, for a comparison; null when its text is not at hand."""
        text = self.texts.get(id_)
        if text is None:
            return None
        rows = self.paragraphs.get(id_, [])
        return [Line(row["position"] + 1, row["mark"], text[row["start"] : row["end"]]) for row in rows]


def _examples(paragraphs: Mapping[str, Sequence[Row]], texts: Mapping[str, str]) -> dict[tuple[str | None, str], str]:
    """For each kind and rule the first paragraph that it marked, among the texts at hand."""
    found: dict[tuple[str | None, str], str] = {}
    for id_, text in texts.items():
        for row in paragraphs.get(id_, ()):
            if row["rule"] and (row["kind"], row["rule"]) not in found:
                found[row["kind"], row["rule"]] = label(text[row["start"] : row["end"]])
    return found


def _articles(
    survey: Survey, desk: _Desk, choice: _Choice, rules: Sequence[judged.Rule], word: Word
) -> list[tuple[str, Article]]:
    """The documents in full by id, those first that the list has first."""
    ids = [id_ for id_ in choice.in_full if id_ in desk.texts]
    ids.sort(key=lambda id_: int(desk.named[id_]["rank"]))
    held = {row["group"] for id_ in ids for row in desk.paragraphs.get(id_, ()) if row["group"]}
    wanted = pl.LazyFrame({"group": sorted(held)}, schema={"group": pl.String})
    found = survey.tables.groups.join(wanted, on="group", how="semi").collect()
    groups = {row["group"]: row for row in found.iter_rows(named=True)}
    made = [
        articles.article(desk.rows[id_], desk.texts[id_], desk.paragraphs.get(id_, []), groups, rules, word, desk.link)
        for id_ in ids
    ]
    return list(zip(ids, made, strict=True))


def _size(manifest: Mapping[str, Any]) -> int:
    """Bytes of the input."""
    return sum(int(entry["bytes"]) for entry in manifest.get("inputs") or [])


def name(inputs: Sequence[Mapping[str, Any]]) -> str:
    """The corpus by the name of its file, or of the folder that holds its files."""
    paths = [str(entry["path"]) for entry in inputs]
    if not paths:
        return "empty corpus"
    shared = PurePath(paths[0]) if len(paths) == 1 else PurePath(commonpath(paths))
    return label(shared.name or str(shared), 80)
