"""Numbers drawn as SVG: the barcode of a document, and the few small charts of the page.

Drawn here and not in the browser, so that the page shows them without a script. A drawing has no colours of its own,
only classes, so it follows the page's theme; and none says anything by colour alone: a repeat has its band at the top,
boilerplate at the bottom, residue is solid.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from markupsafe import Markup, escape

from corpusqa.report import wording
from corpusqa.report.shapes import MARKS, Distribution, Gate, Portion

BAND = 3  #: pixels of the band that marks a cell
#: Lower ends for the axis of the gates' bars, so that 97 % and 99 % can be told apart when all gates are that high.
AXES = (0.99, 0.95, 0.9, 0.8, 0.5, 0.0)
WIDTH, HEIGHT = 300, 120  #: of a histogram, in the units of its drawing
TOP, BASE = 18, HEIGHT - 16  #: between which its bars stand
_CELL = re.compile(r"([a-z])(\d+)")


def cells(strip: str) -> list[tuple[str, int]]:
    """The marks and words of a strip.

    >>> cells("u120r80")
    [('u', 120), ('r', 80)]
    """
    return [(mark, int(words)) for mark, words in _CELL.findall(strip)]


def barcode(strip: str, width: int = 160, height: int = 14) -> Markup:
    """A document from its first paragraph to its last: a cell a paragraph, as wide as its share of the words."""
    own = cells(strip)
    total = sum(words for _, words in own) or 1
    at = 0.0
    drawn = []
    for mark, words in own:
        wide = words / total * width
        seen = max(wide - 0.6, 0.7)
        drawn.append(_rect(f"k-{mark}", at, 0, seen, height))
        if mark in "rb":
            drawn.append(_rect(f"e-{mark}", at, 0 if mark == "r" else height - BAND, seen, BAND))
        at += wide
    return _svg("barcode", width, height, drawn, described(own))


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
            drawn.append(_tag("rect", class_=f"k-{portion.mark}", height=30, **place))
            drawn.append(
                _tag("rect", class_=f"e-{portion.mark}", y=0 if portion.mark == "r" else 26, height=4, **place)
            )
            at += portion.share * 100
    said = ", ".join(f"{portion.name} {wording.share(portion.share)}" for portion in portions if portion.words)
    label = f"Where the words go: {said or 'there are none'}"
    return _tag("svg", *drawn, class_="words", width="100%", height=30, role="img", aria_label=label)


def spark(positions: Sequence[int]) -> Markup:
    """Where in its documents a passage stands: a bar a step from the first paragraph to the last."""
    step, height, most = 4, 18, max(positions, default=0) or 1
    highs = [max(n / most * height, 1) if n else 0 for n in positions]
    drawn = [_rect("e-b", i * step, height - high, step - 1, high) for i, high in enumerate(highs) if high]
    drawn.append(_tag("path", class_="base", d=f"M0 {height}.5h{len(positions) * step}"))
    third = len(positions) // 3 or 1
    parts = {"first": sum(positions[:third]), "middle": sum(positions[third:-third]), "last": sum(positions[-third:])}
    said = f"Mostly in the {max(parts, key=parts.__getitem__)} third of its documents"
    return _svg("spark", len(positions) * step, height + 1, drawn, said)


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
        _rect("track", 0, 3, width, 6),
        _rect(f"bar {gate.status.lower()}", 0, 3, passing, 6),
        _rect("tick", min(needed, width - 2), 0, 2, height),
    ]
    said = f"{wording.met(gate.passing)} pass, {wording.met(gate.needed)} needed"
    return _svg("bullet", width, height, drawn, said)


def meter(share: float | None, mark: str) -> Markup:
    """A share as a short bar; the number stands beside it, so it says nothing to a screen reader."""
    wide = max(share * 60, 1) if share else 0
    drawn = [_rect(f"k-{mark}", 0, 0, wide, 8), _rect(f"e-{mark}", 0, 8, wide, 2)]
    return _tag("svg", *drawn, class_="meter", width=60, height=10, aria_hidden="true")


def histogram(spread: Distribution) -> Markup:
    """A metric over the documents. Heights are square roots, so that a tail of a few documents can be seen."""
    most = max(spread.counts, default=0) or 1
    drawn = []
    for i, n in enumerate(spread.counts):
        if n:
            left, right = _place(spread, spread.edges[i]), _place(spread, spread.edges[i + 1])
            wide, high = max(right - left - 0.6, 0.6), (n / most) ** 0.5 * (BASE - TOP)
            title = _tag("title", f"{_span(spread, i)}: {wording.count(n, 'document')}")
            red = high * spread.beyond[i] / n
            parts = [("good", BASE - high, high - red), ("bad", BASE - red, red)]
            drawn += [_rect(name, left, top, wide, own, title) for name, top, own in parts if own]
    drawn.append(_tag("path", class_="base", d=f"M0 {BASE}.5h{WIDTH}"))
    said = f"{spread.column}: {wording.count(spread.outside, 'document')} outside the limits"
    return _svg("hist", WIDTH, HEIGHT, [*drawn, *_limits(spread), *_ends(spread)], said)


def _place(spread: Distribution, value: float) -> float:
    """Where a value lies on the axis: by its size, or by its bar where the bars are steps of even ratio."""
    edges = spread.edges
    if spread.scale != "ratio":
        return min(max((value - edges[0]) / (edges[-1] - edges[0]), 0), 1) * WIDTH
    i = max(sum(edge < value for edge in edges) - 1, 0)
    if i >= len(edges) - 1:
        return float(WIDTH)
    return (i + max(value - edges[i], 0) / (edges[i + 1] - edges[i])) * WIDTH / (len(edges) - 1)


def _span(spread: Distribution, i: int) -> str:
    """The values of a bar in words."""
    left, right = spread.edges[i], spread.edges[i + 1]
    if spread.scale == "whole":
        return wording.number((left + right) / 2)
    return f"{wording.number(left)} to {wording.number(right)}"


def _limits(spread: Distribution) -> list[Markup]:
    """The suite's limits as dashed lines; one that lies beyond the values is only named, with an arrow."""
    drawn = []
    if spread.minimum is not None:
        drawn += _limit(spread, "min", spread.minimum)
    if spread.maximum is not None:
        drawn += _limit(spread, "max", spread.maximum)
    return drawn


