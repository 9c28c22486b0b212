"""How much memory an audit takes, stage by stage: of a made-up corpus of a given size, or of one's own.

    python tests/benches/memory.py --mb 1000 [--words 200] [--workers 2] [--folder FOLDER]
    python tests/benches/memory.py --data INPUT… [--workers 2]

The peak of each stage is that of all processes together, what they share counted once (proportional set size; Linux
only). The corpus has documents of `--words` words in paragraphs that nearly all occur once, on a hundred sites, each
with furniture of its own at the tail; a line of it has a name in it. It is made in FOLDER, by default a temporary one.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl

import corpusqa

SITES = 100
AT_ONCE = 20_000  #: documents in a file
VOCABULARY = 50_000
PARAGRAPH = 40  #: words


def vocabulary(generator: np.random.Generator) -> np.ndarray:
    """Made-up words; the shorter, the more frequent."""
    letters = np.array(list("etaoinshrdlu"))
    sizes = np.sort(generator.integers(2, 12, VOCABULARY))
    return np.array(["".join(generator.choice(letters, size)) for size in sizes], dtype=object)


def documents(n: int, n_words: int, words: np.ndarray, seed: int) -> Iterator[dict[str, str]]:
    """So many documents; no two seeds give the same ones."""
    generator = np.random.default_rng(seed)
    for i in range(n):
        drawn = words[(generator.pareto(0.6, n_words) * 20).astype(np.int64) % len(words)]
        lines = [" ".join(drawn[at : at + PARAGRAPH]).capitalize() + "." for at in range(0, n_words, PARAGRAPH)]
        site = (seed * AT_ONCE + i) % SITES
        first, last = generator.integers(0, len(words), 2)
        name = f"{words[first].capitalize()} {words[last].capitalize()}"
        lines += [f"{name} contributed to this report.", f"Sign up for the letter number {site} of this house"]
        yield {"id": f"{seed}-{i}", "site": f"{site}.example", "text": "\n".join(lines)}


def make(n_bytes: int, n_words: int, folder: Path) -> None:
    """A corpus of about so many bytes."""
    words = vocabulary(np.random.default_rng(0))
    made, file = 0, 0
    while made < n_bytes:
        frame = pl.DataFrame(list(documents(AT_ONCE, n_words, words, file)))
        frame.write_parquet(folder / f"{file:05d}.parquet")
        made, file = made + int(frame["text"].str.len_bytes().sum()), file + 1


def print_run(inputs: list[str], workers: int, out: Path) -> None:
    """Audit, and print what each stage took."""
    started = time.perf_counter()
    run = corpusqa.audit(inputs, out, workers=workers)
    told, counts = run.manifest, run.manifest["counts"]
    print(f"{counts['documents']:,} documents, {counts['paragraphs']:,} paragraphs, {counts['bytes'] / 1e6:,.0f} MB")
    for stage in told["stages"]:
        print(f"  {stage['name']:<12}{stage['memory'] / 2**20:>8,.0f} MiB {stage['seconds']:>8.1f} s  {stage['line']}")
    seconds = time.perf_counter() - started
    each = 1e6 * seconds / counts["documents"]
    print(f"  {'whole':<12}{told['peak_memory'] / 2**20:>8,.0f} MiB {seconds:>8.1f} s  {each:,.0f} µs a document")


def main() -> None:
    """Make a corpus if none is given, and audit it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", nargs="+", help="audit these instead")
    parser.add_argument("--mb", type=int, default=100, help="of text")
    parser.add_argument("--words", type=int, default=200, help="of a document")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--folder", type=Path, help="where the corpus is made")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.folder or Path(temporary) / "corpus"
        if not asked.data:
            folder.mkdir(parents=True, exist_ok=True)
            make(asked.mb * 1_000_000, asked.words, folder)
        print_run(asked.data or [str(folder)], asked.workers, Path(temporary) / "run")


if __name__ == "__main__":
    main()
