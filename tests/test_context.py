"""Lines among furniture are furniture; lines among themselves, and prose anywhere, are not."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusqa.context import BELOW, FOLLOWED, IN_BETWEEN, IN_RUN, PROSE, TITLED, TITLES, surrounded
from corpusqa.kernels.frames import ENDED, NAME
from corpusqa.tables import SPAN

#: A line of a document: what it is, its tokens, whether it ends in an end mark, whether it is known already.
MENU = ("menu", 2, False, True)
TEASER = ("teaser", 9, False, False)
LABEL = ("label", 2, False, False)
TEXT = ("text", 30, True, False)
TITLE = ("title", 9, False, False)  #: every word of it with a capital

Line = tuple[str, int, bool, bool]


def marked(*documents: list[Line]) -> list[str | None]:
    """The rule of each paragraph of these documents."""
    rows = [
        (number, position, tokens, ended, known, tokens * (sort == "title"))
        for number, lines in enumerate(documents)
        for position, (sort, tokens, ended, known) in enumerate(lines)
    ]
    columns = ["document", "position", "n_tokens", "ended", "known", "n_names"]
    frame = pl.DataFrame(rows, schema=columns, orient="row")
    known = pl.when("known")
    labelled = frame.select(
        "document",
        "position",
        "n_tokens",
        label=known.then(pl.lit("boilerplate")).otherwise(pl.lit("content")),
        kind=known.then(pl.lit("navigation")),
        rule=known.then(pl.lit("navigation.line")),
        score=known.then(pl.lit(0.9)),
        stays=pl.lit(False),
        spans=pl.lit([], dtype=pl.List(SPAN)),
    )
    shapes = pl.lit(NAME, pl.UInt64)
    flags = pl.when("ended").then(ENDED).otherwise(0)
    frames = frame.select(
        "n_names", head_shapes=shapes, tail_shapes=shapes, n_marks="n_tokens", n_cased="n_tokens", flags=flags
    )
    return surrounded(labelled, frames)["rule"].to_list()


def new(*documents: list[Line]) -> set[str | None]:
    """The rules of what was not known before."""
    return set(marked(*documents)) - {"navigation.line"}


class TestRuns:
    def test_a_menu_at_the_head(self):
        lines = [MENU, LABEL, LABEL, MENU, LABEL, LABEL, MENU, LABEL, MENU, LABEL, LABEL, MENU]
        assert new([*lines, TEXT, TEXT, TEXT]) == {IN_RUN, IN_BETWEEN, None}
        assert marked([*lines, TEXT, TEXT, TEXT])[: len(lines)].count(None) == 0

    def test_a_head_of_which_little_is_known(self):
        lines = [MENU, *[TEASER] * 14, MENU]
        assert marked([*lines, TEXT, TEXT, TEXT])[1:8] == [IN_RUN] * 7
        assert new([*lines[:-1], TEXT, TEXT, TEXT]) == {None}, "one known line says nothing"
        assert new(lines) == {None}, "without prose it may be a list"

    def test_the_headline_below_it(self):
        lines = [MENU, MENU, LABEL, LABEL, MENU, LABEL, MENU, TEASER, MENU]
        assert marked([*lines, TEXT, TEXT, TEXT])[lines.index(TEASER)] is None

    def test_a_few_tags_below_a_prompt_at_the_tail(self):
        tags = [LABEL] * 3
        assert marked([TEXT, TEXT, MENU, *tags])[-3:] == [BELOW] * 3
        assert new([TEXT, TEXT, *tags, MENU]) == {None}, "above it, they may be the end of the text"
        assert new([MENU, *tags]) == {None}, "without prose, they may be the text"
        assert new([TEXT, TEXT, MENU, *tags, TEXT]) == {None}, "where the text goes on, they may be of it"

    def test_titles_at_either_end_of_which_nothing_is_known(self):
        titles = [TITLE] * TITLES
        assert marked([TEXT, TEXT, *titles])[-TITLES:] == [TITLED] * TITLES
        assert marked([*titles, TITLE, TITLE, TEXT, TEXT])[: TITLES + 2] == [TITLED] * TITLES + [None] * 2
        assert new(titles) == {None}, "without prose, they may be the text"
        assert new([TEXT, TEXT, *titles[1:]]) == {None}
        assert new([TEXT, TEXT, *titles, *[TEASER] * 2 * TITLES]) == {None}, "most are not set as titles are"

    def test_a_list_below_one_advertisement_is_content(self):
        assert new([TEXT, TEXT, MENU, *[LABEL] * (FOLLOWED + 1)]) == {None}

    def test_teasers_between_prompts_at_the_tail(self):
        lines = [MENU, MENU, *[TEASER] * 16, MENU, MENU]
        rules = marked([TEXT, TEXT, *lines])
        assert rules.count(IN_RUN) >= 12
        assert rules[:2] == [None, None]

    def test_a_table_has_nobody_in_it_that_we_know(self):
        assert new([TEXT, *[LABEL] * 40]) == {None}

    def test_a_table_with_prompts_below_it(self):
        """What is known stands on one side of it only."""
        assert new([TEXT, *[LABEL] * 20, MENU, MENU, MENU, MENU]) == {None}

    def test_a_list_in_the_midst_of_an_article(self):
        assert new([TEXT, MENU, *[TEASER] * 6, MENU, MENU, MENU, TEXT, TEXT]) == {None}


class TestBetween:
    def test_a_line_between_two_prompts_at_the_tail(self):
        assert marked([TEXT, TEXT, MENU, LABEL, MENU]) == [None, None, "navigation.line", IN_BETWEEN, "navigation.line"]

    def test_a_list_of_titles_with_a_date_below_each(self):
        lines = [MENU, *[TEASER, MENU] * 8]
        assert new([TEXT, *lines, TEXT]) == {IN_BETWEEN, None}
        assert marked([TEXT, *lines, TEXT]).count(IN_BETWEEN) == 8

    def test_a_sub_heading_after_a_prompt(self):
        assert new([TEXT, MENU, LABEL, TEXT]) == {None}

    def test_a_quotation_between_two_pictures_in_the_midst(self):
        assert new([TEXT, MENU, LABEL, MENU, TEXT]) == {None}

    def test_what_ends_like_a_sentence(self):
        assert new([TEXT, TEXT, MENU, ("sentence", 9, True, False), MENU]) == {None}

    def test_documents_do_not_know_of_one_another(self):
        assert new([TEXT, MENU], [LABEL], [MENU, TEXT]) == {None}


lines = st.lists(st.tuples(st.just("any"), st.integers(0, 60), st.booleans(), st.booleans()), max_size=40)


@settings(max_examples=50, deadline=None)
@given(st.lists(lines, min_size=1, max_size=4).filter(any))
def test_prose_is_never_marked_and_what_was_known_stays(documents):
    flat = [line for document in documents for line in document]
    for (_, tokens, ended, known), rule in zip(flat, marked(*documents), strict=True):
        if known:
            assert rule == "navigation.line"
        elif ended and tokens >= PROSE:
            assert rule is None


#: What `templates.frames` counts of a sentence and three lines below it.
FRAMES = pl.DataFrame(
    {
        **{shapes: [NAME] * 4 for shapes in ("head_shapes", "tail_shapes")},
        "n_marks": [30, 2, 9, 2],
        "n_names": [0] * 4,
        "n_cased": [30, 2, 9, 2],
        "flags": [ENDED, 0, 0, 0],
    }
)


@pytest.mark.parametrize("kind", [(LABEL, "navigation"), (TEASER, "related")], ids=["label", "teaser"])
def test_kinds(kind):
    line, expected = kind
    frame = pl.DataFrame(
        {
            "document": [0] * 4,
            "position": [0, 1, 2, 3],
            "n_tokens": [30, 2, line[1], 2],
            "label": ["content", "boilerplate", "content", "boilerplate"],
            "kind": [None, "ad", None, "ad"],
            "rule": [None, "x", None, "x"],
            "score": [None, 1.0, None, 1.0],
            "stays": [False] * 4,
            "spans": [[]] * 4,
        },
        schema_overrides={"spans": pl.List(SPAN)},
    )
    assert surrounded(frame, FRAMES)["kind"].to_list() == [None, "ad", expected, "ad"]


def test_what_the_user_keeps_stays_among_furniture():
    frame = pl.DataFrame(
        {
            "document": [0] * 4,
            "position": [0, 1, 2, 3],
            "n_tokens": [30, 2, 9, 2],
            "label": ["content", "boilerplate", "content", "boilerplate"],
            "kind": [None, "ad", None, "ad"],
            "rule": [None, "x", "ignored", "x"],
            "score": [None, 1.0, 1.0, 1.0],
            "stays": [False, False, True, False],
            "spans": [[]] * 4,
        },
        schema_overrides={"spans": pl.List(SPAN)},
    )
    assert surrounded(frame, FRAMES).equals(frame)
