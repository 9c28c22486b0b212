"""Every metric of a text once more, in plain Python and as its docstring words it: slow, short, and easy to check."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from statistics import median

import numpy as np

from corpusqa.kernels.classes import BULLET, CLOSING, TERMINAL, WIDE, class_table
from corpusqa.metrics.c4 import RULES
from corpusqa.segment import paragraphs
from corpusqa.texts import Texts

Value = float | int | None


def of_class(mark: int) -> str:
    """The characters of a class that Python has no test for."""
    return "".join(map(chr, np.flatnonzero(class_table() & mark)))


TERMINALS, WIDES, CLOSINGS, BULLETS = map(of_class, (TERMINAL, WIDE, CLOSING, BULLET))
MARKS = re.compile(f"[{re.escape(TERMINALS)}…][{re.escape(TERMINALS + CLOSINGS)}…]*")
STOP_WORDS = {"the", "be", "to", "of", "and", "that", "have", "with"}


def share(part: float, whole: int) -> Value:
    return part / whole if whole else None


def characters_that(test: Callable[[str], bool]) -> Callable[[str], Value]:
    return lambda text: share(sum(map(test, text)), len(text))


def category(major: str) -> Callable[[str], Value]:
    return characters_that(lambda character: unicodedata.category(character).startswith(major))


def whole_lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]


def lines(text: str) -> list[str]:
    return [line.strip() for line in whole_lines(text)]


def blocks(text: str) -> list[str]:
    marked = "\n".join(line if line.strip() else "" for line in text.split("\n"))
    return [block.strip() for block in re.split("\n\n+", marked) if block.strip()]


def stretches(text: str) -> list[str]:
    return [text[start:end] for start, end in paragraphs(Texts.of([text]))["start", "end"].rows()]


def sentences(text: str) -> int:
    found = begin = 0
    for marks in MARKS.finditer(text):
        before, rest = text[begin : marks.start()], text[marks.end() :]
        ends = not rest or set(marks[0]) & set(WIDES) or (rest[0].isspace() and not rest.lstrip()[:1].islower())
        initial = marks[0][0] == "." and len(before) - len(before.rstrip(letters_of(before))) == 1
        if ends and any(c.isalpha() or c.isdigit() for c in before) and not (initial and rest):
            found, begin = found + 1, marks.end()
    return found + any(c.isalpha() or c.isdigit() for c in text[begin:])


def letters_of(text: str) -> str:
    return "".join(filter(str.isalpha, text))


def repeats(pieces: list[str]) -> list[str]:
    return [piece for i, piece in enumerate(pieces) if piece in pieces[:i]]


def ngrams(words: list[str], n: int) -> list[tuple[str, ...]]:
    return [tuple(words[i : i + n]) for i in range(len(words) - n + 1)]


def covered(words: list[str], starts: list[int], n: int) -> Value:
    inside = {i + k for i in starts for k in range(n)}
    return share(sum(len(words[i]) for i in inside), sum(map(len, words)))


def top_ngram(n: int) -> Callable[[str], Value]:
    def value(text: str) -> Value:
        words = text.split()
        best, count = (Counter(ngrams(words, n)).most_common(1) or [((), 0)])[0]
        return covered(words, [i for i, one in enumerate(ngrams(words, n)) if count > 1 and one == best], n)

    return value


def dup_ngram(n: int) -> Callable[[str], Value]:
    def value(text: str) -> Value:
        words, grams = text.split(), ngrams(text.split(), n)
        return covered(words, [i for i, one in enumerate(grams) if one in grams[:i]], n)

    return value


def per_word(count: Callable[[str], int]) -> Callable[[str], Value]:
    return lambda text: share(count(text), len(text.split()))


def middle(pieces: Callable[[str], list[str]]) -> Callable[[str], Value]:
    return lambda text: float(median(map(len, pieces(text)))) if pieces(text) else None


def lines_that(test: Callable[[str], bool], lines: Callable[[str], list[str]]) -> Callable[[str], Value]:
    return lambda text: share(sum(map(test, lines(text))), len(lines(text)))


def repeated(pieces: Callable[[str], list[str]], whole: Callable[[str], int] = len) -> Callable[[str], Value]:
    return lambda text: share(len("".join(repeats(pieces(text)))), whole(text)) if pieces(text) else None


CITATION = re.compile(r"\[\d*\]|\[edit\]|\[citation needed\]")
POLICIES = ("terms of use", "privacy policy", "cookie policy", "uses cookies", "use of cookies", "use cookies")


def c4_rule(line: str) -> tuple[str, str]:
    """The rule that drops the line, or "kept"; and the line as it is kept."""
    clean = CITATION.sub("", line)
    lowered = clean.lower()
    broken = {
        "long_word": max(map(len, line.split())) > 1000,
        "unended": not clean.endswith((".", "?", "!", '"')) or clean.endswith("..."),
        "short": len(clean.split()) < 5,
        "lorem_ipsum": "lorem ipsum" in lowered,
        "javascript": "javascript" in lowered,
        "curly_brace": "{" in clean,
        "policy": any(phrase in lowered for phrase in POLICIES),
        "kept": True,
    }
    return next(rule for rule, breaks in broken.items() if breaks), clean


def c4_lines(text: str) -> list[tuple[str, str]]:
    return [c4_rule(line.strip()) for line in text.splitlines() if line.strip()]


def c4_dropped(rule: str) -> Callable[[str], Value]:
    return lambda text: sum(found == rule for found, _ in c4_lines(text))


PLAIN: dict[str, Callable[[str], Value]] = {
    "n_chars": len,
    "n_bytes": lambda text: len(text.encode()),
    "n_words": lambda text: len(text.split()),
    "n_lines": lambda text: len(lines(text)),
    "n_paragraphs": lambda text: len(stretches(text)),
    "n_sentences": lambda text: sum(map(sentences, stretches(text))),
    "n_mean_word_length": per_word(lambda text: len("".join(text.split()))),
    "n_median_word_length": middle(str.split),
    "n_longest_word": lambda text: max(map(len, text.split()), default=0),
    "n_mean_line_length": lambda text: share(len("".join(lines(text))), len(lines(text))),
    "n_median_line_length": middle(lines),
    "n_longest_line": lambda text: max(map(len, lines(text)), default=0),
    "n_words_per_sentence": lambda text: share(len(text.split()), sum(map(sentences, stretches(text)))),
    "n_words_per_paragraph": lambda text: share(len(text.split()), len(stretches(text))),
    "n_type_token_ratio": per_word(lambda text: len(set(text.split()))),
    "chars_letter_ratio": characters_that(str.isalpha),
    "chars_uppercase_ratio": characters_that(str.isupper),
    "chars_digit_ratio": characters_that(str.isdigit),
    "chars_white_space_ratio": characters_that(str.isspace),
    "chars_punctuation_ratio": category("P"),
    "chars_symbol_ratio": category("S"),
    "chars_non_ascii_ratio": characters_that(lambda character: not character.isascii()),
    "gopher_word_count": lambda text: len(text.split()),
    "gopher_mean_word_length": per_word(lambda text: len("".join(text.split()))),
    "gopher_hash_word_ratio": per_word(lambda text: text.count("#")),
    "gopher_ellipsis_word_ratio": per_word(lambda text: text.count("...") + text.count("…")),
    "gopher_bullet_line_ratio": lines_that(lambda line: line[0] in BULLETS, lines),
    "gopher_ellipsis_line_ratio": lines_that(lambda line: line.endswith(("...", "…")), lines),
    "gopher_alpha_word_ratio": per_word(lambda text: sum(any(map(str.isalpha, word)) for word in text.split())),
    "gopher_stop_word_count": lambda text: len(STOP_WORDS & set(text.split())),
    "gopher_dup_line_frac": lambda text: share(len(repeats(lines(text))), len(lines(text))),
    "gopher_dup_para_frac": lambda text: share(len(repeats(blocks(text))), len(blocks(text))),
    "gopher_dup_line_char_frac": repeated(lines),
    "gopher_dup_para_char_frac": repeated(blocks),
    **{f"gopher_top_{n}gram_char_frac": top_ngram(n) for n in (2, 3, 4)},
    **{f"gopher_dup_{n}gram_char_frac": dup_ngram(n) for n in (5, 6, 7, 8, 9, 10)},
    "fineweb_line_punct_ratio": lines_that(lambda line: line.endswith(tuple(TERMINALS)), whole_lines),
    "fineweb_short_line_ratio": lines_that(lambda line: len(line) < 30, whole_lines),
    "fineweb_char_dup_ratio": repeated(whole_lines, lambda text: len(text.replace("\n", ""))),
    "fineweb_newline_word_ratio": per_word(lambda text: text.count("\n")),
    "c4_kept_line_ratio": lambda text: share(sum(rule == "kept" for rule, _ in c4_lines(text)), len(c4_lines(text))),
    "c4_sentence_count": lambda text: sum(sentences(line) for rule, line in c4_lines(text) if rule == "kept"),
    "c4_long_line_count": lambda text: sum(len(line) >= 200 for line in whole_lines(text)),
    **{f"c4_{rule}_lines": c4_dropped(rule) for rule in RULES},
}
