"""How well furniture is found: precision, recall and F1 against paragraphs labelled by hand.

    python tests/benches/boilerplate.py DATA [--half a|b]

DATA holds news.parquet (`id, site, text`) and news_labels.tsv (`doc_id, position, start, end, code`). Codes: c content,
m mixed, d repeated, and the furniture: a ad, t prompt, l legal, k credit, b bio, r related, n navigation, s residue. m
and d are left out of the score for furniture. `--half` scores only the sites of one half, cut by a hash of their name,
so that rules can be written on one half and judged on the other.
"""

from __future__ import annotations

import argparse
import hashlib
import tempfile
from pathlib import Path

import polars as pl

import corpusqa

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


def half(site: str) -> str:
    """The half that a site is in, for good: a or b."""
    return "ab"[int(hashlib.sha256(site.encode()).hexdigest()[0], 16) % 2]


def labelled(data: Path, run: corpusqa.Run) -> pl.DataFrame:
    """The labelled paragraphs with what the run says of each."""
    truth = pl.read_csv(data / "news_labels.tsv", separator="\t", quote_char=None)
    found = run.paragraphs.select("doc_id", "start", "end", "label", "kind", "rule", "n_words").collect()
    sites = run.documents.select("doc_id", "site").collect()
    joined = truth.join(found, on=["doc_id", "start", "end"], how="left").join(sites, on="doc_id", how="left")
    assert joined["label"].null_count() == 0, "a labelled paragraph is not among the run's"
    return joined.with_columns(half=pl.col("site").map_elements(half, return_dtype=pl.String))


def scores(frame: pl.DataFrame) -> str:
    """The table for these paragraphs."""
    scored = frame.filter(~pl.col("code").is_in(["m", "d"]))
    furniture, marked = scored["code"] != "c", scored["label"] == "boilerplate"
    hits = int((furniture & marked).sum())
    precision, recall = hits / max(1, int(marked.sum())), hits / max(1, int(furniture.sum()))
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    lines = [f"paragraphs {len(scored):,}   precision {precision:.3f}   recall {recall:.3f}   F1 {f1:.3f}"]
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


def main() -> None:
    """Audit, score, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--half", choices=["a", "b"])
    parser.add_argument("--run", type=Path, help="a finished run of news.parquet, instead of auditing it anew")
    parser.add_argument("--mistakes", type=int, default=0, help="how many mistakes of each sort to list")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        run = corpusqa.Run.of(chosen.run) if chosen.run else corpusqa.audit(chosen.data / "news.parquet", out=folder)
        frame = labelled(chosen.data, run)
    frame = frame if chosen.half is None else frame.filter(pl.col("half") == chosen.half)
    print(scores(frame))
    if chosen.mistakes:
        texts = pl.read_parquet(chosen.data / "news.parquet").select(doc_id="id", text="text")
        print(mistakes(frame, texts, chosen.mistakes))


def mistakes(frame: pl.DataFrame, texts: pl.DataFrame, n: int) -> str:
    """The costliest mistakes of each sort, by words."""
    own = frame.join(texts, on="doc_id").with_columns(
        text=pl.col("text").str.slice(pl.col("start"), pl.col("end") - pl.col("start"))
    )
    wrong = own.filter((pl.col("code") == "c") & (pl.col("label") != "content"))
    missed = own.filter(~pl.col("code").is_in(["c", "m", "d"]) & (pl.col("label") != "boilerplate"))
    lines = []
    for title, part in (("content that was marked", wrong), ("furniture that was missed", missed)):
        lines.append(f"{title}: {len(part)}")
        lines += [
            f"  {row['code']} {row['rule'] or '-':<22} {row['site']:<24} {row['text'][:140]}"
            for row in part.sort("n_words", descending=True).head(n).iter_rows(named=True)
        ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
