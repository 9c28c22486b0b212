"""`corpusqa show`: why, for one document, group or cluster."""

from __future__ import annotations

from pathlib import Path
from textwrap import fill, indent
from typing import TYPE_CHECKING, Any

import click

from corpusqa.cli import options

if TYPE_CHECKING:
    from corpusqa.explain import Cluster, Document, Group, Paragraph
    from corpusqa.gating import Standing

WIDTH = 96
FILLINGS, FILLING = 5, 48  #: of a slot, and characters of each
#: The edge that stands before each line of a paragraph, and its colour: a mark that is read without colour too.
EDGES = {"content": ("  ", None), "repeated": ("= ", "yellow"), "boilerplate": ("# ", "blue")}
RESIDUE = ("! ", "red")


@click.command(name="show", short_help="Why: a document, group or cluster.")
@options.run_argument
@click.argument("name", metavar="ID")
@click.option("--html", type=options.path(dir_okay=False), metavar="FILE", help="Write the document as a page instead.")
@click.option("-p", "--paragraph", type=click.IntRange(min=1), metavar="N", help="Only ¶N of a document.")
def command(run: Path, name: str, html: Path | None, paragraph: int | None) -> None:
    """Show one document of RUN with its marked paragraphs and why; or a group, or a cluster.

    Lines that start with # are boilerplate, ! residue, = repeated; the rest would be kept, but for what stands in
    [-brackets-]. Of a group, and of one paragraph, the lines are printed by which corpusqa.toml can have it otherwise.

    \b
    corpusqa show corpusqa-out news/2026-11-03.txt
    corpusqa show corpusqa-out news/2026-11-03.txt --paragraph 7
    corpusqa show corpusqa-out g0123456789ab
    corpusqa show corpusqa-out news/2026-11-03.txt --html page.html
    """
    from corpusqa.explain import Document, Group, explain
    from corpusqa.report.writing import write_article
    from corpusqa.run import Run

    found = explain(Run.of(run), name)
    if not isinstance(found, Document) and (html is not None or paragraph is not None):
        option = "--paragraph is about one document" if html is None else "--html writes the page of one document"
        raise click.UsageError(f"{option}, and {name} is a group or a cluster.")
    if html is not None:
        write_article(Run.of(run), name, html, folder=str(run))
        click.echo(f"Page: {html}")
    elif isinstance(found, Document):
        click.echo(_document(found) if paragraph is None else _alone(found, paragraph))
    elif isinstance(found, Group):
        click.echo(_group(found))
    else:
        click.echo(_cluster(found))


def _document(found: Document) -> str:
    from corpusqa.report.shown import label

    row = found.row
    head = f"{label(row['doc_id'])}   {row['verdict']}   {label(row['site'] or 'no site')}"
    parts = [
        click.style(head, bold=True),
        *_composition(found),
        *map(_paragraph, found.paragraphs),
        *_standings(found.standings),
    ]
    if row["duplicate_of"]:
        parts.append(f"Copy of {label(row['duplicate_of'])}, similarity {row['similarity']:.3f}.")
    if found.copies:
        parts.append(f"Cluster {row['cluster']}: {', '.join(label(copy['doc_id']) for copy in found.copies)}")
    parts += [_contained(pair, row["doc_id"]) for pair in found.contained]
    parts.append("Marked wrongly, or not at all? --paragraph N prints the line that settles ¶N.")
    return "\n\n".join(parts)


def _alone(found: Document, number: int) -> str:
    """One paragraph, and how to have it otherwise."""
    if number > len(found.paragraphs):
        raise click.UsageError(f"{found.row['doc_id']} has {len(found.paragraphs)} paragraphs, and no ¶{number}.")
    paragraph = found.paragraphs[number - 1]
    return f"{_paragraph(paragraph)}\n\n{_otherwise(paragraph.lines)}"


def _otherwise(lines: tuple[str, str]) -> str:
    """The lines to paste into the settings."""
    approve, ignore = lines
    return (
        "To have it so in every run, a line for [boilerplate] in corpusqa.toml:\n"
        f"  in approve, always furniture:  {approve}\n"
        f"  in ignore, always content:     {ignore}"
    )


def _contained(pair: dict[str, Any], name: str) -> str:
    """Which of the two is part of the other: the one more of which is shared."""
    from corpusqa.report.shown import label

    own, other = ("left", "right") if pair["left"] == name else ("right", "left")
    shares = {side: pair[f"containment_{side}"] for side in (own, other)}
    if shares[own] >= shares[other]:
        return f"{shares[own]:.0%} of it is in {label(pair[other])}, which is longer; it is no copy for that."
    return f"{shares[other]:.0%} of {label(pair[other])} is in it."


