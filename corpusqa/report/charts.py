"""Numbers drawn as SVG: the barcode of a document, and the few small charts of the page.

Drawn here and not in the browser, so that the page shows them without a script. A drawing has no colours of its own,
only classes, so it follows the page's theme; and none says anything by colour alone: a repeat has its band at the top,
boilerplate at the bottom, residue is solid.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter

from markupsafe import Markup

from corpusqa.report import wording
from corpusqa.report.drawing import rect, svg, tag
from corpusqa.report.shapes import MARKS, Gate, Portion

BAND = 3  #: pixels of the band that marks a cell
WIDE = 120  #: pixels from which the single paragraphs of a news story can be told apart in a barcode
#: Lower ends for the axis of the gates' bars, so that 97 % and 99 % can be told apart when all gates are that high.
AXES = (0.99, 0.95, 0.9, 0.8, 0.5, 0.0)
_CELL = re.compile(r"([a-z])(\d+)")


def cells(strip: str) -> list[tuple[str, int]]:
    """The marks and words of a strip.

    >>> cells("u120r80")
    [('u', 120), ('r', 80)]
    """
    return [(mark, int(words)) for mark, words in _CELL.findall(strip)]


def barcode(strip: str, width: int = 160, height: int = 14) -> Markup:
    """A document from its first paragraph to its last: a cell a paragraph, as wide as its share of the words."""
    own = cells(strip) if width >= WIDE else merged(cells(strip))
    total = sum(words for _, words in own) or 1
    at = 0.0
    drawn = []
    for mark, words in own:
        wide = words / total * width
        seen = max(wide - 0.6, 0.7)
        drawn.append(rect(f"k-{mark}", at, 0, seen, height))
        if mark in "rb":
            drawn.append(rect(f"e-{mark}", at, 0 if mark == "r" else height - BAND, seen, BAND))
        at += wide
    return svg("barcode", width, height, drawn, described(own), preserveAspectRatio="none")


def merged(own: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """Neighbours of one mark as one cell: what can be told apart in a narrow drawing.

    >>> merged([("u", 10), ("u", 5), ("b", 2)])
    [('u', 15), ('b', 2)]
    """
    return [(mark, sum(words for _, words in run)) for mark, run in groupby(own, key=itemgetter(0))]


def described(own: Sequence[tuple[str, int]]) -> str:
    """A strip in words: what a screen reader says.

    >>> described([("u", 10), ("b", 2), ("u", 5)])
    '3 cells: 2 body, 1 boilerplate'
    """
    counts = [(name, sum(has == mark for has, _ in own)) for mark, name in MARKS.items()]
    return f"{wording.count(len(own), 'cell')}: {', '.join(f'{n} {name}' for name, n in counts if n) or 'no text'}"


def words_strip(portions: Sequence[Portion]) -> Markup:
    """Where the corpus's words go, as one bar over the whole width."""
    drawn = []
    at = 0.0
    for portion in portions:
        if portion.words:
            place = {"x": f"{at:.2f}%", "width": f"{portion.share * 100:.2f}%"}
            drawn.append(tag("rect", class_=f"k-{portion.mark}", height=30, **place))
            drawn.append(tag("rect", class_=f"e-{portion.mark}", y=0 if portion.mark == "r" else 26, height=4, **place))
            at += portion.share * 100
    said = ", ".join(f"{portion.name} {wording.share(portion.share)}" for portion in portions if portion.words)
    label = f"Where the words go: {said or 'there are none'}"
    return tag("svg", *drawn, class_="words", width="100%", height=30, role="img", aria_label=label)


def spark(positions: Sequence[int]) -> Markup:
    """Where in its documents a passage stands: a bar a step from the first paragraph to the last."""
    step, height, most = 4, 18, max(positions, default=0) or 1
    highs = [max(n / most * height, 1) if n else 0 for n in positions]
    drawn = [rect("e-b", i * step, height - high, step - 1, high) for i, high in enumerate(highs) if high]
    drawn.append(tag("path", class_="base", d=f"M0 {height}.5h{len(positions) * step}"))
    third = len(positions) // 3 or 1
    parts = {"first": sum(positions[:third]), "middle": sum(positions[third:-third]), "last": sum(positions[-third:])}
    said = f"Mostly in the {max(parts, key=parts.__getitem__)} third of its documents"
    return svg("spark", len(positions) * step, height + 1, drawn, said)


def axis(gates: Sequence[Gate]) -> float:
    """The lower end that the bars of all gates share."""
    shares = [share for gate in gates for share in (gate.passing, gate.needed) if share is not None]
    return next(low for low in AXES if all(share >= low for share in shares) or not low)


def bullet(gate: Gate, low: float) -> Markup:
    """The share of documents that pass, as a bar from `low` to all, with a tick at the share that is needed."""
    if gate.passing is None or gate.needed is None:
        return Markup()
    width, height = 150, 12
    passing, needed = (max(share - low, 0) / (1 - low) * width for share in (gate.passing, gate.needed))
    drawn = [
        rect("track", 0, 3, width, 6),
        rect(f"bar {gate.status.lower()}", 0, 3, passing, 6),
        rect("tick", min(needed, width - 2), 0, 2, height),
    ]
    said = f"{wording.met(gate.passing)} pass, {wording.met(gate.needed)} needed"
    return svg("bullet", width, height, drawn, said)


def meter(share: float | None, most: float, name: str) -> Markup:
    """A share as a short bar, against the largest beside it, in the colours of a mark or a status.

    Its number stands by, so a screen reader hears nothing.
    """
    wide = max(share / most * 60, 1) if share else 0
    marked = [rect(f"k-{name}", 0, 0, wide, 8), rect(f"e-{name}", 0, 8, wide, 2)]
    drawn = marked if name in MARKS else [rect(f"bar {name}", 0, 0, wide, 10)]
    return tag("svg", *drawn, class_="meter", width=60, height=10, aria_hidden="true")
