"""The documents themselves: the list of the worst, and single ones in full with every mark and its reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import polars as pl

from corpusqa.approval import Word
from corpusqa.report import wording
from corpusqa.report.judged import Rule
from corpusqa.report.passages import repeat_runs, repeat_sentence
from corpusqa.report.reasons import copies_of, why
from corpusqa.report.shapes import Article, Check, Finding, Link, Listed, Listing, Paragraph, Piece, Share, Status
from corpusqa.report.shown import PARAGRAPH_CAP, label, visible
from corpusqa.report.survey import Row, Survey

#: Characters of one article in the page. A hundred times a news story; a crawl dump is not read in a report.
ARTICLE_CAP = 200_000
FINDINGS = 40  #: lines that lead to the marks; the marks themselves are paged through
NAMES = {"u": "Text kept", "r": "Repeats", "b": "Boilerplate", "x": "Residue"}


def listing(survey: Survey, worst: pl.DataFrame, link: Callable[[str], Link]) -> Listing:
    """The rows of the list of documents."""
    rows = tuple(_listed(row, link) for row in worst.iter_rows(named=True))
    return Listing(len(survey.documents), rows)


def _listed(row: Row, link: Callable[[str], Link]) -> Listed:
    words = row["words"]
    shares = [row[mark] / words if words else None for mark in "rbx"]
    return Listed(link(row["doc_id"]), row["verdict"], _rules(row), words, *shares)


def _rules(row: Row) -> tuple[str, ...]:
    return (*(row["failed"] or ()), *(row["flagged"] or ()))


def article(
    row: Row,
    text: str,
    paragraphs: Sequence[Row],
    groups: Mapping[str, Row],
    rules: Sequence[Rule],
    word: Word,
    link: Callable[[str], Link],
) -> Article:
    """One document in full. `row` is its row in `documents.parquet`, `text` its text as read, `groups` what recurs."""
    shown, checks = _shown(text, paragraphs, groups, word), checks_of(row, rules)
    return Article(
        document=link(row["doc_id"]),
        verdict=row["verdict"],
        rules=_rules(row),
        url=label(row["url"], 300) if row["url"] else None,
        date=label(row["date"]) if row["date"] else None,
        source=label(row["source"], 300),
        row=row["row"],
        shares=shares_of(text, paragraphs),
        checks=checks,
        met=sum(check.status == "PASS" for check in checks),
        findings=_findings(paragraphs)[:FINDINGS],
        cluster=row["cluster"],
        duplicate_of=link(row["duplicate_of"]) if row["duplicate_of"] else None,
        similarity=row["similarity"],
        paragraphs=shown,
        left_out=len(paragraphs) - len(shown),
    )


def _shown(text: str, paragraphs: Sequence[Row], groups: Mapping[str, Row], word: Word) -> tuple[Paragraph, ...]:
    """The paragraphs up to the cap on an article's characters."""
    copies = copies_of(paragraphs)
    own = [groups.get(row["group"] or "") for row in paragraphs]
    entries = word.deciding([text[row["start"] : row["end"]] for row in paragraphs], own)
    shown: list[Paragraph] = []
    room = ARTICLE_CAP
    for row, group, entry in zip(paragraphs, own, entries, strict=True):
        if room <= 0:
            break
        repeating = copies.get(row["position"], ())
        shown.append(_paragraph(row, text, why(row, group, repeating, entry), kept_copy=bool(repeating)))
        room -= sum(len(piece.text) for piece in shown[-1].pieces)
    return tuple(shown)


def _paragraph(row: Row, text: str, reason: str | None, *, kept_copy: bool) -> Paragraph:
    return Paragraph(
        number=row["position"] + 1,
        mark=row["mark"],
        label=row["label"],
        kind=row["kind"],
        rule=row["rule"],
        why=visible(reason) if reason else None,
        repeats=row["repeats"] + 1 if row["repeats"] is not None else None,
        kept_copy=kept_copy,
        group=row["group"],
        pieces=_pieces(text, row),
        left_out=max(row["end"] - row["start"] - PARAGRAPH_CAP, 0),
    )


def _pieces(text: str, row: Row) -> tuple[Piece, ...]:
    """The paragraph cut where furniture stands inside it; a furniture piece has its kind for a name."""
    pieces: list[Piece] = []
    at, end = row["start"], min(row["end"], row["start"] + PARAGRAPH_CAP)
    for span in sorted(row["spans"] or (), key=lambda span: int(span["start"])):
        first, last = max(span["start"], at), min(span["end"], end)
        if first >= last:
            continue
        pieces += [Piece("body", text[at:first]), Piece(span["kind"] or "residue", text[first:last])]
        at = last
    pieces.append(Piece("body", text[at:end]))
    return tuple(Piece(piece.kind, visible(piece.text)) for piece in pieces if piece.text)


def shares_of(text: str, paragraphs: Sequence[Row]) -> tuple[Share, ...]:
    """The article's words by mark; furniture inside a paragraph goes where it belongs."""
    words, numbers = dict.fromkeys(NAMES, 0), dict.fromkeys(NAMES, 0)
    for row in paragraphs:
        mark = row["mark"]
        numbers[mark] += 1
        words[mark] += row["n_words"]
        for span in row["spans"] or ():
            inside = len(text[span["start"] : span["end"]].split())
            words[mark] -= inside
            words["x" if span["kind"] == "residue" else "b"] += inside
    total = max(sum(words.values()), 1)
    return tuple(
        Share(mark, name, numbers[mark], words[mark], words[mark] / total)
        for mark, name in NAMES.items()
        if words[mark] or numbers[mark]
    )


def checks_of(row: Row, rules: Sequence[Rule]) -> tuple[Check, ...]:
    """How the document stands against each rule that judges documents by a column of theirs."""
    failed, flagged = row["failed"] or (), row["flagged"] or ()
    checks = []
    for rule in rules:
        if rule.column is None or rule.column not in row or not rule.by_document:
            continue
        status: Status = "FAIL" if rule.rule_id in failed else "WARN" if rule.rule_id in flagged else "PASS"
        checks.append(Check(rule.rule_id, rule.sentence, rule.column, _value(row[rule.column]), rule.limit, status))
    return tuple(sorted(checks, key=lambda check: ("FAIL", "WARN", "PASS").index(check.status)))


def _value(value: Any) -> str:
    return wording.number(value) if value is None or isinstance(value, bool | int | float) else label(str(value), 40)


def _findings(paragraphs: Sequence[Row]) -> tuple[Finding, ...]:
    """The marks in runs, each with where it starts."""
    found = [Finding("r", repeat_sentence(*run), run[0][0]) for run in repeat_runs(paragraphs)]
    runs: list[tuple[str, str, list[int]]] = []
    for row in paragraphs:
        number, mark, name = row["position"] + 1, row["mark"], _named(row["kind"])
        for span in row["spans"] or ():
            own = "x" if span["kind"] == "residue" else "b"
            found.append(Finding(own, f"{_named(span['kind'])} inside ¶{number}", number))
        if mark not in "bx":
            continue
        if runs and runs[-1][:2] == (mark, name) and runs[-1][2][-1] == number - 1:
            runs[-1][2].append(number)
        else:
            runs.append((mark, name, [number]))
    found += [Finding(mark, f"{name} {wording.runs(own)}", own[0]) for mark, name, own in runs]
    return tuple(sorted(found, key=lambda finding: finding.number))


def _named(kind: str | None) -> str:
    name = wording.KINDS.get(kind or "", "boilerplate")
    return name[0].upper() + name[1:]
