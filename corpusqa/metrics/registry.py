"""What a metric is, and the one table that lists them all.

A metric is a function that returns a polars expression. Its name is the column it fills and its prefix the family; its
docstring is what `corpusqa metrics NAME` prints; its decorator says what a number needs before anyone may gate on it:
what one value describes, the unit, which way is better, and who defined it. Adding a metric is writing that function.

What an expression reads are columns that a pass over the texts fills (`corpusqa.metrics.shared`), or what an audit has
found (`corpusqa.metrics.findings`): a metric needs whatever its expression names, and nothing else is computed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal, get_args

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
    twin_of: str | None = None  #: the metric that this one is, of the text as it will be after curation

    @property
    def family(self) -> str:
        """The first word of the name."""
        return self.name.partition("_")[0]

    @property
    def meaning(self) -> str:
        """The first paragraph of its documentation, on one line."""
        return " ".join(self.doc.partition("\n\n")[0].split())

    @property
    def default(self) -> bool:
        """Whether it is computed when nothing else is asked for."""
        return self.family in DEFAULT_FAMILIES and self.twin_of is None

    @property
    def columns(self) -> frozenset[str]:
        """The columns that it is computed from."""
        return frozenset(self.expression().meta.root_names())


METRICS: dict[str, Metric] = {}

NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)+")  #: the family, then what is measured
#: How a docstring says what becomes of a text that has nothing to measure.
EMPTY = re.compile(r"\b[Nn]ull\s+(for|without|when|where|in)\b|\b0\s+(for|without|when)\b")


def metric(*, level: Level, unit: str, source: str, better: Better = "neither") -> Callable[[Expression], Expression]:
    """Register the decorated function as a metric.

    Raises UnusableSettings for a number that nobody could judge by: without a meaning, a unit, a source, a direction,
    or a word on what it says of an empty text; and for a name that another module has taken.
    """

    def register(expression: Expression) -> Expression:
        made = Metric(expression.__name__, level, unit, better, source, cleaned(expression.__doc__ or ""), expression)
        _check(made)
        METRICS[made.name] = made
        return expression

    return register


def define(
    name: str, expression: pl.Expr, doc: str, *, unit: str, source: str, better: Better = "lower", module: str
) -> None:
    """Register a metric of a text that is one row of a table rather than a function; `module` is where the table is."""

    def made() -> pl.Expr:
        return expression

    made.__name__, made.__doc__, made.__module__ = name, doc, module
    metric(level="text", unit=unit, source=source, better=better)(made)


def _check(made: Metric) -> None:
    """Nothing may be gated on a number that does not say what it is."""
    where = f"The metric {made.name!r} of {made.expression.__module__}"
    known = METRICS.get(made.name)
    if known and known.expression.__module__ != made.expression.__module__:
        raise UnusableSettings(f"{where} has a name that {known.expression.__module__} has taken. Rename one.")
    duties = (
        (NAME.fullmatch(made.name), "has a name that is no family and number in small letters", "mine_question_marks"),
        (made.doc, "has no docstring", "its meaning, its formula, and what it says of an empty text"),
        (made.unit, "has no unit", "share of words"),
        (made.source, "has no source", "the paper, the program or the person that defined it"),
        (made.level in get_args(Level), f"has the level {made.level!r}", " or ".join(get_args(Level))),
        (made.better in get_args(Better), f"says that {made.better!r} is better", ", ".join(get_args(Better))),
        (
            EMPTY.search(made.doc),
            "does not say when it has no value",
            '"Null without words." or "0 for an empty text."',
        ),
    )
    for met, what, example in duties:
        if not met:
            raise UnusableSettings(f"{where} {what}, so nobody could judge by it. Give it one, such as: {example}")


def cleaned(doc: str) -> str:
    """A docstring without its indentation."""
    from inspect import cleandoc

    return cleandoc(doc)


def ratio(part: str, whole: str) -> pl.Expr:
    """One column over another; null where there is nothing to be a part of, because 0.0 would read as "clean"."""
    return pl.when(pl.col(whole) > 0).then(pl.col(part) / pl.col(whole))


def find(name: str) -> Metric:
    """The metric with this name.

    >>> find("duplicate_similarty")
    Traceback (most recent call last):
    corpusqa.errors.UnknownName: There is no metric named 'duplicate_similarty'. Did you mean 'duplicate_similarity'?
    """
    if name not in METRICS:
        families = {metric.family for metric in METRICS.values()}
        near = get_close_matches(name, METRICS, n=1)
        raise UnknownName("metric", name, METRICS if near else families, nearest=3)
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
    texts = [[metric.meaning, metric.doc] for metric in select(which)]
    schema = dict.fromkeys((*fields, "meaning", "doc"), pl.String) | {"default": pl.Boolean}
    return pl.DataFrame([row + text for row, text in zip(rows, texts, strict=True)], schema=schema, orient="row")
