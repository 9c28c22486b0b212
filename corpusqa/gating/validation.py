"""A result in the shape of great_expectations' own validation results: what `validation.json` and `--format json` hold.

What reads those files reads this one. The counts are those of the whole corpus; `partial_unexpected_index_list` names
the first documents that break a rule. In each result's `meta` stands what great_expectations has no place for (how
many documents the rule judged and failed, its level and its sentence), in the whole's `meta` the verdicts. Unlike
great_expectations' own, `success` of the whole heeds severity: it is whether the gate passed.
"""

from __future__ import annotations

import math
from importlib.metadata import version
from typing import Any

import polars as pl

from corpusqa.gating.result import FailOn, Result, RuleResult

SCHEMA = 1  #: raised when a reader of today could not read what is written tomorrow
PARTIAL = 20  #: documents named for each rule, as many as great_expectations shows itself


def validation_json(result: Result, fail_on: FailOn) -> dict[str, Any]:
    """The result as a dictionary of plain JSON values, the same for the same documents and suite."""
    passed = sum(rule.success for rule in result.rules)
    return {
        "success": result.passed_at(fail_on),
        "results": [_rule_json(rule, result.judged) for rule in result.rules],
        "suite_name": result.suite.name,
        "suite_parameters": dict(result.suite.parameters),
        "statistics": {
            "evaluated_expectations": len(result.rules),
            "successful_expectations": passed,
            "unsuccessful_expectations": len(result.rules) - passed,
            "success_percent": 100 * passed / len(result.rules),
        },
        "meta": {
            "great_expectations_version": version("great_expectations"),
            "corpusqa": {
                "schema": SCHEMA,
                "fail_on": fail_on,
                "documents": {"all": len(result.judged), **result.verdicts},
                "failed": result.counts(),
            },
        },
    }


def _rule_json(rule: RuleResult, judged: pl.DataFrame) -> dict[str, Any]:
    return {
        "success": rule.success,
        "expectation_config": rule.rule.expectation,
        "result": _document_counts(rule, judged) if rule.by_document else plain(dict(rule.details)),
        "meta": {
            "rule_id": rule.rule_id,
            "severity": rule.severity,
            "level": "document" if rule.by_document else "corpus",
            "sentence": rule.sentence,
            "limit": rule.rule.limit,
            "documents_judged": rule.n_evaluated,
            "documents_failed": rule.n_failed,
            "documents_without_value": rule.n_missing,
            "share_passing": rule.passing,
            "share_needed": rule.needed,
            "reason": rule.reason,
        },
        "exception_info": {"raised_exception": False, "exception_traceback": None, "exception_message": None},
    }


def _document_counts(rule: RuleResult, judged: pl.DataFrame) -> dict[str, Any]:
    """The counts of a map expectation, over all chunks; a null that fails is counted as missing and as unexpected."""
    n_all = rule.n_evaluated if rule.rule.counts_nulls else rule.n_evaluated + rule.n_missing
    first = judged[rule.rows[:PARTIAL]]
    named = first.select(list(dict.fromkeys(["doc_id", *rule.rule.columns])))
    values = first.select(rule.rule.columns).rows() if len(rule.rule.columns) > 1 else first[rule.rule.columns[0]]
    return {
        "element_count": n_all,
        "unexpected_count": rule.n_failed,
        "unexpected_percent": _percent(rule.n_failed, rule.n_evaluated),
        "partial_unexpected_list": plain(list(values)),
        "unexpected_index_column_names": ["doc_id"],
        "missing_count": rule.n_missing,
        "missing_percent": _percent(rule.n_missing, n_all),
        "unexpected_percent_total": _percent(rule.n_failed, n_all),
        "unexpected_percent_nonmissing": _percent(rule.n_failed, rule.n_evaluated),
        "partial_unexpected_index_list": plain(list(named.iter_rows(named=True))),
    }


def _percent(part: int, whole: int) -> float | None:
    return 100 * part / whole if whole else None


def plain(value: Any) -> Any:
    """The value as JSON can hold it: numbers of numpy as Python's, NaN and infinity as null, dates as texts."""
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(inner) for inner in value]
    if hasattr(value, "tolist"):  # of numpy, a number or an array
        return plain(value.tolist())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if value is None or isinstance(value, str | int | bool) else str(value)
