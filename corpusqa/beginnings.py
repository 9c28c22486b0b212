"""What a text must begin with for an anchored expression to match it, read off the expression.

`^(?:please\\s)?(?:follow|read)\\s` can only match a text that begins with "please ", "follow " or "read ", in any
capitals. So a look at its first eight bytes tells which of some hundred expressions are worth trying on a text: for
most texts none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

#: Bytes of a beginning at most, and how many of one expression are told apart before they are made shorter.
LONGEST, SHORT, MANY = 8, 4, 1500
#: Characters of a class from which it says too little to go on.
WIDE = 24
#: The start of a group, its end, an alternative, or a character, an escape, a class.
PIECE = re.compile(
    r"(?P<run>[A-Za-z]{2,}(?![*+?{]))|(?P<open>\((?:\?[a-z]*:)?)|(?P<close>\))|(?P<bar>\|)|(?P<atom>\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|.)",
    re.DOTALL,
)
TIMES = re.compile(r"(?P<often>[*+?])|\{(?P<least>\d*)(?P<comma>,?)(?P<most>\d*)\}")
MEMBER = re.compile(r"(\\.|[^\\])(?:-(\\.|[^\\]))?", re.DOTALL)

Heads = frozenset[bytes]


class Piece(NamedTuple):
    """The beginnings of what a piece of an expression matches."""

    whole: Heads  #: all of it: what follows goes on from here
    cut: Heads  #: more of it follows that is not known

    def then(self, other: Piece) -> Piece:
        """The two in a row."""
        if len(self.whole) * (len(other.whole) + len(other.cut)) > MANY:
            short = {head[:SHORT] for head in self.whole}
            more = {head[:SHORT] for head in other.whole | other.cut}
            if len(short) * len(more) > 10 * MANY:
                return Piece(NOTHING, self.cut | self.whole)
            return Piece(NOTHING, self.cut | {(head + behind)[:SHORT] for head in short for behind in more})
        joined = {head + more for head in self.whole for more in other.whole}
        cut = {(head + more)[:LONGEST] for head in self.whole for more in other.cut}
        cut |= {head[:LONGEST] for head in joined if len(head) >= LONGEST}
        return Piece(frozenset(head for head in joined if len(head) < LONGEST), self.cut | cut)

    def either(self, other: Piece) -> Piece:
        """The one or the other."""
        return Piece(self.whole | other.whole, self.cut | other.cut)


NOTHING: Heads = frozenset()
NEVER, EMPTY, ANY = Piece(NOTHING, NOTHING), Piece(frozenset([b""]), NOTHING), Piece(NOTHING, frozenset([b""]))


def beginnings(expression: str) -> Heads:
    """The beginnings, in UTF-8 with small ASCII letters and a blank for white space; none where it may have any.

    >>> sorted(beginnings("^(?:see|read) more"))
    [b'read mor', b'see more']
    """
    if not expression.startswith("^"):
        return NOTHING
    piece, _ = _alternatives(expression, 1)
    found = piece.whole | piece.cut
    return NOTHING if b"" in found else frozenset(_shortest(found))


def _shortest(heads: Iterable[bytes]) -> Iterable[bytes]:
    """The heads that no other one begins."""
    last = None
    for head in sorted(heads):
        if last is None or not head.startswith(last):
            last = head
            yield head


def _alternatives(expression: str, at: int) -> tuple[Piece, int]:
    """The alternatives from `at` up to the end of their group, and where that is."""
    found, row = NEVER, EMPTY
    while at < len(expression):
        piece = PIECE.match(expression, at)
        assert piece is not None
        at = piece.end()
        if piece.lastgroup == "run":
            if row.whole:
                row = row.then(_run(piece.group()))
            continue
        if piece.lastgroup == "close":
            break
        if piece.lastgroup == "bar":
            found, row = found.either(row), EMPTY
            continue
        opens = piece.lastgroup == "open"
        item, at = _alternatives(expression, at) if opens else (_atom(piece.group()), at)
        item, at = _repeated(expression, at, item)
        if row.whole:
            row = row.then(item)
    return found.either(row), at


def _repeated(expression: str, at: int, item: Piece) -> tuple[Piece, int]:
    """The item as often as the expression says behind it, and where that goes on."""
    times = TIMES.match(expression, at)
    if times is None:
        return item, at
    often = times["often"]
    once = often == "?" or times["most"] == "1" or (times["least"] == "1" and not times["comma"])
    many = item if once else Piece(NOTHING, item.whole | item.cut)
    may_miss = often in ("*", "?") or (often is None and times["least"] in ("", "0"))
    return (many.either(EMPTY) if may_miss else many), times.end()


@cache
def _run(letters: str) -> Piece:
    head = letters.lower().encode()[:LONGEST]
    return Piece(frozenset([head]), NOTHING)


@cache
def _atom(atom: str) -> Piece:
    """The beginnings of one character, escape or class."""
    if atom in ("^", "$", r"\b"):
        return EMPTY
    if atom == r"\s":
        return Piece(frozenset([b" "]), NOTHING)
    if atom == ".":
        return ANY
    if len(atom) == 1:
        return Piece(_forms(atom), NOTHING)
    if atom[0] == "\\":
        return Piece(_forms(atom[1]), NOTHING) if not atom[1].isalnum() else ANY
    return ANY if atom[1] == "^" else _class(atom[1:-1])


def _class(members: str) -> Piece:
    """The beginnings of a class of characters."""
    found = NEVER
    for first, last in MEMBER.findall(members):
        if first[0] == "\\" and first[1:].isalnum():
            found = found.either(_atom(first))
        else:
            low, high = ord(first[-1]), ord((last or first)[-1])
            if high - low > WIDE:
                return ANY
            found = found.either(Piece(NOTHING.union(*(_forms(chr(code)) for code in range(low, high + 1))), NOTHING))
    return found if len(found.whole) <= WIDE else ANY


@cache
def _forms(character: str) -> Heads:
    """The character in UTF-8, in either case unless it is ASCII."""
    if character.isspace():
        return frozenset([b" "])
    if character.isascii():
        return frozenset([character.lower().encode()])
    return frozenset(form.encode() for form in (character, character.lower(), character.upper()))
