"""Corpus and plan -> the good part; and everything back."""

import csv
import datetime
import decimal
import gzip
import io
import json
import math
import shutil
from itertools import pairwise

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_corpora import Plan, comma_separated, doc_id, json_lines, make_run

from corpusqa import read, segment
from corpusqa.config import Read, Settings
from corpusqa.curation import curate, restore
from corpusqa.curation.manifest import Manifest
from corpusqa.cuts import Content, Cut, cuts, restored, without
from corpusqa.errors import DiskFull, UnknownName, UnusableInput, UnusableRun
from corpusqa.texts import Texts

BODY = "The ferry was late again.\n\nShare this story\n\nNobody at the pier was surprised."
CLEAN = "The ferry was late again.\n\nNobody at the pier was surprised."


def tree(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def removed(out):
    return pl.read_parquet(out / "removed.parquet")


def counts(out):
    return json.loads((out / "curated.json").read_text())["counts"]


class Case:
    """A corpus in a folder, its run, what was curated of it, and what was put back."""

    def __init__(self, tmp_path):
        self.corpus, self.run, self.out, self.back = (tmp_path / name for name in ("in", "run", "out", "back"))
        self.corpus.mkdir(parents=True)

    def put(self, name, data):
        path = self.corpus / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return path

    def curate(self, plan=None, *, columns=None, shard_bytes=64 << 20, **options):
        run = make_run(self.run, [self.corpus], plan, Settings(read=columns or Read()), shard_bytes)
        return curate(run, self.out, **options)

    def restore(self):
        restore(self.out, self.back)
        return tree(self.back)


@pytest.fixture
def case(tmp_path):
    return Case(tmp_path)


class TestCuts:
    @pytest.mark.parametrize(
        ("text", "marked", "left"),
        [
            ("a\nX\nb", ["X"], "a\nb"),
            ("a\n\nX\n\nb", ["X"], "a\n\nb"),
            ("a\nX\n\nb", ["X"], "a\n\nb"),
            ("a\n\nX\nb", ["X"], "a\n\nb"),
            ("a\nX\n\nY\nb", ["X", "Y"], "a\n\nb"),
            ("X\n\na", ["X"], "a"),
            ("a\n\nX", ["X"], "a"),
            ("a\n\nX\n", ["X"], "a\n"),
            ("\n  X\na", ["X"], "\na"),
            ("a\n  X  \n\t\n  b  ", ["X"], "a\n\t\n  b  "),
            ("X", ["X"], ""),
            ("\n X\n\nY \n", ["X", "Y"], ""),
            ("a\u2003\n\u00a0X\nb", ["X"], "a\u2003\nb"),
            ("a", [], "a"),
        ],
    )
    def test_a_paragraph_leaves_clean_text(self, text, marked, left):
        taken = cuts(text, [Cut(text.index(mark), text.index(mark) + 1, mark) for mark in marked])
        assert without(text, taken) == left
        assert [cut.rule for cut in taken] == marked
        assert all(mark in text[cut.start : cut.end] for cut, mark in zip(taken, marked, strict=True))
        assert restored(left, [(start, text[start:end]) for start, end, _ in taken]) == text

    @pytest.mark.parametrize(
        ("text", "spans", "left"),
        [
            ("One two. AD Three.", ["AD"], "One two. Three."),
            ("One two. AD", ["AD"], "One two."),
            ("AD One two.", ["AD"], "One two."),
            ("One (AD) two.", ["AD"], "One () two."),
            ("One AD BC two.", ["AD", "BC"], "One two."),
            ("One AD BC", ["AD", "BC"], "One"),
            ("One\nAD\ntwo", ["AD"], "One\ntwo"),
        ],
    )
    def test_a_span_leaves_no_double_blank(self, text, spans, left):
        found = [Cut(text.index(span), text.index(span) + len(span), span) for span in spans]
        taken = cuts(text, [], [Content(0, len(text), found)])
        assert without(text, taken) == left

    def test_a_paragraph_of_nothing_but_spans_goes_whole(self):
        text = "a\n\nAD BC\n\nb"
        spans = [Cut(3, 5, "ad"), Cut(5, 8, "bc")]
        taken = cuts(text, [], [Content(3, 8, spans)])
        assert taken == [Cut(3, 10, "ad")]
        assert without(text, taken) == "a\n\nb"

    @settings(deadline=None)
    @given(
        st.lists(st.tuples(st.text(" ab\u00e9\u2003", max_size=6), st.booleans()), max_size=12),
        st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=4),
    )
    def test_what_is_left_and_what_is_cut_are_the_text(self, lines, stretches):
        text = "\n".join(line for line, _ in lines)
        paragraphs = segment.paragraphs(Texts.of([text])).select("start", "end").rows()
        marks = [mark for _, mark in lines]
        marked = [Cut(start, end, "x") for (start, end), mark in zip(paragraphs, marks, strict=False) if mark]
        content = [
            Content(
                start,
                end,
                [Cut(start + a, min(start + b, end), "y") for a, b in stretches if start + a < min(start + b, end)],
            )
            for (start, end), mark in zip(paragraphs, marks, strict=False)
            if not mark
        ]
        taken = cuts(text, marked, content)
        assert all(before.end <= after.start for before, after in pairwise(taken))
        assert restored(without(text, taken), [(start, text[start:end]) for start, end, _ in taken]) == text

    @settings(deadline=None)
    @given(
        st.lists(
            st.tuples(
                st.sampled_from(["Alpha", "Beta b", "Gamma"]),
                st.sampled_from(["\n", "\n\n", " \n\t\n "]),
                st.booleans(),
            ),
            max_size=9,
        )
    )
    def test_exactly_the_kept_paragraphs_are_left(self, parts):
        text = "".join(paragraph + gap for paragraph, gap, _ in parts)
        found = segment.paragraphs(Texts.of([text])).select("start", "end").rows()
        if len(found) != len(parts):  # read as wrapped text
            return
        taken = cuts(text, [Cut(*bounds, "x") for bounds, part in zip(found, parts, strict=True) if part[2]])
        kept = without(text, taken)
        assert [line.strip() for line in kept.split("\n") if line.strip()] == [part[0] for part in parts if not part[2]]
        assert kept.count("\n\n\n") == 0


