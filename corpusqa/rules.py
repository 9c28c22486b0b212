"""The rules that know furniture by its wording: their format, and how a file of them is read.

A file is TOML, one `[[rule]]` table a rule; the head of `residue.toml` explains every key. We ship that one, and in
`wording/` one for each further language. What is easy to write there becomes here what is fast to look for: `lines` are
keys of a table, compared after `plain`, and the `patterns` of a rule are one regular expression, with `{name}` replaced
by the fragment and ’ by either apostrophe. It is for two engines, Rust's and Python's; what one of them refuses is an
error when the file is read.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Literal

import polars as pl
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from corpusqa.beginnings import beginnings
from corpusqa.errors import UnknownName, UnusableSettings
from corpusqa.tables import Kind

Language = Literal[
    "any", "af", "ar", "az", "bg", "bn", "ca", "cs", "da", "de", "el", "en", "es", "et", "eu", "fa", "fi", "fr", "gl",
    "he", "hi", "hr", "hu", "hy", "id", "is", "it", "ja", "ka", "kk", "ko", "lt", "lv", "mk", "mr", "ms", "nb", "ne",
    "nl", "pl", "pt", "ro", "ru", "sk", "sl", "sq", "sr", "sv", "sw", "ta", "te", "th", "tl", "tr", "uk", "ur", "vi",
    "zh",
]  # fmt: skip
Where = Literal["any", "head", "tail", "edge", "last", "inside"]

SHIPPED = Path(__file__).with_name("residue.toml")
WORDING = Path(__file__).with_name("wording")

#: What may surround a line that is nothing but a known phrase: white space, bullets, brackets, arrows, end marks.
AROUND = (
    " \t\n\xa0\u200b.:;,!…|+*#–—-_•·»«›‹>→←▶►▼▾↑↓✕×[]()"
    "\u200c\u200e\u200f،؛۔।\u3000：；，、。！・（）【】「」『』《》〈〉＜＞〔〕｜／■□●○◆◇★☆▲△▽◎※"
)
#: A piece of an expression that runs on over any text: behind it, an expression says no longer how a paragraph opens.
RUNS_ON = re.compile(r"(?:(?<!\\)\.|\[\^[^\]]*\]|\\[SWD])(?:[*+?]|\{\d*,?\d*\})")
#: A character of an expression, an escape or a class, with how often it may come.
PIECE = re.compile(r"(?:\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|.)(?:[*+?]|\{\d*,?\d*\})?")
#: What may stand before the first word of a paragraph, and what ends it.
BEFORE = AROUND + "0123456789/٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९০১২৩৪৫৬৭৮৯"
FIRST_WORD = r"^([^\s.,:;!?…|/()：，、。！？（）،؛؟۔]+)"
#: What İ leaves behind its i in lower case.
DOT = "\u0307"
FRAGMENT = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One way to know furniture by its wording."""

    id: str  #: family and name: `prompt.newsletter`
    kind: Kind
    language: Language
    lines: tuple[str, ...]  #: whole paragraphs, as `plain` gives them
    pattern: (
        str  #: a regular expression for Rust and for Python, anywhere in the paragraph unless anchored; may be empty
    )
    heads: frozenset[bytes]  #: what a paragraph must begin with to match the pattern, but for what `opening` is about
    opening: str | None  #: what it must begin like where no list of heads says it; empty where it may begin with all
    needs: tuple[str, ...]  #: what a paragraph must have one of, in any capitals, to match the pattern
    begins: tuple[
        str, ...
    ]  #: what the first word must be, or its first character; behind a 0, a number stands before it
    max_words: int  #: longer paragraphs are not looked at
    where: Where  #: `head`, `tail`, `edge` (of the document; either), `last`, `any`; `inside` other text
    stranger: bool  #: whom the paragraph names first, no other paragraph of the document names
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
    begins: list[str] = []
    max_words: int = Field(default=12, ge=1)
    where: Where = "any"
    stranger: bool = False
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
    file = _read(path)
    rules = _rules(file, {**fragments, **file.fragments}, path)
    for rule in rules:
        for expression in (rule.pattern, rule.tell):
            _check(expression, rule.id, path)
    return rules


