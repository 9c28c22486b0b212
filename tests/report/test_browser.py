"""The report as a person meets it: opened from a file in a browser, clicked, filtered, read."""

from __future__ import annotations

import pytest
from harbour import harbour
from made_runs import Doc, Para, rule, run
from opened import ENTER, TAB


def titles(page) -> list[str]:
    """The documents in the list, as it stands."""
    return page.run("return [...document.querySelectorAll('#d-table tbody .theirs')].map((one) => one.textContent)")


def many(n: int = 60):
    """A corpus of n documents on two sites; every third is too short."""
    docs = [
        Doc(f"doc-{i:02d}", f"site-{i % 2}.example", (Para(" ".join(["word"] * (5 if i % 3 == 0 else 40 + i))),))
        for i in range(n)
    ]
    return run(docs, [rule("length", "n_words", "critical", "Documents have a usable length", min_value=10)])


class TestOpening:
    def test_it_asks_for_nothing_and_complains_of_nothing(self, show):
        page = show(harbour().report())
        page.open("#doc=harbour-1")
        assert page.requests() == []
        assert page.complaints() == []

    def test_the_verdict_is_in_the_title_and_above_the_fold(self, show):
        page = show(harbour().report())
        assert page.driver.title == "FAIL: all.jsonl · corpusqa"
        assert page.one(".causes").rect["y"] + page.one(".causes").rect["height"] < 300

    def test_the_counts_are_those_of_the_run(self, show):
        made = harbour()
        page = show(made.report())
        assert page.counts().items() <= {**made.manifest["counts"], "dropped": 7, "trimmed": 2}.items()
        assert page.text("#d-count") == "1–9 of 9 listed"

    @pytest.mark.parametrize("width", [390, 820, 1120, 1400])
    @pytest.mark.parametrize("address", ["", "#doc=harbour-1"])
    def test_nothing_is_wider_than_the_window(self, show, width, address):
        page = show(harbour().report())
        page.size(width)
        page.open(address)
        assert page.run("return document.documentElement.scrollWidth") <= width

    def test_without_script_all_but_the_documents_is_there(self, show):
        page = show(harbour().report())
        page.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
        try:
            page.driver.get("about:blank")
            page.driver.get(page.url)
            assert "corpusqa show RUN ID" in page.one("noscript").text
            assert page.one("#repeats table").is_displayed()
            assert not page.one("#d-table").is_displayed()
        finally:
            page.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})

    def test_print_leaves_out_what_one_cannot_press(self, show):
        page = show(harbour().report())
        page.media(medium="print")
        assert not page.one(".side").is_displayed()
        assert not page.one("#documents .tools").is_displayed()
        assert page.one("#gates table").is_displayed()
        assert page.one("#d-table th button").is_displayed()
        assert not page.one("#b-table td button").is_displayed()
        page.size(718)
        assert page.run("return document.documentElement.scrollWidth") <= 718


