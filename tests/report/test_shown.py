"""Nothing that is shown is invisible."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusqa.report.shown import label, visible


@settings(deadline=None, max_examples=60)
@given(st.text(st.characters(exclude_categories=("Cs",))))
def test_no_control_or_format_character_is_left(text):
    """Save what spells: a joiner within a script that joins, and signs that Unicode calls format but that are seen."""
    joiners_and_seen = "\n\t\u200c\u200d\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2"
    left = [
        character
        for character in visible(text)
        if unicodedata.category(character) in ("Cc", "Cf")
        and character not in joiners_and_seen
        and not 0x110BD <= ord(character) <= 0x1D17A
    ]
    assert left == []


@pytest.mark.parametrize("text", ["می‌خواهم", "क्‍ष", "👩‍🚒", "naïve 東京 Ελλάδα"])
def test_spelling_stays(text):
    assert visible(text) == text


@pytest.mark.parametrize(
    "character", ["\u202e", "\u200b", "\u00ad", "\x07", "\x1b", "\u2028", "\ufeff", "\ud800", "\u2066"]
)
def test_the_unseen_is_spelled_out(character):
    assert visible(f"a{character}b") == f"a⟨U+{ord(character):04X}⟩b"


def test_a_joiner_between_plain_letters_is_spelled_out():
    assert visible("pay\u200dpal") == "pay⟨U+200D⟩pal"


@settings(deadline=None, max_examples=60)
@given(st.text(), st.integers(2, 50))
def test_a_label_is_one_line_within_its_cap(text, cap):
    shown = label(text, cap)
    assert "\n" not in shown
    assert len(shown) <= cap + 9 * cap  # an unseen character takes ten places
