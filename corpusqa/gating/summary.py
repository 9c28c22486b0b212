"""A result as Markdown, for the summary of a GitHub Actions step.

The verdict, a row for each rule that some document breaks, and the first documents that break it. Rule names, sentences
and document ids come from files that strangers may have written, so whatever Markdown or GitHub would act on (links,
images, HTML, mathematics) is escaped, and the whole stays below the size that summaries may have.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from corpusqa.errors import OK
from corpusqa.gating.result import FailOn, Result, RuleResult
from corpusqa.gating.wording import ORDER, measured, verdict_line

#: Bytes. GitHub takes 1 MiB a step, of all that write to it together, and nobody reads further than this.
LIMIT = 64 * 1024
CELL = 300  #: characters of a cell: a sentence, not a page
NAMED = 3  #: documents named for each rule

MARKS = {"FAIL": "❌", "WARN": "⚠️", "NOTE": "ℹ️", "PASS": "✅"}
HEAD = "| | rule | asks | found | documents | the first of them |\n|---|---|---|---|--:|---|"
#: What Markdown, GitHub's extensions of it, or a terminal would act on.
_ACTIVE = re.compile(r"[\\`*_\[\]<>|~&#!$]|(?<=http):|(?<=https):|(?<=ftp):|(?<=mailto):|(?<=xmpp):|(?<=www)\.", re.I)
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def summary(results: Sequence[Result], fail_on: FailOn = "critical") -> str:
    """The results one below the other, in 64 KB at most."""
    blocks = [_Block(result, fail_on) for result in results]
    room = LIMIT - sum(block.size for block in blocks)
    for left, block in zip(range(len(blocks), 0, -1), blocks, strict=True):
        room -= block.fill(room // left)
    return "\n".join(str(block) for block in blocks)


class _Block:
    """One result: the verdict, which always fits, and as many rows as there is room for."""

    def __init__(self, result: Result, fail_on: FailOn) -> None:
        mark = MARKS["PASS" if result.exit_code(fail_on) == OK else "FAIL"]
        self._head = (
            f"### {mark} {text(result.corpus)}: {text(result.suite.name)}\n\n{text(verdict_line(result, fail_on))}\n"
        )
        self._waiting = list(_rows(result))
        self._rows: list[str] = []

    @property
    def size(self) -> int:
        """Bytes of what is always there, a line about rows left out included."""
        return len(self._head.encode()) + len(HEAD) + 100

    def fill(self, room: int) -> int:
        """Take rows while there is room; returns the bytes taken."""
        taken = 0
        while self._waiting and taken + (n := len(self._waiting[0].encode()) + 1) <= room:
            self._rows.append(self._waiting.pop(0))
            taken += n
        return taken

    def __str__(self) -> str:
        table = [HEAD, *self._rows] if self._rows else []
        rest = [f"\n{len(self._waiting):,} more rules are in the log."] if self._waiting else []
        return "\n".join([self._head, *table, *rest]).rstrip("\n") + "\n"


def _rows(result: Result) -> Iterator[str]:
    shown = [rule for rule in result.rules if not rule.success or rule.n_failed]
    for rule in sorted(shown, key=lambda rule: (not rule.reason, ORDER[rule.status])):
        n = f"{rule.n_failed:,}" if rule.by_document else ""
        cells = (
            f"{MARKS[rule.status]} {rule.status}",
            rule.rule_id,
            rule.sentence,
            measured(rule),
            n,
            _first(rule, result),
        )
        yield "| " + " | ".join(text(cell) for cell in cells) + " |"


def _first(rule: RuleResult, result: Result) -> str:
    """The first documents that break it."""
    named = [str(name) for name in result.judged["doc_id"].gather(rule.rows[:NAMED])]
    return ", ".join([*named, *(["…"] if rule.n_failed > NAMED else [])])


def text(value: str) -> str:
    r"""The value as Markdown that shows it and does nothing else, in one line.

    >>> print(text("a|b <img src=x> [c](http://d.example)"))
    a\|b \<img src=x\> \[c\](http\://d.example)
    """
    line = _UNSEEN.sub("\ufffd", " ".join(value.split()))
    return _ACTIVE.sub(lambda found: "\\" + found[0], line if len(line) <= CELL else line[: CELL - 1] + "…")
