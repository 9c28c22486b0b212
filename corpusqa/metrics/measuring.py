"""Metrics over texts, over the labels of paragraphs, over clusters: three ways in, and a row a text or document out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl
import polars.selectors as cs

from corpusqa.errors import UnknownName, UnusableSettings
from corpusqa.metrics.findings import CLUSTER_COLUMNS, PARAGRAPH_COLUMNS, by_document
from corpusqa.metrics.registry import Metric, select
from corpusqa.metrics.shared import PASSES, DType, fill
from corpusqa.metrics.split import Split
from corpusqa.texts import Texts

Names = str | Iterable[str]
KEPT = "kept texts"
#: Bytes of text that all passes walk over before the next are taken, so that a column of any size takes no more memory
#: than this. All metrics of the news were fastest with it: 2 MB and 16 MB (`benches/metrics.py`) took 4 % longer.
PORTION = 1 << 22


def measure(texts: pl.Series | Iterable[str], metrics: Names | None = None) -> pl.DataFrame:
    """A row of metrics for each text: the default families, "all", or metrics and families by name.

    What only an audit can know (`repeat_*`, `boilerplate_*`, ...) is left out, or refused when it is asked for by name.

    >>> measure(["one # two", ""], ["n_words", "gopher_hash_word_ratio"]).rows()
    [(3, 0.3333333333333333), (0, None)]
    """
    _installed()
    chosen = select("default" if metrics is None else metrics)
    if metrics is None or metrics in ("default", "all"):
        chosen = [metric for metric in chosen if metric.level == "text"]
    return measure_texts(Texts.of(texts), [metric.name for metric in chosen])


def expression(metric: str, text: str | pl.Expr = "text") -> pl.Expr:
    """One metric as a polars expression over a column of texts, for frames of your own, eager or lazy.

    Raises as `measure` does. Several at once are faster by `measure`, which walks over the texts once for all.

    >>> pl.DataFrame({"body": ["one two", ""]}).with_columns(expression("n_words", "body"))["n_words"].to_list()
    [2, 0]
    """
    own = pl.col(text) if isinstance(text, str) else text
    _installed()
    _only("texts", [metric])
    dtype = schema([metric])[metric]
    found = own.map_batches(lambda texts: measure(texts, [metric]).to_series(), return_dtype=dtype, is_elementwise=True)
    return found.alias(metric)


def _installed() -> None:
    from corpusqa.metrics.extensions import installed

    installed()


def measure_texts(texts: Texts, metrics: Names, *, paragraphs: pl.DataFrame | None = None) -> pl.DataFrame:
    """A row of these metrics for each text. `paragraphs` is what `segment.paragraphs` says of them, if it is known."""
    chosen = _only("texts", metrics)
    wanted = _columns(chosen)
    return _computed(pl.concat(fill(split, wanted) for split in _portions(texts, paragraphs)), chosen)


def _portions(texts: Texts, paragraphs: pl.DataFrame | None) -> Iterator[Split]:
    """The texts, `PORTION` at a time; one portion of nothing where there are none."""
    number = np.cumsum(texts.n_bytes) // PORTION
    for first, end in pairwise([0, *np.flatnonzero(np.diff(number)) + 1, len(texts)]):
        own = None
        if paragraphs is not None:
            start, stop = np.searchsorted(paragraphs["document"].to_numpy(), [first, end])
            own = paragraphs[start:stop].with_columns(pl.col("document") - first)
        yield Split(texts.part(texts.starts[first:end], texts.ends[first:end]), own)


def measure_kept(texts: Texts, metrics: Names) -> pl.DataFrame:
    """A row of these metrics, all of them `kept_` twins, for each of these texts, which are the kept ones already."""
    chosen = _only(KEPT, metrics)
    own = measure_texts(texts, [metric.twin_of for metric in chosen if metric.twin_of])
    return own.select(pl.col(metric.twin_of or metric.name).alias(metric.name) for metric in chosen)


def measure_findings(
    paragraphs: pl.DataFrame, n_documents: int, metrics: Names, *, spans: pl.DataFrame | None = None
) -> pl.DataFrame:
    """A row of these metrics for each document 0, 1, ... `n_documents` - 1, from the labels of its paragraphs.

    `paragraphs`: document, n_words, label, kind. `spans`: document, n_words, kind, of furniture inside content.
    """
    return _computed(by_document(paragraphs, n_documents, spans), _only("paragraphs", metrics))


def measure_duplicates(documents: pl.DataFrame, metrics: Names) -> pl.DataFrame:
    """A row of these metrics for each document, from its `similarity` with the one that it is a copy of, if any."""
    return _computed(documents, _only("clusters", metrics))


@dataclass(frozen=True, slots=True)
class Origins:
    """Names of metrics, by what they are measured on: each list is for one of the functions above."""

    texts: tuple[str, ...]  #: `measure_texts`
    paragraphs: tuple[str, ...]  #: `measure_findings`
    clusters: tuple[str, ...]  #: `measure_duplicates`
    kept: tuple[str, ...]  #: `measure_kept`


def origins(metrics: Names = "default") -> Origins:
    """These metrics sorted by what they are measured on, each list in the registry's order.

    >>> origins(["kept_n_words", "n_words"])
    Origins(texts=('n_words',), paragraphs=('kept_n_words',), clusters=(), kept=())
    """
    chosen = select(metrics)
    sources = (*_columns_by_origin(), KEPT)
    return Origins(*(tuple(m.name for m in chosen if _origin(m) == origin) for origin in sources))


def schema(metrics: Names = "default") -> pl.Schema:
    """The columns that these metrics fill, in the registry's order: Int64 for counts, else Float64 or String."""
    types: dict[str, DType] = {column: one.dtypes.get(column, pl.Int64) for column, one in PASSES.items()}
    types |= {**dict.fromkeys(PARAGRAPH_COLUMNS, pl.Int64), **CLUSTER_COLUMNS}
    return _computed(pl.DataFrame(schema=types), select(metrics)).schema


def _columns_by_origin() -> dict[str, Collection[str]]:
    return {"texts": PASSES, "paragraphs": PARAGRAPH_COLUMNS, "clusters": CLUSTER_COLUMNS}


def _origin(metric: Metric) -> str:
    """What the metric is measured on: all its columns come from there."""
    if metric.twin_of:
        return KEPT
    known = _columns_by_origin()
    for origin, columns in known.items():
        if metric.columns <= set(columns):
            return origin
    everything = [column for columns in known.values() for column in columns]
    unknown = sorted(metric.columns.difference(everything) or metric.columns)
    raise UnknownName("column", ", ".join(unknown), everything, where=f"metric {metric.name}")


def _only(origin: str, metrics: Names) -> list[Metric]:
    """The metrics of these names, which must all be measured on this."""
    chosen = select(metrics)
    for metric in chosen:
        if _origin(metric) != origin:
            raise UnusableSettings(
                f"{metric.name} is measured on {_origin(metric)}, not on {origin} alone. Audit the corpus and read "
                f"the column from documents.parquet of the run."
            )
    return chosen


def _columns(metrics: Iterable[Metric]) -> set[str]:
    return {column for metric in metrics for column in metric.columns}


def _computed(frame: pl.DataFrame, metrics: Iterable[Metric]) -> pl.DataFrame:
    """A column a metric, in the two types that great_expectations judges fast."""
    found = frame.select(metric.expression().alias(metric.name) for metric in metrics)
    return found.with_columns(cs.integer().cast(pl.Int64), cs.float().cast(pl.Float64))
