"""What the report says, as a value: from small made-up runs, without a page."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from harbour import harbour
from hypothesis import given, settings
from hypothesis import strategies as st
from made_runs import Doc, Para, rule, run

from corpusqa.report import charts, histogram, model, spread, survey, value

GOLD = Path(__file__).parent / "gold" / "harbour.json"
LENGTH = rule("length", "n_words", "critical", "Documents have a usable length", min_value=3, mostly=0.9)


def test_the_report_of_the_harbour_is_as_agreed():
    """Set CORPUSQA_REGOLD=1 to agree to what it is now, and read the difference before committing it."""
    told = value.to_json(harbour().report())
    if os.environ.get("CORPUSQA_REGOLD"):
        GOLD.parent.mkdir(exist_ok=True)
        GOLD.write_text(told, encoding="utf-8")
    assert told == GOLD.read_text(encoding="utf-8")


class TestVerdict:
    def test_a_critical_rule_fails_a_warning_warns_a_note_passes(self):
        docs = [Doc("one", None, (Para("Two words"),))]
        for severity, status in (("critical", "FAIL"), ("warning", "WARN"), ("info", "PASS")):
            verdict = run(docs, [rule("length", "n_words", severity, "Long enough", min_value=3)]).report().verdict
            assert verdict.status == status

    def test_passing_says_what_was_checked_and_what_still_goes(self):
        docs = [Doc(f"d{i}", None, (Para("one two three four"),)) for i in range(19)]
        report = run([*docs, Doc("short", None, (Para("one"),))], [LENGTH]).report()
        assert report.verdict.headline == "Passed: the one gate holds"
        assert report.verdict.status == "PASS"
        assert report.verdict.causes[0].documents == 1

    def test_an_empty_corpus_has_not_passed(self):
        report = run([], [LENGTH]).report()
        assert report.verdict.status == "FAIL"
        assert report.verdict.headline == "Not ready: there is no document to judge"
        assert report.verdict.kept is None

    def test_no_rule_is_no_pass(self):
        assert run([Doc("one", None, (Para("Some words"),))]).report().verdict.status == "FAIL"

    def test_causes_are_few_and_name_the_worst_site(self):
        docs = [Doc(f"d{i}", f"s{i % 3}", (Para("one" if i % 3 else "one two three"),)) for i in range(9)]
        rules = [rule(f"r{i}", "n_words", "critical", f"Rule {i}", min_value=3) for i in range(5)]
        causes = run(docs, rules).report().verdict.causes
        assert len(causes) == 3
        assert (causes[0].documents, causes[0].site, causes[0].site_share) == (6, "s1", 1.0)

    def test_a_rule_on_the_corpus_shows_what_was_found(self):
        made = run([Doc("one", None, (Para("Some words"),))])
        told = {"rule_id": "copies", "severity": "critical", "level": "corpus", "sentence": "Few are copies"}
        meta = {**told, "limit": "at most 0.02", "documents_failed": 0, "share_passing": None, "share_needed": None}
        config = {"type": "expect_column_mean_to_be_between", "kwargs": {"column": "n_words", "max_value": 0.02}}
        result = {"success": False, "expectation_config": config, "result": {"observed_value": 0.0882}}
        made.validation["results"].append({**result, "meta": {**meta, "reason": None}})
        report = made.report()
        assert (report.gates[0].observed, report.gates[0].passing) == ("0.088", None)
        assert (report.verdict.causes[0].observed, report.verdict.causes[0].documents) == ("0.088", None)
        assert report.distributions == ()

    def test_a_gate_says_what_hangs_on_it_alone_and_who_came_nearest(self):
        words = ("one", "one two", "one two three", "one two three four")
        docs = [Doc(f"d{i}", None, (Para(text),)) for i, text in enumerate(words)]
        rules = [
            rule("short", "n_words", "critical", "Not too short", min_value=3),
            rule("tiny", "n_words", "critical", "Not tiny", min_value=2),
            rule("long", "n_words", "warning", "Not too long", max_value=5),
        ]
        gates = {gate.rule: gate for gate in run(docs, rules).report().gates}
        assert (gates["short"].failing, gates["short"].alone) == (2, 1)
        assert (gates["tiny"].failing, gates["tiny"].alone, gates["tiny"].nearest) == (1, 0, None)
        assert gates["long"].nearest.key == "d3"

    def test_a_note_names_documents_that_bear_no_trace_of_it(self):
        docs = [Doc("one", None, (Para("Two words"),))]
        gate = run(docs, [rule("length", "n_words", "info", "Long enough", min_value=3)]).report().gates[0]
        assert (gate.status, gate.failing, [link.key for link in gate.worst]) == ("NOTE", 1, ["one"])


class TestCounting:
    def test_every_word_is_in_one_portion(self):
        report = harbour().report()
        words = next(figure.value for figure in report.glance.figures if figure.key == "words")
        assert sum(portion.words for portion in report.glance.portions) == words
        assert sum(portion.share for portion in report.glance.portions) == pytest.approx(1)

    def test_furniture_inside_paragraphs_counts_as_boilerplate_when_the_metric_knows_it(self):
        docs = [Doc("one", None, (Para("A sentence (Photo: X) goes on"),))]
        made = run(docs, [LENGTH])
        made = replace(made, documents=made.documents.with_columns(kept_n_words=pl.lit(4)))
        portions = {portion.mark: portion.words for portion in made.report().glance.portions}
        assert (portions["u"], portions["b"]) == (4, 2)

    def test_the_worst_come_first(self):
        shown = [row.document.key for row in harbour().report().listing.shown]
        assert shown[0] == "blank"
        assert shown[-1] == "fishing"
        assert {"harbour-1", "storm-mirror"} < set(shown[:7])

    def test_missing_values_are_unknown_and_not_zero(self):
        report = harbour().report()
        blank = next(row for row in report.listing.shown if row.document.key == "blank")
        assert blank.words == 0
        assert blank.repeat is None
        spread = next(one for one in report.distributions if one.column == "repeat_share")
        assert spread.missing == 1

    def test_sites_are_the_largest_first_and_null_is_one_of_them(self):
        shown = harbour().report().sites.shown
        assert [(site.site, site.documents) for site in shown] == [
            ("courier.example", 4),
            ("mirror.example", 3),
            (None, 2),
        ]

    @settings(deadline=None, max_examples=60)
    @given(
        st.lists(st.one_of(st.none(), st.floats(), st.floats(-1, 2), st.integers(0, 50).map(float)), max_size=60),
        st.one_of(st.none(), st.floats(-1, 100)),
        st.one_of(st.none(), st.floats(-1, 100)),
    )
    def test_a_distribution_counts_every_document_once(self, values, low, high):
        made = run([Doc(f"d{i}", None, (Para("word"),)) for i in range(len(values))])
        documents = made.documents.with_columns(pl.Series("x", values, pl.Float64)) if values else made.documents
        found = spread._distribution(
            survey.Survey.of(replace(made, documents=documents)), "x" if values else "n_words", low, high
        )
        assert sum(found.counts) + found.missing == len(values)
        assert sum(found.beyond) == found.outside
        assert found.kept + found.outside + found.missing == len(values)
        assert str(histogram.histogram(found)).startswith("<svg")

    @pytest.mark.parametrize("values", [[1_000_000], [125_432, 125_433], [0.5000000001, 0.5]])
    def test_values_that_six_digits_cannot_tell_apart_have_their_bars(self, values):
        made = run([Doc(f"d{i}", None, (Para("word"),)) for i in range(len(values))])
        documents = made.documents.with_columns(pl.Series("x", values))
        found = spread._distribution(survey.Survey.of(replace(made, documents=documents)), "x", None, None)
        assert len(set(found.edges)) == len(found.edges) > 1
        assert str(histogram.histogram(found)).count('class="good"') == len(set(values))

    @settings(deadline=None, max_examples=60)
    @given(
        st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=80),
        st.one_of(st.none(), st.floats(-100, 100)),
    )
    def test_a_trial_counts_what_every_limit_keeps(self, values, low):
        """The limits go from below all values to above them, the suite's own are among them, and no count is off."""
        made = run([Doc(f"d{i}", None, (Para("word " * (i + 1)),)) for i in range(len(values))])
        documents = made.documents.with_columns(pl.Series("x", values, pl.Float64))
        own = spread._distribution(survey.Survey.of(replace(made, documents=documents)), "x", low, None).trial
        assert list(own.limits) == sorted(set(own.limits))
        assert own.limits[0] <= min(values)
        assert own.limits[-1] >= max(values)
        assert low is None or low in own.limits
        for i, limit in enumerate(own.limits):
            below = [n for n, value in enumerate(values, 1) if value < limit]
            up_to = [n for n, value in enumerate(values, 1) if value <= limit]
            assert (own.below[i], own.words_below[i]) == (len(below), sum(below))
            assert (own.up_to[i], own.words_up_to[i]) == (len(up_to), sum(up_to))

    @settings(deadline=None, max_examples=60)
    @given(st.lists(st.tuples(st.sampled_from("urbx"), st.integers(1, 300)), max_size=600))
    def test_a_strip_keeps_its_words_and_its_size(self, paragraphs):
        marks, words = [mark for mark, _ in paragraphs], [n for _, n in paragraphs]
        cells = charts.cells(survey.strip(marks, words))
        assert sum(n for _, n in cells) == sum(words)
        assert len(cells) <= survey.STRIP_CELLS
        if len(paragraphs) <= survey.STRIP_CELLS:
            assert cells == paragraphs

    def test_a_very_long_passage_has_no_line_to_paste(self):
        long = "word " * 400
        group = {"group": "g0", "text": long, "documents": 2}
        docs = [Doc(f"d{i}", None, (Para(long, "boilerplate", "legal", "recurs", "g0", score=0.9),)) for i in range(2)]
        shown = run(docs, [LENGTH], [group]).report().catalogue.shown[0]
        assert (shown.approve, shown.ignore) == ("", "")


