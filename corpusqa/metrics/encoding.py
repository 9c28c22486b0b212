"""`encoding_*`: debris of a wrong encoding, of markup and of machines, that a reader of the page never saw.

Mojibake is ftfy's judgement (Robyn Speer, ftfy.readthedocs.io), line by line. ftfy is Python, so it is shown only lines
that could be mojibake at all: those where a character beyond ASCII stands beside another in a way that its patterns ask
for. A text in ASCII costs next to nothing; a property test holds the filter to be no more than that.
"""

from __future__ import annotations

import re
from functools import cache
from html.entities import html5

import numpy as np
import polars as pl
from numpy.typing import NDArray

from corpusqa.kernels import oddities
from corpusqa.metrics.registry import metric, ratio
from corpusqa.metrics.shared import Columns, shared
from corpusqa.metrics.split import Split

FTFY = "ftfy 6.3, fix_encoding"

#: A line that ftfy could change: each of its patterns of badness (`ftfy.badness.BADNESS_RE`, 6.3) needs one of these.
#: Two typographic marks side by side ("…”") are the one frequent pair that none of them asks for.
_PLAIN = "‘’“”–—…•\u00a0"
SUSPICIOUS = rf"[^\x00-\x7f][^\x00-\x7f{_PLAIN}]|[^\x00-\x7f{_PLAIN}](?:[^\x00-\x7f]|&)|[\u0080-\u009f]|[ŒœÂÃØÙ]"
#: Letters that look the same in two scripts, each beside its double: of Unicode's confusables (UTS 39) those that are
#: the same shape in print. Small Greek letters but ο are left out: α, ν and ρ stand in formulas and gene names.
_CYRILLIC = "аАВеЕКМНоОрРсСТуУхХіІјЈѕЅһԛԝ", "aABeEKMHoOpPcCTyYxXiIjJsShqw"
_GREEK = "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "ABEZHIKMNOPTYXo"

_ENTITY = r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
#: The elements of HTML (WHATWG, Living Standard, and what browsers still take), with attributes or without.
_ELEMENTS = (
    "a|abbr|address|area|article|aside|audio|b|base|bdi|bdo|big|blockquote|body|br|button|canvas|caption|center|cite|"
    "code|col|colgroup|data|datalist|dd|del|details|dfn|dialog|dir|div|dl|dt|em|embed|fieldset|figcaption|figure|font|"
    "footer|form|frame|frameset|h[1-6]|head|header|hgroup|hr|html|i|iframe|img|input|ins|kbd|label|legend|li|link|"
    "main|map|mark|math|menu|meta|meter|nav|noscript|object|ol|optgroup|option|output|p|param|picture|pre|progress|q|"
    "rp|rt|ruby|s|samp|script|section|select|slot|small|source|span|strike|strong|style|sub|summary|sup|svg|table|"
    "tbody|td|template|textarea|tfoot|th|thead|time|title|tr|track|tt|u|ul|var|video|wbr"
)
_TAG = rf"(?i)</?(?:{_ELEMENTS})(?:\s[^<>]*)?/?>|<!--|<!doctype\b"


@shared(*oddities.KINDS)
def odd_characters(split: Split) -> Columns:
    """Characters that are no writing."""
    return dict(zip(oddities.KINDS, oddities.oddities(*split.bounds).T, strict=True))


@shared("mixed_words")
def mixed_words(split: Split) -> Columns:
    """Words spelled in two scripts."""
    return {"mixed_words": oddities.mixed_words(*split.bounds, split.classes, *_doubles())}


@shared("mojibake_lines")
def mojibake_lines(split: Split) -> Columns:
    """Lines that ftfy would repair."""
    rows, lines = _suspicious(split.series)
    found = np.fromiter(map(_garbled, lines), np.bool_, len(lines))
    return {"mojibake_lines": np.bincount(rows[found], minlength=len(split.texts))}


@shared("html_entities")
def html_entities(split: Split) -> Columns:
    """Entities of HTML."""
    texts = split.series
    rows = texts.str.contains(_ENTITY).arg_true()
    counts = np.zeros(len(texts), np.int64)
    for row, text in zip(rows, texts.gather(rows), strict=True):
        counts[row] = sum(map(_is_entity, re.findall(_ENTITY, text)))
    return {"html_entities": counts}


def _suspicious(texts: pl.Series) -> tuple[NDArray[np.int64], pl.Series]:
    """The lines that ftfy is shown, and the text that each is of."""
    held = pl.DataFrame({"text": texts}).with_row_index("row").filter(pl.col("text").str.contains(SUSPICIOUS))
    lines = held.with_columns(pl.col("text").str.split("\n")).explode("text", empty_as_null=False)
    lines = lines.filter(pl.col("text").str.contains(SUSPICIOUS))
    return lines["row"].cast(pl.Int64).to_numpy(), lines["text"]


