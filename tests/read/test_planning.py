"""INPUT -> shards: what is found, under which name, and where it is cut."""

import hashlib
import json
import os
import sys
from pathlib import Path

import polars as pl
import pytest

from corpusqa.errors import UnusableInput, UnusableRun
from corpusqa.read import plan, verify
from corpusqa.read.finding import CURATED_KIND, find, suffix


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(path, data="text"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def sources(*inputs, **options):
    return [entry["source"] for entry in plan(inputs, **options).inputs]


class TestWhatIsFound:
    def test_a_folder_is_walked_by_suffix_and_the_rest_is_counted(self, here):
        for name in ("b.txt", "a/x.JSONL.gz", "a/y.md", ".hidden.txt", ".git/z.txt", "p.html", "q.html.gz", "LICENSE"):
            put(here / "in" / name)
        corpus = plan(["in"])
        assert [entry["source"] for entry in corpus.inputs] == ["a/x.JSONL.gz", "a/y.md", "b.txt"]
        assert corpus.ignored == {"(none)": 1, ".html": 1, ".html.gz": 1}
        assert [entry["format"] for entry in corpus.inputs] == ["jsonl", "text", "text"]

    def test_a_named_file_is_always_read(self, here):
        put(here / "notes.log", "some words")
        put(here / ".dot", '{"text": "a"}\n{"text": "b"}\n')
        pl.DataFrame({"text": ["a"]}).write_parquet(here / "table")
        formats = {entry["source"]: entry["format"] for entry in plan(["notes.log", ".dot", "table"]).inputs}
        assert formats == {"notes.log": "text", ".dot": "jsonl", "table": "parquet"}

    def test_a_pattern_names_files_below_where_it_starts(self, here):
        for name in ("a/1.txt", "b/2.txt", "b/3.log"):
            put(here / "in" / name)
        assert sources("in/*/*.txt") == ["a/1.txt", "b/2.txt"]
        assert sources("in/**/*.log") == ["b/3.log"]
        assert sources("in/*") == ["a/1.txt", "b/2.txt"]  # folders it matches are walked

    def test_a_path_that_exists_is_no_pattern(self, here):
        put(here / "a[1].txt")
        assert sources("a[1].txt") == ["a[1].txt"]

    @pytest.mark.parametrize("missing", ["nothing.txt", "*.nothing"])
    def test_what_is_not_there_is_an_error(self, here, missing):
        with pytest.raises(UnusableInput, match="nothing"):
            plan([missing])

    def test_a_folder_with_nothing_to_read_is_a_corpus_of_nothing(self, here):
        put(here / "in/a.html")
        found = plan(["in"])
        assert (found.inputs, found.ignored, [shard.pieces for shard in found.shards]) == ([], {".html": 1}, [()])

    def test_no_input_is_an_error(self):
        with pytest.raises(UnusableInput, match="No input"):
            plan([])

    @pytest.mark.skipif(sys.platform == "darwin", reason="macOS has no such names")
    def test_a_name_that_is_no_utf8_is_an_error_that_shows_it(self, here):
        (here / os.fsdecode(b"caf\xe9.txt")).write_text("text")
        with pytest.raises(UnusableInput, match=r"caf\\xe9\.txt is not UTF-8"):
            find(["."])

    def test_a_suffix_that_is_no_utf8_is_counted_all_the_same(self, here):
        assert suffix(Path(os.fsdecode(b"a.caf\xe9"))) == ".caf?"

    def test_runs_of_ours_are_skipped_and_refused_as_input(self, here):
        put(here / "in/run/run.json", json.dumps({"inputs": []}))
        put(here / "in/run/documents.parquet")
        put(here / "in/other/run.json", "[]")
        put(here / "in/other/a.txt")
        assert sources("in") == ["other/a.txt", "other/run.json"]
        assert sources("in/**/*.parquet", "in/other/a.txt") == ["a.txt"]
        with pytest.raises(UnusableInput, match="run"):
            plan(["in/run"])

    def test_of_a_curated_corpus_only_what_it_lists(self, here):
        put(here / "in/c/curated.json", json.dumps({"kind": CURATED_KIND, "files": ["sub/a.txt", "b.dat"]}))
        for name in ("c/sub/a.txt", "c/b.dat", "c/removed.parquet", "c/stray.txt", "d.txt"):
            put(here / "in" / name)
        assert sources("in") == ["c/b.dat", "c/sub/a.txt", "d.txt"]
        assert sources("in/c") == ["b.dat", "sub/a.txt"]
        assert sources("in/c/*.*", "in/d.txt") == ["b.dat", "d.txt"]
        (here / "in/c/b.dat").unlink()
        with pytest.raises(UnusableInput, match=r"b\.dat"):
            plan(["in"])


class TestLinks:
    def test_a_loop_ends(self, here):
        put(here / "in/a/x.txt")
        (here / "in/a/loop").symlink_to(here / "in")
        (here / "in/a/self").symlink_to("self")
        corpus = plan(["in"])
        assert [entry["source"] for entry in corpus.inputs] == ["a/x.txt"]
        assert corpus.ignored == {"(none)": 1}  # a link to itself is no file

    def test_a_linked_file_is_one_file_under_its_own_name(self, here):
        put(here / "in/z/x.txt")
        (here / "in/a.txt").symlink_to(here / "in/z/x.txt")
        (here / "in/b").symlink_to(here / "in/z")
        assert sources("in") == ["z/x.txt"]

    def test_a_file_linked_from_elsewhere_is_read(self, here):
        put(here / "else/x.txt")
        put(here / "in/y.txt")
        (here / "in/far").symlink_to(here / "else")
        assert sources("in") == ["far/x.txt", "y.txt"]


class TestNames:
    def test_the_order_of_inputs_does_not_matter(self, here):
        for name in ("a/1.txt", "a/b/2.txt", "c/3.txt"):
            put(here / name)
        assert plan(["a", "c", "a/b"]) == plan(["a/b", "c", "a"])
        assert plan(["a", "c"]).shards == plan(["c/3.txt", "a"]).shards
        assert sources("a", "a/b") == ["1.txt", "b/2.txt"]

    def test_inputs_that_collide_are_told_apart(self, here):
        for name in ("one/data/x.txt", "two/data/x.txt", "two/data/y.txt"):
            put(here / name)
        assert sources("one/data", "two/data") == ["one/data/x.txt", "two/data/x.txt", "two/data/y.txt"]
        assert sources("one/data/x.txt", "two/data/x.txt") == ["one/data/x.txt", "two/data/x.txt"]
        assert sources("one/data/x.txt", "two/data/y.txt") == ["x.txt", "y.txt"]

    def test_the_folder_is_the_first_below_its_own_input(self, here):
        for name in ("one/news/x.txt", "two/news/x.txt", "two/y.txt"):
            put(here / name)
        folders = {piece.source: piece.folder for shard in plan(["one", "two"]).shards for piece in shard.pieces}
        assert folders == {"one/news/x.txt": "news", "two/news/x.txt": "news", "two/y.txt": None}


class TestShards:
    def test_small_files_go_together(self, here):
        for number in range(10):
            put(here / f"in/{number}.txt", "x" * 30)
        corpus = plan(["in"], shard_bytes=100)
        assert [len(shard.pieces) for shard in corpus.shards] == [3, 3, 3, 1]
        assert [shard.number for shard in corpus.shards] == [0, 1, 2, 3]

    @pytest.mark.parametrize("shard_bytes", [1, 7, 64, 1 << 20])
    def test_json_lines_are_cut_where_lines_start(self, here, shard_bytes):
        data = "".join(json.dumps({"text": "x" * (n * 7 % 40)}) + "\n" * (1 + n % 2) for n in range(50)).encode()
        put(here / "a.jsonl", data)
        pieces = [piece for shard in plan(["a.jsonl"], shard_bytes=shard_bytes).shards for piece in shard.pieces]
        rows = [data[: piece.start].count(b"\n") for piece in pieces]
        assert [piece.first_row for piece in pieces] == rows
        stops = [piece.stop if piece.stop >= 0 else len(data) for piece in pieces]
        assert [0, *stops] == [*(piece.start for piece in pieces), len(data)]
        assert all(piece.start == 0 or data[piece.start - 1 : piece.start] == b"\n" for piece in pieces)

    def test_blocks_and_lines_need_not_agree(self, here, monkeypatch):
        monkeypatch.setattr("corpusqa.read.planning.BLOCK", 5)
        data = b"".join(b"%d%s\n" % (n, b"x" * (n % 13)) for n in range(60))
        put(here / "a.jsonl", data)
        pieces = [piece for shard in plan(["a.jsonl"], shard_bytes=20).shards for piece in shard.pieces]
        assert len(pieces) > 5
        assert all(data[: piece.start].count(b"\n") == piece.first_row for piece in pieces)
        assert all(piece.start == 0 or data[piece.start - 1 : piece.start] == b"\n" for piece in pieces)

    @pytest.mark.parametrize("group", [1, 3, 100])
    def test_parquet_is_cut_at_rows(self, here, group):
        pl.DataFrame({"text": ["x" * 500] * 40}).write_parquet(
            "a.parquet", row_group_size=group, compression="uncompressed"
        )
        pieces = [piece for shard in plan(["a.parquet"], shard_bytes=4000).shards for piece in shard.pieces]
        assert [piece.start for piece in pieces] == [piece.first_row for piece in pieces]
        assert [0, *(piece.stop for piece in pieces)] == [*(piece.start for piece in pieces), 40]

    def test_a_json_file_may_be_json_lines(self, here):
        put(here / "lines.json", '{"text": "a"}\n{"text": "b"}\n')
        put(here / "one.json", '{\n  "text": "a"\n}')
        put(here / "many.json", '[{"text": "a"}]')
        formats = {entry["source"]: entry["format"] for entry in plan(["lines.json", "one.json", "many.json"]).inputs}
        assert formats == {"lines.json": "jsonl", "many.json": "json", "one.json": "json"}


class TestDigests:
    def test_size_and_digest(self, here):
        data = os.urandom(3_000_000)
        put(here / "a.txt", data)
        (entry,) = plan(["a.txt"]).inputs
        assert entry == {
            "source": "a.txt",
            "path": str(here / "a.txt"),
            "bytes": len(data),
            "sha256": hashlib.sha256(data).hexdigest(),
            "format": "text",
            "input": str(here / "a.txt"),
        }

    def test_a_change_is_noticed(self, here):
        put(here / "a.txt", "one")
        inputs = plan(["a.txt"]).inputs
        verify(inputs)
        put(here / "a.txt", "two")
        with pytest.raises(UnusableRun, match="changed"):
            verify(inputs)
        (here / "a.txt").unlink()
        with pytest.raises(UnusableRun, match="gone"):
            verify(inputs)
