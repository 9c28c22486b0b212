"""The result as text: people, programs, test reports and pull requests each get what they can read."""

import json
import re
from xml.etree import ElementTree

import junitparser
import polars as pl
import pytest
from gate_cases import documents, judged, rule
from great_expectations.core.expectation_validation_result import ExpectationSuiteValidationResultSchema
from markdown_it import MarkdownIt

from corpusqa.gating.formats import ANNOTATIONS, FORMATS
from corpusqa.gating.summary import LIMIT
from corpusqa.gating.wording import verdict_line

FRAME = documents(n=[1, 2, 3, 4000], r=[0.1, 0.2, 0.3, 0.9], duplicate_of=[None, None, None, "d0"])
FAILS = rule(column="n", max_value=3, mostly=0.9, name="length", notes="Texts are short: 100% of them, by\nrule. Ours.")
WARNS = rule("expect_column_mean_to_be_between", column="r", max_value=0.2, severity="warning", name="mean")
NOTES = rule(column="r", max_value=0.8, severity="info", name="a,b:c")
PASSES = rule(column="n", min_value=0, name="any")
LENIENT = rule(column="n", max_value=3, mostly=0.5, name="lenient", notes="Most texts are short. Ours.")
RESULT = judged(FRAME, PASSES, NOTES, LENIENT, FAILS, WARNS)
GOOD = judged(FRAME, PASSES)
EMPTY = judged(documents(r=[None, None]), rule(column="r", max_value=1, name="r"))
HOSTILE = judged(
    FRAME.with_columns(doc_id=FRAME["doc_id"] + "](https://e.example)<b>`|\n# $x$ @all \u202e www.e.example"),
    rule(
        column="n", max_value=3, name='a\n::error::b%|<img src=x>"]]>&\x1b', notes="[c](http://e.example)\u2028. Ours."
    ),
)
MANY = judged(FRAME, *[rule(column="n", max_value=3, name=f"r{i:04d}" * 20) for i in range(400)])
ALL = pytest.mark.parametrize("result", [RESULT, GOOD, EMPTY, HOSTILE], ids=["mixed", "good", "empty", "hostile"])


def test_human():
    assert FORMATS["human"]([RESULT], "critical").split("\n") == [
        " FAIL   length      1   Texts are short: 100% of them, by rule      75%, needs 90%",
        " WARN   mean            r, column mean to be between: at most 0.2   0.375, needs at most 0.2",
        " NOTE   a,b:c       1   r: at most 0.8                              75%, needs 100%",
        " PASS   lenient     1   Most texts are short                        75%, needs 50%",
        " DROP   duplicate   1   Copies of a document that is kept",
        "      1 gate passed without exception",
        "",
        "Nearest to a limit: accepted d2 (lenient 3, limit 3)",
        "",
        "Not ready: 1 of 5 gates failed, 1 of 4 documents rejected (25.0%).",
        "",
    ]


def test_human_names_each_suite_where_there_are_several():
    text = FORMATS["human"]([RESULT, GOOD], "critical")
    assert text.startswith("made:\n FAIL   length")
    assert text.count("made:\n") == 2


def test_human_says_what_hangs_on_one_rule_and_lets_no_name_move_the_cursor():
    frame = documents(n=[1, 2, 9]).with_columns(doc_id=pl.Series(["a", "b", "c\x1b[2J\n"]))
    text = FORMATS["human"]([judged(frame, rule(column="n", max_value=8.5, name="short"))], "critical")
    assert "Rejected by one rule alone: 1 of 1 (short 1)\n" in text
    assert "Nearest to a limit: rejected c\ufffd[2J\ufffd (short 9, limit 8.5)\n" in text


def test_human_when_all_is_well():
    text = FORMATS["human"]([judged(FRAME.drop("duplicate_of"), PASSES)], "critical")
    assert (
        text
        == "      1 gate passed without exception\n\nReady: 1 of 1 gate passed, 0 of 4 documents rejected (0.0%).\n"
    )


def test_the_verdict_heeds_what_fails_the_gate():
    warned = judged(FRAME, PASSES, WARNS)
    assert verdict_line(warned).startswith("Ready: 1 of 2 gates passed")
    assert verdict_line(warned, "warning").startswith("Not ready: 1 of 2 gates failed")


def test_a_share_is_never_rounded_up_to_what_was_not_reached():
    almost = judged(documents(n=[0] * 19999 + [9]), rule(column="n", max_value=3))
    assert "99.99%, needs 100%" in FORMATS["human"]([almost], "critical")


