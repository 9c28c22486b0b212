"""`--format`: the documents of any input as JSON lines, Parquet or text files.

What a format cannot hold is not lost: the original record of every converted document is kept in `removed.parquet`.
"""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from pathlib import Path, PurePosixPath
from typing import Any, Literal

import pyarrow as pa
import pyarrow.parquet as pq

from corpusqa.config import Read
from corpusqa.curation.formats import Cells, said
from corpusqa.curation.forms import Form
from corpusqa.read.columns import choose
from corpusqa.read.delimited import readable
from corpusqa.read.jsonlines import DECODER
from corpusqa.read.records import sound
from corpusqa.read.streams import CODECS, UTF8_BOM, lines
from corpusqa.read.streams import Stream as Input

Target = Literal["jsonl", "parquet", "text"]
SUFFIX = {"jsonl": ".jsonl", "parquet": ".parquet", "text": ""}
TEXTS = "documents"  #: the one file that text files go to: a file a document would be a file of one line each

Fields = dict[str, Any]


def names(sources: Mapping[str, str], packed: Mapping[str, str], target: Target) -> dict[str, str]:
    """The file that each source (source -> format) is written to; one that has the format already keeps its name.

    `packed` says how a source is compressed, which JSON lines stay. A text file is a folder's name here.

    >>> names({"a/b.csv": "csv", "c.txt": "text", "d.txt": "text"}, {"a/b.csv": "gz"}, "jsonl")
    {'a/b.csv': 'a/b.jsonl.gz', 'c.txt': 'documents.jsonl', 'd.txt': 'documents.jsonl'}
    """
    taken = {source for source, kind in sources.items() if kind == target}
    named = {source: source for source in taken}
    shared = ""
    for source, kind in sources.items():
        if kind == target:
            continue
        if kind == "text" and shared:
            named[source] = shared
            continue
        ending = SUFFIX[target] + (f".{packed[source]}" if target == "jsonl" and packed.get(source) else "")
        own = TEXTS + SUFFIX[target] if kind == "text" else str(_stem(source)) + ending
        while own in taken:
            own = f"{own.removesuffix(ending)}-{kind}{ending}"
        taken.add(own)
        named[source] = own
        shared = own if kind == "text" else shared
    return {source: named[source] for source in sources}


def _stem(source: str) -> PurePosixPath:
    """The path without its suffixes of format and packing."""
    path = PurePosixPath(source)
    if path.suffix.lower() in (".gz", ".zst"):
        path = path.with_suffix("")
    return path.with_suffix("")


def fields(kind: str, form: Form, raws: Any, place: int, doc: Mapping[str, Any], settings: Read) -> Fields:
    """A record of this format as names and values, with the text that `doc` has."""
    if kind == "text":
        site = {"site": doc["site"]} if doc["site"] else {}
        return {"id": doc["doc_id"], **site, "text": doc["text"]}
    if kind == "parquet":
        record = {name: _value(column[place]) for name, column in zip(raws.schema.names, raws.columns, strict=True)}
        return {**record, form.about["text"]: doc["text"]}
    if isinstance(form, Cells):
        cells = [readable(said(cell) or "") for cell in form.cells(raws[place])]
        record = dict(zip(_distinct(form.about["names"]), cells, strict=True))
        return {**record, _distinct(form.about["names"])[form.about["text"]]: doc["text"]}
    record = DECODER.decode(raws[place].removeprefix(UTF8_BOM).decode("utf-8", "replace"))
    return {**record, choose(list(record), settings).text or "text": doc["text"]}


def _value(scalar: pa.Scalar) -> Any:
    """A Parquet value; Parquet does not hold its strings to UTF-8."""
    try:
        return scalar.as_py()
    except UnicodeDecodeError:
        return scalar.cast(pa.large_binary()).as_py().decode("utf-8", "replace")


def _distinct(header: Iterable[str]) -> list[str]:
    """Column names, a repeated one numbered."""
    seen: dict[str, int] = {}
    found = []
    for name in map(readable, header):
        seen[name] = seen.get(name, 0) + 1
        found.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
    return found


class Converted:
    """A file, or for text a folder of files, of converted documents."""

    def __init__(self, path: Path, target: Target, compression: str = "") -> None:
        self.path, self.target = path, target
        self.written: list[Path] = []
        self._codec = CODECS.get(compression) if target == "jsonl" else None
        self._lines: Any = None
        self._kinds: dict[str, str] = {}

    def write(self, row: int, record: Fields, text: str) -> None:
        """One more document."""
        if self.target == "text":
            self._write_text(row, text)
            return
        plain = {str(key): _json(value) for key, value in record.items()}
        if self.target == "parquet":
            for key, value in plain.items():
                self._kinds[key] = _joined(self._kinds.get(key), value)
        if self._lines is None:
            self._lines = self._open()
        self._lines.write(json.dumps(plain, ensure_ascii=False).encode("utf-8", "replace") + b"\n")

    def _write_text(self, row: int, text: str) -> None:
        self.path.mkdir(parents=True, exist_ok=True)
        path = self.path / f"{row}.txt"
        path.write_bytes(text.encode())
        self.written.append(path)

    def _open(self) -> Any:
        """JSON lines; for Parquet beside the file, as its types are known only at the end."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        file = pa.OSFile(str(self._spool if self.target == "parquet" else self.path), "wb")
        self.written.append(self.path)
        return pa.CompressedOutputStream(file, self._codec) if self._codec else file

    @property
    def _spool(self) -> Path:
        return self.path.with_name(f".{self.path.name}.lines")

    def close(self) -> None:
        """Finish the file."""
        if self._lines is None:
            return
        self._lines.close()
        self._lines = None
        if self.target == "parquet":
            self._to_parquet()
            self._spool.unlink()

    def _to_parquet(self) -> None:
        schema = pa.schema([(key, TYPES[kind]) for key, kind in self._kinds.items()])
        with Input(self._spool) as spooled, pq.ParquetWriter(self.path, schema, compression="zstd") as writer:
            for block in lines(spooled, 16 << 20):
                rows = [
                    {key: _typed(value, self._kinds[key]) for key, value in json.loads(line).items()} for line in block
                ]
                writer.write_table(pa.Table.from_pylist(rows, schema))


#: Types of a converted column, by what its values are; where they differ, the JSON of each is kept as a string.
TYPES = {
    "null": pa.string(),
    "bool": pa.bool_(),
    "int": pa.int64(),
    "float": pa.float64(),
    "str": pa.large_string(),
    "json": pa.large_string(),
}


def _joined(kind: str | None, value: Any) -> str:
    """The kind of a column that had this one, with one more value."""
    own = {type(None): "null", bool: "bool", int: "int", float: "float", str: "str"}.get(type(value), "json")
    if own == "int" and not -(2**63) <= value < 2**63:
        own = "json"
    if kind is None or kind == "null" or kind == own:
        return own
    if own == "null":
        return kind
    return "float" if {kind, own} == {"int", "float"} else "json"


def _typed(value: Any, kind: str) -> Any:
    if value is None:
        return None
    return json.dumps(value, ensure_ascii=False) if kind == "json" else float(value) if kind == "float" else value


def _json(value: Any) -> Any:
    """The value as JSON can hold it: times in ISO 8601, bytes in base64, NaN as null, decimals as strings."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return value if value.isascii() else sound(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): _json(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_json(inner) for inner in value]
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return base64.b64encode(value).decode() if isinstance(value, bytes) else str(value)
