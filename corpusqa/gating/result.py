"""What a gate found: how each rule did, a verdict for each document, and everything that follows from the two.

A rule that judges documents rejects (critical), flags (warning) or notes (info) every document that breaks it; its
`mostly` says which share has to pass for the rule itself to pass, and only rules decide whether the gate does. A
document that is a copy of another is rejected by the rule `duplicate`, whatever the suite.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from corpusqa.errors import GATE_FAILED, OK, UNUSABLE, GateFailed, UnusableSuite
from corpusqa.gating import margins, overlaps
from corpusqa.gating.failures import failures_of
from corpusqa.gating.suite import DUPLICATE, Rule, Severity, Suite

FailOn = Literal["critical", "warning"]
Status = Literal["FAIL", "WARN", "NOTE", "PASS"]
#: What a rule that did not pass is called, by its severity.
BROKEN: dict[Severity, Status] = {"critical": "FAIL", "warning": "WARN", "info": "NOTE"}


@dataclass(frozen=True, slots=True, eq=False)
class RuleResult:
    """How the corpus did against one rule."""

    rule: Rule
    success: bool
    by_document: bool  #: whether it judges documents, or the corpus as a whole
    n_evaluated: int  #: documents that it judged; of a rule on the corpus, documents with a value
    n_failed: int  #: documents that break it; 0 for a rule on the corpus
    n_missing: int  #: documents to which it applies that have no value
    needed: float | None  #: share of documents that has to pass
    observed: Any  #: of a rule on the corpus: the value found
    reason: str | None  #: why it could not pass whatever the limits: there was nothing to judge
    details: Mapping[str, Any]  #: great_expectations' own account of a rule on the corpus
    rows: NDArray[np.int64] = field(repr=False)  #: the rows of the documents that break it

    @property
    def rule_id(self) -> str:
        """The rule's name."""
        return self.rule.rule_id

    @property
    def sentence(self) -> str:
        """The rule in one sentence."""
        return self.rule.sentence

    @property
    def severity(self) -> Severity:
        """What breaking it does."""
        return self.rule.severity

    @property
    def column(self) -> str | None:
        """What it judges."""
        return self.rule.column

    @property
    def type(self) -> str:
        """The name of the expectation."""
        return self.rule.type

    @property
    def kwargs(self) -> Mapping[str, Any]:
        """The arguments of the expectation."""
        return self.rule.kwargs

    @property
    def passing(self) -> float | None:
        """Share of the judged documents that pass; null for a rule on the corpus, and when none was judged."""
        if not self.by_document or not self.n_evaluated:
            return None
        return (self.n_evaluated - self.n_failed) / self.n_evaluated

    @property
    def status(self) -> Status:
        """PASS, or what its severity makes of not passing."""
        return "PASS" if self.success else BROKEN[self.severity]


