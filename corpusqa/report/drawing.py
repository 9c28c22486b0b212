"""The few elements that all drawings are made of: SVG as text, escaped, with a name for every part and no colour."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape


def svg(name: str, width: int, height: int, drawn: Sequence[Markup], said: str, **more: str) -> Markup:
    """A drawing of this size, with what it says to who cannot see it."""
    box = f"0 0 {width} {height}"
    return tag("svg", *drawn, class_=name, viewBox=box, width=width, height=height, role="img", aria_label=said, **more)


def rect(name: str, x: float, y: float, width: float, height: float, *inside: Markup) -> Markup:
    """A rectangle; lengths to a tenth of a pixel."""
    place = {key: f"{value:.1f}".removesuffix(".0") for key, value in {"x": x, "y": y}.items() if value}
    sizes = {key: f"{value:.1f}".removesuffix(".0") for key, value in {"width": width, "height": height}.items()}
    return tag("rect", *inside, class_=name, **place, **sizes)


def tag(name: str, *inside: str, **attributes: object) -> Markup:
    """An element; everything that is not Markup already is escaped."""
    own = "".join(f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"' for key, value in attributes.items())
    content = "".join(map(escape, inside))
    return Markup(f"<{name}{own}>{content}</{name}>")  # noqa: S704 - escaped above
