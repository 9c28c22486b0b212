"""`corpusqa compare`: what changed between two runs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from corpusqa.cli import options
from corpusqa.errors import GATE_FAILED, OK

if TYPE_CHECKING:
    from corpusqa.comparison import Comparison

ROWS = 10  #: of a section on the screen; JSON and Python have the others
NAMED = 3  #: sites that are new, or gone, the largest first
CHANGES = {"worse": "red", "better": "green", "new": "blue", "gone": "blue", "changed": "yellow"}


@click.command(name="compare", short_help="What changed from one run to another.")
@click.argument("run_a", type=options.path())
@click.argument("run_b", type=options.path())
@click.option("--suite", metavar="S", help="Judge both by this suite.  [default: as they were judged]")
@click.option(
    "--fail-on",
    multiple=True,
    type=click.Choice(["worse", "any", "shares", "metrics", "verdicts", "boilerplate", "sites"]),
    help="What makes exit code 1: whatever got worse, any change, or any of one section; repeatable.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["human", "json"]),
    default="human",
    show_default=True,
    help="Form of the result.",
)
def command(run_a: Path, run_b: Path, suite: str | None, fail_on: tuple[str, ...], form: str) -> int:
    """Say what changed from RUN_A to RUN_B: metrics, verdicts, boilerplate, sites.

    A change is shown when it is more than chance and large enough to matter. Exit code 0 unless --fail-on asks for 1.

    \b
    corpusqa compare runs/monday runs/tuesday
    corpusqa compare runs/monday runs/tuesday --fail-on worse --fail-on boilerplate
    """
    from corpusqa.comparison import compare

    found = compare(run_a, run_b, suite=suite)
    if form == "json":
        click.echo(json.dumps(found.to_json(), ensure_ascii=False, indent=2, allow_nan=False).encode())
    else:
        click.echo("\n\n".join(_sections(found)))
    failing = found.failing(*fail_on)
    for finding in failing:
        click.echo(f"{click.style('failed', fg='red')} on {finding.section}: {_safe(finding.sentence)}", err=True)
    return GATE_FAILED if failing else OK


def _sections(found: Comparison) -> Iterator[str]:
    """The comparison as blocks of text."""
    sides = [("A", found.a), ("B", found.b)]
    heads = [
        (tag, side.path, f"{side.documents:,} documents", f"{side.sites:,} sites", f"{side.suite} {side.verdict}")
        for tag, side in sides
    ]
    yield "\n".join([*_aligned(heads), *(f"note: {_safe(note)}" for note in found.notes)])
    sites, others = _sites(found)
    for title, rows, below in (
        ("Documents", [_share(row) for row in _rows(found.shares)], ""),
        ("Metrics", [_metric(row) for row in _rows(found.metrics)], ""),
        ("Boilerplate", [_group(row) for row in _rows(found.boilerplate)], ""),
        ("Sites", sites, others),
    ):
        if rows or below:
            more = f"  … and {len(rows) - ROWS:,} more: --format json" if len(rows) > ROWS else ""
            yield "\n".join(filter(None, [title, *_aligned(rows[:ROWS]), more, below]))
    if len(found.flips):
        yield _flips(found)
    yield _verdict(found)


def _rows(frame: Any) -> Iterable[dict[str, Any]]:
    changed: Iterable[dict[str, Any]] = frame.drop_nulls("change").iter_rows(named=True)
    return changed


def _share(row: dict[str, Any]) -> tuple[str, ...]:
    return row["change"], row["share"], f"{row['share_a']:.2%}", "to", f"{row['share_b']:.2%}"


def _metric(row: dict[str, Any]) -> tuple[str, ...]:
    from corpusqa.comparison import drifted

    return row["change"], row["metric"], drifted(row)


def _group(row: dict[str, Any]) -> tuple[str, ...]:
    from corpusqa.report.shown import label

    where = f"{row['documents']:,} documents ({row['share']:.1%})"
    return row["change"], row["group"], row["kind"] or "", where, label(row["text"], 60)


def _sites(found: Comparison) -> tuple[list[tuple[str, ...]], str]:
    """The sites that changed, and a line about those that are in one run only."""
    rows = list(_rows(found.sites))
    lines = []
    for state in ("new", "gone"):
        if own := [row["site"] for row in rows if row["change"] == state]:
            named = ", ".join(own[:NAMED]) + (", …" if len(own) > NAMED else "")
            lines.append(_coloured(f"  {state}  {len(own):,} of them: {_safe(named)}"))
    return [_site(row) for row in rows if row["change"] in ("worse", "better")], "\n".join(lines)


def _site(row: dict[str, Any]) -> tuple[str, ...]:
    from corpusqa.comparison import number

    rejected = f"{row['rejected_a']:.1%} to {row['rejected_b']:.1%} rejected"
    kept = f"{number(row['kept_a'])} to {number(row['kept_b'])} of the words kept"
    return row["change"], row["site"], f"{row['documents_a']:,} to {row['documents_b']:,} documents", rejected, kept


def _flips(found: Comparison) -> str:
    """How many went where, and the first that are rejected now with their rules."""
    moves = [(f"{n:,}", f"{before} to {after}") for (before, after), n in found.moves.items()]
    first = found.flips.head(ROWS).iter_rows(named=True)
    named = [(row["doc_id"], f"{row['before']} to {row['after']}", ", ".join(row["rules"])) for row in first]
    rest = len(found.flips) - len(named)
    more = [f"  … and {rest:,} more: --format json"] if rest > 0 else []
    return "\n".join([f"Verdicts of {found.shared:,} documents in both", *_aligned(moves), *_aligned(named), *more])


def _verdict(found: Comparison) -> str:
    if not found.findings:
        return f"Nothing changed that matters; {found.shared:,} documents are in both."
    worse = len(found.worse)
    return f"{len(found.findings)} findings, {worse} of them for the worse."


def _aligned(rows: Iterable[tuple[str, ...]]) -> list[str]:
    """The rows with their cells below one another, a change in its colour."""
    safe = [tuple(map(_safe, row)) for row in rows]
    if not safe:
        return []
    widths = [max(map(len, column)) for column in zip(*safe, strict=True)]
    lines = ("  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in safe)
    return [_coloured(line.rstrip()) for line in lines]


def _coloured(line: str) -> str:
    word = line.split(maxsplit=1)[0] if line.strip() else ""
    return line.replace(word, click.style(word, fg=CHANGES[word]), 1) if word in CHANGES else line


def _safe(text: str) -> str:
    from corpusqa.report.shown import visible

    return visible(text.replace("\n", " "))
