"""Two runs: what changed between them, and whether it got worse.

The second run is the same corpus after a change (of the scraper, of the settings, of corpusqa), or the next batch from
the same sites. Five things are held side by side: shares of the documents, each metric, the verdicts of documents that
are in both, the boilerplate, and the sites. A difference is a *finding* when it is more than chance allows and large
enough to matter (`corpusqa.drift` says what that means); it is *worse* when it goes against the direction in which a
corpus improves. What has no better direction, such as the length of an article, can change but not get worse.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import polars as pl

from corpusqa import differences, gating
from corpusqa.errors import NoDocuments, UnknownName, UnusableRun
from corpusqa.gating.validation import plain
from corpusqa.run import Run
from corpusqa.tables import DOCUMENTS

Section = Literal["shares", "metrics", "verdicts", "boilerplate", "sites"]
SECTIONS: tuple[Section, ...] = ("shares", "metrics", "verdicts", "boilerplate", "sites")
#: What can make a comparison fail: whatever got worse, any finding, or any finding of one section.
FAIL_ON = ("worse", "any", *SECTIONS)

RANK = {"accept": 0, "flag": 1, "reject": 2}  #: verdicts, the worse the higher
#: Share of the documents in both runs that have to go from one verdict to another: one of a thousand. It is no matter
#: of chance, as they are the same documents, and below that one looks at them singly.
FLIPS_MATTER = 0.001
LISTED = 1_000  #: rows of a section in `to_json`, which names how many there are; the frames have all


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two runs."""

    path: str
    version: str
    documents: int
    sites: int
    suite: str
    verdict: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that changed, in a sentence."""

    section: Section
    worse: bool
    sentence: str


@dataclass(frozen=True, eq=False)
class Comparison:
    """What changed from run `a` to run `b`. In every frame the column `change` is null where nothing was found."""

    a: Side
    b: Side
    notes: tuple[str, ...]  #: what else differs: settings, versions, metrics that only one of them has
    shares: pl.DataFrame  #: a share of the documents a row
    metrics: pl.DataFrame  #: a metric a row, the largest distance first
    shared: int  #: documents that are in both runs, by doc_id
    flips: pl.DataFrame  #: a document in both whose verdict is another: before, after, the rules it breaks now
    boilerplate: pl.DataFrame  #: boilerplate that is new or gone, the most frequent first
    sites: pl.DataFrame  #: a site a row, what got worse first

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything that changed by more than chance and enough to matter."""
        return tuple(_findings(self))

    @property
    def worse(self) -> tuple[Finding, ...]:
        """What got worse."""
        return tuple(finding for finding in self.findings if finding.worse)

    @property
    def moves(self) -> dict[tuple[str, str], int]:
        """How many documents went from which verdict to which: `{("accept", "reject"): 3}`."""
        moved = (
            self.flips.group_by("before", "after").len().sort("len", "before", "after", descending=[True, False, False])
        )
        return {(before, after): n for before, after, n in moved.iter_rows()}

    def failing(self, *fail_on: str) -> tuple[Finding, ...]:
        """The findings that make a gate of it fail: `worse`, `any`, or a section. Raises UnknownName for another."""
        for asked in fail_on:
            if asked not in FAIL_ON:
                raise UnknownName("thing to fail on", asked, FAIL_ON)
        return tuple(
            finding
            for finding in self.findings
            if "any" in fail_on or finding.section in fail_on or ("worse" in fail_on and finding.worse)
        )

    def to_json(self) -> dict[str, Any]:
        """The whole as plain JSON values; of each section up to 1,000 rows."""
        tables = {name: getattr(self, name) for name in ("shares", "metrics", "flips", "boilerplate", "sites")}
        return {
            "kind": "corpusqa comparison",
            "format": 1,
            "a": asdict(self.a),
            "b": asdict(self.b),
            "notes": list(self.notes),
            "findings": [asdict(finding) for finding in self.findings],
            "shared_documents": self.shared,
            "moves": [{"before": before, "after": after, "documents": n} for (before, after), n in self.moves.items()],
            **{name: plain(frame.head(LISTED).to_dicts()) for name, frame in tables.items()},
            "rows": {name: len(frame) for name, frame in tables.items()},
        }


def compare(a: Run | str | Path, b: Run | str | Path, *, suite: str | Path | None = None) -> Comparison:
    """What changed from run `a` to run `b`, and whether it got worse.

    Verdicts are those of the runs, or by `suite`, for both anew. Raises UnusableRun when the two were judged by
    different rules and no suite is given, or when one is no run of this format; NoDocuments when one has none.
    """
    runs = (Run.of(a), Run.of(b))
    for run in runs:
        if not run.manifest["counts"]["documents"]:
            raise NoDocuments(f"The run {str(run.path)!r} has no documents, so there is nothing to compare.")
    if suite is None:
        _check_rules(*runs)
    judged = [gating.gate(run, suite) if suite is not None else None for run in runs]
    documents = [_documents(run, result) for run, result in zip(runs, judged, strict=True)]
    names = [_measured(run) for run in runs]
    both = differences.shared(documents)
    return Comparison(
        a=_side(runs[0], judged[0]),
        b=_side(runs[1], judged[1]),
        notes=tuple(_notes(*runs, *names)),
        shares=differences.shares(runs, documents),
        metrics=differences.metrics(runs, [name for name in names[0] if name in names[1]]),
        shared=len(both),
        flips=_flips(both),
        boilerplate=differences.boilerplate(runs),
        sites=differences.sites(runs, documents),
    )


