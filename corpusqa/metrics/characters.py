"""`chars_*`: what the characters of a text are. A text without characters has no shares: they are null."""

from __future__ import annotations

import polars as pl

from corpusqa.metrics.registry import metric, ratio

SHARE = "share of characters"


@metric(level="text", unit=SHARE, source="Python, str.isalpha")
def chars_letter_ratio() -> pl.Expr:
    """Share of the characters that are letters, of any script: letters / characters.

    About 0.8 in English prose. Combining marks are no letters, so Hindi or decomposed text comes out lower. Null for an
    empty text.
    """
    return ratio("letters", "characters")


@metric(level="text", unit=SHARE, source="datatrove 0.10, DocStats uppercase_ratio; Python, str.isupper")
def chars_uppercase_ratio() -> pl.Expr:
    """Share of the characters that are capital letters: capitals / characters.

    About 0.03 in English prose; a text that shouts, or a list of headings, is far above. The whole is all characters,
    not letters. Always 0 in scripts without case. Null for an empty text.
    """
    return ratio("uppers", "characters")


@metric(level="text", unit=SHARE, source="datatrove 0.10, DocStats digit_ratio; Python, str.isdigit")
def chars_digit_ratio() -> pl.Expr:
    """Share of the characters that are digits, of any script: digits / characters.

    High in tables, price lists, scores and logs. Superscripts count; fractions and Chinese numerals do not. Null for an
    empty text.
    """
    return ratio("digits", "characters")


@metric(level="text", unit=SHARE, source="datatrove 0.10, DocStats white_space_ratio; Python, str.isspace")
def chars_white_space_ratio() -> pl.Expr:
    """Share of the characters that are white space, line breaks included: white space / characters.

    About 0.17 in English prose. High where letters are s p a c e d or layout was done with blanks; near 0 in scripts
    written without spaces, or where an extractor has lost them. Null for an empty text.
    """
    return ratio("spaces", "characters")


@metric(level="text", unit=SHARE, source="corpusqa; Unicode, general categories P*")
def chars_punctuation_ratio() -> pl.Expr:
    """Share of the characters that are punctuation: characters of Unicode's categories P* / characters.

    About 0.03 in English prose. datatrove's punctuation_ratio counts a list of its own, control characters and `$+<=>`
    among it. Null for an empty text.
    """
    return ratio("punctuation", "characters")


@metric(level="text", unit=SHARE, better="lower", source="corpusqa; Unicode, general categories S*")
def chars_symbol_ratio() -> pl.Expr:
    """Share of the characters that are symbols: characters of Unicode's categories S* / characters.

    Currency and mathematical signs, arrows, `|`, `^`, emoji. High in code, formulas and page furniture. Null for an
    empty text.
    """
    return ratio("symbols", "characters")


@metric(level="text", unit=SHARE, source="corpusqa")
def chars_non_ascii_ratio() -> pl.Expr:
    """Share of the characters beyond ASCII: characters above U+007F / characters.

    About 0.006 in English news, for curly quotes and dashes; much more hints at another language, or at mojibake. Null
    for an empty text.
    """
    return ratio("non_ascii", "characters")