class TestDocuments:
    def test_a_gate_leads_to_the_documents_that_break_it(self, show):
        page = show(harbour().report())
        page.click('#gates a[href="#rule=repeats"]')
        page.wait(lambda: page.text("#d-count") == "1–2 of 2 listed")
        assert titles(page) == ["blank", "Harbour board moves the dredging to the spring"]
        assert page.run("return document.getElementById('d-rule').value") == "repeats"

    def test_filters_add_up_and_clear(self, show):
        page = show(harbour().report())
        page.choose("#d-site", "mirror.example")
        assert len(titles(page)) == 3
        page.choose("#d-verdict", "accept")
        assert len(titles(page)) == 1
        page.one("#d-text").send_keys("nothing like it")
        assert page.text("#d-table tbody") == "No listed document matches. Clear a filter to see more."
        assert page.text("#d-count") == "0 listed"
        page.click("#d-clear")
        assert len(titles(page)) == 9

    def test_find_looks_at_titles_and_ids(self, show):
        page = show(harbour().report())
        page.one("#d-text").send_keys("DREDGING")
        assert titles(page) == ["Harbour board moves the dredging to the spring"]
        page.one("#d-text").clear()
        page.one("#d-text").send_keys("storm-t")
        assert len(titles(page)) == 1

    def test_documents_without_a_site_can_be_found(self, show):
        page = show(harbour().report())
        page.choose("#d-site", "\u0000")
        assert len(titles(page)) == 2

    def test_a_site_leads_to_its_documents(self, show):
        page = show(harbour().report())
        page.click('#sites a[href="#site=mirror.example"]')
        page.wait(lambda: len(titles(page)) == 3)

    def test_columns_sort_both_ways_and_say_so(self, show):
        page = show(many().report())
        page.click("[data-sort=words]")
        assert page.one("th:has([data-sort=words])").get_attribute("aria-sort") == "descending"
        assert titles(page)[0].startswith("word word")
        assert page.text("#d-table tbody tr:first-child td:last-child") == "99"
        page.click("[data-sort=words]")
        assert page.one("th:has([data-sort=words])").get_attribute("aria-sort") == "ascending"
        assert page.text("#d-table tbody tr:first-child td:last-child") == "5"
        assert len(page.all("th[aria-sort]")) == 1

    def test_pages_turn(self, show):
        page = show(many().report())
        assert page.text("#d-count") == "1–25 of 60 listed"
        assert not page.one("#d-back").is_enabled()
        page.click("#d-on")
        page.click("#d-on")
        assert page.text("#d-count") == "51–60 of 60 listed"
        assert not page.one("#d-on").is_enabled()
        page.click("#d-back")
        assert page.text("#d-count") == "26–50 of 60 listed"

    def test_the_catalogue_filters_by_kind_and_text(self, show):
        page = show(harbour().report())
        assert page.text("#b-count") == "3 of 3 shown"
        page.choose("#b-kind", "prompt")
        assert page.text("#b-count") == "1 of 1 shown"
        page.one("#b-text").send_keys("civil")
        assert page.text("#b-count") == "0 of 0 shown"

    def test_the_lines_for_the_settings_can_be_copied(self, show):
        page = show(harbour().report())
        page.run("window.copied = []; navigator.clipboard.writeText = async (text) => { copied.push(text) }")
        for name in ("approves", "ignores"):
            page.click(f'#b-table button[aria-label$="{name} g2222222222bb"]')
        page.wait(lambda: page.run("return copied.length") == 2)
        assert page.run("return copied") == [
            '{text = "Read more from ⟨…⟩", kind = "related"},',
            '"Read more from ⟨…⟩",',
        ]
        assert page.text('#b-table button[aria-label$="approves g2222222222bb"]') == "Copied"
        page.wait(lambda: page.text('#b-table button[aria-label$="approves g2222222222bb"]') == "approve")


