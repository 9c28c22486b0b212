"""Templates as patterns: which texts fit one, and what fills its slots.

A template is text in which `⟨…⟩` stands for one or more characters of any sort. Everything else is as it stands, but
for what a page may set one way or another: capitals, white space, and the form of quotation marks. White space beside a
slot counts only where it keeps two words apart, since scripts without spaces have none there.

>>> import polars as pl
>>> plain(pl.Series(["Related:  ‘A »new« HARBOUR’"])).to_list()
['related: \\'a "new" harbour\\'']
>>> bool(plain(pl.Series(["RELATED: A new harbour"])).str.contains(pattern("Related: ⟨…⟩")).all())
True
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import polars as pl

from corpusqa.slots import SLOT

#: Quotation marks and apostrophes by the plain one that each is taken for.
QUOTES = dict.fromkeys("“”„‟«»″〝〞＂「」『』", '"') | dict.fromkeys("‘’‚‛‹›′´`＇", "'")
#: A word at the edge of a slot is kept apart from what fills it, unless its script knows no spaces.
FILLED = "([^ ]|[^ ].*?[^ ])"  #: what a slot holds
UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


def plain(texts: pl.Series) -> pl.Series:
    """The texts in the form in which they are compared: lower case, one space, straight quotes, nothing around."""
    return spaced(texts).str.replace_many(list(QUOTES), list(QUOTES.values())).str.to_lowercase()


def spaced(texts: pl.Series) -> pl.Series:
    """The texts with one space for any white space, and none around."""
    return texts.str.replace_all(r"\s+", " ").str.strip_chars(" ")


def is_template(text: str) -> bool:
    """Whether the text has a slot."""
    return SLOT in text


def fixed(template: str) -> list[str]:
    """The pieces between the slots, as `plain` gives them; empty where two slots touch or one stands at the edge."""
    pieces = pl.Series(template.split(SLOT), dtype=pl.String)
    return plain(pieces).to_list()


def pattern(template: str) -> str:
    """A regular expression, for Rust and Python, that a `plain` text matches when it fits; a group for each slot."""
    pieces = template.split(SLOT)
    parts = []
    for place, (own, piece) in enumerate(zip(pieces, fixed(template), strict=True)):
        if place:
            parts.append(FILLED)
            parts.append(" ?" + (r"\b" if own[:1].isspace() and _word(piece[:1]) else ""))
        parts.append(pl.escape_regex(piece))
        if place + 1 < len(pieces):
            parts.append((r"\b" if own[-1:].isspace() and _word(piece[-1:]) else "") + " ?")
    return f"^{''.join(parts)}$"


def _word(character: str) -> bool:
    """Whether this is a letter or digit for both engines, which differ about other numbers, such as ²."""
    return (character.isalpha() or character.isdecimal()) and not UNSPACED.match(character)


def fillings(template: str, texts: Iterable[str]) -> list[tuple[str, ...]]:
    """What fills the slots in each of the texts that fit the template, as it stands there.

    Which fit is asked of Rust's engine, which takes no longer for texts that do not, however many slots there are.
    """
    compiled = re.compile(pattern(template))
    lines = spaced(pl.Series(texts, dtype=pl.String))
    lines = lines.filter(plain(lines).str.contains(compiled.pattern))
    found = []
    for line, own in zip(lines, plain(lines), strict=True):
        if match := compiled.search(own):
            written = line if len(line) == len(own) else own  # a few capitals are longer than their small letters
            found.append(tuple(written[slice(*match.span(slot + 1))] for slot in range(compiled.groups)))
    return found
