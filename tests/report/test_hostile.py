"""Scraped text is hostile: whatever it holds, it is shown as text and nothing of it runs."""

from __future__ import annotations

import tomllib
from pathlib import Path
from urllib.parse import quote

import pytest
from made_runs import Doc, Para, rule, run

from corpusqa.report import page as pages
from corpusqa.report.page import Around

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "hostile.toml").read_text(encoding="utf-8"))["case"]
SCRIPT = "</script><script>window.pwned = 1</script>"
IMAGE = '<img src="x" onerror="window.pwned = 1">'
COMMENT = "<!--<script>"
BREAK_OUT = '"><svg onload="window.pwned = 1">'
TEMPLATE = "{{ 7 * 7 }}{% raw %}"
BIDI = "Report by \u202eelttil\u202c and \u2066mirror\u2069"
CONTROLS = "bell \x07 escape \x1b[31m nul-free, zero\u200bwidth, soft\u00adhyphen \ufeff"
EVIL = f"id {IMAGE}'\u202e"
BOTH_WAYS = "العنوان الرئيسي للخبر اليوم 🧜‍♀️ und עוד כותרת אחת"
ALL = (SCRIPT, IMAGE, COMMENT, BREAK_OUT, TEMPLATE, BIDI, CONTROLS, BOTH_WAYS)


def hostile():
    """A corpus in which every field that comes from outside is an attack."""
    group = {"group": "gdeadbeefdead", "text": SCRIPT + IMAGE, "template": f"⟨…⟩{BREAK_OUT}", "documents": 2}
    recurring = Para(SCRIPT + IMAGE, "boilerplate", "prompt", "recurs", group["group"], score=0.9)
    paragraphs = (
        *(Para(text) for text in ALL),
        recurring,
        Para(IMAGE, "repeated", rule="repeat.exact", repeats=1, score=1.0),
        Para(f"A sentence {SCRIPT} with it inside", spans=((SCRIPT, "residue", BREAK_OUT),)),
    )
    evil = Doc(EVIL, f"site{BREAK_OUT}", paragraphs, url="javascript:window.pwned=1", date=SCRIPT)
    copy = {"cluster": "cdeadbeefdead", "similarity": 0.9}
    docs = [
        Doc(evil.doc_id, evil.site, evil.paragraphs, cluster="cdeadbeefdead", url=evil.url, date=evil.date),
        Doc(
            f"copy{SCRIPT}",
            BIDI,
            (*paragraphs[:4], Para(TEMPLATE + IMAGE), recurring),
            duplicate_of=evil.doc_id,
            **copy,
        ),
        Doc("one line", None, (Para("x" * 1_000_000),)),
        Doc("many paragraphs", None, tuple(Para(f"Line {i} <b>") for i in range(10_000))),
        Doc("javascript:window.pwned=1", "javascript:window.pwned=1", (Para(IMAGE),)),
    ]
    rules = [rule("length", "n_words", "critical", "Documents have a usable length", min_value=3)]
    return run(docs, rules, [group], source=f"in{IMAGE}.jsonl")


def injected(page) -> list[str]:
    """Nodes that the page itself never makes, and addresses that lead out of it."""
    return page.run(
        """
        const never = 'img, iframe, object, embed, form, base, [onerror], [onload]';
        const out = [...document.links].map((one) => one.getAttribute('href')).filter((to) => !to.startsWith('#'));
        const nodes = [...document.querySelectorAll(never)].map((one) => one.outerHTML);
        return [...nodes, ...out, ...(window.pwned ? ['ran'] : []), ...(document.scripts.length > 2 ? ['more'] : [])];
        """
    )


def test_nothing_is_injected_and_nothing_runs(show):
    page = show(hostile().report())
    assert injected(page) == []
    page.click("#copies summary")
    for row in range(5):
        page.run("location.hash = 'documents'")
        page.wait(lambda: page.one("#report").is_displayed())
        page.run("document.querySelectorAll('#d-table .theirs')[arguments[0]].click()", row)
        page.wait(lambda: page.one("#article").is_displayed())
        page.key("n", "c", "c")
        assert injected(page) == []
    assert page.requests() == []
    assert page.complaints() == []


