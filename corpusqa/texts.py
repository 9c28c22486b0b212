"""Many texts in one buffer: the form in which text reaches the kernels.

A text is a stretch of UTF-8 bytes, and so is a paragraph of it, so both are two numbers into the same buffer: nothing
is copied to look at the paragraphs of a document, or at the documents of a batch.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from corpusqa.errors import UnusableInput
from corpusqa.kernels import frozen

SURROGATES = re.compile("[\ud800-\udfff]")


def strings(texts: pl.Series | Iterable[str]) -> pl.Series:
    r"""The texts that somebody gives as a polars column; half a surrogate pair, which no file holds, becomes U+FFFD.

    One string is one text. Raises UnusableInput for anything but strings and nulls.

    >>> strings(["one", None, "\ud800 two"]).to_list()
    ['one', None, '\ufffd two']
    """
    if hasattr(texts, "columns") or not isinstance(texts, Iterable):
        raise UnusableInput(f"Texts are asked for, and this is a {type(texts).__name__}. Give a list or a column.")
    if hasattr(texts, "__arrow_c_stream__") or hasattr(texts, "__arrow_c_array__"):  # a column of pandas, pyarrow, ...
        texts = pl.Series(texts)
    if isinstance(texts, pl.Series):
        if texts.dtype not in (pl.String, pl.Null, pl.Categorical, pl.Enum):
            raise UnusableInput(f"Texts are asked for, and this is a column of {texts.dtype}. Give a String column.")
        return texts.cast(pl.String)
    given = [texts] if isinstance(texts, str) else list(texts)
    for text in given:
        if text is not None and not isinstance(text, str):
            raise UnusableInput(
                f"Texts are asked for, and {text!r:.40} is of type {type(text).__name__}. Give strings."
            )
    try:
        return pl.Series(given, dtype=pl.String)
    except UnicodeEncodeError:
        return pl.Series([text and SURROGATES.sub("\ufffd", text) for text in given], dtype=pl.String)


@dataclass(frozen=True, slots=True)
class Texts:
    """Text `i` is `data[starts[i]:ends[i]]`, valid UTF-8 at both ends."""

    data: NDArray[np.uint8]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]

    def __post_init__(self) -> None:
        """Whatever the texts were made from, kernels meet one kind of array."""
        for name in ("data", "starts", "ends"):
            object.__setattr__(self, name, frozen(getattr(self, name)))

    @classmethod
    def of(cls, texts: pl.Series | Iterable[str]) -> Texts:
        """A view of a polars column of strings, or a copy of any other strings; a null is an empty text.

        >>> [str(text) for text in Texts.of(["one", "", "zwölf"]).series()]
        ['one', '', 'zwölf']
        """
        array = (
            strings(texts)
            .fill_null("")
            .rechunk()
            .to_arrow(compat_level=pl.CompatLevel.oldest())
            .cast(pa.large_string())
        )
        _, offsets, data = array.buffers()
        bounds = np.frombuffer(offsets, np.int64)[array.offset : array.offset + len(array) + 1]
        return cls(np.frombuffer(data or b"", np.uint8), bounds[:-1], bounds[1:])

    def __len__(self) -> int:
        return len(self.starts)

    @property
    def n_bytes(self) -> NDArray[np.int64]:
        """The length of each text in bytes."""
        return self.ends - self.starts

    def part(self, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> Texts:
        """Other stretches of the same buffer: the paragraphs of these documents, say."""
        return Texts(self.data, starts, ends)

    def take(self, rows: NDArray[np.integer]) -> Texts:
        """These rows, in this order, still in the same buffer."""
        return Texts(self.data, self.starts[rows], self.ends[rows])

    def joined(self, groups: NDArray[np.integer], n_groups: int) -> Texts:
        r"""`n_groups` new texts: text g is those texts here whose (ascending) group is g, one a line.

        >>> import numpy as np
        >>> Texts.of(["one", "two", "three"]).joined(np.array([0, 0, 2]), 3).series().to_list()
        ['one\ntwo', '', 'three']
        """
        from corpusqa.kernels.gather import join

        wide = groups.astype(np.int64)
        n_bytes = np.bincount(wide, weights=self.n_bytes, minlength=n_groups).astype(np.int64)
        n_bytes += np.maximum(np.bincount(wide, minlength=n_groups) - 1, 0)
        offsets = np.zeros(n_groups + 1, np.int64)
        np.cumsum(n_bytes, out=offsets[1:])
        return Texts(join(self.data, self.starts, self.ends, wide, ord("\n"), offsets), offsets[:-1], offsets[1:])

    def series(self, name: str = "text") -> pl.Series:
        """The texts as a polars column."""
        from corpusqa.kernels.gather import gather

        offsets = np.zeros(len(self) + 1, np.int64)
        np.cumsum(self.n_bytes, out=offsets[1:])
        data = gather(self.data, self.starts, self.ends, offsets)
        array = pa.LargeStringArray.from_buffers(len(self), pa.py_buffer(offsets), pa.py_buffer(data))
        return pl.Series(name, array, dtype=pl.String)
