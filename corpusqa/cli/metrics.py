"""`corpusqa metrics`: the catalogue, one metric explained, and how it is spread over a run."""

from __future__ import annotations

from pathlib import Path
from textwrap import fill, shorten
from typing import TYPE_CHECKING

import click

from corpusqa.cli import options

if TYPE_CHECKING:
    from corpusqa.metrics import Metric
    from corpusqa.spread import Spread

WIDTH = 100
BAR = 40  #: characters of the longest bar
EIGHTHS = " ▏▎▍▌▋▊▉█"


@click.command(name="metrics", short_help="The catalogue; or one metric explained.")
@click.argument("name", required=False)
@click.option("--run", type=options.path(), metavar="RUN", help="Show how the metric is spread over this run.")
@options.config_option
def command(name: str | None, run: Path | None, config: Path | None) -> None:
    """List all metrics by family, or explain the metric or family NAME.

    Metrics marked * are computed by default; the others when --metrics or a suite asks for them.

    \b
    corpusqa metrics
    corpusqa metrics gopher_dup_line_frac --run corpusqa-out
    """
    from corpusqa import config as settings
    from corpusqa import metrics
    from corpusqa.errors import UnusableInput

    metrics.Extensions.of(settings.load(config).metrics.modules).load()
    if run is not None and name not in metrics.METRICS:
        raise UnusableInput(f"--run shows one metric's spread, and {name!r} is none. Name a metric before it.")
    if name is None:
        own, twins = _without_twins(list(metrics.METRICS.values()))
        click.echo(f"{_catalogue(own)}\n{twins}")
    elif name in metrics.METRICS:
        click.echo(_explained(metrics.METRICS[name]))
        if run is not None:
            from corpusqa.run import Run
            from corpusqa.spread import spread

            click.echo("\n" + _spread(spread(Run.of(run), name), str(run)))
    else:
        click.echo(_catalogue(metrics.select(name)))


def _catalogue(listed: list[Metric]) -> str:
    """A block a family: its metrics with the first sentence of their meaning."""
    families: dict[str, list[Metric]] = {}
    for one in listed:
        families.setdefault(one.family, []).append(one)
    width = max(len(one.name) for one in listed)
    blocks = [_family(family, members, width) for family, members in families.items()]
    counted = f"{len(listed)} metrics" if len(listed) > 1 else "1 metric"
    return "\n\n".join([*blocks, f"{counted}. Explain one: corpusqa metrics NAME"])


def _without_twins(listed: list[Metric]) -> tuple[list[Metric], str]:
    """The metrics but for twins, and a line that says what those are."""
    twins = [one for one in listed if one.twin_of]
    first = f"{len(twins)} more: kept_ before a name is that metric of the text as it will be after curation, such as"
    return [one for one in listed if not one.twin_of], fill(f"{first} {twins[0].name}.", WIDTH)


def _family(family: str, members: list[Metric], width: int) -> str:
    head = click.style(family, bold=True) + f"  {len(members)}"
    lines = [
        f"{'*' if one.default else ' '} {one.name:<{width}}  {shorten(one.meaning, WIDTH - 4 - width, placeholder='…')}"
        for one in members
    ]
    return "\n".join([head, *lines])


def _explained(metric: Metric) -> str:
    """Everything that the registry says of a metric."""
    first, *rest = metric.doc.split("\n\n")
    paragraphs = [fill(" ".join(part.split()), WIDTH) for part in (first, *rest)]
    computed = "by default" if metric.default else f"when asked for: --metrics {metric.name}, or a suite's rule"
    facts = (
        ("unit", metric.unit),
        ("better", metric.better),
        ("of", {"text": "any text"}.get(metric.level, "a document of a run")),
        ("source", metric.source),
        ("computed", computed),
    )
    table = [fill(f"{key:<9} {value}", WIDTH, subsequent_indent=" " * 10) for key, value in facts]
    return "\n\n".join([click.style(metric.name, bold=True), *paragraphs, "\n".join(table)])


def _spread(found: Spread, run: str) -> str:
    """Quantiles on one line, and a bar for each step."""
    from corpusqa.spread import number

    head = f"In {run}: {found.n_documents:,} documents, {found.n_missing:,} without a value"
    if not found.bars:
        return head
    names = {0.0: "least", 0.5: "median", 1.0: "most"}
    at = [(names.get(share, f"{share:.0%}"), number(value)) for share, value in found.quantiles]
    widths = [max(len(name), len(value)) for name, value in at]
    quantiles = [
        "  ".join(f"{cell:>{width}}" for cell, width in zip(row, widths, strict=True)) for row in zip(*at, strict=True)
    ]
    label = max(len(bar.label) for bar in found.bars)
    most = max(bar.n for bar in found.bars)
    bars = [f"{bar.label:>{label}}  {_bar(bar.n / most)} {bar.n:,}" for bar in found.bars]
    return "\n".join([head, *([""] if quantiles else []), *quantiles, "", *bars])


def _bar(share: float) -> str:
    """A bar of `BAR` characters at most, in eighths; what is not nothing is seen."""
    eighths = round(share * BAR * 8)
    eighths = max(eighths, 1) if share else 0
    return "█" * (eighths // 8) + EIGHTHS[eighths % 8].strip()
