"""What `run.json` says: enough to know what was run, on what, with what, and what came of it."""

from __future__ import annotations

import sys
from importlib.metadata import version
from typing import Any

import polars as pl

from corpusqa import __version__, config, fingerprint, gating, read
from corpusqa.furniture import Furniture
from corpusqa.memory import at_most
from corpusqa.parts import Parts
from corpusqa.run import FORMAT, shards_json
from corpusqa.stages import Stages

LIBRARIES = ("polars", "datasketch", "numba", "great_expectations", "pyarrow", "numpy")


def counts(parts: Parts, documents: pl.DataFrame, found: Furniture, n_crowds: int) -> dict[str, int]:
    """How much there was of everything."""
    verdicts = dict(documents["verdict"].value_counts().iter_rows())
    return {
        "documents": len(documents),
        "words": found.n_words,
        "bytes": parts.total("n_bytes"),
        "sites": documents["site"].drop_nulls().n_unique(),
        "rejects": parts.total("n_rejects"),
        "altered": parts.total("n_altered"),
        "renamed": int(documents["renamed"].sum()),
        "paragraphs": parts.total("n_paragraphs"),
        **{f"{label}_paragraphs": found.labels.get(label, 0) for label in ("content", "boilerplate", "repeated")},
        "groups": len(found.groups),
        "boilerplate_groups": int((found.groups["label"] == "boilerplate").sum()),
        "clusters": documents["cluster"].drop_nulls().n_unique(),
        "duplicates": documents["duplicate_of"].count(),
        "crowds": n_crowds,
        "accepted": verdicts.get("accept", 0),
        "flagged": verdicts.get("flag", 0),
        "rejected": verdicts.get("reject", 0),
    }


def manifest(
    command: str,
    settings: config.Settings,
    corpus: read.Corpus,
    counts: dict[str, int],
    suite: gating.Suite,
    result: gating.Result | None,
    stages: Stages,
    workers: int,
) -> dict[str, Any]:
    """The whole of `run.json`."""
    return {
        "format": FORMAT,
        "version": __version__,
        "command": command,
        "counts": counts,
        "gate": _gate(suite, result),
        "settings": settings.model_dump(mode="json"),
        "digest": settings.digest(),
        "stages": stages.log,
        "peak_memory": stages.meter.peak or at_most(workers),
        "versions": {"python": sys.version.split()[0], **{name: version(name) for name in LIBRARIES}},
        "minhash": {
            "scheme": "affine32",
            "seed": fingerprint.SEED,
            "permutations": fingerprint.N_PERMUTATIONS,
            "document_banding": _banding(settings.duplicates.threshold, fingerprint.RECALL),
            "paragraph_banding": _banding(settings.boilerplate.threshold, fingerprint.ENOUGH),
        },
        "inputs": corpus.inputs,
        "ignored": corpus.ignored,
        "shards": shards_json(corpus.shards),
    }


def _gate(suite: gating.Suite, result: gating.Result | None) -> dict[str, Any]:
    """The verdict; a corpus without documents fails, because an empty folder must never pass."""
    broken = [] if result is None else [rule for rule in result.rules if not rule.success]
    statuses = {rule.status for rule in broken}
    verdict = "FAIL" if result is None or "FAIL" in statuses else "WARN" if "WARN" in statuses else "PASS"
    return {
        "suite": suite.name,
        "verdict": verdict,
        "rules": len(suite.rules),
        "failed": [rule.rule_id for rule in broken if rule.status == "FAIL"],
        "warned": [rule.rule_id for rule in broken if rule.status == "WARN"],
    }


def _banding(threshold: float, recall: float) -> dict[str, int]:
    chosen = fingerprint.banding(threshold, recall)
    return {"bands": chosen.bands, "rows": chosen.rows}
