"""`readability_*`: how hard a text is to read, by the formulas of the field. For English, but for LIX and RIX.

The formulas are exact; what they are fed with are estimates: sentences as `n_sentences` finds them, words as what
stands between white space and has a letter or digit, syllables by the letters of a word (`kernels.syllables`: of the
running words of English news 97 in 100 are right, see `tests/benches/debris.py`). A text of a few words gives wild
values, so limit `n_words` too.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from corpusqa.kernels import syllables
from corpusqa.kernels.characters import Table, character_table
from corpusqa.metrics.registry import metric
from corpusqa.metrics.shared import Columns, shared
from corpusqa.metrics.split import Split

WORDS, SENTENCES = pl.col("read_words"), pl.col("sentences")
GRADE = "school years"
#: Vowels with and without accents; the last few are Greek and Cyrillic, so that their words have syllables at all.
VOWELS = "aeiouàáâãäåæèéêëìíîïòóôõöøùúûüýāăąēĕėęěīĭįıōŏőœūŭůűųαεηιουωάέήίόύώаеёиоуыэюяіїє"


@cache
def _vowels() -> NDArray[np.bool_]:
    """Of each code point up to the last vowel, whether it is one."""
    return np.bincount(list(map(ord, VOWELS))) > 0


@cache
def _letters() -> Table:
    """The small letter of each code point, in a table that could be written to: for such the kernel is compiled."""
    return np.array(character_table())


@shared(*syllables.KINDS)
def reading(split: Split) -> Columns:
    """Words as these formulas count them."""
    found = syllables.reading(*split.bounds, split.classes, _letters(), _vowels())
    return dict(zip(syllables.KINDS, found.T, strict=True))


def _formula(value: pl.Expr) -> pl.Expr:
    """Null where there is nothing to read."""
    return pl.when((WORDS > 0) & (SENTENCES > 0)).then(value)


def _per_word(column: str) -> pl.Expr:
    return pl.col(column) / WORDS


def _per_sentence(column: str) -> pl.Expr:
    return pl.col(column) / SENTENCES


@metric(level="text", unit="words per sentence", source="corpusqa")
def readability_sentence_length() -> pl.Expr:
    """Mean length of the sentences: words / sentences.

    About 22 in English news, 15 in fiction; far more where end marks are lost. Null without words.
    """
    return _formula(_per_sentence("read_words"))


@metric(level="text", unit="syllables per word", source="corpusqa")
def readability_syllables_per_word() -> pl.Expr:
    """Mean number of syllables of the words: syllables / words. About 1.5 in English news. Null without words."""
    return _formula(_per_word("syllables"))


@metric(level="text", unit="points", source="Flesch 1948, A new readability yardstick")
def readability_flesch_reading_ease() -> pl.Expr:
    """Flesch's reading ease: 100 is easy, 60 plain English, below 30 for graduates; no limit at either end.

    Formula: 206.835 - 1.015 words / sentences - 84.6 syllables / words. Null without words.
    """
    return _formula(206.835 - 1.015 * _per_sentence("read_words") - 84.6 * _per_word("syllables"))


@metric(level="text", unit=GRADE, source="Kincaid et al. 1975, Derivation of new readability formulas")
def readability_flesch_kincaid_grade() -> pl.Expr:
    """Flesch-Kincaid grade: the school years that a reader needs.

    Formula: 0.39 words / sentences + 11.8 syllables / words - 15.59. Null without words.
    """
    return _formula(0.39 * _per_sentence("read_words") + 11.8 * _per_word("syllables") - 15.59)


@metric(level="text", unit=GRADE, source="Gunning 1952, The technique of clear writing")
def readability_gunning_fog() -> pl.Expr:
    """Gunning's fog index: the school years that a reader needs.

    Formula: 0.4 (words / sentences + 100 words of three syllables or more / words). Gunning leaves out names and
    compounds of easy words; this does not. Null without words.
    """
    return _formula(0.4 * (_per_sentence("read_words") + 100 * _per_word("polysyllables")))


@metric(level="text", unit=GRADE, source="McLaughlin 1969, SMOG grading")
def readability_smog() -> pl.Expr:
    """McLaughlin's SMOG grade: the school years that a reader needs.

    Formula: 1.0430 sqrt(30 words of three syllables or more / sentences) + 3.1291. Made for 30 sentences and more.
    Null without words.
    """
    return _formula(1.0430 * (30 * _per_sentence("polysyllables")).sqrt() + 3.1291)


@metric(level="text", unit=GRADE, source="Smith and Senter 1967, Automated readability index")
def readability_ari() -> pl.Expr:
    """Automated readability index: the school years that a reader needs, from letters instead of syllables.

    Formula: 4.71 letters and digits / words + 0.5 words / sentences - 21.43. Null without words.
    """
    return _formula(4.71 * _per_word("read_characters") + 0.5 * _per_sentence("read_words") - 21.43)


@metric(level="text", unit=GRADE, source="Coleman and Liau 1975, A computer readability formula")
def readability_coleman_liau() -> pl.Expr:
    """Coleman-Liau index: the school years that a reader needs, from letters instead of syllables.

    Formula: 5.88 letters / words - 29.6 sentences / words - 15.8. Null without words.
    """
    return _formula(5.88 * _per_word("read_letters") - 29.6 * _per_word("sentences") - 15.8)


@metric(level="text", unit="points", source="Björnsson 1968, Läsbarhet")
def readability_lix() -> pl.Expr:
    """Björnsson's LIX, for any language with letters: below 30 for children, 40 to 50 news, above 60 law.

    Formula: words / sentences + 100 words of more than six letters / words. Null without words.
    """
    return _formula(_per_sentence("read_words") + 100 * _per_word("long_words"))


@metric(level="text", unit="long words per sentence", source="Anderson 1983, Lix and Rix")
def readability_rix() -> pl.Expr:
    """Anderson's RIX, for any language with letters: words of more than six letters / sentences.

    0.5 is for the second school year, 7 for college. Null without words.
    """
    return _formula(_per_sentence("long_words"))
