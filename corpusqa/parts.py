"""The part files between the passes: what each batch left, and all batches as one.

A part is one batch of documents. Its files lie in the work folder of the run under the part's name, as uncompressed
Arrow, so that a join reads one column of all of them without the others. They go when the run is complete.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from corpusqa.texts import Texts

BAND = "band_"


@dataclass(frozen=True, slots=True)
class Part:
    """A batch that the first pass has seen."""

    name: str
    n_documents: int
    n_paragraphs: int
    n_rejects: int
    n_altered: int
    n_bytes: int  #: of text


def write_part(folder: Path, name: str, table: str, frame: pl.DataFrame) -> None:
    """Leave a table of this part."""
    frame.write_ipc(folder / f"{name}.{table}.arrow", compat_level=pl.CompatLevel.newest())


def read_part(folder: Path, name: str, table: str) -> pl.DataFrame:
    """A table of this part."""
    return pl.read_ipc(folder / f"{name}.{table}.arrow")


@dataclass(frozen=True, slots=True)
class Parts:
    """All parts of a run, in the order of the input."""

    folder: Path
    parts: tuple[Part, ...]

    def each(self, table: str, names: Sequence[str] | None = None) -> Iterator[pl.DataFrame]:
        """The tables of the parts, one at a time: some columns, or all."""
        for file in self._files(table):
            yield pl.read_ipc(file, columns=None if names is None else list(names))

    def tables(self, table: str, names: Sequence[str] | None = None) -> Iterator[pl.DataFrame]:
        """As `each`, of tables with a `document`, which counts over the whole run."""
        for (first, _), frame in zip(self.firsts().values(), self.each(table, names), strict=True):
            yield frame.with_columns(pl.col("document") + pl.lit(first, pl.UInt32))

    def documents(self, table: str) -> NDArray[np.uint32]:
        """The document of each row of the tables of all parts."""
        return np.concatenate([frame["document"].to_numpy() for frame in self.tables(table, ["document"])])

    def firsts(self) -> dict[str, tuple[int, int]]:
        """For each part the number of its first document in the run, and of the first one after it."""
        stops = np.cumsum([part.n_documents for part in self.parts]).tolist()
        return {part.name: (stop - part.n_documents, stop) for part, stop in zip(self.parts, stops, strict=True)}

    def columns(self, table: str, names: Sequence[str] | str = "*") -> pl.DataFrame:
        """Some columns, or all, of the tables of all parts."""
        return pl.scan_ipc(self._files(table)).select(names).collect()

    def bands(self, table: str, rows: pl.Series | None = None) -> Iterator[NDArray[np.uint32]]:
        """The band keys, one band at a time, of all rows or of those where `rows` is true."""
        for band in (name for name in pl.read_ipc_schema(self._files(table)[0]) if name.startswith(BAND)):
            keys = self.columns(table, [band]).to_series()
            yield (keys if rows is None else keys.filter(rows)).to_numpy()

    def wordings(self, wanted: pl.DataFrame, on: str) -> pl.DataFrame:
        """`wanted` with the `text` of each of its keys or forms (`on` says which), in its order."""
        asked = np.unique(wanted[on].to_numpy())
        missing, found = (
            np.ones(len(asked), np.bool_),
            [pl.DataFrame(schema={on: wanted.schema[on], "text": pl.String})],
        )
        for frame in self.each("forms", [on, "text"]):
            if not missing.any():
                break
            names = frame[on].to_numpy()
            at = np.minimum(np.searchsorted(asked, names), len(asked) - 1)
            new = (asked[at] == names) & missing[at]
            missing[at[new]] = False
            some = frame.filter(pl.Series(new)).unique(on, keep="first", maintain_order=True)
            found.append(some.with_columns(Texts.of(some["text"]).series()))  # a copy: a view holds the whole part
        return wanted.join(pl.concat(found), on=on, how="left", maintain_order="left")

    def join_rejects(self, path: Path) -> None:
        """Write the records that could not be used, of all parts, to one file of JSON lines."""
        with path.open("wb") as out:
            for part in self.parts:
                if part.n_rejects:
                    out.write((self.folder / f"{part.name}.rejects.jsonl").read_bytes())

    def remove(self) -> None:
        """Drop the part files: the tables hold what is left to know."""
        shutil.rmtree(self.folder)

    def total(self, count: str) -> int:
        """The sum of one of the parts' counts."""
        return sum(getattr(part, count) for part in self.parts)

    def _files(self, table: str) -> list[Path]:
        return [self.folder / f"{part.name}.{table}.arrow" for part in self.parts]
