"""A suite: the rules that a corpus is held against, as plain great_expectations JSON.

Thresholds live in such files and nowhere else. A rule is one expectation; what corpusqa adds to it lies in `meta`,
where great_expectations lets it be, so the same file works in both: `rule_id` names the rule, `null` says whether a
document without a value passes, `unmet` whether the rule passes when its condition holds for no document. Both are
"fail" unless the suite says "pass". `origin` says where the threshold comes from: a paper, or a measurement.

Everything that can be wrong with a suite is found when it is loaded, before a corpus is read: great_expectations drops
an expectation that it does not know with no more than a line in its log, and a gate without the rule would pass.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NoReturn, cast, get_args

from corpusqa.errors import UnknownName, UnusableSuite
from corpusqa.gating import conditions
from corpusqa.gating.arguments import check_arguments, check_choice, check_keys, refuse
from corpusqa.gating.limits import BETWEEN, Limits, limits_of

Severity = Literal["critical", "warning", "info"]
Silence = Literal["fail", "pass"]  #: what becomes of a rule that has nothing to say

#: The keys of great_expectations' own files: what its ExpectationSuite and ExpectationConfiguration take.
SUITE_KEYS = ("name", "expectations", "meta", "notes", "suite_parameters", "id")
RULE_KEYS = ("type", "kwargs", "severity", "notes", "description", "meta", "id", "rendered_content")
#: The rule that rejects copies, in every suite: see `corpusqa.gating.result`.
DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class Rule:
    """One expectation of a suite."""

    rule_id: str
    type: str  #: great_expectations' name for it, such as expect_column_values_to_be_between
    kwargs: Mapping[str, Any]
    severity: Severity
    notes: str
    meta: Mapping[str, Any]
    columns: tuple[str, ...]  #: the columns that it judges; none when it judges the table
    conditions: tuple[str, ...]  #: the columns that its row_condition reads
    null: Silence
    unmet: Silence

    @property
    def column(self) -> str | None:
        """The columns that it judges, as one name to show."""
        return ", ".join(self.columns) or None

    @property
    def counts_nulls(self) -> bool:
        """Whether a document without a value breaks it; `ignore_row_if` is great_expectations' own way to say no."""
        return self.null == "fail" and "ignore_row_if" not in self.kwargs

    @property
    def limits(self) -> Limits | None:
        """The bounds that it sets in numbers, when it does."""
        return limits_of(self.kwargs)

    @property
    def limit(self) -> str:
        """What the rule asks for, in a few words: `from 50 to 20,000`."""
        if self.limits:
            return str(self.limits)
        shown = {key: value for key, value in self.kwargs.items() if key not in ("mostly", "row_condition")}
        own = {key: value for key, value in shown.items() if not key.startswith("column")}
        return ", ".join(f"{key} {json.dumps(value, ensure_ascii=False)}" for key, value in own.items()) or self.check

    @property
    def where(self) -> str:
        """Which documents it judges, in a few words: `n_words > 9`; empty when all."""
        return conditions.words(self.kwargs.get("row_condition"))

    @property
    def check(self) -> str:
        """The expectation's name as words: `column values to be between`."""
        return self.type.removeprefix("expect_").replace("_", " ")

    @property
    def sentence(self) -> str:
        """The rule in one sentence: the first of its notes, or its column and limit."""
        if not self.notes:
            asked = "" if self.type == BETWEEN or self.limit == self.check else f", {self.check}"
            return f"{self.column or 'documents'}{asked}: {self.limit}"
        return _first_sentence(self.notes).removesuffix(".")

    @property
    def origin(self) -> str:
        """Where its threshold comes from, as the suite says; empty when it does not."""
        return _text(self.meta.get("origin"))

    @property
    def expectation(self) -> dict[str, Any]:
        """The rule as great_expectations writes it."""
        plain = {"type": self.type, "kwargs": dict(self.kwargs), "meta": {**self.meta, "rule_id": self.rule_id}}
        return {**plain, **({"notes": self.notes} if self.notes else {}), "severity": self.severity}


