"""The passes that metrics share: each walks the texts once and fills a few columns of counts.

A pass is a function from `Split` texts to columns, registered under the names of the columns that it fills. Metrics
name columns, never passes; `fill` runs the passes whose columns are wanted and no other, so that who asks for one
number pays for one walk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from corpusqa.kernels import counts, ngrams
from corpusqa.kernels.classes import BULLET, TERMINAL
from corpusqa.kernels.ngrams import DUP, TOP
from corpusqa.metrics.split import Numbers, Split
from corpusqa.texts import Texts

Columns = Mapping[str, NDArray[Any] | pl.Series]
Walk = Callable[[Split], Columns]
DType = pl.DataType | type[pl.DataType]

#: Gopher (arXiv:2112.11446, appendix A): a text in English has at least two of these.
STOP_WORDS = ("the", "be", "to", "of", "and", "that", "have", "with")
#: FineWeb (arXiv:2406.17557, section 3.6): a line with fewer characters is short. datatrove counts 30 too.
SHORT_LINE = 30
#: mC4 (arXiv:2010.11934, section 3.1): a line with as many characters is long.
LONG_LINE = 200


@dataclass(frozen=True, slots=True)
class Pass:
    """One walk over the texts."""

    columns: tuple[str, ...]
    walk: Walk
    dtypes: Mapping[str, DType] = field(hash=False)  #: of the columns that are no counts


PASSES: dict[str, Pass] = {}  #: the pass that fills each column


def shared(*columns: str, dtypes: Mapping[str, DType] | None = None) -> Callable[[Walk], Walk]:
    """Register the decorated function as the pass that fills these columns: counts, unless `dtypes` says otherwise."""

    def register(walk: Walk) -> Walk:
        for taken in PASSES.keys() & set(columns):
            raise ValueError(f"The column {taken!r} is filled by {PASSES[taken].walk.__name__} already.")
        PASSES.update(dict.fromkeys(columns, Pass(columns, walk, dtypes or {})))
        return walk

    return register


def fill(split: Split, wanted: Iterable[str]) -> pl.DataFrame:
    """The frame, a row a text, that has these columns, and what else the same passes fill."""
    passes = dict.fromkeys(PASSES[column] for column in sorted(wanted))
    return pl.DataFrame({name: column for one in passes for name, column in one.walk(split).items()})


@shared("text", dtypes={"text": pl.String})
def text(split: Split) -> Columns:
    """The text itself, for metrics that polars can express without a pass."""
    return {"text": split.series}


@shared("bytes")
def sizes(split: Split) -> Columns:
    """Known without looking at the text."""
    return {"bytes": split.texts.n_bytes}


@shared("characters", "letters", "uppers", "digits", "spaces", "punctuation", "symbols", "non_ascii")
def characters(split: Split) -> Columns:
    """Characters by class."""
    return _named(PASSES["characters"], counts.characters(*split.bounds, split.classes))


@shared("words")
def n_words(split: Split) -> Columns:
    """Words, as `str.split` finds them."""
    return {"words": split.n_words}


@shared("word_characters", "alpha_words", "digit_words", "stop_words")
def words(split: Split) -> Columns:
    """What the words are made of, and how many different stop words are among them."""
    found = split.words
    stops = Split(Texts.of(STOP_WORDS)).words.hashes
    found_in = counts.word_counts(found.hashes, found.lengths, found.held, found.offsets, stops)
    return _named(PASSES["word_characters"], found_in)


@shared("line_feeds", "hash_signs", "ellipses")
def occurrences(split: Split) -> Columns:
    """Marks counted wherever they stand."""
    return _named(PASSES["line_feeds"], split.occurrences)


@shared("lines", "bullet_lines", "ellipsis_lines")
def lines(split: Split) -> Columns:
    """Lines that are not blank, and how they begin and end once stripped."""
    found = split.lines
    first, _, ellipsis = counts.edges(*found.bounds)
    bullets = found.total(split.classes[first] & BULLET != 0)
    return {"lines": np.diff(found.offsets), "bullet_lines": bullets, "ellipsis_lines": found.total(ellipsis)}


@shared("terminal_lines", "short_lines", "long_lines")
def whole_lines(split: Split) -> Columns:
    """Lines that are not blank, with the white space at their ends: how they end, and how long they are."""
    found = split.whole_lines
    _, last, _ = counts.edges(*found.bounds)
    return {
        "terminal_lines": found.total(split.classes[last] & TERMINAL != 0),
        "short_lines": found.total(found.n_chars < SHORT_LINE),
        "long_lines": found.total(found.n_chars >= LONG_LINE),
    }


@shared("again_whole_line_characters")
def repeated_whole_lines(split: Split) -> Columns:
    """Of lines that are not blank, with the white space at their ends, those that have come before in their text."""
    return {"again_whole_line_characters": split.whole_lines.repeats()[1]}


@shared("again_lines", "again_line_characters")
def repeated_lines(split: Split) -> Columns:
    """Lines that are not blank, stripped, that have come before in their text."""
    return _named(PASSES["again_lines"], np.column_stack(split.lines.repeats()))


@shared("blocks", "again_blocks", "again_block_characters")
def repeated_blocks(split: Split) -> Columns:
    """What blank lines set apart, and what of it has come before in its text."""
    n_blocks = np.diff(split.blocks.offsets)
    return _named(PASSES["blocks"], np.column_stack((n_blocks, *split.blocks.repeats())))


@shared("paragraphs")
def paragraphs(split: Split) -> Columns:
    """Paragraphs, as corpusqa cuts them."""
    return {"paragraphs": np.diff(split.paragraphs.offsets)}


@shared("sentences")
def sentences(split: Split) -> Columns:
    """Sentences of those paragraphs."""
    return {"sentences": split.paragraphs.total(split.sentences)}


@shared(
    *(f"top_{n}gram_characters" for n in range(TOP[0], TOP[1] + 1)),
    *(f"again_{n}gram_characters" for n in range(DUP[0], DUP[1] + 1)),
)
def repeated_ngram_characters(split: Split) -> Columns:
    """Characters of words that lie in n-grams said more than once."""
    told = split.ngrams
    top, again = (told[:, sizes[0] - ngrams.LEAST : sizes[1] - ngrams.LEAST + 1] for sizes in (TOP, DUP))
    return _named(
        PASSES["top_2gram_characters"], np.column_stack((top[..., ngrams.TOP_COVERED], again[..., ngrams.LATER]))
    )


def _named(one: Pass, values: Numbers) -> Columns:
    """The columns of an array, by the names that the pass gives them."""
    return dict(zip(one.columns, values.T, strict=True))
