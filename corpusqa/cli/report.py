"""`corpusqa report`: the page, written again."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from corpusqa.cli import options


@click.command(name="report", short_help="Write a run's report again.")
@options.run_argument
@click.option("--rows", type=click.IntRange(min=0), help="Documents in the table, worst first.  [default: up to 5000]")
@click.option(
    "--texts",
    type=click.IntRange(min=0),
    help="Documents whose text can be opened in the page.  [default: up to 200, as many as 2 MB hold]",
)
@click.option(
    "--pages",
    type=click.Choice(["none", "failing"]),
    default="none",
    help="Write a page of its own, in RUN/pages/, for each listed document that breaks a rule.",
)
@click.option("--json", is_flag=True, help="Write RUN/report.json too: what the page says, for programs.")
@click.option("--open", "opened", is_flag=True, help="Open the page in a browser.")
def command(
    run: Path, rows: int | None, texts: int | None, pages: Literal["none", "failing"], json: bool, opened: bool
) -> None:
    """Write RUN/report.html again, with more or fewer documents in it.

    \b
    corpusqa report corpusqa-out --open
    corpusqa report corpusqa-out --rows 20000 --texts 500
    corpusqa report corpusqa-out --pages failing --json
    """
    from corpusqa.cli.opening import open_page
    from corpusqa.report.writing import write_report
    from corpusqa.run import Run

    path = write_report(Run.of(run), folder=str(run), rows=rows, texts=texts, pages=pages == "failing", json=json)
    click.echo(f"Report: {path}")
    if opened and (reason := open_page(path)):
        click.echo(f"Not opened: {reason}.", err=True)
