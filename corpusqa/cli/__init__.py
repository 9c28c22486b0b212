"""The command `corpusqa`: a group, one file a command, and one door through which every error leaves.

Results go to standard output, talk to standard error. Commands return their exit code and raise what the core raises;
`main` alone turns errors into messages and codes. Nothing heavy is imported before a command needs it, so that `--help`
answers at once (a test holds it).
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from io import TextIOWrapper
from typing import NoReturn

import click

from corpusqa import __version__, errors
from corpusqa.cli import audit, compare, curate, gate, metrics, report, show, suites


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="corpusqa %(version)s")
def cli() -> None:
    """Tell whether scraped text is fit for a corpus, show why, and take the good part.

    \b
    corpusqa audit scraped/ -o run      measure every document, find what repeats, judge
    corpusqa show run ID                why: one document with its marked paragraphs
    corpusqa gate run                   judge again; exit code 1 when the gate fails
    corpusqa curate run -o curated      the accepted documents without their furniture
    corpusqa compare monday tuesday     what changed from one run to the next
    corpusqa metrics NAME               what a number means, and who defined it

    Exit codes: 0 passed, 1 the gate failed, 2 unusable input, settings or suite, 3 a defect of corpusqa,
    4 no documents, 130 interrupted, 141 closed pipe.
    """


for module in (audit, gate, curate, report, show, compare, metrics, suites):
    cli.add_command(module.command)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and end the process with the exit code that belongs to what happened."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal that lacks a character is no reason to end
    code = run(arguments)
    unread = code == errors.CLOSED_PIPE
    try:
        sys.stdout.flush()
    except OSError as failed:
        code = errors.CLOSED_PIPE if isinstance(failed, BrokenPipeError) else _unwritten(failed)
        unread = True
    if unread:  # what is still buffered must not fail once more at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    sys.exit(code)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    try:
        code = _invoke(arguments)
    except errors.CorpusqaError as known:
        click.secho("error: ", fg="red", bold=True, nl=False, err=True)
        click.echo(str(known), err=True)
        return known.exit_code
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.ClickException as usage:
        usage.show()
        return errors.UNUSABLE
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        return errors.INTERRUPTED
    except BrokenPipeError:
        return errors.CLOSED_PIPE
    except OSError as failed:
        return _unwritten(failed)
    except Exception:  # noqa: BLE001 the error door: whatever else comes here is a defect of ours, and is shown whole
        return _defect()
    return code if isinstance(code, int) else errors.OK


def _unwritten(failed: OSError) -> int:
    """Of a full disk behind standard output we say so; any other error of the system is one that we should have met."""
    if not errors.DiskFull.is_why(failed):
        return _defect()
    click.echo("error: The disk is full, so the output could not be written. Make room.", err=True)
    return errors.UNUSABLE


def _defect() -> int:
    click.echo(traceback.format_exc(), err=True)
    click.echo("This is a defect of corpusqa. Please report it with the lines above.", err=True)
    return errors.DEFECT


def _invoke(arguments: Sequence[str] | None) -> object:
    """Let click do its work, but keep from it the two endings that it would turn into exit code 1."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    if not arguments:
        arguments = ["--help"]
    with cli.make_context("corpusqa", arguments, color=_colour()) as context:
        return cli.invoke(context)


def _colour() -> bool | None:
    """Whether to colour: as NO_COLOR, else FORCE_COLOR says, else (None) by where the output goes; empty is unset."""
    if os.environ.get("NO_COLOR"):
        return False
    return True if os.environ.get("FORCE_COLOR", "0") not in ("", "0") else None
