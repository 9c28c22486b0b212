"""Lines that divide a text, told from furniture that breaks into it."""

import polars as pl
import pytest

from corpusqa.dividers import LINE, SEVERAL, dividing

PROSE = "The board met on Monday evening and put the question of the pier off once more, to nobody’s surprise."


def found(*documents, known=()):
    """The lines of these documents that divide them; `known` are those that a rule knows."""
    rows = [(number, line) for number, lines in enumerate(documents) for line in lines]
    frame = pl.DataFrame(rows, schema=["document", "text"], orient="row").with_columns(
        key=pl.col("text").hash(),
        n_words=pl.col("text").str.split(" ").list.len(),
        rule=pl.when(pl.col("text").is_in(list(known))).then(pl.lit("ad.marker")),
    )
    return frame.filter(dividing(frame))["text"].to_list()


def between(*lines):
    """A text with these lines between its paragraphs."""
    return [PROSE, *(each for line in lines for each in (line, PROSE))]


HEADINGS = ("The numbers", "What comes next?", "A long road")
SOURCES = ("Editorial Board, Northern Courier", "Ada Berg, Vale Herald", "Jon Prado, Eastmere Post")


@pytest.mark.parametrize("lines", [HEADINGS, SOURCES], ids=["sub-headings", "whom quotations are from"])
def test_several_different_lines_between_prose(lines):
    assert found(between(*lines)) == list(lines)


@pytest.mark.parametrize(
    "lines",
    [
        HEADINGS[: SEVERAL - 1],
        ["Listen to this story"] * 5,
        ["It was not.", "Nobody came.", "The rain went on."],
        [" ".join(["word"] * (LINE + 1)) + f" {i}." for i in range(3)],
    ],
    ids=["few", "one line again and again", "short sentences", "long lines"],
)
def test_nothing_else(lines):
    assert found(between(*lines)) == []


def test_what_a_rule_knows_does_not_count():
    assert found(between(*HEADINGS), known=HEADINGS[:1]) == []


def test_lines_among_lines_are_a_list():
    assert found([PROSE, *HEADINGS, PROSE]) == []


def test_documents_do_not_know_of_one_another():
    assert found([PROSE, "The numbers"], [PROSE, "A long road", PROSE], between("What comes next?")) == []
