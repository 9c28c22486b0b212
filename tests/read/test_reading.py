"""Shards -> records: every format, and every way in which input goes wrong."""

import csv
import gzip
import io
import json
import random

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusqa.config import Read
from corpusqa.errors import UnusableInput
from corpusqa.read import BATCH, READERS, REJECTS, batches, plan, reread

TEXTS = ["One paragraph.\nAnother.", "", "zwölf Boxkämpfer 🥊", 'quotes " and, commas\n\nblank lines ', "x" * 5000]


def read(path, shard_bytes=64 << 20, batch_bytes=16 << 20, **columns):
    """(frame, rejects) of a whole input."""
    found = [
        batch
        for shard in plan([path], shard_bytes=shard_bytes).shards
        for batch in batches(shard, Read(**columns), batch_bytes)
    ]
    frame = pl.concat([pl.DataFrame(schema=BATCH), *(batch.frame for batch in found)])
    return frame, pl.concat([pl.DataFrame(schema=REJECTS), *(batch.rejects for batch in found)])


def texts(path, **options):
    return read(path, **options)[0]["text"].to_list()


def reasons(path, **options):
    rejects = read(path, **options)[1]
    return dict(zip(rejects["row"], rejects["reason"], strict=True))


def zst(data):
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as packed:
        packed.write(data)
    return sink.getvalue().to_pybytes()


PACKED = {"": lambda data: data, ".gz": gzip.compress, ".zst": zst}


