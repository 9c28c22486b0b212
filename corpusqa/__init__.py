"""corpusqa tells whether scraped text is fit for a corpus, shows why, and gives you the good part.

The verbs, in the order in which text meets them, and the table that each makes:

    audit            a folder of text -> a Run: documents, paragraphs, groups and pairs, judged and reported
    gate             a run, or any frame of metrics, against a suite -> verdicts with every reason
    curate           a run -> the accepted documents without their furniture, and everything that was removed
    restore          what was curated -> every record again
    compare          two runs -> what changed, and whether it got worse

and the parts that are useful alone:

    measure          texts -> a row of quality metrics each
    signatures       texts -> MinHash signatures, datasketch's bit for bit
    near_duplicates  texts -> every pair that is nearly the same, with the exact similarity

>>> import corpusqa
>>> run = corpusqa.audit("sample_data", out="run")        # doctest: +SKIP
>>> corpusqa.gate(run).passed                             # doctest: +SKIP
False

Inside, data flows one way, and so do imports: read, segment, fingerprint, metrics, boilerplate, annotate, cluster,
gating, curation, report. `flow` is the audit itself, a page of verbs; `tables` says what every table holds.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from corpusqa.cluster import near_duplicates
    from corpusqa.comparison import compare
    from corpusqa.curation import curate, restore
    from corpusqa.fingerprint import signatures
    from corpusqa.flow import audit
    from corpusqa.gating import gate
    from corpusqa.metrics import measure
    from corpusqa.run import Run

__version__ = "0.1.0"
__all__ = ["Run", "audit", "compare", "curate", "gate", "measure", "near_duplicates", "restore", "signatures"]

#: Where each public name lives; it is imported when it is first used, so that `import corpusqa` costs nothing.
_HOMES = {
    "Run": "run",
    "audit": "flow",
    "compare": "comparison",
    "curate": "curation",
    "gate": "gating",
    "measure": "metrics",
    "near_duplicates": "cluster",
    "restore": "curation",
    "signatures": "fingerprint",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
