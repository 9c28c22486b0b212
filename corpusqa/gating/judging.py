"""Documents and a suite in, a result out: what the tallies of great_expectations come to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from corpusqa.errors import NoDocuments, UnusableInput, UnusableSuite
from corpusqa.gating.arguments import check_values
from corpusqa.gating.result import Result, RuleResult
from corpusqa.gating.suite import Rule, Suite, load_suite, parse_suite

if TYPE_CHECKING:
    import pandas as pd

    from corpusqa.gating.engine import Tally
    from corpusqa.run import Run

TO_EXIST = "expect_column_to_exist"  #: the one rule whose column may be missing: that is what it asks
#: Columns of a run that the result reads whatever the suite.
OWN = ("doc_id", "duplicate_of", "similarity", "n_words")


def gate(
    run_or_frame: Run | str | Path | pl.DataFrame | pl.LazyFrame | pd.DataFrame,
    suite: Suite | str | Path | Mapping[str, Any] = "news",
) -> Result:
    """Hold a run, or any frame of polars or pandas with `doc_id` and metrics, against a suite.

    The suite is a shipped one's name, a file, or its content as a dictionary. Raises UnusableRun for a folder that is
    no run, UnusableInput for what is neither run nor frame, UnknownName and UnusableSuite for a suite that cannot be
    used on these documents, NoDocuments when there are none.
    """
    from corpusqa.run import Run

    loaded = _suite(suite)
    if isinstance(run_or_frame, Run | str | Path):
        run = Run.of(run_or_frame)
        return judge(run.documents, loaded, corpus=run.path.resolve().name)
    return judge(_frame(run_or_frame), loaded)


def _suite(suite: object) -> Suite:
    if isinstance(suite, Suite):
        return suite
    if isinstance(suite, Mapping):
        return parse_suite(suite)
    if isinstance(suite, str | Path):
        return load_suite(suite)
    raise UnusableSuite(f"{suite!r} is no suite. Give a shipped one's name, the path of a .json file, or its content.")


def _frame(given: object) -> pl.LazyFrame:
    """The documents as polars has them. Of pandas also the index, where that is what holds the ids."""
    if isinstance(given, pl.DataFrame | pl.LazyFrame):
        return given.lazy()
    if type(given).__module__.partition(".")[0] == "pandas":  # nobody has such a frame without having loaded pandas
        import pandas as pd

        if isinstance(given, pd.DataFrame):
            return _of_pandas(given.reset_index() if given.index.name == "doc_id" else given)
    raise UnusableInput(
        f"{type(given).__name__} is neither a run nor documents. "
        "Give a run, its folder, or a frame of polars or pandas with a column doc_id."
    )


def _of_pandas(frame: pd.DataFrame) -> pl.LazyFrame:
    try:
        return pl.from_pandas(frame).lazy()
    except (ValueError, TypeError, pl.exceptions.PolarsError, pa.ArrowException) as refused:
        raise UnusableInput(
            f"The pandas frame cannot be read: {refused}. Give each column one name and values of one kind."
        ) from None


def judge(
    documents: pl.DataFrame | pl.LazyFrame | pd.DataFrame,
    suite: Suite | str | Path | Mapping[str, Any],
    *,
    corpus: str = "corpus",
) -> Result:
    """Hold documents, a row each with `doc_id` and their metrics, against a suite. `corpus` is what reports call them.

    Of a lazy frame only the columns that the suite needs are read. Raises as `gate` does.
    """
    suite, given = _suite(suite), _frame(documents)
    schema = given.collect_schema()
    names = schema.names()
    if "doc_id" not in names:
        found = f"only {', '.join(map(repr, names))}" if names else "and no other"
        raise UnusableInput(f"The documents have no column 'doc_id', {found}. Name each document in one.")
    check_columns(suite, names)
    for rule in suite.rules:
        if rule.column is not None and rule.column in schema:
            check_values(rule.type, rule.kwargs, schema[rule.column], f"{suite.where}, rule {rule.rule_id!r}")
    judged = given.select([name for name in dict.fromkeys((*OWN, *suite.columns)) if name in names]).collect()
    if judged.is_empty():
        raise NoDocuments("There is no document to judge, and nothing that could pass. Give at least one.")

    from corpusqa.gating import engine

    tallies = engine.evaluate(judged, suite, names)
    rules = tuple(_ruled(rule, tally, len(judged)) for rule, tally in zip(suite.rules, tallies, strict=True))
    return Result(suite, rules, corpus, judged, given)


def check_columns(suite: Suite, names: Sequence[str]) -> None:
    """Raise UnusableSuite for a rule on a column that documents with these columns do not have.

    An audit asks before it reads: a misspelt metric is then said at once, and not after an hour.
    """
    for rule in suite.rules:
        for name in (*(rule.columns if rule.type != TO_EXIST else ()), *rule.conditions):
            if name not in names:
                raise UnusableSuite(
                    f"{suite.where}, rule {rule.rule_id!r} needs {name!r}, which the documents do not have. "
                    + _where_to_get(name, names)
                )


def _where_to_get(name: str, names: Sequence[str]) -> str:
    """The option that computes the metric, or the name that was meant."""
    from corpusqa.metrics import METRICS

    if name in METRICS:
        return "It is a metric that this run did not compute: audit again with --metrics all, or with this suite."
    close = get_close_matches(name, sorted({*names, *METRICS}), n=1)
    return f"Did you mean {close[0]!r}?" if close else f"They have: {', '.join(sorted(names))}."


def _ruled(rule: Rule, tally: Tally, n_documents: int) -> RuleResult:
    nulls = _union(tally.nulls)
    return _on_corpus(rule, tally, nulls, n_documents) if tally.outcome is not None else _by_row(rule, tally, nulls)


def _on_corpus(rule: Rule, tally: Tally, nulls: NDArray[np.int64], n_documents: int) -> RuleResult:
    """A rule that judges the corpus: great_expectations decided, unless there was nothing to look at."""
    outcome = dict(tally.outcome or {})
    n_rows = tally.n_rows if tally.n_rows is not None else n_documents
    reason = _nothing(rule, n_rows, n_rows - len(nulls))
    return RuleResult(
        rule=rule,
        success=bool(outcome.pop("success")) and reason is None,
        by_document=False,
        n_evaluated=n_rows - len(nulls),
        n_failed=0,
        n_missing=len(nulls),
        needed=None,
        observed=outcome.get("observed_value"),
        reason=reason,
        details=outcome,
        rows=np.empty(0, np.int64),
    )


def _by_row(rule: Rule, tally: Tally, nulls: NDArray[np.int64]) -> RuleResult:
    """A rule that judges documents: by the sums over all chunks, nulls counted as the rule says."""
    counted = nulls if rule.counts_nulls else nulls[:0]
    rows = _union([*tally.broken, counted])
    n_rows = tally.n_rows or 0
    n_missing = max(len(counted), tally.n_skipped)
    n_evaluated = n_rows if rule.counts_nulls else n_rows - tally.n_skipped
    reason = _nothing(rule, n_rows, n_rows - n_missing)
    met = n_evaluated > 0 and (n_evaluated - len(rows)) / n_evaluated >= tally.needed
    return RuleResult(
        rule=rule,
        success=(met or (n_rows == 0 and rule.unmet == "pass")) and reason is None,
        by_document=True,
        n_evaluated=n_evaluated,
        n_failed=len(rows),
        n_missing=n_missing,
        needed=tally.needed,
        observed=None,
        reason=reason,
        details={},
        rows=rows,
    )


def _nothing(rule: Rule, n_rows: int, n_values: int) -> str | None:
    """Why the rule has nothing to judge; null when it has, or when the suite lets that pass."""
    if n_rows == 0:
        return None if rule.unmet == "pass" else "no document meets its row_condition"
    return None if n_values else f"no document has a value for {rule.column}"


def _union(parts: list[NDArray[np.int64]]) -> NDArray[np.int64]:
    """The rows that are in any of the parts, in order."""
    return np.unique(np.concatenate([*parts, np.empty(0, np.int64)]))
