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
    """What is computed by default, with its meaning, a table a family; then the names of all else."""
    from corpusqa.metrics import METRICS

    families: dict[str, list] = {}
    for metric in METRICS.values():
        families.setdefault(metric.family, []).append(metric)
    lines = [f"{len(METRICS)} metrics in {len(families)} families. By default:", ""]
    for family, members in families.items():
        if own := [metric for metric in members if metric.default]:
            lines += [f"| `{family}_*` | unit | better | meaning |", "|---|---|---|---|"]
            lines += [f"| `{one.name}` | {one.unit} | {one.better} | {one.meaning} |" for one in own] + [""]
    lines += ["When `--metrics` or a suite asks for them:", ""]
    for family, members in families.items():
        others = [f"`{one.name.removeprefix(family)}`" for one in members if not one.default and not one.twin_of]
        if others:
            lines.append(f"- **`{family}`** ({len(others)}): {' '.join(others)}")
    twins = [metric for metric in METRICS.values() if metric.twin_of]
    of = dict.fromkeys(METRICS[metric.twin_of].family for metric in twins)
    lines.append(
        f"- **`kept`** ({len(twins)}): each metric of {', '.join(f'`{family}`' for family in of)} once more, "
        f"of the text as it will be after curation: `{twins[0].name}`, …, `{twins[-1].name}`"
    )
    return "\n".join(lines)


def suites() -> str:
    """The shipped suites."""
    from corpusqa.gating.suite import summaries

    lines = ["| suite | rules | for |", "|---|---|---|"]
    return "\n".join([*lines, *(f"| `{name}` | {n_rules} | {what} |" for name, n_rules, what in summaries())])


def suite(name: str) -> str:
    """The rules of a shipped suite."""
    from corpusqa.gating import load_suite

    lines = ["| rule | asks | of | severity |", "|---|---|---|---|"]
    for rule in load_suite(name).rules:
        asks = f"{rule.limit}, where `{rule.where}`" if rule.where else rule.limit
        lines.append(f"| {rule.sentence} | {asks} | `{rule.column}` | {rule.severity} |")
    return "\n".join(lines)
