"""The line rules of C4, in the order of its reference implementation: which rule drops each line, or that it is kept.

A line that is dropped by one rule is not asked about the next. Lines are what `str.splitlines` gives, stripped; a text
that C4 drops as a whole is walked to its end all the same.
"""

from __future__ import annotations

import numpy as np

from corpusqa.kernels import inner, kernel
from corpusqa.kernels.characters import Bytes, at
from corpusqa.kernels.classes import DECIMAL, SPACE
from corpusqa.kernels.counts import Classes, Numbers, code_point, stripped
from corpusqa.kernels.hashing import ZERO
from corpusqa.kernels.phrases import holds, ordered, phrases
from corpusqa.kernels.sentences import sentences

#: tensorflow_datasets, text/c4_utils.py: _MIN_WORDS_PER_LINE, _MAX_WORD_LENGTH, _END_MARKS, _POLICY_SUBSTRINGS
FEWEST_WORDS, LONGEST_WORD = 5, 1000
POLICIES = ("terms of use", "privacy policy", "cookie policy", "uses cookies", "use of cookies", "use cookies")

#: What is counted of each text: its lines that are not blank, those that each rule drops, those that are kept, and the
#: sentences of these.
LINES, LONG_WORD, UNENDED, SHORT, LOREM, SCRIPT, BRACE, POLICY, KEPT, SENTENCES = range(N_COLUMNS := 10)

_LOOKED_FOR = ordered(["lorem ipsum", "javascript", "{", "[", *POLICIES])
PHRASES = phrases(_LOOKED_FOR)
_LOREM, _SCRIPT, _BRACE, _BRACKET = (1 << _LOOKED_FOR.index(p) for p in ("lorem ipsum", "javascript", "{", "["))
_POLICY = sum(1 << _LOOKED_FOR.index(phrase) for phrase in POLICIES)

_FEED, _RETURN, _DOT, _OPEN, _CLOSE = ord("\n"), ord("\r"), ord("."), ord("["), ord("]")
_ENDS = ord("."), ord("?"), ord("!"), ord('"')
ASIDES = np.frombuffer(b"[edit][citation needed]", np.uint8).copy()  #: removed, besides numbers in brackets
_ASIDE = 6  #: where the second begins


@inner
def line_break(data: Bytes, i: int, end: int) -> int:
    """The bytes of the line break at byte `i`, as `str.splitlines` has it; 0 where there is none."""
    byte = data[at(i)]
    if byte == _FEED:
        return 1
    if byte == _RETURN:
        return 2 if i + 1 < end and data[i + 1] == _FEED else 1
    if 0x0B <= byte <= 0x0C or 0x1C <= byte <= 0x1E:
        return 1
    if byte == 0xC2 and data[i + 1] == 0x85:
        return 2
    if byte == 0xE2 and data[i + 1] == 0x80 and 0xA8 <= data[i + 2] <= 0xA9:
        return 3
    return 0


