"""The suite `news` on texts of known kinds: what is no article is rejected and named, what is odd but whole stays."""

import polars as pl
import pytest

from corpusqa.gating import Result, judge, load_suite
from corpusqa.metrics import measure

SUITE = load_suite("news")
STORY = (
    "The council of Harrowmere voted on Tuesday to rebuild the footbridge over the Linnet, two years after a barge "
    "tore away its middle span. Work is to begin in March and will cost the town about four million.\n"
    "“It was never only a bridge,” said Oona Pellworth, who runs the bakery on the eastern bank. Half of her customers "
    "used to cross it, and since the accident they have had to walk to the weir and back.\n"
    "The new span will be a metre higher than the old one, so that boats can pass below it at spring tide. Engineers "
    "had proposed a lift as well, but the money for that was not to be found.\n"
)
TEXTS = {
    "article": STORY,
    "German article": (
        "Der Gemeinderat von Kranzfeld hat am Dienstag beschlossen, die Fußgängerbrücke über die Uhle neu zu bauen. "
        "Die Arbeiten sollen im März beginnen und kosten rund vier Millionen. „Das war nie nur eine Brücke“, sagte die "
        "Bäckerin Jördis Überall, die ihren Laden am östlichen Ufer führt.\n"
        "Die neue Brücke wird einen Meter höher als die alte, damit auch größere Schiffe bei Hochwasser darunter "
        "hindurchfahren können. Ein Aufzug war geplant, doch dafür fehlte am Ende das nötige Geld.\n"
    ),
    "Chinese article": "市议会星期二决定重建河上的步行桥，那座桥两年前被一艘驳船撞断了中间一段。\n" * 5,
    "Russian article": "Городской совет решил во вторник восстановить мост, который был разрушен.\n" * 5,
    "interview": "".join(f"Were you afraid then?\nI was, {STORY.splitlines()[i % 3]}\n" for i in range(6)),
    "market report": STORY + "Linnet Barges rose 3 % to 41.20, Weir & Sons fell 1.5 % to 7.05, the rest stood still.\n",
    "Chinese caption": "市议会星期二决定重建河上的步行桥。",
    "list page": "\n".join(f"{day} May\nStory hour, library\nChoir\nPlant swap" for day in range(1, 20)),
    "table": "\n".join(f"{i} 21.0 12.3 12.{i} 0.1 8.7 {i}.5 2.5 Team {i}" for i in range(30)),
    "bullets": "\n".join(f"- The bakery in Weir Street {i} was closed by the flood of last spring." for i in range(20)),
    "wrong encoding": ("„Wir hätten früher anfangen müssen“, erklärte der Bürgermeister der Brückenstadt. " * 8)
    .encode()
    .decode("cp1252", "replace"),
    "capitals": STORY.upper(),
    "one word run together": STORY.replace(" ", ""),
}
#: What an audit adds; a clean document by default.
FINDINGS = {
    "kept_n_words": 100,
    "kept_word_ratio": 1.0,
    "repeat_word_ratio": 0.0,
    "boilerplate_word_ratio": 0.0,
    "residue_count": 0,
}


def judged(texts: dict[str, str], **findings: float) -> Result:
    """The texts held against the suite, with these findings in the first of them."""
    columns = {name: [findings.get(name, clean)] + [clean] * (len(texts) - 1) for name, clean in FINDINGS.items()}
    own = pl.DataFrame(
        {"doc_id": list(texts), "duplicate_of": pl.Series([None] * len(texts), dtype=pl.String), **columns}
    )
    measured = measure(list(texts.values()), "default")
    kept = [name for name in SUITE.columns if name.startswith("kept_") and name not in FINDINGS]  # nothing is cut here
    twins = measured.select(pl.col(name.removeprefix("kept_")).alias(name) for name in kept)
    return judge(pl.concat([own, measured, twins], how="horizontal"), SUITE)


REASONS = dict(judged(TEXTS).documents.select("doc_id", "failed").iter_rows())


@pytest.mark.parametrize(
    "kind", ["article", "German article", "Russian article", "Chinese article", "interview", "market report"]
)
def test_what_is_an_article_is_accepted(kind):
    assert REASONS[kind] == []


@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        ("list page", "lines"),
        ("table", "letters"),
        ("bullets", "bullets"),
        ("wrong encoding", "symbols"),
        ("capitals", "capitals"),
        ("one word run together", "words"),
        ("Chinese caption", "length-other-scripts"),
    ],
)
def test_what_is_none_is_rejected_and_named(kind, rule):
    assert rule in REASONS[kind]


@pytest.mark.parametrize(
    ("findings", "failed", "flagged"),
    [
        ({"kept_n_words": 49}, ["length"], []),
        ({"kept_n_words": 50}, [], []),
        ({"kept_word_ratio": 0.19}, ["body"], []),
        ({"repeat_word_ratio": 0.16, "kept_word_ratio": 0.84}, [], ["repeats"]),
        ({"boilerplate_word_ratio": 0.21, "kept_word_ratio": 0.79}, [], ["boilerplate"]),
        ({"residue_count": 1}, [], ["residue"]),
    ],
    ids=str,
)
def test_what_curating_repairs_is_flagged_and_what_it_cannot_is_rejected(findings, failed, flagged):
    first = judged({"article": STORY}, **findings).documents.row(0, named=True)
    assert (first["failed"], first["flagged"]) == (failed, flagged)


def test_a_document_without_words_is_rejected():
    assert judged({"empty": "", "article": STORY}, kept_n_words=0).documents["verdict"].to_list() == [
        "reject",
        "accept",
    ]


def test_the_corpus_is_judged_too():
    assert judged({"article": STORY}).passed
    dirty = judged({"article": STORY}, kept_word_ratio=0.85)
    assert [rule.rule_id for rule in dirty.broken_at("critical")] == ["kept"]
    assert dirty.verdicts["reject"] == 0
