"""`truncated_*`: signs that a text goes on elsewhere: a preview, a feed's teaser, a page behind a wall.

Counts of marks, and how the text ends. A single sign proves little (a headline ends without a mark, a column may end
with an ellipsis), so a suite had better limit shares over many documents, or several signs at once.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from corpusqa.kernels.sentences import BEHIND, END, ended
from corpusqa.metrics.registry import metric, ratio
from corpusqa.metrics.shared import SHORT_LINE, Columns, shared
from corpusqa.metrics.split import Split

#: What sites and feeds write where the rest is left out, at the end of a line: the words for "read more" and "continue
#: reading" in the languages of the web's news. Each may have dots, arrows or brackets around it.
_MORE = (
    r"(?:read|see|view|show|learn|find out) (?:the )?(?:more|full (?:story|article|text))|"
    r"read the (?:rest|whole story)|"
    r"continue reading|keep reading|click here to read more|story continues|article continues|"
    r"weiterlesen|mehr lesen|mehr dazu|mehr erfahren|lesen sie mehr|"
    r"lire (?:la )?suite|lire plus|en savoir plus|voir plus|"
    r"leer más|seguir leyendo|sigue leyendo|ver más|continuar leyendo|"
    r"leggi (?:tutto|di più|anche)|continua a leggere|"
    r"ler mais|leia mais|continue lendo|continuar a ler|saiba mais|"
    r"lees (?:verder|meer)|verder lezen|läs mer|läs hela artikeln|"
    r"les mer|les hele saken|læs mere|læs hele artiklen|lue lisää|"
    r"czytaj (?:więcej|dalej)|więcej|číst (?:více|dále)|celý článek|čítať ďalej|olvass tovább|tovább olvasom|"
    r"citește (?:mai mult|mai departe)|devamını oku|читать (?:далее|дальше|полностью)|подробнее|читати далі|детальніше|"
    r"διαβάστε περισσότερα|اقرأ المزيد|قراءة المزيد|קרא עוד|המשך קריאה|阅读全文|閱讀全文|查看全文|展开全文|"
    r"続きを読む|もっと見る|더 ?보기|"
    r"आगे पढ़ें|और पढ़ें|đọc (?:thêm|tiếp)|xem thêm|baca (?:selengkapnya|juga)|selengkapnya"
)
READ_MORE = rf"(?im)(?:^|[\s.…\[(|])(?:{_MORE})[\s.…:→»›>\])]*$"
#: The notes of machines: NewsAPI's "[+1234 chars]", WordPress's "[…]" and "(more…)", and their like.
_CUT = (
    r"(?i)\[\+ ?\d+ (?:chars|characters|words)\]|\[(?:…|\.\.\.|&hellip;)\]|\((?:…|\.\.\.)\)|\(more ?(?:…|\.\.\.)\)"
    r"|\[(?:truncated|snip|cut|gekürzt|tronqué|recortado)\]|…\(truncated\)"
)
#: A last line that ends so has come to its end: an end mark of Unicode's Sentence_Terminal or its wide forms, and
#: the quotes and brackets that may close behind it.
_MARK, _CLOSING = r"[\p{Sentence_Terminal}。！？｡؟।॥…]", r"""[\p{Pe}\p{Pf}"'*_\d\s]"""
_ELLIPSIS = r"""(?:…|\.\.\.|\. \. \.)[\p{Pe}\p{Pf}"'\s]*$"""


@cache
def _marks() -> NDArray[np.uint8]:
    """END and BEHIND of the code points of the planes that have any, (0x20000,) uint8."""
    codes = np.array([*range(0xD800), *range(0xE000, 0x20000)])
    characters = pl.Series(map(chr, codes), dtype=pl.String)
    table = np.zeros(0x20000, np.uint8)
    for mark, pattern in ((END, _MARK), (BEHIND, _CLOSING)):
        table[codes] |= np.uint8(mark) * characters.str.contains(pattern).to_numpy()
    return table


@shared("open_ends")
def open_ends(split: Split) -> Columns:
    """Whether the text stops in the middle of a sentence."""
    return {"open_ends": ((split.n_words > 0) & ~ended(*split.bounds, _marks())).astype(np.int64)}


@shared("prose_lines", "open_prose_lines")
def prose_lines(split: Split) -> Columns:
    """Lines that are as long as prose, and those of them that stop in the middle of it."""
    found = split.at_feeds
    long = found.n_chars >= 2 * SHORT_LINE
    return {
        "prose_lines": found.total(long),
        "open_prose_lines": found.total(long & ~ended(*found.bounds, _marks())),
    }


@metric(level="text", unit="open ends", better="lower", source="corpusqa; Unicode, Sentence_Terminal")
def truncated_open_end() -> pl.Expr:
    """1 when the text does not end with an end mark, closing quotes and brackets aside, else 0.

    An ellipsis is an end mark here: see `truncated_ellipsis_end`. A sum over documents says how many stop in the middle
    of a sentence, or with a line of furniture. 0 for an empty text.
    """
    return pl.col("open_ends")


@metric(level="text", unit="ellipses", better="lower", source="corpusqa")
def truncated_ellipsis_end() -> pl.Expr:
    """1 when the text trails off with an ellipsis (`…`, `...`), closing quotes and brackets aside, else 0.

    0 for an empty text.
    """
    return pl.col("text").str.strip_chars_end().str.contains(_ELLIPSIS).cast(pl.Int64)


@metric(level="text", unit="share of long lines", better="lower", source="corpusqa")
def truncated_open_line_ratio() -> pl.Expr:
    """Share of the lines as long as prose that do not end with an end mark.

    Formula: lines of 60 characters and more that end without one, closing quotes and brackets aside / lines of 60
    characters and more. High in lists of headlines and in text that is wrapped at a fixed width. Null without such
    lines.
    """
    return ratio("open_prose_lines", "prose_lines")


@metric(level="text", unit="lines", better="lower", source="corpusqa")
def truncated_read_more_lines() -> pl.Expr:
    """How many lines end with "Read more", "Continue reading" or their like, in two dozen languages.

    Dots, arrows and brackets around the words do not matter; more words behind them do. 0 for an empty text.
    """
    return pl.col("text").str.count_matches(READ_MORE)


@metric(level="text", unit="marks", better="lower", source="corpusqa; NewsAPI, WordPress")
def truncated_mark_count() -> pl.Expr:
    """How many marks of a machine say that text was cut: `[+1234 chars]`, `[…]`, `(more…)`, `[truncated]`.

    An ellipsis in brackets inside a quotation is of the same form, and counts. 0 for an empty text.
    """
    return pl.col("text").str.count_matches(_CUT)
