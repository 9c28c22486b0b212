"""Where a single document stands: every rule that judges documents, with its value, the limit, and the way between.

Judged again by itself, from its row of measurements. Rules that compare documents with one another (uniqueness, order,
outliers) cannot be; of these only what the whole corpus found is known: that the document breaks them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import polars as pl

from corpusqa.gating import margins
from corpusqa.gating.judging import judge
from corpusqa.gating.result import BROKEN
from corpusqa.gating.suite import Rule, Severity, Suite, parse_suite

Mark = Literal["FAIL", "WARN", "NOTE", "NEAR", "PASS"]


@dataclass(frozen=True, slots=True)
class Standing:
    """A document before one rule."""

    rule_id: str
    severity: Severity
    column: str | None
    asks: str  #: the limit in words
    sentence: str
    broken: bool
    value: float | None  #: when it is a number
    text: str | None  #: when it is none
    limit: float | None  #: the nearer of the bounds
    margin: float | None  #: how far the value lies inside it; negative outside
    relative: float | None  #: the margin as a share of the limit

    @property
    def mark(self) -> Mark:
        """What the severity makes of a broken rule, else whether it was met narrowly."""
        if self.broken:
            return BROKEN[self.severity]
        return "NEAR" if self.relative is not None and self.relative <= margins.NARROW else "PASS"


def suite_in_force(validation: Mapping[str, Any]) -> Suite:
    """The suite that a run was judged by, from its validation result: the file may have changed since, or be gone."""
    content = {
        "name": validation["suite_name"],
        "expectations": [result["expectation_config"] for result in validation["results"]],
        "suite_parameters": validation["suite_parameters"],
    }
    return parse_suite(content, "the run's suite")


def standings(document: pl.DataFrame, suite: Suite) -> tuple[Standing, ...]:
    """Where this document, a row of a run's documents, stands before the rules: broken first, then the nearest."""
    from corpusqa.gating import engine

    own = tuple(rule for rule in suite.rules if rule.type in engine.BY_ROW)
    known = {*document["failed"][0], *document["flagged"][0]}
    found = _judged(document, replace(suite, rules=own)) if own else []
    others = [rule for rule in suite.rules if rule not in own and rule.rule_id in known]
    every = [*found, *(_broken_in_company(rule) for rule in others)]
    return tuple(sorted(every, key=_rank))


def _judged(document: pl.DataFrame, suite: Suite) -> list[Standing]:
    result = judge(document, suite)
    failures = {row["rule_id"]: row for row in result.failures.to_dicts()}
    near = {row["rule_id"]: row for row in margins.standing(result.judged, suite.rules)}
    found = []
    for rule in result.rules:
        if rule.n_evaluated or rule.n_missing:
            seen = near.get(rule.rule_id) or failures.get(rule.rule_id) or {}
            found.append(_standing(rule.rule, seen, broken=rule.rule_id in failures))
    return found


def _standing(rule: Rule, seen: Mapping[str, Any], *, broken: bool) -> Standing:
    about = {"rule_id": rule.rule_id, "severity": rule.severity, "column": rule.column, "asks": rule.limit}
    values = {key: seen.get(key) for key in ("value", "text", "limit", "margin", "relative")}
    return Standing(**about, sentence=rule.sentence, broken=broken, **values)  # type: ignore[arg-type]


def _broken_in_company(rule: Rule) -> Standing:
    return _standing(rule, {}, broken=True)


def _rank(standing: Standing) -> tuple[int, float]:
    order = ("FAIL", "WARN", "NOTE", "NEAR", "PASS").index(standing.mark)
    return order, float("inf") if standing.relative is None else standing.relative
