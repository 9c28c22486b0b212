"""What a metric is, and the one table that lists them all.

A metric is a function that returns a polars expression. Its name is the column it fills and its prefix the family; its
docstring is what `corpusqa metrics NAME` prints; its decorator says what a number needs before anyone may gate on it:
what one value describes, the unit, which way is better, and who defined it. Adding a metric is writing that function.

What an expression reads are columns that a pass over the texts fills (`corpusqa.metrics.shared`), or what an audit has
found (`corpusqa.metrics.findings`): a metric needs whatever its expression names, and nothing else is computed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

import polars as pl

from corpusqa.errors import UnknownName, UnusableSettings

Level = Literal["text", "document"]
Better = Literal["lower", "higher", "neither"]
Expression = Callable[[], pl.Expr]

#: What is computed when nothing else is asked for: what the published filters judge by, and corpusqa's own findings.
DEFAULT_FAMILIES = ("n", "chars", "gopher", "fineweb", "c4", "repeat", "boilerplate", "residue", "kept", "duplicate")


@dataclass(frozen=True, slots=True)
class Metric:
    """One named number, with everything a reader needs to judge it."""

    name: str  #: the column it fills
    level: Level  #: what one value describes: any stretch of text, or a document in its corpus
    unit: str  #: "characters", "share of words", "hash signs per word", ...
    better: Better  #: the direction in which the corpus improves
    source: str  #: the paper, the program or the decision that defined it
    doc: str  #: meaning, formula, caveat, and when it is null
    expression: Expression

    @property
    def family(self) -> str:
        """The first word of the name."""
        return self.name.partition("_")[0]

    @property
    def default(self) -> bool:
        """Whether it is computed when nothing else is asked for."""
        return self.family in DEFAULT_FAMILIES

    @property
    def columns(self) -> frozenset[str]:
        """The columns that it is computed from."""
        return frozenset(self.expression().meta.root_names())


METRICS: dict[str, Metric] = {}


def metric(*, level: Level, unit: str, source: str, better: Better = "neither") -> Callable[[Expression], Expression]:
    """Register the decorated function as a metric."""

    def register(expression: Expression) -> Expression:
        name = expression.__name__
        if name in METRICS and METRICS[name].expression.__module__ != expression.__module__:
            other = METRICS[name].expression.__module__
            raise UnusableSettings(f"{expression.__module__} and {other} both define the metric {name!r}. Rename one.")
        doc = cleaned(expression.__doc__ or "")
        METRICS[name] = Metric(name, level, unit, better, source, doc, expression)
        return expression

    return register


def cleaned(doc: str) -> str:
    """A docstring without its indentation."""
    from inspect import cleandoc

    return cleandoc(doc)


def ratio(part: str, whole: str) -> pl.Expr:
    """One column over another; null where there is nothing to be a part of, because 0.0 would read as "clean"."""
    return pl.when(pl.col(whole) > 0).then(pl.col(part) / pl.col(whole))


def find(name: str) -> Metric:
    """The metric with this name.

    >>> find("gopher_wordcount")
    Traceback (most recent call last):
    corpusqa.errors.UnknownName: There is no metric named 'gopher_wordcount'. Did you mean 'gopher_word_count'?
    """
    if name not in METRICS:
        raise UnknownName("metric", name, METRICS)
    return METRICS[name]


def select(which: str | Iterable[str] = "default") -> list[Metric]:
    """The metrics that these words name, each once, in the registry's order.

    A word is the name of a metric, a family (the prefix of its names), `default` or `all`.

    >>> [metric.name for metric in select(["fineweb", "n_chars"])][:2]
    ['n_chars', 'fineweb_line_punct_ratio']
    """
    words = [which] if isinstance(which, str) else list(which)
    chosen = {metric.name for word in words for metric in _named(word)}
    return [metric for metric in METRICS.values() if metric.name in chosen]


def _named(word: str) -> list[Metric]:
    if word == "all":
        return list(METRICS.values())
    if word == "default":
        return [metric for metric in METRICS.values() if metric.default]
    return [metric for metric in METRICS.values() if metric.family == word] or [find(word)]


def catalogue(which: str | Iterable[str] = "all") -> pl.DataFrame:
    """A row a metric: name, family, default, level, unit, better, source, meaning (its first sentence), doc."""
    fields = ("name", "family", "default", "level", "unit", "better", "source")
    rows = [[getattr(metric, field) for field in fields] for metric in select(which)]
    texts = [[metric.doc.partition("\n\n")[0].replace("\n", " "), metric.doc] for metric in select(which)]
    schema = dict.fromkeys((*fields, "meaning", "doc"), pl.String) | {"default": pl.Boolean}
    return pl.DataFrame([row + text for row, text in zip(rows, texts, strict=True)], schema=schema, orient="row")
