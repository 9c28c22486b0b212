"""The value set as a page: one file that needs nothing, asks for nothing, and runs only the script it came with.

The script is allowed by its digest in the content-security policy, so that text from a scraped page can never run, and
everything that reaches the page goes through autoescaping or, for what the script shows, through `textContent`. The
documents and articles travel as JSON, compressed when that is worth it.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from dataclasses import fields, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from corpusqa.report import charts, wording
from corpusqa.report.shapes import MARKS, Article, Listed, Report

#: Bytes of a page at most, by default: opens in well under a second, and travels by mail.
PAGE_BYTES = 2_000_000
#: Of these, the list of documents may take so many; articles take what the rest of the page leaves.
LISTING_BYTES = 700_000
#: Payloads up to this size stay plain, for whoever reads the source; larger ones are compressed four to five times.
PLAIN_BYTES = 40_000
STATUS_WORDS = {"FAIL": "Fail", "WARN": "Warn", "NOTE": "Note", "PASS": "Pass"}
VERDICT_WORDS = {"reject": "Reject", "flag": "Flag", "accept": "Accept"}


def render(report: Report) -> str:
    """The whole page for everything that the report holds."""
    script, style = _asset("report.js"), _asset("report.css")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        _environment()
        .get_template("page.html")
        .render(
            report=report,
            script=Markup(script),  # noqa: S704 - our own file
            style=Markup(style),  # noqa: S704 - our own file
            digest=digest,
            listing=payload(_listing(report)),
            articles=payload(report.articles),
            axis=charts.axis(report.gates),
        )
    )


def write(report: Report, path: Path, limit: int | None = PAGE_BYTES) -> int:
    """Write the page, whole or not at all, and return its size in bytes.

    A page larger than `limit` gets fewer documents, and fewer of them in full, the worst first; None keeps them all.
    """
    page = render(report if limit is None else fitted(report, limit)).encode()
    temporary = path.with_name(f".{path.name}.tmp")
    temporary.write_bytes(page)
    temporary.replace(path)
    return len(page)


def fitted(report: Report, limit: int = PAGE_BYTES) -> Report:
    """The report with as many documents listed, and as many in full, as a page of `limit` bytes can hold."""
    rows = _rows_within(report, min(LISTING_BYTES, limit // 2))
    report = replace(report, listing=replace(report.listing, shown=rows))
    rest = len(render(replace(report, articles=())).encode())
    return replace(report, articles=_articles_within(report.articles, limit - rest))


def _rows_within(report: Report, limit: int) -> tuple[Listed, ...]:
    """The longest head of the list whose payload is within the limit: a search by halves."""
    rows = report.listing.shown
    if len(payload(_rows(report, rows))) <= limit:
        return rows
    fits, too_many = 0, len(rows)
    while too_many - fits > 1:
        middle = (fits + too_many) // 2
        if len(payload(_rows(report, rows[:middle]))) <= limit:
            fits = middle
        else:
            too_many = middle
    return rows[:fits]


def _articles_within(articles: tuple[Article, ...], limit: int) -> tuple[Article, ...]:
    """The articles, in order, that fit in so many bytes; one that is too large makes room for the next.

    Each is weighed compressed on its own, which together they only undercut.
    """
    fitting = []
    for article in articles:
        weight = len(payload(article))
        if weight <= limit:
            fitting.append(article)
            limit -= weight
    return tuple(fitting)


def payload(content: Any) -> Markup:
    """JSON in a script element that no browser runs; compressed, its bytes are the same for the same content.

    In the plain form no `<` stays as it is, so that no text in it can end the element.
    """
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), default=_fields)
    data = text.encode()
    if len(data) > PLAIN_BYTES:
        packed = base64.b64encode(gzip.compress(data, mtime=0)).decode()
        return Markup(f'type="application/gzip">{packed}')  # noqa: S704 - base64
    return Markup('type="application/json">' + text.replace("<", "\\u003c"))  # noqa: S704 - no < in it


def _fields(value: Any) -> dict[str, Any]:
    """A dataclass of the report as JSON has it; `asdict` would copy every string first."""
    return {field.name: getattr(value, field.name) for field in fields(value)}


def _listing(report: Report) -> dict[str, Any]:
    """What the script needs: the rows, and the words to show them with."""
    return {
        **_rows(report, report.listing.shown),
        "folder": report.folder,
        "marks": MARKS,
        "statuses": STATUS_WORDS,
        "verdicts": VERDICT_WORDS,
    }


def _rows(report: Report, rows: tuple[Listed, ...]) -> dict[str, Any]:
    """The list of documents, sites and rules by number: both recur in thousands of rows."""
    sites = sorted({row.document.site for row in rows if row.document.site is not None})
    rules = sorted({rule for row in rows for rule in row.rules} | {gate.rule for gate in report.gates})
    site_numbers, rule_numbers = ({name: i for i, name in enumerate(names)} for names in (sites, rules))
    return {"sites": sites, "rules": rules, "rows": [_row(row, site_numbers, rule_numbers) for row in rows]}


def _row(row: Listed, sites: dict[str, int], rules: dict[str, int]) -> list[Any]:
    own = row.document
    return [
        own.key,
        own.label if own.label != own.key else 0,
        own.title if own.title != own.label else 0,
        sites[own.site] if own.site is not None else -1,
        row.verdict,
        [rules[rule] for rule in row.rules],
        row.strip,
        row.words,
        *[None if share is None else round(share, 4) for share in (row.repeat, row.boilerplate, row.residue)],
    ]


@cache
def _asset(name: str) -> str:
    return files("corpusqa.report").joinpath("assets", name).read_text(encoding="utf-8")


def _breakable(name: str) -> Markup:
    """A name of several parts that a narrow column may break between them."""
    return Markup("_<wbr>").join(name.split("_"))


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
    )
    environment.globals.update(
        charts=charts, status_words=STATUS_WORDS, verdict_words=VERDICT_WORDS, kinds=wording.KINDS, marks=MARKS
    )
    return environment
