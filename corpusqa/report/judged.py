"""The verdict and the gates: what great_expectations found, put so that it can be read in five seconds.

A rule's severity decides what its failing means: `critical` fails the corpus, `warning` warns, `info` is a note.
Whether a rule failed is great_expectations' own answer; how many documents break it is counted from the documents.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from corpusqa.report import wording
from corpusqa.report.shapes import Cause, Gate, Link, Status, Verdict
from corpusqa.report.shown import label, visible
from corpusqa.report.survey import FLAGGED, IS_COPY, REJECTED, Survey

WORST = 3  #: documents named at a gate: a row's height, and enough to see whether they have something in common
CAUSES = 3  #: reasons under the verdict: what a reader takes in before scrolling
FAILED_AS: dict[str, Status] = {"critical": "FAIL", "warning": "WARN", "info": "NOTE"}
ORDER: dict[Status, int] = {"FAIL": 0, "WARN": 1, "NOTE": 2, "PASS": 3}


@dataclass(frozen=True, slots=True)
class Rule:
    """One result of `validation.json`, its parts by name."""

    rule_id: str
    severity: str
    success: bool
    reason: str | None  #: why it could not pass whatever the limits
    expectation: str
    settings: Mapping[str, Any]  #: the expectation's own arguments
    sentence: str
    limit: str
    by_document: bool  #: whether it has an answer for each document, rather than one for the corpus
    failing: int
    passing: float | None
    needed: float | None
    observed: Any
    first: tuple[str, ...]  #: the first documents that break it, as great_expectations lists them

    @classmethod
    def of(cls, result: Mapping[str, Any]) -> Rule:
        """From an entry of `results`."""
        meta, config, found = result["meta"], result["expectation_config"], result["result"]
        return cls(
            rule_id=meta["rule_id"],
            severity=meta["severity"],
            success=result["success"],
            reason=meta["reason"],
            expectation=config["type"],
            settings=config["kwargs"],
            sentence=meta["sentence"],
            limit=meta["limit"],
            by_document=meta["level"] == "document",
            failing=meta["documents_failed"],
            passing=meta["share_passing"],
            needed=meta["share_needed"],
            observed=found.get("observed_value"),
            first=tuple(entry["doc_id"] for entry in found.get("partial_unexpected_index_list") or ()),
        )

    @property
    def column(self) -> str | None:
        """The column that the rule looks at, when it is one."""
        column = self.settings.get("column")
        return column if isinstance(column, str) else None

    @property
    def status(self) -> Status:
        """PASS, or what its failing means."""
        return "PASS" if self.success else FAILED_AS[self.severity]


def rules_of(validation: Mapping[str, Any]) -> tuple[Rule, ...]:
    """The rules in the order in which the page shows them: what failed first, what most documents break before."""
    rules = [Rule.of(result) for result in validation["results"]]
    return tuple(sorted(rules, key=lambda rule: (ORDER[rule.status], ORDER[FAILED_AS[rule.severity]], -rule.failing)))


def worst_documents(survey: Survey, rules: tuple[Rule, ...]) -> dict[str, list[str]]:
    """The ids of the few documents that break each rule worst: furthest beyond its limit, else the worst in all.

    Of a rule that none breaks, the one that came nearest to its limit.
    """
    by_document = [rule for rule in rules if rule.by_document]
    return {rule.rule_id: _worst(survey, rule) if rule.failing else _nearest(survey, rule) for rule in by_document}


def _nearest(survey: Survey, rule: Rule) -> list[str]:
    beyond = _beyond(rule)
    if beyond is None:
        return []
    own = survey.tables.documents.select("doc_id", beyond.alias("beyond")).filter(pl.col("beyond").is_finite())
    nearest = own.sort("beyond", "doc_id", descending=[True, False]).head(1)  # of equals always the same
    return nearest.collect()["doc_id"].to_list()


def _alone(survey: Survey) -> dict[str, int]:
    """For each rule the documents whose verdict hangs on it alone."""
    failed, flagged = pl.col("failed"), pl.col("flagged")
    rejects = pl.when(failed.list.len() == 1).then(failed.list.first())
    only = rejects.when((failed.list.len() == 0) & (flagged.list.len() == 1)).then(flagged.list.first())
    counted = survey.documents.lazy().select(only.alias("rule")).drop_nulls().group_by("rule").len().collect()
    return dict(counted.iter_rows())


def _worst(survey: Survey, rule: Rule) -> list[str]:
    if rule.severity == "info":  # it leaves no trace in the documents
        return list(rule.first[:WORST])
    breaking = pl.col("failed").list.contains(rule.rule_id) | pl.col("flagged").list.contains(rule.rule_id)
    found = survey.documents.lazy().filter(breaking).select("doc_id", "rank")
    beyond = _beyond(rule)
    if beyond is not None:
        values = survey.tables.documents.select("doc_id", beyond.alias("beyond"))
        found = found.join(values, on="doc_id", how="left").sort("beyond", "rank", descending=[True, False])
    else:
        found = found.sort("rank")
    return found.head(WORST).collect()["doc_id"].to_list()


def _beyond(rule: Rule) -> pl.Expr | None:
    """How far a document's value lies outside the limits; a missing value counts as furthest."""
    low, high = rule.settings.get("min_value"), rule.settings.get("max_value")
    limits = [value for value in (low, high) if isinstance(value, int | float)]
    if rule.column is None or rule.expectation != "expect_column_values_to_be_between" or not limits:
        return None
    value = pl.col(rule.column).cast(pl.Float64, strict=False)
    below = float(low) - value if isinstance(low, int | float) else None
    above = value - float(high) if isinstance(high, int | float) else None
    return pl.max_horizontal(*[side for side in (below, above) if side is not None]).fill_null(float("inf"))


