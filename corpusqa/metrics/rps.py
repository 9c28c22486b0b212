"""`rps_*`: the quality signals of RedPajama-Data-V2, under its own names (app/src/core/quality_signals).

Tokens, normalised words and lines are what `redpajama` finds. What RedPajama says of each line is here one number for
the text, its mean or its sum. Values are not rounded to eight places; a share of nothing is null, where RedPajama has 0
for some. Not here: the scores of models, the lists of bad words and of bad domains, MinHash.
"""

from __future__ import annotations

import polars as pl

from corpusqa.metrics.registry import Better, define, metric, ratio
from corpusqa.metrics.variants import DUP_SIZES, TOP_SIZES

SOURCE = "RedPajama-Data-V2, Weber et al. 2024, arXiv:2411.12372"
CHARACTERS = "share of characters"


@metric(level="text", unit="words", source=SOURCE)
def rps_doc_word_count() -> pl.Expr:
    """How many normalised words the text has. 0 for an empty text."""
    return pl.col("rps_words")


@metric(level="text", unit="sentences", source=SOURCE)
def rps_doc_num_sentences() -> pl.Expr:
    """How many stretches between `.`, `!` and `?` have a letter or a digit.

    So `3.14` ends a sentence, and `e.g.` ends two. 0 for an empty text.
    """
    return pl.col("rps_sentences")


@metric(level="text", unit="characters per word", source=SOURCE)
def rps_doc_mean_word_length() -> pl.Expr:
    """Mean length of the normalised words, an accent being a character of its own. Null without words."""
    return ratio("rps_word_characters", "rps_words")


@metric(level="text", unit="share of words", better="higher", source=SOURCE)
def rps_doc_frac_unique_words() -> pl.Expr:
    """Share of the normalised words that are different ones: distinct words / words.

    Falls with the length of the text, so compare texts of a length. Null without words.
    """
    return ratio("rps_distinct_words", "rps_words")


@metric(level="text", unit="nats", better="higher", source=SOURCE)
def rps_doc_unigram_entropy() -> pl.Expr:
    """Entropy of the normalised words: - sum of p ln p, p being how often each is said / words.

    0 for a text of one word said over and over; grows with the length of the text. Null without words.
    """
    entropy = pl.col("rps_words").log() - pl.col("rps_n_log_n") / pl.col("rps_words")
    return pl.when(pl.col("rps_words") > 0).then(pl.max_horizontal(entropy, pl.lit(0.0)))


@metric(level="text", unit="share of tokens", better="higher", source=SOURCE)
def rps_doc_stop_word_fraction() -> pl.Expr:
    """Share of the tokens that are one of 523 stop words of English, in small letters.

    Formula: such tokens / tokens, marks of punctuation included. RedPajama takes the list of the document's language;
    this is the English one for all. Null without tokens.
    """
    return ratio("rps_stop_tokens", "rps_tokens")


@metric(level="text", unit="symbols per token", better="lower", source=SOURCE)
def rps_doc_symbol_to_word_ratio() -> pl.Expr:
    """Hash signs and ellipses for each token: occurrences of `#`, `...` and `…` / tokens. Null without tokens."""
    return pl.when(pl.col("rps_tokens") > 0).then((pl.col("hash_signs") + pl.col("ellipses")) / pl.col("rps_tokens"))


@metric(level="text", unit="share of tokens", better="lower", source=SOURCE)
def rps_doc_frac_no_alph_words() -> pl.Expr:
    """Share of the tokens without a letter from A to Z, marks of punctuation included.

    Formula: 1 - tokens with one / tokens. All of a text in another script. Null without tokens.
    """
    return pl.when(pl.col("rps_tokens") > 0).then(1 - pl.col("rps_alphabetic_tokens") / pl.col("rps_tokens"))


@metric(level="text", unit="share of tokens", better="lower", source=SOURCE)
def rps_doc_frac_all_caps_words() -> pl.Expr:
    """Share of the tokens whose letters are all capitals: such tokens / tokens.

    `I`, `A` and `B2` are such tokens. Null without tokens.
    """
    return ratio("rps_capital_tokens", "rps_tokens")


