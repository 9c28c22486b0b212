"""`n_*`, second part: how long the words, lines and sentences of a text are, and how many different words it has."""

from __future__ import annotations

import numpy as np
import polars as pl

from corpusqa.kernels import words
from corpusqa.metrics.registry import metric, ratio
from corpusqa.metrics.shared import Columns, shared
from corpusqa.metrics.split import Split, greatest

WORDS = "Python, len(text.split())"


@shared("longest_word", "median_word_length")
def word_lengths(split: Split) -> Columns:
    """The longest of the words, and the median of their lengths."""
    found = split.words
    median = words.median_lengths(found.lengths, found.offsets)
    return {"longest_word": greatest(found.lengths, found.offsets), "median_word_length": median}


@shared("distinct_words")
def distinct_words(split: Split) -> Columns:
    """How many of the words are different ones."""
    return {"distinct_words": words.diversity(split.words.hashes, split.words.offsets)[0]}


@shared("line_characters", "longest_line", "median_line_length")
def line_lengths(split: Split) -> Columns:
    """Characters of the lines that are not blank, stripped: of all, of the longest, and the median."""
    found = split.lines
    lengths = found.n_chars.astype(np.int32)
    return {
        "line_characters": found.total(lengths),
        "longest_line": greatest(lengths, found.offsets),
        "median_line_length": words.median_lengths(lengths, found.offsets),
    }


def _median(of: str, whole: str) -> pl.Expr:
    return pl.when(pl.col(whole) > 0).then(pl.col(of).cast(pl.Float64))


@metric(level="text", unit="characters per word", source=WORDS)
def n_mean_word_length() -> pl.Expr:
    """Mean length of the words in characters, their punctuation included. The same as `gopher_mean_word_length`.

    About 6 in English prose. Null without words.
    """
    return ratio("word_characters", "words")


@metric(level="text", unit="characters", source="Dolma 1.2, median_word_length")
def n_median_word_length() -> pl.Expr:
    """Median length of the words in characters, which a few long addresses do not move. Null without words."""
    return _median("median_word_length", "words")


@metric(level="text", unit="characters", better="lower", source="NeMo Curator 1.4, LongWordFilter; C4")
def n_longest_word() -> pl.Expr:
    """Characters of the longest word, a word being what stands between white space.

    An address, a formula, or code without blanks: NeMo and C4 draw the line at 1,000. 0 without words.
    """
    return pl.col("longest_word")


@metric(level="text", unit="characters per line", source="datatrove 0.10, LineStats avg_line_length")
def n_mean_line_length() -> pl.Expr:
    """Mean length of the lines that are not blank, stripped, in characters.

    Low for menus and lists; in prose with a paragraph on a line, a few hundred. Null without lines.
    """
    return ratio("line_characters", "lines")


@metric(level="text", unit="characters", source="corpusqa")
def n_median_line_length() -> pl.Expr:
    """Median length of the lines that are not blank, stripped, in characters.

    Far below the mean when an article stands among its menus. Null without lines.
    """
    return _median("median_line_length", "lines")


@metric(level="text", unit="characters", source="data-juicer 1.6, maximum_line_length_filter")
def n_longest_line() -> pl.Expr:
    """Characters of the longest line, stripped. Short where there is no prose at all. 0 without lines."""
    return pl.col("longest_line")


@metric(level="text", unit="words per sentence", source="corpusqa, n_sentences")
def n_words_per_sentence() -> pl.Expr:
    """Mean number of words in a sentence: `n_words` / `n_sentences`.

    15 to 25 in newspapers; far more where end marks are missing, as in lists and transcripts. Null without sentences.
    """
    return ratio("words", "sentences")


@metric(level="text", unit="words per paragraph", source="corpusqa, segment.paragraphs")
def n_words_per_paragraph() -> pl.Expr:
    """Mean number of words in a paragraph: `n_words` / `n_paragraphs`. Null without paragraphs."""
    return ratio("words", "paragraphs")


@metric(level="text", unit="share of words", source="datatrove 0.10, WordStats type_token_ratio")
def n_type_token_ratio() -> pl.Expr:
    """Share of the words that are different ones: distinct words / words, as they are written.

    Low in text that says one thing over and over. Falls with the length of the text, so compare texts of a length, or
    judge repetition by `gopher_dup_*`. Null without words.
    """
    return ratio("distinct_words", "words")
