"""The value set as a page: one file that needs nothing, asks for nothing, and runs only the script it came with.

The script is allowed by its digest in the content-security policy, so that text from a scraped page can never run, and
everything that reaches the page goes through autoescaping or, for what the script shows, through `textContent`. The
documents and articles travel as JSON, compressed when that is worth it.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Set
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from corpusqa.report import charts, histogram, payloads, wording
from corpusqa.report.payloads import STATUS_WORDS, VERDICT_WORDS
from corpusqa.report.shapes import MARKS, Article, Listed, Report
from corpusqa.report.shown import ESCAPED

#: Bytes of a page at most, by default: opens in well under a second, and travels by mail.
PAGE_BYTES = 2_000_000
#: Of these, the list of documents may take so many; articles take what the rest of the page leaves.
LISTING_BYTES = 700_000


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
    rows = _rows_within(report, min(LISTING_BYTES, limit // 2))
    report = replace(report, listing=replace(report.listing, shown=rows))
    rest = len(render(replace(report, articles=())).encode())
    return replace(report, articles=_articles_within(report.articles, limit - rest))


def _rows_within(report: Report, limit: int) -> tuple[Listed, ...]:
    """The longest head of the list whose payload is within the limit: a search by halves."""
    rows = report.listing.shown
    if payloads.weight(payloads.rows(report, rows)) <= limit:
        return rows
    fits, too_many = 0, len(rows)
    while too_many - fits > 1:
        middle = (fits + too_many) // 2
        if payloads.weight(payloads.rows(report, rows[:middle])) <= limit:
            fits = middle
        else:
            too_many = middle
    return rows[:fits]


def _articles_within(articles: tuple[Article, ...], limit: int) -> tuple[Article, ...]:
    """The articles, in order, that fit in so many bytes; one that is too large makes room for the next.

    Each is weighed compressed on its own, which together they undercut.
    """
    fitting = []
    for article in articles:
        weight = payloads.weight(article)
        if weight <= limit:
            fitting.append(article)
            limit -= weight
    return tuple(fitting)


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