class TestArticle:
    def test_it_opens_with_every_mark_and_its_reason(self, show):
        page = show(harbour().report())
        page.click('#repeats a[href="#doc=harbour-1"]')
        page.wait(lambda: page.one("#article").is_displayed())
        assert not page.one("#report").is_displayed()
        assert page.run("return document.activeElement.id") == "a-title"
        assert page.text("#a-title") == "Harbour board moves the dredging to the spring"
        assert page.driver.title == "Harbour board moves the dredging to the spring · corpusqa"
        assert len(page.all("#a-text > li")) == 14
        assert page.text("#p6 .why") == "Repeats ¶3 word for wordrepeat.exact"
        assert page.text("#p2 .why").startswith("Residue: known by its wording")
        assert page.text("#p11 .why").startswith("Prompt: recurs in 5 documents on 2 sites")
        assert page.one("#p11 .why a").get_attribute("href").endswith("#g0a1b2c3d4e5f")
        assert page.text("#p3 .why") == "Kept copy of ¶6"
        assert page.text("#a-fate") == "Would be dropped: it breaks repeats"

    def test_marks_are_walked_in_both_directions(self, show):
        page = show(harbour().report(), "#doc=harbour-1")
        assert page.text("#a-count") == "9 marks"
        page.key("n")
        assert page.text("#a-count") == "Mark 1 of 9"
        assert page.run("return document.activeElement.id") == "p2"
        page.key("n", "n", "p")
        assert page.text("#a-count") == "Mark 2 of 9"
        page.key("p", "p")
        assert page.text("#a-count") == "Mark 9 of 9"
        page.click("#a-on")
        assert page.one("li.at").get_attribute("id") == "p2"

    def test_kept_text_is_what_curating_leaves(self, show):
        page = show(harbour().report(), "#doc=harbour-1")
        page.key("c")
        shown = [one.get_attribute("id") for one in page.all("#a-text > li") if one.is_displayed()]
        assert shown == ["p1", "p3", "p4", "p5", "p8"]
        assert not page.one("#a-on").is_enabled()
        page.key("c")
        assert page.one("#p6").is_displayed()

    def test_furniture_inside_a_paragraph_is_marked_and_goes(self, show):
        page = show(harbour().report(), "#doc=sea-wall")
        assert page.text("#p1 mark") == "(Photo: N. Okafor)"
        assert page.text("#p1 .why") == "Kept, but for the credit inside it"
        page.click("#a-kept")
        assert page.one("#p1").text.endswith(
            "The sea wall, which  was built by hand, has stood for ninety years and needs new stone."
        )

    def test_a_finding_leads_to_its_paragraph(self, show):
        page = show(harbour().report(), "#doc=harbour-1")
        page.click('#a-findings a[aria-label^="Go to paragraph 9"]')
        assert page.one("li.at").get_attribute("id") == "p9"

    def test_a_copy_names_the_one_that_is_kept(self, show):
        page = show(harbour().report(), "#doc=storm-mirror")
        assert page.text("#a-fate").startswith(
            "Would be dropped: a copy of Storm closes the coast road, similarity 0.831"
        )
        page.click("#a-fate a[href='#c0123456789ab']")
        page.wait(lambda: page.one("#report").is_displayed())

    def test_keys_lead_up_and_to_the_search(self, show):
        page = show(harbour().report(), "#doc=harbour-1")
        page.key("u")
        page.wait(lambda: page.one("#report").is_displayed())
        assert page.driver.title == "FAIL: all.jsonl · corpusqa"
        page.key("/")
        assert page.run("return document.activeElement.id") == "d-text"
        page.key("n")
        assert page.run("return document.getElementById('d-text').value") == "n"

    def test_going_back_returns_to_the_place_and_the_link(self, show):
        page = show(harbour().report())
        page.click('#d-table a[href="#doc=quay"]')
        page.wait(lambda: page.one("#article").is_displayed())
        page.click("#a-up")
        page.wait(lambda: page.one("#report").is_displayed())
        assert page.run("return document.activeElement.getAttribute('href')") == "#doc=quay"
        assert page.run("return scrollY") > 1000

    def test_a_text_that_is_not_in_the_page_has_its_command(self, show):
        page = show(harbour().report(texts_limit=1), "#doc=fishing")
        assert page.text("#a-command") == "corpusqa show RUN fishing"
        assert not page.one("#a-body").is_displayed()
        page.open("#doc=an%20id%20of%20nobody")
        assert page.text("#a-command") == "corpusqa show RUN 'an id of nobody'"

    def test_an_empty_document_says_so(self, show):
        page = show(harbour().report(), "#doc=blank")
        assert page.text("#a-text") == "This document has no text."


class TestForEveryone:
    @pytest.mark.parametrize("width", [390, 1400])
    @pytest.mark.parametrize("theme", ["light", "dark"])
    @pytest.mark.parametrize("address", ["", "#doc=harbour-1", "#doc=storm-mirror"])
    def test_axe_finds_nothing(self, show, width, theme, address):
        page = show(harbour().report())
        page.size(width, 1000)
        page.media(theme)
        page.open(address)
        assert page.violations() == []

    def test_the_theme_button_wins_over_the_system(self, show):
        page = show(harbour().report())
        light = page.one("body").value_of_css_property("background-color")
        page.click("#theme")
        dark = page.one("body").value_of_css_property("background-color")
        assert light != dark
        assert page.text("#theme") == "Light theme"
        page.media("dark")
        page.click("#theme")
        assert page.one("body").value_of_css_property("background-color") == light

    def test_the_keyboard_alone_reaches_an_article(self, show):
        page = show(harbour().report())
        page.key(TAB)
        assert page.run("return document.activeElement.className") == "skip"
        page.key(ENTER)
        for _ in range(60):
            page.key(TAB)
            if page.run("return document.activeElement.getAttribute('href')") == "#doc=harbour-1":
                break
        outline = page.run("return getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid"
        page.key(ENTER)
        page.wait(lambda: page.one("#article").is_displayed())
