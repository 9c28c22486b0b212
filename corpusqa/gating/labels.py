"""Documents that somebody has judged: a file with `doc_id` and `label`, good or bad, as CSV or JSON lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from corpusqa.errors import UnusableInput

GOOD, BAD = "good", "bad"
FEWEST = 5  #: of either kind: with fewer, a threshold fits the accident of which documents were labelled


@dataclass(frozen=True, slots=True)
class Labels:
    """Which rows of a run somebody called good or bad."""

    rows: NDArray[np.int64]  #: of the labelled documents, in the order of the run
    bad: NDArray[np.bool_]  #: of each of these, whether it was called bad
    n_unknown: int  #: labels for documents that the run does not have


def read_labels(path: str | Path, ids: pl.Series) -> Labels:
    """The labels in this file, for a run with documents of these ids.

    Raises UnusableInput for a file that cannot be read, lacks a column, has another label than good or bad or two for
    one document, or labels fewer than five documents of either kind.
    """
    frame = _read(Path(path))
    for name in ("doc_id", "label"):
        if name not in frame.columns:
            raise UnusableInput(f"{path} has no column {name!r}, only {_listed(frame.columns)}. Add it.")
    own = frame.select(
        pl.col("doc_id").cast(pl.String), pl.col("label").cast(pl.String).str.strip_chars().str.to_lowercase()
    )
    others = own.filter(~pl.col("label").is_in([GOOD, BAD]).fill_null(False))["label"].unique().sort().to_list()
    if others:
        raise UnusableInput(f"{path} has the labels {_listed(others)}. Write {GOOD} or {BAD} for each document.")
    own = own.unique()
    twice = own.filter(pl.col("doc_id").is_duplicated())["doc_id"].unique().sort().to_list()
    if twice:
        raise UnusableInput(f"{path} calls {_listed(twice)} both {GOOD} and {BAD}. Decide.")
    found = pl.DataFrame({"doc_id": ids.cast(pl.String)}).with_row_index("row").join(own, on="doc_id").sort("row")
    labels = Labels(found["row"].cast(pl.Int64).to_numpy(), (found["label"] == BAD).to_numpy(), len(own) - len(found))
    n_bad = int(labels.bad.sum())
    if min(n_bad, len(found) - n_bad) < FEWEST:
        raise UnusableInput(
            f"{path} labels {len(found) - n_bad} documents of the run {GOOD} and {n_bad} {BAD}. "
            f"Label at least {FEWEST} of either kind."
        )
    return labels


def _read(path: Path) -> pl.DataFrame:
    try:
        if path.suffix in (".jsonl", ".ndjson", ".json"):
            return pl.read_ndjson(path, infer_schema_length=None)
        return pl.read_csv(path, infer_schema=False, separator="\t" if path.suffix == ".tsv" else ",")
    except (OSError, pl.exceptions.PolarsError, ValueError) as refused:
        first = str(refused).partition("\n")[0]
        raise UnusableInput(
            f"The labels {str(path)!r} cannot be read: {first}. Give CSV or JSON lines with doc_id and label."
        ) from None


def _listed(names: Sequence[str | None]) -> str:
    shown = ", ".join(repr(name) for name in names[:5])
    return f"{shown}, …" if len(names) > 5 else shown
