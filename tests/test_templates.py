"""Templates: learned where they are, and no sentence is taken for one."""

import tomllib
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusqa import boilerplate, dividers, fingerprint, segment, templates
from corpusqa.kernels import frames as kernel
from corpusqa.kernels.characters import character_table
from corpusqa.kernels.classes import class_table
from corpusqa.texts import Texts

CASES = tomllib.loads((Path(__file__).parent / "cases" / "templates.toml").read_text(encoding="utf-8"))["case"]
SYLLABLES = ("bour", "ter", "per", "ning", "lage", "tion", "ket", "tern")
WORDS = [f"{start}{end}" for start in ("har", "win", "cop", "mor", "vil", "sta", "bas", "lan") for end in SYLLABLES]


def sentence(seed, n):
    """Words in an order that no other seed gives."""
    order = np.random.default_rng(seed).choice(WORDS, n)
    return " ".join(order).capitalize()


def story(i, n=9):
    """Paragraphs that no other document has, some of them long."""
    return [f"{sentence(100 * i + j, 24 + 7 * (j % 3))} in the year {1000 + i} of page {j}." for j in range(n)]


def learned(documents, sites=None, rules=None):
    """The template of each paragraph that has one, by text; the groups; and all texts."""
    texts = Texts.of(["\n".join(document) for document in documents])
    own = segment.paragraphs(texts)
    stretches = texts.part(own["byte_start"].to_numpy(), own["byte_end"].to_numpy())
    text = stretches.series()
    keys, n_tokens = fingerprint.keys(stretches)
    known = (rules or {}).get
    paragraphs = own.with_columns(
        text.hash().alias("form"),
        pl.Series("key", keys),
        pl.Series("n_tokens", n_tokens),
        rule=pl.Series([known(one) for one in text], dtype=pl.String),
    ).with_columns(kind=pl.when(pl.col("rule").is_not_null()).then(pl.lit("prompt")))
    paragraphs = paragraphs.with_columns(dividers.dividing(paragraphs.with_columns(text=text)))
    forms = pl.DataFrame({"form": text.hash(), "text": text}).unique("form", keep="first", maintain_order=True)

    def wordings(wanted, on):
        return wanted.join(forms, on=on, how="left", maintain_order="left")

    near = pl.DataFrame(schema={"key": pl.UInt64, "group": pl.UInt64})
    names = pl.Series(sites or ["one.example"] * len(documents), dtype=pl.String)
    about = pl.DataFrame({"site": names, "date": pl.Series([None] * len(names), dtype=pl.String)})
    furniture = paragraphs["rule"].is_not_null()
    often = boilerplate.often(keys, paragraphs["document"].to_numpy())
    recurring = boilerplate.recurring([paragraphs], near, often, about, [furniture])
    groups = boilerplate.groups(recurring, wordings)
    recurs = groups.filter(pl.col("label") == "boilerplate")
    again = paragraphs.join(recurring.join(recurs, on="group", how="semi"), on=["document", "position"], how="semi")
    furniture |= paragraphs["key"].is_in(again["key"].implode())
    ends = templates.frames(stretches)
    batches = [templates.Batch(paragraphs, furniture, ends)]
    found = templates.learned(lambda: batches, ends.select, recurring, groups, names, wordings)
    named = paragraphs.with_columns(text).join(found.assigned, on=["document", "position"], how="left")
    named = named.join(found.groups.select("group", "template", "label", group_rule="rule"), on="group", how="left")
    return dict(named.filter(pl.col("template").is_not_null()).select("text", "template").iter_rows()), found