@kernel
def line_rules(
    data: Bytes,
    starts: Numbers,
    ends: Numbers,
    classes: Classes,
    asides: Bytes,
    scratch: Bytes,
    written: Bytes,
    begins: Numbers,
    stops: Numbers,
    n_sentences: Numbers,
    letters: Bytes,
    bounds: Numbers,
    rarest: Numbers,
    heads: Bytes,
) -> Numbers:
    """What the rules make of the lines of each text: (n, N_COLUMNS).

    The sentences of the stretches from `begins` to `stops` (ascending) are known, and not counted again. `scratch` has
    room for any line, and `written` is the same memory, for reading only as `data` is: so all is compiled once.
    """
    known = 0
    counts = np.zeros((len(starts), N_COLUMNS), np.int64)
    for text in range(len(starts)):
        start = starts[text]
        while start < ends[text]:
            end, width = start, 0
            while end < ends[text] and width == 0:
                if data[at(end)] < 0x1F or data[at(end)] >= 0xC2:  # what any of them begins with
                    width = line_break(data, end, ends[text])
                end += width == 0
            first, last = stripped(data, start, end, classes)
            start = end + width
            if first == last:
                continue
            counts[text, LINES] += 1
            if _has_long_word(data, first, last, classes):
                counts[text, LONG_WORD] += 1
                continue
            found = holds(data, first, last, letters, bounds, rarest, heads)
            if found & _BRACKET == 0:
                rule, n = _judged(data, first, last, classes, found), 0
                while known < len(begins) and begins[known] < first:
                    known += 1
                if rule == KEPT and known < len(begins) and begins[known] == first and stops[known] == last:
                    n = n_sentences[known]
                elif rule == KEPT:
                    n = sentences(data, first, last, classes)
            else:
                left = _without_citations(data, first, last, classes, asides, scratch)
                found = holds(written, ZERO, left, letters, bounds, rarest, heads)
                rule, n = _judged(written, ZERO, left, classes, found), 0
                if rule == KEPT:
                    n = sentences(written, ZERO, left, classes)
            counts[text, rule] += 1
            counts[text, SENTENCES] += n
    return counts


@inner
def _judged(data: Bytes, start: int, end: int, classes: Classes, found: int) -> int:
    """The first rule that the line breaks, or KEPT. `found`: the phrases in it."""
    if not _ends_well(data, start, end):
        return UNENDED
    if not _has_words(data, start, end, classes):
        return SHORT
    for phrase, rule in ((_LOREM, LOREM), (_SCRIPT, SCRIPT), (_BRACE, BRACE), (_POLICY, POLICY)):
        if found & phrase:
            return rule
    return KEPT


@inner
def _ends_well(data: Bytes, start: int, end: int) -> bool:
    """Whether the line ends with one of C4's marks, and not with three dots."""
    if end == start or data[end - 1] not in _ENDS:
        return False
    return not (end - start >= 3 and data[end - 1] == _DOT and data[end - 2] == _DOT and data[end - 3] == _DOT)


@inner
def _has_words(data: Bytes, i: int, end: int, classes: Classes) -> bool:
    """Whether the line has as many words as C4 asks for."""
    words, blank = 0, True
    while i < end and words < FEWEST_WORDS:
        code, i = code_point(data, i)
        space = classes[at(code)] & SPACE != 0
        words += blank and not space
        blank = space
    return words == FEWEST_WORDS


@inner
def _has_long_word(data: Bytes, i: int, end: int, classes: Classes) -> bool:
    """Whether a word of the line is longer than C4 takes; one is at least as long in bytes."""
    length = 0
    while i < end and end - i + length > LONGEST_WORD:
        code, i = code_point(data, i)
        length = 0 if classes[at(code)] & SPACE else length + 1
        if length > LONGEST_WORD:
            return True
    return False


@inner
def _without_citations(data: Bytes, i: int, end: int, classes: Classes, asides: Bytes, out: Bytes) -> int:
    """Copy the line without Wikipedia's marks: `[12]`, `[]`, `[edit]`, `[citation needed]`; returns what is left."""
    n = 0
    while i < end:
        if data[i] == _OPEN:
            following = _citation(data, i, end, classes, asides)
            if following > i:
                i = following
                continue
        out[n] = data[i]
        i, n = i + 1, n + 1
    return n


@inner
def _citation(data: Bytes, start: int, end: int, classes: Classes, asides: Bytes) -> int:
    """Where the citation ends that begins with the bracket at `start`; `start` itself if none does."""
    i = start + 1
    while i < end:
        code, following = code_point(data, i)
        if classes[code] & DECIMAL == 0:
            break
        i = following
    if i < end and data[i] == _CLOSE:
        return i + 1
    for first, last in ((0, _ASIDE), (_ASIDE, len(asides))):
        k = 0
        while k < last - first and start + k < end and data[start + k] == asides[first + k]:
            k += 1
        if k == last - first:
            return start + k
    return start
