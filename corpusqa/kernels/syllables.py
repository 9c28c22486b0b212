"""Words as readability formulas count them: letters, syllables, and which words are long."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from corpusqa.kernels import kernel
from corpusqa.kernels.characters import ASCII, CODE, Bytes, Table, at
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
    for text in range(len(starts)):
        i, end = starts[text], ends[text]
        while i < end:
            letters, digits, spoken, i = _word(data, i, end, classes, table, vowels)
            if letters + digits:
                counts[text, 0] += 1
                counts[text, 1] += letters + digits
                counts[text, 2] += letters
                counts[text, 3] += spoken
                counts[text, 4] += spoken >= POLYSYLLABLE
                counts[text, 5] += letters >= LONG
    return counts


@kernel
def _word(data: Bytes, i: int, end: int, classes: Classes, table: Table, vowels: Flags) -> tuple[int, int, int, int]:
    """Letters, digits and syllables of the word that begins at byte `i`, and where the next one may begin.

    Syllables are those of English by its spelling: groups of vowels, less what is silent; 1 at least. Silent are a last
    e (but not in -le after a consonant) and the e of -es and -ed (but not after t, d or a hissing sound). Two vowels
    that are spoken apart (i-a, i-o, i-u, e-o, u-a, i-e in -iet, and before -ing) are two groups, but for -tion, -cial
    and their like.
    """
    letters, digits, groups, trailing_ua = 0, 0, 0, False
    a, b, c, d = 0, 0, 0, 0  # the last letter, the one before it, and so on
    vowel_a, vowel_b, vowel_c, vowel_d = False, False, False, False
    while i < end:
        code, i = code_point(data, i)
        kind = classes[at(code)]
        if kind & SPACE:
            break
        if kind & LETTER == 0:
            digits += kind & DIGIT != 0
            continue
        letter = code | 0x20 if code < ASCII else int(table[at(code)] & CODE)
        if letter == _Y:
            vowel = letters > 0
        else:
            vowel = letter < len(vowels) and vowels[at(letter)] and not (letter == _U and a == _Q)
        if vowel:
            groups += not vowel_a or _apart(b, a, letter)
        trailing_ua = vowel and vowel_a and a == _U and letter == _A
        letters += 1
        a, b, c, d = letter, a, b, c
        vowel_a, vowel_b, vowel_c, vowel_d = vowel, vowel_a, vowel_b, vowel_c
    groups -= trailing_ua
    groups += (vowel_d and c == _I and b == _N and a == _G) or (c == _I and b == _E and a == _T)
    if letters > 2 and a == _E and not vowel_b:
        groups -= b != _L or vowel_c
    elif letters > 3 and b == _E and not vowel_c:
        if a == _D:
            groups -= c != _T and c != _D
        elif a == _S:
            groups -= not _hisses(d, c) and (c != _L or vowel_d)
    return letters, digits, max(groups, 1), i


@kernel
def _apart(before: int, one: int, two: int) -> bool:
    """Whether two vowels are spoken apart, after that letter (0 for none)."""
    if one == _I and two in (_A, _O, _U):
        return before not in (_C, _G, _S, _T)
    return (one == _E and two == _O and before != _P) or (one == _U and two == _A)


@kernel
def _hisses(before: int, letter: int) -> bool:
    """Whether the letter makes an -es after it a syllable: s, x, z, c, g, ch, sh."""
    if letter == _H:
        return before in (_C, _S)
    return letter in (_C, _G, _S, _X, _Z)
