"""Parquet, written and restored: every column in its type, row by row only where a row is removed."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from corpusqa.config import Read
from corpusqa.curation.forms import Form, Order, Raws
from corpusqa.read.columns import required
from corpusqa.read.parquet import is_string, open_file, plain


class Rows(Form):
    """Parquet: rows of every column, types as they are. A record is an Arrow IPC message of one row."""

    def __init__(self, path: Path, about: dict[str, Any], settings: Read) -> None:
        super().__init__(path, about, settings)
        self.schema = pa.ipc.read_schema(pa.py_buffer(base64.b64decode(about["schema"])))
        self.plain = pa.schema([field.with_type(_plain(field.type)) for field in self.schema])
        self._writer: Any = None
        self._cast: tuple[Any, pa.RecordBatch] = (None, None)

    @staticmethod
    def describe(path: Path, settings: Read) -> dict[str, Any]:
        """The schema, the codec, and which column is the text."""
        with open_file(path) as file:
            schema, metadata = file.schema_arrow, file.metadata
            codec = metadata.row_group(0).column(0).compression if metadata.num_row_groups else "ZSTD"
        return {
            "schema": base64.b64encode(schema.serialize().to_pybytes()).decode(),
            "codec": "none" if codec == "UNCOMPRESSED" else codec.lower(),
            "text": required(schema.names, settings, path.name).text,
        }

    def start(self) -> None:
        """Make the file."""
        if self._writer is None:
            super().start()
            self._writer = pq.ParquetWriter(self._file, self.schema, compression=self.about["codec"])

    def write(self, raws: Raws, order: Order, texts: Mapping[int, str]) -> None:
        """The rows, as one row group."""
        self.start()
        if not len(order):
            return
        table = pa.Table.from_batches(list(self._slices(raws, order)), self.schema)
        changed = {at: texts[item] for at, item in enumerate(order) if isinstance(item, int) and item in texts}
        if changed:
            index = self.schema.names.index(self.about["text"])
            table = table.set_column(index, self.schema.field(index), _replaced(table.column(index), changed))
        self._writer.write_table(table)

    def _slices(self, raws: Raws, order: Order) -> Iterator[pa.RecordBatch]:
        """Neighbours together, records between them."""
        at = 0
        while at < len(order):
            item = order[at]
            if isinstance(item, bytes):
                yield self.from_record(item)
                at += 1
                continue
            after = at + 1
            while after < len(order) and order[after] == item + after - at:
                after += 1
            yield raws.slice(item, after - at)
            at = after

    def record(self, raws: Raws, place: int) -> bytes:
        """One row, dictionaries resolved: a message alone cannot hold them."""
        if self._cast[0] is not raws:
            batch = raws if self.plain.equals(self.schema) else _one_batch(raws, self.plain)
            self._cast = (raws, batch)
        message: bytes = self._cast[1].slice(place, 1).serialize().to_pybytes()
        return message

    def from_record(self, record: bytes) -> pa.RecordBatch:
        """The row."""
        batch = pa.ipc.read_record_batch(pa.py_buffer(record), self.plain)
        return batch if self.plain.equals(self.schema) else _one_batch(batch, self.schema)

    def close(self) -> None:
        """Finish the file, if there is one."""
        if self._writer is not None:
            self._writer.close()
            self._writer = None
        super().close()


def _plain(kind: pa.DataType) -> pa.DataType:
    """The type without dictionaries, at any depth."""
    if pa.types.is_dictionary(kind):
        return _plain(kind.value_type)
    if pa.types.is_struct(kind):
        return pa.struct([kind.field(at).with_type(_plain(kind.field(at).type)) for at in range(kind.num_fields)])
    if pa.types.is_map(kind):
        return pa.map_(_plain(kind.key_type), _plain(kind.item_type), kind.keys_sorted)
    if pa.types.is_fixed_size_list(kind):
        return pa.list_(kind.value_field.with_type(_plain(kind.value_type)), kind.list_size)
    if pa.types.is_large_list(kind):
        return pa.large_list(kind.value_field.with_type(_plain(kind.value_type)))
    if pa.types.is_list(kind):
        return pa.list_(kind.value_field.with_type(_plain(kind.value_type)))
    return kind


def _one_batch(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    table = pa.Table.from_batches([batch]).cast(schema).combine_chunks()
    return table.to_batches()[0]


def _replaced(column: pa.ChunkedArray, changed: Mapping[int, str]) -> pa.Array:
    """The text column with other texts at some places, in its own type."""
    values = plain(column.combine_chunks()).cast(pa.large_binary()).to_pylist()
    for at, text in changed.items():
        values[at] = text.encode()
    array = pa.array(values, pa.large_binary()).cast(pa.large_string())
    if is_string(column.type):
        return array.cast(column.type)
    return array.cast(column.type.value_type).dictionary_encode().cast(column.type)
