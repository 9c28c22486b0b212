"""The run's plan, brought to the records it is about: which documents go, and what is cut out of the others.

Nothing is decided here. `documents.parquet` and `paragraphs.parquet` have their rows in the order in which the corpus
is read, so they are walked beside it, a batch at a time, and never held whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import polars as pl

from corpusqa.cuts import Content, Cut
from corpusqa.errors import UnusableRun
from corpusqa.run import Run

Drop = Literal["reject", "flag", "none"]
DUPLICATE = "duplicate"  #: the gate's rule for a copy, which `keep_duplicates` overrules
ROWS = 65_536  #: of a table, in memory at a time


@dataclass(frozen=True, slots=True)
class Options:
    """What `curate` was asked to take out."""

    drop: Drop = "reject"
    keep_furniture: bool = False
    keep_duplicates: bool = False


@dataclass(slots=True)
class Decision:
    """What happens to one document: dropped for these rules, or kept without these paragraphs and spans."""

    doc_id: str
    dropped: list[str]
    marked: list[Cut]
    content: list[Content]


class Decisions:
    """The decisions on the documents of a run, in the order of the corpus."""

    def __init__(self, run: Run, options: Options) -> None:
        self._options = options
        self._documents = InOrder(
            run.documents.select("doc_id", "source", "row", "duplicate_of", "verdict", "failed", "flagged")
        )
        marked = (pl.col("label") != "content") | (pl.col("spans").list.len() > 0)
        self._paragraphs = InOrder(
            run.paragraphs.filter(marked).select("doc_id", "start", "end", "label", "kind", "rule", "spans")
        )

    def on(self, records: pl.DataFrame) -> list[Decision]:
        """The decisions on the next records, `source` and `row`. Raises UnusableRun when the run is about others."""
        documents = self._documents.take(len(records))
        if not documents.select("source", "row").equals(records.select("source", "row")):
            raise UnusableRun("The run's documents are not those of its inputs. Audit the input again.")
        found = self._marked(documents["doc_id"])
        return [
            Decision(document["doc_id"], self._dropped(document), *found.get(document["doc_id"], ([], [])))
            for document in documents.iter_rows(named=True)
        ]

    def _dropped(self, document: dict[str, Any]) -> list[str]:
        """The rules for which this document goes."""
        copied = document["duplicate_of"] is not None
        drop = self._options.drop
        rules: list[str] = []
        if drop != "none" and document["verdict"] == "reject":
            rules += document["failed"] or []
        if drop == "flag" and document["verdict"] != "accept":
            rules += document["flagged"] or []
        rules = [rule for rule in rules if rule != DUPLICATE or not copied]
        return [*rules, *[DUPLICATE] * (copied and not self._options.keep_duplicates)]

    def _marked(self, doc_ids: pl.Series) -> dict[str, tuple[list[Cut], list[Content]]]:
        """By document: the paragraphs that go, and those that stay without something in them."""
        found: dict[str, tuple[list[Cut], list[Content]]] = defaultdict(lambda: ([], []))
        for row in self._paragraphs.take_while(doc_ids).iter_rows(named=True):
            if self._options.keep_furniture:
                continue
            marked, content = found[row["doc_id"]]
            if row["label"] != "content":
                marked.append(Cut(row["start"], row["end"], row["rule"] or row["kind"] or row["label"]))
                continue
            spans = [Cut(span["start"], span["end"], span["rule"] or span["kind"]) for span in row["spans"]]
            content.append(Content(row["start"], row["end"], spans))
        return found


class InOrder:
    """The rows of a table from the first to the last, in as many as are wanted at a time."""

    def __init__(self, table: pl.LazyFrame) -> None:
        self._batches: Iterator[pl.DataFrame] = iter(table.collect_batches(chunk_size=ROWS, maintain_order=True))
        self._held = pl.DataFrame(schema=table.collect_schema())

    def _more(self) -> bool:
        """Hold the next rows too; False when there are none."""
        batch = next(self._batches, None)
        if batch is None:
            return False
        self._held = pl.concat([self._held, batch])
        return True

    def take(self, n_rows: int) -> pl.DataFrame:
        """The next rows; fewer at the end of the table."""
        while len(self._held) < n_rows and self._more():
            pass
        taken, self._held = self._held[:n_rows], self._held[n_rows:]
        return taken

    def take_while(self, doc_ids: pl.Series) -> pl.DataFrame:
        """The next rows as far as they belong to these documents."""
        if doc_ids.is_empty():
            return self._held.clear()
        known = set(doc_ids)
        while (self._held.is_empty() or self._held["doc_id"][-1] in known) and self._more():
            pass
        ours = self._held["doc_id"].is_in(doc_ids.implode())
        n_rows = len(ours) if ours.all() else int((~ours).arg_true()[0])
        return self.take(n_rows)
