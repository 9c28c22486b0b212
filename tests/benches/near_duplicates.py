"""Near-duplicates against the truth, and against the clock.

    python tests/benches/near_duplicates.py DATA [PAIRS] [--unit paragraph]
    python tests/benches/near_duplicates.py --scale [--texts 1000000]

DATA is a parquet file with a column `text`. What `near_duplicates` finds in it is held against a comparison of all with
all, at five thresholds, and what is contained in other texts against a comparison of a sample with all. PAIRS is a
table of pairs by somebody else: `a`, `b` (values of `id` in DATA) and `jaccard` of word 5-grams, where a word is
Python's `\\w+`; differences are told apart by whether that cuts the two texts into our tokens (it does not where a
script has no spaces, or marks within words). CPU-seconds are those of the whole, from the texts to the frame of pairs,
after a first call.

`--scale` makes up its texts: a million that are copies, near-copies, made from one template, or different, and a tenth
of them. Each is measured in a process of its own; the peak of memory has the texts in it.
"""

from __future__ import annotations

import argparse
import re
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import polars as pl

from corpusqa import fingerprint
from corpusqa.cluster import clusters, near_duplicates
from corpusqa.containment import CONTAINED, LEAST
from corpusqa.sets import verified

THRESHOLDS = (0.5, 0.6, 0.7, 0.8, 0.9)
SAMPLE = 300  #: texts that are compared with all others to know which are contained
ROWS_AT_ONCE = 200  #: rows of the comparison of all with all that are in memory at a time
WORDS = 100  #: of a made-up text
VOCABULARY = 30_000


def all_with_all(texts: pl.Series, unit: fingerprint.Unit) -> pl.DataFrame:
    """Every pair at the lowest threshold, without any banding."""
    hashes, offsets = fingerprint.shingles(texts, unit)
    columns = np.arange(len(texts))
    found = []
    for start in range(0, len(texts), ROWS_AT_ONCE):
        rows = columns[start : start + ROWS_AT_ONCE]
        left, right = (side.ravel() for side in np.meshgrid(rows, columns[start + 1 :], indexing="ij"))
        upper = left < right
        found.append(verified(left[upper], right[upper], hashes, offsets, THRESHOLDS[0]))
    return pl.concat(found)


def kept_of(n: int, found: pl.DataFrame, exact: pl.DataFrame) -> tuple[int, int]:
    """How many texts are kept, the first preferred; and how many pairs of kept ones are alike after all."""
    rows = clusters(n, found["left"], found["right"], found["jaccard"])
    dropped = rows.drop_nulls("keeper")["document"]
    alike = exact.filter(~pl.any_horizontal(pl.col("left", "right").is_in(dropped.implode())))
    return n - len(dropped), len(alike)