def as_table(records, delimiter):
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(records[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(records)
    return out.getvalue().encode()


def as_parquet(records):
    out = io.BytesIO()
    pl.DataFrame(records).write_parquet(out, row_group_size=2)
    return out.getvalue()


#: Each reader's own way of writing these records down, for the promises that all of them keep.
WRITE = {
    "jsonl": lambda records: "".join(json.dumps(record) + "\n" for record in records).encode(),
    "json": lambda records: json.dumps(records, indent=1).encode(),
    "csv": lambda records: as_table(records, ","),
    "tsv": lambda records: as_table(records, "\t"),
    "parquet": as_parquet,
}


@pytest.mark.parametrize("packed", PACKED)
@pytest.mark.parametrize("reader", sorted(set(READERS) - {"text"}))
class TestEveryReader:
    RECORDS = tuple(
        {"URL": f"https://www.site{n % 2}.org/{n}", "Content": text, "n": str(n), "date": "", "ID": f"id {n}"}
        for n, text in enumerate(TEXTS)
    )

    def write(self, folder, reader, packed):
        path = folder / f"corpus.{reader}{packed}"
        path.write_bytes(PACKED[packed](WRITE[reader](self.RECORDS)))
        return path

    def test_gives_every_record(self, tmp_path, reader, packed):
        frame, rejects = read(self.write(tmp_path, reader, packed))
        assert frame.schema == BATCH
        assert rejects.is_empty()
        assert frame["text"].to_list() == TEXTS
        assert frame["row"].to_list() == list(range(len(TEXTS)))
        assert frame["id"].to_list() == [f"id {n}" for n in range(len(TEXTS))]
        assert frame["site"].to_list() == ["site0.org", "site1.org", "site0.org", "site1.org", "site0.org"]
        assert frame["date"].null_count() == len(TEXTS)
        assert not frame["altered"].any()

    def test_does_not_depend_on_shards_and_batches(self, tmp_path, reader, packed):
        path = self.write(tmp_path, reader, packed)
        for shard_bytes, batch_bytes in ((1, 1), (200, 50), (3000, 1 << 20)):
            frame, rejects = read(path, shard_bytes, batch_bytes)
            assert frame.equals(read(path)[0])
            assert rejects.is_empty()

    def test_rereads_what_is_wanted(self, tmp_path, reader, packed):
        path = self.write(tmp_path, reader, packed)
        wanted = pl.DataFrame(
            {"source": [path.name, path.name, "other"], "row": [4, 1, 0]}, schema_overrides={"row": pl.UInt64}
        )
        frames = list(reread(plan([path], shard_bytes=100).shards, wanted, Read()))
        again = pl.concat(frames)
        assert again.columns == ["source", "row", "text"]
        assert again.rows() == [(path.name, 1, TEXTS[1]), (path.name, 4, TEXTS[4])]

    def test_rereads_no_shard_without_need(self, tmp_path, reader, packed, monkeypatch):
        path = self.write(tmp_path, reader, packed)
        shards = plan([path], shard_bytes=100).shards
        seen, own = [], READERS[reader]

        def watched(pieces, *args, **options):
            pieces = list(pieces)
            seen.extend(pieces)
            return own(pieces, *args, **options)

        monkeypatch.setitem(READERS, reader, watched)
        row = pl.DataFrame({"source": [path.name], "row": [2]}, schema_overrides={"row": pl.UInt64})
        assert pl.concat(reread(shards, row, Read()))["text"].to_list() == TEXTS[2:3]
        pieces = [piece for shard in shards for piece in shard.pieces]
        assert seen == [max((piece for piece in pieces if piece.first_row <= 2), key=lambda piece: piece.first_row)]

    def test_a_flag_wins_and_one_that_names_nothing_is_refused(self, tmp_path, reader, packed):
        path = tmp_path / f"corpus.{reader}{packed}"
        path.write_bytes(PACKED[packed](WRITE[reader](self.RECORDS * 3)))
        assert texts(path, text_column="n")[:3] == ["0", "1", "2"]
        assert read(path, id_column="url")[0]["id"][0] == "https://www.site0.org/0"
        with pytest.raises(UnusableInput, match="Did you mean 'Content'"):
            read(path, text_column="contents")

    def test_an_empty_file_has_no_records(self, tmp_path, reader, packed):
        path = tmp_path / f"empty.{reader}{packed}"
        path.write_bytes(b"")
        frame, rejects = read(path)
        assert frame.is_empty()
        assert len(rejects) == (reader == "parquet")  # which nothing is not

    def test_binary_data_is_one_reject(self, tmp_path, reader, packed):
        path = tmp_path / f"picture.{reader}{packed}"
        path.write_bytes(PACKED[packed](random.Random(1).randbytes(20_000)))
        frame, rejects = read(path, shard_bytes=1000)
        assert frame.is_empty()
        assert len(rejects) == 1


class TestText:
    @pytest.mark.parametrize(
        ("data", "text", "altered"),
        [
            (b"", "", False),
            ("zwölf".encode(), "zwölf", False),
            (b"a\r\nb\rc\n", "a\nb\nc\n", True),
            (b"a\x00b", "ab", True),
            (b"a\r\x00\nb", "a\nb", True),
            (b"a\xffb\xe2\x80", "a�b�", True),
            (b"\xef\xbb\xbfa", "a", True),
            ("a ü".encode("utf-16"), "a ü", True),
            ("a ü".encode("utf-16-be"), "\ufffd", True),
            (b"\xed\xa0\x80", "���", True),
        ],
    )
    def test_text_as_read(self, tmp_path, data, text, altered):
        path = tmp_path / "a.txt"
        path.write_bytes(b"\xfe\xff" + data if text == "\ufffd" else data)
        frame, rejects = read(path)
        assert frame.select("row", "text", "altered").rows() == [(0, "a ü" if text == "\ufffd" else text, altered)]
        assert rejects.is_empty()

    def test_many_files_are_one_batch(self, tmp_path):
        for number in range(100):
            (tmp_path / f"{number:02}.txt").write_text(f"text {number}")
        (shard,) = plan([tmp_path]).shards
        (batch,) = batches(shard, Read())
        assert batch.frame["source"].to_list() == [f"{number:02}.txt" for number in range(100)]
        assert batch.frame["text"].to_list() == [f"text {number}" for number in range(100)]

    def test_a_site_is_the_first_folder(self, tmp_path):
        (tmp_path / "in/site.org/deep").mkdir(parents=True)
        (tmp_path / "in/site.org/deep/a.txt").write_text("a")
        (tmp_path / "in/b.txt").write_text("b")
        assert read(tmp_path / "in")[0].select("source", "site").rows() == [
            ("b.txt", None),
            ("site.org/deep/a.txt", "site.org"),
        ]

    def test_binary_data_is_a_reject(self, tmp_path):
        (tmp_path / "a.txt").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 4)
        assert reasons(tmp_path) == {0: "binary data, not text"}

    @pytest.mark.parametrize("packed", [".gz", ".zst"])
    def test_of_a_file_cut_short_what_there_is(self, tmp_path, packed):
        whole = "".join(f"line {n} {random.Random(n).random()}\n" for n in range(20_000))
        data = PACKED[packed](whole.encode())
        (tmp_path / f"a.txt{packed}").write_bytes(data[: len(data) // 2])
        frame, rejects = read(tmp_path)
        (text,) = frame["text"]
        assert whole.startswith(text)
        assert len(text) > len(whole) / 4
        assert rejects["row"].to_list() == [1]
        assert "damaged or incomplete" in rejects["reason"][0]

    @pytest.mark.parametrize("packed", [".gz", ".zst"])
    def test_a_file_cut_short_before_anything_could_be_unpacked_is_called_damaged(self, tmp_path, packed):
        """A zstd file of one block gives nothing until its last byte is there."""
        (tmp_path / f"a.txt{packed}").write_bytes(PACKED[packed](b"one line of text\n" * 50)[:12])
        _, rejects = read(tmp_path)
        assert "damaged or incomplete" in rejects["reason"][0]

    def test_compression_is_told_by_content(self, tmp_path):
        (tmp_path / "a.txt.gz").write_bytes(b"not packed")
        (tmp_path / "b.txt").write_bytes(gzip.compress(b"packed"))
        (tmp_path / "c.txt").write_bytes(b"\x1f\x8b looks packed")
        assert texts(tmp_path) == ["not packed", "packed", "\x1f\ufffd looks packed"]


class TestJsonLines:
    def test_what_is_no_record_is_a_reject_and_the_next_one_is_read(self, tmp_path):
        lines = [
            '{"text": "a"}',
            "",
            '{"text": "b"',
            '{"text": null}',
            '{"text": 7}',
            '{"text": ["c"]}',
            '{"body_": "d"}',
            "[1]",
            "  ",
            '{"text": "e"}',
            '"f"',
            "[" * 100_000,
            '{"text": "g", "id": 7}',
        ]
        path = tmp_path / "a.jsonl"
        path.write_text("\n".join(lines))
        frame, rejects = read(path, shard_bytes=20, batch_bytes=30)
        assert frame.select("row", "text", "id").rows() == [(0, "a", None), (9, "e", None), (12, "g", "7")]
        assert rejects["row"].to_list() == [2, 3, 4, 5, 6, 7, 10, 11]
        assert "not valid JSON" in rejects["reason"][0]
        assert rejects["reason"].to_list()[1:4] == [
            "'text' is null, not a string",
            "'text' is a number, not a string",
            "'text' is a list, not a string",
        ]
        assert "It has: body_" in rejects["reason"][4]
        assert rejects["record"][0] == lines[2]
        assert len(rejects["record"][7]) < 1000

    def test_text_as_read(self, tmp_path):
        lines = [
            rb'{"text": "a\r\nb\u0000c"}',
            rb'{"text": "a\ud83d b"}',
            rb'{"text": "\ud83d\ude00"}',
            b'{"text": "a\xff"}',
            b'{"text": "a\tb"}',
            b'{"text": "fine", "url": "\\ud800"}',
        ]
        (tmp_path / "a.jsonl").write_bytes(b"\xef\xbb\xbf" + b"\r\n".join(lines))
        frame, rejects = read(tmp_path)
        assert rejects.is_empty()
        assert frame.select("text", "altered").rows() == [
            ("a\nbc", True),
            ("a� b", True),
            ("😀", False),
            ("a�", True),
            ("a\tb", False),
            ("fine", False),
        ]

    def test_a_flag_that_few_records_lack_is_fine(self, tmp_path):
        records = [{"text": "a"}] * 9 + [{"text": "b", "when": "2020"}] + [{"text": "c"}]
        (tmp_path / "a.jsonl").write_bytes(WRITE["jsonl"](records))
        assert read(tmp_path, date_column="when")[0]["date"].to_list() == [None] * 9 + ["2020", None]
        with pytest.raises(UnusableInput, match="Did you mean 'text'"):
            read(tmp_path, date_column="texte")

    @pytest.mark.parametrize("packed", [".gz", ".zst"])
    def test_of_a_file_cut_short_what_there_is(self, tmp_path, packed):
        records = [{"text": f"{n} {random.Random(n).random()}"} for n in range(20_000)]
        data = PACKED[packed](WRITE["jsonl"](records))
        (tmp_path / f"a.jsonl{packed}").write_bytes(data[: len(data) // 2])
        frame, rejects = read(tmp_path)
        assert 5000 < len(frame) < 20_000
        assert frame["text"].to_list() == [record["text"] for record in records[: len(frame)]]
        assert rejects["row"].to_list() == [len(frame)]
        assert "damaged or incomplete" in rejects["reason"][0]

    def test_a_line_of_100_mb(self, tmp_path):
        with (tmp_path / "a.jsonl").open("w") as file:
            file.write('{"text": "short"}\n{"text": "')
            for _ in range(100):
                file.write("word " * 200_000)
            file.write('"}\n{"text": "last"}\n')
        frame, _ = read(tmp_path)
        assert frame["text"].str.len_bytes().to_list() == [5, 100_000_000, 4]
        assert frame["row"].to_list() == [0, 1, 2]


class TestJsonFiles:
    @pytest.mark.parametrize(
        "data",
        [
            '[{"text": "a"}, {"text": "b"}]',
            '\ufeff\n[\n  {\n    "text": "a"\n  },\n  {\n    "text": "b"\n  }\n]\n',
            '{\n"text": "a"}\n{\n"text": "b"}',
            '{"text": "a"} {"text": "b"}',
        ],
    )
    def test_shapes(self, tmp_path, data):
        (tmp_path / "a.json").write_text(data)
        assert texts(tmp_path) == ["a", "b"]

    def test_longer_than_a_block(self, tmp_path, monkeypatch):
        monkeypatch.setattr("corpusqa.read.jsonfile.BLOCK", 7)
        records = [{"text": text + "é", "n": n, "x": {"y": [1.5, None, True]}} for n, text in enumerate(TEXTS * 3)]
        (tmp_path / "a.json").write_text(json.dumps([*records, 12], indent=2))
        assert texts(tmp_path) == [record["text"] for record in records]
        assert reasons(tmp_path) == {15: "a number where a JSON object should be"}

    def test_what_follows_a_malformed_value_is_one_reject(self, tmp_path):
        (tmp_path / "a.json").write_text('[{"text": "a"}, {"text": oh}, {"text": "b"}]')
        frame, rejects = read(tmp_path)
        assert frame["text"].to_list() == ["a"]
        assert rejects.select("row", "record").rows() == [(1, '{"text": oh}, {"text": "b"}]')]

    def test_an_array_cut_short(self, tmp_path):
        (tmp_path / "a.json").write_text('[{"text": "a"}, {"text": "b')
        assert texts(tmp_path) == ["a"]
        assert list(reasons(tmp_path)) == [1]


class TestDelimited:
    def test_rows_that_are_malformed_are_rejects(self, tmp_path):
        (tmp_path / "a.csv").write_bytes(
            b"id,text\r\n1,one\r\n2,two,too many\r\n3\r\n\r\n"
            b'4,"line\r\nbreak, ""quoted"""\r\n5,"a"b\r\n6,si\xffx\x00\r\n7,"open'
        )
        frame, rejects = read(tmp_path)
        assert frame.select("row", "id", "text", "altered").rows() == [
            (0, "1", "one", False),
            (3, "4", 'line\nbreak, "quoted"', True),
            (5, "6", "si�x", True),
        ]
        assert rejects["row"].to_list() == [1, 2, 4, 6]
        assert all("malformed row" in reason for reason in rejects["reason"])
        assert rejects["record"][0] == "2,two,too many"

    def test_semicolons_and_a_byte_order_mark(self, tmp_path):
        (tmp_path / "a.csv").write_text('\ufeff"id";"text"\n"1";"a, b"\n', encoding="utf-8")
        assert read(tmp_path)[0].select("id", "text").rows() == [("1", "a, b")]

    def test_no_text_column_is_an_error_that_lists_them(self, tmp_path):
        (tmp_path / "a.csv").write_text("id,headline\n1,one\n")
        with pytest.raises(UnusableInput, match=r"id, headline.*--text-column"):
            read(tmp_path)

    def test_of_a_file_cut_short_what_there_is(self, tmp_path):
        records = [{"id": n, "text": f"{n} {random.Random(n).random()}"} for n in range(20_000)]
        data = gzip.compress(WRITE["csv"](records))
        (tmp_path / "a.csv.gz").write_bytes(data[: len(data) // 2])
        frame, rejects = read(tmp_path)
        assert frame["text"].to_list() == [record["text"] for record in records[: len(frame)]]
        assert rejects["row"].to_list() == [len(frame)]

    def test_a_cell_of_50_mb(self, tmp_path):
        (tmp_path / "a.csv").write_text('text\n"' + ("word " * 999 + "\n") * 10_010 + '"\nshort\n')
        assert read(tmp_path)[0]["text"].str.len_bytes().to_list() == [4996 * 10_010, 5]


class TestParquet:
    def write(self, tmp_path, columns, **options):
        pq.write_table(pa.table(columns), tmp_path / "a.parquet", **options)
        return tmp_path

    @pytest.mark.parametrize(
        "kind", [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string())]
    )
    def test_strings_of_every_kind(self, tmp_path, kind):
        self.write(tmp_path, {"text": pa.array(["a", None, "b\r\nü"]).cast(kind)})
        frame, rejects = read(tmp_path)
        assert frame.select("row", "text", "altered").rows() == [(0, "a", False), (2, "b\nü", True)]
        assert rejects.select("row", "reason").rows() == [(1, "'text' is null")]

    def test_names_of_every_type(self, tmp_path):
        self.write(
            tmp_path,
            {
                "text": ["a", "b"],
                "id": pa.array([7, None]),
                "url": pa.array([b"\xff", None]),
                "date": pa.array([0, 86_400], pa.timestamp("s")),
                "site": pa.array([["x"], None]),
                "other": pa.array([{"deep": [1]}, None]),
            },
        )
        frame, _ = read(tmp_path)
        assert frame.select("id", "url", "site", "date").rows() == [
            ("7", "ff", '["x"]', "1970-01-01 00:00:00.000"),
            (None, None, None, "1970-01-02 00:00:00.000"),
        ]

    def test_text_that_is_no_text(self, tmp_path):
        self.write(tmp_path, {"text": [1, 2], "id": ["x", "y"]})
        frame, rejects = read(tmp_path)
        assert frame.is_empty()
        assert rejects.rows() == [
            ("a.parquet", 0, "'text' is int64, not a string", '{"id": "x"}'),
            ("a.parquet", 1, "'text' is int64, not a string", '{"id": "y"}'),
        ]

    def test_bytes_that_are_no_utf8(self, tmp_path):
        data = pa.array([b"fine", b"a\xffb"])
        broken = pa.Array.from_buffers(pa.string(), 2, data.buffers())
        self.write(tmp_path, {"text": broken, "id": broken})
        frame, _ = read(tmp_path)
        assert frame.select("id", "text", "altered").rows() == [("fine", "fine", False), ("a�b", "a�b", True)]

    def test_a_damaged_file_gives_what_can_be_read(self, tmp_path):
        text = [random.Random(n).randbytes(400).hex() for n in range(1000)]
        self.write(tmp_path, {"text": text}, row_group_size=100, compression="snappy")
        data = bytearray((tmp_path / "a.parquet").read_bytes())
        data[len(data) // 2 : len(data) // 2 + 60_000] = b"\xff" * 60_000
        (tmp_path / "a.parquet").write_bytes(data)
        frame, rejects = read(tmp_path)
        assert frame["text"].to_list() == text[: len(frame)]
        assert 0 < len(frame) < 1000
        assert rejects["row"].to_list() == [len(frame)]

    def test_long_rows_among_short_ones(self, tmp_path):
        text = ["x" * 100_000 if n % 97 == 0 else "y" for n in range(2000)]
        self.write(tmp_path, {"text": text})
        (shard,) = plan([tmp_path]).shards
        parts = [batch.frame for batch in batches(shard, Read(), 300_000)]
        assert pl.concat(parts)["text"].to_list() == text
        assert max(part["text"].str.len_bytes().sum() for part in parts) <= 700_000


class TestHosts:
    @pytest.mark.parametrize(
        ("url", "site"),
        [
            ("https://www.example.org/a", "example.org"),
            ("http://m.example.org:80", "example.org"),
            ("//amp.example.co.uk?x", "example.co.uk"),
            ("HTTPS://User:pw@News.Example.ORG./", "news.example.org"),
            ("https://www.m.example.org", "example.org"),
            ("https://m.com/a", "m.com"),
            ("http://[::1]:8000/a", "[::1]"),
            ("example.org/a", "example.org"),
            ("mailto:a@example.org", None),
            ("about", None),
            ("https:///path", None),
            ("", None),
        ],
    )
    def test_sites(self, tmp_path, url, site):
        (tmp_path / "a.jsonl").write_text(json.dumps({"text": "a", "url": url}))
        assert read(tmp_path)[0]["site"].to_list() == [site]

    def test_a_site_column_is_used_as_it_stands(self, tmp_path):
        (tmp_path / "a.jsonl").write_text(json.dumps({"text": "a", "url": "https://x.org", "site": "The Daily"}))
        assert read(tmp_path)[0]["site"].to_list() == ["The Daily"]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.text(st.characters(exclude_categories=()), max_size=30), max_size=12),
    st.integers(1, 200),
    st.integers(1, 200),
    st.sampled_from(["jsonl", "json"]),
)
def test_any_string_that_json_can_hold_is_read(tmp_path_factory, texts, shard_bytes, batch_bytes, reader):
    """The text as read is the string without carriage returns, NULs and surrogates, and `altered` says so."""
    path = tmp_path_factory.mktemp("any") / f"a.{reader}"
    path.write_bytes(WRITE[reader]([{"text": text} for text in texts]))
    frame, rejects = read(path, shard_bytes, batch_bytes)
    expected = [
        "".join(
            "�" if "\ud800" <= c <= "\udfff" else c
            for c in text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
        )
        for text in (json.loads(json.dumps(text)) for text in texts)
    ]
    assert rejects.is_empty()
    assert frame["text"].to_list() == expected
    assert frame["altered"].to_list() == [
        new != json.loads(json.dumps(old)) for new, old in zip(expected, texts, strict=True)
    ]
