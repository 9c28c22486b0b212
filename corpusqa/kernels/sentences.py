"""Where sentences end, by the marks alone: no language model, no list of abbreviations."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from corpusqa.kernels import inner, kernel
from corpusqa.kernels.characters import Bytes
from corpusqa.kernels.classes import CLOSING, DIGIT, LETTER, LOWER, SPACE, TERMINAL, WIDE
from corpusqa.kernels.counts import ELLIPSIS, Classes, Numbers, before, code_point

_DOT = ord(".")


#: What `ended` asks of a character: whether it ends a sentence, and whether it may stand behind one that does.
END, BEHIND = 1, 2


@kernel
def ended(data: Bytes, starts: Numbers, ends: Numbers, marks: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Whether each stretch ends with an end mark, and what may stand behind one. `marks`: END, BEHIND by code point."""
    found = np.zeros(len(starts), np.bool_)
    for stretch in range(len(starts)):
        end, mark = ends[stretch], BEHIND
        while end > starts[stretch] and mark == BEHIND:
            end = before(data, end)
            code, _ = code_point(data, end)
            mark = int(marks[code]) if code < len(marks) else 0
        found[stretch] = mark & END != 0
    return found


@kernel
def n_sentences(data: Bytes, starts: Numbers, ends: Numbers, classes: Classes) -> Numbers:
    """The sentences of each text; the end of the text ends one too. Only what has a letter or a digit is a sentence."""
    counts = np.zeros(len(starts), np.int64)
    for text in range(len(starts)):
        counts[text] = sentences(data, starts[text], ends[text], classes)
    return counts


@inner
def sentences(data: Bytes, i: int, end: int, classes: Classes) -> int:
    """The sentences of one stretch."""
    n, letters, begun = 0, 0, False
    while i < end:
        code, i = code_point(data, i)
        kind = classes[code]
        if begun and (kind & TERMINAL or code == ELLIPSIS):
            initial = code == _DOT and letters == 1
            ended, i = _after_mark(data, i, end, classes, kind & WIDE != 0)
            if ended and not (initial and i < end):
                n, begun = n + 1, False
        begun = begun or kind & (LETTER | DIGIT) != 0
        letters = letters + 1 if kind & LETTER else 0
    return n + begun


@inner
def _after_mark(data: Bytes, i: int, end: int, classes: Classes, wide: bool) -> tuple[bool, int]:
    """Whether a sentence ends with the mark before byte `i`, and where the marks and closing quotes after it end.

    White space must follow, unless the mark is a wide one, and after it no small letter.
    """
    while i < end:
        code, following = code_point(data, i)
        if classes[code] & (TERMINAL | CLOSING) == 0 and code != ELLIPSIS:
            break
        wide = wide or classes[code] & WIDE != 0
        i = following
    if i == end or wide:
        return True, i
    blanks, kind, following = 0, SPACE, i
    while following < end:
        code, following = code_point(data, following)
        kind = classes[code]
        if kind & SPACE == 0:
            break
        blanks += 1
    return blanks > 0 and kind & LOWER == 0, i