class TestChoosing:
    def test_what_is_listed_has_its_title(self):
        titles = {row.document.key: row.document.title for row in harbour().report(texts_limit=0).listing.shown}
        assert titles["harbour-1"] == "Harbour board moves the dredging to the spring"
        assert titles["blank"] == "blank"

    def test_texts_of_a_large_corpus_are_asked_for_once_and_only_where_they_are_shown(self):
        made = harbour()
        made.manifest["inputs"][0]["bytes"] = model.TITLED_BYTES + 1
        made.report(texts_limit=2)
        assert len(made.asked) == len(set(made.asked))
        ids = made.documents.collect()["doc_id"]
        asked = {ids[row] for _, row in made.asked}
        assert "storm-courier" in asked  # a comparison needs it
        assert "fishing" not in asked

    def test_fewer_rows_and_texts_when_asked(self):
        report = harbour().report(rows=3, texts_limit=2)
        assert len(report.listing.shown) == 3
        assert report.listing.documents == 9
        assert len(report.articles) == 2
        assert harbour().report(rows=0, texts_limit=0).articles == ()

    def test_a_text_that_cannot_be_had_is_left_out(self):
        made = harbour()
        report, without = made.report(), _without(made, 0)
        assert len(without.articles) == len(report.articles) - 1
        assert without.repeats.shown[0].document.title == "harbour-1"

    def test_an_id_too_long_for_an_address_is_known_by_its_rank(self):
        report = run([Doc("x" * 5000, None, (Para("Some words here"),))], [LENGTH]).report()
        assert report.listing.shown[0].document.key == "#0"
        assert len(report.listing.shown[0].document.label) <= 160


