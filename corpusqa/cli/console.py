"""What a person sees of an audit: a line a finished stage, bars while one works, and the summary at the end.

Bars and colour only on a terminal; in a pipe or a log there is one plain line a stage. All of it is talk and goes to
standard error, but for the summary, which is the result.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from corpusqa.stages import Watch

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from corpusqa.gating import Result
    from corpusqa.run import Run


class Lines(Watch):
    """A line a finished stage; keeps what the gate found."""

    result: Result | None = None

    def finished(self, stage: str, line: str, seconds: float) -> None:
        """See `Watch`."""
        self.noticed(f"{stage:<12}{line:<58}{seconds:>7.1f} s")

    def noticed(self, line: str) -> None:
        """See `Watch`."""
        click.echo(line, err=True)

    def judged(self, result: Result) -> None:
        """See `Watch`."""
        self.result = result


class Bars(Lines):
    """The same, and below the lines a bar for the stage at work."""

    def __init__(self, progress: Progress) -> None:
        super().__init__()
        self._progress = progress
        self._task: TaskID | None = None

    def started(self, stage: str, total: int | None) -> None:
        """See `Watch`."""
        self._task = self._progress.add_task(f"{stage:<12}", total=total)

    def advanced(self, steps: int) -> None:
        """See `Watch`."""
        if self._task is not None:
            self._progress.advance(self._task, steps)

    def finished(self, stage: str, line: str, seconds: float) -> None:
        """See `Watch`."""
        if self._task is not None:
            self._progress.remove_task(self._task)
            self._task = None
        self.noticed(f"{stage:<12}{line:<58}{seconds:>7.1f} s")

    def noticed(self, line: str) -> None:
        """See `Watch`."""
        self._progress.console.print(line, highlight=False, markup=False)


@contextmanager
def watch() -> Iterator[Lines]:
    """The watch that fits where standard error goes."""
    if not sys.stderr.isatty():
        yield Lines()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield Bars(progress)


#: The first word of a line of the gate's table, and its colour.
COLOURS = {"FAIL": "red", "WARN": "yellow", "NEAR": "yellow", "NOTE": "blue", "DROP": "blue", "PASS": "green"}


def coloured(text: str) -> str:
    """The gate's table with its statuses in colour; click leaves the colour out where nobody would see it."""
    return "\n".join(_coloured(line) for line in text.split("\n"))


def _coloured(line: str) -> str:
    status, _, rest = line.lstrip().partition(" ")
    if status not in COLOURS:
        return line
    return line[: line.index(status)] + click.style(status, fg=COLOURS[status], bold=True) + " " + rest


def totals(run: Run) -> str:
    """What was found, in a few aligned lines."""
    n = run.manifest["counts"]
    rows = (
        (
            "documents",
            n["documents"],
            f"{n['sites']:,} sites, {n['words']:,} words, {n['rejects']:,} records unreadable",
        ),
        ("boilerplate", n["boilerplate_paragraphs"], f"of {n['paragraphs']:,} paragraphs"),
        ("repeated", n["repeated_paragraphs"], "paragraphs that their own document has said before"),
        ("copies", n["duplicates"], f"documents to drop, in {n['clusters']:,} clusters"),
        (
            "accepted",
            n["accepted"] + n["flagged"],
            f"documents, {n['flagged']:,} of them flagged; {n['rejected']:,} rejected",
        ),
    )
    return "\n".join(f"{name:<12}{count:>10,}  {about}" for name, count, about in rows)


def places(run: Run) -> str:
    """Where to look next."""
    size = (run.path / "report.html").stat().st_size
    return f"Report: {run.path / 'report.html'} ({size / 1e6:.1f} MB)    Tables: {run.path}/"