def test_a_rule_without_anything_to_judge_is_no_verdict():
    assert "not judged: no document has a value for r" in FORMATS["human"]([EMPTY], "critical")
    assert verdict_line(EMPTY).startswith("Not judged: r had nothing to judge")
    assert "::error" in FORMATS["github"]([EMPTY], "critical")
    assert "❌" in FORMATS["summary"]([EMPTY], "critical")
    assert ElementTree.fromstring(FORMATS["junit"]([EMPTY], "critical")).find(".//error") is not None


def test_json_is_the_validation_result_and_of_several_suites_a_list():
    assert json.loads(FORMATS["json"]([RESULT], "warning")) == RESULT.to_validation_json("warning")
    assert json.loads(FORMATS["json"]([RESULT, GOOD], "critical")) == [
        RESULT.to_validation_json(),
        GOOD.to_validation_json(),
    ]


@ALL
def test_great_expectations_own_schema_reads_the_json(result):
    written = FORMATS["json"]([result], "critical")
    assert ExpectationSuiteValidationResultSchema().load(json.loads(written))["success"] is result.passed


#: The elements and attributes of the schema that Jenkins' xUnit plugin publishes (junit-10.xsd), as far as we use them:
#: children, attributes that must be there, attributes that may.
JUNIT = {
    "testsuites": ({"testsuite"}, set(), {"name", "tests", "failures", "errors", "time"}),
    "testsuite": ({"testcase"}, {"name", "tests", "failures", "errors"}, {"skipped", "time", "timestamp", "hostname"}),
    "testcase": ({"failure", "error", "skipped", "system-out", "system-err"}, {"name"}, {"classname", "time"}),
    "failure": (set(), set(), {"type", "message"}),
    "error": (set(), set(), {"type", "message"}),
    "system-out": (set(), set(), set()),
}


class TestJunit:
    @ALL
    def test_its_schema_allows_it(self, result):
        root = ElementTree.fromstring(FORMATS["junit"]([result, GOOD], "warning"))
        assert root.tag == "testsuites"
        for element in root.iter():
            children, required, optional = JUNIT[element.tag]
            assert {child.tag for child in element} <= children
            assert required <= set(element.keys()) <= required | optional

    @ALL
    def test_a_parser_counts_what_the_suite_declares(self, result):
        parsed = junitparser.JUnitXml.fromstring(FORMATS["junit"]([result, GOOD], "warning").encode())
        declared = [(own.tests, own.failures, own.errors, own.skipped) for own in parsed]
        for own in parsed:
            own.update_statistics()
        assert declared == [(own.tests, own.failures, own.errors, own.skipped) for own in parsed]

    def test_a_suite_a_corpus_a_case_a_rule(self):
        (found,) = ElementTree.fromstring(FORMATS["junit"]([RESULT], "critical"))
        assert found.attrib == {"name": "corpus", "tests": "5", "failures": "1", "errors": "0", "skipped": "0"}
        assert [case.get("name") for case in found] == ["any", "a,b:c", "lenient", "length", "mean"]
        assert {case.get("classname") for case in found} == {"corpusqa.made"}
        failure = found[3].find("failure")
        assert "75%, needs 90%, 1 document fails" in failure.get("message")
        assert failure.get("type") == "expect_column_values_to_be_between"
        assert found[4].find("failure") is None
        assert found[4].find("system-out").text.startswith("WARN")

    def test_warnings_are_failures_when_asked(self):
        (found,) = ElementTree.fromstring(FORMATS["junit"]([RESULT], "warning"))
        assert (found.get("failures"), len(found.findall("testcase/failure"))) == ("2", 2)

    def test_characters_that_xml_does_not_have(self):
        hostile = judged(FRAME, rule(column="n", max_value=3, name='a\x00\x1b<&>"]]>', notes="\ufffe\x0b. Ours."))
        (found,) = ElementTree.fromstring(FORMATS["junit"]([hostile], "critical"))
        assert found[0].get("name") == 'a\ufffd\ufffd<&>"]]>'


def annotations(text):
    """Each line as GitHub's runner reads it (ActionCommand.TryParseV2): the command, its title, its message."""
    found = []
    for line in text.splitlines():
        command, title, message = re.fullmatch(r"::(\w+) title=((?:(?!::)[^,])*)::(.*)", line).groups()
        found.append((command, _unescaped(title), _unescaped(message)))
    return found


