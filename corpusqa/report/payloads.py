"""What travels in the page beside its text: the list of documents, the articles, the limits to try; all as JSON.

Plain while it is small, so that whoever reads the source can read it; compressed when that is worth it, and then to the
same bytes for the same content.
"""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from markupsafe import Markup

from corpusqa.report import histogram, wording
from corpusqa.report.shapes import MARKS, Distribution, Listed, Report

#: Payloads up to this size stay plain, for whoever reads the source; larger ones are compressed four to five times.
PLAIN_BYTES = 40_000
STATUS_WORDS = {"FAIL": "Fail", "WARN": "Warn", "NOTE": "Note", "PASS": "Pass"}
VERDICT_WORDS = {"reject": "Reject", "flag": "Flag", "accept": "Accept"}


def payload(content: Any) -> Markup:
    """JSON in a script element that no browser runs; compressed, its bytes are the same for the same content.

    In the plain form no `<` stays as it is, so that no text in it can end the element.
    """
    text = compact(content)
    if len(text.encode()) > PLAIN_BYTES:
        return Markup(f'type="application/gzip">{_packed(text)}')  # noqa: S704 - base64
    return Markup('type="application/json">' + text.replace("<", "\\u003c"))  # noqa: S704 - no < in it


def weight(content: Any) -> int:
    """The bytes that it takes as a part of a compressed payload, at most."""
    return len(_packed(compact(content)))


def heavier(content: Any, limit: int) -> bool:
    """Whether it takes more; compressed only when it could."""
    return len(compact(content)) > limit and weight(content) > limit


def compact(content: Any) -> str:
    """JSON without a space too many."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), default=_fields)


def _packed(text: str) -> str:
    return base64.b64encode(gzip.compress(text.encode(), compresslevel=6, mtime=0)).decode()


def _fields(value: Any) -> dict[str, Any]:
    """A dataclass of the report as JSON has it; `asdict` would copy every string first."""
    return {field.name: getattr(value, field.name) for field in fields(value)}


def listing(report: Report, pages: int = 0) -> dict[str, Any]:
    """What the script needs: the rows, and the words to show them with."""
    return {
        **rows(report, report.listing.shown),
        "folder": report.folder,
        "pages": pages,
        "marks": MARKS,
        "statuses": STATUS_WORDS,
        "verdicts": VERDICT_WORDS,
        "kinds": wording.KINDS,
    }


def rows(report: Report, shown: Sequence[Listed]) -> dict[str, Any]:
    """The list of documents, sites and rules by number: both recur in thousands of rows."""
    sites = sorted({row.document.site for row in shown if row.document.site is not None})
    rules = sorted({rule for row in shown for rule in row.rules} | {gate.rule for gate in report.gates})
    site_numbers, rule_numbers = ({name: i for i, name in enumerate(names)} for names in (sites, rules))
    return {"sites": sites, "rules": rules, "rows": [_row(row, site_numbers, rule_numbers) for row in shown]}


def _row(row: Listed, sites: dict[str, int], rules: dict[str, int]) -> list[Any]:
    own = row.document
    return [
        own.key,
        own.label if own.label != own.key else 0,
        own.title if own.title != own.label else 0,
        sites[own.site] if own.site is not None else -1,
        row.verdict,
        [rules[rule] for rule in row.rules],
        own.strip,
        row.words,
        *[None if share is None else round(share, 4) for share in (row.repeat, row.boilerplate, row.residue)],
    ]


def trials(report: Report) -> list[dict[str, Any]]:
    """What a slider needs: the limits in words and by their place on the axis, and what lies on their two sides."""
    return [_trial(spread) for spread in report.distributions]


def _trial(spread: Distribution) -> dict[str, Any]:
    own = spread.trial
    return {
        "limits": own.limits,
        "shown": [wording.number(limit) for limit in own.limits],
        "places": {side: [histogram.place(spread, side, limit) for limit in own.limits] for side in histogram.SIDES},
        "suite": {side: own.limits.index(limit) for side, limit in histogram.sides(spread)},
        "width": histogram.WIDTH,
        "base": histogram.BASE,
        "counts": spread.counts,
        "documents": {"all": spread.documents, "min": own.below, "max": own.up_to},
        "words": {"all": spread.words, "min": own.words_below, "max": own.words_up_to},
    }
