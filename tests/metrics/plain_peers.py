"""The metrics that follow other programs once more, in plain Python: as those programs go about it, with its quirks.

Written anew, from what the programs do: values that these functions give were compared with the programs' own.
"""

from __future__ import annotations

import math
import re
import string
import unicodedata
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from statistics import median

import numpy as np
from plain import STOP_WORDS, Value, ngrams, per_word, repeats, share, whole_lines
from plain import lines as stripped_lines

from corpusqa.kernels.foreign import PUNCTUATION, SPECIAL, foreign_table
from corpusqa.kernels.wordbreaks import break_table
from corpusqa.metrics.nemo import BOILERPLATE
from corpusqa.metrics.redpajama import BULLETS, TERMINALS
from corpusqa.metrics.redpajama import STOP_WORDS as RPS_STOP_WORDS

Plain = Callable[[str], Value]


def on_the_list(mark: int) -> set[str]:
    return set(map(chr, np.flatnonzero(foreign_table() & mark)))


MARKS, SPECIALS = on_the_list(PUNCTUATION), on_the_list(SPECIAL)


def letters(words: list[str]) -> int:
    return len("".join(words))


def copied(pieces: list[str]) -> list[str]:
    """Every copy of what is there twice, the first too."""
    counts = Counter(pieces)
    return [piece for piece in pieces if counts[piece] > 1]


def part(chosen: Callable[[list[str]], list[str]], pieces: Callable[[str], list[str]]) -> Plain:
    return lambda text: share(len(chosen(pieces(text))), len(pieces(text))) if text else None


def part_of_characters(
    chosen: Callable[[list[str]], list[str]], pieces: Callable[[str], list[str]], whole: Callable[[str], int]
) -> Plain:
    return lambda text: share(letters(chosen(pieces(text))), whole(text))


def that(test: Callable[[str], object], pieces: Callable[[str], list[str]]) -> Plain:
    return part(lambda found: list(filter(test, found)), pieces)


def most_common(grams: list[tuple[str, ...]]) -> tuple[tuple[str, ...], int]:
    return Counter(grams).most_common(1)[0] if grams else ((), 0)


# datatrove


def merged_lines(text: str) -> list[str]:
    return re.split("\n+", text)


def merged_blocks(text: str) -> list[str]:
    return re.split("\n{2,}", text.strip())


def sound_words(text: str) -> list[str]:
    return [word for word in text.split() if set(word) - MARKS]


def datatrove_top(n: int) -> Plain:
    def value(text: str) -> Value:
        gram, count = most_common(ngrams(text.split(), n))
        return len(" ".join(gram)) * count / len(text) if count else None

    return value


def datatrove_dup(n: int) -> Plain:
    def value(text: str) -> Value:
        words, seen, characters, i = text.split(), set(), 0, 0
        while i + n <= len(words):
            gram = "".join(words[i : i + n])
            characters += len(gram) if gram in seen else 0
            i += n if gram in seen else 1
            seen.add(gram)
        return characters / len(text) if words else None

    return value


DATATROVE: dict[str, Plain] = {
    "word_count": lambda text: len(sound_words(text)),
    "mean_word_length": lambda text: share(letters(sound_words(text)), len(sound_words(text))),
    "bullet_line_ratio": that(lambda line: line.strip().startswith(("•", "-")), str.splitlines),
    "ellipsis_line_ratio": that(lambda line: line.strip().endswith(("...", "…")), str.splitlines),
    "dup_line_frac": part(repeats, merged_lines),
    "dup_para_frac": part(repeats, merged_blocks),
    "dup_line_char_frac": part_of_characters(repeats, merged_lines, len),
    "dup_para_char_frac": part_of_characters(repeats, merged_blocks, len),
    **{f"top_{n}gram_char_frac": datatrove_top(n) for n in (2, 3, 4)},
    **{f"dup_{n}gram_char_frac": datatrove_dup(n) for n in range(5, 11)},
}

# Dolma


def separate_lines(text: str) -> list[str]:
    return text.split("\n")


def word_letters(text: str) -> int:
    return letters(text.split())


def dolma_top(n: int) -> Plain:
    def value(text: str) -> Value:
        gram, count = most_common(ngrams(text.split(), n))
        return letters(list(gram)) * count / word_letters(text) if count else None

    return value