def shipped() -> tuple[Rule, ...]:
    """Our own rules: `residue.toml`, then the files of `wording`, which use its fragments or their own for them.

    Their expressions are compiled by a test: compiling takes a second, and every run would pay.
    """
    first = _read(SHIPPED)
    files = [(SHIPPED, first), *((path, _read(path)) for path in sorted(WORDING.glob("*.toml")))]
    return tuple(rule for path, file in files for rule in _rules(file, {**first.fragments, **file.fragments}, path))


def _read(path: Path) -> _File:
    try:
        return _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as broken:
        raise UnusableSettings(f"{path} is not valid TOML: {broken}. Correct it, or name another file.") from None
    except ValidationError as invalid:
        raise _explained(invalid, path) from None


def plain(texts: pl.Series) -> pl.Series:
    """The texts as lines are compared: lower case, one space, straight apostrophes, nothing around them.

    A capital İ becomes an i, as Turkish has it.

    >>> plain(pl.Series(["» Don’t  miss"])).to_list()
    ["don't miss"]
    """
    return (
        texts.str.replace_all(r"\s+", " ")
        .str.replace_all("’", "'", literal=True)
        .str.to_lowercase()
        .str.replace_all(DOT, "", literal=True)
        .str.strip_chars(AROUND)
    )


def first_word(texts: pl.Series) -> pl.Series:
    """What each text begins with, behind numbers and marks: one word, in lower case.

    >>> first_word(pl.Series(["» Foto: Ada Berg", "3. marts 2019"])).to_list()
    ['foto', 'marts']
    """
    word = texts.str.slice(0, 32).str.strip_chars_start(BEFORE).str.extract(FIRST_WORD).str.to_lowercase()
    return word.str.replace_all(DOT, "", literal=True)


def _rules(file: _File, fragments: Mapping[str, str], path: Path) -> tuple[Rule, ...]:
    lines = iter(plain(pl.Series([line for table in file.rule for line in table.lines], dtype=pl.String)))
    return tuple(_rule(table, tuple(islice(lines, len(table.lines))), fragments, path) for table in file.rule)


def _rule(table: _Table, lines: tuple[str, ...], fragments: Mapping[str, str], path: Path) -> Rule:
    flag = "" if table.case else "i"
    patterns = [_expanded(pattern, fragments, path) for pattern in table.patterns]
    pattern = f"(?{flag}:{'|'.join(patterns)})" if patterns else ""
    heads = [] if table.needs or table.begins else [beginnings(pattern) for pattern in patterns]
    others = [_opening(pattern) for pattern, known in zip(patterns, heads, strict=False) if not known]
    opening = f"(?{flag}:{'|'.join(map(str, others))})" if all(others) else ""
    return Rule(
        id=table.id,
        kind=table.kind,
        language=table.language,
        lines=tuple(dict.fromkeys(lines)),
        pattern=pattern,
        heads=frozenset().union(*heads),
        opening=opening if others else None,
        needs=tuple(table.needs),
        begins=tuple(form for word in table.begins for form in {word, word.replace("'", "’")}),
        max_words=table.max_words,
        where=table.where,
        stranger=table.stranger,
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

    return FRAGMENT.sub(fragment, _either_apostrophe(pattern))


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
    depth, whole = 0, 0
    for match in PIECE.finditer(pattern):
        piece = match[0]
        if RUNS_ON.fullmatch(piece):
            break
        if depth == 0 and piece == "|":
            return None
        depth += (piece[0] == "(") - (piece[0] == ")")
        if depth == 0:
            whole = match.end()
    return pattern[:whole] if whole > 1 else None


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
