"""The page as bytes: its size, its policy, what travels in it."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import random
import re
import string
from dataclasses import replace

from harbour import harbour
from made_runs import Doc, Para, rule, run

from corpusqa.report import page, payloads

LENGTH = rule("length", "n_words", "critical", "Documents have a usable length", min_value=3)


def test_the_same_run_gives_the_same_bytes():
    assert page.render(harbour().report()) == page.render(harbour().report())


def test_only_the_run_details_depend_on_how_the_run_went():
    made = harbour()
    before = made.report()
    made.manifest["stages"][0]["seconds"] = 99.0
    made.manifest["peak_memory"] = 1
    after = made.report()
    assert before != after
    assert replace(before, details=()) == replace(after, details=())


def test_the_policy_allows_this_script_and_nothing_else():
    html = page.render(harbour().report())
    script = re.search(r"<script>(.*?)</script>\n</body>", html, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script[1].encode()).digest()).decode()
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)[1]
    assert policy == (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    assert html.index('<meta charset="utf-8">') < 200


def test_the_page_is_one_file_that_names_no_other():
    html = page.render(harbour().report())
    outside = re.sub(r"<script.*?</script>", "", html, flags=re.DOTALL)
    assert set(re.findall(r"""(?:src|href)="(.)""", outside)) == {"#"}
    assert "http" not in outside.replace("http-equiv", "")


def test_payloads_are_plain_while_small_and_packed_the_same_when_large():
    small, large = payloads.payload(["</script>"]), payloads.payload(["words " * 20_000])
    assert small == 'type="application/json">["\\u003c/script>"]'
    kind, packed = large.split(">")
    assert kind == 'type="application/gzip"'
    assert json.loads(gzip.decompress(base64.b64decode(packed))) == ["words " * 20_000]
    assert large == payloads.payload(["words " * 20_000])


def test_a_large_corpus_stays_within_two_megabytes(tmp_path):
    chance = random.Random(7)

    def noise(n: int) -> str:
        return " ".join("".join(chance.choices(string.ascii_letters, k=7)) for _ in range(n))

    docs = [Doc(noise(12), f"{i % 900}.example", (Para(noise(300 if i < 400 else 8)),)) for i in range(7_000)]
    report = run(docs, [LENGTH]).report(texts_limit=1_000)
    assert len(report.listing.shown) == 5_000
    size = page.write(report, tmp_path / "report.html")
    assert size == (tmp_path / "report.html").stat().st_size
    assert 1_500_000 < size <= page.PAGE_BYTES
    assert [file.name for file in tmp_path.iterdir()] == ["report.html"]
    fitted = page.fitted(report)
    assert fitted.listing.shown == report.listing.shown[: len(fitted.listing.shown)]
    assert fitted.verdict == report.verdict


def test_who_asks_for_more_gets_it(tmp_path):
    docs = [Doc(f"d{i}", None, (Para("lorem ipsum dolor"),)) for i in range(300)]
    report = run(docs, [LENGTH]).report(texts_limit=300)
    page.write(report, tmp_path / "all.html", limit=None)
    assert "of them are in this page in full" in (tmp_path / "all.html").read_text(encoding="utf-8")
    assert "300 of them" in (tmp_path / "all.html").read_text(encoding="utf-8")
