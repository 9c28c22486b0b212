"""Words as readability formulas count them: letters, syllables, and which words are long."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from corpusqa.kernels import kernel
from corpusqa.kernels.characters import CODE, Bytes, Table, at
from corpusqa.kernels.classes import DIGIT, LETTER, SPACE
from corpusqa.kernels.counts import Classes, Numbers, code_point

Flags = NDArray[np.bool_]

#: What `reading` counts, in this order.
KINDS = ("read_words", "read_characters", "read_letters", "syllables", "polysyllables", "long_words")
#: From so many letters on, a word is long (Björnsson 1968: more than six).
LONG = 7
#: From so many syllables on, a word is hard (Gunning 1952, McLaughlin 1969).
POLYSYLLABLE = 3

_A, _C, _D, _E, _G, _H, _I, _L, _N, _O, _P, _Q, _S, _T, _U, _X, _Y, _Z = map(ord, "acdeghilnopqstuxyz")


@kernel
def reading(data: Bytes, starts: Numbers, ends: Numbers, classes: Classes, table: Table, vowels: Flags) -> Numbers:
    """Of each text the numbers of `KINDS`: (n, 6). A word is what stands between white space and has a letter or digit.

    `table` is `characters.character_table`, for small letters; `vowels` says of each code point whether it is a small
    vowel, as far as there are any.
    """
    counts = np.zeros((len(starts), 6), np.int64)
    word = np.empty(64, np.int64)  # the small letters of one word; of longer ones the first 64
    for text in range(len(starts)):
        i, end = starts[text], ends[text]
        while i < end:
            letters, digits = 0, 0
            while i < end:
                code, i = code_point(data, i)
                kind = classes[at(code)]
                if kind & SPACE:
                    break
                if kind & LETTER:
                    if letters < len(word):
                        word[letters] = np.int64(table[at(code)] & CODE)
                    letters += 1
                digits += kind & DIGIT != 0
            if letters + digits:
                spoken = syllables(word, min(letters, len(word)), vowels) if letters else 1
                counts[text, 0] += 1
                counts[text, 1] += letters + digits
                counts[text, 2] += letters
                counts[text, 3] += spoken
                counts[text, 4] += spoken >= POLYSYLLABLE
                counts[text, 5] += letters >= LONG
    return counts


@kernel
def syllables(word: Numbers, n: int, vowels: Flags) -> int:
    """The syllables of an English word, from its `n` small letters: groups of vowels, less what is silent; 1 at least.

    Silent are a last e (but not in -le after a consonant), the e of -es and -ed (but not after t, d or a hissing
    sound). Two vowels that are spoken apart (i-a, i-o, e-o, u-a, and before -ing) are two groups, but for -tion, -cial
    and their like.
    """
    groups, before = 0, False
    for k in range(n):
        vowel = _is_vowel(word, k, vowels)
        if vowel and (not before or _apart(word, k, n)):
            groups += 1
        before = vowel
    if n > 2 and not _is_vowel(word, n - 2, vowels) and word[n - 1] == _E:
        voiced = word[n - 2] == _L and not _is_vowel(word, n - 3, vowels)
        groups -= not voiced
    elif n > 3 and word[n - 2] == _E and not _is_vowel(word, n - 3, vowels):
        last, other = word[n - 1], word[n - 3]
        if last == _D:
            groups -= other != _T and other != _D
        elif last == _S:
            groups -= not _hisses(word, n - 3) and not (other == _L and not _is_vowel(word, n - 4, vowels))
    return max(groups, 1)


@kernel
def _is_vowel(word: Numbers, k: int, vowels: Flags) -> bool:
    """Whether the letter is a vowel: y but at the head of a word, u but after q."""
    if word[k] == _Y:
        return k > 0
    if word[k] == _U and k > 0 and word[k - 1] == _Q:
        return False
    return bool(word[k] < len(vowels) and vowels[at(word[k])])


@kernel
def _apart(word: Numbers, k: int, n: int) -> bool:
    """Whether this vowel is spoken apart from the one before it."""
    one, two = word[k - 1], word[k]
    if two == _I and k == n - 3 and word[n - 2] == _N and word[n - 1] == _G:
        return True
    if one == _I and two in (_A, _O, _U):
        return k < 2 or word[k - 2] not in (_C, _G, _S, _T)
    if one == _I and two == _E:
        return k == n - 2 and word[n - 1] == _T
    if one == _E and two == _O:
        return not (k >= 2 and word[k - 2] == _P)
    return one == _U and two == _A and k + 1 < n


@kernel
def _hisses(word: Numbers, k: int) -> bool:
    """Whether the letter makes an -es after it a syllable: s, x, z, c, g, ch, sh."""
    letter = word[k]
    if letter == _H:
        return k > 0 and word[k - 1] in (_C, _S)
    return letter in (_C, _G, _S, _X, _Z)