@dataclass(frozen=True, slots=True)
class Suite:
    """Rules under a name, checked: each is known to great_expectations and has arguments that it takes."""

    name: str
    rules: tuple[Rule, ...]
    parameters: Mapping[str, Any]  #: what `{"$PARAMETER": …}` in a rule stands for
    notes: str
    where: str  #: the file it came from

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that the rules need, each once, in the order of the rules."""
        return tuple(dict.fromkeys(name for rule in self.rules for name in (*rule.columns, *rule.conditions)))


def shipped_suites() -> dict[str, Path]:
    """The suites that come with corpusqa, by name: in an installed wheel inside the package, else in the checkout."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "_expectations"
    folder = inside if inside.is_dir() else package.parent / "expectations"
    return {file.stem: file for file in sorted(folder.glob("*.json"))}


def load_suite(name_or_path: str | Path) -> Suite:
    """The suite in this file, or the shipped one of this name.

    It is a path when the file exists or ends in `.json`. Raises UnknownName for a name that no shipped suite has, and
    UnusableSuite for a file that is no suite, or holds a rule that could not be evaluated as it stands.
    """
    return parse_suite(*read_suite(name_or_path))


def read_suite(name_or_path: str | Path) -> tuple[dict[str, Any], str]:
    """What the file of a suite holds, its rules unchecked, and its path. Raises as `load_suite` does."""
    path = _find(str(name_or_path))
    try:
        text = path.read_text(encoding="utf-8-sig")
        content = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except (OSError, ValueError, RecursionError) as broken:
        raise UnusableSuite(f"{path} is not valid JSON: {broken}. Correct it, or name another suite.") from None
    if not isinstance(content, dict):
        raise UnusableSuite(f"{path} holds no suite, but a {type(content).__name__}. Write {{'name', 'expectations'}}.")
    return content, str(path)


def parse_suite(content: Mapping[str, Any], where: str = "the suite") -> Suite:
    """The suite in this plain dictionary, checked as one from a file; `where` stands in messages."""
    check_keys(content, SUITE_KEYS, where)
    name, expectations = content.get("name"), content.get("expectations")
    if not isinstance(name, str) or not name:
        refuse(where, "has no name", 'Give it one: "name": "news"')
    if not isinstance(expectations, list) or not expectations:
        refuse(where, "holds no expectation, so it would pass anything", 'List its rules under "expectations"')
    parameters = content.get("suite_parameters") or {}
    plain = [_expectation(_set(entry, parameters), f"{where}, rule {i}") for i, entry in enumerate(expectations, 1)]
    _check_names([entry["meta"]["rule_id"] for entry in plain], where)

    from corpusqa.gating import engine

    rules = tuple(_rule(entry) for entry in engine.checked(plain, parameters, where))
    return Suite(name, rules, parameters, _text(content.get("notes")), where)


def summaries() -> list[tuple[str, int, str]]:
    """Name, number of rules and first sentence of each shipped suite: read without great_expectations."""
    found = [read_suite(path)[0] for path in shipped_suites().values()]
    return [(own["name"], len(own["expectations"]), _first_sentence(_text(own["notes"]))) for own in found]


def shipped_columns() -> set[str]:
    """The columns that the shipped suites read: measured by default, so that each can be tried on any run."""
    found: set[str] = set()
    for path in shipped_suites().values():
        for entry in read_suite(path)[0]["expectations"]:
            found |= {*judged_columns(entry["kwargs"]), *conditions.columns(entry["kwargs"].get("row_condition"))}
    return found


def _first_sentence(notes: str) -> str:
    return " ".join(re.split(r"(?<=[.!?])\s", notes, maxsplit=1)[0].split())


