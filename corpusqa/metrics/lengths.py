"""`n_*`: how long a text is, counted six ways. An empty text has none of anything, so these are 0, never null."""

from __future__ import annotations

import polars as pl

from corpusqa.metrics.registry import metric


@metric(level="text", unit="characters", source="Python, len(text)")
def n_chars() -> pl.Expr:
    """How many characters the text has: Unicode code points, line breaks and blanks included.

    A letter with a combining accent is two, and an emoji of a family may be seven. 0 for an empty text.
    """
    return pl.col("characters")


@metric(level="text", unit="bytes", source="Python, len(text.encode())")
def n_bytes() -> pl.Expr:
    """How many bytes the text takes in UTF-8.

    As many as characters in plain English, twice as many in Greek or Russian, three times in Chinese. 0 for an empty
    text.
    """
    return pl.col("bytes")


@metric(level="text", unit="words", source="Python, len(text.split())")
def n_words() -> pl.Expr:
    """How many words the text has, a word being what stands between white space.

    Punctuation stays with its word, and a dash that stands alone is a word. Scripts written without spaces (Chinese,
    Japanese, Thai) have about one "word" a line, so judge those by `n_chars`. 0 for an empty text.
    """
    return pl.col("words")


@metric(level="text", unit="lines", source="corpusqa")
def n_lines() -> pl.Expr:
    """How many lines the text has that are not blank.

    Lines end at a line feed. Most filters that count lines leave out the blank ones, since they only say how an
    extractor sets paragraphs off; datatrove's Gopher filter counts them. 0 for an empty text.
    """
    return pl.col("lines")


@metric(level="text", unit="paragraphs", source="corpusqa, segment.paragraphs")
def n_paragraphs() -> pl.Expr:
    """How many paragraphs the text has, as the rest of corpusqa cuts it.

    A line that is not blank; in hard-wrapped text, which is noticed, a run of them. 0 for an empty text.
    """
    return pl.col("paragraphs")


@metric(level="text", unit="sentences", source="corpusqa; the marks are Unicode's property Sentence_Terminal")
def n_sentences() -> pl.Expr:
    """How many sentences the text has, by its marks: an estimate, without a language model or a list of abbreviations.

    A sentence ends with its paragraph, or with an end mark or ellipsis, closing quotes and brackets, white space and
    then no small letter; 。 and its like need no white space. A full stop after a single letter ("J. Smith") ends
    none; "Dr. Smith" is counted as two. What has neither letter nor digit is no sentence. 0 for an empty text.
    """
    return pl.col("sentences")
