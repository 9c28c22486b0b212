"""Limits proposed: from the corpus as it is, or from documents that somebody has judged.

From the corpus, a limit is drawn where the outliers begin: at the quantile that leaves out a small share of the
documents, or at Tukey's outer fence (the quartile and three interquartile ranges; Exploratory Data Analysis, 1977),
whichever is further out, so that no rule costs more than that share. Such a suite says "the next batch must be like
this one", not "this one is good".

From labels, a limit is drawn where it best tells bad from good: by Youden's J (the share of the bad that it rejects
less the share of the good) or by F1. A limit chosen on the very documents that it is judged by looks better than it
is; so each is also chosen on four fifths of the labels and tried on the last, in turn, and by that a rule is kept.
Then rules are taken one by one while what they reject together gets better.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from corpusqa.errors import NoDocuments
from corpusqa.gating import thresholds
from corpusqa.gating.curves import Side
from corpusqa.gating.labels import Labels
from corpusqa.gating.limits import BETWEEN, number
from corpusqa.gating.suite import Severity, load_suite, shipped_suites
from corpusqa.gating.thresholds import Aim
from corpusqa.metrics import METRICS
from corpusqa.run import Run

#: Share of the documents that a limit from the corpus may leave out. Some thirty rules add up: at 0.005 they would
#: reject 7 in 100 of 15,420 real articles, at 0.001 fewer than 2.
REJECT = 0.001
ALIKE = 0.8  #: Jaccard of what two rules reject, from which the second is left out
LEAST = 0.1  #: Youden's J on labels not used to choose, below which a metric tells nothing
GAIN = 0.01  #: what a further rule has to add to the score of all together
MOST = 8  #: rules from labels; more fit the accidents of a few dozen labels
EXAMPLES = 3
#: What curating repairs is flagged, not rejected.
REPAIRED = ("repeat", "boilerplate", "residue")


@dataclass(frozen=True, slots=True)
class Fit:
    """How a rule from labels did on them."""

    caught: int  #: bad documents that it rejects
    n_bad: int
    lost: int  #: good documents that it rejects
    n_good: int
    youden: float  #: on the documents that it was chosen by
    f1: float
    tested: float  #: Youden's J on documents that it was not chosen by


@dataclass(frozen=True, slots=True)
class Proposal:
    """A rule proposed, and what it would reject."""

    column: str
    side: Side
    limit: float
    severity: Severity
    documents: int  #: that it would reject
    words: int | None
    alone: int  #: of these, rejected by no other proposal
    n_documents: int
    examples: tuple[tuple[str, float | None], ...]  #: doc_id and value: the nearest to the limit, then the furthest
    fit: Fit | None

    @property
    def rule_id(self) -> str:
        """The metric, and which end of it where both might be limited."""
        return f"{self.column}-{'low' if self.side == 'min_value' else 'high'}".replace("_", "-")

    @property
    def asks(self) -> str:
        """The limit in words."""
        return f"at {'least' if self.side == 'min_value' else 'most'} {number(self.limit)}"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Rules proposed for a corpus."""

    proposals: tuple[Proposal, ...]
    n_documents: int
    rejected: int  #: documents that a critical proposal rejects
    words: float | None  #: share of the words in these
    flagged: int  #: documents that only a warning is raised about
    fit: Fit | None  #: of all together on the labels
    origin: str  #: where the limits come from, in a few words

    def suite(self, name: str) -> dict[str, Any]:
        """The proposals as a suite, in great_expectations' own format."""
        return {
            "name": name,
            "expectations": [_expectation(one, self.origin) for one in self.proposals],
            "notes": f"Proposed by corpusqa from {self.origin}. Say of each rule what it is for before it decides.",
        }


