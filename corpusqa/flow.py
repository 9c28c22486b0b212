"""The audit: read, measure, find what repeats, judge, write, show. A page of verbs; the rooms do the work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from corpusqa import (
    annotate,
    config,
    containment,
    duplicates,
    fingerprint,
    furniture,
    gating,
    identity,
    metrics,
    read,
    tables,
)
from corpusqa import run as runs
from corpusqa.approval import APPROVED, IGNORED, Word
from corpusqa.compiling import PARTS, compile_part
from corpusqa.errors import NoDocuments
from corpusqa.manifest import counts, manifest
from corpusqa.parts import Part, Parts
from corpusqa.passes import KEPT_METRICS, Again, FirstPass, SecondPass
from corpusqa.report.writing import write_report
from corpusqa.run import Run
from corpusqa.stages import Stages, Watch
from corpusqa.workers import Workers
from corpusqa.workers.local import local


def audit(
    inputs: str | Path | Sequence[str | Path],
    out: str | Path = "corpusqa-out",
    *,
    suite: str | None = None,
    settings: config.Settings | None = None,
    workers: int | None = None,
    watch: Watch | None = None,
    command: str = "corpusqa.audit",
) -> Run:
    """Audit a corpus: measure every document, find what repeats, judge it, and write all of it to the folder `out`.

    `inputs` are files, folders or globs; `suite` is a shipped suite or the path of one and wins over the settings';
    `workers` are processes (default: one a processor); `command` is what the run remembers as its origin. Returns the
    finished run. Raises a CorpusqaError for input, settings or a suite that cannot be used, and then leaves `out` as it
    was; raises NoDocuments when there was nothing to judge, after writing a run that says so.
    """
    flags = {"gate": {"suite": suite}}
    in_force = config.load(flags=flags) if settings is None else settings.under(flags)
    paths = [inputs] if isinstance(inputs, str | Path) else list(inputs)
    word = Word.of(in_force.boilerplate)
    stages = Stages(watch or Watch())
    with runs.new_run(Path(out)) as work, stages.meter.watching():
        n_documents = _Audit(paths, work, Path(out), in_force, local(workers), stages, command, word).run()
    written = Run.of(out)
    if not n_documents:
        raise NoDocuments(_nothing(written, paths))
    return written


def _nothing(run: Run, paths: Sequence[str | Path]) -> str:
    """What was found where no document was."""
    passed_over = ", ".join(f"{count} {suffix}" for suffix, count in run.manifest["ignored"].items())
    found = f"{len(run.manifest['inputs']):,} files to read{passed_over and f', passed over {passed_over}'}"
    return (
        f"No documents were found in {', '.join(map(str, paths))}: {found}. "
        f"The run {str(run.path)!r} says so; a file of any suffix is read when it is named."
    )


UNHEARD = 10  #: entries of the user's lists that are told on the terminal when they fit nothing
KEPT_WORDS = "kept_n_words"  #: always measured: which of two copies is kept depends on it


def _findings(parts: Parts, names: Sequence[str]) -> pl.DataFrame:
    """The metrics of what was found in each document."""
    found = []
    tables = zip(parts.parts, parts.each(furniture.LABELLED), parts.each("spans"), strict=True)
    for part, labelled, spans in tables:
        own = annotate.spans_in_content(labelled, spans)
        found.append(metrics.measure_findings(labelled, part.n_documents, names, spans=own))
    return pl.concat(found)


@dataclass(slots=True)
class _Audit:
    """One audit at work, in its work folder."""

    inputs: list[str | Path]
    work: Path
    out: Path
    settings: config.Settings
    workers: Workers
    stages: Stages
    command: str
    word: Word  #: the user's, on what is furniture and what is not

    def run(self) -> int:
        """From the inputs to a complete run folder; returns how many documents it has."""
        suite = gating.load_suite(self.settings.gate.suite)
        extensions = metrics.Extensions.of(self.settings.metrics.modules)
        own = extensions.load()
        judged = {*suite.columns, *(gating.shipped_columns() if "default" in self.settings.metrics.select else ())}
        asked = [*self.settings.metrics.select, *own, *(metrics.METRICS.keys() & judged), KEPT_WORDS]
        names = metrics.origins(asked)
        gating.check_columns(
            suite, [*tables.DOCUMENTS.schema, *names.texts, *names.paragraphs, *names.clusters, *names.kept]
        )
        corpus = self._planned()
        with self.workers:
            parts = self._first_pass(corpus, names.texts, extensions)
            found = self._decided(parts)
            self._second_pass(corpus, parts, names.kept, extensions)
        documents = identity.identified(parts.columns("documents"), corpus.inputs)
        unreadable = parts.total("n_rejects") / max(parts.total("n_rejects") + len(documents), 1)
        documents = documents.with_columns(unreadable_ratio=pl.lit(unreadable))
        documents = documents.hstack(_findings(parts, names.paragraphs))
        if names.kept:
            documents = documents.hstack(parts.columns(KEPT_METRICS))
        copies = self._copies(corpus, parts, documents)
        documents = self._clustered(documents, copies, names.clusters)
        documents, result = self._judged(documents, suite)
        self._written(parts, documents, found.groups, copies, result)
        counted = counts(parts, documents, found, copies.n_crowds)
        lists = self._lists(parts, found)
        parts.remove()
        about = manifest(self.command, self.settings, corpus, counted, suite, result, self.stages, self.workers.n)
        self._shown({**about, **lists})
        return len(documents)

    def _planned(self) -> read.Corpus:
        with self.stages.stage("plan") as stage:
            corpus = read.plan(self.inputs)
            size = sum(entry["bytes"] for entry in corpus.inputs)
            stage.line = f"{len(corpus.inputs):,} files, {size / 1e6:,.1f} MB"
        return corpus

    def _first_pass(self, corpus: read.Corpus, names: Sequence[str], extensions: metrics.Extensions) -> Parts:
        """Read everything once; leave a part a batch."""
        folder = self.work / "parts"
        folder.mkdir()
        banding = fingerprint.banding(self.settings.boilerplate.threshold, fingerprint.ENOUGH)
        work = FirstPass(folder, self.settings, tuple(names), extensions, banding, self.word)
        if not fingerprint.compiled():
            self._compile()
        with self.stages.stage("read", len(corpus.shards)) as stage:
            done: list[Part] = []
            for parts in self.workers.map(work, corpus.shards):
                done += parts
                stage.advance()
            found = Parts(folder, tuple(done))
            stage.line = f"{found.total('n_documents'):,} documents, {found.total('n_rejects'):,} unreadable"
        return found

    def _compile(self) -> None:
        """Compile what the passes will need, each part on a worker of its own."""
        self.stages.watch.noticed("compiling the inner loops, once on this machine: some ten seconds")
        with self.stages.stage("compile", len(PARTS)) as stage:
            for _ in self.workers.map(compile_part, list(PARTS)):
                stage.advance()
            stage.line = f"kept in {fingerprint.kept_in()}"

    def _decided(self, parts: Parts) -> furniture.Furniture:
        """What each paragraph is, and the groups that recur; the labels are left with the parts."""
        with self.stages.stage("furniture") as stage:
            found = furniture.decided(parts, self.settings.boilerplate, self.word)
            n = found.labels
            marked = f"{n.get('boilerplate', 0):,} boilerplate, {n.get('repeated', 0):,} repeated"
            stage.line = f"{marked} of {parts.total('n_paragraphs'):,} paragraphs"
        return found

    def _lists(self, parts: Parts, found: furniture.Furniture) -> dict[str, Any]:
        """What the user's lists came to, for `run.json`; an entry that fits nothing is told at once."""
        if not self.word:
            return {}
        unheard = self.word.unheard(parts.columns("heard"), found.groups)
        for entry in unheard[:UNHEARD]:
            self.stages.watch.noticed(f"{entry} fits no paragraph: correct it, or take it out")
        if len(unheard) > UNHEARD:
            self.stages.watch.noticed(f"and {len(unheard) - UNHEARD} more entries, all in run.json")
        decided = {rule: found.rules.get(rule, 0) for rule in (APPROVED, IGNORED)}
        return {"lists": {"entries": len(self.word.entries), **decided, "unheard": unheard}}

    def _second_pass(
        self, corpus: read.Corpus, parts: Parts, names: Sequence[str], extensions: metrics.Extensions
    ) -> None:
        """Fingerprint the documents as they will be compared; measure them as they will be kept, if asked."""
        banding = fingerprint.banding(self.settings.duplicates.threshold)
        sample = containment.sample_of(parts.total("n_bytes"))
        work = SecondPass(parts.folder, self.settings, tuple(names), extensions, banding, sample)
        with self.stages.stage("fingerprint", len(corpus.shards)) as stage:
            n_bytes = 0
            for done in self.workers.map(work, corpus.shards):
                n_bytes += done
                stage.advance()
            stage.line = f"{n_bytes / 1e6:,.1f} MB of text, {self.settings.duplicates.compare}"

    def _copies(self, corpus: read.Corpus, parts: Parts, documents: pl.DataFrame) -> duplicates.Copies:
        """The documents that are copies of one another."""
        with self.stages.stage("near-copies") as stage:
            prints = parts.columns("compared", ["key", "n_tokens", "n_bytes", "n_heads"])
            hashes = parts.columns("heads", ["hash"]).to_series().to_numpy()
            heads = containment.Heads(hashes, prints["n_heads"].to_numpy(), prints["n_tokens"].to_numpy())
            candidates = documents.select("doc_id", "date", "kept_n_words").hstack(prints)
            again = Again(corpus.shards, parts, self.settings)
            copies = duplicates.find(
                candidates, lambda: parts.bands("compared"), again.shingles, self.settings.duplicates.threshold, heads
            )
            n_clusters, n_dropped = copies.members["cluster"].n_unique(), copies.members["duplicate_of"].count()
            n_parts = (copies.pairs["relation"] == duplicates.PART).sum()
            stage.line = f"{n_clusters:,} clusters, {n_dropped:,} to drop; {n_parts:,} within another"
        return copies

    def _clustered(self, documents: pl.DataFrame, copies: duplicates.Copies, names: Sequence[str]) -> pl.DataFrame:
        """The documents with their clusters and the metrics of those."""
        numbered = documents.with_row_index("document")
        own = numbered.join(copies.members, on="document", how="left", maintain_order="left").drop("document")
        return own.hstack(metrics.measure_duplicates(own, names))

    def _judged(self, documents: pl.DataFrame, suite: gating.Suite) -> tuple[pl.DataFrame, gating.Result | None]:
        """The documents with their verdicts; no result when there are none, which is no pass."""
        if documents.is_empty():
            return documents.with_columns(tables.DOCUMENTS.empty()["verdict", "failed", "flagged"]), None
        with self.stages.stage("gates") as stage:
            result = gating.judge(documents, suite, corpus=self.out.absolute().name)
            stage.line = f"{len(result.rules)} checked, {sum(not rule.success for rule in result.rules)} not passed"
        self.stages.watch.judged(result)
        return documents.hstack(result.documents.drop("doc_id")), result

    def _written(
        self,
        parts: Parts,
        documents: pl.DataFrame,
        groups: pl.DataFrame,
        copies: duplicates.Copies,
        result: gating.Result | None,
    ) -> None:
        """Every table of the run."""
        with self.stages.stage("tables") as stage:
            measured = [name for name in metrics.METRICS if name in documents.columns]
            tables.DOCUMENTS.write(self.work, documents, measured, after="date")
            labelled = parts.tables(furniture.LABELLED)
            tables.PARAGRAPHS.write_all(
                self.work, (own.with_columns(doc_id=documents["doc_id"].gather(own["document"])) for own in labelled)
            )
            tables.GROUPS.write(self.work, groups.with_columns(identity.group_names(groups["group"])))
            tables.PAIRS.write(self.work, copies.pairs)
            parts.join_rejects(self.work / runs.REJECTS)
            judged = {"success": False, "results": []} if result is None else result.to_validation_json()
            runs.write_json(self.work / runs.VALIDATION, judged)
            size = sum(file.stat().st_size for file in self.work.glob("*.parquet"))
            stage.line = f"{size / 1e6:,.1f} MB"

    def _shown(self, about: dict[str, Any]) -> None:
        """The report. It is of a finished run, so the manifest comes first, and once more with what the report took."""
        runs.write_json(self.work / runs.MANIFEST, about)
        with self.stages.stage("report") as stage:
            path = write_report(Run(self.work), folder=str(self.out))
            stage.line = f"{path.stat().st_size / 1e6:,.2f} MB"
        peak = self.stages.meter.peak or about["peak_memory"]
        runs.write_json(self.work / runs.MANIFEST, {**about, "peak_memory": peak})