class TestFormats:
    """The same two documents, one with a prompt in it and one dropped, in every format."""

    PLAN = Plan(labels={(0, 1): "prompt.share"}, failed={1: ["too_short", "too_odd"]})

    def test_text(self, case):
        case.put("site/a.txt", BODY)
        case.put("site/b.txt", "Short.")
        result = case.curate(self.PLAN)
        assert tree(case.out).keys() == {"site/a.txt", "curated.json", "removed.parquet"}
        assert (case.out / "site/a.txt").read_text() == CLEAN
        assert removed(case.out).rows() == [
            ("doc 0", "site/a.txt", 0, 27, 45, "Share this story\n\n", "prompt.share", None),
            ("doc 1", "site/b.txt", 0, None, None, None, "too_short, too_odd", b"Short."),
        ]
        assert counts(case.out) == {
            "documents": 2,
            "kept": 1,
            "unusable": 0,
            "normalised": 0,
            "cuts": {"prompt.share": 1},
            "dropped": {"too_odd": 1, "too_short": 1},
        }
        assert "1 of 2 documents" in str(result)
        assert case.restore() == {"site/a.txt": BODY.encode(), "site/b.txt": b"Short."}

    @pytest.mark.parametrize("suffix", ["", ".gz"])
    def test_json_lines(self, case, suffix):
        lines = [
            b'{"n": 1.50,  "text": ' + json.dumps(BODY).encode() + b', "big": 1e999, "x": "\\ud800"}\r\n',
            b"\n",
            b'{"text": "Short."}\n',
            b'{"text": null}\n',
            b'{"text": "A third, kept as it stands: \\u00e9", "text": "caf\xc3\xa9"}',
        ]
        data = b"".join(lines)
        case.put("a.jsonl" + suffix, gzip.compress(data) if suffix else data)
        case.curate(self.PLAN, shard_bytes=40)
        out = (case.out / ("a.jsonl" + suffix)).read_bytes()
        out = gzip.decompress(out) if suffix else out
        assert out == lines[0].replace(b"Share this story\\n\\n", b"") + lines[1] + lines[4]
        assert removed(case.out).select("doc_id", "row", "rule", "record").rows() == [
            ("doc 0", 0, "prompt.share", None),
            ("doc 1", 2, "too_short, too_odd", lines[2]),
            (None, 3, "unusable", lines[3]),
        ]
        back = case.restore()["a.jsonl" + suffix]
        assert (gzip.decompress(back) if suffix else back) == data

    def test_json(self, case):
        records = [{"text": BODY, "n": [1]}, {"text": "Short."}, {"text": "Third"}, 7]
        data = json.dumps(records, indent=2).encode() + b"\n"
        case.put("a.json", data)
        case.put("one.json", '{\n "text": "One"\n}\n')
        case.curate(self.PLAN)
        assert json.loads((case.out / "a.json").read_text()) == [{"text": CLEAN, "n": [1]}, {"text": "Third"}]
        assert case.restore() == {"a.json": data, "one.json": b'{\n "text": "One"\n}\n'}

    @pytest.mark.parametrize("ending", ["\n", "\r\n"])
    def test_csv(self, case, ending):
        rows = [
            {"id": "1", "text": BODY, "x": 'a "b"'},
            {"id": "", "text": "Short.", "x": ""},
            {"id": "\udcff", "text": "c", "x": "é"},
        ]
        data = (
            "\ufeff".encode()
            + comma_separated(rows, ";", ending)
            + b"too;many;cells;here"
            + ending.encode()
            + b'"4";"last";""'
        )
        case.put("a.csv", data)
        case.curate(self.PLAN)
        out = (case.out / "a.csv").read_bytes().decode("utf-8-sig", "surrogateescape")
        kept = list(csv.DictReader(io.StringIO(out, newline=""), delimiter=";"))
        assert [row["text"] for row in kept] == [CLEAN, "c", "last"]
        assert out.count(ending) >= 3
        records = [json.loads(record) for record in removed(case.out)["record"].drop_nulls()]
        assert records == [["", "Short.", ""], "too;many;cells;here" + ending]
        back = case.restore()["a.csv"]
        assert read_cells(back, ";") == read_cells(data, ";")

    def test_an_empty_cell_and_an_empty_string_are_two_things(self, case):
        data = b'id,text,x\n,"a\nX",""\n"",b,\n"1",c,""\n'
        case.put("a.csv", data)
        case.curate(Plan(labels={(0, 1): "p"}, failed={1: ["bad"]}))
        assert (case.out / "a.csv").read_bytes() == b'id,text,x\n,"a",""\n"1",c,""\n'
        assert case.restore() == {"a.csv": data}

    @pytest.mark.parametrize("target", ["parquet", "text"])
    def test_blank_lines_come_back_from_a_format_that_has_none(self, case, target):
        data = b'\n{"text": "One"}\n\n \t\n{"text": "Two"}\n{broken\n\n'
        case.put("a.jsonl", data)
        case.put("blank.jsonl", b"\n\n")
        case.curate(Plan(failed={1: ["bad"]}), format=target)
        assert counts(case.out)["unusable"] == 1
        assert removed(case.out)["rule"].to_list() == [
            "blank",
            "converted",
            "blank",
            "blank",
            "bad",
            "unusable",
            *["blank"] * 3,
        ]
        assert case.restore() == {"a.jsonl": data, "blank.jsonl": b"\n\n"}

    @pytest.mark.parametrize("escaped", [True, False])
    def test_json_lines_come_back_byte_for_byte(self, case, escaped):
        records = [{"text": "plain\n\nM\u00fctze"}, {"text": "\u00e9t\u00e9\n\nX"}, {"text": "plain"}]
        data = b"".join(json.dumps(record, ensure_ascii=escaped).encode() + b"\n" for record in records)
        case.put("a.jsonl", data)
        case.curate(Plan(labels={(0, 1): "p", (1, 1): "p"}))
        assert b"M" not in (case.out / "a.jsonl").read_bytes()
        assert case.restore() == {"a.jsonl": data}

    @pytest.mark.parametrize("group", [1, 2, 10])
    def test_parquet(self, case, group):
        table = pa.table(
            {
                "text": pa.array([BODY, "Short.", "Third"]).cast(pa.string_view()),
                "when": pa.array([1, None, 3], pa.timestamp("ns", "UTC")),
                "price": pa.array([None, decimal.Decimal("1.50"), decimal.Decimal("-2.25")]),
                "tags": pa.array([["a"], ["b", None], None], pa.list_(pa.dictionary(pa.int32(), pa.string()))),
                "kind": pa.array(["x", None, "y"]).dictionary_encode(),
                "deep": pa.array([{"a": [1, 2], "b": b"\xff"}, None, {"a": None, "b": None}]),
                "map": pa.array([[("k", 1.5)], [], None], pa.map_(pa.string(), pa.float64())),
            }
        ).replace_schema_metadata({"about": "made up"})
        pq.write_table(table, case.corpus / "a.parquet", row_group_size=group)
        table = pq.read_table(case.corpus / "a.parquet")
        case.curate(self.PLAN, shard_bytes=10)
        kept = pq.read_table(case.out / "a.parquet")
        assert kept.schema.equals(table.schema, check_metadata=True)
        assert kept["text"].to_pylist() == [CLEAN, "Third"]
        assert kept.drop_columns("text").to_pylist() == [table.drop_columns("text").to_pylist()[n] for n in (0, 2)]
        case.restore()
        back = pq.read_table(case.back / "a.parquet")
        assert back.schema.equals(table.schema, check_metadata=True)
        assert same(back, table)

    def test_text_in_a_dictionary_column(self, case):
        table = pa.table({"text": pa.array([BODY, "Short.", None, "c"]).dictionary_encode()})
        pq.write_table(table, case.corpus / "a.parquet")
        case.curate(self.PLAN)
        assert pq.read_table(case.out / "a.parquet")["text"].to_pylist() == [CLEAN, "c"]
        case.restore()
        assert same(pq.read_table(case.back / "a.parquet"), table)


