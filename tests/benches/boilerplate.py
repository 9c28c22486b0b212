"""How well furniture is found: precision, recall and F1 against paragraphs labelled by hand, on articles and on pages.

    python tests/benches/boilerplate.py DATA [--half a|b] [--mistakes N]
    python tests/benches/boilerplate.py DATA --cpu

DATA holds news.parquet (`id, site, text`) with news_labels.tsv (`doc_id, position, start, end, code`), and
pages_text.parquet (`id, site, text, labels`). Codes of the news: c content, m mixed, d repeated, and the furniture: a
ad, t prompt, l legal, k credit, b bio, r related, n navigation, s residue. m and d are left out of the score for
furniture. `--half` scores only the sites of one half, cut by a hash of their name, so that rules can be written on one
half and judged on the other.

The pages are all visible text of a page, paragraphs set off by a blank line; `labels` has a letter for each: m main
text, b not, x partly. Scored are m and b of four words and more, on sites with two pages or more and on the others;
marked is what is boilerplate or repeated.

`--cpu` prints instead what each part of the work takes on the articles, in seconds of CPU in user mode: of one process
with one thread, in its second audit, so that nothing is compiled, read from a cache or made once.
"""

from __future__ import annotations

import argparse
import functools
import hashlib
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

if "--cpu" in sys.argv:
    os.environ["POLARS_MAX_THREADS"] = "1"

import polars as pl

import corpusqa
from corpusqa import annotate, boilerplate, context, glued, passes, repeats, residue, teasers, templates

KINDS = {
    "a": "ad",
    "t": "prompt",
    "l": "legal",
    "k": "credit",
    "b": "bio",
    "r": "related",
    "n": "navigation",
    "s": "residue",
}
WORDS = 4  #: of a paragraph of a page, at least
SHOWN = 140  #: characters of a mistake
#: The parts of the work, each with the functions that do it; what one calls for another counts for the caller.
PARTS: dict[str, tuple[tuple[ModuleType | type, str], ...]] = {
    "rules: what is in the text": ((residue, "look"),),
    "rules: whole paragraphs": ((residue, "find"), (teasers, "below_headings")),
    "rules: inside, and glued on": ((residue, "inside"), (glued, "spared")),
    "templates: ends of paragraphs": ((templates, "frames"),),
    "templates: learned": ((templates, "learned"),),
    "near groups": ((boilerplate, "near_groups"),),
    "recurrence": ((boilerplate, "recurring"), (boilerplate, "groups")),
    "labels": ((annotate, "labels"),),
    "context": ((context, "surrounded"),),
}
#: What other items of the audit use too, or what has a budget of its own.
BESIDE: dict[str, tuple[tuple[ModuleType | type, str], ...]] = {
    "repeats inside documents": ((repeats, "repeats"),),
    "signatures of paragraphs": ((passes.FirstPass, "_bands"),),
}


def half(site: str) -> str:
    """The half that a site is in, for good: a or b."""
    return "ab"[int(hashlib.sha256(site.encode()).hexdigest()[0], 16) % 2]


def labelled(data: Path, run: corpusqa.Run) -> pl.DataFrame:
    """The labelled paragraphs of the news with what the run says of each, and their text."""
    truth = pl.read_csv(data / "news_labels.tsv", separator="\t", quote_char=None)
    found = run.paragraphs.select("doc_id", "start", "end", "label", "kind", "rule", "n_words").collect()
    texts = pl.read_parquet(data / "news.parquet", columns=["id", "site", "text"]).rename({"id": "doc_id"})
    joined = truth.join(found, on=["doc_id", "start", "end"], how="left").join(texts, on="doc_id", how="left")
    assert joined["label"].null_count() == 0, "a labelled paragraph is not among the run's"
    return joined.with_columns(
        half=pl.col("site").map_elements(half, return_dtype=pl.String),
        text=pl.col("text").str.slice(pl.col("start"), pl.col("end") - pl.col("start")),
    )


def scores(frame: pl.DataFrame) -> str:
    """The table for these paragraphs."""
    scored = frame.filter(~pl.col("code").is_in(["m", "d"]))
    furniture, marked = scored["code"] != "c", scored["label"] == "boilerplate"
    lines = [f"paragraphs {len(scored):,}   {rates(furniture, marked)}"]
    for code, kind in KINDS.items():
        own = scored.filter(pl.col("code") == code)
        if len(own):
            found = own.filter(pl.col("label") == "boilerplate")
            same = int((found["kind"] == kind).sum())
            lines.append(f"  {kind:<11} {len(own):>4}   recall {len(found) / len(own):.2f}   named so {same:>3}")
    content, again = frame.filter(pl.col("code") == "c"), frame.filter(pl.col("code") == "d")
    wrong, right = (int((part["label"] == "repeated").sum()) for part in (content, again))
    lines.append(f"  called repeated: {wrong} of {len(content):,} content paragraphs, {right} of {len(again)} repeats")
    return "\n".join(lines)


def rates(furniture: pl.Series, marked: pl.Series) -> str:
    """Precision, recall and F1 of marks."""
    hits = int((furniture & marked).sum())
    precision, recall = hits / max(1, int(marked.sum())), hits / max(1, int(furniture.sum()))
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    return f"precision {precision:.3f}   recall {recall:.3f}   F1 {f1:.3f}"


