"""What every format says of a result in the same words."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from corpusqa.errors import OK
from corpusqa.gating.limits import number
from corpusqa.gating.result import FailOn, Result, RuleResult
from corpusqa.gating.validation import plain

#: The worst first.
ORDER = {"FAIL": 0, "WARN": 1, "NOTE": 2, "PASS": 3}


def verdict_line(result: Result, fail_on: FailOn = "critical") -> str:
    """The answer in one sentence."""
    n, rejected = len(result.judged), result.verdicts["reject"]
    share = f"{rejected:,} of {count(n, 'document')} rejected ({rejected / n:.1%})"
    gates = count(len(result.rules), "gate")
    if empty := [rule.rule_id for rule in result.rules if rule.reason]:
        return f"Not judged: {', '.join(empty)} had nothing to judge; {share}."
    if result.exit_code(fail_on) == OK:
        return f"Ready: {sum(rule.success for rule in result.rules)} of {gates} passed, {share}."
    return f"Not ready: {len(result.broken_at(fail_on))} of {gates} failed, {share}."


def measured(rule: RuleResult) -> str:
    """What was found against what was asked: `96.90%, needs 99%`."""
    if rule.reason:
        return f"not judged: {rule.reason}"
    if rule.by_document:
        return f"{percent(rule.passing)}, needs {percent(rule.needed)}"
    observed = plain(rule.observed)
    shown = number(observed) if isinstance(observed, int | float) else json.dumps(observed, ensure_ascii=False)
    return f"{shown}, needs {rule.rule.limit}"


def broken_by(rule: RuleResult) -> str:
    """How many documents break it, as the end of a sentence; nothing for a rule on the corpus."""
    if not rule.by_document:
        return ""
    return f", {count(rule.n_failed, 'document')} {'fails' if rule.n_failed == 1 else 'fail'}"


def count(n: int, what: str) -> str:
    """A number with what it counts: `1 gate`, `1,204 gates`."""
    return f"{n:,} {what}{'' if n == 1 else 's'}"


def percent(share: float | None) -> str:
    """Two digits, but for whole ones; never rounded up to a share that was not reached."""
    if share is None:
        return "none"
    cut = int(share * 10_000 + 1e-6) / 100
    return f"{cut:.0f}%" if cut == int(cut) else f"{cut:.2f}%"


def aligned(rows: Sequence[tuple[str, ...]], right: Sequence[int] = (2,)) -> list[str]:
    """The rows as lines: the columns named in `right` to the right, others to the left. No cell can move the cursor."""
    rows = [tuple(map(harmless, row)) for row in rows]
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    return [
        " ".join(["", *("  " * (i > 0) + _fit(cell, widths[i], i in right) for i, cell in enumerate(row))]).rstrip()
        for row in rows
    ]


def harmless(text: str) -> str:
    """The text without anything that moves the cursor."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f]", "\ufffd", text)


def _fit(cell: str, width: int, right: bool) -> str:
    return cell.rjust(width) if right else cell.ljust(width)
