"""Options that several commands share, each written once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


def path(**limits: Any) -> click.Path:
    """A path as pathlib has it."""
    return click.Path(path_type=Path, **limits)


run_argument = click.argument("run", type=path())

suite_option = click.option(
    "--suite", metavar="S", help="Suite to judge by: a shipped name or the path of a .json file.  [default: news]"
)

fail_on_option = click.option(
    "--fail-on",
    type=click.Choice(["critical", "warning"]),
    help="Which severity of a failed rule makes exit code 1.",
)

config_option = click.option(
    "--config", type=path(), help="Settings file.  [default: the nearest corpusqa.toml or [tool.corpusqa] upwards]"
)


def column_options(command: Command) -> Command:
    """`--text-column` and its kind: which column of a record is what."""
    for name in ("date", "site", "url", "id", "text"):
        command = click.option(
            f"--{name}-column", metavar="NAME", help=f"Column with the {name}.  [default: found by its usual names]"
        )(command)
    return command
