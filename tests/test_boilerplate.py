"""What recurs: counted in independent documents, weighed with place and form."""

import numpy as np
import polars as pl
import pytest

from corpusqa import boilerplate, dividers

PROSE = "The council voted on Monday evening to close the old swing bridge until the repairs to its bearings are done."


def corpus(*documents):
    """A paragraph frame as the passes make it, of documents given as lists of texts; and a way to look texts up."""
    rows, texts = [], {}
    for document, paragraphs in enumerate(documents):
        start = 0
        for position, text in enumerate(paragraphs):
            key = hash(" ".join(text.lower().split())) & (2**64 - 1)
            form = hash(text) & (2**64 - 1)
            texts[form] = text
            rows.append((document, position, start, start + len(text), len(text.split()), len(text.split()), key, form))
            start += len(text) + 1
    columns = ["document", "position", "start", "end", "n_words", "n_tokens", "key", "form"]
    types = dict(zip(columns, [pl.UInt32] * 6 + [pl.UInt64] * 2, strict=True))
    frame = pl.DataFrame(rows, schema=types, orient="row")
    frame = frame.with_columns(rule=pl.lit(None, pl.String), kind=pl.lit(None, pl.String))
    named = frame.with_columns(text=pl.Series([texts[form] for form in frame["form"]], dtype=pl.String))
    frame = frame.with_columns(dividers.dividing(named))

    def wordings(wanted, on):
        return wanted.with_columns(text=pl.Series([texts[form] for form in wanted[on]], dtype=pl.String))

    return frame, wordings


def judged(documents, sites=None, dates=None):
    """The groups of a made-up corpus, by text."""
    frame, wordings = corpus(*documents)
    near = pl.DataFrame(schema={"key": pl.UInt64, "group": pl.UInt64})
    n = len(documents)
    about = {"site": sites or ["one.example"] * n, "date": dates or [None] * n}
    about = pl.DataFrame(about, schema={"site": pl.String, "date": pl.String})
    often = boilerplate.often(frame["key"].to_numpy(), frame["document"].to_numpy())
    held = boilerplate.recurring([frame], near, often, about, [frame["rule"].is_not_null()])
    return {row["text"]: row for row in boilerplate.groups(held, wordings).iter_rows(named=True)}


def story(i, n=6):
    """Paragraphs that no other document has."""
    return [
        f"Paragraph {j} of story {i} says something that only it says, at some length, about place {i * j}."
        for j in range(n)
    ]


def test_what_ends_every_page_is_furniture():
    found = judged([[*story(i), "Sign up here for more"] for i in range(5)])
    row = found["Sign up here for more"]
    assert row["label"] == "boilerplate"
    assert (row["documents"], row["independent_documents"], row["sites"]) == (5, 5, 1)
    assert row["mean_position"] == 1.0


def test_a_stock_sentence_in_mid_prose_is_content():
    found = judged([[*story(i, 4), PROSE, *story(i + 50, 4)] for i in range(4)])
    assert found[PROSE]["label"] == "content"


def test_a_syndicated_story_is_one_document():
    """However many sites carry it; its paragraphs do not become furniture."""
    shared = [f"{PROSE} {word}" for word in ("Traffic waits.", "Boats wait.", "Gulls do not.", "Nobody knows.")]
    found = judged([shared] * 5, [f"{name}.example" for name in "abcde"])
    assert all(row["independent_documents"] == 1 for row in found.values())
    assert all(row["label"] == "content" for row in found.values())


def test_copies_of_a_text_of_short_lines_are_one_document():
    """A song, a dialogue, a list: no line is long enough to tell anything, all of them together are."""
    song = [f"And {n} went down to the sea," for n in ("one", "two", "three", "four", "five", "six", "seven", "eight")]
    found = judged([song, song, [*song, "And nobody came back."], *[story(i) for i in range(5)]])
    assert all(found[line]["independent_documents"] == 1 for line in song)


def test_long_legal_text_that_two_pages_share_does_not_link_them():
    legal = [
        f"These terms of use number {i} apply to every visit to this site, whoever makes it and whatever for."
        for i in range(3)
    ]
    long_pages = [[*story(i, 20), *legal] for i in range(3)]
    found = judged(long_pages)
    assert all(found[text]["independent_documents"] == 3 for text in legal)


def test_a_speaker_label_is_content():
    interview = [
        line for turn in range(6) for line in ("Question", f"Turn {turn} of this interview is about the harbour wall.")
    ]
    found = judged([[*interview, *story(i)] for i in range(4)])
    assert found["Question"]["label"] == "content"