@dataclass(frozen=True, eq=False)
class Result:
    """How a corpus did against a suite. Frames are in the order of the documents given."""

    suite: Suite
    rules: tuple[RuleResult, ...]
    corpus: str  #: what to call it
    judged: pl.DataFrame = field(repr=False)  #: doc_id, the copies, and the columns that the suite needs
    given: pl.LazyFrame = field(repr=False)  #: the documents with all their columns

    @property
    def passed(self) -> bool:
        """Whether every critical rule passed."""
        return self.passed_at("critical")

    def passed_at(self, fail_on: FailOn) -> bool:
        """Whether every rule of this severity or above passed, and every rule had something to judge."""
        return self.exit_code(fail_on) == OK

    def exit_code(self, fail_on: FailOn = "critical") -> int:
        """0 passed, 1 failed, 2 when a rule found nothing to judge: that is no pass, and no failure of the corpus."""
        if any(rule.reason for rule in self.rules):
            return UNUSABLE
        return GATE_FAILED if self.broken_at(fail_on) else OK

    def or_raise(self, fail_on: FailOn = "critical") -> Result:
        """The result itself when it passed, else an exception: what a step of a pipeline calls.

        Raises GateFailed with the verdict and the rules, UnusableSuite when a rule found nothing to judge.
        """
        from corpusqa.gating.wording import verdict_line

        if code := self.exit_code(fail_on):
            said = f"{self.corpus}, judged by {self.suite.name}. {verdict_line(self, fail_on)}"
            if code == UNUSABLE:
                raise UnusableSuite(f"{said} Give it documents that it can judge, or let the rules pass without.")
            rules = ", ".join(rule.rule_id for rule in self.broken_at(fail_on))
            raise GateFailed(f"{said} Failed: {rules}. See .failures for each document's reasons.")
        return self

    def broken_at(self, fail_on: FailOn) -> tuple[RuleResult, ...]:
        """The rules that fail the gate when it fails on this severity."""
        fatal = ("critical", "warning") if fail_on == "warning" else ("critical",)
        return tuple(rule for rule in self.rules if not rule.success and rule.severity in fatal)

    @cached_property
    def documents(self) -> pl.DataFrame:
        """`doc_id`, `verdict` (accept, flag, reject), `failed` and `flagged`: rule ids in the order of the suite."""
        failed = self._lists("failed", [*self._breaking("critical"), (DUPLICATE, self.copy_rows)])
        flagged = self._lists("flagged", self._breaking("warning"))
        verdict = (
            pl.when(pl.col("failed").list.len() > 0)
            .then(pl.lit("reject"))
            .when(pl.col("flagged").list.len() > 0)
            .then(pl.lit("flag"))
            .otherwise(pl.lit("accept"))
        )
        frame = self.judged.select("doc_id").with_columns(failed, flagged)
        return frame.select("doc_id", verdict.alias("verdict"), "failed", "flagged")

    @cached_property
    def failures(self) -> pl.DataFrame:
        """A row for each document and rule that it breaks: see `corpusqa.gating.failures`."""
        return failures_of(self.judged, [(rule.rule, rule.rows) for rule in self.rules], self.copy_rows)

    @cached_property
    def patterns(self) -> pl.DataFrame:
        """Each set of rules that documents break, and how many do: see `corpusqa.gating.overlaps`."""
        return overlaps.patterns(self)

    @cached_property
    def together(self) -> pl.DataFrame:
        """Each two rules that fire together, the most alike first: see `corpusqa.gating.overlaps`."""
        return overlaps.together(self)

    @cached_property
    def by_rule(self) -> pl.DataFrame:
        """What each rule rejects or flags, and what hangs on it alone: see `corpusqa.gating.overlaps`."""
        return overlaps.by_rule(self)

    def narrow(self, n: int = margins.NEAREST) -> pl.DataFrame:
        """For each rule the documents nearest to its limit on either side: see `corpusqa.gating.margins`."""
        return margins.narrow(self, n)

    def borderline(self, n: int = margins.NEAREST) -> pl.DataFrame:
        """The documents that were accepted or rejected most narrowly: see `corpusqa.gating.margins`."""
        return margins.borderline(self, n)

    @property
    def accepted(self) -> pl.DataFrame:
        """The documents to keep, flagged ones among them, with all columns given and their verdict."""
        return self._where(pl.col("verdict") != "reject")

    @property
    def flagged(self) -> pl.DataFrame:
        """The documents to keep that break a warning rule."""
        return self._where(pl.col("verdict") == "flag")

    @property
    def rejected(self) -> pl.DataFrame:
        """The documents that break a critical rule, or are copies."""
        return self._where(pl.col("verdict") == "reject")

    def counts(self) -> dict[str, int]:
        """Documents that break each rule, in the order of the suite, and last how many are copies."""
        by_rule = {rule.rule_id: rule.n_failed for rule in self.rules if rule.by_document}
        return {**by_rule, **({DUPLICATE: len(self.copy_rows)} if "duplicate_of" in self.judged.columns else {})}

    @cached_property
    def verdicts(self) -> dict[str, int]:
        """How many documents have each verdict."""
        found = self.documents["verdict"].value_counts()
        return {"accept": 0, "flag": 0, "reject": 0, **dict(found.iter_rows())}

    def to_validation_json(self, fail_on: FailOn = "critical") -> dict[str, Any]:
        """The result in great_expectations' own shape, ready for `json.dumps`: see `corpusqa.gating.validation`."""
        from corpusqa.gating.validation import validation_json

        return validation_json(self, fail_on)

    def _where(self, condition: pl.Expr) -> pl.DataFrame:
        verdicts = self.documents.drop("doc_id").lazy()
        own = [name for name in self.given.collect_schema().names() if name not in ("verdict", "failed", "flagged")]
        return pl.concat([self.given.select(own), verdicts], how="horizontal").filter(condition).collect()

    def _breaking(self, severity: Severity) -> list[tuple[str, NDArray[np.int64]]]:
        return [(rule.rule_id, rule.rows) for rule in self.rules if rule.severity == severity and rule.n_failed]

    @cached_property
    def copy_rows(self) -> NDArray[np.int64]:
        """The rows of the documents that are copies of others."""
        if "duplicate_of" not in self.judged.columns:
            return np.empty(0, np.int64)
        return self.judged["duplicate_of"].is_not_null().arg_true().to_numpy().astype(np.int64)

    def _lists(self, name: str, broken: Iterable[tuple[str, NDArray[np.int64]]]) -> pl.Series:
        """For each document the rules whose rows hold it, in the order in which the rules are given."""
        rules = list(broken)
        which = np.repeat(np.arange(len(rules)), [len(rows) for _, rows in rules])
        row = np.concatenate([np.empty(0, np.int64), *(rows for _, rows in rules)])
        ordered = which[np.argsort(row, kind="stable")]
        names = pl.Series([rule_id for rule_id, _ in rules], dtype=pl.String)
        inner = names.gather(pl.Series(ordered, dtype=pl.UInt32))
        return _split(inner, np.bincount(row, minlength=len(self.judged))).alias(name)


def _split(values: pl.Series, sizes: NDArray[np.int64]) -> pl.Series:
    """The values as lists of these sizes, one after the other."""
    import pyarrow as pa

    offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
    inner = values.to_arrow(compat_level=pl.CompatLevel.oldest())
    return pl.Series(values=pa.LargeListArray.from_arrays(pa.array(offsets), inner), dtype=pl.List(pl.String))
