"""The report as JSON: the same value that the page is set from, for programs.

`schema` counts up when a name in it changes its meaning or goes; new names may come at any time.
"""

from __future__ import annotations

import json
from dataclasses import asdict

from corpusqa.report.shapes import Report

SCHEMA = 1


def to_json(report: Report) -> str:
    """The whole value, one name a line."""
    return json.dumps({"schema": SCHEMA, **asdict(report)}, indent=1, ensure_ascii=False) + "\n"
