"""The rules keep to their cases, their guards hold, and a file of one's own is read or refused with a reason."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusqa.errors import UnknownName, UnusableSettings
from corpusqa.residue import RULES, SCHEMA, find, inside
from corpusqa.rules import WORDING, Rule, load
from corpusqa.teasers import below_headings

OPEN, CLOSE = "⟦", "⟧"  # around what a rule that looks inside other text must take out of it
WHOLE = [rule for rule in RULES if rule.where != "inside"]
WITHIN = [rule for rule in RULES if rule.where == "inside"]
BODY = ["The harbour board met for nine hours, and at midnight it had decided nothing that it could name."] * 12


def document(*paragraphs: str) -> pl.DataFrame:
    """The paragraphs of one document as `find` takes them."""
    schema = {"text": pl.String, "n_words": pl.UInt32, "position": pl.UInt32, "n_paragraphs": pl.UInt32}
    rows = [(text, len(text.split()), place, len(paragraphs)) for place, text in enumerate(paragraphs)]
    return pl.DataFrame(rows, schema=schema, orient="row")


def rules_of(*paragraphs: str) -> list[str | None]:
    """The rule that names each paragraph of a document."""
    return find(document(*paragraphs))["rule"].to_list()


def cases(rules: list[Rule], texts: list[list[str]]) -> pl.DataFrame:
    """A document for each case; of a rule that looks for a name in the rest of an article, with such a rest."""
    documents = [
        document(text, *BODY) if rule.stranger else document(text)
        for rule, own in zip(rules, texts, strict=True)
        for text in own
    ]
    return pl.concat(documents)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
class TestEveryRule:
    def test_says_what_it_is_for(self, rule: Rule):
        """Two things that it marks and one that looks like them: less is a guess."""
        assert len(rule.catch) >= 2
        assert rule.spare

    def test_is_understood_by_both_engines(self, rule: Rule):
        for expression in (rule.pattern, rule.opening, rule.tell):
            if expression:
                re.compile(expression)
                pl.Series([""]).str.contains(expression)

    def test_leaves_empty_text_alone(self, rule: Rule):
        assert not rule.pattern or not re.search(rule.pattern, "")


@pytest.fixture(scope="module")
def judged() -> dict[str, str | None]:
    """Every case of every rule, each a document of its own, and the rule that names it among all: one call for all."""
    frame = cases(list(RULES), [[*rule.catch, *rule.spare] for rule in RULES])
    first = frame["position"] == 0
    return dict(zip(frame["text"].filter(first), find(frame)["rule"].filter(first), strict=True))


@pytest.mark.parametrize("rule", WHOLE, ids=lambda rule: rule.id)
def test_catches(rule: Rule, judged: dict[str, str | None]):
    """Alone the rule marks them all, and among the others some rule does."""
    frame = cases([rule], [list(rule.catch)])
    alone = find(frame, [rule])["rule"].filter(frame["position"] == 0).to_list()
    assert dict(zip(rule.catch, alone, strict=True)) == dict.fromkeys(rule.catch, rule.id)
    assert [text for text in rule.catch if judged[text] is None] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_spares(rule: Rule, judged: dict[str, str | None]):
    assert {text: judged[text] for text in rule.spare} == dict.fromkeys(rule.spare)
    assert inside(pl.Series(rule.spare)).is_empty()


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule in WITHIN for text in rule.catch])
def test_takes_out(rule: Rule, text: str):
    bare = text.replace(OPEN, "").replace(CLOSE, "")
    expected = [part.split(CLOSE)[0] for part in text.split(OPEN)[1:]]
    found = inside(pl.Series([bare]))
    assert [bare[start:end] for start, end in found.select("start", "end").iter_rows()] == expected
    assert set(found["rule"]) == {rule.id}


def test_further_languages_cost_a_look_at_the_first_words():
    """Lines and first words only, so that text in other languages is done with at once; a rule names its language."""
    files = {path.stem for path in WORDING.glob("*.toml")}
    further = [rule for rule in RULES if rule.language in files]
    assert {rule.language for rule in further} == files
    assert [rule.id for rule in further if rule.pattern and not rule.begins] == []
    assert [rule.id for rule in further if rule.id.rpartition(".")[2] != rule.language] == []


def test_ids_are_distinct():
    assert len({rule.id for rule in RULES}) == len(RULES)


def test_a_bio_counts_at_the_edge_only():
    bio = "Ada Lindqvist is a staff writer at the Northern Courier."
    assert rules_of(*BODY, bio)[-1] == "bio.edge"
    assert rules_of(*BODY, bio, *BODY)[12] is None


def test_furniture_below_it_does_not_move_the_edge():
    bio = "Ada Lindqvist is a staff writer at the Northern Courier."
    below = ["Leave a comment", "Share this article", "Sign up for our newsletter", "Most popular", "Log in", "Print"]
    assert rules_of(*BODY, bio, *below)[12] == "bio.edge"


def test_a_date_is_a_heading_in_the_body():
    assert rules_of("March 3, 2019", *BODY)[0] == "credit.date.head"
    assert rules_of(*BODY, "March 3, 2019", *BODY)[12] is None


def test_a_kicker_is_a_heading_in_the_body():
    assert rules_of("Analysis", *BODY)[0] == "navigation.kicker"
    assert rules_of(*BODY, "Analysis", *BODY)[12] is None


def test_a_long_paragraph_is_no_furniture():
    assert rules_of("Sign up for our newsletter " + "and then some " * 40) == [None]


def test_the_hole_is_underlined():
    text = "By , Northern Courier’s harbour reporter."
    found = find(document(text)).row(0, named=True)
    assert (found["rule"], found["kind"]) == ("hole.byline", "residue")
    assert text[found["span_start"] : found["span_end"]] == "By ,"


def test_the_first_rule_names_the_paragraph():
    """A prompt with a hole in it is known by the hole."""
    assert rules_of("Already a subscriber? .") == ["hole.subscriber"]


def test_one_row_for_each_paragraph_whatever_they_are():
    assert find(document()).schema == SCHEMA
    assert find(document("", " ", "a\u2028b", "\u0000")).height == 4


@settings(deadline=None, max_examples=20)
@given(st.lists(st.text(max_size=40), max_size=6))
def test_documents_are_judged_alone(paragraphs: list[str]):
    """What stands in the next document changes nothing."""
    alone = find(document(*paragraphs))
    beside = find(pl.concat([document(*BODY), document(*paragraphs), document("Report", *BODY)]))
    assert beside[12 : 12 + len(paragraphs)].equals(alone)


class TestSections:
    def marked(self, *paragraphs: str) -> list[bool]:
        frame = document(*paragraphs)
        return below_headings(frame, find(frame))["rule"].is_not_null().to_list()

    def test_teasers_at_the_tail(self):
        teasers = [
            "Fishermen mend their nets on the new pier in Kirkvik.",
            "The Harbour Nobody Wanted",
            "Twelve years on, the cranes stand still.",
            "Who Pays for the Bridge?",
            "A Night With the Pilots of Eastmere",
        ]
        assert self.marked(*BODY, "More from Northern Courier", *teasers) == [False] * 13 + [True] * 5

    def test_a_list_of_links_in_the_body(self):
        links = ["Harbour board to meet again on Monday", "Who pays for the night ferries when the fund is empty"]
        assert self.marked(*BODY, "Related stories", *links, *BODY) == [False] * 13 + [True] * 2 + [False] * 12

    def test_the_sub_heading_below_a_list_of_links_stays(self):
        links = ["Harbour board to meet again on Monday", "Who pays for the night ferries when the fund is empty"]
        rules = self.marked(*BODY, "Related stories", *links, "What the captains say", *BODY)
        assert rules == [False] * 13 + [True] * 2 + [False] * 13

    def test_body_text_below_a_heading_stays(self):
        assert not any(self.marked(*BODY[:2], "Read more", *BODY))

    def test_a_sub_heading_below_a_button_stays(self):
        assert not any(self.marked(*BODY, "See also", "The vote", *BODY))

    def test_an_article_that_opens_with_a_label_stays(self):
        assert not any(self.marked("Top stories", "Ferry sinks off Kirkvik", "Nine sailors saved", "One still missing"))


class TestFilesOfOnesOwn:
    def rules(self, folder: Path, text: str) -> tuple[Rule, ...]:
        path = folder / "rules.toml"
        path.write_text(text, encoding="utf-8")
        return load(path)

    def test_a_rule_of_ones_own_goes_first(self, tmp_path: Path):
        own = self.rules(tmp_path, '[[rule]]\nid = "own.tide"\nkind = "navigation"\nlines = ["Tide table"]')
        assert find(document("Tide table »"), [*own, *RULES])["rule"].to_list() == ["own.tide"]

    @pytest.mark.parametrize(
        ("text", "error", "says"),
        [
            ("rule = [", UnusableSettings, "not valid TOML"),
            ('[[rule]]\nid = "own.x"\nkind = "navigation"\nline = ["a"]', UnknownName, "Did you mean 'lines'"),
            ('[[rule]]\nid = "own.x"\nkind = "menu"', UnusableSettings, "kind"),
            ('[[rule]]\nid = "own.x"\nkind = "ad"\npatterns = ["a(?=b)"]', UnusableSettings, "look-around"),
            ('[[rule]]\nid = "own.x"\nkind = "ad"\npatterns = ["(a"]', UnusableSettings, "cannot be used"),
            ('[[rule]]\nid = "own.x"\nkind = "ad"\npatterns = ["a*"]', UnusableSettings, "every paragraph"),
            ('[[rule]]\nid = "own.x"\nkind = "ad"\npatterns = ["{nam}e"]', UnknownName, "fragment"),
        ],
    )
    def test_what_cannot_work_is_refused(self, tmp_path: Path, text: str, error: type[Exception], says: str):
        with pytest.raises(error, match=re.escape(says)):
            self.rules(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Ada Berg/Harbour Courier Ada Berg/Harbour Courier", "credit.doubled"),
        ("Jörg Weiß/Küstenblatt Jörg Weiß/Küstenblatt", "credit.doubled"),
        ("Ada Berg/Harbour Courier Jon Berg/Harbour Courier", None),
        ("and/or and/or not", None),
        ("over and over", None),
    ],
)
def test_a_credit_that_stands_twice_in_a_line(text, rule):
    frame = pl.DataFrame({"text": [text], "n_words": [len(text.split())], "position": [3]})
    assert find(frame)["rule"].to_list() == [rule]


class TestStrangers:
    """An author's note names somebody of whom the article knows nothing."""

    NOTE = "Marta Oyelaran is a maritime lawyer and an adjunct professor at Eastmere Law School."

    def test_an_author_at_the_head_and_at_the_tail(self):
        assert rules_of(self.NOTE, *BODY)[0] == "bio.stranger"
        assert rules_of(*BODY, self.NOTE)[-1] == "bio.stranger"

    def test_whom_the_article_is_about(self):
        assert rules_of(self.NOTE, *BODY, "When the board was done, Oyelaran’s phone rang.")[0] is None

    def test_in_the_midst_of_an_article(self):
        assert rules_of(*BODY, self.NOTE, *BODY)[len(BODY)] is None

    def test_a_text_too_short_to_tell(self):
        assert rules_of(self.NOTE, BODY[0]) == [None, None]
