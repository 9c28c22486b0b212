"""Why a paragraph has its mark, in one sentence: what it is, then the evidence.

The sentences are made from the row in `paragraphs.parquet` and its group in `groups.parquet`, nothing else, so that the
page, the terminal and any other reader of a run give the same reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from corpusqa.approval import APPROVED, IGNORED
from corpusqa.report import wording

Row = Mapping[str, Any]


def copies_of(paragraphs: Sequence[Row]) -> dict[int, list[int]]:
    """The positions of the paragraphs that repeat another, by the position of that one."""
    found: dict[int, list[int]] = {}
    for row in paragraphs:
        if row["repeats"] is not None:
            found.setdefault(row["repeats"], []).append(row["position"])
    return found


def why(paragraph: Row, group: Row | None = None, copies: Sequence[int] = (), entry: str | None = None) -> str | None:
    """The reason for a paragraph's label; null for content that nothing was found about.

    `group` is its row in `groups.parquet` when it recurs, `copies` the positions of the paragraphs that repeat it,
    `entry` the line of the user's lists that decided, where that is known.

    >>> why({"label": "repeated", "rule": "repeat.near", "repeats": 5, "score": 0.91})
    'Nearly repeats ¶6, 91.0% alike'
    >>> prompt = {"label": "boilerplate", "kind": "prompt", "rule": "recurs", "repeats": None, "score": 0.9}
    >>> why(prompt, {"documents": 61, "independent_documents": 61, "sites": 2, "template": None})
    'Prompt: recurs in 61 documents on 2 sites'
    >>> why({**prompt, "rule": "prompt.join"})
    'Prompt: known by its wording'
    >>> why({"label": "content", "spans": ()}, copies=[5])
    'Kept copy of ¶6'
    >>> why({**prompt, "rule": "approved"}, entry="Join ⟨…⟩")
    'Prompt: your list approves it, by “Join ⟨…⟩”'
    """
    if paragraph["label"] == "repeated":
        return _repeat(paragraph)
    by = f", by “{entry}”" if entry else ""
    if paragraph["label"] != "boilerplate":
        ignored = f"Content: your list ignores it{by}" if paragraph.get("rule") == IGNORED else None
        parts = (ignored, _kept(copies), _inside(paragraph.get("spans") or ()))
        return "; ".join(filter(None, parts)) or None
    name = wording.KINDS.get(paragraph["kind"] or "", "boilerplate")
    evidence = f"your list approves it{by}" if paragraph["rule"] == APPROVED else _evidence(paragraph, group)
    return f"{name[0].upper()}{name[1:]}: {evidence}"


def _kept(copies: Sequence[int]) -> str | None:
    """The copy that stays of what is said several times."""
    return f"Kept copy of {wording.runs([position + 1 for position in copies])}" if copies else None


def _inside(spans: Sequence[Row]) -> str | None:
    """Furniture inside a paragraph that stays."""
    names = dict.fromkeys(wording.KINDS.get(span["kind"] or "", "boilerplate") for span in spans)
    return f"Kept, but for the {wording.listed(list(names))} inside it" if names else None


def _repeat(paragraph: Row) -> str:
    source = f"¶{paragraph['repeats'] + 1}" if paragraph["repeats"] is not None else "an earlier paragraph"
    how = str(paragraph["rule"] or "").rpartition(".")[2]
    alike = f", {wording.share(paragraph['score'])} alike" if paragraph["score"] is not None else ""
    if how == "near":
        return f"Nearly repeats {source}{alike}"
    if how == "contained":
        return f"Said again inside {source}"
    return f"Repeats {source} word for word"


def _evidence(paragraph: Row, group: Row | None) -> str:
    if group is None:
        return "known by its wording"
    sites = f" on {wording.count(group['sites'], 'site')}" if group["sites"] else ""
    own = f"recurs in {wording.count(group['documents'], 'document')}{sites}"
    return f"{own}, by the template {group['template']}" if group["template"] else own
