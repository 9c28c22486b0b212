"""How well repeats inside a document are found: 200 of them planted into real articles.

    python tests/benches/repeats.py DATA [--seed 1] [--half a|b] [--mistakes 20]

DATA holds news.parquet (`id, site, text`, a paragraph a line). Fifty articles each are given one repeat of a sort:

    pasted     one to three paragraphs of the lead once more, right below or further down
    corrected  a paragraph once more, one word in eight of it changed, left out or added
    quoted     a sentence or two of a longer paragraph as one of its own, before or after it, in quotation marks or
               not, signed (`— Name`) or not
    caption    a sentence of another article as the alt text of a picture, and below it as its caption: opened
               otherwise, ended otherwise, a credit behind it

A plant counts as found when all its paragraphs are called repeated, or, where either form may go, one of the two. Then
all articles are searched as they are: how many repeats there are of each sort, and the first N of each, to be read. The
articles chosen and the changes made depend on the seed alone. `--half` takes the sites of one half, so that numbers
can be set on one and judged on the other.
"""

from __future__ import annotations

import argparse
import random
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from boilerplate import half

from corpusqa import config, repeats

EACH = 50  #: plants of each sort
SENTENCE = re.compile(r"""(?<=[.!?])["”’)]*\s+(?=["“‘(]?[A-Z])""")
WORDS = (12, 60)  #: of a paragraph that is pasted or corrected
#: Of a quotation; shorter ones are slogans, and said twice by writers.
QUOTED = (9, 40)
CAPTION = (10, 35)
NAMES = ("Lia Prado", "Jon Berg", "Ada Okoro", "M. Lindqvist", "Tomás Arce", "Yuki Hara")
AGENCIES = ("Nordfoto", "Agência Sul", "Harbour Press", "Getty Images", "Eastmere News")


@dataclass(frozen=True)
class Plant:
    """An article with a repeat in it: `ways` are sets of paragraphs, and one of the sets must be called repeated."""

    sort: str
    paragraphs: list[str]
    ways: tuple[frozenset[int], ...]
    text: str


Planter = Callable[[random.Random, list[str], str], Plant | None]


def _long(paragraphs: list[str], limits: tuple[int, int], first: int) -> list[int]:
    """Which of the first paragraphs have as many words."""
    return [i for i, own in enumerate(paragraphs[:first]) if limits[0] <= len(own.split()) <= limits[1]]


def pasted(choose: random.Random, paragraphs: list[str], _: str) -> Plant | None:
    """One to three paragraphs of the lead once more."""
    starts = _long(paragraphs, WORDS, 3)
    if not starts:
        return None
    start = choose.choice(starts)
    block = paragraphs[start : start + choose.choice((1, 1, 2, 3))]
    while len(block[-1].split()) < WORDS[0]:  # a label at its end is furniture, or a sub-heading, and no repeat
        block.pop()
    at = start + len(block) + choose.choice((0, 0, 1, 3))
    at = min(at, len(paragraphs))
    ways = frozenset(range(at, at + len(block))), frozenset(range(start, start + len(block)))
    return Plant("pasted", [*paragraphs[:at], *block, *paragraphs[at:]], ways, " ¶ ".join(block))