def _limit(spread: Distribution, name: str, value: float) -> list[Markup]:
    text = f"{name} {wording.number(value)}"
    if value < spread.edges[0]:
        return [_tag("text", f"← {text}", x=0, y=11)]
    if value > spread.edges[-1]:
        return [_tag("text", f"{text} →", x=WIDTH, y=11, text_anchor="end")]
    between = {"min": -0.5, "max": 0.5}[name] if spread.scale == "whole" else 0
    x = _place(spread, value + between)
    beside, anchor = (x + 4, "start") if x < WIDTH / 2 else (x - 4, "end")
    line = _tag("path", class_="limit", d=f"M{x:.1f} 2V{BASE}")
    return [line, _tag("text", text, class_="limit", x=f"{beside:.1f}", y=11, text_anchor=anchor)]


def _ends(spread: Distribution) -> list[Markup]:
    inner = 0.5 if spread.scale == "whole" else 0
    low, high = wording.number(spread.edges[0] + inner), wording.number(spread.edges[-1] - inner)
    return [_tag("text", low, x=0, y=HEIGHT - 4), _tag("text", high, x=WIDTH, y=HEIGHT - 4, text_anchor="end")]


def _svg(name: str, width: int, height: int, drawn: Sequence[Markup], said: str) -> Markup:
    box = f"0 0 {width} {height}"
    return _tag("svg", *drawn, class_=name, viewBox=box, width=width, height=height, role="img", aria_label=said)


def _rect(name: str, x: float, y: float, width: float, height: float, *inside: Markup) -> Markup:
    place = {key: f"{value:.1f}".removesuffix(".0") for key, value in {"x": x, "y": y}.items() if value}
    sizes = {key: f"{value:.1f}".removesuffix(".0") for key, value in {"width": width, "height": height}.items()}
    return _tag("rect", *inside, class_=name, **place, **sizes)


def _tag(name: str, *inside: str, **attributes: object) -> Markup:
    """An element; everything that is not Markup already is escaped."""
    own = "".join(f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"' for key, value in attributes.items())
    content = "".join(map(escape, inside))
    return Markup(f"<{name}{own}>{content}</{name}>")  # noqa: S704 - escaped above