@metric(level="text", unit="occurrences per character", better="lower", source=SOURCE)
def rps_doc_lorem_ipsum() -> pl.Expr:
    """Occurrences of "lorem ipsum" for each character of the normalised text, also inside "dolorem ipsum".

    Null without words, where RedPajama has 0.
    """
    length = pl.col("rps_word_characters") + pl.col("rps_words") - 1
    return pl.when(pl.col("rps_words") > 0).then(pl.col("rps_lorems") / length)


@metric(level="text", unit=CHARACTERS, better="lower", source=SOURCE)
def rps_doc_curly_bracket() -> pl.Expr:
    """Share of the characters that are `{` or `}`. Null for an empty text, where RedPajama has 0."""
    return ratio("curls", "characters")


#: Name, what is summed over the lines, unit, direction, meaning.
LINES: list[tuple[str, str, str, Better, str]] = [
    (
        "doc_frac_lines_end_with_ellipsis",
        "rps_ellipsis_lines",
        "share of lines",
        "lower",
        "Share of the lines that end with `...` or `…`",
    ),
    (
        "lines_ending_with_terminal_punctution_mark",
        "rps_terminal_lines",
        "share of lines",
        "higher",
        "Share of the lines that end with `.`, `!`, `?` or `”`, a curly quote but not a straight one",
    ),
    (
        "lines_start_with_bulletpoint",
        "rps_bullet_lines",
        "share of lines",
        "lower",
        "Share of the lines that begin with one of ten bullets, an en dash among them, but neither `-` nor `*`",
    ),
    (
        "lines_numerical_chars_fraction",
        "rps_numerals",
        CHARACTERS,
        "lower",
        "Mean over the lines of the share of numerals in each, normalised",
    ),
    (
        "lines_uppercase_letter_fraction",
        "rps_capitals",
        CHARACTERS,
        "neither",
        "Mean over the lines of the share of capitals in each, its line feed being one of its characters",
    ),
    (
        "lines_num_words",
        "rps_words",
        "words per line",
        "neither",
        "Mean over the lines of the normalised words in each",
    ),
]
for _name, _summed, _unit, _better, _meaning in LINES:
    define(
        f"rps_{_name}",
        ratio(_summed, "rps_lines"),
        f"{_meaning}.\n\nLines end with a line feed or the text, and empty ones are lines too. Null for an empty text.",
        unit=_unit,
        source=SOURCE,
        better=_better,
        module=__name__,
    )


@metric(level="text", unit="words", better="lower", source=SOURCE)
def rps_lines_javascript_counts() -> pl.Expr:
    """How often "javascript" is a normalised word, in all lines together. 0 for an empty text."""
    return pl.col("rps_scripts")


for _n in TOP_SIZES:
    define(
        f"rps_doc_frac_chars_top_{_n}gram",
        pl.when(pl.col("rps_words") > 0).then(
            pl.when(pl.col(f"rps_top_{_n}gram_count") > 1)
            .then(pl.col(f"rps_top_{_n}gram_times_characters"))
            .otherwise(0)
            / pl.col("rps_word_characters")
        ),
        f"""Characters of the most frequent {_n}-gram for each character of a normalised word.

Formula: characters of its words * copies / characters of all words; 0 where none is said twice. Copies that overlap
count twice, so it may pass 1. Null without words.""",
        unit="characters per word character",
        source=SOURCE,
        module=__name__,
    )
for _n in DUP_SIZES:
    define(
        f"rps_doc_frac_chars_dupe_{_n}grams",
        ratio(f"rps_covered_{_n}gram_characters", "rps_word_characters"),
        f"""Share of the normalised words' characters in {_n}-grams that are said more than once, the first copy too.

Formula: characters of the words in any copy, each counted once / characters of all words. Null without words.""",
        unit=CHARACTERS,
        source=SOURCE,
        module=__name__,
    )