def gates(
    survey: Survey, rules: tuple[Rule, ...], worst: Mapping[str, list[str]], link: Callable[[str], Link]
) -> tuple[Gate, ...]:
    """A gate for each rule."""
    alone = _alone(survey)
    return tuple(
        _gate(rule, alone.get(rule.rule_id, 0), [link(id_) for id_ in worst.get(rule.rule_id, [])]) for rule in rules
    )


def _gate(rule: Rule, alone: int, named: list[Link]) -> Gate:
    return Gate(
        rule=rule.rule_id,
        severity=rule.severity,
        status=rule.status,
        sentence=visible(rule.sentence),
        limit=visible(rule.limit),
        column=rule.column,
        passing=rule.passing,
        needed=rule.needed,
        failing=rule.failing,
        alone=alone,
        observed=None if rule.by_document or rule.observed is None else _observed(rule.observed),
        reason=rule.reason,
        expectation=rule.expectation,
        settings=tuple((key, visible(str(value))) for key, value in rule.settings.items()),
        worst=tuple(named) if rule.failing else (),
        nearest=named[0] if named and not rule.failing else None,
    )


def _observed(value: Any) -> str:
    return wording.number(value) if isinstance(value, int | float | str) else str(value)


def verdict(survey: Survey, gates: tuple[Gate, ...], kept: float | None) -> Verdict:
    """The answer. A corpus without a document, or without a rule, has not passed anything."""
    failed = sum(gate.status == "FAIL" for gate in gates)
    warned = sum(gate.status == "WARN" for gate in gates)
    counts = survey.documents.select(REJECTED.sum().alias("rejected"), FLAGGED.sum().alias("flagged")).row(0)
    judged = bool(gates) and len(survey.documents) > 0
    status: Status = "FAIL" if failed or not judged else "WARN" if warned else "PASS"
    return Verdict(
        status=status,
        headline=_headline(len(survey.documents), len(gates), failed, warned),
        sentence=_sentence(survey, int(counts[0]), int(counts[1]), kept),
        gates=len(gates),
        failed=failed,
        warned=warned,
        documents=len(survey.documents),
        rejected=int(counts[0]),
        flagged=int(counts[1]),
        kept=kept,
        causes=_causes(survey, gates),
    )


def _headline(n_documents: int, n_gates: int, failed: int, warned: int) -> str:
    if not n_documents:
        return "Not ready: there is no document to judge"
    if not n_gates:
        return "Not judged: the suite holds no rule"
    if failed:
        return f"Not ready: {failed} of {wording.count(n_gates, 'gate')} failed"
    if warned:
        return f"Usable with care: {warned} of {wording.count(n_gates, 'gate')} warned"
    return f"Passed: {'the one gate holds' if n_gates == 1 else f'all {n_gates} gates hold'}"


def _sentence(survey: Survey, rejected: int, flagged: int, kept: float | None) -> str:
    n_documents = len(survey.documents)
    if not n_documents:
        return "An empty corpus passes nothing. Look at the rejected records and at the files that were not read."
    whole = wording.count(n_documents, "document")
    fate = f"Of {whole}, {wording.count(rejected)} ({wording.share(rejected / n_documents)}) would be rejected"
    copies = int(survey.documents.select(IS_COPY.sum()).item())
    as_copies = f", {wording.count(copies)} of them as copies of another," if copies else ""
    return f"{fate}{as_copies} and {wording.count(flagged)} flagged. Curating keeps {wording.share(kept)} of the words."


def _causes(survey: Survey, gates: tuple[Gate, ...]) -> tuple[Cause, ...]:
    """The rules that did not hold, else those that documents break: of the corpus first, then what most break."""
    unmet = [gate for gate in gates if gate.status in ("FAIL", "WARN")]
    broken = [gate for gate in unmet or gates if gate.failing or gate.status != "PASS"]
    broken.sort(key=lambda gate: (ORDER[gate.status], gate.observed is None, -gate.failing))
    return tuple(_cause(survey, gate) for gate in broken[:CAUSES])


def _cause(survey: Survey, gate: Gate) -> Cause:
    several = gate.failing > 1 and gate.severity != "info"
    site, site_share = _worst_site(survey, gate.rule) if several else (None, None)
    documents = gate.failing if gate.observed is None else None
    return Cause(documents, gate.observed, gate.sentence, gate.limit, gate.rule, site, site_share)


def _worst_site(survey: Survey, rule: str) -> tuple[str | None, float | None]:
    """The site with most documents that break the rule, and the share of its documents that do; none of one site."""
    breaking = pl.col("failed").list.contains(rule) | pl.col("flagged").list.contains(rule)
    by_site = survey.documents.group_by("site").agg(breaking.sum().alias("n"), breaking.mean().alias("share"))
    if len(by_site) < 2:
        return None, None
    first = by_site.drop_nulls("site").sort("n", "share", "site", descending=[True, True, False]).head(1)
    return (label(first["site"][0]), first["share"][0]) if len(first) else (None, None)