def test_a_sub_heading_of_several_sites_is_content():
    documents = [[*story(i, 3), "What happens next", *story(i + 60, 3)] for i in range(3)]
    assert judged(documents, ["a.example", "b.example", "c.example"])["What happens next"]["label"] == "content"


def test_the_sub_headings_of_a_house_are_content():
    headings = ["Why it matters", "The numbers", "What comes next?", "Between the lines"]
    documents = [
        [line for j, heading in enumerate(headings) for line in (PROSE + f" {i} {j}.", heading)] for i in range(30)
    ]
    found = judged([[*lines, PROSE + f" {i}."] for i, lines in enumerate(documents)])
    assert {found[heading]["label"] for heading in headings} == {"content"}


def test_one_line_that_breaks_into_every_text_is_furniture():
    found = judged([[*story(i, 3), "Listen to the harbour podcast", *story(i + 40, 3)] for i in range(12)])
    assert found["Listen to the harbour podcast"]["label"] == "boilerplate"


@pytest.mark.parametrize(
    "stock",
    [
        "The harbour board did not respond to a request for comment.",
        "A spokeswoman for the port declined to comment.",
        "Die Hafenverwaltung wollte sich dazu nicht äußern.",
        "La mairie n’a pas répondu à nos questions.",
        "Correction: An earlier version of this article misstated the year in which the pier was built.",
    ],
)
def test_stock_of_the_trade_is_content_wherever_it_stands(stock):
    found = judged([[*story(i), stock] for i in range(8)])
    assert found[stock]["label"] == "content"


def test_a_sentence_that_opens_a_list_is_content():
    opens = "Here is what you need to know:"
    found = judged([[*story(i, 2), opens, *story(i + 40, 4)] for i in range(12)])
    assert found[opens]["label"] == "content"


NEWS = "The ministry said on Monday that all of the night ferries would be cancelled until the spring."


@pytest.mark.parametrize(
    ("dates", "label"),
    [
        (["2023-03-01", "2023-03-02", "2023-03-02T09:00:00Z", "2023-03-03"], "content"),
        (["2023-03-01", "2023-04-20", "2023-07-02", "2024-01-15"], "boilerplate"),
        (["yesterday", None, "", None], "boilerplate"),
    ],
    ids=["a burst", "all year", "no dates"],
)
def test_prose_at_the_edge_within_a_few_days_is_news(dates, label):
    others = [[*story(9), PROSE], story(8)]
    found = judged([*([*story(i), NEWS] for i in range(4)), *others], dates=[*dates, "2022-01-01", "2024-06-30"])
    assert found[NEWS]["label"] == label


def test_in_a_corpus_of_one_week_all_is_of_that_week():
    dates = ["2023-03-01", "2023-03-02", "2023-03-02", "2023-03-03"]
    assert judged([[*story(i), NEWS] for i in range(4)], dates=dates)[NEWS]["label"] == "boilerplate"


@pytest.mark.parametrize("line", ["Right.", "We’ll be right back.", "[music]", "(Laughs)"])
def test_what_transcripts_say_again_and_again_is_content(line):
    assert judged([[*story(i), line, *story(i + 80)] for i in range(7)])[line]["label"] == "content"


def test_a_statement_that_several_sites_quote_is_content():
    line = "The harbour board did not reply to our questions."
    documents = [[*story(i), line, *story(i + 80)] for i in range(4)]
    assert judged(documents, ["a.example", "b.example", "c.example", "d.example"])[line]["label"] == "content"


def test_a_post_that_stories_quote_is_content():
    post = "The ferry is late again, and so am I. — Lia Prado (@liaprado) March 3, 2019"
    assert judged([[*story(i), post, *story(i + 80)] for i in range(9)])[post]["label"] == "content"


def test_the_most_frequent_wording_speaks_for_the_group():
    ends = ["Read Our Rules", "read our rules", "read our rules", "read our rules"]
    (row,) = judged([[*story(i), end] for i, end in enumerate(ends)]).values()
    assert row["text"] == "read our rules"
    assert (row["variants"], row["occurrences"]) == (2, 4)


def test_the_more_documents_the_surer():
    scores = []
    for n in (2, 3, 5, 9, 30):
        (row,) = judged([[*story(i), "Sign up here for more"] for i in range(n)]).values()
        scores.append(row["score"])
    assert scores == sorted(scores)
    assert np.all((np.array(scores) >= 0) & (np.array(scores) <= 1))


@pytest.mark.parametrize("n_documents", [0, 1])
def test_nothing_recurs_in_nothing(n_documents):
    documents = [story(0)][:n_documents]
    assert judged(documents) == {}