def _measured(run: Run) -> list[str]:
    """The metrics of a run, those of one's own among them, which this process need not know."""
    columns = run.documents.collect_schema()
    return [name for name, dtype in columns.items() if name not in DOCUMENTS.schema and dtype.is_numeric()]


def _side(run: Run, judged: gating.Result | None) -> Side:
    about = run.manifest
    verdict = about["gate"]["verdict"] if judged is None else "PASS" if judged.passed else "FAIL"
    name = about["gate"]["suite"] if judged is None else judged.suite.name
    return Side(str(run.path), about["version"], about["counts"]["documents"], about["counts"]["sites"], name, verdict)


def _check_rules(a: Run, b: Run) -> None:
    """Raises UnusableRun when the two were judged by different rules: every verdict could flip for that alone."""
    rules = [{entry["meta"]["rule_id"]: _asked(entry) for entry in run.validation["results"]} for run in (a, b)]
    if rules[0] == rules[1]:
        return
    differing = sorted(name for name in {*rules[0], *rules[1]} if rules[0].get(name) != rules[1].get(name))
    suites = [run.manifest["gate"]["suite"] for run in (a, b)]
    named = ", ".join(differing[:5]) + (", …" if len(differing) > 5 else "")
    raise UnusableRun(
        f"{str(a.path)!r} was judged by {suites[0]!r} and {str(b.path)!r} by {suites[1]!r}, which differ in {named}. "
        f"Judge both by one: --suite {b.settings.gate.suite}"
    )


def _asked(entry: Mapping[str, Any]) -> tuple[Any, ...]:
    """What a rule asks, without the words about it."""
    config = entry["expectation_config"]
    meta = config.get("meta") or {}
    return config["type"], config["kwargs"], config.get("severity"), meta.get("null"), meta.get("unmet")


def _documents(run: Run, judged: gating.Result | None) -> pl.DataFrame:
    """`doc_id`, `site`, `duplicate_of` and what was decided, by the run or anew."""
    own = run.documents.select("doc_id", "site", "duplicate_of", "verdict", "failed", "flagged").collect()
    return own if judged is None else own.with_columns(judged.documents["verdict", "failed", "flagged"])


def _notes(a: Run, b: Run, names_a: list[str], names_b: list[str]) -> Iterator[str]:
    settings = [dict(_flat(run.settings.model_dump(mode="json"))) for run in (a, b)]
    for key in sorted({*settings[0], *settings[1]}):
        if (before := settings[0].get(key)) != (after := settings[1].get(key)):
            yield f"{key} is {before!r} in A and {after!r} in B"
    versions = [{"corpusqa": run.manifest["version"], **run.manifest["versions"]} for run in (a, b)]
    changed = [
        f"{key} {old} and {versions[1].get(key)}" for key, old in versions[0].items() if versions[1].get(key) != old
    ]
    if changed:
        yield f"made by other versions: {', '.join(changed)}"
    for side, own, other in (("A", names_a, names_b), ("B", names_b, names_a)):
        if only := [name for name in own if name not in other]:
            yield f"only {side} has {', '.join(only[:5])}{f' and {len(only) - 5} more' if len(only) > 5 else ''}"


def _flat(settings: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in settings.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def _flips(both: pl.DataFrame) -> pl.DataFrame:
    """The documents whose verdict is another, those that are rejected now first."""
    rank = pl.col("after").replace_strict(RANK, return_dtype=pl.Int8)
    return both.filter(pl.col("before") != pl.col("after")).sort(rank, descending=True, maintain_order=True)


def _findings(found: Comparison) -> Iterator[Finding]:
    """Section by section, in the order of the frames."""
    for row in _changed(found.shares):
        said = f"documents {row['share']}: {row['share_a']:.1%} before, {row['share_b']:.1%} now"
        yield Finding("shares", row["change"] == "worse", said)
    for row in _changed(found.metrics):
        yield Finding("metrics", row["change"] == "worse", f"{row['metric']}: {drifted(row)}")
    for (before, after), n in found.moves.items():
        if n >= FLIPS_MATTER * found.shared:
            said = f"{n:,} of {found.shared:,} documents in both went from {before} to {after}"
            yield Finding("verdicts", RANK[after] > RANK[before], said)
    for row in _changed(found.boilerplate):
        said = f"{row['state']} {row['kind']} {row['group']}, in {row['documents']:,} documents ({row['share']:.1%})"
        yield Finding("boilerplate", False, said)
    for row in _changed(found.sites):
        if row["change"] in ("worse", "better"):
            rejected = f"{row['rejected_a']:.1%} rejected before, {row['rejected_b']:.1%} now"
            kept = f"{number(row['kept_a'])} of the words kept before, {number(row['kept_b'])} now"
            yield Finding("sites", row["change"] == "worse", f"{row['site']}: {rejected}; {kept}")


def _changed(frame: pl.DataFrame) -> Iterator[dict[str, Any]]:
    return frame.drop_nulls("change").iter_rows(named=True)


def drifted(row: Mapping[str, Any]) -> str:
    """How a metric drifted, a row of `Comparison.metrics`, in words."""
    if abs(row["missing_b"] - row["missing_a"]) > row["distance"]:
        return f"{row['missing_a']:.1%} of documents without a value before, {row['missing_b']:.1%} now"
    medians = f"median {number(row['median_a'])} before, {number(row['median_b'])} now"
    return f"{medians}; {row['distance']:.1%} of documents changed sides of {number(row['limit'])}"


def number(value: float | None) -> str:
    """A measured value to read, with three digits; a dash for none."""
    return "-" if value is None else f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:.3g}"
