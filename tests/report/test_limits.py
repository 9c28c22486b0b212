"""Limits that one can move: what another one would keep, told and drawn."""

from __future__ import annotations

import pytest
from harbour import harbour
from made_runs import Doc, Para, rule, run

TWENTY = [Doc(f"d{i:02}", None, (Para("word " * (10 * i)),)) for i in range(1, 21)]
BETWEEN = rule("length", "n_words", "critical", "Long enough", min_value=50, max_value=150)


def move(page, figure: int, side: str, value: float) -> None:
    """Set the slider to the limit nearest to this value, as a hand would."""
    page.run(
        """
        const [at, side, value, tried] = arguments;
        const input = document.querySelectorAll('#distributions figure')[at].querySelector(`input[data-side=${side}]`);
        const far = tried.map((own) => Math.abs(own - value));
        input.value = far.indexOf(Math.min(...far));
        input.dispatchEvent(new Event('input', {bubbles: true}));
        """,
        figure,
        side,
        value,
        list(page.limits),
    )


@pytest.fixture
def page(show):
    """Twenty documents of 10 to 200 words, of which 5 to 15 lie within the limits."""
    report = run(TWENTY, [BETWEEN]).report()
    shown = show(report)
    shown.limits = report.distributions[0].trial.limits
    return shown


def drawn(page) -> tuple[int, float]:
    """The bars that have red in them, and the height of all red together."""
    highs = [float(one.get_attribute("height")) for one in page.all("#distributions .bad")]
    return sum(high > 0 for high in highs), sum(highs)


def test_it_says_what_the_limits_of_the_suite_keep(page):
    assert page.text("#distributions .kept") == (
        "at least 50, at most 150: keeps 11 of 20 documents (55.0%) and 52.4% of the words"
    )
    assert not page.one("#distributions figure button").is_displayed()


def test_another_limit_tells_what_it_keeps_and_draws_it(page):
    before = drawn(page)
    move(page, 0, "max", 200)
    assert page.text("#distributions .kept") == (
        "at least 50, at most 200: keeps 16 of 20 documents (80.0%) and 95.2% of the words"
    )
    assert page.text('#distributions g[data-side="max"] text') == "max 200"
    assert drawn(page) < before
    move(page, 0, "min", 10)
    assert "keeps 20 of 20 documents (100%) and 100% of the words" in page.text("#distributions .kept")
    assert drawn(page) == (0, 0)


def test_the_limit_of_the_suite_can_be_had_again(page):
    before = drawn(page), page.text("#distributions .kept")
    move(page, 0, "max", 200)
    page.click("#distributions figure button")
    assert (drawn(page), page.text("#distributions .kept")) == before


def test_limits_that_shut_everything_out_keep_nothing(page):
    move(page, 0, "min", 200)
    move(page, 0, "max", 20)
    assert "keeps 0 of 20 documents (0%) and 0% of the words" in page.text("#distributions .kept")


def test_what_would_go_into_the_suite_can_be_copied(page):
    move(page, 0, "max", 200)
    page.run("window.copied = []; navigator.clipboard.writeText = async (text) => { copied.push(text) }")
    page.click("#distributions figure button:last-of-type")
    page.wait(lambda: page.run("return copied.length"))
    assert page.run("return copied") == ['"column": "n_words", "min_value": 50, "max_value": 200']
    assert page.text("#distributions figure button:last-of-type") == "Copied"


def test_every_slider_has_a_name_and_says_its_value(show):
    page = show(harbour().report())
    sliders = page.all("#distributions input")
    assert len(sliders) >= 2
    assert all(one.get_attribute("aria-label") and one.get_attribute("aria-valuetext") for one in sliders)


def test_a_key_moves_a_limit(page):
    page.run("document.querySelector('#distributions input').focus()")
    page.key("\ue012")  # arrow to the left
    assert not page.text("#distributions .kept").startswith("at least 50,")


def test_a_corpus_without_values_has_its_limits_too(show):
    page = show(
        run([Doc("blank", None, ())], [rule("share", "repeat_share", "critical", "Few", max_value=0.2)]).report()
    )
    assert page.text("#distributions .kept") == "at most 0.2: keeps 0 of 1 document (0%) and – of the words"