def _find(given: str) -> Path:
    path = Path(given)
    if path.is_file():
        return path
    if path.suffix == ".json":
        raise UnusableSuite(f"There is no suite file {given!r}. Name one that exists, or one of corpusqa's own suites.")
    shipped = shipped_suites()
    if given not in shipped:
        raise UnknownName("suite", given, shipped, "a suite of your own is named by its path, ending in .json")
    return shipped[given]


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object in which no key occurs twice: json would keep the last and say nothing."""
    for key, times in Counter(key for key, _ in pairs).items():
        if times > 1:
            raise ValueError(f"the key {key!r} stands {times} times in one object")
    return dict(pairs)


def _no_number(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number that JSON has")


def _set(value: Any, parameters: Mapping[str, Any]) -> Any:
    """The value with each `{"$PARAMETER": name}` in it replaced, where the suite sets that name."""
    if isinstance(value, dict):
        name = value.get("$PARAMETER")
        if isinstance(name, str) and name in parameters:
            return parameters[name]
        return {key: _set(inner, parameters) for key, inner in value.items()}
    return [_set(inner, parameters) for inner in value] if isinstance(value, list) else value


def _expectation(entry: Any, where: str) -> dict[str, Any]:
    """An entry of `expectations` with its defaults filled in: kwargs, severity and the rule's name."""
    if not isinstance(entry, dict) or not isinstance(entry.get("type"), str):
        refuse(where, "names no expectation", 'Say which: "type": "expect_column_values_to_be_between"')
    check_keys(entry, RULE_KEYS, where)
    kwargs, meta = entry.get("kwargs") or {}, entry.get("meta") or {}
    if not isinstance(kwargs, dict) or not isinstance(meta, dict):
        refuse(where, "has kwargs or meta that are no objects", 'Write "kwargs": {"column": …}')
    named = meta.get("rule_id")
    rule_id = ".".join([*([",".join(judged_columns(kwargs))] if judged_columns(kwargs) else []), entry["type"]])
    where = f"{where} ({named or rule_id})"
    if named is not None and (not isinstance(named, str) or not named):
        refuse(where, f"has the rule_id {named!r}", "A rule_id is a short text")
    check_choice(severity := entry.get("severity") or "critical", get_args(Severity), "severity", where)
    for key in ("null", "unmet"):
        check_choice(meta.get(key, "fail"), get_args(Silence), f"meta.{key}", where)
    check_arguments(entry["type"], kwargs, where)
    return {**entry, "kwargs": kwargs, "severity": severity, "meta": {**meta, "rule_id": named or rule_id}}


def _rule(entry: dict[str, Any]) -> Rule:
    kwargs, meta = entry["kwargs"], entry["meta"]
    return Rule(
        rule_id=meta["rule_id"],
        type=entry["type"],
        kwargs=kwargs,
        severity=cast(Severity, entry["severity"]),
        notes=_text(entry.get("notes")),
        meta=meta,
        columns=judged_columns(kwargs),
        conditions=tuple(dict.fromkeys(conditions.columns(kwargs.get("row_condition")))),
        null=meta.get("null", "fail"),
        unmet=meta.get("unmet", "fail"),
    )


def judged_columns(kwargs: Mapping[str, Any]) -> tuple[str, ...]:
    """The columns that an expectation with these arguments judges."""
    single = [kwargs[key] for key in ("column", "column_A", "column_B") if isinstance(kwargs.get(key), str)]
    several = kwargs.get("column_list")
    return tuple(dict.fromkeys([*single, *(several if isinstance(several, list) else [])]))


def _text(notes: Any) -> str:
    """Notes as one text: great_expectations takes a list of paragraphs too."""
    return " ".join(notes) if isinstance(notes, list) else (notes or "")


def _check_names(names: list[str], where: str) -> None:
    for name, times in Counter(names).items():
        if times > 1:
            refuse(where, f"has {times} rules named {name!r}", "Give each its own meta.rule_id")
        if name == DUPLICATE:
            refuse(where, f"names a rule {name!r}, which is kept for copies of other documents", "Rename it")
