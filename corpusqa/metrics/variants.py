"""Passes that count as other programs count: their lines, their paragraphs, their words, their n-grams.

The families `datatrove`, `dolma`, `nemo`, `dclm` read these columns. Words are what stands between white space, save
DCLM's; NeMo and Dolma have them so too, datatrove takes spaCy's.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from corpusqa.kernels import counts, ngrams, pieces, runs, words
from corpusqa.kernels.foreign import foreign_table
from corpusqa.kernels.phrases import Phrases, phrases
from corpusqa.metrics.shared import PASSES, STOP_WORDS, Columns, shared
from corpusqa.metrics.split import Numbers, Pieces, Split, greatest, running

TOP_SIZES = range(ngrams.TOP[0], ngrams.TOP[1] + 1)
DUP_SIZES = range(ngrams.DUP[0], ngrams.DUP[1] + 1)
ALL_SIZES = range(ngrams.LEAST, ngrams.MOST + 1)

Readings = Mapping[str, tuple[int, range]]  #: column with `{n}` in its name -> reading of `ngrams`, sizes

#: What a line must end with for NeMo to take it for cut off, and which words it takes for an ellipsis.
NEMO_ELLIPSES = ("...", "[...]", "…", "(...)", "[…]", "-»", "read more..", "read more")


def stripped(split: Split, raw: Pieces) -> Pieces:
    """Those of the pieces that are not blank, stripped."""
    starts, ends = pieces.strip_all(*raw.bounds, split.classes)
    full = starts < ends
    return Pieces(raw.data, starts[full], ends[full], running(full)[raw.offsets])


def numbered(columns: Readings) -> tuple[str, ...]:
    """The names of the columns, one for each size."""
    return tuple(name.format(n=n) for name, (_, sizes) in columns.items() for n in sizes)


def told(readings: Numbers, columns: Readings) -> dict[str, Numbers]:
    """These readings of n-grams, as columns."""
    return {
        name.format(n=n): readings[:, n - ngrams.LEAST, reading]
        for name, (reading, sizes) in columns.items()
        for n in sizes
    }


OF_WORDS: Readings = {
    "top_{n}gram_count": (ngrams.TOP_COUNT, TOP_SIZES),
    "top_{n}gram_times_characters": (ngrams.TOP_TIMES, TOP_SIZES),
    "copied_{n}gram_characters": (ngrams.COPIES, DUP_SIZES),
    "all_{n}gram_characters": (ngrams.TOTAL, DUP_SIZES),
    "spaced_{n}gram_characters": (ngrams.LATER_SPACED, ALL_SIZES),
}


@shared(*numbered(OF_WORDS))
def ngrams_of_words(split: Split) -> Columns:
    """N-grams of the words as they are, as Dolma, datatrove and NeMo count them."""
    return told(split.ngrams, OF_WORDS)


@shared(*(f"struck_{n}gram_characters" for n in TOP_SIZES))
def struck_out(split: Split) -> Columns:
    """What NeMo takes out of the text when it deletes the most frequent n-gram."""
    tops = {n: split.ngrams[:, n - ngrams.LEAST, ngrams.TOP_PLACE].copy() for n in TOP_SIZES}
    return {
        f"struck_{n}gram_characters": words.struck_out(*split.bounds, split.classes, places, n)
        for n, places in tops.items()
    }


@shared(*(f"joined_{n}gram_characters" for n in DUP_SIZES))
def run_together(split: Split) -> Columns:
    """Repeated n-grams as datatrove finds them, without blanks, and going on behind each."""
    told = split.words
    found = runs.run_together(told.hashes, told.lengths, told.offsets, *ngrams.DUP)
    return dict(zip(PASSES["joined_5gram_characters"].columns, found.T, strict=True))


@shared(
    "sound_words", "sound_characters", "marked_words", "sign_words", "stop_occurrences", "any_stop_occurrences",
)  # fmt: skip
def word_counts(split: Split) -> Columns:
    """Words, by what datatrove, Dolma, NeMo and DCLM ask of them."""
    marks = phrases(mark for mark in NEMO_ELLIPSES if " " not in mark)
    given = *split.bounds, split.classes, foreign_table(), words.letters(), words.packed(list(STOP_WORDS))
    found = words.word_counts(*given, marks.letters, marks.bounds)
    return dict(zip(PASSES["sound_words"].columns, found.T, strict=True))


@shared("spaced_ellipses")
def spaced_ellipses(split: Split) -> Columns:
    """Occurrences of `. . .`, as `str.count` has it."""
    return {"spaced_ellipses": words.spaced_ellipses(*split.bounds)}


@shared("separate_lines", "copied_lines", "copied_line_characters")
def lines_at_feeds(split: Split) -> Columns:
    """Lines between single line feeds, empty ones too, and those said more than once, every copy."""
    found = split.at_feeds
    return _repeats("separate_lines", found, counts.FIRST)


@shared("merged_lines", "later_merged_lines", "later_merged_line_characters", "copied_merged_lines")
def lines_at_runs(split: Split) -> Columns:
    """Lines between runs of line feeds; those that have come before; and those said more than once, every copy."""
    found = split.between(split.bounds, 1, more=True)
    later = _repeats("merged_lines", found, counts.LATER)
    return {**later, "copied_merged_lines": found.repeats(counts.FIRST)[0]}


@shared("merged_blocks", "later_merged_blocks", "later_merged_block_characters")
def blocks_at_runs(split: Split) -> Columns:
    """What runs of line feeds set apart in the stripped text, and what of it has come before."""
    data, starts, ends = split.bounds
    inner = data, *pieces.strip_all(data, starts, ends, split.classes)
    return _repeats("merged_blocks", split.between(inner, 2, more=True), counts.LATER)


@shared("separate_blocks", "later_separate_blocks", "later_separate_block_characters", "separate_block_characters")
def blocks_at_pairs(split: Split) -> Columns:
    """What pairs of line feeds set apart, empty or not, and what of it has come before."""
    found = split.at_pairs
    return {**_repeats("separate_blocks", found, counts.LATER), "separate_block_characters": found.total(found.n_chars)}


@shared("stripped_blocks", "copied_blocks", "copied_block_characters", "stripped_block_characters")
def stripped_blocks(split: Split) -> Columns:
    """The same, stripped and not empty, and what of it is said more than once, every copy."""
    found = stripped(split, split.at_pairs)
    return {**_repeats("stripped_blocks", found, counts.FIRST), "stripped_block_characters": found.total(found.n_chars)}


@shared("later_whole_lines", "whole_line_characters")
def whole_line_repeats(split: Split) -> Columns:
    """Lines that are not blank, not stripped, that have come before; and the characters of all of them."""
    found = split.whole_lines
    return {
        "later_whole_lines": found.repeats()[0],
        "whole_line_characters": found.total(found.n_chars),
    }


@shared("copied_stripped_lines", "copied_stripped_line_characters", "stripped_line_characters")
def stripped_line_copies(split: Split) -> Columns:
    """Lines that are not blank, stripped, that are said more than once, every copy; and the characters of all."""
    found = split.lines
    n_lines, n_chars = found.repeats(counts.FIRST)
    return {
        "copied_stripped_lines": n_lines,
        "copied_stripped_line_characters": n_chars,
        "stripped_line_characters": found.total(found.n_chars),
    }


#: Which characters begin an item of a list: for NeMo, for DCLM, for datatrove.
NEMO_BULLETS, DCLM_BULLETS, DATATROVE_BULLETS = "•‣⁃⁌⁍∙○●◘◦⦾⦿", "●•*-", "•-"
ENDS = {
    "nemo_ellipsis_lines": phrases(NEMO_ELLIPSES),
    "nemo_ended_lines": phrases([".", "?", "!", '"', "'"]),
    "dclm_ellipsis_lines": phrases(["...", ". . .", "…"]),
}


@shared("nemo_bullet_lines", "dclm_bullet_lines", *ENDS)
def line_edges(split: Split) -> Columns:
    """How the lines that are not blank begin and end, once stripped."""
    found = split.lines
    first, _, _ = counts.edges(*found.bounds)
    bullets = {"nemo_bullet_lines": NEMO_BULLETS, "dclm_bullet_lines": DCLM_BULLETS}
    begun = {name: found.total(np.isin(first, list(map(ord, marks)))) for name, marks in bullets.items()}
    return begun | {name: found.total(_ending(found, marks)) for name, marks in ENDS.items()}


@shared("dolma_bullet_lines", "dolma_ellipsis_lines")
def whole_line_edges(split: Split) -> Columns:
    """How lines begin and end with their white space, as Dolma looks at them."""
    found = split.whole_lines
    first, last, _ = counts.edges(*found.bounds)
    bullets = np.isin(first, [ord("*"), ord("-")])
    return {"dolma_bullet_lines": found.total(bullets), "dolma_ellipsis_lines": found.total(last == counts.ELLIPSIS)}


@shared("split_lines", "longest_split_line", "split_bullet_lines", "split_ellipsis_lines")
def split_lines(split: Split) -> Columns:
    """Lines as `str.splitlines` has them, empty ones too, the longest's characters, and how they begin and end."""
    offsets, starts, ends = pieces.split_lines(*split.bounds)
    found = Pieces(split.texts.data, starts, ends, offsets)
    full = stripped(split, found)
    first, _, ellipsis = counts.edges(*full.bounds)
    return {
        "split_lines": np.diff(offsets),
        "longest_split_line": greatest(found.n_chars, offsets),
        "split_bullet_lines": full.total(np.isin(first, list(map(ord, DATATROVE_BULLETS)))),
        "split_ellipsis_lines": full.total(ellipsis),
    }


@shared(
    "special_characters", "plain_characters", "blank_characters", "brackets", "ascii_digits", "alphanumerics", "curls"
)
def listed_characters(split: Split) -> Columns:
    """Characters, by the lists of other programs."""
    found = counts.characters(*split.bounds, foreign_table())
    return dict(zip(PASSES["special_characters"].columns, found.T[1:], strict=True))


def _ending(found: Pieces, marks: Phrases) -> NDArray[np.bool_]:
    return np.asarray(pieces.end_with(*found.bounds, marks.letters, marks.bounds))


def _repeats(first: str, found: Pieces, least: int) -> Columns:
    """How many pieces there are, how many are said again, and the characters of these, by the names of the pass."""
    names = PASSES[first].columns[:3]
    return dict(zip(names, (np.diff(found.offsets), *found.repeats(least)), strict=True))
