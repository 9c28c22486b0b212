"""Numbers and rules in words: the one place where the report decides how a figure reads.

A share that is not nothing never reads 0%, one that is not everything never reads 100%, and a null reads as a dash: the
three roundings that make a report lie.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import floor

#: What each kind of boilerplate is called in a sentence.
KINDS = {
    "ad": "advertisement",
    "prompt": "prompt",
    "legal": "legal notice",
    "credit": "credit",
    "bio": "author’s bio",
    "related": "related links",
    "navigation": "navigation",
    "residue": "residue",
}
UNKNOWN = "–"


def count(n: int, noun: str = "", plural: str = "") -> str:
    """A whole number with its thousands set apart, and what it counts.

    >>> count(12480, "document"), count(1, "document"), count(0)
    ('12,480 documents', '1 document', '0')
    """
    return f"{n:,} {noun if n == 1 else plural or noun + 's'}" if noun else f"{n:,}"


def share(value: float | None) -> str:
    """A share as a percentage that is neither 0 nor 100 unless it is.

    >>> share(0.0484), share(1.0), share(0.99996), share(0.00001), share(None)
    ('4.8%', '100%', '>99.9%', '<0.1%', '–')
    """
    if value is None:
        return UNKNOWN
    if value in (0, 1):
        return f"{value:.0%}"
    text = f"{value:.1%}"
    return {"0.0%": "<0.1%", "100.0%": ">99.9%"}.get(text, text)


def met(value: float | None) -> str:
    """A share that is held against a limit: cut after two figures and not rounded, so that it never seems to reach it.

    >>> met(0.98529), met(0.989999), met(0.99), met(1.0), met(None)
    ('98.52%', '98.99%', '99%', '100%', '–')
    """
    return UNKNOWN if value is None else f"{floor(value * 10_000 + 1e-6) / 100:g}%"


def number(value: float | int | str | bool | None) -> str:
    """A metric's value to three figures after the point, thousands set apart, no zeros at the end.

    >>> number(1260), number(0.2), number(0.16041), number(1e-5), number(True), number(None)
    ('1,260', '0.2', '0.16', '1e-05', 'true', '–')
    """
    if value is None:
        return UNKNOWN
    if isinstance(value, bool | str):
        return str(value).lower() if isinstance(value, bool) else value
    if value != 0 and abs(value) < 0.001:
        return f"{value:.3g}"
    return f"{value:,.3f}".rstrip("0").rstrip(".") if isinstance(value, float) else f"{value:,}"


def keeps(kept: int, documents: int, kept_words: int, words: int) -> str:
    """What a limit keeps.

    >>> keeps(14_737, 15_420, 13_800_000, 14_600_000)
    'keeps 14,737 of 15,420 documents (95.6%) and 94.5% of the words'
    """
    of = f"{count(kept)} of {count(documents, 'document')} ({share(kept / documents if documents else None)})"
    return f"keeps {of} and {share(kept_words / words if words else None)} of the words"


def size(n_bytes: int) -> str:
    """Bytes in the unit that leaves one to three figures before the point.

    >>> size(812), size(90_412_332), size(1_800_000_000)
    ('812 B', '90.4 MB', '1.8 GB')
    """
    amount = float(n_bytes)
    for unit in ("B", "kB", "MB", "GB"):
        if amount < 1000:
            return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} TB"


def seconds(value: float) -> str:
    """A duration as people say it.

    >>> seconds(0.004), seconds(3.14), seconds(131.9)
    ('0.0 s', '3.1 s', '2 min 12 s')
    """
    if value < 60:
        return f"{value:.1f} s"
    minutes, rest = divmod(round(value), 60)
    return f"{minutes} min {rest} s"


def listed(words: Sequence[str], most: int = 3) -> str:
    """A list in a sentence, the tail counted.

    >>> listed(["a"]), listed(["a", "b", "c"]), listed(["a", "b", "c", "d", "e"])
    ('a', 'a, b and c', 'a, b, c and 2 more')
    """
    if len(words) > most:
        return f"{', '.join(words[:most])} and {len(words) - most} more"
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def runs(numbers: Sequence[int]) -> str:
    """Ascending paragraph numbers with their runs drawn together.

    >>> runs([8, 9, 10, 13])
    '¶8–10, ¶13'
    """
    spans: list[list[int]] = []
    for n in numbers:
        if spans and n == spans[-1][1] + 1:
            spans[-1][1] = n
        else:
            spans.append([n, n])
    return ", ".join(f"¶{first}–{last}" if last > first else f"¶{first}" for first, last in spans)
