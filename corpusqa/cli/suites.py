"""`corpusqa suites`: list them, read one, find what is wrong with one, have one proposed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from textwrap import fill, shorten
from typing import TYPE_CHECKING, Any, Literal

import click

from corpusqa.cli import options
from corpusqa.errors import GATE_FAILED, OK, UNUSABLE, CorpusqaError, UnusableInput

if TYPE_CHECKING:
    from corpusqa.gating import Rule
    from corpusqa.gating.curves import Curve, Point
    from corpusqa.gating.suggesting import Proposal, Suggestion
    from corpusqa.run import Run

WIDTH = 100
BAR = 24  #: characters of a bar that stands for all documents
COLOURS = {"error": "red", "warning": "yellow", "note": "blue"}
SEVERITIES = {"critical": "red", "warning": "yellow", "info": "blue"}

VERBS = {"critical": "rejects", "warning": "flags", "info": "notes"}

run_option = click.option("--run", type=options.path(), metavar="RUN", help="A run to try the rules on.")


@click.group(name="suites", short_help="List, read, check or propose suites.")
def command() -> None:
    """The suites that a corpus is held against: plain great_expectations files, shipped ones and your own.

    SUITE is the name of a shipped suite or the path of a .json file.

    \b
    corpusqa suites list
    corpusqa suites show news --run corpusqa-out
    corpusqa suites check expectations/news.json --run corpusqa-out
    corpusqa suites suggest corpusqa-out -o mine.json
    """


@command.command(name="list")
def list_() -> None:
    """List the shipped suites.

    \b
    corpusqa suites list
    """
    from corpusqa.gating.suite import summaries

    for name, n_rules, sentence in summaries():
        head = f"{click.style(f'{name:<10}', bold=True)}{n_rules:>3} rules  "
        click.echo(head + shorten(sentence, WIDTH - 21, placeholder=" …"))


@command.command()
@click.argument("suite", required=False)
@run_option
def show(suite: str | None, run: Path | None) -> None:
    """Show each rule of SUITE with its limit, severity, reason and origin.

    With --run also what each rule does there, and how many documents and words other limits would keep. Without SUITE
    the run's, or news.

    \b
    corpusqa suites show gopher
    corpusqa suites show news --run corpusqa-out
    """
    from corpusqa import gating

    opened = _opened(run)
    loaded = gating.load_suite(suite or (opened.settings.gate.suite if opened else "news"))
    click.echo(f"{click.style(_line(loaded.name), bold=True)}   {len(loaded.rules)} rules   {loaded.where}\n")
    if loaded.notes:
        click.echo(fill(_line(loaded.notes), WIDTH) + "\n")
    if opened is None:
        click.echo("\n\n".join(_rule(rule) for rule in loaded.rules))
        return
    from corpusqa.gating.curves import curves

    result = gating.gate(opened, loaded)
    drawn = curves(result)
    effects = {row["rule_id"]: row for row in result.by_rule.to_dicts()}
    for rule in loaded.rules:
        click.echo(_rule(rule))
        if rule.rule_id in effects:
            click.echo(_effect(effects[rule.rule_id]))
        for curve in drawn:
            if curve.rule_id == rule.rule_id:
                _draw(curve)
        click.echo()


@command.command()
@click.argument("suite")
@run_option
@click.option("--fail-on", type=click.Choice(["warning"]), help="Make warnings exit code 1.")
@options.config_option
def check(suite: str, run: Path | None, fail_on: Literal["warning"] | None, config: Path | None) -> int:
    """Say what is wrong with SUITE: all of it at once.

    Errors are what the gate would refuse, and exit code 2. With --run the rules are tried: which never fire, always
    fire, or repeat one another.

    \b
    corpusqa suites check expectations/news.json
    corpusqa suites check gopher --run corpusqa-out
    """
    from corpusqa import config as settings
    from corpusqa import metrics
    from corpusqa.gating.linting import lint

    metrics.Extensions.of(settings.load(config).metrics.modules).load()
    found = lint(suite, _opened(run))
    for one in found:
        said = _line(f"{one.rule_id}: {one.sentence}" if one.rule_id else one.sentence)
        click.echo(f"{click.style(f'{one.level:<8}', fg=COLOURS[one.level])}{said}")
    counts = {level: sum(one.level == level for one in found) for level in COLOURS}
    summed = ", ".join(f"{n} {level}{'' if n == 1 else 's'}" for level, n in counts.items() if n)
    click.echo(f"{suite}: {summed or 'nothing to say'}.")
    if counts["error"]:
        return UNUSABLE
    return GATE_FAILED if fail_on and counts["warning"] else OK


@command.command()
@options.run_argument
@click.option("--labels", type=options.path(), metavar="FILE", help="CSV or JSON lines: doc_id, label (good or bad).")
@click.option("--metrics", "select", metavar="WHICH", help="Metrics to look at: families and names with commas.")
@click.option(
    "--reject",
    type=click.FloatRange(0, 0.5, max_open=True),
    help="Without labels: share of the documents that a rule may reject.  [default: 0.001]",
)
@click.option(
    "--by", "aim", type=click.Choice(["youden", "f1"]), default="youden", show_default=True, help="With labels."
)
@click.option("-o", "--out", type=options.path(), metavar="FILE", help="Write the suite to this file.")
def suggest(
    run: Path,
    labels: Path | None,
    select: str | None,
    reject: float | None,
    aim: Literal["youden", "f1"],
    out: Path | None,
) -> None:
    """Propose a suite for RUN, and say what each rule would reject, with examples.

    Without labels a limit is drawn where the outliers of the corpus begin; with labels where it best tells bad from
    good, tried on labels that it was not chosen by.

    \b
    corpusqa suites suggest corpusqa-out -o mine.json
    corpusqa suites suggest corpusqa-out --labels judged.csv -o mine.json
    """
    from corpusqa import metrics
    from corpusqa.gating.labels import read_labels
    from corpusqa.gating.suggesting import REJECT
    from corpusqa.gating.suggesting import suggest as proposed

    opened = _run(run)
    if labels is not None and reject is not None:
        raise UnusableInput("--reject is for limits taken from the corpus alone. Leave it out, or --labels.")
    metrics.Extensions.of(opened.settings.metrics.modules).load()
    ids = opened.documents.select("doc_id").collect().to_series()
    judged = None if labels is None else read_labels(labels, ids)
    names = None if select is None else [one.name for one in metrics.select(select.replace(" ", "").split(","))]
    found = proposed(opened, names, labels=judged, reject=REJECT if reject is None else reject, aim=aim)
    if judged is not None and judged.n_unknown:
        click.echo(f"{judged.n_unknown:,} labels are of documents that the run does not have.", err=True)
    openings = _openings(opened, [doc_id for one in found.proposals for doc_id, _ in one.examples])
    for one in found.proposals:
        click.echo(_proposal(one, openings) + "\n")
    click.echo(_in_all(found))
    if out is not None:
        _write(out, found)


def _run(run: Path) -> Run:
    """The run in this folder."""
    from corpusqa.run import Run

    return Run.of(run)


def _opened(run: Path | None) -> Run | None:
    return None if run is None else _run(run)


def _rule(rule: Rule) -> str:
    severity = click.style(rule.severity, fg=SEVERITIES[rule.severity])
    mostly = f", in {rule.kwargs['mostly']:.0%} of the documents" if "mostly" in rule.kwargs else ""
    where = f", where {rule.where}" if rule.where else ""
    asks = _line(f"{rule.column or rule.check}: {rule.limit}{where}{mostly}")
    reasons = (rule.notes, f"Origin: {rule.origin}" if rule.origin else "")
    return "\n".join(
        [
            f"{click.style(_line(rule.rule_id), bold=True)}  {severity}  {asks}",
            *(fill(_line(text), WIDTH, initial_indent="  ", subsequent_indent="  ") for text in reasons if text),
        ]
    )


def _line(text: str) -> str:
    """The text on one line, without anything that moves the cursor: a suite may come from anywhere."""
    from corpusqa.gating.wording import harmless

    return harmless(" ".join(text.split()))


def _effect(row: dict[str, Any]) -> str:
    from corpusqa.gating.wording import count

    verb = VERBS[row["severity"]]
    words = "" if row["words"] is None else f" with {count(row['words'], 'word')}"
    alone = f"; on this rule alone hang {row['documents_alone']:,}" if row["documents"] else ""
    return f"  {verb.capitalize()} {count(row['documents'], 'document')}{words}{alone}."


def _draw(curve: Curve) -> None:
    """The curve as a table of bars, the limit in force marked."""
    from rich.bar import Bar
    from rich.console import Console
    from rich.table import Table

    from corpusqa.gating.limits import number

    table = Table(box=None, padding=(0, 1), header_style="dim")
    table.add_column("")
    table.add_column("at least" if curve.side == "min_value" else "at most", justify="right")
    for name in ("documents", "words"):
        table.add_column(name, justify="right")
        table.add_column("", min_width=BAR)
    for point in curve.points:
        style = "bold" if point.in_force else ""
        bars = (Bar(1, 0, share, width=BAR) for share in (point.documents, point.words or 0))
        shares = (_share(point.documents), _share(point.words))
        cells = [cell for pair in zip(shares, bars, strict=True) for cell in pair]
        table.add_row(_mark(point), number(point.limit), *cells, style=style)
    Console(highlight=False, width=WIDTH).print(table)


def _mark(point: Point) -> str:
    return " >" if point.in_force else ""


def _share(share: float | None) -> str:
    """Never rounded up to all."""
    return "" if share is None else f"{int(share * 10_000 + 1e-9) / 100:.2f}%"


def _openings(run: Run, ids: list[str]) -> dict[str, str]:
    """How these documents begin; nothing, and a word on it, where their texts are not to be had."""
    import polars as pl

    from corpusqa.report.shown import visible
    from corpusqa.report.writing import read_texts

    rows = run.documents.filter(pl.col("doc_id").is_in(ids)).select("doc_id", "source", "row").collect().rows()
    try:
        texts = read_texts(run, [(source, row) for _, source, row in rows])
    except CorpusqaError as refused:
        click.echo(f"The examples come without their text: {refused}", err=True)
        return {}
    return {doc_id: visible(" ".join(texts[source, row][:300].split())) for doc_id, source, row in rows}


def _proposal(one: Proposal, openings: dict[str, str]) -> str:
    return "\n".join(_proposal_lines(one, openings))


def _proposal_lines(one: Proposal, openings: dict[str, str]) -> Iterator[str]:
    from corpusqa.gating.limits import number
    from corpusqa.gating.wording import count
    from corpusqa.report.shown import label

    severity = click.style(one.severity, fg=SEVERITIES[one.severity])
    yield f"{click.style(one.column, bold=True)} {one.asks}  {severity}"
    words = "" if one.words is None else f" with {count(one.words, 'word')}"
    share = f"({one.documents / one.n_documents:.2%})"
    effect = f"{VERBS[one.severity]} {count(one.documents, 'document')} {share}{words}"
    yield f"  {effect}; {one.alone:,} that no other would"
    if fit := one.fit:
        yield f"  of the labelled: {fit.caught} of {fit.n_bad} bad, and {fit.lost} of {fit.n_good} good"
        yield f"  Youden's J {fit.youden:.2f}, on labels that it was not chosen by {fit.tested:.2f}; F1 {fit.f1:.2f}"
    for doc_id, value in one.examples:
        shown = "no value" if value is None else number(value)
        line = f"  {shown:>8}  {label(doc_id)}  {openings.get(doc_id, '')}"
        yield line if len(line) <= WIDTH else line[: WIDTH - 1] + "…"


def _in_all(found: Suggestion) -> str:
    from corpusqa.gating.wording import count

    words = "" if found.words is None else f" with {found.words:.2%} of the words"
    share = found.rejected / found.n_documents
    said = f"{count(len(found.proposals), 'rule')} from {found.origin}.\n"
    said += f"Together they reject {found.rejected:,} of {count(found.n_documents, 'document')} ({share:.2%}){words}"
    if found.flagged:
        said += f", and flag {found.flagged:,} more"
    if fit := found.fit:
        said += f"; of the labelled they reject {fit.caught} of {fit.n_bad} bad and {fit.lost} of {fit.n_good} good"
    return said + "."


def _write(out: Path, found: Suggestion) -> None:
    """Write the suite. Raises UnusableInput where there is no rule, which would be no suite, and no place to write."""
    if not found.proposals:
        raise UnusableInput(
            "No metric tells anything here, so there is no suite to write. Label more, or other documents."
        )
    try:
        out.write_text(json.dumps(found.suite(out.stem), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    except OSError as refused:
        raise UnusableInput(f"{str(out)!r} cannot be written: {refused.strerror}. Name another file with -o.") from None
    click.echo(f"Suite: {out}", err=True)
