"""`corpusqa gate`: judge again, with an exit code for the pipeline."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from corpusqa.cli import options
from corpusqa.errors import UnusableInput

if TYPE_CHECKING:
    from corpusqa.gating import FailOn


@click.command(name="gate", short_help="Judge a run again, with an exit code.")
@options.run_argument
@click.option(
    "--suite",
    "suites",
    metavar="S",
    multiple=True,
    help="Suite to judge by: a shipped name or the path of a .json file; repeatable.  [default: the run's]",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["human", "json", "junit", "github", "summary"]),
    default="human",
    show_default=True,
    help="Form of the result: json is great_expectations' own, github annotations, summary Markdown.",
)
@options.fail_on_option
@click.option("-o", "--out", type=options.path(), help="Write the result to this file, not to standard output.")
def command(run: Path, suites: tuple[str, ...], form: str, fail_on: FailOn | None, out: Path | None) -> int:
    """Judge the documents of RUN without reading the corpus again; exit code 1 when the gate fails.

    The run stays as it is.

    \b
    corpusqa gate corpusqa-out
    corpusqa gate corpusqa-out --suite expectations/news.json --format junit -o gate.xml
    corpusqa gate corpusqa-out --format summary >> "$GITHUB_STEP_SUMMARY"
    """
    from corpusqa import gating
    from corpusqa.cli import console
    from corpusqa.gating.formats import FORMATS
    from corpusqa.run import Run

    judged = Run.of(run)
    severity = fail_on or "critical"
    results = [gating.gate(judged, suite) for suite in suites or (judged.settings.gate.suite,)]
    text = FORMATS[form](results, severity)
    if out is None:
        click.echo(console.coloured(text) if form == "human" else text.encode(), nl=False)  # programs read UTF-8
    else:
        _write(out, text)
    return max(result.exit_code(severity) for result in results)


def _write(out: Path, text: str) -> None:
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as refused:
        raise UnusableInput(f"{str(out)!r} cannot be written: {refused.strerror}. Name another file with -o.") from None
