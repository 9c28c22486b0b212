"""Scraped text is hostile: whatever it holds, it is shown as text and nothing of it runs."""

from __future__ import annotations

from urllib.parse import quote

from made_runs import Doc, Para, rule, run

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
        assert len(page.all("#a-text > li")) == 10_000
        assert page.run("return document.documentElement.scrollWidth") <= width


def test_an_id_that_is_an_address_is_only_an_id(show):
    page = show(hostile().report(), "#doc=javascript%3Awindow.pwned%3D1")
    assert page.text("#a-command" if page.one("#a-missing").is_displayed() else "#a-title")
    assert injected(page) == []
