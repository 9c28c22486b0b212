"""`corpusqa audit`: the main job."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from corpusqa.cli import options
from corpusqa.errors import OK

if TYPE_CHECKING:
    from corpusqa.gating import FailOn


@click.command(name="audit", short_help="Measure, find what repeats, judge, report.")
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option("-o", "--out", type=options.path(), default=Path("corpusqa-out"), show_default=True, help="Run folder.")
@options.suite_option
@click.option(
    "--metrics",
    "select",
    metavar="WHICH",
    help="Metrics to compute: default, all, or families and names with commas.",
)
@click.option("--threshold", type=float, help="Similarity from which documents are copies.  [default: 0.8]")
@click.option(
    "--compare", type=click.Choice(["kept", "as-read"]), help="Compare documents without furniture, or as read."
)
@click.option("--min-documents", type=int, help="Documents from which a paragraph recurs.  [default: 2]")
@options.column_options
@options.config_option
@click.option("--workers", type=click.IntRange(min=1), metavar="N", help="Processes.  [default: one a processor]")
@options.fail_on_option
def command(
    inputs: tuple[str, ...],
    out: Path,
    suite: str | None,
    select: str | None,
    threshold: float | None,
    compare: str | None,
    min_documents: int | None,
    config: Path | None,
    workers: int | None,
    fail_on: FailOn | None,
    **columns: str | None,
) -> int:
    """Measure every document, find what repeats, judge, and write all of it to a run folder.

    INPUT is a file, a folder or a glob: text, JSON lines, CSV or Parquet, plain or compressed (.gz, .zst). Exit code 0
    once the run is written, whatever the verdict, unless --fail-on asks for more.

    \b
    corpusqa audit sample_data
    corpusqa audit scraped/*.jsonl.gz -o run --text-column body --fail-on critical
    """
    from corpusqa import config as settings
    from corpusqa import flow
    from corpusqa.cli import console
    from corpusqa.gating.formats import FORMATS

    flags: dict[str, dict[str, Any]] = {
        "read": columns,
        "duplicates": {"threshold": threshold, "compare": compare},
        "boilerplate": {"min_documents": min_documents},
        "metrics": {"select": None if select is None else [word.strip() for word in select.split(",")]},
        "gate": {"suite": suite},
    }
    in_force = settings.load(config, flags)
    written = shlex.join(["corpusqa", *sys.argv[1:]])
    with console.watch() as watch:
        run = flow.audit(list(inputs), out, settings=in_force, workers=workers, watch=watch, command=written)
    assert watch.result is not None
    click.echo(console.totals(run) + "\n")
    click.echo(console.coloured(FORMATS["human"]([watch.result], fail_on or "critical")))
    click.echo(console.places(run), err=True)
    return watch.result.exit_code(fail_on) if fail_on else OK
