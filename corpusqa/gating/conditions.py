"""The row_condition of a rule: which columns it reads, what it says in words, and the rows that meet it.

great_expectations judges by it, and does not say which rows those were. To tell how near the others came to a limit,
its structured form is put into polars here; a condition written as a text for pandas stays a text.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from functools import reduce
from operator import and_, eq, ge, gt, le, lt, ne, or_
from typing import Any

import polars as pl

from corpusqa.errors import UnusableSuite

COMPARED = {"==": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}


def columns(condition: Any) -> Iterator[str]:
    """The columns that a row_condition reads, in any of great_expectations' forms."""
    if not isinstance(condition, dict):
        return
    if isinstance(text := condition.get("pass_through_filter"), str):
        yield from re.findall(r"`([^`]+)`", text)
        yield from (node.id for node in ast.walk(_query(text)) if isinstance(node, ast.Name))
    if isinstance(column := condition.get("column"), dict):
        yield column["name"]
    for part in condition.get("conditions") or ():
        yield from columns(part)


def expression(condition: Any) -> pl.Expr | None:
    """Whether a row meets the condition, as pandas would say: a missing value differs from everything else.

    Null when the condition is a text for pandas.
    """
    if not isinstance(condition, dict):
        return pl.lit(True) if condition is None else None
    kind = condition.get("type")
    if kind in ("and", "or"):
        parts = [expression(part) for part in condition["conditions"]]
        known = [part for part in parts if part is not None]
        return reduce(and_ if kind == "and" else or_, known) if len(known) == len(parts) else None
    if kind == "nullity":
        column = pl.col(condition["column"]["name"])
        return column.is_null() if condition["is_null"] else column.is_not_null()
    return _comparison(condition) if kind == "comparison" else None


def words(condition: Any) -> str:
    """The condition to read: `chars_non_ascii_ratio <= 0.5`; empty when there is none."""
    if not isinstance(condition, dict):
        return ""
    if (kind := condition.get("type")) in ("and", "or"):
        return f" {kind} ".join(words(part) for part in condition["conditions"])
    if kind == "pass_through":
        return str(condition["pass_through_filter"])
    name = condition["column"]["name"]
    if kind == "nullity":
        return f"{name} is {'' if condition['is_null'] else 'not '}null"
    operator = condition["operator"].lower().replace("_", " ")
    return f"{name} {operator} {json.dumps(condition['parameter'], ensure_ascii=False)}"


def _comparison(condition: dict[str, Any]) -> pl.Expr:
    column, operator, parameter = pl.col(condition["column"]["name"]), condition["operator"], condition["parameter"]
    if operator in ("IN", "NOT_IN"):
        held = column.is_in(parameter).fill_null(False)
        return held if operator == "IN" else ~held
    found: pl.Expr = COMPARED[operator](column, parameter)
    return found.fill_null(operator == "!=")


def _query(text: str) -> ast.Expression:
    """A condition for `pandas.DataFrame.query`: Python, but for column names in backticks."""
    try:
        return ast.parse(re.sub(r"`[^`]+`", "0", text), mode="eval")
    except SyntaxError as broken:
        raise UnusableSuite(f"The row_condition {text!r} cannot be read: {broken.msg}. Correct it.") from None