def _without(made, row):
    def texts(keys):
        return {key: made.stored[key] for key in keys if key[1] != row}

    return model.build(made, made.manifest, made.validation, texts)


class TestArticles:
    def test_a_long_paragraph_is_cut_and_says_by_how_much(self):
        report = run([Doc("one", None, (Para("x" * 12_000), Para("end")))], [LENGTH]).report()
        first = report.articles[0].paragraphs[0]
        assert (len(first.pieces[0].text), first.left_out) == (5_000, 7_000)

    def test_a_very_long_document_is_cut_and_says_by_how_much(self):
        report = run([Doc("one", None, tuple(Para("y" * 4_000) for _ in range(100)))], [LENGTH]).report()
        own = report.articles[0]
        assert len(own.paragraphs) == 50
        assert own.left_out == 50

    def test_shares_add_up_with_furniture_inside(self):
        own = next(one for one in harbour().report().articles if one.document.key == "sea-wall")
        assert {share.mark: share.words for share in own.shares} == {"u": 17, "b": 24}

    def test_runs_of_repeats_are_one_finding(self):
        own = next(one for one in harbour().report().articles if one.document.key == "harbour-1")
        assert "¶6–7 repeat ¶3–4" in [finding.text for finding in own.findings]


@pytest.mark.parametrize(
    "docs",
    [
        [],
        [Doc("blank", None, ())],
        [Doc("one", None, (Para("Some plain words"),))],
        [
            Doc(
                "one",
                "a.example",
                (Para("Some plain words"), Para("Some plain words", "repeated", repeats=0, score=1.0)),
            )
        ],
    ],
    ids=["none", "blank", "one", "repeat"],
)
def test_small_corpora_have_a_report(docs):
    from corpusqa.report import page

    report = run(docs, [LENGTH]).report()
    assert f"<title>{report.verdict.status}:" in page.render(report)
    bare = page.render(run(docs).report())
    assert "The suite holds no rule" in bare