def dolma_dup(n: int) -> Plain:
    def value(text: str) -> Value:
        counts = Counter(ngrams(text.split(), n))
        characters = {gram: letters(list(gram)) * count for gram, count in counts.items()}
        return share(sum(characters[gram] for gram in counts if counts[gram] > 1), sum(characters.values()))

    return value


DOLMA: dict[str, Plain] = {
    "median_word_length": lambda text: float(median(map(len, text.split()))) if text.split() else None,
    "symbol_word_ratio": per_word(lambda text: sum("#" in word or "…" in word for word in text.split())),
    "stop_word_count": lambda text: sum(word in STOP_WORDS for word in text.split()),
    "bullet_line_ratio": that(lambda line: line.startswith(("*", "-")), separate_lines),
    "ellipsis_line_ratio": that(lambda line: line.endswith("…"), separate_lines),
    "dup_line_frac": part(copied, separate_lines),
    "v2_dup_line_frac": part(copied, merged_lines),
    "dup_line_char_frac": part_of_characters(copied, separate_lines, word_letters),
    **{f"top_{n}gram_char_frac": dolma_top(n) for n in (2, 3, 4)},
    **{f"dup_{n}gram_char_frac": dolma_dup(n) for n in range(5, 11)},
}

# NeMo Curator


def separate_blocks(text: str) -> list[str]:
    return text.split("\n\n")


def characters_of(pieces: Callable[[str], list[str]]) -> Callable[[str], int]:
    return lambda text: letters(pieces(text))


def among(characters: str) -> Plain:
    return lambda text: share(sum(character in characters for character in text), len(text))


def is_sign(word: str) -> bool:
    return word in ("...", "[...]", "…", "(...)", "[…]", "-»") or 2 * len(re.findall("#+", word)) > len(word)


def nemo_boilerplate(text: str) -> Value:
    blocks = separate_blocks(text.lower())
    if any("lorem ipsum" in block for block in blocks):
        return 1.0
    return share(sum(any(phrase in block for phrase in BOILERPLATE) for block in blocks), len(blocks)) if text else None


def nemo_top(n: int) -> Plain:
    def value(text: str) -> Value:
        gram, count = most_common(ngrams(text.split(), n))
        left = len(text.replace(" ".join(gram), "")) if count else 0
        return (len(text) - left) / len(text) if text.split() else None

    return value


def nemo_dup(n: int) -> Plain:
    def value(text: str) -> Value:
        words = text.split()
        grams = ngrams(words, n)
        inside = {i + k for i, gram in enumerate(grams) if gram in grams[:i] for k in range(n)}
        starts = [i for i, gram in enumerate(grams) if gram in grams[:i]]
        fresh = [min(n, i - before) for before, i in pairwise([-n, *starts])]
        blanks = sum(min(words_of, n - 1) for words_of in fresh)
        if not words or len(words) < n:
            return 1.0 if words else None
        return (sum(len(words[i]) for i in inside) + blanks) / len(text)

    return value


URL = re.compile(r"https?://(?:[A-Za-z0-9$\-_@.&+/:=?#~!*(),]|%[0-9A-Fa-f]{2})+")
NEMO_ENDS = ("...", "[...]", "…", "(...)", "[…]", "-»", "read more..", "read more")

NEMO: dict[str, Plain] = {
    "non_alnum_ratio": lambda text: share(len(re.findall(r"[^a-zA-Z0-9\n?!,.]", text)), len(text)),
    "digit_ratio": among(string.digits),
    "url_ratio": lambda text: share(letters(URL.findall(text)), len(text)),
    "white_space_ratio": among("\t\n\r\b "),
    "bracket_ratio": among("{}⟨⟩[]()"),
    "symbol_word_ratio": per_word(lambda text: sum(map(is_sign, text.split()))),
    "max_word_length": lambda text: max(map(len, text.split()), default=0),
    "stop_word_count": DOLMA["stop_word_count"],
    "bullet_line_ratio": that(lambda line: line[0] in "•‣⁃⁌⁍∙○●◘◦⦾⦿", stripped_lines),
    "unended_line_ratio": that(lambda line: not line.endswith((".", "?", "!", '"', "'")), stripped_lines),
    "ellipsis_line_ratio": that(lambda line: line.lower().endswith(NEMO_ENDS), stripped_lines),
    "boilerplate_paragraph_ratio": nemo_boilerplate,
    "dup_line_frac": part(repeats, whole_lines),
    "dup_para_frac": part(repeats, separate_blocks),
    "dup_line_char_frac": part_of_characters(repeats, whole_lines, characters_of(whole_lines)),
    "dup_para_char_frac": part_of_characters(repeats, separate_blocks, characters_of(separate_blocks)),
    **{f"top_{n}gram_char_frac": nemo_top(n) for n in (2, 3, 4)},
    **{f"dup_{n}gram_char_frac": nemo_dup(n) for n in range(2, 11)},
}

