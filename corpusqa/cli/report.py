"""`corpusqa report`: the page, written again."""

from __future__ import annotations

from pathlib import Path

import click

from corpusqa.cli import options


@click.command(name="report", short_help="Write a run's report again.")
@options.run_argument
@click.option("--rows", type=click.IntRange(min=0), help="Documents in the table, worst first.")
@click.option("--texts", type=click.IntRange(min=0), help="Documents whose text can be opened in the page.")
def command(run: Path, rows: int | None, texts: int | None) -> None:
    """Write RUN/report.html again, with more or fewer documents in it.

    \b
    corpusqa report corpusqa-out --rows 20000 --texts 500
    """
    from corpusqa.report.writing import write_report
    from corpusqa.run import Run

    path = write_report(Run.of(run), folder=str(run), rows=rows, texts=texts)
    click.echo(f"Report: {path}")
