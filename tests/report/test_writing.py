"""What `corpusqa report` and `corpusqa show --html` leave on the disk."""

from __future__ import annotations

import json
import shutil

import pytest
from opened import Page

from corpusqa.report import writing
from corpusqa.run import Run


@pytest.fixture
def run(sample_run, tmp_path):
    """A copy of the sample's run, to write in."""
    shutil.copytree(sample_run.path, tmp_path / "run")
    return Run.of(tmp_path / "run")


def test_each_document_that_breaks_a_rule_gets_a_page(run, driver):
    writing.write_report(run, texts=0, pages=True)
    counts = run.manifest["counts"]
    names = sorted(file.name for file in (run.path / "pages").iterdir())
    assert len(names) == counts["rejected"] + counts["flagged"]
    page = Page(driver, (run.path / "report.html").absolute().as_uri())
    page.open()
    title = page.text("#d-table tbody a")
    page.click("#d-table tbody a")
    page.wait(lambda: page.one("#a-page").is_displayed())
    page.click("#a-page-link")
    page.wait(lambda: "pages/00001.html" in page.driver.current_url)
    assert page.text(".brand span") == "sample_data"
    page.click("#a-up")
    page.wait(lambda: page.driver.current_url.endswith("report.html#documents"))
    assert title in page.text("#d-table tbody")


def test_an_earlier_report_leaves_nothing_behind(run):
    writing.write_report(run, texts=0, pages=True, json=True)
    writing.write_report(run)
    assert not (run.path / "pages").exists()
    assert not (run.path / "report.json").exists()


def test_the_json_holds_what_the_page_says(run):
    writing.write_report(run, json=True)
    told = json.loads((run.path / "report.json").read_text(encoding="utf-8"))
    counts = run.manifest["counts"]
    assert told["schema"] == 1
    assert told["verdict"]["documents"] == counts["documents"]
    assert told["catalogue"]["groups"] == counts["boilerplate_groups"]
    assert [article["document"]["label"] for article in told["articles"]]


def test_one_document_is_written_as_a_page(run, tmp_path):
    doc_id = run.documents.collect()["doc_id"][0]
    writing.write_article(run, doc_id, tmp_path / "one.html")
    assert f'<bdi class="mono">{doc_id}</bdi>' in (tmp_path / "one.html").read_text(encoding="utf-8")
