"""`kept_*`: the metrics of a text once more, of the text as it will be after curation.

So that a suite can judge what goes into the corpus, and not what the scraper brought: a page of three sentences between
two menus has good ratios after the menus are cut, or bad ones. A twin has the name of its metric behind `kept_`, the
same unit, direction and null case, and is null or 0 where nothing is kept. `kept_n_words` and `kept_word_ratio`, which
an audit counts anyway, are in `findings`.
"""

from __future__ import annotations

from dataclasses import replace

from corpusqa.metrics.registry import METRICS, Metric

PREFIX = "kept_"
#: Families that have twins: what corpora are filtered by. Other programs' variants of them have none.
FAMILIES = (
    "n",
    "chars",
    "gopher",
    "fineweb",
    "c4",
    "encoding",
    "pii",
    "lang",
    "truncated",
    "url",
    "digit",
    "readability",
)


def add_twin(metric: Metric) -> None:
    """Register the twin of a metric of texts, unless its name is taken."""
    name = PREFIX + metric.name
    doc = f"`{metric.name}` of the text as it will be after curation, its repeats and furniture cut.\n\n{metric.doc}"
    if metric.level == "text" and name not in METRICS:
        METRICS[name] = replace(metric, name=name, level="document", doc=doc, twin_of=metric.name)


for _metric in list(METRICS.values()):
    if _metric.family in FAMILIES:
        add_twin(_metric)