def _garbled(line: str) -> bool:
    """Whether ftfy repairs the encoding of this line, its entities (`&frac14;`) resolved first, as ftfy does."""
    from ftfy import fix_encoding
    from ftfy.fixes import unescape_html

    plain = unescape_html(line) if "&" in line else line
    return fix_encoding(plain) != plain


def _is_entity(found: str) -> bool:
    return found[1] == "#" or found[1:] in html5


@cache
def _doubles() -> tuple[oddities.Doubles, oddities.Doubles]:
    """The letters with a double, Cyrillic and Greek, each with the Latin ones."""
    codes = [np.array(sorted(map(ord, letters)), np.int64) for letters in (*_CYRILLIC, *_GREEK)]
    return (codes[0], codes[1]), (codes[2], codes[3])


@metric(level="text", unit="lines", better="lower", source=FTFY)
def encoding_mojibake_lines() -> pl.Expr:
    """How many lines hold mojibake: UTF-8 read as another encoding (`donâ€™t`), and its like.

    A line counts when ftfy would repair its encoding. Damage that cannot be undone may go unseen. 0 for an empty text.
    """
    return pl.col("mojibake_lines")


@metric(level="text", unit="share of lines", better="lower", source=FTFY)
def encoding_mojibake_line_ratio() -> pl.Expr:
    """Share of the lines that hold mojibake: lines that ftfy would repair / lines that are not blank.

    Null without lines.
    """
    return ratio("mojibake_lines", "lines")


@metric(level="text", unit="characters", better="lower", source="Unicode, U+FFFD")
def encoding_replacement_chars() -> pl.Expr:
    """How many characters are `\N{REPLACEMENT CHARACTER}`, which stands where bytes could not be read.

    corpusqa puts it there too, for invalid UTF-8 in its input. 0 for an empty text.
    """
    return pl.col("replacements")


@metric(level="text", unit="characters", better="lower", source="Unicode, general category Cc")
def encoding_control_chars() -> pl.Expr:
    """How many control characters the text has, but for tabs and line breaks.

    U+0080 to U+009F among them, which are nearly always Windows-1252 read as Latin-1, and the form feeds of PDF
    extractors. 0 for an empty text.
    """
    return pl.col("controls")


@metric(level="text", unit="characters", better="lower", source="Unicode, general category Co")
def encoding_private_use_chars() -> pl.Expr:
    """How many characters are of the private use areas: icon fonts, and letters of PDF fonts without a mapping.

    0 for an empty text.
    """
    return pl.col("private_use")


@metric(level="text", unit="characters", better="lower", source="corpusqa; Unicode, general category Cf")
def encoding_zero_width_chars() -> pl.Expr:
    """How many zero-width characters stand where they do nothing: spaces, joiners, byte order marks (U+FEFF).

    Joiners after letters of Arabic, Indic and other scripts that need them, and in emoji, do not count; nor do
    zero-width spaces where Thai, Lao, Khmer or Myanmar may break a line. 0 for an empty text.
    """
    return pl.col("zero_widths")


@metric(level="text", unit="characters", source="Unicode, UAX 9, directional formatting characters")
def encoding_bidi_chars() -> pl.Expr:
    """How many invisible marks of direction the text has (U+200E, U+200F, U+061C, U+202A to U+202E, U+2066 to U+2069).

    Usual in Arabic and Hebrew; elsewhere they come from pasted names, or hide something. 0 for an empty text.
    """
    return pl.col("bidi_marks")


@metric(level="text", unit="characters", better="lower", source="Unicode, U+00AD")
def encoding_soft_hyphen_chars() -> pl.Expr:
    """How many soft hyphens the text has: invisible, and yet they split words for every tokeniser.

    0 for an empty text.
    """
    return pl.col("soft_hyphens")


@metric(level="text", unit="words", better="lower", source="corpusqa; letters of Unicode's confusables, UTS 39")
def encoding_mixed_script_words() -> pl.Expr:
    """How many words are spelled in Latin and Cyrillic or Greek letters that look like one another: `pаypal`.

    A word is a run of letters. It counts when all its letters of one of the two scripts have a double in the other, so
    `3D-принтер`, `μm` and `β-Carotin` do not; with Greek, from three letters on, and where the Latin letters are the
    ones with doubles, they must be fewer (`αTM` is no word). 0 for an empty text.
    """
    return pl.col("mixed_words")


@metric(level="text", unit="entities", better="lower", source="corpusqa; names of the HTML Living Standard")
def encoding_html_entities() -> pl.Expr:
    """How many HTML entities are left in the text, named or numbered: `&nbsp;`, `&#8217;`, `&#x27;`.

    Names that HTML does not know do not count. 0 for an empty text.
    """
    return pl.col("html_entities")


@metric(level="text", unit="tags", better="lower", source="corpusqa; elements of the HTML Living Standard")
def encoding_html_tags() -> pl.Expr:
    """How many HTML tags and comments are left in the text: `<br/>`, `</p>`, `<!--`.

    Only elements that HTML has; `<3`, `a < b` and `<name@example.org>` do not count. 0 for an empty text.
    """
    return pl.col("text").str.count_matches(_TAG)