# RedPajama


def tokens(text: str) -> list[str]:
    return re.findall(r"\w+|[^\w\s]+", text)


def normal(text: str) -> str:
    bare = text.translate(str.maketrans("", "", string.punctuation)).lower()
    return unicodedata.normalize("NFD", " ".join(bare.split()))


def normal_words(text: str) -> list[str]:
    return normal(text).split()


def rps_lines(text: str) -> list[str]:
    return re.findall(r"[^\n]*\n|[^\n]+$", text)


def over_lines(value: Callable[[str], float]) -> Plain:
    return lambda text: share(sum(map(value, rps_lines(text))), len(rps_lines(text)))


def entropy(text: str) -> Value:
    words = normal_words(text)
    return sum(-n / len(words) * math.log(n / len(words)) for n in Counter(words).values()) if words else None


def rps_top(n: int, words_of: Callable[[str], list[str]] = normal_words) -> Plain:
    def value(text: str) -> Value:
        words = words_of(text)
        gram, count = most_common(ngrams(words, n))
        return share(letters(list(gram)) * count if count > 1 else 0, letters(words))

    return value


def covering_dup(n: int, words_of: Callable[[str], list[str]] = normal_words) -> Plain:
    def value(text: str) -> Value:
        words = words_of(text)
        grams = ngrams(words, n)
        counts = Counter(grams)
        inside = {i + k for i, gram in enumerate(grams) if counts[gram] > 1 for k in range(n)}
        return share(sum(len(words[i]) for i in inside), letters(words))

    return value


def per_token(count: Callable[[str], float]) -> Plain:
    return lambda text: share(count(text), len(tokens(text)))


def numerals(line: str) -> float:
    return share(sum(map(str.isnumeric, normal(line))), len(normal(line))) or 0.0


RPS: dict[str, Plain] = {
    "doc_word_count": lambda text: len(normal_words(text)),
    "doc_num_sentences": lambda text: sum(bool(re.search(r"\w", piece)) for piece in re.split("[.!?]", text)),
    "doc_mean_word_length": lambda text: share(letters(normal_words(text)), len(normal_words(text))),
    "doc_frac_unique_words": lambda text: share(len(set(normal_words(text))), len(normal_words(text))),
    "doc_unigram_entropy": entropy,
    "doc_stop_word_fraction": per_token(lambda text: sum(word in RPS_STOP_WORDS.split() for word in tokens(text))),
    "doc_symbol_to_word_ratio": per_token(lambda text: text.count("#") + text.count("...") + text.count("…")),
    "doc_frac_no_alph_words": per_token(lambda text: sum(not re.search("[a-zA-Z]", word) for word in tokens(text))),
    "doc_frac_all_caps_words": per_token(lambda text: sum(map(str.isupper, tokens(text)))),
    "doc_lorem_ipsum": lambda text: share(normal(text).count("lorem ipsum"), len(normal(text))),
    "doc_curly_bracket": among("{}"),
    "doc_frac_lines_end_with_ellipsis": over_lines(lambda line: line.rstrip().endswith(("...", "…"))),
    "lines_ending_with_terminal_punctution_mark": over_lines(lambda line: line.rstrip().endswith(tuple(TERMINALS))),
    "lines_start_with_bulletpoint": over_lines(lambda line: line.lstrip().startswith(tuple(BULLETS))),
    "lines_numerical_chars_fraction": over_lines(numerals),
    "lines_uppercase_letter_fraction": over_lines(lambda line: sum(map(str.isupper, line)) / len(line)),
    "lines_num_words": over_lines(lambda line: len(normal_words(line))),
    "lines_javascript_counts": lambda text: normal_words(text).count("javascript"),
    **{f"doc_frac_chars_top_{n}gram": rps_top(n) for n in (2, 3, 4)},
    **{f"doc_frac_chars_dupe_{n}grams": covering_dup(n) for n in range(5, 11)},
}

# DCLM

