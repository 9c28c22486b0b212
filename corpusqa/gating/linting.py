"""What is wrong with a suite, or only odd: all of it at once, not the first alone.

An error is what the gate would refuse. A warning is a rule that cannot do what it is for: it can never fire, it always
fires, another says the same. A note is what a reader of the suite will miss, or what a run does not show.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import combinations
from pathlib import Path
from typing import Any, Literal

import polars as pl

from corpusqa.errors import NoDocuments, UnusableSuite
from corpusqa.gating.judging import gate
from corpusqa.gating.limits import Limits
from corpusqa.gating.result import Result, RuleResult
from corpusqa.gating.suite import Suite, parse_suite, read_suite
from corpusqa.run import Run

Level = Literal["error", "warning", "note"]
COUNTED = ("characters", "bytes", "words", "lines", "paragraphs", "sentences", "places")  #: units of counts
FEW = 5  #: documents; that two rules share fewer than that says nothing about the rules


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to know about a suite."""

    level: Level
    rule_id: str | None  #: of what it is said; null for the suite
    sentence: str


def lint(suite: str | Path, run: Run | None = None) -> tuple[Finding, ...]:
    """What is wrong or odd with this suite, a shipped one's name or a file; errors first, then in the suite's order.

    With a run, its rules are also tried on the documents. Raises what `load_suite` raises for a file that cannot be
    read as a suite at all.
    """
    content, where = read_suite(suite)
    broken = list(_broken(content, where))
    if broken:
        return tuple(broken)
    loaded = parse_suite(content, where)
    columns = run.documents.collect_schema().names() if run else None
    unknown = list(_unknown(loaded, columns))
    found = [*unknown, *_idle(loaded), *_said_twice(loaded), *_unexplained(loaded)]
    if run is not None and not unknown:
        found += _tried(run, loaded)
    return tuple(sorted(found, key=lambda one: ("error", "warning", "note").index(one.level)))


def _broken(content: Mapping[str, Any], where: str) -> Iterator[Finding]:
    """What the gate would refuse: asked of each rule by itself, so that one does not hide the next."""
    entries = content.get("expectations")
    n_broken = 0
    for i, entry in enumerate(entries if isinstance(entries, list) else [], 1):
        try:
            parse_suite({"name": "one", "expectations": [entry], "suite_parameters": content.get("suite_parameters")})
        except UnusableSuite as refused:
            n_broken += 1
            yield Finding("error", _named(entry, i), _short(str(refused), "the suite"))
    if not n_broken:
        try:
            parse_suite(content, where)
        except UnusableSuite as refused:
            yield Finding("error", None, _short(str(refused), where))


def _named(entry: Any, i: int) -> str:
    meta = entry.get("meta") if isinstance(entry, dict) else None
    return str(meta["rule_id"]) if isinstance(meta, dict) and meta.get("rule_id") else f"rule {i}"


def _short(said: str, where: str) -> str:
    """The message without the name of the file, which is said once for all."""
    return said.removeprefix(where).lstrip(", ")


def _unknown(suite: Suite, columns: Sequence[str] | None) -> Iterator[Finding]:
    """Rules on columns that the run, or else any run, does not have."""
    from corpusqa.metrics import METRICS
    from corpusqa.tables import DOCUMENTS

    known = {*METRICS, *DOCUMENTS.schema} if columns is None else set(columns)
    for rule in suite.rules:
        for name in (*rule.columns, *rule.conditions):
            if name in known or rule.type == "expect_column_to_exist":
                continue
            close = get_close_matches(name, known, n=1)
            hint = f" Did you mean {close[0]!r}?" if close else ""
            if name in METRICS:
                hint = f" Audit again with --metrics {name}, or with this suite."
            what = "no run has" if columns is None else "the run does not have"
            yield Finding("error", rule.rule_id, f"needs {name!r}, which {what}.{hint}")


