"""`corpusqa curate`: the good part, and the way back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from corpusqa.cli import options
from corpusqa.errors import UnusableInput

if TYPE_CHECKING:
    from corpusqa.curation.converting import Target
    from corpusqa.curation.decisions import Drop


@click.command(name="curate", short_help="Write the good part; or restore it all.")
@click.argument("run", type=options.path(), required=False)
@click.option("-o", "--out", type=options.path(), required=True, help="Folder to write to.")
@click.option(
    "--drop",
    type=click.Choice(["reject", "flag", "none"]),
    default="reject",
    show_default=True,
    help="Leave out rejected documents, flagged ones too, or none for its verdict.",
)
@click.option("--keep-furniture", is_flag=True, help="Cut nothing out of the documents that are kept.")
@click.option("--keep-duplicates", is_flag=True, help="Keep every copy of a document; else one of each is kept.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["jsonl", "parquet", "text"]),
    help="Format to write.  [default: each input's]",
)
@click.option("--restore", type=options.path(), metavar="CURATED", help="Give every record back from a curated folder.")
def command(
    run: Path | None,
    out: Path,
    drop: Drop,
    keep_furniture: bool,
    keep_duplicates: bool,
    form: Target | None,
    restore: Path | None,
) -> None:
    """Write the accepted documents of RUN without their furniture, or restore what was curated.

    What is cut or dropped goes to removed.parquet in OUT, so nothing is lost.

    \b
    corpusqa curate corpusqa-out -o curated
    corpusqa curate --restore curated -o back
    """
    from corpusqa import curation

    if (run is None) == (restore is None):
        raise UnusableInput("Name either a RUN to curate or --restore CURATED, and where to write with -o.")
    if restore is not None:
        click.echo(curation.restore(restore, out))
    else:
        assert run is not None
        written = curation.curate(
            run, out, drop=drop, keep_furniture=keep_furniture, keep_duplicates=keep_duplicates, format=form
        )
        click.echo(written)
