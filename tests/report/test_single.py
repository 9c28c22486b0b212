"""One document as a page of its own: the same as in the report, without a script too."""

from __future__ import annotations

import re

import pytest
from harbour import harbour
from opened import Page

from corpusqa.report import page as pages
from corpusqa.report.page import Around

PARTS = ("a-title", "a-facts", "a-fate", "a-strip", "a-text", "a-shares", "a-checks", "a-met", "a-findings", "a-origin")


@pytest.fixture
def alone(driver, tmp_path):
    """A function that writes one document of the harbour as a page and opens it."""

    def opened(key: str, home: str | None = None) -> Page:
        report = harbour().report()
        article = next(own for own in report.articles if own.document.key == key)
        groups = {passage.group for passage in report.catalogue.shown}
        file = tmp_path / "page.html"
        pages.place(file, pages.render_article(article, Around(report.name, "RUN", home, groups)))
        shown = Page(driver, file.as_uri())
        shown.size(1400)
        shown.media()
        driver.get_log("performance")
        driver.get_log("browser")
        return shown.open()

    return opened


def plain(page: Page, part: str) -> str:
    """What a part of the page is made of, white space aside."""
    html = page.run("return document.getElementById(arguments[0]).outerHTML", part)
    return re.sub(r"\s+", " ", re.sub(r"(?<=>)\s+|\s+(?=<)", "", html))


@pytest.mark.parametrize("key", ["harbour-1", "storm-mirror", "storm-courier", "sea-wall", "blank"])
def test_it_is_what_the_report_shows_of_it(show, alone, key):
    inside = show(harbour().report(), f"#doc={key}")
    told = {part: plain(inside, part) for part in PARTS}
    own = alone(key, "")
    assert {part: plain(own, part) for part in PARTS} == told


def test_it_asks_for_nothing_and_its_keys_work(alone):
    page = alone("harbour-1")
    assert page.requests() == []
    assert page.complaints() == []
    page.key("n", "n")
    assert page.text("#a-count") == "Mark 2 of 9"
    page.key("c")
    assert not page.one("#p6").is_displayed()
    assert not page.all('a[href*="report.html"]')


def test_without_script_the_text_and_its_marks_are_there(alone):
    page = alone("harbour-1")
    page.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        page.driver.get("about:blank")
        page.driver.get(page.url)
        assert len(page.all("#a-text > li")) == 14
        assert page.one("#p6 .why").text.startswith("Repeats ¶3 word for word")
        assert not page.one("#a-kept").is_displayed()
    finally:
        page.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


@pytest.mark.parametrize("width", [390, 1400])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(alone, width, theme):
    page = alone("harbour-1", "../report.html")
    page.size(width)
    page.media(theme)
    page.open()
    assert page.run("return document.documentElement.scrollWidth") <= width
    assert page.violations() == []


def test_beside_a_report_its_links_lead_there(alone):
    page = alone("storm-mirror", "../report.html")
    assert page.one("#a-up").get_attribute("href").endswith("/report.html#documents")
    assert page.one("#a-fate a").get_attribute("href").endswith("/report.html#doc=storm-courier")
