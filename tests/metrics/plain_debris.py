"""Encoding, addresses, figures and readability once more in plain Python: slow, and as the docstrings word it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from html.entities import html5
from math import sqrt

import ftfy
from ftfy.fixes import unescape_html
from plain import Value, lines, per_word, sentences, share, stretches

from corpusqa.metrics.addresses import URL
from corpusqa.metrics.encoding import _CYRILLIC, _GREEK, _TAG
from corpusqa.metrics.readability import VOWELS

JOINERS, SPACES = "\u200b\u200c\u200d", "\u180e\u2060\u2061\u2062\u2063\u2064\ufeff"
BIDI = "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def counted(characters: str) -> Callable[[str], Value]:
    return lambda text: sum(character in characters for character in text)


def garbled(text: str) -> int:
    plain = [unescape_html(line) for line in text.split("\n")]
    return sum(ftfy.fix_encoding(line) != line for line in plain)


def zero_widths(text: str) -> int:
    return sum(
        after in SPACES or (after in JOINERS and not joins(after, before))
        for before, after in zip("\0" + text, text, strict=False)
    )


def joins(joiner: str, before: str) -> bool:
    code = ord(before)
    if joiner == "\u200b":
        return 0xE00 <= code < 0x10A0 or 0x1780 <= code < 0x1800
    return 0x530 <= code < 0x2000 or 0x20D0 <= code < 0x3000 or code >= 0xA000


def script(character: str) -> str:
    code = ord(character)
    if not character.isalpha() or character in "µªº":
        return " "
    if code < 0x250 or 0x1E00 <= code < 0x1F00:
        return "L"
    if 0x400 <= code < 0x530:
        return "C"
    return "G" if 0x370 <= code < 0x400 or 0x1F00 <= code < 0x2000 else " "


def mixed_words(text: str) -> int:
    marks = "".join(map(script, text))
    words = [text[found.start() : found.end()] for found in re.finditer(r"\S+", marks.replace(" ", "\t"))]
    return sum(map(mixed, words))


def mixed(word: str) -> bool:
    own = {name: [one for one in word if script(one) == name] for name in "LCG"}
    other = "C" if own["C"] else "G"
    if not own["L"] or not own[other] or (other == "G" and len(own["L"]) + len(own["G"]) < 3):
        return False
    doubles, latin = _CYRILLIC if other == "C" else _GREEK
    fewer = other == "C" or len(own["L"]) < len(own["G"])
    return all(one in doubles for one in own[other]) or (fewer and all(one in latin for one in own["L"]))


def entities(text: str) -> int:
    found = re.findall(r"&(#[0-9]{1,7};|#[xX][0-9A-Fa-f]{1,6};|[A-Za-z][A-Za-z0-9]{1,31};)", text)
    return sum(one[0] == "#" or one in html5 for one in found)


def read_words(text: str) -> list[str]:
    return [word for word in text.split() if any(c.isalpha() or c.isdigit() for c in word)]


def syllables(word: str) -> int:
    from corpusqa.kernels.characters import CODE, character_table

    word = "".join(chr(character_table()[ord(c)] & CODE) for c in word if c.isalpha())
    vowel = [
        (c in VOWELS and not (c == "u" and k and word[k - 1] == "q")) or (c == "y" and k > 0)
        for k, c in enumerate(word)
    ]
    groups = sum(v and (not k or not vowel[k - 1] or apart(word, k)) for k, v in enumerate(vowel))
    return max(groups - silent(word, vowel), 1)


def apart(word: str, k: int) -> bool:
    if word[k:] == "ing":
        return True
    pair, before = word[k - 1 : k + 1], word[k - 2] if k >= 2 else ""
    if pair in ("ia", "io", "iu"):
        return before not in ("c", "g", "s", "t")
    if pair == "ie":
        return word[k + 1 :] == "t"
    return (pair == "eo" and before != "p") or (pair == "ua" and k + 1 < len(word))


def silent(word: str, vowel: list[bool]) -> int:
    if len(word) > 2 and word.endswith("e") and not vowel[-2]:
        return not (word[-2] == "l" and not vowel[-3])
    if len(word) > 3 and word.endswith("ed") and not vowel[-3]:
        return word[-3] not in "td"
    if len(word) > 3 and word.endswith("es") and not vowel[-3]:
        hisses = word[-3] in "cgsxz" or word[-4:-2] in ("ch", "sh")
        return not hisses and not (word[-3] == "l" and not vowel[-4])
    return 0


def formula(value: Callable[[float, float, list[str]], float]) -> Callable[[str], Value]:
    """Of the words for each sentence, the sentences for each word, and the words."""

    def of(text: str) -> Value:
        words, n_sentences = read_words(text), sum(map(sentences, stretches(text)))
        return value(len(words) / n_sentences, n_sentences / len(words), words) if words and n_sentences else None

    return of


def mean(value: Callable[[str], float], words: list[str]) -> float:
    return sum(map(value, words)) / len(words)


def n_letters(word: str) -> int:
    return sum(map(str.isalpha, word))


def n_signs(word: str) -> int:
    return sum(c.isalpha() or c.isdigit() for c in word)


def hard(word: str) -> bool:
    return syllables(word) >= 3


def long(word: str) -> bool:
    return n_letters(word) >= 7


PLAIN_DEBRIS: dict[str, Callable[[str], Value]] = {
    "encoding_mojibake_lines": garbled,
    "encoding_mojibake_line_ratio": lambda text: share(garbled(text), len(lines(text))),
    "encoding_replacement_chars": counted("\ufffd"),
    "encoding_control_chars": lambda text: sum(unicodedata.category(c) == "Cc" and c not in "\t\n\r" for c in text),
    "encoding_private_use_chars": lambda text: sum(unicodedata.category(c) == "Co" for c in text),
    "encoding_zero_width_chars": zero_widths,
    "encoding_bidi_chars": counted(BIDI),
    "encoding_soft_hyphen_chars": counted("\xad"),
    "encoding_mixed_script_words": mixed_words,
    "encoding_html_entities": entities,
    "encoding_html_tags": lambda text: len(re.findall(_TAG.replace("(?i)", ""), text, re.IGNORECASE | re.ASCII)),
    "url_count": lambda text: len(re.findall(URL, text)),
    "url_char_ratio": lambda text: share(sum(map(len, re.findall(URL, text))), len(text)),
    "digit_word_ratio": per_word(lambda text: sum(any(map(str.isdecimal, word)) for word in text.split())),
    "digit_line_ratio": lambda text: share(
        sum(any(map(str.isdecimal, line)) and not any(map(str.isalpha, line)) for line in lines(text)), len(lines(text))
    ),
    "readability_sentence_length": formula(lambda length, _, words: length),
    "readability_syllables_per_word": formula(lambda _, __, words: mean(syllables, words)),
    "readability_flesch_reading_ease": formula(
        lambda length, _, words: 206.835 - 1.015 * length - 84.6 * mean(syllables, words)
    ),
    "readability_flesch_kincaid_grade": formula(
        lambda length, _, words: 0.39 * length + 11.8 * mean(syllables, words) - 15.59
    ),
    "readability_gunning_fog": formula(lambda length, _, words: 0.4 * (length + 100 * mean(hard, words))),
    "readability_smog": formula(lambda length, _, words: 1.0430 * sqrt(30 * mean(hard, words) * length) + 3.1291),
    "readability_ari": formula(lambda length, _, words: 4.71 * mean(n_signs, words) + 0.5 * length - 21.43),
    "readability_coleman_liau": formula(
        lambda _, sentences, words: 5.88 * mean(n_letters, words) - 29.6 * sentences - 15.8
    ),
    "readability_lix": formula(lambda length, _, words: length + 100 * mean(long, words)),
    "readability_rix": formula(lambda length, _, words: mean(long, words) * length),
}
