"""Small made-up runs, in the tables' own schemas, for the report to be built from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from corpusqa import tables
from corpusqa.report import model
from corpusqa.report.shapes import Report


@dataclass(frozen=True)
class Para:
    """A paragraph as an audit would have labelled it."""

    text: str
    label: str = "content"
    kind: str | None = None
    rule: str | None = None
    group: str | None = None
    repeats: int | None = None
    score: float | None = None
    spans: tuple[tuple[str, str, str], ...] = ()  #: (the stretch, kind, rule)


@dataclass(frozen=True)
class Doc:
    """A document with its paragraphs and its verdict."""

    doc_id: str
    site: str | None
    paragraphs: tuple[Para, ...]
    cluster: str | None = None
    duplicate_of: str | None = None
    similarity: float | None = None
    url: str | None = None
    date: str | None = None

    @property
    def text(self) -> str:
        """The text as read."""
        return "\n\n".join(paragraph.text for paragraph in self.paragraphs)


@dataclass(frozen=True)
class MadeRun:
    """The four tables, what judged them, and the texts; `asked` notes what the report wanted to read."""

    documents: pl.LazyFrame
    paragraphs: pl.LazyFrame
    groups: pl.LazyFrame
    pairs: pl.LazyFrame
    manifest: dict[str, Any]
    validation: dict[str, Any]
    stored: dict[tuple[str, int], str]
    asked: list[tuple[str, int]] = field(default_factory=list)

    def texts(self, keys: Sequence[tuple[str, int]]) -> dict[tuple[str, int], str]:
        """The texts of these documents."""
        self.asked.extend(keys)
        return {key: self.stored[key] for key in keys}

    def report(self, **options: Any) -> Report:
        """The report of this run."""
        return model.build(self, self.manifest, self.validation, self.texts, **options)


def run(
    docs: Sequence[Doc],
    rules: Sequence[dict[str, Any]] = (),
    groups: Sequence[dict[str, Any]] = (),
    pairs: Sequence[dict[str, Any]] = (),
    source: str = "harbour/all.jsonl",
) -> MadeRun:
    """The run that an audit of these documents would have left."""
    paragraphs = [row for doc in docs for row in _paragraph_rows(doc)]
    measured = [_document_row(doc, source, i) for i, doc in enumerate(docs)]
    rows = [_with_verdict(row, rules) for row in measured]
    results = [_judged(rule, measured) for rule in rules]
    schema = {
        **tables.DOCUMENTS.schema,
        "n_words": pl.UInt32,
        "repeat_share": pl.Float64,
        "boilerplate_share": pl.Float64,
    }
    return MadeRun(
        documents=pl.LazyFrame(rows, schema=schema),
        paragraphs=pl.LazyFrame(paragraphs, schema=tables.PARAGRAPHS.schema),
        groups=pl.LazyFrame([_group_row(group) for group in groups], schema=tables.GROUPS.schema),
        pairs=pl.LazyFrame(list(pairs), schema=tables.PAIRS.schema),
        manifest=_manifest(_counts(rows, paragraphs, groups), source),
        validation={"success": all(result["success"] for result in results), "results": results},
        stored={(source, i): doc.text for i, doc in enumerate(docs)},
    )


def rule(
    rule_id: str, column: str, severity: str, sentence: str, *, mostly: float = 1.0, **limits: float
) -> dict[str, Any]:
    """A rule on a metric; `run` fills in how it went."""
    words = " and ".join(f"at {'least' if name == 'min_value' else 'most'} {value:g}" for name, value in limits.items())
    return {
        "expectation_config": {
            "type": "expect_column_values_to_be_between",
            "kwargs": {"column": column, "mostly": mostly, **limits},
            "meta": {"rule_id": rule_id},
            "severity": severity,
            "notes": sentence,
        },
        "meta": {"rule_id": rule_id, "severity": severity, "level": "document", "sentence": sentence, "limit": words},
    }


def _breaks(row: dict[str, Any], rule: dict[str, Any]) -> bool:
    kwargs = rule["expectation_config"]["kwargs"]
    value = row[kwargs["column"]]
    return value is None or not kwargs.get("min_value", value) <= value <= kwargs.get("max_value", value)


def _judged(rule: dict[str, Any], rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    failing = sum(_breaks(row, rule) for row in rows)
    success = 1 - failing / max(len(rows), 1) >= rule["expectation_config"]["kwargs"]["mostly"]
    broken = [{"doc_id": row["doc_id"]} for row in rows if _breaks(row, rule)]
    result = {"element_count": len(rows), "unexpected_count": failing, "partial_unexpected_index_list": broken[:20]}
    needed = rule["expectation_config"]["kwargs"]["mostly"]
    passing = 1 - failing / len(rows) if rows else None
    meta = {"documents_failed": failing, "share_passing": passing, "share_needed": needed, "reason": None}
    return {**rule, "success": success, "result": result, "meta": {**rule["meta"], **meta}}


def _with_verdict(row: dict[str, Any], rules: Sequence[dict[str, Any]]) -> dict[str, Any]:
    broken = [rule["meta"] for rule in rules if _breaks(row, rule)]
    failed = [meta["rule_id"] for meta in broken if meta["severity"] == "critical"]
    failed += ["duplicate"] if row["duplicate_of"] else []
    flagged = [meta["rule_id"] for meta in broken if meta["severity"] == "warning"]
    verdict = "reject" if failed else "flag" if flagged else "accept"
    return {**row, "failed": failed, "flagged": flagged, "verdict": verdict}


def _paragraph_rows(doc: Doc) -> list[dict[str, Any]]:
    rows, at = [], 0
    for position, own in enumerate(doc.paragraphs):
        spans = [
            {
                "start": at + own.text.index(part),
                "end": at + own.text.index(part) + len(part),
                "kind": kind,
                "rule": name,
            }
            for part, kind, name in own.spans
        ]
        rows.append(
            {
                "doc_id": doc.doc_id,
                "position": position,
                "start": at,
                "end": at + len(own.text),
                "n_words": len(own.text.split()),
                **{name: getattr(own, name) for name in ("label", "kind", "rule", "group", "score", "repeats")},
                "spans": spans,
            }
        )
        at += len(own.text) + 2
    return rows


def _document_row(doc: Doc, source: str, i: int) -> dict[str, Any]:
    words = {"all": 0, "repeated": 0, "boilerplate": 0}
    for own in doc.paragraphs:
        n_words = len(own.text.split())
        words["all"] += n_words
        words[own.label] = words.get(own.label, 0) + n_words
    names = ("doc_id", "site", "url", "date", "cluster", "duplicate_of", "similarity")
    return {
        **{name: getattr(doc, name) for name in names},
        "source": source,
        "row": i,
        "n_words": words["all"],
        "repeat_share": words["repeated"] / words["all"] if words["all"] else None,
        "boilerplate_share": words["boilerplate"] / words["all"] if words["all"] else None,
    }


def _group_row(group: dict[str, Any]) -> dict[str, Any]:
    plain = {
        "template": None,
        "variants": 1,
        "sites": 1,
        "mean_position": 0.9,
        "label": "boilerplate",
        "kind": "prompt",
        "rule": "recurs",
        "score": 0.95,
        "independent_documents": group["documents"],
        "occurrences": group["documents"],
        "n_chars": len(group["text"]) * group["documents"],
    }
    return {**plain, **group}


def _counts(
    rows: Sequence[dict[str, Any]], paragraphs: Sequence[dict[str, Any]], groups: Sequence[dict[str, Any]]
) -> dict[str, int]:
    verdicts = [row["verdict"] for row in rows]
    return {
        "documents": len(rows),
        "words": sum(paragraph["n_words"] for paragraph in paragraphs),
        "sites": len({row["site"] for row in rows} - {None}),
        "rejects": 0,
        "paragraphs": len(paragraphs),
        "boilerplate_groups": len(groups),
        "clusters": len({row["cluster"] for row in rows} - {None}),
        "duplicates": sum(row["duplicate_of"] is not None for row in rows),
        "flagged": verdicts.count("flag"),
        "rejected": verdicts.count("reject"),
    }


def _manifest(counts: dict[str, int], source: str) -> dict[str, Any]:
    return {
        "format": 1,
        "version": "0.0.0",
        "command": "corpusqa audit harbour -o RUN",
        "settings": {"duplicates": {"threshold": 0.8, "compare": "kept"}, "gate": {"suite": "news"}},
        "digest": "0123456789ab",
        "inputs": [
            {"source": source, "path": f"/data/{source}", "bytes": 4_321, "sha256": "ab" * 32, "format": "jsonl"}
        ],
        "counts": counts,
        "stages": [{"name": "read", "seconds": 0.25, "line": ""}, {"name": "gate", "seconds": 1.5, "line": ""}],
        "peak_memory": 183_000_000,
        "versions": {"polars": "2.1.0", "datasketch": "2.0.0"},
        "minhash": {"scheme": "affine32", "seed": 1, "permutations": 128},
        "shards": [[["harbour/all.jsonl", 0, -1, 0]]],
    }