#: The Word_Break of each character by a letter, in the order of the table; and a word by UAX #29, of these letters.
BREAKS = "oLHDK_mnbqQe"
WORD = re.compile(
    r"[LHDK_](?:(?<=[LHD_])[LHD]|(?<=[K_])K|_|(?<=[LH])[mbq][LH]|(?<=D)[nbq]D|(?<=H)QH)*(?:(?<=H)q)?|.", re.DOTALL
)


def unicode_words(text: str) -> list[str]:
    told = [BREAKS[break_table()[ord(character)]] for character in text]
    bases = [i for i, letter in enumerate(told) if letter != "e"]
    spans = [found.span() for found in WORD.finditer("".join(told[i] for i in bases))]
    found = [text[bases[start] : [*bases, len(text)][end]] for start, end in spans]
    return [word for word in found if word[0].isalnum()]


def stripped_blocks(text: str) -> list[str]:
    return [block.strip() for block in text.split("\n\n") if block.strip()]


def dclm_top(n: int) -> Plain:
    def value(text: str) -> Value:
        words = unicode_words(text)
        counts = Counter(ngrams(words, n))
        most = max(counts.values(), default=0)
        longest = max((letters(list(gram)) for gram, count in counts.items() if count == most), default=0)
        return share(longest * most if most > 1 else 0, letters(words))

    return value


DCLM: dict[str, Plain] = {
    "word_count": lambda text: len(unicode_words(text)),
    "symbol_word_ratio": per_word(lambda text: sum(map(text.count, ("#", "...", ". . .", "…")))),
    "stop_word_count": lambda text: sum(word.lower() in STOP_WORDS for word in text.split()),
    "bullet_line_ratio": that(lambda line: line[0] in "●•*-", stripped_lines),
    "ellipsis_line_ratio": that(lambda line: line.endswith(("...", ". . .", "…")), stripped_lines),
    "dup_line_frac": part(copied, stripped_lines),
    "dup_para_frac": part(copied, stripped_blocks),
    "dup_line_char_frac": part_of_characters(copied, stripped_lines, characters_of(stripped_lines)),
    "dup_para_char_frac": part_of_characters(copied, stripped_blocks, characters_of(stripped_blocks)),
    **{f"top_{n}gram_char_frac": dclm_top(n) for n in (2, 3, 4)},
    **{f"dup_{n}gram_char_frac": covering_dup(n, unicode_words) for n in range(5, 11)},
}

# data-juicer and BigScience


def refined(text: str) -> list[str]:
    words = [word.lower().strip("".join(SPECIALS)) for word in re.split("[ \n\t]", text)]
    return [word for word in words if word]


def character_repetition(n: int) -> Plain:
    def value(text: str) -> Value:
        counts = Counter(text[i : i + n] for i in range(len(text) - n + 1))
        repeated = sorted((count for count in counts.values() if count > 1), reverse=True)
        copies = sum(repeated[: math.isqrt(len(counts))])
        return (share(copies, sum(counts.values())) or 0.0) if text else None

    return value


def word_repetition(n: int) -> Plain:
    def value(text: str) -> Value:
        grams = ngrams(refined(text), n)
        return (share(len(copied(grams)), len(grams)) or 0.0) if refined(text) else None

    return value


JUICER: dict[str, Plain] = {
    "text_len": len,
    "num_words": lambda text: len(refined(text)),
    "alnum_ratio": lambda text: share(sum(map(str.isalnum, text)), len(text)),
    "special_char_ratio": lambda text: share(sum(character in SPECIALS for character in text), len(text)),
    "avg_line_length": lambda text: share(len(text), len(text.splitlines())),
    "max_line_length": lambda text: max(map(len, text.splitlines()), default=0),
    "char_rep_ratio": character_repetition(10),
    "char_rep_5_ratio": character_repetition(5),
    "word_rep_ratio": word_repetition(10),
    "word_rep_3_ratio": word_repetition(3),
}
BIGSCIENCE: dict[str, Plain] = {
    "character_repetition_ratio": character_repetition(10),
    "word_repetition_ratio": word_repetition(5),
}

FAMILIES = {
    "datatrove": DATATROVE,
    "dolma": DOLMA,
    "nemo": NEMO,
    "dclm": DCLM,
    "rps": RPS,
    "juicer": JUICER,
    "bigscience": BIGSCIENCE,
}
PEERS = {f"{family}_{name}": value for family, values in FAMILIES.items() for name, value in values.items()}
