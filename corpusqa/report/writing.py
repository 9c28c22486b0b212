"""From a run to its pages: what the report needs of the texts is read again from the input."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from corpusqa import read
from corpusqa.approval import Word
from corpusqa.report import model, page, value
from corpusqa.report.model import Key
from corpusqa.report.page import Around
from corpusqa.report.shapes import Article, Report
from corpusqa.report.survey import Survey
from corpusqa.run import REPORT, Run

JSON, PAGES = "report.json", "pages"  #: beside the report, when asked for


def write_report(
    run: Run,
    *,
    folder: str | None = None,
    rows: int | None = None,
    texts: int | None = None,
    pages: bool = False,
    json: bool = False,
) -> Path:
    """Write `report.html` into the run; returns its path.

    `folder` is what the page's commands call the run, `rows` the documents listed, `texts` those shown in full. By
    default the page stays below 2 MB; who asks for a number gets it, whatever the size. With `pages`, each listed
    document that breaks a rule gets a page of its own in `pages/`; with `json`, `report.json` holds the same value as
    the page. What an earlier report left of either is removed. Raises UnusableRun when an input that is needed has
    changed since the audit.
    """
    report = model.build(
        run,
        run.manifest,
        run.validation,
        lambda keys: read_texts(run, keys),
        folder=folder or str(run.path),
        rows=model.ROWS if rows is None else rows,
        texts_limit=model.TEXTS if texts is None else texts,
        n_rejects=run.manifest["counts"]["rejects"],
        word=Word.of(run.settings.boilerplate),
    )
    path = run.path / REPORT
    n_pages = _write_pages(run, report, asked=pages)
    page.write(report, path, page.PAGE_BYTES if rows is None and texts is None else None, n_pages)
    (run.path / JSON).unlink(missing_ok=True)
    if json:
        page.place(run.path / JSON, value.to_json(report))
    return path


def write_article(run: Run, doc_id: str, path: Path, *, folder: str | None = None) -> None:
    """Write one document of the run as a page that stands alone."""
    found = in_full(run, Survey.of(run), [doc_id])
    around = Around(model.name(run.manifest["inputs"]), folder or str(run.path))
    for _, article in found:
        page.place(path, page.render_article(article, around))


def _write_pages(run: Run, report: Report, *, asked: bool) -> int:
    """A page for each listed document that breaks a rule, which are the first of the list; returns how many."""
    folder = run.path / PAGES
    if folder.is_dir():
        shutil.rmtree(folder)
    if not asked:
        return 0
    survey = Survey.of(run)
    failing = survey.worst(len(report.listing.shown)).filter(pl.col("verdict") != "accept")["doc_id"].to_list()
    folder.mkdir()
    groups = {passage.group for passage in report.catalogue.shown}
    around = Around(report.name, report.folder, f"../{REPORT}", groups)
    for rank, article in in_full(run, survey, failing):
        page.place(folder / f"{rank + 1:05}.html", page.render_article(article, around))
    return len(failing)


def in_full(run: Run, survey: Survey, ids: list[str]) -> Iterator[tuple[int, Article]]:
    """Single documents of the run with every mark, each with its place from the worst on."""
    word = Word.of(run.settings.boilerplate)
    return model.in_full(survey, run.validation, lambda keys: read_texts(run, keys), ids, word)


def read_texts(run: Run, keys: list[Key]) -> dict[Key, str]:
    """The texts, as read, of these (source, row)."""
    wanted = pl.DataFrame(keys, schema={"source": pl.String, "row": pl.UInt64}, orient="row")
    sources = set(wanted["source"])
    read.verify(entry for entry in run.manifest["inputs"] if entry["source"] in sources)
    frames = read.reread(run.shards, wanted, run.settings.read)
    return {(source, row): text for frame in frames for source, row, text in frame.iter_rows()}
