"""A metric over the documents as bars, and the limits as lines that a slider can move.

What the page's script needs to move a limit is drawn with it: every bar has its two parts, within and beyond, even
where one of them has no height.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from markupsafe import Markup

from corpusqa.report import wording
from corpusqa.report.drawing import rect, svg, tag
from corpusqa.report.shapes import Distribution

WIDTH, HEIGHT = 300, 120  #: of a histogram, in the units of its drawing
TOP, BASE = 18, HEIGHT - 16  #: between which its bars stand
Side = Literal["min", "max"]
SIDES: dict[Side, str] = {"min": "at least", "max": "at most"}


def histogram(spread: Distribution) -> Markup:
    """The drawing. Heights are square roots, so that a tail of a few documents can be seen."""
    most = max(spread.counts, default=0) or 1
    drawn = []
    for i, n in enumerate(spread.counts):
        if n:
            left, right = _place(spread, spread.edges[i]), _place(spread, spread.edges[i + 1])
            wide, high = max(right - left - 0.6, 0.6), (n / most) ** 0.5 * (BASE - TOP)
            title = tag("title", f"{_span(spread, i)}: {wording.count(n, 'document')}")
            red = high * spread.beyond[i] / n
            parts = [("good", BASE - high, high - red), ("bad", BASE - red, red)]
            drawn += [rect(name, left, top, wide, own, title) for name, top, own in parts]
    drawn.append(tag("path", class_="base", d=f"M0 {BASE}.5h{WIDTH}"))
    said = f"{spread.column}: {wording.count(spread.outside, 'document')} outside the limits"
    return svg("hist", WIDTH, HEIGHT, [*drawn, *_limits(spread), *_ends(spread)], said)


def place(spread: Distribution, side: Side, value: float) -> float:
    """Where the line of a limit stands; before 0 or beyond `WIDTH` when it lies outside the axis."""
    if value < spread.edges[0]:
        return -1
    if value > spread.edges[-1]:
        return WIDTH + 1
    between = {"min": -0.5, "max": 0.5}[side] if spread.scale == "whole" else 0
    return round(_place(spread, value + between), 1)


def sides(spread: Distribution) -> Sequence[tuple[Side, float]]:
    """The limits that the suite sets, least and most."""
    own: tuple[tuple[Side, float | None], ...] = (("min", spread.minimum), ("max", spread.maximum))
    return [(side, value) for side, value in own if value is not None]


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
    return [_limit(side, place(spread, side, value), wording.number(value)) for side, value in sides(spread)]


def _limit(side: Side, x: float, value: str) -> Markup:
    text = f"{side} {value}"
    if x < 0:
        line, label = "M0 0", tag("text", f"← {text}", x=0, y=11)
    elif x > WIDTH:
        line, label = "M0 0", tag("text", f"{text} →", x=WIDTH, y=11, text_anchor="end")
    else:
        beside, anchor = (x + 4, "start") if x < WIDTH / 2 else (x - 4, "end")
        line, label = f"M{x:.1f} 2V{BASE}", tag("text", text, x=f"{beside:.1f}", y=11, text_anchor=anchor)
    return tag("g", tag("path", d=line), label, class_="limit", data_side=side)


def _ends(spread: Distribution) -> list[Markup]:
    inner = 0.5 if spread.scale == "whole" else 0
    low, high = wording.number(spread.edges[0] + inner), wording.number(spread.edges[-1] - inner)
    return [tag("text", low, x=0, y=HEIGHT - 4), tag("text", high, x=WIDTH, y=HEIGHT - 4, text_anchor="end")]