def paged(data: Path, run: corpusqa.Run) -> pl.DataFrame:
    """The labelled paragraphs of the pages, with `marked`: whether at least half of their characters are."""
    pages = pl.read_parquet(data / "pages_text.parquet").drop_nulls("labels")
    cut = pages.select("site", doc_id="id", text=pl.col("text").str.split("\n\n"), code=pl.col("labels").str.split(""))
    truth = cut.filter(pl.col("text").list.len() == pl.col("code").list.len()).explode("text", "code")
    n_chars = pl.col("text").str.len_chars() + 2
    truth = truth.with_columns(
        first=(n_chars.cum_sum() - n_chars).over("doc_id").cast(pl.UInt32),
        number=pl.int_range(pl.len()).over("doc_id"),
        pages=pl.col("doc_id").n_unique().over("site"),
        n_words=pl.col("text").str.count_matches(r"\S+"),
    )
    found = run.paragraphs.select("doc_id", "start", "end", "label", "rule").collect()
    inside = found.sort("doc_id", "start").join_asof(
        truth.sort("doc_id", "first").select("doc_id", "first", "number"),
        left_on="start",
        right_on="first",
        by="doc_id",
        check_sortedness=False,
    )
    size = pl.col("end") - pl.col("start")
    share = (size * (pl.col("label") != "content")).sum() / size.sum()
    marked = inside.group_by("doc_id", "number").agg(share=share, rule=pl.col("rule").drop_nulls().first())
    judged = truth.join(marked, on=["doc_id", "number"], how="left")
    return judged.filter(pl.col("code") != "x", pl.col("n_words") >= WORDS).with_columns(
        marked=pl.col("share").fill_null(0.0) >= 0.5
    )


def page_scores(frame: pl.DataFrame) -> str:
    """The table for the pages of sites with several, and of sites with one."""
    lines = []
    for title, part in (
        ("sites with two pages and more", frame.filter(pl.col("pages") >= 2)),
        ("sites with one page", frame.filter(pl.col("pages") < 2)),
    ):
        lines.append(f"paragraphs {len(part):,}   {rates(part['code'] == 'b', part['marked'])}   {title}")
    return "\n".join(lines)


def mistakes(wrong: pl.DataFrame, missed: pl.DataFrame, n: int) -> str:
    """The costliest mistakes of each sort, by words."""
    lines = []
    for title, part in (("content that was marked", wrong), ("furniture that was missed", missed)):
        lines.append(f"{title}: {len(part):,}")
        lines += [
            f"  {row['code']} {row['rule'] or '-':<22} {row['site']:<24} {' '.join(row['text'].split())[:SHOWN]}"
            for row in part.sort("n_words", descending=True, maintain_order=True).head(n).iter_rows(named=True)
        ]
    return "\n".join(lines)


def news(data: Path, only: str | None, n: int) -> None:
    """Audit the articles, score, list."""
    with tempfile.TemporaryDirectory() as folder:
        frame = labelled(data, corpusqa.audit(data / "news.parquet", out=folder))
    frame = frame if only is None else frame.filter(pl.col("half") == only)
    print(f"articles\n{scores(frame)}")
    furniture = ~pl.col("code").is_in(["c", "m", "d"])
    wrong = frame.filter(pl.col("code") == "c", pl.col("label") != "content")
    print(mistakes(wrong, frame.filter(furniture, pl.col("label") != "boilerplate"), n))


def pages(data: Path, n: int) -> None:
    """Audit the pages, score, list."""
    with tempfile.TemporaryDirectory() as folder:
        frame = paged(data, corpusqa.audit(data / "pages_text.parquet", out=folder))
    print(f"\npages\n{page_scores(frame)}")
    own = frame.filter(pl.col("pages") >= 2)
    wrong, missed = own.filter(pl.col("code") == "m", "marked"), own.filter(pl.col("code") == "b", ~pl.col("marked"))
    print(mistakes(wrong, missed, n))


def timed(spent: Counter[str], part: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, which adds to what the part has spent unless it works for another part."""

    @functools.wraps(function)
    def counted(*given: Any, **named: Any) -> Any:
        if spent["at work"]:
            return function(*given, **named)
        spent["at work"], started = 1, os.times().user
        try:
            return function(*given, **named)
        finally:
            spent["at work"] = 0
            spent[part] += os.times().user - started

    return counted


def costs(data: Path) -> str:
    """The table of what each part takes."""
    spent: Counter[str] = Counter()
    for part, functions in (PARTS | BESIDE).items():
        for owner, name in functions:
            setattr(owner, name, timed(spent, part, getattr(owner, name)))
    for _ in range(2):
        spent.clear()
        with tempfile.TemporaryDirectory() as folder:
            started = os.times().user
            corpusqa.audit(data / "news.parquet", out=folder, workers=1)
            whole = os.times().user - started
    lines = [f"{spent[part]:6.2f} s  {part}" for part in PARTS]
    lines.append(f"{sum(spent[part] for part in PARTS):6.2f} s  together")
    return "\n".join(
        [*lines, *(f"{spent[part]:6.2f} s  {part}" for part in BESIDE), f"{whole:6.2f} s  the whole audit"]
    )


def main() -> None:
    """Audit, score, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--half", choices=["a", "b"], help="score the articles of one half of the sites")
    parser.add_argument("--mistakes", type=int, default=20, help="how many mistakes of each sort to list")
    parser.add_argument("--cpu", action="store_true", help="print what each part takes")
    chosen = parser.parse_args()
    if chosen.cpu:
        print(costs(chosen.data))
        return
    news(chosen.data, chosen.half, chosen.mistakes)
    pages(chosen.data, chosen.mistakes)


if __name__ == "__main__":
    main()
