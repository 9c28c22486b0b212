"""A result, or several, as text: for a person, a program, a test report, a pull request.

Each format is a function from results to one text, and `FORMATS` is the list of them all. Nothing in a text depends on
the day or the machine.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from xml.etree import ElementTree as Xml

from corpusqa.gating.insights import insights
from corpusqa.gating.result import FailOn, Result, RuleResult
from corpusqa.gating.suite import DUPLICATE
from corpusqa.gating.summary import summary
from corpusqa.gating.wording import ORDER, aligned, broken_by, count, harmless, measured, verdict_line

#: GitHub shows ten annotations of a kind for each step and drops the rest without a word (actions/toolkit#734).
ANNOTATIONS = 10


def human(results: Sequence[Result], fail_on: FailOn = "critical") -> str:
    """A line for each rule that some document breaks, worst first, and the verdict. Aligned, without colour.

    Of several suites each under its name.
    """
    tables = [_table(result, fail_on) for result in results]
    names = [f"{harmless(result.suite.name)}:\n" if len(results) > 1 else "" for result in results]
    return "\n\n".join(name + table for name, table in zip(names, tables, strict=True)) + "\n"


def as_json(results: Sequence[Result], fail_on: FailOn = "critical") -> str:
    """great_expectations' validation result; of several suites a list of them."""
    found = [result.to_validation_json(fail_on) for result in results]
    whole = found[0] if len(found) == 1 else found
    return json.dumps(whole, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def junit(results: Sequence[Result], fail_on: FailOn = "critical") -> str:
    """A test suite for each corpus and suite, a test case for each rule."""
    root = Xml.Element("testsuites")
    for result in results:
        root.append(_test_suite(result, fail_on))
    Xml.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{Xml.tostring(root, encoding="unicode")}\n'


def github(results: Sequence[Result], fail_on: FailOn = "critical") -> str:
    """An annotation for each rule that did not pass, ten at most: the tenth sums up the rest."""
    lines = [line for result in results for line in _annotations(result, fail_on)]
    if len(lines) > ANNOTATIONS:
        rest = len(lines) - ANNOTATIONS + 1
        kind = "error" if any(line.startswith("::error") for line in lines[-rest:]) else "warning"
        lines = [
            *lines[:-rest],
            _annotation(kind, "corpusqa", f"{count(rest, 'more gate')} did not pass: see the log."),
        ]
    if not lines:
        lines = [_annotation("notice", result.suite.name, verdict_line(result, fail_on)) for result in results]
    return "\n".join(lines) + "\n"


FORMATS: dict[str, Callable[[Sequence[Result], FailOn], str]] = {
    "human": human,
    "json": as_json,
    "junit": junit,
    "github": github,
    "summary": summary,
}


def _table(result: Result, fail_on: FailOn) -> str:
    shown = sorted((rule for rule in result.rules if not rule.success or rule.n_failed), key=lambda r: ORDER[r.status])
    rows: list[tuple[str, ...]] = [
        (r.status, r.rule_id, f"{r.n_failed:,}" if r.by_document else "", r.sentence, measured(r)) for r in shown
    ]
    if copies := result.counts().get(DUPLICATE):
        rows.append(("DROP", DUPLICATE, f"{copies:,}", "Copies of a document that is kept", ""))
    quiet = len(result.rules) - len(shown)
    lines = [*aligned(rows), *([f"      {count(quiet, 'gate')} passed without exception"] if quiet else [])]
    said = insights(result)
    return "\n".join([*lines, "", *said, *([""] if said else []), verdict_line(result, fail_on)])


def _test_suite(result: Result, fail_on: FailOn) -> Xml.Element:
    fatal = result.broken_at(fail_on)
    empty = [rule for rule in result.rules if rule.reason]
    counts = {
        "tests": len(result.rules),
        "failures": sum(not rule.reason for rule in fatal),
        "errors": len(empty),
        "skipped": 0,
    }
    attributes = {"name": _xml(result.corpus), **{key: str(value) for key, value in counts.items()}}
    element = Xml.Element("testsuite", attributes)
    for rule in result.rules:
        element.append(_test_case(rule, result.suite.name, rule in fatal))
    return element


def _test_case(rule: RuleResult, suite: str, fatal: bool) -> Xml.Element:
    case = Xml.Element("testcase", {"classname": _xml(f"corpusqa.{suite}"), "name": _xml(rule.rule_id)})
    if rule.success:
        return case
    said = _xml(f"{rule.sentence}: {measured(rule)}{broken_by(rule)}")
    if rule.reason or fatal:
        kind = "error" if rule.reason else "failure"
        Xml.SubElement(case, kind, {"type": _xml(rule.type), "message": said}).text = _xml(rule.rule.notes or said)
    else:
        Xml.SubElement(case, "system-out").text = f"{rule.status}: {said}"
    return case


def _xml(text: str) -> str:
    """The text without the characters that XML 1.0 has no way to write."""
    return re.sub(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text)


def _annotations(result: Result, fail_on: FailOn) -> Iterable[str]:
    fatal = result.broken_at(fail_on)
    unmet = [rule for rule in result.rules if not rule.success]
    for rule in sorted(unmet, key=lambda rule: (not rule.reason, rule not in fatal, ORDER[rule.status])):
        kind = "error" if rule.reason or rule in fatal else "notice" if rule.severity == "info" else "warning"
        yield _annotation(
            kind, f"{result.suite.name}: {rule.rule_id}", f"{rule.sentence}: {measured(rule)}{broken_by(rule)}"
        )


def _annotation(kind: str, title: str, message: str) -> str:
    """A workflow command, escaped as actions/toolkit's own command.ts does."""
    data = message.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    name = title.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A").replace(":", "%3A").replace(",", "%2C")
    return f"::{kind} title={name}::{data}"
