"""From a run to its page: what the report needs of the texts is read again from the input."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from corpusqa import read
from corpusqa.report import model, page
from corpusqa.report.model import Key
from corpusqa.run import REPORT, Run


def write_report(run: Run, *, folder: str | None = None, rows: int | None = None, texts: int | None = None) -> Path:
    """Write `report.html` into the run; returns its path.

    `folder` is what the page's commands call the run, `rows` the documents listed, `texts` those shown in full. By
    default the page stays below 2 MB; who asks for a number gets it, whatever the size. Raises UnusableRun when an
    input that is needed has changed since the audit.
    """
    value = model.build(
        run,
        run.manifest,
        run.validation,
        lambda keys: read_texts(run, keys),
        folder=folder or str(run.path),
        rows=model.ROWS if rows is None else rows,
        texts_limit=model.TEXTS if texts is None else texts,
        n_rejects=run.manifest["counts"]["rejects"],
    )
    path = run.path / REPORT
    page.write(value, path, page.PAGE_BYTES if rows is None and texts is None else None)
    return path


def read_texts(run: Run, keys: list[Key]) -> dict[Key, str]:
    """The texts, as read, of these (source, row)."""
    wanted = pl.DataFrame(keys, schema={"source": pl.String, "row": pl.UInt64}, orient="row")
    sources = set(wanted["source"])
    read.verify(entry for entry in run.manifest["inputs"] if entry["source"] in sources)
    frames = read.reread(run.shards, wanted, run.settings.read)
    return {(source, row): text for frame in frames for source, row, text in frame.iter_rows()}