def _idle(suite: Suite) -> Iterator[Finding]:
    """Rules whose limits lie outside what their metric can be; they judge no more than whether there is a value."""
    for rule in suite.rules:
        highest = _highest(rule.column)
        if rule.limits is not None and highest is not None:
            said = f"{rule.column} is {'from 0 to 1' if highest == 1 else 'at least 0'} in any document"
            if rule.limits.encloses(Limits(0.0, highest)):
                yield Finding("warning", rule.rule_id, f"can never fire: {said}.")
            elif rule.limits.excludes(0.0, highest):
                yield Finding("warning", rule.rule_id, f"always fires: {said}.")
        if rule.kwargs.get("mostly") == 0 and rule.severity == "critical":
            yield Finding("note", rule.rule_id, "has mostly 0: it rejects documents, and never fails the gate.")


def _highest(column: str | None) -> float | None:
    """The most that a metric from 0 upwards can be; null for what is none of ours, or may be below 0."""
    from corpusqa.metrics import METRICS

    metric = METRICS.get(column or "")
    if metric is None or not metric.default:
        return None
    return 1.0 if metric.unit.startswith("share") else float("inf") if metric.unit in COUNTED else None


def _said_twice(suite: Suite) -> Iterator[Finding]:
    """Rules on one column, of which one asks for more than the other."""
    for one, other in combinations(suite.rules, 2):
        same = one.column == other.column and one.where == other.where and one.type == other.type
        if not same or one.limits is None or other.limits is None:
            continue
        for strict, lax in ((one, other), (other, one)):
            if lax.limits.encloses(strict.limits) and strict.severity == lax.severity:  # type: ignore[union-attr,arg-type]
                yield Finding("warning", lax.rule_id, f"says nothing that {strict.rule_id!r} does not say already.")
                break


def _unexplained(suite: Suite) -> Iterator[Finding]:
    for rule in suite.rules:
        if not rule.notes:
            yield Finding("note", rule.rule_id, "has no notes: nobody will know what it is for.")
        elif not rule.origin:
            yield Finding("note", rule.rule_id, "does not say where its limit comes from: write it into meta.origin.")


def _tried(run: Run, suite: Suite) -> Iterator[Finding]:
    """What the run shows: rules that never fire on it, always fire, or reject the same documents."""
    try:
        result = gate(run, suite)
    except (UnusableSuite, NoDocuments) as refused:
        yield Finding("error", None, _short(str(refused), suite.where))
        return
    for rule in result.rules:
        yield from _fired(rule)
    yield from _alike(result)


def _fired(rule: RuleResult) -> Iterable[Finding]:
    if rule.reason:
        yield Finding("warning", rule.rule_id, f"had nothing to judge: {rule.reason}.")
    elif rule.by_document and rule.n_evaluated and rule.n_failed == rule.n_evaluated:
        yield Finding("warning", rule.rule_id, f"always fires: all {rule.n_evaluated:,} documents of the run break it.")
    elif rule.by_document and not rule.n_evaluated:
        yield Finding("note", rule.rule_id, "judges no document of the run: none meets its row_condition.")
    elif rule.by_document and not rule.n_failed:
        yield Finding(
            "note", rule.rule_id, f"never fires: none of {rule.n_evaluated:,} documents of the run breaks it."
        )


def _alike(result: Result) -> Iterable[Finding]:
    """Rules of the run's documents that reject the same ones, and those that only add to others' reasons."""
    counts = result.counts()
    always = {rule.rule_id for rule in result.rules if rule.n_failed == rule.n_evaluated or rule.reason}
    said: set[str] = set()
    for row in result.together.filter(pl.col("share") == 1).iter_rows(named=True):
        rare, common = sorted((row["left"], row["right"]), key=lambda name: counts[name])
        if row["documents"] < FEW or rare in said or always & {rare, common}:
            continue
        said.add(rare)
        if row["jaccard"] == 1:
            yield Finding("warning", rare, f"repeats {common!r}: both fire on the same {counts[rare]:,} documents.")
        else:
            yield Finding(
                "note", rare, f"adds nothing to {common!r}, which fires on all its {counts[rare]:,} documents."
            )