def corrected(choose: random.Random, paragraphs: list[str], _: str) -> Plant | None:
    """A paragraph once more, with corrections."""
    starts = _long(paragraphs, WORDS, 8)
    if not starts:
        return None
    start = choose.choice(starts)
    words, others = paragraphs[start].split(), " ".join(paragraphs).split()
    for _edit in range(choose.randint(1, max(1, len(words) // 8))):
        place, way = choose.randrange(len(words)), choose.choice(("change", "change", "leave", "add"))
        words[place : place + (way != "add")] = [] if way == "leave" else [choose.choice(others)]
    at = min(start + choose.choice((1, 1, 2, 5)), len(paragraphs))
    again = " ".join(words)
    ways = frozenset([at]), frozenset([start])
    return Plant("corrected", [*paragraphs[:at], again, *paragraphs[at:]], ways, again)


def quoted(choose: random.Random, paragraphs: list[str], _: str) -> Plant | None:
    """A sentence or two of a longer paragraph as one of its own."""
    found = []
    for i, own in enumerate(paragraphs):
        sentences = SENTENCE.split(own)
        runs = [" ".join(sentences[j : j + n]) for n in (1, 2) for j in range(len(sentences) - n + 1)]
        fits = [run for run in runs if QUOTED[0] <= len(run.split()) <= min(QUOTED[1], 0.65 * len(own.split()))]
        found += [(i, run) for run in fits]
    if not found:
        return None
    source, quote = choose.choice(found)
    quote = quote.strip("\"“”'‘’")
    quote = choose.choice((quote, f"“{quote}”", f'"{quote.rstrip(".")}"'))
    signed = choose.choice(("", "", f" — {choose.choice(NAMES)}"))
    at = min(max(0, source + choose.choice((-3, -1, 0, 1, 2, 5))), len(paragraphs))
    return Plant("quoted", [*paragraphs[:at], quote + signed, *paragraphs[at:]], (frozenset([at]),), quote + signed)


def caption(choose: random.Random, paragraphs: list[str], sentence: str) -> Plant | None:
    """Alt text and caption of one picture."""
    credit = f"{choose.choice(NAMES)}/{choose.choice(AGENCIES)}"
    words = sentence.rstrip(".").split()
    opening = choose.choice(("same", "same", "cut", "file", "article"))
    if opening == "cut":
        words = words[choose.randint(1, 3) :]
    elif opening == "file":
        words = [*choose.choice(("FILE -", "File photo:", "Image:", "In this photo,")).split(), *words]
    elif opening == "article":
        words = [choose.choice(("The", "A", "Some")), *words[1:]]
    ending = choose.choice(("same", "same", "date", "cut"))
    if ending == "date":
        words += choose.choice(("on Tuesday, March 3, 2020", "on May 3", "in 2018")).split()
    elif ending == "cut":
        words = words[: -choose.randint(1, 3)]
    below = " ".join(words) + choose.choice(
        (f". {credit}", f" ({credit})", f". (Photo by {credit})", f". Photo: {credit}")
    )
    at = choose.randint(0, min(4, len(paragraphs)))
    between = paragraphs[at : at + choose.choice((0, 0, 0, 1))]
    planted = [*paragraphs[:at], sentence, *between, below, *paragraphs[at + len(between) :]]
    ways = frozenset([at]), frozenset([at + 1 + len(between)])
    return Plant("caption", planted, ways, f"{sentence} ¶ {below}")


PLANTERS: dict[str, Planter] = {"pasted": pasted, "corrected": corrected, "quoted": quoted, "caption": caption}


def plants(articles: list[list[str]], seed: int) -> list[Plant]:
    """The articles with a repeat in each, fifty of a sort."""
    choose = random.Random(seed)
    order = choose.sample(range(len(articles)), len(articles))
    waiting = iter(order)
    made: list[Plant] = []
    for sort, planter in PLANTERS.items():
        own: list[Plant] = []
        while len(own) < EACH:
            plant = planter(choose, articles[next(waiting)], _sentence(choose, articles))
            own += [plant] if plant and _quiet(plant) else []
        assert all(plant.sort == sort for plant in own)
        made += own
    return made


def _quiet(plant: Plant) -> bool:
    """Whether nothing of what was planted stood there several times before."""
    counts = Counter(plant.paragraphs)
    planted = {plant.paragraphs[i] for way in plant.ways for i in way}
    return all(counts[own] <= 2 for own in planted)


def _sentence(choose: random.Random, articles: list[list[str]]) -> str:
    """A sentence of any article, as long as a caption."""
    while True:
        sentence = choose.choice(SENTENCE.split(choose.choice(choose.choice(articles))))
        if CAPTION[0] <= len(sentence.split()) <= CAPTION[1]:
            return sentence


def found(articles: list[list[str]]) -> pl.DataFrame:
    """The repeats of all articles: `article`, `position`, `source`, `how`, `similarity`."""
    lines = pl.Series([own for article in articles for own in article], dtype=pl.String)
    lengths = [len(article) for article in articles]
    document = np.repeat(np.arange(len(articles), dtype=np.uint32), lengths)
    again = repeats.repeats(lines, document, config.Repeats())
    first = np.concatenate(([0], np.cumsum(lengths)))
    article = pl.Series("article", document[again["paragraph"].to_numpy()])
    before = pl.Series(first[article.to_numpy()])
    return again.select(
        article,
        position=pl.col("paragraph") - before,
        source=pl.col("source") - before,
        how="how",
        similarity="similarity",
    )


def recall(made: list[Plant], n_listed: int) -> list[str]:
    """How many plants of each sort were found; the first ones that were not."""
    marked = {number: set[int]() for number in range(len(made))}
    for number, position in found([plant.paragraphs for plant in made])["article", "position"].iter_rows():
        marked[number].add(position)
    hit = [any(way <= marked[number] for way in plant.ways) for number, plant in enumerate(made)]
    lines = [f"planted {len(made)}   recall {sum(hit) / len(made):.3f}"]
    for sort in PLANTERS:
        own = [(plant, yes) for plant, yes in zip(made, hit, strict=True) if plant.sort == sort]
        lines.append(f"  {sort:<10} {sum(yes for _, yes in own):>3} of {len(own)}")
        lines += [f"      missed: {plant.text[:400]}" for plant, yes in own if not yes][:n_listed]
    return lines


def unplanted(articles: list[list[str]], n_listed: int) -> list[str]:
    """How many repeats there are in the articles as they are, by sort; some of each to read."""
    again = found(articles)
    n_paragraphs = sum(map(len, articles))
    lines = [f"unplanted: {len(again):,} of {n_paragraphs:,} paragraphs are called repeated"]
    for how in sorted(again["how"].unique()):
        own = again.filter(pl.col("how") == how)
        lines.append(f"  {how:<10} {len(own):>6,}")
        for row in own.sample(min(n_listed, len(own)), seed=1).iter_rows(named=True):
            article = articles[row["article"]]
            place = f"¶{row['position']} = ¶{row['source']} ({row['similarity']:.2f})"
            lines.append(f"      {place}  {article[row['position']][:400]}")
            lines.append(f"          {article[row['source']][:400]}")
    return lines


def main() -> None:
    """Plant, search, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--half", choices=["a", "b"])
    parser.add_argument("--mistakes", type=int, default=0, help="how many of each sort to list")
    chosen = parser.parse_args()
    news = pl.read_parquet(chosen.data / "news.parquet").sort("id")
    sites = news["site"].map_elements(half, return_dtype=pl.String)
    texts = news["text"].filter(sites == chosen.half) if chosen.half else news["text"]
    articles = [[line.strip() for line in text.split("\n") if line.strip()] for text in texts]
    print("\n".join(recall(plants(articles, chosen.seed), chosen.mistakes)))
    print("\n".join(unplanted(articles, chosen.mistakes)))


if __name__ == "__main__":
    main()
