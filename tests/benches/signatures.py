"""How fast texts become MinHash signatures, tokenising included: megabytes of text per CPU-second, against others.

    python tests/benches/signatures.py [PARQUET]

PARQUET has a column `text`; without it, text is made up. Everybody takes the same texts, word 5-grams and 128
permutations (datatrove: its own 112), and is measured on as much of them as takes about a second. datasketch, rensa and
datatrove are given their shingles as their documentation does it. Peers that are not installed are left out. The copy
of the text in memory is the floor that no one can pass. Below, and alone with `--bandings`: which banding finds a pair
of a given similarity.
"""

from __future__ import annotations

import argparse
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
import polars as pl
from datasketch import MinHash

from corpusqa import fingerprint, segment
from corpusqa.kernels.characters import character_table
from corpusqa.texts import Texts

Work = Callable[[pl.Series], object]

MADE_UP_WORDS = 8_000_000  #: without data: 50 MB of text
REPEATS = 3  #: the least of so many measurements counts
THRESHOLDS = (0.1, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
SIMILARITIES = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)


def made_up() -> pl.Series:
    """Texts of 20 to 2,000 words, one in five with a curly quote or an accent, drawn as natural words are (Zipf)."""
    generator = np.random.default_rng(0)
    letters = np.array(list("etaoinshrdlucmfwypvbgkjqxzé’"))
    lengths = generator.poisson(4.5, 50_000) + 1
    vocabulary = np.array(["".join(generator.choice(letters, length)) for length in lengths])
    words = vocabulary[np.minimum(generator.zipf(1.2, MADE_UP_WORDS), len(vocabulary)) - 1]
    cuts = np.cumsum(generator.integers(20, 2000, MADE_UP_WORDS // 1010))
    return pl.Series("text", [" ".join(part) for part in np.split(words, cuts[cuts < MADE_UP_WORDS])])


def shingled(text: str) -> list[str]:
    """Word 5-grams as Python users make them."""
    words = re.findall(r"\w+", text.casefold())
    return [" ".join(words[i : i + 5]) for i in range(max(len(words) - 4, 1))]


def datasketch_(texts: pl.Series) -> None:
    """As its documentation has it, in batches, with its default hash (SHA-1)."""
    for text in texts:
        MinHash(num_perm=128).update_batch([shingle.encode() for shingle in shingled(text)])


def rensa_() -> Work:
    """RMinHash, the one of its three that is for similarity."""
    from rensa import RMinHash

    def work(texts: pl.Series) -> None:
        for text in texts:
            sketch = RMinHash(num_perm=128, seed=1)
            sketch.update(shingled(text))
            sketch.digest()

    return work


def daft_() -> Work:
    """Its normalisation (lower case, no punctuation) and minhash, in Rust."""
    import daft
    from daft.functions import minhash, normalize

    def work(texts: pl.Series) -> None:
        plain = normalize(daft.col("text"), remove_punct=True, lowercase=True, nfd_unicode=True, white_space=True)
        frame = daft.from_arrow(texts.to_frame().to_arrow())
        frame.select(minhash(plain, num_hashes=128, ngram_size=5, hash_function="xxhash3_64")).collect()

    return work


def datatrove_() -> Work:
    """The signature step of its MinHash pipeline, spaCy's words and all, with SHA-1 as for FineWeb."""
    from datatrove.pipeline.dedup.minhash import MinhashConfig, MinhashDedupSignature
    from datatrove.utils.hashing import HashConfig

    step = MinhashDedupSignature(tempfile.gettempdir(), MinhashConfig(hash_config=HashConfig(hash_fc="sha1")))

    def work(texts: pl.Series) -> None:
        for text in texts:
            step.get_signature(step.get_shingles(text))

    return work


def peers() -> Iterator[tuple[str, float, Work]]:
    """Who is installed: the name, how many megabytes to measure on, the work."""
    yield "datasketch", 8, datasketch_
    for name, megabytes, load in (("rensa", 15, rensa_), ("daft", 60, daft_), ("datatrove", 0.5, datatrove_)):
        try:
            yield name, megabytes, load()
        except ImportError as missing:
            print(f"{name}: left out ({missing})")


def speed(work: Callable[[], object], n_bytes: int) -> float:
    """Megabytes per CPU-second, the best of a few."""
    seconds = []
    for _ in range(REPEATS):
        started = time.process_time()
        work()
        seconds.append(time.process_time() - started)
    return n_bytes / 1e6 / min(seconds)


def head(texts: pl.Series, megabytes: float) -> pl.Series:
    """As many of the first texts as make up so many megabytes."""
    return texts.filter(texts.str.len_bytes().cum_sum() <= megabytes * 1e6)


def own(texts: pl.Series) -> Iterator[tuple[str, float]]:
    """The floor, and each step of ours."""
    buffer = Texts.of(texts)
    n_bytes = int(buffer.n_bytes.sum())
    cut = segment.paragraphs(buffer)
    parts = buffer.part(cut["byte_start"].to_numpy(), cut["byte_end"].to_numpy())
    target = np.empty_like(buffer.data)
    steps: dict[str, Callable[[], object]] = {
        "copy in memory": lambda: np.copyto(target, buffer.data),
        "paragraphs": lambda: segment.paragraphs(buffer),
        "keys of paragraphs": lambda: fingerprint.keys(parts),
        "signatures of paragraphs": lambda: fingerprint.signatures(parts, "paragraph"),
        "shingles of documents": lambda: fingerprint.shingles(buffer),
        "signatures of documents": lambda: fingerprint.signatures(buffer),
    }
    for name, step in steps.items():
        step()  # compile first
        yield name, speed(step, n_bytes)


def print_bandings() -> None:
    """The S-curves: the share of pairs of a similarity that become candidates, by the threshold asked for.

    Beside them datasketch's own banding, and what it finds of the pairs at the threshold.
    """
    print("\nunits document and paragraph, 128 permutations")
    print("from a threshold of 0.48 on, all but one of ten million pairs at it are to be found")
    print(
        "threshold  bands x rows  rule       " + "pairs found, by their similarity".ljust(8 * len(SIMILARITIES)), end=""
    )
    print("  datasketch's optimiser")
    print(" " * 35 + "".join(f"{similarity:8.2f}" for similarity in SIMILARITIES) + "  finds at the threshold")
    for threshold in THRESHOLDS:
        plan, theirs = fingerprint.banding(threshold), fingerprint.banding(threshold, recall=0.0)
        curve = "".join(f"{plan.recall(similarity):8.4f}" for similarity in SIMILARITIES)
        rule = "theirs" if plan == theirs else "ours"
        beside = f"{theirs.bands:5d} x {theirs.rows:<4d} {theirs.recall(threshold):10.4f}"
        print(f"{threshold:9.2f}  {plan.bands:5d} x {plan.rows:<4d}  {rule:8s} {curve}  {beside}")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="?", help="a parquet file with a column `text`")
    parser.add_argument("--bandings", action="store_true", help="print only which banding finds what")
    asked = parser.parse_args()
    path = asked.data
    if asked.bandings:
        print_bandings()
        return
    texts = pl.read_parquet(path, columns=["text"]).to_series() if path else made_up()
    print(f"{len(texts):,} texts, {texts.str.len_bytes().sum() / 1e6:.0f} MB; megabytes per CPU-second")
    started = time.process_time()
    character_table()
    print(f"(table of characters, once a process: {time.process_time() - started:.2f} s)")
    ours = 0.0
    for name, ours in own(texts):
        print(f"{name:26s} {ours:9.0f}")
    for name, megabytes, work in peers():
        part = head(texts, megabytes)
        work(part.head(2))
        theirs = speed(partial(work, part), int(part.str.len_bytes().sum()))
        print(f"{name:26s} {theirs:9.1f}   ours is {ours / theirs:.0f} times as fast")
    print_bandings()


if __name__ == "__main__":
    main()