def print_contained(texts: pl.Series, unit: fingerprint.Unit) -> None:
    """How many contained pairs are found: a sample of the texts is compared with all."""
    hashes, offsets = fingerprint.shingles(texts, unit)
    sample, everything = np.arange(0, len(texts), max(1, len(texts) // SAMPLE)), np.arange(len(texts))
    compared = []
    for row in sample:
        others = everything[(everything > row) | ~np.isin(everything, sample)]
        left, right = np.minimum(row, others), np.maximum(row, others)
        compared.append(verified(left, right, hashes, offsets, np.finfo(np.float64).tiny))
    exact = part_of(pl.concat(compared), np.diff(offsets))
    started = time.process_time()
    pairs = near_duplicates(texts, unit=unit, contained=True)
    seconds = time.process_time() - started
    in_sample = pl.any_horizontal(pl.col("left", "right").is_in(sample.tolist()))
    found = part_of(pairs, np.diff(offsets)).filter(in_sample)
    hits = len(found.join(exact, on=found.columns))
    shares = f"precision {hits / max(len(found), 1):.4f}, recall {hits / max(len(exact), 1):.4f}"
    print(f"\ncontained, {len(sample)} texts against all: {len(exact):,} exact, {shares}, {seconds:.2f} CPU s at 0.8")


def part_of(pairs: pl.DataFrame, sizes: np.ndarray) -> pl.DataFrame:
    """The pairs in which a text that is long enough is part of the other."""
    inside = [
        (pl.col(f"containment_{side}") >= CONTAINED) & (pl.Series(sizes).gather(pairs[side]) >= LEAST)
        for side in ("left", "right")
    ]
    return pairs.filter(inside[0] | inside[1])


def other_table(path: Path, data: pl.DataFrame) -> pl.DataFrame:
    """Somebody else's pairs by our row numbers: left, right, theirs; and whether both texts are cut as we cut them."""
    rows = data.select("id").with_row_index("row")
    pairs = pl.read_parquet(path).join(rows, left_on="a", right_on="id").join(rows, left_on="b", right_on="id")
    table = pairs.select(
        left=pl.min_horizontal("row", "row_right"), right=pl.max_horizontal("row", "row_right"), theirs="jaccard"
    )
    used = sorted({*table["left"], *table["right"]})
    alike = {row: re.findall(r"\w+", text.casefold()) == fingerprint.tokens(text) for row, text in texts_of(data, used)}
    both = [alike[left] and alike[right] for left, right in table.select("left", "right").rows()]
    return table.with_columns(alike=pl.Series(both, dtype=pl.Boolean))


def texts_of(data: pl.DataFrame, rows: list[int]) -> Iterator[tuple[int, str]]:
    """These rows and their texts."""
    return zip(rows, data["text"].gather(rows), strict=True)


def print_truth(data: pl.DataFrame, unit: fingerprint.Unit, pairs: Path | None) -> None:
    """A line a threshold: how much is found, how much of it is true, and what it costs."""
    texts = data["text"]
    print(f"{len(texts):,} texts, {texts.str.len_bytes().sum() / 1e6:.0f} MB, unit {unit}\n")
    exact = all_with_all(texts, unit)
    table = other_table(pairs, data) if pairs else None
    near_duplicates(texts.head(100), unit=unit, contained=True)
    print(
        "threshold    exact    found  precision   recall  CPU s    kept  alike" + "   against the table" * bool(pairs)
    )
    for threshold in THRESHOLDS:
        started = time.process_time()
        found = near_duplicates(texts, threshold, unit)
        seconds = time.process_time() - started
        true = exact.filter(pl.col("jaccard") >= threshold)
        hits = len(found.join(true, on=found.columns))
        shares = f"{hits / max(len(found), 1):9.4f} {hits / max(len(true), 1):8.4f}"
        kept, alike = kept_of(len(texts), found, true)
        beside = against(table, found, threshold) if table is not None else ""
        print(
            f"{threshold:9.1f} {len(true):8,} {len(found):8,}  {shares} {seconds:6.2f} {kept:7,} {alike:6,}   {beside}"
        )
    print_contained(texts, unit)


def against(table: pl.DataFrame, found: pl.DataFrame, threshold: float) -> str:
    """What the table has that was not found, what was found beyond it, and by how much the numbers differ."""
    both = found.join(table, on=["left", "right"], how="full", coalesce=True)
    missed = both.filter(pl.col("jaccard").is_null() & (pl.col("theirs") >= threshold))
    beyond = both.filter(pl.col("jaccard").is_not_null() & (pl.col("theirs").fill_null(0) < threshold))
    apart = both.with_columns(apart=(pl.col("jaccard") - pl.col("theirs")).abs())
    alike, other = (apart.filter(pl.col("alike") == same)["apart"].max() or 0.0 for same in (True, False))
    odd = both.filter(~pl.col("alike"), pl.col("jaccard").is_not_null()).height
    return (
        f"{len(missed)} missed, {len(beyond)} beyond; differ by {alike:.5f} at most, {other:.5f} in {odd} cut otherwise"
    )


def made_up(kind: str, n: int) -> Iterator[pl.Series]:
    """So many texts of a kind, in parts."""
    generator = np.random.default_rng(0)
    letters = np.array(list("abcdefghijklmnopqrstuvwxyz"))
    lengths = generator.integers(3, 9, VOCABULARY)
    vocabulary = np.array(["".join(generator.choice(letters, length)) for length in lengths], dtype=object)
    base = generator.integers(0, VOCABULARY, WORDS)
    for start in range(0, n, 50_000):
        words = KINDS[kind](generator, np.tile(base, (min(50_000, n - start), 1)))
        yield pl.Series("text", [" ".join(text) for text in vocabulary[words].tolist()])


Words = np.ndarray
Kind = Callable[[np.random.Generator, Words], Words]


def changed(most: int) -> Kind:
    """Copies of one text, each with one to `most` words replaced."""

    def change(generator: np.random.Generator, words: Words) -> Words:
        times = generator.integers(1, most + 1, len(words))
        for turn in range(most):
            rows = np.flatnonzero(times > turn)
            words[rows, generator.integers(0, WORDS, len(rows))] = generator.integers(0, VOCABULARY, len(rows))
        return words

    return change


def filled_in(generator: np.random.Generator, words: Words) -> Words:
    """One text with twelve words of its own for each: alike, but all below the threshold."""
    words[:, 50:62] = generator.integers(0, VOCABULARY, (len(words), 12))
    return words


KINDS: dict[str, Kind] = {
    "copies": lambda generator, words: words,
    "near-copies, 1 word in 100": changed(1),
    "near-copies, 1 to 3 words": changed(3),
    "one template": filled_in,
    "different": lambda generator, words: generator.integers(0, VOCABULARY, words.shape),
}


def print_scale(n_texts: int) -> None:
    """A line a kind and size; texts are made in one process and measured in another, so that memory is the latter's."""
    print(f"{'':28s}     texts     MB      s  CPU s  GiB at most      pairs      kept")
    path = Path(tempfile.mkdtemp(prefix="near_duplicates_")) / "texts.parquet"
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), max_tasks_per_child=1) as fresh:
        for kind in KINDS:
            for n in (n_texts // 10, n_texts):
                fresh.submit(make, kind, n, path).result()
                print(f"{kind:28s} {fresh.submit(measure, path).result()}", flush=True)
                path.unlink()
    path.parent.rmdir()


def make(kind: str, n: int, path: Path) -> None:
    """Write so many texts of a kind; and compile what will be measured, if that was not done on this machine."""
    texts = pl.concat(made_up(kind, n))
    near_duplicates(texts.head(2_000))
    texts.to_frame().write_parquet(path)


def measure(path: Path) -> str:
    """What these texts cost: seconds, memory; and what was found."""
    texts = pl.read_parquet(path)["text"]
    near_duplicates(texts.head(2_000))
    wall, cpu = time.perf_counter(), time.process_time()
    found = near_duplicates(texts)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 30 if sys.platform == "darwin" else 1 << 20)
    rows = clusters(len(texts), found["left"], found["right"], found["jaccard"])
    kept = len(texts) - rows["keeper"].count()
    size = texts.str.len_bytes().sum() / 1e6
    return f"{len(texts):9,} {size:6.0f} {wall:6.1f} {cpu:6.1f} {peak:12.2f} {len(found):10,} {kept:9,}"


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="?", type=Path, help="a parquet file with a column `text`")
    parser.add_argument("pairs", nargs="?", type=Path, help="a parquet file of pairs to compare with")
    parser.add_argument("--unit", choices=fingerprint.UNITS, default="document")
    parser.add_argument("--scale", action="store_true", help="measure time and memory on made-up texts")
    parser.add_argument("--texts", type=int, default=1_000_000, help="how many, for --scale")
    asked = parser.parse_args()
    if asked.scale:
        print_scale(asked.texts)
    elif asked.data is None:
        parser.error("name a parquet file, or give --scale")
    else:
        print_truth(pl.read_parquet(asked.data), asked.unit, asked.pairs)


if __name__ == "__main__":
    main()