def _paragraph(paragraph: Paragraph) -> str:
    from corpusqa.report.shown import visible

    residue = paragraph.kind == "residue"
    edge, colour = RESIDUE if residue else EDGES[paragraph.label]
    number = f"¶{paragraph.position + 1}"
    reason = paragraph.reason and visible(f"{number}  {paragraph.reason}  [{paragraph.rule}]")
    note = click.style(reason, fg=colour) if reason else number
    text = indent(fill(visible(_with_cuts(paragraph)), WIDTH), edge)
    return f"{note}\n{click.style(text, fg=colour) if colour else text}"


def _with_cuts(paragraph: Paragraph) -> str:
    """The text with the furniture inside it in [-brackets-], as word diffs set what goes."""
    parts, at = [], 0
    for start, end, _ in paragraph.spans:
        parts += [paragraph.text[at:start], "[-", paragraph.text[start:end], "-]"]
        at = end
    return "".join([*parts, paragraph.text[at:]])


def _composition(found: Document) -> list[str]:
    """What it is made of, in one line."""
    from corpusqa.report import wording

    parts = [f"{share.name} {wording.share(share.share)}" for share in found.shares]
    return [", ".join(parts)] if parts else []


def _standings(standings: tuple[Standing, ...]) -> list[str]:
    """A line a rule: what it breaks, what it met narrowly, the rest."""
    from corpusqa.cli.console import coloured
    from corpusqa.gating.wording import aligned

    rows = [(own.mark, own.rule_id, _value(own), own.asks, _margin(own)) for own in standings]
    return ["Before the rules:\n" + coloured("\n".join(aligned(rows)))] if rows else []


def _value(own: Standing) -> str:
    from corpusqa.gating.limits import number
    from corpusqa.report.shown import label

    if own.value is not None:
        return number(own.value)
    return label(own.text) if own.text is not None else ("no value" if own.broken else "")


def _margin(own: Standing) -> str:
    from corpusqa.gating.limits import number

    if own.margin is None:
        return ""
    beside = f" ({abs(own.relative):.0%} of the limit)" if own.mark != "PASS" and own.relative is not None else ""
    return f"{number(abs(own.margin))} {'beyond' if own.broken else 'within'}{beside}"


def _group(found: Group) -> str:
    from corpusqa.report.shown import label, visible
    from corpusqa.report.wording import count

    row = found.row
    places = [f"  {label(place['doc_id'])} ¶{place['position'] + 1}" for place in found.places]
    what = " ".join(filter(None, (row["label"], row["kind"], row["rule"] and f"[{row['rule']}]")))
    about = (
        f"{what}: "
        f"{count(row['occurrences'], 'time')} in {count(row['documents'], 'document')} "
        f"({row['independent_documents']:,} independent) on {count(row['sites'], 'site')}, "
        f"{count(row['variants'], 'wording')}"
    )
    head = click.style(row["group"], bold=True)
    reason = [visible(found.reason)] if found.reason else []
    text = fill(visible(row["text"]), WIDTH)
    return "\n".join([head, text, *_slots(found), about, *reason, *places, "", _otherwise(found.lines)])


def _slots(found: Group) -> list[str]:
    """The template, and for each of its slots what fills it most often."""
    from corpusqa.report.shown import label, visible
    from corpusqa.report.wording import count

    if not found.row["template"]:
        return []
    shown = [fill(f"Template: {visible(found.row['template'])}", WIDTH)]
    for number, values in enumerate(found.slots, start=1):
        often = [f"{label(value, FILLING)} ({n:,})" for value, n in values[:FILLINGS]]
        more = [f"{len(values) - FILLINGS:,} more"] if len(values) > FILLINGS else []
        slot = f"slot {number}: {' · '.join([*often, *more])}"
        shown.append(fill(slot, WIDTH, initial_indent="  ", subsequent_indent="    "))
    return [*shown, f"  in the {count(found.read, 'paragraph')} that {'was' if found.read == 1 else 'were'} read"]


def _cluster(found: Cluster) -> str:
    from corpusqa.report.shown import label

    lines = [click.style(found.name, bold=True)]
    for row in found.members:
        how = f"copy of {label(row['duplicate_of'])}, {row['similarity']:.3f}" if row["duplicate_of"] else "kept"
        lines.append(f"  {label(row['doc_id'])}   {label(row['site'] or '')}   {how}")
    return "\n".join(lines)