def read_cells(data, delimiter=","):
    text = data.decode("utf-8-sig", "surrogateescape")
    return [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if row]


def same(table, other):
    """Equal values in equal types; where row groups end, and so what is in their dictionaries, is not the table's."""
    return table.combine_chunks().equals(other.combine_chunks())


class TestWhatGoes:
    PLAN = Plan(failed={0: ["bad"]}, flagged={0: ["odd"], 1: ["odd"], 3: ["odd"]}, copies={2: 4, 3: 4})

    @pytest.fixture
    def five(self, case):
        case.put("a.jsonl", json_lines({"text": f"text {n}"} for n in range(5)))
        return case

    @pytest.mark.parametrize(
        ("options", "gone"),
        [
            ({}, {0: "bad", 2: "duplicate", 3: "duplicate"}),
            ({"drop": "flag"}, {0: "bad, odd", 1: "odd", 2: "duplicate", 3: "odd, duplicate"}),
            ({"drop": "none"}, {2: "duplicate", 3: "duplicate"}),
            ({"keep_duplicates": True}, {0: "bad"}),
            ({"drop": "none", "keep_duplicates": True}, {}),
        ],
    )
    def test_by_option(self, five, options, gone):
        five.curate(self.PLAN, **options)
        assert dict(removed(five.out).select("row", "rule").rows()) == gone
        kept = (
            [json.loads(line)["text"] for line in (five.out / "a.jsonl").read_text().splitlines()]
            if len(gone) < 5
            else []
        )
        assert kept == [f"text {n}" for n in range(5) if n not in gone]
        assert five.restore()["a.jsonl"] == (five.corpus / "a.jsonl").read_bytes()

    def test_furniture_can_stay(self, case):
        case.put("a.txt", BODY)
        case.curate(TestFormats.PLAN, keep_furniture=True)
        assert (case.out / "a.txt").read_text() == BODY
        assert removed(case.out).is_empty()

    def test_spans_inside_content_go_too(self, case):
        case.put("a.txt", "First. Read more about it here. Last.\nSecond")
        case.curate(Plan(spans={(0, 0): (7, 31)}))
        assert (case.out / "a.txt").read_text() == "First. Last.\nSecond"
        assert removed(case.out).select("start", "end", "text", "rule").rows() == [
            (7, 32, "Read more about it here. ", "inside")
        ]
        assert case.restore() == tree(case.corpus)

    def test_a_document_of_nothing_but_furniture_is_empty(self, case):
        case.put("a.txt", "Share\n\nFollow\n")
        case.put("b.txt", "")
        case.curate(Plan(labels={(0, 0): "prompt", (0, 1): "prompt"}))
        assert (case.out / "a.txt").read_bytes() == (case.out / "b.txt").read_bytes() == b""
        assert case.restore() == tree(case.corpus)

    def test_a_file_of_which_nothing_is_left_is_not_written(self, case):
        case.put("a.jsonl", json_lines([{"text": "a"}]))
        case.put("b.csv", "text\nb\n")
        case.put("c.txt", "c")
        case.put("d.jsonl", "")
        case.put("e.json", "[]")
        case.put("f.csv", "id,text\n")
        pl.DataFrame({"text": ["g"]}).write_parquet(case.corpus / "g.parquet")
        pl.DataFrame({"text": []}, schema={"text": pl.String}).write_parquet(case.corpus / "h.parquet")
        case.curate(Plan(failed={n: ["bad"] for n in range(4)}))
        assert tree(case.out).keys() == {"curated.json", "removed.parquet"}
        back, corpus = case.restore(), tree(case.corpus)
        assert back.keys() == corpus.keys()
        assert {name: data for name, data in back.items() if "parquet" not in name} == {
            name: data for name, data in corpus.items() if "parquet" not in name
        }
        for name in ("g.parquet", "h.parquet"):
            assert pq.read_table(case.back / name).equals(pq.read_table(case.corpus / name))


