"""What goes out of one text: the paragraphs marked, with the line breaks that go with them, and the way back.

A cut is a stretch of the text as read. Between two paragraphs that stay, one of the gaps that were there stays too, the
widest, so that neither a blank line is doubled nor two paragraphs run together; the other line breaks leave with the
paragraph beside them. So the cuts and what they leave are together the whole text, and `restored` is exact.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

WHITE = re.compile(r"\s*")


class Cut(NamedTuple):
    """The characters `start` to `end` of a text as read, and the rule that takes them out."""

    start: int
    end: int
    rule: str


class Content(NamedTuple):
    """A paragraph that stays, but for the spans in it."""

    start: int
    end: int
    spans: Sequence[Cut]


def cuts(text: str, marked: Iterable[Cut], content: Iterable[Content] = ()) -> list[Cut]:
    r"""The cuts that take the marked paragraphs, and the spans in those that stay, out of a text; in order, disjoint.

    >>> cuts("Lead.\n\nShare this\n\nBody.", [Cut(7, 17, "prompt")])
    [Cut(start=7, end=19, rule='prompt')]
    """
    whole, inside = list(marked), list[Cut]()
    for paragraph in content:
        runs = _runs(text, sorted(paragraph.spans))
        if any(text[start:end].strip() for start, end in _between(paragraph, runs)):
            inside += [cut for run in runs for cut in _span_cuts(text, paragraph, run)]
        elif runs:
            whole.append(Cut(paragraph.start, paragraph.end, runs[0][0].rule))
    paragraphs = [cut for run in _runs(text, sorted(whole)) for cut in _paragraph_cuts(text, run)]
    return sorted(paragraphs + inside)


def without(text: str, taken: Iterable[Cut]) -> str:
    """What the cuts leave."""
    pieces, position = [], 0
    for start, end, _ in taken:
        pieces.append(text[position:start])
        position = end
    return "".join([*pieces, text[position:]])


def restored(kept: str, taken: Iterable[tuple[int, str]]) -> str:
    """The text that `kept` was left of, given each cut's start in it and its characters.

    >>> restored("Lead.\\n\\nBody.", [(7, "Share this\\n\\n")])
    'Lead.\\n\\nShare this\\n\\nBody.'
    """
    pieces, position, n_cut = [], 0, 0
    for start, characters in taken:
        pieces += [kept[position : start - n_cut], characters]
        position = start - n_cut
        n_cut += len(characters)
    return "".join([*pieces, kept[position:]])


def _runs(text: str, stretches: Sequence[Cut]) -> list[list[Cut]]:
    """Stretches with nothing but white space between them, together; where two overlap, the later starts later."""
    runs: list[list[Cut]] = []
    for start, end, rule in stretches:
        if runs and start < runs[-1][-1].end:
            start = runs[-1][-1].end
        if start >= end:
            continue
        if runs and _after(text, runs[-1][-1].end) >= start:
            runs[-1].append(Cut(start, end, rule))
        else:
            runs.append([Cut(start, end, rule)])
    return runs


def _between(paragraph: Content, runs: list[list[Cut]]) -> list[tuple[int, int]]:
    """The stretches of a paragraph outside the runs."""
    starts = [paragraph.start, *(run[-1].end for run in runs)]
    ends = [*(run[0].start for run in runs), paragraph.end]
    return [(start, end) for start, end in zip(starts, ends, strict=True) if start < end]


def _paragraph_cuts(text: str, run: list[Cut]) -> list[Cut]:
    """The run, each paragraph's line with the line breaks before or behind it; one gap's breaks stay."""
    gaps = [(_before(text, cut.start), cut.start) for cut in run] + [(run[-1].end, _after(text, run[-1].end))]
    first, last = gaps[0][0] == 0, gaps[-1][1] == len(text)
    if first and last:  # nothing stays, so no gap does
        starts = [0, *(cut.start for cut in run[1:])]
        return [Cut(at, to, cut.rule) for at, to, cut in zip(starts, [*starts[1:], len(text)], run, strict=True)]
    breaks = [_breaks(text, start, end) for start, end in gaps]
    widths = [text.count("\n", start, end) for start, end in breaks]
    stays = 0 if first else len(run) if last else widths.index(max(widths))
    side = [0 if at < stays else 1 for at in range(len(run))]
    return [Cut(breaks[at][side[at]], breaks[at + 1][side[at]], cut.rule) for at, cut in enumerate(run)]


def _breaks(text: str, start: int, end: int) -> tuple[int, int]:
    """A gap without the white space that ends the line before it and begins the line behind it."""
    first = text.find("\n", start, end)
    if first < 0:  # the gap before the first line, or behind the last
        return (0, 0) if start == 0 else (end, end)
    return first, text.rindex("\n", start, end) + 1


def _span_cuts(text: str, paragraph: Content, run: list[Cut]) -> list[Cut]:
    """The run with the white space behind it, or, at the end of its paragraph, before it: no blank is left doubled."""
    start, end = run[0].start, run[-1].end
    if start == paragraph.start or text[start - 1].isspace():
        end = min(_after(text, end), paragraph.end)
    if end == paragraph.end:
        start = max(_before(text, start), paragraph.start)
    starts = [start, *(cut.start for cut in run[1:])]
    return [Cut(at, to, cut.rule) for at, to, cut in zip(starts, [*starts[1:], end], run, strict=True)]


def _after(text: str, position: int) -> int:
    """Where the white space behind this position ends."""
    found = WHITE.match(text, position)
    return found.end() if found else position


def _before(text: str, position: int) -> int:
    """Where the white space before this position starts."""
    width = 64  # a gap is a few characters; the window grows for the one that is not
    while True:
        low = max(0, position - width)
        stripped = text[low:position].rstrip()
        if stripped or low == 0:
            return low + len(stripped)
        width *= 8
