"""The run's own details: what was run, on what, with what, and how long it took; enough to run it again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from corpusqa.report import wording
from corpusqa.report.shapes import Fact
from corpusqa.report.shown import visible

#: Of `run.json`: shown in words of their own, or of no use to a reader (the shards are byte ranges).
OWN = ("command", "inputs", "stages", "settings", "counts", "versions", "peak_memory", "shards")
INPUTS = 5  #: input files named


def details(manifest: Mapping[str, Any]) -> tuple[Fact, ...]:
    """The lines of the run's details; a key of `run.json` that has no line of its own is shown as it stands."""
    facts = [*_work(manifest), *_input(manifest.get("inputs") or []), *_settings(manifest)]
    others = [Fact(_name(key), _plain(value)) for key, value in manifest.items() if key not in OWN]
    return tuple(Fact(fact.name, visible(fact.value)) for fact in [*facts, *others])


def _work(manifest: Mapping[str, Any]) -> list[Fact]:
    facts = []
    command = manifest.get("command")
    if command:
        facts.append(Fact("Command", command if isinstance(command, str) else " ".join(map(str, command))))
    stages = manifest.get("stages") or []
    if stages:
        times = [f"{stage['name']} {wording.seconds(stage['seconds'])}" for stage in stages]
        total = wording.seconds(sum(stage["seconds"] for stage in stages))
        facts.append(Fact("Time", f"{total}: {', '.join(times)}"))
    if isinstance(manifest.get("peak_memory"), int):
        facts.append(Fact("Peak memory", wording.size(manifest["peak_memory"])))
    if isinstance(manifest.get("versions"), Mapping):
        facts.append(Fact("Versions", ", ".join(f"{name} {version}" for name, version in manifest["versions"].items())))
    return facts


def _input(inputs: list[Mapping[str, Any]]) -> list[Fact]:
    if not inputs:
        return []
    total = wording.size(sum(entry["bytes"] for entry in inputs))
    named = [f"{entry['source']} (sha256 {entry['sha256'][:12]}…)" for entry in inputs[:INPUTS]]
    more = f", and {wording.count(len(inputs) - INPUTS)} more" if len(inputs) > INPUTS else ""
    return [Fact("Input", f"{wording.count(len(inputs), 'file')}, {total}: {', '.join(named)}{more}")]


def _settings(manifest: Mapping[str, Any]) -> list[Fact]:
    facts = []
    if manifest.get("counts"):
        facts.append(Fact("Counts", _plain(manifest["counts"])))
    if manifest.get("settings"):
        facts.append(Fact("Settings", _plain(manifest["settings"])))
    return facts


def _name(key: str) -> str:
    return key.replace("_", " ").capitalize()


def _plain(value: Any) -> str:
    """A value in one line: `a = 1, b.c = 2`."""
    if isinstance(value, Mapping):
        return ", ".join(_flat(value, "")) or "none"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _flat(value: Mapping[str, Any], above: str) -> list[str]:
    lines = []
    for key, own in value.items():
        if isinstance(own, Mapping):
            lines += _flat(own, f"{above}{key}.")
        else:
            shown = own if isinstance(own, str) else json.dumps(own, ensure_ascii=False)
            lines.append(f"{above}{key} = {shown}")
    return lines
