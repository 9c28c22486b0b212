"""Two documents side by side: which paragraphs they share, and which words differ in the ones that they nearly share.

The comparison is made on the text without furniture, because two sites' frames always differ and that is not what one
wants to see; what was set aside is folded into one line where it stood. Two levels of difflib: paragraphs against
paragraphs, then words against words inside the paragraphs that changed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from corpusqa.report import wording
from corpusqa.report.shapes import MARKS, Piece, Row
from corpusqa.report.shown import visible

#: Paragraphs and rows compared; difflib is quadratic at worst, and nobody reads further.
PARAGRAPHS, ROWS = 400, 40
#: Tokens of a paragraph up to which its words are compared, and characters that are shown of it.
TOKENS, CHARACTERS = 600, 1_200
#: Identical paragraphs shown around a difference; more of them are folded.
CONTEXT = 1
#: Share of their words that two paragraphs must share to be set side by side as one that changed.
ALIKE = 0.3

_TOKEN = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph as the comparison needs it."""

    number: int
    mark: str
    text: str


def compare_texts(left: Sequence[Line], right: Sequence[Line]) -> tuple[Row, ...]:
    """The rows of the comparison, from the first paragraph to the last."""
    left, right = left[:PARAGRAPHS], right[:PARAGRAPHS]
    own, other = [line for line in left if line.mark == "u"], [line for line in right if line.mark == "u"]
    matcher = SequenceMatcher(None, [_plain(line) for line in own], [_plain(line) for line in other], autojunk=False)
    rows: list[Row] = []
    asides = (_Asides(left, "left"), _Asides(right, "right"))
    for operation, i, i_end, j, j_end in matcher.get_opcodes():
        steps = _equal(own[i:i_end], other[j:j_end]) if operation == "equal" else _paired(own[i:i_end], other[j:j_end])
        for one, two in steps:
            rows += [note for aside, line in zip(asides, (one, two), strict=True) for note in aside.before(line)]
            rows.append(_row(one, two, same=operation == "equal"))
    rows += [note for aside in asides for note in aside.rest()]
    return _capped(_folded(rows))


def _plain(line: Line) -> str:
    return " ".join(line.text.split())


Step = tuple[Line | None, Line | None]


def _equal(left: Sequence[Line], right: Sequence[Line]) -> list[Step]:
    return list(zip(left, right, strict=True))


def _paired(left: Sequence[Line], right: Sequence[Line]) -> list[Step]:
    """Changed paragraphs with their counterparts, in order; one without a counterpart stands alone."""
    steps: list[Step] = []
    at = 0
    for line in left:
        words = set(_plain(line).split())
        scores = [_alike(words, other) for other in right[at : at + 8]]
        best = max(range(len(scores)), key=scores.__getitem__, default=-1)
        if best < 0 or scores[best] < ALIKE:
            steps.append((line, None))
            continue
        steps += [(None, skipped) for skipped in right[at : at + best]]
        steps.append((line, right[at + best]))
        at += best + 1
    return steps + [(None, line) for line in right[at:]]


def _alike(words: set[str], other: Line) -> float:
    theirs = set(_plain(other).split())
    return len(words & theirs) / max(min(len(words), len(theirs)), 1)


def _row(left: Line | None, right: Line | None, *, same: bool) -> Row:
    if left is None or right is None:
        only = left or right
        assert only is not None
        pieces = (Piece("changed", _shown(only.text)),)
        empty: tuple[Piece, ...] = ()
        return (
            Row("right", None, empty, only.number, pieces, "")
            if left is None
            else Row("left", only.number, pieces, None, empty, "")
        )
    if same:
        pieces = (Piece("same", _shown(left.text)),)
        return Row("same", left.number, pieces, right.number, pieces, "")
    ours, theirs = _words(left.text[:CHARACTERS], right.text[:CHARACTERS])
    return Row("changed", left.number, ours, right.number, theirs, "")


def _words(left: str, right: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """The two texts in pieces, what only one of them has marked as changed."""
    ours, theirs = _TOKEN.findall(left), _TOKEN.findall(right)
    if max(len(ours), len(theirs)) > TOKENS:
        return (Piece("changed", visible(left)),), (Piece("changed", visible(right)),)
    kept: list[Piece] = []
    gone: list[Piece] = []
    for operation, i, i_end, j, j_end in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        same = operation == "equal" and "".join(ours[i:i_end]).strip() != ""
        for pieces, tokens in ((kept, ours[i:i_end]), (gone, theirs[j:j_end])):
            _add(pieces, "same" if same else "changed", visible("".join(tokens)))
    return tuple(kept), tuple(gone)


def _add(pieces: list[Piece], kind: str, text: str) -> None:
    """The text as another piece, or as the end of the last one when that is of the same kind."""
    if text and pieces and pieces[-1].kind == kind:
        pieces[-1] = Piece(kind, pieces[-1].text + text)
    elif text:
        pieces.append(Piece(kind, text))


def _shown(text: str) -> str:
    return visible(text if len(text) <= CHARACTERS else text[: CHARACTERS - 1] + "…")


class _Asides:
    """The marked paragraphs of one side, handed out as a note when the walk has come past them."""

    def __init__(self, lines: Sequence[Line], side: str) -> None:
        self._waiting = [line for line in lines if line.mark != "u"]
        self._side = side

    def before(self, line: Line | None) -> list[Row]:
        """A note for what stands before this paragraph, if anything does."""
        if line is None:
            return []
        passed = [aside for aside in self._waiting if aside.number < line.number]
        self._waiting = self._waiting[len(passed) :]
        return self._note(passed)

    def rest(self) -> list[Row]:
        """A note for what stands after the last paragraph."""
        return self._note(self._waiting)

    def _note(self, lines: Sequence[Line]) -> list[Row]:
        if not lines:
            return []
        marks = [MARKS[mark] for mark in sorted({line.mark for line in lines}, key="rbx".index)]
        where = wording.runs([line.number for line in lines])
        return [_note(f"{where} set aside on the {self._side}: {wording.listed(marks)}")]


def _note(text: str) -> Row:
    return Row("note", None, (), None, (), text)


def _folded(rows: Sequence[Row]) -> list[Row]:
    """Long runs of identical paragraphs as a note, but for those beside a difference."""
    folded: list[Row] = []
    start = 0
    while start < len(rows):
        end = start
        while end < len(rows) and rows[end].kind == "same":
            end += 1
        folded += _fold(rows[start:end], first=start == 0, last=end == len(rows))
        folded += rows[end : end + 1]
        start = end + 1
    return folded


def _fold(run: Sequence[Row], *, first: bool, last: bool) -> list[Row]:
    head, tail = (0 if first else CONTEXT), (0 if last else CONTEXT)
    hidden = len(run) - head - tail
    if hidden < 2:
        return list(run)
    return [*run[:head], _note(f"{hidden} identical paragraphs"), *run[len(run) - tail :]]


def _capped(rows: Sequence[Row]) -> tuple[Row, ...]:
    if len(rows) <= ROWS:
        return tuple(rows)
    return (*rows[:ROWS], _note(f"{wording.count(len(rows) - ROWS, 'more row')} not shown"))
