"""Which rules fire together, and what hangs on one rule alone.

Two rules that reject the same documents are one rule; a rule that alone rejects nothing can be dropped without any
difference. To know, the documents are sorted into patterns: the sets of rules that they break. There are few patterns
however many documents there are, and everything else is counted from them.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

from corpusqa.gating.suite import DUPLICATE

if TYPE_CHECKING:
    from corpusqa.gating.result import Result

BITS = 63  #: rules in one word of a mask


def patterns(result: Result) -> pl.DataFrame:
    """`rules` (ids, in the order of the suite, copies last) and `documents`: a row a set of broken rules, most first.

    Documents that break nothing have no row.
    """
    names, broken = _broken(result)
    masks, counts = np.unique(_masks(broken, len(result.judged)), axis=0, return_counts=True)
    found = [
        ([name for i, name in enumerate(names) if mask[i // BITS] >> (i % BITS) & 1], int(count))
        for mask, count in zip(masks.tolist(), counts, strict=True)
    ]
    kept = [entry for entry in found if entry[0]]
    frame = pl.DataFrame(kept, schema={"rules": pl.List(pl.String), "documents": pl.UInt32}, orient="row")
    return frame.sort("documents", descending=True, maintain_order=True)


def together(result: Result) -> pl.DataFrame:
    """`left`, `right`, `documents` that break both, `jaccard`, and `share` of the documents of the rarer of the two.

    A row for each two rules that fire together at least once, those most alike first. A share of 1 says that one of
    the two rejects nothing that the other does not.
    """
    by_rule, by_pair = _counted(result.patterns)
    rows = [
        (left, right, n, n / (by_rule[left] + by_rule[right] - n), n / min(by_rule[left], by_rule[right]))
        for (left, right), n in by_pair.items()
    ]
    schema = {
        "left": pl.String,
        "right": pl.String,
        "documents": pl.UInt32,
        "jaccard": pl.Float64,
        "share": pl.Float64,
    }
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.sort("jaccard", "documents", descending=True, maintain_order=True)


def by_rule(result: Result) -> pl.DataFrame:
    """What each rule that judges documents does, in the order of the suite, copies last.

    `rule_id`, `severity`, `column`, `asks` (the limit in words), `documents` that break it, `words` in them (null where
    the documents have no `n_words`), and of both what hangs on it `alone`: without this rule a critical one's documents
    would not be rejected, a warning's not flagged.
    """
    names, broken = _broken(result)
    severities = {rule.rule_id: rule.severity for rule in result.rules} | {DUPLICATE: "critical"}
    asked = {rule.rule_id: (rule.column, rule.rule.limit) for rule in result.rules} | {
        DUPLICATE: ("duplicate_of", "none")
    }
    words = _words(result)
    critical = _times(broken, [severities[name] == "critical" for name in names], len(result.judged))
    flagged = _times(broken, [severities[name] == "warning" for name in names], len(result.judged))
    rows = []
    for name, own in zip(names, broken, strict=True):
        alone = own[_decides(severities[name], critical[own], flagged[own])]
        counts = [len(own), _sum(words, own), len(alone), _sum(words, alone)]
        rows.append([name, severities[name], *asked[name], *counts])
    schema = dict.fromkeys(("rule_id", "severity", "column", "asks"), pl.String) | dict.fromkeys(
        ("documents", "words", "documents_alone", "words_alone"), pl.Int64
    )
    return pl.DataFrame(rows, schema=schema, orient="row")


def _decides(severity: str, critical: NDArray[np.int32], flagged: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Whether the verdict of documents with so many broken rules of each kind hangs on a rule of this severity."""
    last = critical if severity == "critical" else flagged + critical * 2
    return np.asarray((last == 1) & (severity != "info"))


def _broken(result: Result) -> tuple[list[str], list[NDArray[np.int64]]]:
    """The rules that judge documents, and the rows that break each; copies last, where there can be any."""
    rules = [rule for rule in result.rules if rule.by_document]
    copies = [(DUPLICATE, result.copy_rows)] if "duplicate_of" in result.judged.columns else []
    named = [*((rule.rule_id, rule.rows) for rule in rules), *copies]
    return [name for name, _ in named], [rows for _, rows in named]


def _masks(broken: Sequence[NDArray[np.int64]], n: int) -> NDArray[np.int64]:
    """A bit a rule for each document; (n, words of `BITS` rules)."""
    masks = np.zeros((n, max(1, -(-len(broken) // BITS))), np.int64)
    for i, rows in enumerate(broken):
        masks[rows, i // BITS] |= np.int64(1) << np.int64(i % BITS)
    return masks


def _times(broken: Sequence[NDArray[np.int64]], counted: Sequence[bool], n: int) -> NDArray[np.int32]:
    """How many of the rules that are counted each document breaks."""
    times = np.zeros(n, np.int32)
    for rows, counts in zip(broken, counted, strict=True):
        if counts:
            times[rows] += 1
    return times


def _words(result: Result) -> NDArray[np.int64] | None:
    if "n_words" not in result.judged.columns:
        return None
    return result.judged["n_words"].fill_null(0).cast(pl.Int64).to_numpy()


def _sum(words: NDArray[np.int64] | None, rows: NDArray[np.int64]) -> int | None:
    return None if words is None else int(words[rows].sum())


def _counted(patterns: pl.DataFrame) -> tuple[dict[str, int], dict[tuple[str, str], int]]:
    """Documents by rule, and by two rules."""
    single: dict[str, int] = {}
    pairs: dict[tuple[str, str], int] = {}
    for rules, n in patterns.iter_rows():
        for name in rules:
            single[name] = single.get(name, 0) + n
        for pair in combinations(rules, 2):
            pairs[pair] = pairs.get(pair, 0) + n
    return single, pairs
