"""The blocks of the README that are generated, so that they cannot go stale: `make readme` writes them."""

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
COMMAND = Path(sys.executable).with_name("corpusqa")


def command(*arguments: str) -> str:
    """What a command prints on standard output, as a console block."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "sample_data").symlink_to(ROOT / "sample_data")
        done = subprocess.run([COMMAND, *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return f"```text\n{done.stdout.rstrip()}\n```"


def run_tables() -> str:
    """Every table of a run with its columns."""
    from corpusqa import tables

    lines = []
    for table in (*tables.RUN_TABLES, tables.REMOVED):
        lines += [f"**`{table.file}`**", "", "| column | type | meaning |", "|---|---|---|"]
        lines += [f"| `{column.name}` | {_plain(column.dtype)} | {column.meaning} |" for column in table.columns] + [""]
    return "\n".join(lines)


def _plain(dtype: object) -> str:
    name = str(dtype)
    return "list of spans" if "Struct" in name else name


def metrics() -> str:
    """Every metric with the first sentence of its meaning."""
    from corpusqa.metrics import catalogue

    rows = catalogue().iter_rows(named=True)
    lines = ["| metric | unit | better | meaning |", "|---|---|---|---|"]
    return "\n".join(
        [*lines, *(f"| `{row['name']}` | {row['unit']} | {row['better']} | {row['meaning']} |" for row in rows)]
    )


def suite(name: str) -> str:
    """The rules of a shipped suite."""
    from corpusqa.gating import load_suite

    lines = ["| rule | asks | of | severity |", "|---|---|---|---|"]
    return "\n".join(
        [
            *lines,
            *(
                f"| {rule.sentence} | {rule.limit} | `{rule.column}` | {rule.severity} |"
                for rule in load_suite(name).rules
            ),
        ]
    )