def suggest(
    run: Run,
    metrics: Iterable[str] | None = None,
    *,
    labels: Labels | None = None,
    reject: float = REJECT,
    aim: Aim = "youden",
) -> Suggestion:
    """Propose a suite for this run: from its own distributions, or from labels.

    `metrics` are those to look at: by default those that corpusqa's own suites limit, and with labels all that the run
    has computed. Raises NoDocuments for a run without any.
    """
    schema = run.documents.collect_schema()
    numeric = [name for name in METRICS if name in schema and schema[name].is_numeric()]
    wanted = list(metrics) if metrics is not None else (numeric if labels is not None else _of_suites())
    looked_at = [name for name in numeric if name in wanted]
    frame = run.documents.select("doc_id", *dict.fromkeys([*looked_at, *(["n_words"] if "n_words" in schema else [])]))
    corpus, name = _Corpus(frame.collect(), looked_at), run.path.resolve().name
    if labels is None:
        chosen = _from_corpus(corpus, reject)
        origin = f"{corpus.n:,} documents of the run {name!r}, of which a limit leaves out {100 * reject:g} % at most"
        return _suggestion(corpus, chosen, origin, None)
    chosen = _from_labels(corpus, labels, aim)
    n_bad = int(labels.bad.sum())
    origin = f"{len(labels.rows) - n_bad:,} good and {n_bad:,} bad documents of the run {name!r}"
    return _suggestion(corpus, chosen, origin, labels)


@dataclass(frozen=True, slots=True, eq=False)
class _Limit:
    column: str
    side: Side
    limit: float
    rejects: NDArray[np.bool_]  #: (n,) over all documents; without a value counts as rejected
    fit: Fit | None = None


class _Corpus:
    """The numbers of a run's documents."""

    def __init__(self, frame: pl.DataFrame, columns: Sequence[str]) -> None:
        if frame.is_empty():
            raise NoDocuments("The run has no documents, and nothing to take a limit from. Audit some first.")
        self.ids, self.n, self.columns = frame["doc_id"], len(frame), columns
        self.words = frame["n_words"].fill_null(0).to_numpy() if "n_words" in frame.columns else None
        self._frame = frame

    def values(self, column: str) -> NDArray[np.float64]:
        """(n,) float64, NaN for a missing value."""
        return self._frame[column].cast(pl.Float64).fill_null(float("nan")).to_numpy()

    def limit(self, column: str, side: Side, limit: float) -> _Limit:
        """The limit, and what it rejects."""
        return _Limit(column, side, limit, thresholds.rejects(self.values(column), side, limit))


def _of_suites() -> list[str]:
    """The metrics on which a shipped suite sets limits for documents."""
    rules = [rule for name in shipped_suites() for rule in load_suite(name).rules if rule.type == BETWEEN]
    return list(dict.fromkeys(rule.column for rule in rules if rule.column))


def _sides(column: str) -> tuple[Side, ...]:
    better: dict[str, tuple[Side, ...]] = {"lower": ("max_value",), "higher": ("min_value",)}
    return better.get(METRICS[column].better, ("min_value", "max_value"))


def _from_corpus(corpus: _Corpus, reject: float) -> list[_Limit]:
    found: list[_Limit] = []
    for column in corpus.columns:
        for side in _sides(column):
            limit = thresholds.outer(corpus.values(column), side, reject)
            if limit is not None and not _meaningless(column, side, limit):
                made = corpus.limit(column, side, limit)
                if not any(_alike(made, other, corpus) for other in found):
                    found.append(made)
    return found


def _meaningless(column: str, side: Side, limit: float) -> bool:
    """Whether the limit lies where no value of the metric can be beyond it."""
    share = METRICS[column].unit.startswith("share")
    return limit <= 0 if side == "min_value" else share and limit >= 1


def _alike(one: _Limit, other: _Limit, corpus: _Corpus) -> bool:
    """Whether two limits reject nearly the same documents, or measure the same."""
    either = int((one.rejects | other.rejects).sum())
    if either:
        return int((one.rejects & other.rejects).sum()) / either >= ALIKE
    same = one.side == other.side and np.array_equal(
        corpus.values(one.column), corpus.values(other.column), equal_nan=True
    )
    return bool(same)


def _from_labels(corpus: _Corpus, labels: Labels, aim: Aim) -> list[_Limit]:
    """The limits that together tell bad from good best, each one tried on labels that it was not chosen by."""
    candidates = []
    for column in corpus.columns:
        values = corpus.values(column)[labels.rows]
        for side in _sides(column):
            limit = thresholds.best(values, labels.bad, side, aim)
            if limit is None:
                continue
            tested = thresholds.tested(values, labels.bad, side, aim)
            if tested >= LEAST:
                made = corpus.limit(column, side, limit)
                candidates.append(replace(made, fit=_fit(made.rejects[labels.rows], labels.bad, tested)))
    return _taken(candidates, labels, aim)


