"""`lang_*`: which language a text is in, how sure that is, and how much of it is that language's small words.

The language is py3langid's judgement (Lui and Baldwin 2012, langid.py; maintained by Adrien Barbaresi): a naive Bayes
over bytes with its model inside the package, so nothing is fetched at run time. Of a long text a stretch from the
middle is judged, since the ends of scraped pages are the likeliest to be in another language.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
import polars as pl
from numpy.typing import NDArray

from corpusqa import fingerprint
from corpusqa.kernels.vocabulary import vocabulary_counts
from corpusqa.metrics.registry import Expression, metric, ratio
from corpusqa.metrics.shared import Columns, shared
from corpusqa.metrics.split import Split
from corpusqa.texts import Texts

if TYPE_CHECKING:
    from collections.abc import Callable

LANGID = "py3langid 0.4; Lui and Baldwin 2012, langid.py"
#: Characters that are judged. With 1,000, 104 of 104 made-up passages in 26 languages and all of 300 news articles
#: come out right, as with whole texts, which take nine times as long (`tests/benches/debris.py`).
JUDGED = 1_000
_STOP_WORDS: dict[str, str] = tomllib.loads(Path(__file__).with_name("stop_words.toml").read_text(encoding="utf-8"))
LANGUAGES = tuple(_STOP_WORDS)  #: for which stop words are counted


@shared("language", "confidence", dtypes={"language": pl.String, "confidence": pl.Float64})
def language(split: Split) -> Columns:
    """The likeliest language of each text that has a letter, and its probability."""
    text, n_chars = pl.col("text"), pl.col("text").str.len_chars().cast(pl.Int64)
    middle = text.str.slice((n_chars - JUDGED).clip(0) // 2, JUDGED)
    judged = split.series.to_frame("text").select(pl.when(text.str.contains(r"\p{L}")).then(middle))
    classify = _identifier()
    found = [(None, None) if one is None else classify(one) for one in judged.to_series()]
    codes, confidences = zip(*found, strict=True) if found else ((), ())
    return {
        "language": pl.Series(codes, dtype=pl.String),
        "confidence": pl.Series(confidences, dtype=pl.Float64),
    }


@cache
def _identifier() -> Callable[[str], tuple[str, float]]:
    """Half a second to load, so once a process, and only when somebody asks."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    return cast("Callable[[str], tuple[str, float]]", identifier.classify)


@shared("tokens", *(f"stop_words_{code}" for code in LANGUAGES))
def stop_words(split: Split) -> Columns:
    """Tokens, and how many of them are stop words of each language."""
    hashes, offsets = fingerprint.token_hashes(split.texts)
    counts = vocabulary_counts(hashes, offsets, *_vocabulary(), len(LANGUAGES))
    columns = {f"stop_words_{code}": counts[:, k] for k, code in enumerate(LANGUAGES)}
    return {"tokens": np.diff(offsets), **columns}


@cache
def _vocabulary() -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Every stop word's hash, and the languages that it is of, as bits."""
    languages: dict[int, int] = {}
    for k, words in enumerate(_STOP_WORDS.values()):
        for key in fingerprint.token_hashes(Texts.of(words.split()))[0].tolist():
            languages[key] = languages.get(key, 0) | 1 << k
    return np.array(list(languages), np.uint64), np.array(list(languages.values()), np.uint64)


@metric(level="text", unit="ISO 639 code", source=LANGID)
def lang_code() -> pl.Expr:
    """The language of the text, by its ISO 639 code: `en`, `de`, `zh`; `zxx` for what is no language.

    The likeliest of 140, of the middle 1,000 characters. A suite holds it against a list of languages with
    expect_column_values_to_be_in_set. Null for a text without letters.
    """
    return pl.col("language")


@metric(level="text", unit="probability", better="higher", source=LANGID)
def lang_confidence() -> pl.Expr:
    """How sure the language is, from 0 to 1: the probability of `lang_code` against the other languages.

    Near 1 for two sentences and more in one language; about 0.5 where two are mixed, lower for a few words, names,
    lists and code. Not the same scale as fastText's, on which FineWeb's limit of 0.65 lies. Null for a text without
    letters.
    """
    return pl.col("confidence")


@metric(level="text", unit="share of tokens", better="higher", source="corpusqa")
def lang_stop_word_ratio() -> pl.Expr:
    """Share of the tokens that are stop words of the language which has most of them.

    About 0.4 in prose, whatever the language; far less in lists, tables, headlines and strings of keywords. The largest
    of the `lang_*_stop_word_ratio` of single languages. Null without tokens.
    """
    most = pl.max_horizontal(f"stop_words_{code}" for code in LANGUAGES)
    return pl.when(pl.col("tokens") > 0).then(most / pl.col("tokens"))


def _stop_word_ratio(code: str) -> Expression:
    """Make the metric of one language."""

    def expression() -> pl.Expr:
        return ratio(f"stop_words_{code}", "tokens")

    expression.__name__ = f"lang_{code}_stop_word_ratio"
    expression.__doc__ = f"""Share of the tokens that are stop words of the language `{code}`: stop words / tokens.

    The words are those of `corpusqa/metrics/stop_words.toml`, in any capitals. Related languages share some, so compare
    languages with one another. Null without tokens.
    """
    return expression


for _code in LANGUAGES:
    metric(level="text", unit="share of tokens", source="corpusqa, stop_words.toml")(_stop_word_ratio(_code))
