"""The value set as a page: one file that needs nothing, asks for nothing, and runs only the script it came with.

The script is allowed by its digest in the content-security policy, so that text from a scraped page can never run, and
everything that reaches the page goes through autoescaping or, for what the script shows, through `textContent`. The
documents and articles travel as JSON, compressed when that is worth it.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from corpusqa.report import charts, histogram, payloads, wording
from corpusqa.report.payloads import STATUS_WORDS, VERDICT_WORDS
from corpusqa.report.shapes import MARKS, Article, Report
from corpusqa.report.shown import ESCAPED

#: Bytes of a page at most, by default: opens in well under a second, and travels by mail.
PAGE_BYTES = 2_000_000
#: Of these, the list of documents may take so many; articles take what the rest of the page leaves.
LISTING_BYTES = 700_000
#: An article that takes more makes room for others: a tenth of what they have together.
ARTICLE_BYTES = 100_000
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Around:
    """What an article's own page knows of the report that it belongs to."""

    name: str  #: of the corpus
    folder: str  #: of the run, as a command would name it
    home: str | None = None  #: where the report lies; null when the page stands alone
    groups: Set[str] = frozenset()  #: those that the report's catalogue shows


def render(report: Report, pages: int = 0) -> str:
    """The whole page for everything that the report holds; the first `pages` of its list have pages of their own."""
    return _set(
        "report.html",
        "limits.js",
        "report.js",
        report=report,
        home="",
        listing=payloads.payload(payloads.listing(report, pages)),
        articles=payloads.payload(report.articles),
        trials=payloads.payload(payloads.trials(report)),
        axis=charts.axis(report.gates),
    )


def render_article(article: Article, around: Around) -> str:
    """One article as a page of its own, which needs no script but to walk from mark to mark."""
    return _set("single.html", article=article, around=around, home=around.home, groups=around.groups)


def _set(template: str, *scripts: str, **content: object) -> str:
    script = "\n".join(_asset(name) for name in ("base.js", "reading.js", *scripts))
    script = f"'use strict';\n(async () => {{\n{script}}})();\n"
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    own = {"script": Markup(script), "style": Markup(_asset("report.css")), "digest": digest}  # noqa: S704 - our files
    return _environment().get_template(template).render(**own, **content)


def write(report: Report, path: Path, limit: int | None = PAGE_BYTES, pages: int = 0) -> int:
    """Write the page, whole or not at all, and return its size in bytes.

    A page larger than `limit` gets fewer documents, and fewer of them in full, the worst first; None keeps them all.
    """
    return place(path, render(report if limit is None else fitted(report, limit), pages))


def place(path: Path, text: str) -> int:
    """Write a file, whole or not at all; returns its size in bytes."""
    content = text.encode()
    temporary = path.with_name(f".{path.name}.tmp")
    temporary.write_bytes(content)
    temporary.replace(path)
    return len(content)


def fitted(report: Report, limit: int = PAGE_BYTES) -> Report:
    """The report with as many documents listed, and as many in full, as a page of `limit` bytes can hold."""
    rows = _within(
        report.listing.shown, min(LISTING_BYTES, limit // 2), lambda rows: payloads.weight(payloads.rows(report, rows))
    )
    report = replace(report, listing=replace(report.listing, shown=tuple(rows)))
    rest = limit - len(render(replace(report, articles=())).encode())
    usual = [article for article in report.articles if not payloads.heavier(article, ARTICLE_BYTES)]
    return replace(report, articles=tuple(_within(usual, rest, payloads.weight)))


def _within(items: Sequence[Item], limit: int, weigh: Callable[[Sequence[Item]], int]) -> Sequence[Item]:
    """A head of the items that weighs no more than the limit, and is not much shorter than need be."""
    while items and (weight := weigh(items)) > limit:
        items = items[: int(len(items) * limit / weight * 0.98)]
    return items


@cache
def _asset(name: str) -> str:
    return files("corpusqa.report").joinpath("assets", name).read_text(encoding="utf-8")


def _breakable(name: str) -> Markup:
    """A name of several parts that a narrow column may break between them."""
    return Markup("_<wbr>").join(name.split("_"))


def _visible(text: str) -> Markup:
    """Text from the corpus, the code points that stand for what cannot be seen set apart."""
    parts = ESCAPED.split(text)
    return Markup("").join(
        Markup('<span class="esc">{}</span>').format(part) if i % 2 else escape(part) for i, part in enumerate(parts)
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("corpusqa.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        count=wording.count,
        share=wording.share,
        met=wording.met,
        number=wording.number,
        fragment=lambda text: quote(text, safe=""),
        breakable=_breakable,
        keeps=wording.keeps,
        visible=_visible,
    )
    environment.globals.update(
        charts=charts,
        histogram=histogram,
        status_words=STATUS_WORDS,
        verdict_words=VERDICT_WORDS,
        kinds=wording.KINDS,
        marks=MARKS,
    )
    return environment