def planted(case):
    """The documents of a case."""
    n, each, lines = case.get("documents", 24), case.get("each", 1), case["lines"]
    documents = [story(i) for i in range(n)]
    for i in range(0, len(lines), each):
        own, place = documents[i // each], case["place"]
        if place == "list":
            own[4:4] = lines[i : i + each]
        for j, line in enumerate(lines[i : i + each] if place != "list" else []):
            own.insert({"head": 0, "tail": len(own), "body": 3 + 3 * j}[place], line)
    if "within" in case:
        documents = [
            [*own[:2], f"{own[2][:90]} who {case['within']} of ours on {own[2]}", *own[3:]] for own in documents
        ]
    return documents


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_cases(case):
    found, _ = learned(planted(case))
    assert found == (dict.fromkeys(case["lines"], case["template"]) if "template" in case else {})


def test_a_template_is_a_group_of_its_own():
    lines = [f"{name} contributed to this report." for name in ("Mia Lund", "Tom Vane", "Priya Sand", "Ada Marsh")]
    _, found = learned([[*story(i), lines[i]] if i < 4 else story(i) for i in range(8)])
    (row,) = found.groups.iter_rows(named=True)
    assert (row["template"], row["label"], row["rule"]) == (
        "⟨…⟩ contributed to this report.",
        "boilerplate",
        "template",
    )
    assert (row["documents"], row["occurrences"], row["variants"], row["sites"]) == (4, 4, 4, 1)
    assert row["n_chars"] == sum(map(len, lines))
    assert row["mean_position"] == 1.0
    assert row["text"] in lines
    assert 0.5 <= row["score"] <= 1
    assert found.assigned["group"].to_list() == [row["group"]] * 4


def test_its_name_is_that_of_its_words():
    """Not of the documents that it was learned from, so that runs can be compared."""
    names = [
        ["Mia Lund", "Tom Vane", "Priya Sand", "Ada Marsh"],
        ["Jo Orme", "Ben Ito", "Eva Roy", "Al Finn", "Di Dirks"],
    ]
    keys = set()
    for run in names:
        _, found = learned([[*story(i), f"{name} contributed to this report."] for i, name in enumerate(run)])
        keys |= set(found.groups["group"])
    assert len(keys) == 1


def test_templates_are_learned_across_sites():
    """On each site too few documents have it."""
    names = ["Mia Lund", "Tom Vane", "Priya Sand", "Ada Marsh", "Jo Orme", "Ben Ito"]
    documents = [[*story(i), f"{name} contributed to this report."] for i, name in enumerate(names)]
    found, learnt = learned(documents, [f"{i % 3}.example" for i in range(6)])
    assert len(found) == 6
    assert learnt.groups["sites"].to_list() == [3]


def test_copies_of_one_story_are_one_document():
    """Four sites that carry a story with one name in it do not make a template of what surrounds the name."""
    shared = story(1)
    names = ["Mia Lund", "Tom Vane", "Priya Sand", "Ada Marsh"]
    found, _ = learned([[*shared, f"{name} contributed to this report."] for name in names], list("abcd"))
    assert found == {}


def test_a_text_that_says_what_a_template_is_named_after_is_another_group():
    """A form to be filled in has an underscore where the template has its slot."""
    names = ["Mia Lund", "Tom Vane", "Priya Sand", "Ada Marsh", "_", "_"]
    _, found = learned([[*story(i), f"{name} contributed to this report."] for i, name in enumerate(names)])
    assert sorted(found.groups["documents"]) == [2, 6]
    assert found.groups["group"].is_unique().all()
    assert found.assigned.select("document", "position").is_unique().all()


RELATED = [
    f"Not to miss: {title}" for title in ("fog over the bay", "a bell", "two swans", "the last tug", "no ferries")
]


def test_what_rules_know_teaches_what_they_do_not():
    """The rule knows five of eight such lines; where they stand and how long they are does not matter then."""
    lines = [*RELATED, "Not to miss: gulls", "Not to miss: the wall", "Not to miss: what a summer it was"]
    documents = [[*story(i)[:4], line, *story(i)[4:]] for i, line in enumerate(lines)] + [
        story(i) for i in range(8, 60)
    ]
    assert learned(documents)[0] == {}
    found, _ = learned(documents, rules=dict.fromkeys(RELATED, "related.miss"))
    assert found == dict.fromkeys(lines, "Not to miss: ⟨…⟩")


def test_a_group_that_recurs_keeps_its_name_and_takes_the_template():
    """Two documents have the same line word by word; too few to be called furniture in the middle of a site."""
    lines = [*(f"Elsewhere today {title}" for title in TITLES), f"Elsewhere today {TITLES[0]}"]
    documents = [[*story(i)[:4], line, *story(i)[4:]] for i, line in enumerate(lines)]
    found, learnt = learned(documents)
    assert set(found) == set(lines)
    twice = learnt.groups.filter(pl.col("text") == lines[0], pl.col("documents") == 2)
    assert twice.select("label", "rule", "template").rows() == [("boilerplate", "template", "Elsewhere today ⟨…⟩")]


TITLES = [
    "Ferry fares rise for the third time",
    "Council weighs a ban on jet skis",
    "Old cannery becomes a school",
    "Night trains return to the coast",
    "Two swans hold up the regatta",
    "Library fines are a thing of the past",
    "Salt prices fall as the summer ends",
    "Divers find a bell but no ship",
]


def test_a_longer_paragraph_with_the_same_words_is_left_alone():
    names = ["Mia Lund", "Tom Vane", "Priya Sand", "Ada Marsh", "Jo Orme", "Ben Ito", "Eva Roy", "Al Finn", "Di Dirks"]
    pairs = [*pairwise(names), *zip(names[2:], names, strict=False)]
    lines = [f"{name} and {other} contributed to this report." for name, other in pairs]
    long = "What the harbour board and its many lawyers have never said is who of them contributed to this report."
    documents = [[*story(i), line] for i, line in enumerate([*lines, long])]
    assert learned(documents)[0] == dict.fromkeys(lines, "⟨…⟩ contributed to this report.")


def test_tiny_sites_have_no_share_of_pages():
    """A line on the one page of each of many sites is on all their pages, which says nothing."""
    documents = [[*story(i)[:4], f"Elsewhere today {title}", *story(i)[4:]] for i, title in enumerate(TITLES)]
    assert learned(documents, [f"{i}.example" for i in range(8)])[0] == {}
    assert len(learned(documents)[0]) == 8


@pytest.mark.parametrize("documents", [[], [""], [story(0)]], ids=["nothing", "empty", "one story"])
def test_nothing_is_learned_from_nothing(documents):
    found, learnt = learned(documents)
    assert found == {}
    assert learnt.groups.is_empty()


def test_documents_without_site_are_one_site():
    names = ["Mia Lund", "Tom Vane", "Priya Sand", "Ada Marsh"]
    documents = [[*story(i), f"{name} contributed to this report."] for i, name in enumerate(names)]
    assert len(learned(documents, [None] * 4)[0]) == 4


def ends(*texts):
    return templates.frames(Texts.of(texts))


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ("3 min read", "12 min read", ["whole", "head_2", "head_3", "tail_2", "tail_3"]),
        ("Read more: the pier", "READ MORE: a bell", ["head_2", "head_3"]),
        ("“Yes” – Lund", '"Yes" - Vane', ["head_2", "head_3", "head_4"]),
        ("Mia’s boat sinks", "Mia's boat floats", ["head_2", "head_3", "head_4"]),
        ("* * * fin", "***** fin", ["tail_2"]),
        ("----- fin de", "—— fin de", ["head_2", "head_3", "tail_2", "tail_3"]),
        ("1,200 boats", "13,400 boats", ["whole", "head_2", "head_3", "head_4", "tail_2", "tail_3", "tail_4"]),
        ("東京の港", "東京の川", ["head_2", "head_3"]),
        ("ＡＢＣ def", "ａｂｃ def", ["head_2", "tail_2"]),
        ("a b", "b a", []),
        ("a b c", "c b a", []),
    ],
)
def test_frames_are_the_same_where_only_form_differs(one, other, equal):
    frames = ends(one, other).select(templates.FRAMES)
    same = [name for name in templates.FRAMES if frames[name].n_unique() == 1 and frames[name][0] != 0]
    assert same == [name for name in templates.FRAMES if name in equal]


