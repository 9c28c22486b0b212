"""Is it good enough? Measurements held against a suite: a verdict with every reason for each document.

    suite      a file of expectations, read and checked before anything runs
    engine     great_expectations: which documents break which rule
    judging    documents and a suite in, a result out
    result     how each rule did, the documents' verdicts, what is accepted
    failures   each document with each rule that it breaks, and by how much
    margins    how near each document came to a limit, from either side
    overlaps   which rules fire together, and what hangs on one alone
    standing   one document before every rule
    curves     what other limits would keep; linting: what is wrong with a suite; suggesting: limits proposed
    formats    the result for people, programs and pipelines; summary the one in Markdown

Importing this loads polars, not great_expectations: that takes seconds, and comes when a suite is loaded.
"""

from corpusqa.gating.judging import check_columns, gate, judge
from corpusqa.gating.result import FailOn, Result, RuleResult
from corpusqa.gating.standing import Standing, standings, suite_in_force
from corpusqa.gating.suite import Rule, Suite, load_suite, parse_suite, shipped_columns, shipped_suites

__all__ = [
    "FailOn",
    "Result",
    "Rule",
    "RuleResult",
    "Standing",
    "Suite",
    "check_columns",
    "gate",
    "judge",
    "load_suite",
    "parse_suite",
    "shipped_columns",
    "shipped_suites",
    "standings",
    "suite_in_force",
]