class TestCharacters:
    TEXTS = (
        b"a\r\nX\r\nb",
        b"\xef\xbb\xbfbom\nX",
        b"nul\0\nX",
        b"bad \xff\xe2\nX\n",
        "ü\nX".encode("utf-16"),
        b"plain\nX\n",
    )

    def test_what_was_normalised_is_kept_and_restored(self, case):
        for number, data in enumerate(self.TEXTS):
            case.put(f"{number}.txt", data)
        case.curate(Plan(labels={(n, 1): "x" for n in range(len(self.TEXTS))}, failed={0: ["bad"]}))
        assert (case.out / "1.txt").read_bytes() == b"bom"
        assert (case.out / "3.txt").read_text() == "bad ��\n"
        assert counts(case.out)["normalised"] == 4
        kept = removed(case.out).filter(pl.col("rule") == "normalised")
        assert kept.select("start", "end", "text").unique().rows() == [(0, 0, "")]
        assert kept["record"].to_list() == list(self.TEXTS[1:5])
        assert case.restore() == tree(case.corpus)

    def test_in_records(self, case):
        lines = [b'{"text": "a\\r\\nX"}\n', b'{"text": "b\xff\\nX"}\n', b'{"text": "\\ud800\\nX", "o": "\xfe"}\n']
        case.put("a.jsonl", b"".join(lines))
        case.put("b.csv", b'text\n"a\r\nX"\n"\xff\nX"\n')
        broken = pa.Array.from_buffers(pa.string(), 2, pa.array([b"a\xff\nX", b"b\r\nX"]).buffers())
        pq.write_table(pa.table({"text": broken, "n": [1, 2]}), case.corpus / "c.parquet")
        case.curate(Plan(labels={(n, 1): "x" for n in range(7)}))
        out = (case.out / "a.jsonl").read_bytes().splitlines()
        assert [json.loads(line.decode("utf-8", "replace"))["text"] for line in out] == ["a", "b�", "�"]
        assert out[2].endswith(b'"o": "\xfe"}')
        assert read_cells((case.out / "b.csv").read_bytes()) == [["text"], ["a"], ["�"]]
        assert pq.read_table(case.out / "c.parquet").to_pydict() == {"text": ["a�", "b"], "n": [1, 2]}
        back = case.restore()
        assert back["a.jsonl"] == b"".join(lines)
        assert read_cells(back["b.csv"]) == read_cells((case.corpus / "b.csv").read_bytes())
        again = pq.read_table(case.back / "c.parquet")["text"].cast(pa.binary()).to_pylist()
        assert again == [b"a\xff\nX", b"b\r\nX"]