def test_the_ends_of_a_long_paragraph_are_those_of_its_ends():
    """Only they are read; nothing else would be fast."""
    head, tail = "Gulls and other birds of the outer bay, ", ", said the pilot of the last tug on Sunday."
    long, short = ends(head + "and so on " * 99 + tail, head + tail).rows(named=True)
    assert [long[name] for name in templates.FRAMES[:12]] == [short[name] for name in templates.FRAMES[:12]]
    assert (long["head_shapes"], long["tail_shapes"]) == (short["head_shapes"], short["tail_shapes"])
    assert (long["both"], long["whole"], long["n_marks"]) == (0, 0, 41)


@settings(deadline=None)
@given(st.text(alphabet="ab C.,:;-–“”'’1 9東\u0301 é", max_size=60))
def test_tokens_cover_all_but_blanks(text):
    """And are what is left when runs of one mark are one."""
    texts = Texts.of([text])
    found, spans = np.zeros(300, np.uint64), np.zeros((300, 3), np.int64)
    n = kernel.tokens(texts.data, 0, len(texts.data), character_table(), class_table(), 299, found, spans)
    data = text.encode()
    pieces = [data[start:end].decode() for start, end, _ in spans[:n]]
    assert "".join("".join(pieces).split()) == "".join(text.split())
    assert all(spans[i, 1] <= spans[i + 1, 0] for i in range(n - 1))
    assert all(kernel.WORD <= shape <= kernel.OTHER for shape in spans[:n, 2])


@settings(deadline=None)
@given(st.lists(st.text(alphabet="ab C.,:-“’1東", max_size=40), max_size=6), st.text(alphabet="xy. ", max_size=300))
def test_frames_do_not_depend_on_what_stands_beside(texts, other):
    alone = [templates.frames(Texts.of([text])) for text in texts]
    together = templates.frames(Texts.of([x for text in texts for x in (other, text)]))
    assert together[1::2].rows() == [row for frame in alone for row in frame.rows()]


class TestCapitals:
    """Lines in capitals have no word in common; what a site sets so is told by how long they are."""

    TITLES = (
        "HARBOUR BOARD MEETS FOR THE LAST TIME BEFORE ELECTION",
        "MAYOR OF KIRKVIK SAYS THE FERRY WILL COME BACK",
        "NINE SAILORS SAVED FROM SINKING TRAWLER OFF SANTA RITA",
        "WHO PAYS FOR THE PIER WHEN THE FUND IS EMPTY",
    )

    def made(self, *lines):
        titles = [f"{lines[i % len(lines)]} IN {chr(65 + i)}{chr(70 + i)}" for i in range(24)]
        return learned([[*story(2 * i), title, *story(2 * i + 1)] for i, title in enumerate(titles)])[0], set(titles)

    def test_titles_between_paragraphs_are_teasers(self):
        found, titles = self.made(*self.TITLES)
        assert found == dict.fromkeys(titles, templates.IN_CAPITALS)

    def test_short_ones_are_sub_headings(self):
        found, _ = self.made("DEBT OF KIRKVIK EXPANDS")
        assert templates.IN_CAPITALS not in found.values()