def _fit(rejected: NDArray[np.bool_], bad: NDArray[np.bool_], tested: float) -> Fit:
    caught, lost = int((rejected & bad).sum()), int((rejected & ~bad).sum())
    youden, f1 = thresholds.score(rejected, bad, "youden"), thresholds.score(rejected, bad, "f1")
    return Fit(caught, int(bad.sum()), lost, int((~bad).sum()), youden, f1, tested)


def _taken(candidates: Sequence[_Limit], labels: Labels, aim: Aim) -> list[_Limit]:
    """One rule after the other, each time the one that makes all together best, while it gets better."""
    taken: list[_Limit] = []
    rejected, best = np.zeros(len(labels.rows), np.bool_), 0.0
    while len(taken) < MOST:
        left = [one for one in candidates if one not in taken]
        scores = [thresholds.score(rejected | one.rejects[labels.rows], labels.bad, aim) for one in left]
        if not scores or max(scores) < best + GAIN:
            break
        best = max(scores)
        taken.append(left[int(np.argmax(scores))])
        rejected |= taken[-1].rejects[labels.rows]
    return taken


def _suggestion(corpus: _Corpus, chosen: Sequence[_Limit], origin: str, labels: Labels | None) -> Suggestion:
    none = np.zeros((1, corpus.n), np.bool_)
    times = np.sum([none[0], *(one.rejects for one in chosen)], axis=0)
    severities = [_severity(one.column, labeled=labels is not None) for one in chosen]
    proposals = tuple(_proposal(corpus, *each, times) for each in zip(chosen, severities, strict=True))
    critical = [one.rejects for one, severity in zip(chosen, severities, strict=True) if severity == "critical"]
    rejected = np.any([*none, *critical], axis=0)
    return Suggestion(
        proposals,
        n_documents=corpus.n,
        rejected=int(rejected.sum()),
        words=None if corpus.words is None else _share(corpus.words, rejected),
        flagged=int(((times > 0) & ~rejected).sum()),
        fit=None if labels is None else _fit(times[labels.rows] > 0, labels.bad, float("nan")),
        origin=origin,
    )


def _share(words: NDArray[np.int64], which: NDArray[np.bool_]) -> float:
    return float(words[which].sum() / words.sum()) if words.sum() else 0.0


def _severity(column: str, *, labeled: bool) -> Severity:
    return "warning" if METRICS[column].family in REPAIRED and not labeled else "critical"


def _proposal(corpus: _Corpus, one: _Limit, severity: Severity, times: NDArray[np.int64]) -> Proposal:
    return Proposal(
        column=one.column,
        side=one.side,
        limit=one.limit,
        severity=severity,
        documents=int(one.rejects.sum()),
        words=None if corpus.words is None else int(corpus.words[one.rejects].sum()),
        alone=int((one.rejects & (times == 1)).sum()),
        n_documents=corpus.n,
        examples=_examples(corpus, one),
        fit=one.fit,
    )


def _examples(corpus: _Corpus, one: _Limit) -> tuple[tuple[str, float | None], ...]:
    """The documents nearest beyond the limit, and the furthest."""
    values = corpus.values(one.column)
    rows = np.flatnonzero(one.rejects)
    ordered = rows[np.argsort(np.abs(values[rows] - one.limit), kind="stable")]
    shown = dict.fromkeys([*ordered[: EXAMPLES - 1].tolist(), *ordered[-1:].tolist()])
    return tuple((corpus.ids[row], None if np.isnan(values[row]) else float(values[row])) for row in shown)


def _expectation(one: Proposal, origin: str) -> dict[str, Any]:
    share = one.documents / one.n_documents
    meaning = METRICS[one.column].meaning.rstrip(".")
    said = f"{one.column} is {one.asks}. {meaning}. Here {one.documents:,} of {one.n_documents:,} documents lie beyond."
    return {
        "type": BETWEEN,
        "kwargs": {"column": one.column, one.side: one.limit, "mostly": _mostly(share)},
        "severity": one.severity,
        "meta": {"rule_id": one.rule_id, "origin": f"Proposed by corpusqa from {origin}."},
        "notes": said,
    }


def _mostly(share: float) -> float:
    """Twice as many may break the rule as do today, and one in a hundred more."""
    return max(0.0, int((1 - 2 * share - 0.01) * 100 + 1e-9) / 100)
