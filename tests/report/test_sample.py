"""The report of a real run: what `corpusqa audit sample_data` leaves, opened as it lies there."""

from __future__ import annotations

import pytest
from opened import Page

from corpusqa.explain import explain
from corpusqa.report import writing
from corpusqa.report.survey import Survey

COUNTED = ("documents", "words", "sites", "paragraphs", "boilerplate_groups", "clusters")


@pytest.fixture
def page(driver, sample_run):
    """The report of the sample."""
    shown = Page(driver, (sample_run.path / "report.html").absolute().as_uri())
    shown.size(1400)
    shown.media()
    driver.get_log("performance")
    driver.get_log("browser")
    return shown.open()


def test_its_counts_are_those_of_run_json(page, sample_run):
    counts = sample_run.manifest["counts"]
    assert {name: page.counts()[name] for name in COUNTED} == {name: counts[name] for name in COUNTED}
    assert page.text("#d-count").endswith(f"of {counts['documents']} listed")
    assert f"{counts['rejected']} (" in page.text(".verdict p")
    assert f"and {counts['flagged']} flagged" in page.text(".verdict p")
    assert f"{counts['duplicates']} would be dropped" in page.text("#copies > p")


def test_its_verdict_is_that_of_run_json(page, sample_run):
    gate = sample_run.manifest["gate"]
    assert page.driver.title.startswith(f"{gate['verdict']}: ")
    assert len(page.all("#gates td .badge.fail")) == len(gate["failed"])
    assert len(page.all("#gates tbody tr")) == gate["rules"]


def test_every_document_opens_without_a_request(page, sample_run):
    """Every one is in the page in full, and its paragraphs are those of the run."""
    paragraphs = sample_run.paragraphs.collect().group_by("doc_id").len()
    for doc_id, n_paragraphs in paragraphs.sort("doc_id").head(12).iter_rows():
        page.run("location.hash = 'doc=' + encodeURIComponent(arguments[0])", doc_id)
        page.wait(lambda own=doc_id: own in page.text("#a-facts"))
        page.wait(lambda: page.one("#a-body").is_displayed())
        assert len(page.all("#a-text > li")) == n_paragraphs
    assert page.requests() == []
    assert page.complaints() == []


def test_the_terminal_gives_the_same_reasons(sample_run):
    """What `corpusqa show` says of a paragraph is what its page says, for every document of the sample."""
    ids = sample_run.documents.collect()["doc_id"].to_list()
    articles = writing.in_full(sample_run, Survey.of(sample_run), ids)
    told = {own.document.label: [(item.mark, item.why) for item in own.paragraphs] for _, own in articles}
    assert len(told) == len(ids)
    for doc_id in ids[::4]:
        found = explain(sample_run, doc_id)
        assert [(_mark(own), own.reason) for own in found.paragraphs] == told[doc_id]


def _mark(paragraph):
    if paragraph.kind == "residue":
        return "x"
    return {"content": "u", "boilerplate": "b", "repeated": "r"}[paragraph.label]
