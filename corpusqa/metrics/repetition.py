"""`gopher_*`, second part: the thirteen measures of repetition (Rae et al. 2021, arXiv:2112.11446, table A1).

The paper gives one line to each, and no two programs read them alike. Our reading, the same for all thirteen: what
repeats is what has come before, so a first copy does not count (the most frequent n-gram aside, which is all its
copies); no character counts twice; words are what stands between white space, as they are. Lines and paragraphs are
measured against all characters of the text, n-grams against the characters of its words, so that a text of one phrase
said over and over comes near 1. Null where there is nothing that could repeat.
"""

from __future__ import annotations

import polars as pl

from corpusqa.kernels.ngrams import DUP, TOP
from corpusqa.metrics.registry import Expression, metric, ratio

PAPER = "Gopher, Rae et al. 2021, arXiv:2112.11446, table A1; corpusqa's reading"
#: Table A1: the share above which Gopher drops a document, by the length of the n-gram.
TOP_LIMITS = {2: 0.20, 3: 0.18, 4: 0.16}
DUP_LIMITS = {5: 0.15, 6: 0.14, 7: 0.13, 8: 0.12, 9: 0.11, 10: 0.10}


@metric(level="text", unit="share of lines", better="lower", source=PAPER)
def gopher_dup_line_frac() -> pl.Expr:
    """Share of the lines that have come before in the text; Gopher drops a document above 0.30.

    Formula: repeated lines / lines that are not blank; lines are compared stripped. As datatrove and NeMo count; Dolma,
    DCLM and RedPajama-V2 count the first copy too, and are up to twice as high. Null without lines.
    """
    return ratio("again_lines", "lines")


@metric(level="text", unit="share of paragraphs", better="lower", source=PAPER)
def gopher_dup_para_frac() -> pl.Expr:
    """Share of the paragraphs, here what blank lines set apart, that have come before; Gopher drops above 0.30.

    Formula: repeated paragraphs / paragraphs. A text without blank lines is one paragraph and has 0; where one line is
    one paragraph, see `gopher_dup_line_frac`, or `repeat_paragraphs`, which knows near copies. Null for a blank text.
    """
    return ratio("again_blocks", "blocks")


@metric(level="text", unit="share of characters", better="lower", source=PAPER)
def gopher_dup_line_char_frac() -> pl.Expr:
    """Share of the text's characters in lines that have come before in it; Gopher drops a document above 0.20.

    Formula: characters of repeated lines, stripped / all characters, as in datatrove. NeMo, DCLM and Dolma divide by
    the characters of lines or of words. Null without lines.
    """
    return pl.when(pl.col("lines") > 0).then(ratio("again_line_characters", "characters"))


@metric(level="text", unit="share of characters", better="lower", source=PAPER)
def gopher_dup_para_char_frac() -> pl.Expr:
    """Share of the text's characters in paragraphs that have come before in it; Gopher drops a document above 0.20.

    Formula: characters of repeated paragraphs, stripped / all characters, as in datatrove. Paragraphs are what blank
    lines set apart. Null for a blank text.
    """
    return pl.when(pl.col("blocks") > 0).then(ratio("again_block_characters", "characters"))


def _top_ngram(n: int, limit: float) -> Expression:
    """Make the metric of the most frequent n-gram."""

    def expression() -> pl.Expr:
        return ratio(f"top_{n}gram_characters", "word_characters")

    expression.__name__ = f"gopher_top_{n}gram_char_frac"
    expression.__doc__ = f"""Share of the words' characters in the most frequent {n}-gram; Gopher drops above {limit}.

    Formula: characters of the words in all its copies / characters of all words. An {n}-gram said once is not frequent:
    then it is 0, where datatrove and Dolma give a short text a high value. Of several as frequent, the one said first,
    as there. Characters in copies that overlap count once. Null without words.
    """
    return expression


def _dup_ngram(n: int, limit: float) -> Expression:
    """Make the metric of the repeated n-grams."""

    def expression() -> pl.Expr:
        return ratio(f"again_{n}gram_characters", "word_characters")

    expression.__name__ = f"gopher_dup_{n}gram_char_frac"
    expression.__doc__ = f"""Share of the words' characters in {n}-grams said before; Gopher drops above {limit:.2f}.

    Formula: characters of the words in second and later copies of any {n}-gram / characters of all words; a word in
    several such copies counts once, as the paper says. Dolma, DCLM and RedPajama-V2 count first copies too; datatrove
    skips {n} words after each hit and so misses the rest of a longer copy. 0 for a text of fewer words, null without
    words.
    """
    return expression


for _n in range(TOP[0], TOP[1] + 1):
    metric(level="text", unit="share of characters", better="lower", source=PAPER)(_top_ngram(_n, TOP_LIMITS[_n]))
for _n in range(DUP[0], DUP[1] + 1):
    metric(level="text", unit="share of characters", better="lower", source=PAPER)(_dup_ngram(_n, DUP_LIMITS[_n]))
