"""`gopher_*`, first part: the quality rules of Gopher (Rae et al. 2021, arXiv:2112.11446, appendix A1.1).

The paper's rules as it words them; words are what stands between white space, lines are those that are not blank.
Gopher keeps a document of 50 to 100,000 words of 3 to 10 characters on average, at most 0.1 hash signs and 0.1
ellipses a word, at most 90 % bullet lines and 30 % lines that trail off, 80 % words with a letter, and two stop
words.
"""

from __future__ import annotations

import polars as pl

from corpusqa.metrics.registry import metric, ratio

PAPER = "Gopher, Rae et al. 2021, arXiv:2112.11446, appendix A1.1"


@metric(level="text", unit="words", source=PAPER)
def gopher_word_count() -> pl.Expr:
    """How many words the text has; Gopher keeps 50 to 100,000. The same number as `n_words`, under the rule's name.

    Words are what stands between white space. datatrove leaves out those of punctuation only, RedPajama-V2 removes
    punctuation first. 0 for an empty text.
    """
    return pl.col("words")


@metric(level="text", unit="characters per word", source=PAPER)
def gopher_mean_word_length() -> pl.Expr:
    """Mean length of the words in characters, their punctuation included; Gopher keeps 3 to 10.

    Formula: characters outside white space / words. Dolma takes the median, RedPajama-V2 removes punctuation first. Of
    no meaning in scripts written without spaces. Null without words.
    """
    return ratio("word_characters", "words")


@metric(level="text", unit="hash signs per word", better="lower", source=PAPER)
def gopher_hash_word_ratio() -> pl.Expr:
    """Hash signs for each word; Gopher drops a document above 0.1.

    Formula: occurrences of `#` / words. The paper holds hash signs and ellipses to the limit one at a time;
    RedPajama-V2 and DCLM add them up, Dolma and NeMo count words instead of signs. Null without words.
    """
    return ratio("hash_signs", "words")


@metric(level="text", unit="ellipses per word", better="lower", source=PAPER)
def gopher_ellipsis_word_ratio() -> pl.Expr:
    """Ellipses for each word; Gopher drops a document above 0.1.

    Formula: occurrences of `…` or `...` / words; six dots are two, `. . .` is none (DCLM takes it for one). Null
    without words.
    """
    return ratio("ellipses", "words")


@metric(level="text", unit="share of lines", better="lower", source=PAPER)
def gopher_bullet_line_ratio() -> pl.Expr:
    """Share of the lines that begin with a bullet; Gopher drops a document above 0.9.

    Formula: lines whose first character is one of `- * – • ‣ ▶ ◀ ● ◦ ■ □ ▪ ▫` / lines that are not blank. The paper
    does not say what a bullet is: these are what datatrove, Dolma, RedPajama-V2 and DCLM take for one, together. A
    dash that opens direct speech counts too. Null without lines.
    """
    return ratio("bullet_lines", "lines")


@metric(level="text", unit="share of lines", better="lower", source=PAPER)
def gopher_ellipsis_line_ratio() -> pl.Expr:
    """Share of the lines that end with an ellipsis; Gopher drops a document above 0.3.

    Formula: lines that end with `…` or `...`, white space aside / lines that are not blank. High on pages of teasers,
    each cut off. Null without lines.
    """
    return ratio("ellipsis_lines", "lines")


@metric(level="text", unit="share of words", better="higher", source=PAPER)
def gopher_alpha_word_ratio() -> pl.Expr:
    """Share of the words with at least one letter; Gopher drops a document below 0.8.

    Formula: words that have a letter of any script / words. RedPajama-V2 knows ASCII letters only; datatrove's words
    include punctuation marks, so that its values are lower. Null without words.
    """
    return ratio("alpha_words", "words")


@metric(level="text", unit="different stop words", better="higher", source=PAPER)
def gopher_stop_word_count() -> pl.Expr:
    """How many of the, be, to, of, and, that, have, with are among the words; Gopher drops a document below 2.

    Each counts once, as the paper and datatrove have it; Dolma, NeMo and DCLM count every occurrence. In small letters
    only, and not with a comma after them. A sign of connected English: drop the rule for other languages. 0 without
    words.
    """
    return pl.col("stop_words")
