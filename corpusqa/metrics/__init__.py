"""Metrics: every number that corpusqa can say of a text, by name.

`registry` says what a metric is and lists them all; each family has a module, in which a metric is one function:

- `n_*` lengths and `chars_*` shares of characters (`lengths`, `spread`, `characters`)
- `gopher_*`, `fineweb_*` and `c4_*`, as their papers have them (`gopher`, `repetition`, `fineweb`, `c4`)
- `datatrove_*`, `dolma_*`, `nemo_*`, `dclm_*`, `rps_*`, `juicer_*` and `bigscience_*`, as those programs compute what
  papers left open, with their quirks; what they count is in `variants`, in `redpajama`, or with the family
- `repeat_*`, `boilerplate_*`, `residue_*`, `kept_*`, `duplicate_*`, from what an audit finds (`findings`)

`split` takes texts apart, `shared` walks over them for all metrics at once, `measuring` gives the frames:

>>> measure(["It rained. It rained."], ["n_sentences", "gopher_top_2gram_char_frac"]).to_dicts()
[{'n_sentences': 2, 'gopher_top_2gram_char_frac': 1.0}]

A metric of your own is a function under `@metric` that reads columns of `shared`, or the text itself as
`pl.col("text")`; `extensions` says how an audit comes to know of it.
"""

from corpusqa.metrics import (  # noqa: I001 - registry order
    lengths,
    spread,
    characters,
    gopher,
    repetition,
    fineweb,
    c4,
    encoding,
    pii,
    language,
    truncated,
    addresses,
    readability,
    datatrove,
    dolma,
    nemo,
    dclm,
    redpajama,
    rps,
    juicer,
    findings,
    twins,
)
from corpusqa.metrics.extensions import Extensions
from corpusqa.metrics.measuring import (
    Origins,
    expression,
    measure,
    measure_duplicates,
    measure_findings,
    measure_kept,
    measure_texts,
    origins,
    schema,
)
from corpusqa.metrics.registry import DEFAULT_FAMILIES, METRICS, Metric, catalogue, find, metric, ratio, select

__all__ = [
    "DEFAULT_FAMILIES",
    "METRICS",
    "Extensions",
    "Metric",
    "Origins",
    "addresses",
    "c4",
    "catalogue",
    "characters",
    "datatrove",
    "dclm",
    "dolma",
    "encoding",
    "expression",
    "find",
    "findings",
    "fineweb",
    "gopher",
    "juicer",
    "language",
    "lengths",
    "measure",
    "measure_duplicates",
    "measure_findings",
    "measure_kept",
    "measure_texts",
    "metric",
    "nemo",
    "origins",
    "pii",
    "ratio",
    "readability",
    "redpajama",
    "repetition",
    "rps",
    "schema",
    "select",
    "spread",
    "truncated",
    "twins",
]