def _unescaped(value):
    codes = {"%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ",", "%25": "%"}
    return re.sub("|".join(codes), lambda code: codes[code[0]], value)


class TestGithub:
    @ALL
    def test_the_runner_reads_back_what_was_said(self, result):
        found = annotations(FORMATS["github"]([result], "critical"))
        assert {command for command, _, _ in found} <= {"error", "warning", "notice"}
        unmet = [one.rule_id for one in result.rules if not one.success]
        assert {title for _, title, _ in found} == ({f"made: {name}" for name in unmet} or {"made"})

    def test_nothing_in_a_name_ends_the_annotation(self):
        hostile = judged(FRAME, rule(column="n", max_value=3, name="a\n::error::b%"))
        assert FORMATS["github"]([hostile], "critical").startswith("::error title=made%3A a%0A%3A%3Aerror%3A%3Ab%25::")

    def test_one_annotation_a_rule_worst_first(self):
        assert FORMATS["github"]([RESULT], "critical").splitlines() == [
            "::error title=made%3A length::Texts are short: 100%25 of them, by rule: "
            "75%25, needs 90%25, 1 document fails",
            "::warning title=made%3A mean::r, column mean to be between: at most 0.2: 0.375, needs at most 0.2",
            "::notice title=made%3A a%2Cb%3Ac::r: at most 0.8: 75%25, needs 100%25, 1 document fails",
        ]

    def test_ten_at_most_and_the_rest_summed_up(self):
        many = judged(FRAME, *[rule(column="n", max_value=3, name=f"r{i:02d}") for i in range(25)])
        lines = FORMATS["github"]([many], "critical").splitlines()
        assert len(lines) == ANNOTATIONS
        assert lines[-1] == "::error title=corpusqa::16 more gates did not pass: see the log."

    def test_a_pass_is_said(self):
        (line,) = FORMATS["github"]([GOOD], "critical").splitlines()
        assert line.startswith("::notice title=made::Ready: 1 of 1 gate passed")


def rendered(text):
    """The tokens of Markdown with GitHub's tables."""
    return MarkdownIt("commonmark", {"html": True}).enable("table").parse(text)


def cells(text):
    """The rows of its tables, a list of plain texts each."""
    rows, plain = [], ""
    for token in rendered(text):
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            plain = "".join(child.content for child in token.children)
        elif token.type in ("td_close", "th_close"):
            rows[-1].append(plain)
            plain = ""
    return rows


class TestSummary:
    def test_a_table_with_a_row_for_each_rule_that_is_broken(self):
        head, *rows = cells(FORMATS["summary"]([RESULT], "critical"))
        assert head == ["", "rule", "asks", "found", "documents", "the first of them"]
        assert rows[0] == ["❌ FAIL", "length", "Texts are short: 100% of them, by rule", "75%, needs 90%", "1", "d3"]
        assert [row[1] for row in rows] == ["length", "mean", "a,b:c", "lenient"]
        assert rows[1][4:] == ["", ""]

    @ALL
    def test_it_shows_text_and_does_nothing(self, result):
        text = FORMATS["summary"]([result, GOOD], "critical")
        kinds = {child.type for token in rendered(text) for child in token.children or ()}
        assert kinds <= {"text", "text_special"}
        assert {token.type for token in rendered(text)}.isdisjoint({"html_block", "code_block", "fence", "hr"})
        assert not re.search(r"https?://|www\.|(?<!\\)[$]", text)

    def test_every_result_has_its_verdict_and_the_whole_fits(self):
        text = FORMATS["summary"]([MANY, HOSTILE, MANY], "critical")
        assert len(text.encode()) <= LIMIT
        assert text.count("### ") == 3
        assert len(text.encode()) > LIMIT * 0.9
        shown, left = len(cells(text)) - 3, sum(map(int, re.findall(r"\n(\d+) more rules are in the log.\n", text)))
        assert shown + left == 2 * 400 + 1

    def test_nothing_is_said_of_rules_that_all_pass(self):
        text = FORMATS["summary"]([judged(FRAME.drop("duplicate_of"), PASSES)], "critical")
        assert text == "### ✅ corpus: made\n\nReady: 1 of 1 gate passed, 0 of 4 documents rejected (0.0%).\n"


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_ends_its_last_line_and_has_no_control_characters(name):
    text = FORMATS[name]([RESULT, GOOD], "critical")
    assert text.endswith("\n")
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", text)
