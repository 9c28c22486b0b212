"""How fast metrics are: megabytes of text per CPU-second, by family, and against datatrove's filters where installed.

    python tests/benches/metrics.py NEWS.parquet

NEWS.parquet has a column `text`. It is measured in batches of 16 MB, as in an audit; each row of the table is computed
alone, so what families share (words, lines) is paid for in each. `all but the libraries'` leaves out what other
packages judge (language, mojibake), which has rows of its own, and `all but theirs, lang, readability` besides them the
stop words of 27 languages and readability. datatrove's Gopher, C4 and FineWeb filters get white-space words and one
sentence a line, which saves them spaCy, and stop at the first rule that a document breaks.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator

import polars as pl

from corpusqa import metrics, segment
from corpusqa.texts import Texts

BATCH = 16e6  #: bytes
PEER_DOCUMENTS = 300
#: The columns that other libraries fill: they are Python, and reported apart.
LIBRARIES = {"ftfy": {"mojibake_lines"}, "py3langid": {"language", "confidence"}}


def batches(texts: pl.Series) -> Iterator[pl.Series]:
    """The texts in pieces of about 16 MB."""
    number = (texts.str.len_bytes().cum_sum() / BATCH).floor()
    for _, batch in texts.to_frame().group_by(number, maintain_order=True):
        yield batch.to_series()


def speed(measured: Callable[[], object], n_bytes: int) -> float:
    """Megabytes per CPU-second."""
    started = time.process_time()
    measured()
    return n_bytes / 1e6 / (time.process_time() - started)


def own(texts: pl.Series) -> dict[str, float]:
    """Each family alone, and the default ones together, with and without cutting the paragraphs."""
    cut = [(batch, segment.paragraphs(batch)) for batch in map(Texts.of, batches(texts))]
    names = {
        family: [m.name for m in metrics.select("all") if m.family == family and m.level == "text"]
        for family in dict.fromkeys(m.family for m in metrics.select("all"))
    }
    default, everything = list(metrics.origins("default").texts), metrics.select(metrics.origins("all").texts)
    judged = {
        library: [one.name for one in everything if one.columns & columns] for library, columns in LIBRARIES.items()
    }
    ours = [one.name for one in everything if not any(one.name in theirs for theirs in judged.values())]
    rows = {family: own_names for family, own_names in names.items() if own_names}
    rest = [name for name in ours if not name.startswith(("lang_", "readability_"))]
    rows |= {"default": default, "all but the libraries'": ours, "all but theirs, lang, readability": rest}
    rows |= {"all": [one.name for one in everything]}
    rows |= {f"judged by {library}": theirs for library, theirs in judged.items()}
    n_bytes = int(texts.str.len_bytes().sum())

    def measured(chosen: list[str], known: bool) -> Callable[[], object]:
        return lambda: [
            metrics.measure_texts(batch, chosen, paragraphs=paragraphs if known else None) for batch, paragraphs in cut
        ]

    found = {family: speed(measured(chosen, False), n_bytes) for family, chosen in rows.items()}
    return found | {"default, paragraphs known": speed(measured(default, True), n_bytes)}


def peer(texts: pl.Series) -> float | None:
    """The Gopher, C4 and FineWeb filters of datatrove, one after the other; None where it is not installed."""
    try:
        from datatrove.data import Document
        from datatrove.pipeline import filters
        from datatrove.pipeline.filters import (
            c4_filters,
            fineweb_quality_filter,
            gopher_quality_filter,
            gopher_repetition_filter,
        )
    except ImportError:
        return None
    for module in (fineweb_quality_filter, gopher_quality_filter, gopher_repetition_filter):
        module.split_into_words = lambda text, language: text.split()
    c4_filters.split_into_sentences = lambda text, language: [text]
    chain = [
        filters.GopherQualityFilter(),
        filters.GopherRepetitionFilter(),
        filters.C4QualityFilter(),
        filters.FineWebQualityFilter(),
    ]
    sample = texts.sample(min(PEER_DOCUMENTS, len(texts)), seed=0)
    documents = [Document(text=text, id="") for text in sample if text.strip()]

    def measured() -> None:
        for document in documents:
            for one in chain:
                one.filter(document)

    return speed(measured, int(sample.str.len_bytes().sum()))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("news", help="a parquet file with a column `text`")
    texts = pl.read_parquet(parser.parse_args().news, columns=["text"]).to_series()
    metrics.measure(texts.head(10))  # compile first
    found = own(texts)
    for family, value in found.items():
        print(f"{family:34s} {value:8.1f} MB per CPU-second")
    theirs = peer(texts)
    if theirs is None:
        print("datatrove is not installed: no comparison")
    else:
        ratio = found["default"] / theirs
        print(
            f"{'datatrove, gopher, c4, fineweb':34s} {theirs:8.2f} MB per CPU-second; default is {ratio:.0f} times that"
        )


if __name__ == "__main__":
    main()
