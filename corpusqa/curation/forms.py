"""What curation must know of every input format: what its files have beside records, and how a record is changed, kept
and put back.

Everything that is not changed is copied as it stands. A `Form` works on the raw records of a chunk, in whatever shape
the reader gives them; the *order* to write is a list of places in the chunk, and, when restoring, of records from
`removed.parquet` between them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import pyarrow as pa

from corpusqa.config import Read
from corpusqa.read.streams import CODECS

Raws: TypeAlias = Any  #: the records of a chunk: a list of bytes, of Parquet a record batch
Order: TypeAlias = "Sequence[int | bytes]"  #: places in it, and records from `removed.parquet`


class Form(ABC):
    """A file to write in the format of an input. It exists from the first `write` on, or from `start`."""

    def __init__(self, path: Path, about: dict[str, Any], settings: Read) -> None:
        self.path, self.about, self.settings = path, about, settings
        self._file: Any = None

    @staticmethod
    def describe(path: Path, settings: Read) -> dict[str, Any]:
        """What must be known of the input file beside its records, as JSON."""
        return {}

    @abstractmethod
    def write(self, raws: Raws, order: Order, texts: Mapping[int, str]) -> None:
        """Write the records in this order, those in `texts` (by place in the chunk) with another text."""

    @abstractmethod
    def record(self, raws: Raws, place: int) -> bytes:
        """A record as `removed.parquet` keeps it."""

    def start(self) -> None:
        """Make the file."""
        if self._file is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            file = pa.OSFile(str(self.path), "wb")
            packed = self.about.get("compression")
            self._file = pa.CompressedOutputStream(file, CODECS[packed]) if packed else file

    def _write(self, data: bytes) -> None:
        self._file.write(data)

    def close(self) -> None:
        """Finish the file, if there is one."""
        if self._file is not None:
            self._file.close()
            self._file = None
