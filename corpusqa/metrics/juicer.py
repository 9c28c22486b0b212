"""`juicer_*` and `bigscience_*`: the statistics that data-juicer's filters judge by, and BigScience's before them.

By data-juicer's names (1.6, ops/filter). Words are what stands between blanks, tabs and line feeds, in small letters,
without special characters at their ends: punctuation, digits, white space, signs and emoji, by its list. Only what
needs no model, no tokeniser and no list of words. Where data-juicer gives 0 to an empty text, these are null.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from corpusqa.kernels import ngrams, runs
from corpusqa.kernels import words as word_kernels
from corpusqa.kernels.foreign import foreign_table
from corpusqa.metrics.registry import define, metric, ratio
from corpusqa.metrics.shared import Columns, shared
from corpusqa.metrics.split import Split

SOURCE = "data-juicer 1.6"
BIGSCIENCE = "BigScience, Laurençon et al. 2022, arXiv:2303.03915, section 3.1"

#: Lengths of repeated n-grams: the defaults (10; BigScience's words 5), and those of data-juicer's own examples.
CHARACTER_SIZES, WORD_SIZES = (5, 10), (3, 5, 10)


@cache
def small_letters() -> NDArray[np.uint32]:
    """The small letter of each code point, where `str.lower` gives one; (0x110000,) uint32."""
    table = np.arange(0x110000, dtype=np.uint32)
    for code in range(0x20000):
        if len(small := chr(code).lower()) == 1:
            table[code] = ord(small)
    return table


@shared("juicer_words", *(f"juicer_{n}gram_copies" for n in WORD_SIZES))
def words(split: Split) -> Columns:
    """Words without special characters at their ends, and how many n-grams of them are said more than once."""
    most = int(split.n_words.sum())
    given = *split.bounds, foreign_table(), small_letters(), word_kernels.letters(), most
    offsets, hashes, lengths = word_kernels.refined_words(*given)
    told = ngrams.repeated_ngrams(hashes, lengths, offsets)
    copies = {f"juicer_{n}gram_copies": told[:, n - ngrams.LEAST, ngrams.PLACES] for n in WORD_SIZES}
    return {"juicer_words": np.diff(offsets), **copies}


@shared(*(f"repeated_characters_in_{n}s" for n in CHARACTER_SIZES))
def character_ngrams(split: Split) -> Columns:
    """The copies of the most repeated n-grams of characters."""
    least, _ = CHARACTER_SIZES  # the other is twice as long
    found = runs.character_ngrams(*split.bounds, split.n_chars, least)
    return {f"repeated_characters_in_{n}s": found[:, k] for k, n in enumerate(CHARACTER_SIZES)}


@metric(level="text", unit="characters", source=f"{SOURCE}, text_length_filter")
def juicer_text_len() -> pl.Expr:
    """How many characters the text has; the default keeps 10 and more. The same as `n_chars`. 0 for an empty text."""
    return pl.col("characters")


@metric(level="text", unit="words", source=f"{SOURCE}, words_num_filter")
def juicer_num_words() -> pl.Expr:
    """How many words are left when special characters are taken off their ends; the default keeps 10 and more.

    A word of special characters alone is none: a number, a dash, an emoji. 0 for an empty text.
    """
    return pl.col("juicer_words")


@metric(level="text", unit="share of characters", better="higher", source=f"{SOURCE}, alphanumeric_filter")
def juicer_alnum_ratio() -> pl.Expr:
    """Share of the characters that are letters or numerals of any script; the default keeps 0.25 and more.

    Null for an empty text.
    """
    return ratio("alphanumerics", "characters")


@metric(level="text", unit="share of characters", better="lower", source=f"{SOURCE}, special_characters_filter")
def juicer_special_char_ratio() -> pl.Expr:
    """Share of the characters that are special: punctuation, digits, white space, signs, emoji; keeps up to 0.25.

    By data-juicer's list, which it has from BigScience: a blank is special, so prose has 0.2; a few letters are on it
    by mistake. Null for an empty text.
    """
    return ratio("special_characters", "characters")


@metric(level="text", unit="characters per line", source=f"{SOURCE}, average_line_length_filter")
def juicer_avg_line_length() -> pl.Expr:
    """Mean length of the lines, their breaks included: characters / lines of `str.splitlines`; keeps 10 and more.

    Null for an empty text.
    """
    return ratio("characters", "split_lines")


@metric(level="text", unit="characters", source=f"{SOURCE}, maximum_line_length_filter")
def juicer_max_line_length() -> pl.Expr:
    """Characters of the longest line, as `str.splitlines` has it; keeps 10 and more. 0 for an empty text."""
    return pl.col("longest_split_line")


def _character_repetition(n: int) -> pl.Expr:
    grams = pl.col("characters") - (n - 1)
    share = pl.when(grams > 0).then(pl.col(f"repeated_characters_in_{n}s") / grams).otherwise(0.0)
    return pl.when(pl.col("characters") > 0).then(share)


def _word_repetition(n: int) -> pl.Expr:
    grams = pl.col("juicer_words") - (n - 1)
    share = pl.when(grams > 0).then(pl.col(f"juicer_{n}gram_copies") / grams).otherwise(0.0)
    return pl.when(pl.col("juicer_words") > 0).then(share)


_CHARACTERS = """Share of the {n}-grams of characters that are copies of the most repeated ones{limit}.

Formula: copies of the k most frequent n-grams / all n-grams; k is the root of the number of different ones, or how many
of them are said twice, if those are fewer. 0 for a text of fewer than {n} characters, null for an empty text."""
_WORDS = """Share of the {n}-grams of words that are said more than once{limit}.

Formula: copies of repeated n-grams, the first too / all n-grams. 0 for a text of fewer than {n} words, null without
words."""

#: Name, what is repeated, of which length, the limit, the source.
REPETITION = (
    ("juicer_char_rep_ratio", _CHARACTERS, 10, "; the default drops above 0.5", SOURCE),
    ("juicer_char_rep_5_ratio", _CHARACTERS, 5, ", as data-juicer's own examples have it", SOURCE),
    ("juicer_word_rep_ratio", _WORDS, 10, "; the default drops above 0.5", SOURCE),
    ("juicer_word_rep_3_ratio", _WORDS, 3, ", as data-juicer's own examples have it", SOURCE),
    ("bigscience_character_repetition_ratio", _CHARACTERS, 10, "; ROOTS drops above 0.2", BIGSCIENCE),
    ("bigscience_word_repetition_ratio", _WORDS, 5, "; ROOTS drops above 0.3", BIGSCIENCE),
)
for _name, _doc, _n, _limit, _source in REPETITION:
    define(
        _name,
        _character_repetition(_n) if _doc is _CHARACTERS else _word_repetition(_n),
        _doc.format(n=_n, limit=_limit),
        unit="share of n-grams",
        source=_source,
        module=__name__,
    )
