"""`dclm_*`: what the filters of DCLM compute where they differ from the paper (mlfoundations/dclm, content_filters.py).

Words are those of Unicode's rules (UAX #29) that begin with a letter or a digit: no punctuation, so "well-known" is
two. Lines are what stands between line feeds, paragraphs what stands between two, stripped, without empty ones. All
copies of what is repeated count, the first one too. A text of one line or paragraph, or shorter than an n-gram, passes
in DCLM; here it has 0.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from corpusqa.kernels import ngrams
from corpusqa.kernels.wordbreaks import break_table, unicode_words
from corpusqa.kernels.words import letters
from corpusqa.metrics.registry import define, metric, ratio
from corpusqa.metrics.repetition import DUP_LIMITS, TOP_LIMITS
from corpusqa.metrics.shared import Columns, shared
from corpusqa.metrics.split import Split, running
from corpusqa.metrics.variants import DUP_SIZES, TOP_SIZES, Readings, numbered, told

SOURCE = "DCLM, Li et al. 2024, arXiv:2406.11794, baselines/mappers/filters/content_filters.py"

OF_WORDS: Readings = {
    "dclm_top_{n}gram_count": (ngrams.TOP_COUNT, TOP_SIZES),
    "dclm_top_{n}gram_characters": (ngrams.TOP_LONGEST, TOP_SIZES),
    "dclm_covered_{n}gram_characters": (ngrams.COVERED, DUP_SIZES),
}


@shared("dclm_words", "dclm_word_characters", *numbered(OF_WORDS))
def words(split: Split) -> Columns:
    """Words by Unicode's rules, and their n-grams."""
    most = int(split.texts.n_bytes.sum()) + 1
    plain = letters("0123456789_", small=False)
    offsets, hashes, lengths = unicode_words(*split.bounds, split.classes, break_table(), plain, most)
    own = {"dclm_words": np.diff(offsets), "dclm_word_characters": np.diff(running(lengths)[offsets])}
    return own | told(ngrams.repeated_ngrams(hashes, lengths, offsets), OF_WORDS)


@metric(level="text", unit="words", source=SOURCE)
def dclm_word_count() -> pl.Expr:
    """How many words begin with a letter or a digit; DCLM keeps 50 to 100,000. 0 for an empty text."""
    return pl.col("dclm_words")


@metric(level="text", unit="symbols per word", better="lower", source=SOURCE)
def dclm_symbol_word_ratio() -> pl.Expr:
    """Hash signs and ellipses for each word between white space; DCLM drops above 0.1.

    Formula: occurrences of `#`, `...`, `. . .` and `…` / words between white space. Null without words.
    """
    marks = pl.col("hash_signs") + pl.col("ellipses") + pl.col("spaced_ellipses")
    return pl.when(pl.col("words") > 0).then(marks / pl.col("words"))


@metric(level="text", unit="stop words", better="higher", source=SOURCE)
def dclm_stop_word_count() -> pl.Expr:
    """How often one of Gopher's eight stop words occurs, in any case; DCLM drops below 2. 0 without words."""
    return pl.col("any_stop_occurrences")


@metric(level="text", unit="share of lines", better="lower", source=SOURCE)
def dclm_bullet_line_ratio() -> pl.Expr:
    """Share of the lines that begin with `●`, `•`, `*` or `-`; DCLM drops above 0.9. Null without lines."""
    return ratio("dclm_bullet_lines", "lines")


@metric(level="text", unit="share of lines", better="lower", source=SOURCE)
def dclm_ellipsis_line_ratio() -> pl.Expr:
    """Share of the lines that end with `...`, `. . .` or `…`; DCLM drops above 0.3. Null without lines."""
    return ratio("dclm_ellipsis_lines", "lines")


@metric(level="text", unit="share of lines", better="lower", source=SOURCE)
def dclm_dup_line_frac() -> pl.Expr:
    """Share of the lines that are said more than once: all their copies / lines; DCLM drops above 0.30.

    Null without lines.
    """
    return ratio("copied_stripped_lines", "lines")


@metric(level="text", unit="share of paragraphs", better="lower", source=SOURCE)
def dclm_dup_para_frac() -> pl.Expr:
    """Share of the paragraphs that are said more than once: all their copies / paragraphs; DCLM drops above 0.30.

    Null for a blank text.
    """
    return ratio("copied_blocks", "stripped_blocks")


@metric(level="text", unit="share of characters", better="lower", source=SOURCE)
def dclm_dup_line_char_frac() -> pl.Expr:
    """Share of the lines' characters in lines that are said more than once; DCLM drops above 0.20.

    Formula: characters of all their copies / characters of all lines, stripped. Null without lines.
    """
    return ratio("copied_stripped_line_characters", "stripped_line_characters")


@metric(level="text", unit="share of characters", better="lower", source=SOURCE)
def dclm_dup_para_char_frac() -> pl.Expr:
    """Share of the paragraphs' characters in paragraphs that are said more than once; DCLM drops above 0.20.

    Formula: characters of all their copies / characters of all paragraphs, stripped. Null for a blank text.
    """
    return ratio("copied_block_characters", "stripped_block_characters")


for _n, _limit in TOP_LIMITS.items():
    define(
        f"dclm_top_{_n}gram_char_frac",
        pl.when(pl.col("dclm_words") > 0).then(
            pl.when(pl.col(f"dclm_top_{_n}gram_count") > 1).then(pl.col(f"dclm_top_{_n}gram_characters")).otherwise(0)
            / pl.col("dclm_word_characters")
        ),
        f"""Characters of the most frequent {_n}-gram for each character of a word; DCLM drops above {_limit}.

Formula: characters of its words * copies / characters of all words; of several as frequent the longest; 0 where none is
said twice. Copies that overlap count twice, so it may pass 1. Null without words.""",
        unit="characters per word character",
        source=SOURCE,
        module=__name__,
    )
for _n, _limit in DUP_LIMITS.items():
    define(
        f"dclm_dup_{_n}gram_char_frac",
        ratio(f"dclm_covered_{_n}gram_characters", "dclm_word_characters"),
        f"""Share of the words' characters in {_n}-grams that are said more than once; DCLM drops above {_limit:.2f}.

Formula: characters of the words in any copy, each counted once / characters of all words. Null without words.""",
        unit="share of characters",
        source=SOURCE,
        module=__name__,
    )