def test_the_text_is_all_there_and_what_is_unseen_is_spelled(show):
    page = show(hostile().report(), f"#doc={quote(EVIL, safe='')}")
    assert page.text("#p1 .tx") == SCRIPT
    assert page.text("#p2 .tx").endswith(IMAGE)
    assert page.text("#p6 .tx") == "Report by ⟨U+202E⟩elttil⟨U+202C⟩ and ⟨U+2066⟩mirror⟨U+2069⟩"
    assert len(page.all("#p6 .esc")) == 4
    assert "⟨U+0007⟩" in page.text("#p7 .tx")
    assert page.text("#p8 .tx") == BOTH_WAYS
    assert page.run("return getComputedStyle(document.querySelector('#p8 .tx')).direction") == "rtl"
    assert "javascript:window.pwned=1" in page.text("#a-origin")
    assert not page.all("#a-origin a")


def test_a_huge_line_and_ten_thousand_paragraphs_keep_the_layout(show):
    page = show(hostile().report())
    for width in (390, 1400):
        page.size(width)
        page.open("#doc=one%20line")
        assert page.run("return document.documentElement.scrollWidth") <= width
        assert page.text("#p1 .tx").endswith("995,000 more characters not shown")
        page.open("#doc=many%20paragraphs")
        page.key("n", "c")
        assert len(page.all("#a-text > li")) == 10_000
        assert page.run("return document.documentElement.scrollWidth") <= width


def each_in_a_document():
    """Every case as a document of its own: as text, as furniture, as a repeat, inside a sentence, as title and site."""
    groups, docs = [], []
    for i, case in enumerate(CASES):
        text = case["text"]
        groups.append({"group": f"g{i:012x}", "text": text, "template": f"{text}⟨…⟩", "documents": 2})
        paragraphs = (
            Para(text),
            Para(text, "boilerplate", "prompt", "recurs", groups[-1]["group"], score=0.9),
            Para(text, "repeated", rule="repeat.exact", repeats=0, score=1.0),
            Para(f"A sentence {text} with it inside", spans=((text, "residue", text),)),
        )
        docs.append(Doc(f"case-{i}", text, paragraphs, url=text, date=text))
    rules = [rule("length", "n_words", "critical", "Documents have a usable length", min_value=3)]
    return run(docs, rules, groups).report()


@pytest.fixture(scope="module")
def all_cases():
    """The report of all of them."""
    return each_in_a_document()


@pytest.mark.parametrize("i", range(len(CASES)), ids=[case["label"] for case in CASES])
def test_each_sort_is_shown_as_text(show, all_cases, i):
    """In its own page of the report: seen as it is or spelled out, nothing of it runs, and nothing is out of place."""
    seen = CASES[i].get("seen", CASES[i]["text"])
    page = show(all_cases, f"#doc=case-{i}")
    assert page.text("#p1 .tx").endswith(seen)
    assert page.text("#p2 .tx").endswith(seen)
    assert page.text("#p4 mark") == seen
    assert seen.split()[0] in page.text("#a-title")
    direction = page.run("return getComputedStyle(document.querySelector('#p4 .tx')).direction")
    assert direction == "ltr"  # the sentence around it is English, whatever stands inside
    assert page.run("return getComputedStyle(document.querySelector('#a-title')).direction") == CASES[i].get(
        "direction", "ltr"
    )
    for width in (390, 1400):
        page.size(width)
        assert page.run("return document.documentElement.scrollWidth") <= width
        assert page.run(
            """
            const items = [...document.querySelectorAll('#a-text > li')].map((one) => one.getBoundingClientRect());
            return items.every((one, i) => one.height > 10 && (!i || one.top >= items[i - 1].bottom - 1));
            """
        )
    assert injected(page) == []
    assert page.complaints() == []


def test_the_report_of_all_sorts_keeps_its_layout(show, all_cases):
    page = show(all_cases)
    for width in (390, 820, 1400):
        page.size(width)
        assert page.run("return document.documentElement.scrollWidth") <= width
    assert injected(page) == []
    assert page.complaints() == []


@pytest.mark.parametrize("i", range(len(CASES)), ids=[case["label"] for case in CASES])
def test_a_page_of_its_own_holds_no_node_of_it(all_cases, i):
    """Filled in by the template: every angle bracket of the text is escaped, and only our own elements are there."""
    own = next(own for own in all_cases.articles if own.document.key == f"case-{i}")
    html = pages.render_article(own, Around("cases", "RUN", "../report.html"))
    body = html[html.index("<body>") : html.rindex("<script>")]
    assert not any(f"<{tag}" in body for tag in ("script", "img", "iframe", "style", "base", "!--"))
    assert 'onload="' not in body.replace("&#34;", "")


def test_an_id_that_is_an_address_is_only_an_id(show):
    page = show(hostile().report(), "#doc=javascript%3Awindow.pwned%3D1")
    assert page.text("#a-command" if page.one("#a-missing").is_displayed() else "#a-title")
    assert injected(page) == []
