"""Documents to paragraphs.

A paragraph is a line that is not blank, without the white space at its ends. Only a line feed ends a line; what white
space is, Python's `str.split` says. Text that was wrapped at a fixed width, its paragraphs set off by blank lines, is
told from the rest document by document (`kernels/lines.py` has the rule): there a paragraph is a run of lines.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from corpusqa.kernels import lines
from corpusqa.kernels.characters import character_table
from corpusqa.texts import Texts


def paragraphs(texts: Texts) -> pl.DataFrame:
    r"""A row for each paragraph, in order.

    `document` is the text's number in `texts`, `position` the paragraph's in it, from 0; `start` and `end` count
    characters of the text, `byte_start` and `byte_end` bytes of `texts.data`; `n_words` counts by white space.

    >>> paragraphs(Texts.of(["Über uns\n\n  Read more  "]))["start", "end", "n_words"].rows()
    [(0, 8, 2), (12, 21, 2)]
    """
    buffers = (texts.data, texts.starts, texts.ends)
    found = np.empty((lines.N_COLUMNS, lines.n_lines(*buffers)), np.int64)
    offsets = np.empty(len(texts) + 1, np.int64)
    lines.paragraphs(*buffers, character_table(), found, offsets)
    found, n_each = found[:, : offsets[-1]], np.diff(offsets)
    return pl.DataFrame(
        {
            "document": np.repeat(np.arange(len(texts), dtype=np.uint32), n_each),
            "position": (np.arange(offsets[-1]) - np.repeat(offsets[:-1], n_each)).astype(np.uint32),
            "start": found[lines.START].astype(np.uint32),
            "end": found[lines.END].astype(np.uint32),
            "byte_start": found[lines.BYTE_START],
            "byte_end": found[lines.BYTE_END],
            "n_words": found[lines.N_WORDS].astype(np.uint32),
        }
    )