class TestDamage:
    def test_what_could_not_be_read_is_restored_as_it_is(self, case):
        png = b"\x89PNG\r\n\x1a\n\x00\x00" + bytes(range(256)) * 40
        for name in ("a.txt", "b.jsonl", "c.csv", "d.json", "e.parquet"):
            case.put(name, png)
        case.put("f.csv", b'id,"text"x\n1,2\n')
        case.put("g.txt", "good")
        case.curate()
        assert counts(case.out)["unusable"] == 6
        assert tree(case.out).keys() == {"g.txt", "curated.json", "removed.parquet"}
        assert case.restore() == tree(case.corpus)

    def test_half_a_parquet_file(self, case):
        text = [f"{n} " + "".join(chr(97 + (n * k) % 26) for k in range(500)) for n in range(300)]
        pq.write_table(
            pa.table({"text": text}),
            case.corpus / "a.parquet",
            row_group_size=50,
            compression="none",
            use_dictionary=False,
        )
        data = bytearray((case.corpus / "a.parquet").read_bytes())
        data[len(data) // 2 : len(data) // 2 + 30_000] = b"\xff" * 30_000
        (case.corpus / "a.parquet").write_bytes(data)
        case.curate(Plan(failed={3: ["bad"]}, labels={(4, 0): "x"}))
        assert 0 < counts(case.out)["documents"] < 300
        assert case.restore() == tree(case.corpus)

    def test_an_archive_cut_short_is_restored_as_it_is(self, case):
        whole = json_lines({"text": f"text {n} {n * 7919 % 1000}"} for n in range(3000))
        whole += b"no record\n" + json_lines({"text": f"text {n} {n * 7919 % 1000}"} for n in range(3000))
        case.put("a.jsonl.gz", gzip.compress(whole)[:-2000])
        case.put("b.txt.gz", gzip.compress(whole)[:-2000])
        case.put("c.csv.gz", gzip.compress(b"text\n" + whole.replace(b'"', b""))[:-2000])
        case.put("d.txt.gz", gzip.compress(b"text")[:8])
        frame = io.BytesIO()
        pl.DataFrame({"text": ["a"]}).write_parquet(frame)
        case.put("e.parquet.gz", gzip.compress(frame.getvalue())[:-20])
        case.curate(Plan(failed={3: ["bad"]}))
        kept = gzip.decompress((case.out / "a.jsonl.gz").read_bytes())
        assert len(kept) > len(whole) / 2
        assert set(kept.splitlines()) < set(whole.splitlines())
        assert case.restore() == tree(case.corpus)


class TestConverting:
    RECORDS = (
        {"id": "a", "text": BODY, "n": 1, "more": {"x": [1.5]}},
        {"id": "b", "text": "Short.", "n": None},
        {"id": "c", "text": "Third", "n": 2.5, "more": "y"},
    )

    def put(self, case):
        case.put("x/a.txt", BODY)
        case.put("x/b.txt", "Short.")
        case.put("lines.jsonl.gz", gzip.compress(json_lines(self.RECORDS)))
        case.put("table.csv", comma_separated([{"id": "a", "text": BODY}, {"id": "b\r\n", "text": "Short."}]))
        frame = pl.DataFrame({"text": [BODY, "Third"], "day": [datetime.date(2020, 1, 2), None], "f": [math.nan, 1.0]})
        frame.write_parquet(case.corpus / "frame.parquet")
        # documents in the order of sources: frame 0-1, lines 2-4, table 5-6, x 7-8
        return Plan(labels={(0, 1): "p", (2, 1): "p", (5, 1): "p", (7, 1): "p"}, failed={3: ["bad"]})

    def back(self, case):
        back, corpus = case.restore(), tree(case.corpus)
        assert back.keys() == corpus.keys()
        assert back["x/a.txt"] == corpus["x/a.txt"]
        assert gzip.decompress(back["lines.jsonl.gz"]) == gzip.decompress(corpus["lines.jsonl.gz"])
        assert read_cells(back["table.csv"]) == read_cells(corpus["table.csv"])
        assert pl.read_parquet(case.back / "frame.parquet").equals(pl.read_parquet(case.corpus / "frame.parquet"))

    def test_to_json_lines(self, case):
        case.curate(self.put(case), format="jsonl")
        found = tree(case.out)
        assert found.keys() == {
            "documents.jsonl",
            "frame.jsonl",
            "lines.jsonl.gz",
            "table.jsonl",
            "curated.json",
            "removed.parquet",
        }
        assert [json.loads(line) for line in found["documents.jsonl"].splitlines()] == [
            {"id": doc_id(7), "site": "x", "text": CLEAN},
            {"id": doc_id(8), "site": "x", "text": "Short."},
        ]
        assert [json.loads(line) for line in found["frame.jsonl"].splitlines()] == [
            {"text": CLEAN, "day": "2020-01-02", "f": None},
            {"text": "Third", "day": None, "f": 1.0},
        ]
        assert [json.loads(line)["id"] for line in found["table.jsonl"].splitlines()] == ["a", "b\r\n"]
        self.back(case)

    def test_to_parquet(self, case):
        case.curate(self.put(case), format="parquet")
        lines = pl.read_parquet(case.out / "lines.parquet")
        assert lines.to_dict(as_series=False) == {
            "id": ["a", "c"],
            "text": [CLEAN, "Third"],
            "n": [1.0, 2.5],
            "more": ['{"x": [1.5]}', '"y"'],
        }
        assert pl.read_parquet(case.out / "documents.parquet")["text"].to_list() == [CLEAN, "Short."]
        assert pl.read_parquet(case.out / "frame.parquet")["text"].to_list() == [CLEAN, "Third"]
        self.back(case)

    def test_to_text(self, case):
        case.curate(self.put(case), format="text")
        found = tree(case.out)
        assert found["x/a.txt"] == found["lines/0.txt"] == found["table/0.txt"] == CLEAN.encode()
        assert found["lines/2.txt"] == b"Third"
        assert "lines/1.txt" not in found
        self.back(case)

    def test_names_that_would_collide(self, case):
        case.put("a.csv", "text\none\n")
        case.put("a.tsv", "text\ntwo\n")
        case.put("a.jsonl", '{"text": "three"}\n')
        case.curate(format="jsonl")
        assert {"a.jsonl", "a-csv.jsonl", "a-tsv.jsonl"} <= tree(case.out).keys()
        assert case.restore() == tree(case.corpus)


class TestRefusals:
    def test_an_input_that_changed(self, case):
        path = case.put("a.txt", "one")
        run = make_run(case.run, [case.corpus])
        path.write_text("two")
        with pytest.raises(UnusableRun, match="changed"):
            curate(run, case.out)
        assert not case.out.exists()

    def test_a_place_that_is_taken(self, case, tmp_path):
        case.put("a.txt", "one")
        run = make_run(case.run, [case.corpus])
        case.out.mkdir()
        curate(run, case.out)  # empty: fine
        curate(run, case.out)  # ours: replaced
        for place in (case.corpus, case.corpus / "x", case.run, case.run / "x", tmp_path):
            with pytest.raises(UnusableInput):
                curate(run, place)
        other = tmp_path / "other"
        other.mkdir()
        (other / "mine").write_text("mine")
        with pytest.raises(UnusableInput, match="not empty"):
            curate(run, other)
        assert tree(other) == {"mine": b"mine"}
        assert tree(case.corpus) == {"a.txt": b"one"}

    def test_a_file_of_somebody_else_in_a_curated_folder_is_not_deleted(self, case):
        case.put("a.txt", "one")
        run = make_run(case.run, [case.corpus])
        curate(run, case.out)
        (case.out / "notes.md").write_text("mine")
        before = tree(case.out)
        with pytest.raises(UnusableInput, match=r"holds 'notes\.md'"):
            curate(run, case.out)
        assert tree(case.out) == before

    def test_a_curated_folder_that_lost_a_file_is_made_again(self, case):
        case.put("a.txt", "one")
        run = make_run(case.run, [case.corpus])
        curate(run, case.out)
        (case.out / "a.txt").unlink()
        curate(run, case.out)
        assert (case.out / "a.txt").read_text() == "one"

    @pytest.mark.parametrize("stops", [KeyboardInterrupt, OSError(28, "No space left on device")])
    def test_stopped_half_way_it_leaves_what_was_there(self, case, stops, monkeypatch):
        case.put("a.txt", "one")
        run = make_run(case.run, [case.corpus])
        curate(run, case.out)
        before = tree(case.out.parent)

        def stopped(*_):
            raise stops

        monkeypatch.setattr(Manifest, "write", stopped)
        with pytest.raises((KeyboardInterrupt, DiskFull)):
            curate(run, case.out, drop="none")
        with pytest.raises((KeyboardInterrupt, DiskFull)):
            curate(run, case.out.parent / "new")
        assert tree(case.out.parent) == before
        assert not (case.out.parent / "new").exists()

    def test_beside_a_file_that_was_named(self, case):
        path = case.put("a.txt", "one")
        curate(make_run(case.run, [path]), case.corpus / "out")
        assert (case.corpus / "out/a.txt").read_text() == "one"

    def test_options_that_nothing_has(self, case):
        case.put("a.txt", "one")
        run = make_run(case.run, [case.corpus])
        with pytest.raises(UnknownName, match="Did you mean 'reject'"):
            curate(run, case.out, drop="rejected")
        with pytest.raises(UnknownName):
            curate(run, case.out, format="csv")

    def test_restoring_what_is_no_curated_corpus(self, case):
        case.put("a.txt", "one")
        with pytest.raises(UnusableInput, match="no curated corpus"):
            restore(case.corpus, case.back)

    def test_restoring_what_was_changed_since(self, case):
        case.put("a.txt", "one")
        case.curate()
        (case.out / "a.txt").write_text("two")
        with pytest.raises(UnusableInput, match="not as it was written"):
            restore(case.out, case.back)
        assert not case.back.exists()

    def test_names_outside_the_corpus(self, case):
        case.put("a.txt", "one")
        case.curate()
        manifest = (case.out / "curated.json").read_text()
        (case.out / "curated.json").write_text(manifest.replace('"source": "a.txt"', '"source": "../a.txt"'))
        with pytest.raises(UnusableInput, match="outside"):
            restore(case.out, case.back)

    def test_a_run_of_other_documents(self, case):
        case.put("a.txt", "one")
        run = make_run(case.run, [case.corpus])
        frame = pl.read_parquet(case.run / "documents.parquet").with_columns(row=pl.lit(3, pl.UInt64))
        frame.write_parquet(case.run / "documents.parquet")
        with pytest.raises(UnusableRun, match="Audit"):
            curate(run, case.out)


def test_the_curated_corpus_is_read_as_what_it_lists(case):
    case.put("site/a.txt", BODY)
    case.put("site/b.txt", "Short.")
    case.curate(TestFormats.PLAN)
    (case.out / "stray.txt").write_text("stray")
    assert [entry["source"] for entry in read.plan([case.out]).inputs] == ["site/a.txt"]


TEXT = st.lists(
    st.text(st.one_of(st.sampled_from("ab é\u2003\r\0"), st.characters(exclude_categories=["Cs"])), max_size=12)
    | st.sampled_from(["Share this", "Read more", "", "  ", "A line of prose that goes on."]),
    max_size=6,
).map("\n".join)
JSON_TEXT = TEXT | st.text(st.characters(), max_size=5) | st.just("\ud800 lone")
CELL = TEXT | st.just("\udcff\n")
BYTES = TEXT.map(str.encode) | st.binary(max_size=30) | TEXT.map(lambda text: text.replace("\n", "\r\n").encode())
VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | JSON_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)
RECORD = st.fixed_dictionaries({"text": JSON_TEXT}, optional={"id": VALUE, "x": VALUE})
LINE = RECORD.map(json.dumps) | st.sampled_from(["", "  ", "{", '{"text": null}', "[]", '{"body": "x", "text": "y"}'])
ROW = st.fixed_dictionaries(
    {
        "text": st.none() | TEXT,
        "when": st.none() | st.datetimes(datetime.datetime(1970, 1, 1), datetime.datetime(2100, 1, 1)),
        "day": st.none() | st.dates(),
        "deep": st.none()
        | st.fixed_dictionaries(
            {"a": st.lists(st.integers(-9, 9), max_size=3), "b": st.none() | st.binary(max_size=3)}
        ),
        "kind": st.none() | st.sampled_from(["x", "y"]),
    }
)
SCHEMA = pa.schema(
    {
        "text": pa.string(),
        "when": pa.timestamp("us"),
        "day": pa.date32(),
        "deep": pa.struct({"a": pa.list_(pa.int64()), "b": pa.binary()}),
        "kind": pa.dictionary(pa.int8(), pa.string()),
    }
)
PLANS = st.builds(
    Plan,
    labels=st.dictionaries(st.tuples(st.integers(0, 9), st.integers(0, 4)), st.sampled_from(["p.share", "p.more"])),
    spans=st.dictionaries(
        st.tuples(st.integers(0, 9), st.integers(0, 4)), st.tuples(st.integers(0, 3), st.integers(0, 9))
    ),
    failed=st.dictionaries(st.integers(0, 9), st.just(["bad"])),
    flagged=st.dictionaries(st.integers(0, 9), st.just(["odd"])),
    copies=st.dictionaries(st.integers(0, 9), st.integers(0, 9)),
)
OPTIONS = st.fixed_dictionaries(
    {},
    optional={
        "drop": st.sampled_from(["reject", "flag", "none"]),
        "keep_furniture": st.booleans(),
        "keep_duplicates": st.booleans(),
        "format": st.sampled_from(["jsonl", "parquet", "text"]),
    },
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(
    texts=st.lists(BYTES, max_size=4),
    lines=st.lists(LINE, max_size=6),
    ending=st.sampled_from(["\n", "\r\n"]),
    final=st.booleans(),
    values=st.lists(RECORD, max_size=4),
    cells=st.lists(st.fixed_dictionaries({"text": CELL, "id": CELL}), min_size=1, max_size=5),
    rows=st.lists(ROW, max_size=5),
    plan=PLANS,
    options=OPTIONS,
    shard_bytes=st.sampled_from([1, 50, 1 << 20]),
)
def test_curated_and_restored_is_the_corpus(
    tmp_path_factory, texts, lines, ending, final, values, cells, rows, plan, options, shard_bytes
):
    """Whatever the corpus, the plan and the options: every record comes back, in order, with its values."""
    folder = tmp_path_factory.mktemp("law")
    case = Case(folder)
    case.put("empty.txt", "")
    for number, data in enumerate(texts):
        case.put(f"texts/{number}.txt", data)
    case.put("a.jsonl", (ending.join(lines) + ending * final).encode())
    case.put("b.json", json.dumps(values, indent=1))
    case.put("c.csv", comma_separated(cells, ending=ending))
    table = pa.Table.from_pylist(rows, SCHEMA)
    pq.write_table(table, case.corpus / "d.parquet", row_group_size=2)
    case.curate(plan, shard_bytes=shard_bytes, **options)
    back, corpus = case.restore(), tree(case.corpus)
    assert back.keys() == corpus.keys()
    assert {name: back[name] for name in back if name.endswith(".txt")} == {
        name: corpus[name] for name in corpus if name.endswith(".txt")
    }
    assert parsed(back["a.jsonl"]) == parsed(corpus["a.jsonl"])
    assert json.loads(back["b.json"]) == values
    assert read_cells(back["c.csv"]) == read_cells(corpus["c.csv"])
    assert same(pq.read_table(case.back / "d.parquet"), table)
    shutil.rmtree(folder)


def parsed(data):
    """The values of JSON lines, of what is none, a blank line too, the line."""
    return [_parsed(line) for line in data.split(b"\n")]


def _parsed(line):
    try:
        return json.loads(line)
    except ValueError:
        return line.strip()
