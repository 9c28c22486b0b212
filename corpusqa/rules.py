"""The rules that know furniture by its wording: their format, and how a file of them is read.

A file is TOML, one `[[rule]]` table a rule; the head of `residue.toml`, the file that we ship, explains every key. What
is easy to write there becomes here what is fast to look for: `lines` are keys of a table, compared after `plain`, and
the `patterns` of a rule are one regular expression, with `{name}` replaced by the fragment and ’ by either apostrophe.
It is for two engines, Rust's and Python's; what one of them refuses is an error when the file is read.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import polars as pl
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from corpusqa.errors import UnknownName, UnusableSettings

Kind = Literal["ad", "prompt", "legal", "credit", "bio", "related", "navigation", "residue"]
Language = Literal["any", "de", "en", "es", "fr", "it", "pt"]
Where = Literal["any", "head", "tail", "edge", "last", "inside"]

SHIPPED = Path(__file__).with_name("residue.toml")

#: What may surround a line that is nothing but a known phrase: white space, bullets, brackets, arrows, end marks.
AROUND = " \t\n\xa0\u200b.:;,!…|+*#–—-_•·»«›‹>→←▶►▼▾↑↓✕×[]()"
#: A piece of an expression that runs on over any text: behind it, an expression says no longer how a paragraph opens.
RUNS_ON = r"(?:(?<!\\)\.|\[\^[^\]]*\]|\\[SWD])(?:[*+?]|\{\d*,?\d*\})"


@dataclass(frozen=True, slots=True)
class Rule:
    """One way to know furniture by its wording."""

    id: str  #: family and name: `prompt.newsletter`
    kind: Kind
    language: Language
    lines: tuple[str, ...]  #: whole paragraphs, as `plain` gives them
    pattern: (
        str  #: a regular expression for Rust and for Python, anywhere in the paragraph unless anchored; may be empty
    )
    opening: str | None  #: what a paragraph must begin like to match the pattern, when that can be said
    needs: tuple[str, ...]  #: what a paragraph must have one of, in any capitals, to match the pattern
    max_words: int  #: longer paragraphs are not looked at
    where: Where  #: `head`, `tail`, `edge` (of the document; either), `last`, `any`; `inside` other text
    score: float  #: how sure a hit is
    tell: str | None  #: what of the paragraph gives it away; null for all of it
    catch: tuple[str, ...]
    spare: tuple[str, ...]


class _Table(BaseModel):
    """A rule as it is written in a file."""

    model_config = ConfigDict(extra="forbid")

    id: str = Field(pattern=r"^[a-z]+(\.[a-z]+)+$")
    kind: Kind
    language: Language = "any"
    lines: list[str] = []
    patterns: list[str] = []
    needs: list[str] = []
    max_words: int = Field(default=12, ge=1)
    where: Where = "any"
    case: bool = False
    score: float = Field(default=0.95, gt=0, le=1)
    tell: str | None = None
    catch: list[str] = []
    spare: list[str] = []


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    fragments: dict[str, str] = {}
    rule: list[_Table] = []


def load(path: Path, fragments: Mapping[str, str] = {}) -> tuple[Rule, ...]:
    """The rules of a file, in order: of several that fire, the first one names the paragraph.

    Raises UnusableSettings for a file that is not TOML and a rule that cannot work, UnknownName for a key or a
    fragment that there is none of.
    """
    try:
        file = _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as broken:
        raise UnusableSettings(f"{path} is not valid TOML: {broken}. Correct it, or name another file.") from None
    except ValidationError as invalid:
        raise _explained(invalid, path) from None
    return tuple(_rule(table, {**fragments, **file.fragments}, path) for table in file.rule)


def plain(texts: pl.Series) -> pl.Series:
    """The texts as lines are compared: lower case, one space, straight apostrophes, nothing around them.

    >>> plain(pl.Series(["» Don’t  miss"])).to_list()
    ["don't miss"]
    """
    return (
        texts.str.replace_all(r"\s+", " ")
        .str.replace_all("’", "'", literal=True)
        .str.to_lowercase()
        .str.strip_chars(AROUND)
    )


def _rule(table: _Table, fragments: Mapping[str, str], path: Path) -> Rule:
    flag = "" if table.case else "i"
    patterns = [_expanded(pattern, fragments, path) for pattern in table.patterns]
    pattern = f"(?{flag}:{'|'.join(patterns)})" if patterns else ""
    openings = [opening for opening in map(_opening, patterns) if opening]
    known = patterns and len(openings) == len(patterns) and not table.needs
    opening = f"(?{flag}:{'|'.join(openings)})" if known else None
    if path != SHIPPED:  # ours are compiled by a test: compiling takes a second, and every run would pay
        for expression in (pattern, table.tell):
            _check(expression, table.id, path)
    return Rule(
        id=table.id,
        kind=table.kind,
        language=table.language,
        lines=tuple(plain(pl.Series(table.lines, dtype=pl.String)).unique(maintain_order=True)),
        pattern=pattern,
        opening=opening,
        needs=tuple(table.needs),
        max_words=table.max_words,
        where=table.where,
        score=table.score,
        tell=table.tell,
        catch=tuple(table.catch),
        spare=tuple(table.spare),
    )


def _expanded(pattern: str, fragments: Mapping[str, str], path: Path) -> str:
    """The pattern with its fragments, and theirs, put in."""

    def fragment(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in fragments:
            raise UnknownName("fragment", name, fragments, where=str(path))
        return _expanded(fragments[name], fragments, path)

    return re.sub(r"\{([a-z_]+)\}", fragment, _either_apostrophe(pattern))


def _either_apostrophe(pattern: str) -> str:
    """The pattern in which ’ matches the straight one too, inside a class of characters and outside."""
    parts = re.split(r"(\\.|\[\^?\]?(?:\\.|[^\]\\])*\])", pattern)
    inside = [part.replace("’", "’'") for part in parts[1::2]]
    outside = [part.replace("’", "['’]") for part in parts[0::2]]
    return "".join(part for pair in zip(outside, [*inside, ""], strict=True) for part in pair)


def _opening(pattern: str) -> str | None:
    """The expression up to what runs on over any text: a paragraph that does not match it has no match.

    >>> _opening(r"^comments? (?:are|on this) .*closed")
    '^comments? (?:are|on this) '
    """
    if not pattern.startswith("^"):
        return None
    pieces = re.split(r"((?:\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|.)(?:[*+?]|\{\d*,?\d*\})?)", pattern)[1::2]
    depth, whole = 0, 0
    for number, piece in enumerate(pieces):
        if re.fullmatch(RUNS_ON, piece):
            break
        if depth == 0 and piece == "|":
            return None
        depth += piece.startswith("(") - piece.startswith(")")
        if depth == 0:
            whole = number + 1
    return "".join(pieces[:whole]) if whole > 1 else None


def _check(expression: str | None, rule: str, path: Path) -> None:
    """Raise UnusableSettings unless both engines take the expression and it says something."""
    if not expression:
        return
    try:
        empty = re.compile(expression).search("") is not None
        pl.Series([""]).str.contains(expression)
    except (re.error, pl.exceptions.ComputeError) as refused:
        raise UnusableSettings(
            f"Rule {rule} in {path} has a pattern that cannot be used: {refused}. It must be valid in Python and in "
            "Rust, which knows no look-around and no back-references."
        ) from None
    if empty:
        raise UnusableSettings(f"Rule {rule} in {path} would mark every paragraph. Give it a pattern that says more.")


def _explained(invalid: ValidationError, path: Path) -> UnknownName | UnusableSettings:
    """Pydantic's first complaint, in our words."""
    first: Any = invalid.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        known = _Table.model_fields if len(first["loc"]) > 1 else _File.model_fields
        return UnknownName("key", str(first["loc"][-1]), known, where=f"{place} in {path}")
    return UnusableSettings(f"{place} in {path} cannot be used: {first['msg']}. Correct the value.")
