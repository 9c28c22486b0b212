"""Small corpora and made-up runs of them, for tests that need a plan but no audit."""

import csv
import io
import json
from dataclasses import dataclass, field

import polars as pl

from corpusqa import read, segment, tables
from corpusqa.config import Settings
from corpusqa.run import FORMAT, MANIFEST, Run, shards_json
from corpusqa.texts import Texts


@dataclass
class Plan:
    """What a run decided: functions from a document's, and a paragraph's, place in the run to what becomes of it."""

    labels: dict = field(default_factory=dict)  #: (document, position) -> rule of a paragraph that goes
    spans: dict = field(default_factory=dict)  #: (document, position) -> (start, end) in the paragraph
    failed: dict = field(default_factory=dict)  #: document -> rules
    flagged: dict = field(default_factory=dict)  #: document -> rules
    copies: dict = field(default_factory=dict)  #: document -> the document it is a copy of


def make_run(folder, inputs, plan=None, settings=None, shard_bytes=64 << 20):
    """A run folder as an audit would leave it, with this plan."""
    plan, settings = plan or Plan(), settings or Settings()
    corpus = read.plan(inputs, shard_bytes=shard_bytes)
    batches = [batch for shard in corpus.shards for batch in read.batches(shard, settings.read)]
    frame = pl.concat([pl.DataFrame(schema=read.BATCH), *(batch.frame for batch in batches)])
    folder.mkdir()
    documents, paragraphs = _documents(frame, plan), _paragraphs(frame, plan)
    tables.write_parquet([documents], folder / tables.DOCUMENTS.file, documents.schema)
    tables.write_parquet([paragraphs], folder / tables.PARAGRAPHS.file, paragraphs.schema)
    manifest = {
        "format": FORMAT,
        "settings": settings.model_dump(mode="json"),
        "inputs": corpus.inputs,
        "shards": shards_json(corpus.shards),
    }
    (folder / MANIFEST).write_text(json.dumps(manifest))
    return Run(folder)


def doc_id(document):
    return f"doc {document}"


def _documents(frame, plan):
    numbers = range(len(frame))
    failed = [[*plan.failed.get(n, []), *["duplicate"] * (n in plan.copies)] for n in numbers]
    flagged = [plan.flagged.get(n, []) for n in numbers]
    verdicts = ["reject" if no else "flag" if yes else "accept" for no, yes in zip(failed, flagged, strict=True)]
    columns = {
        "doc_id": [doc_id(n) for n in numbers],
        "source": frame["source"],
        "row": frame["row"],
        "duplicate_of": [doc_id(plan.copies[n]) if n in plan.copies else None for n in numbers],
        "verdict": verdicts,
        "failed": failed,
        "flagged": flagged,
    }
    return pl.DataFrame(columns, schema={name: tables.DOCUMENTS.schema[name] for name in columns})


def _paragraphs(frame, plan):
    found = segment.paragraphs(Texts.of(frame["text"]))
    places = list(zip(found["document"], found["position"], strict=True))
    bounds = dict(zip(places, found.select("start", "end").iter_rows(), strict=True))
    rules = [plan.labels.get(place) for place in places]
    spans = [[] if place in plan.labels else _spans(*bounds[place], *plan.spans.get(place, (0, 0))) for place in places]
    columns = {
        "doc_id": [doc_id(document) for document in found["document"]],
        "position": found["position"],
        "start": found["start"],
        "end": found["end"],
        "label": ["boilerplate" if rule else "content" for rule in rules],
        "kind": ["prompt" if rule else None for rule in rules],
        "rule": rules,
        "spans": spans,
    }
    return pl.DataFrame(columns, schema={name: tables.PARAGRAPHS.schema[name] for name in columns})


def _spans(start, end, first, after):
    """The span `first` to `after` of a paragraph, as far as it is in it."""
    first, after = start + first, min(start + after, end)
    return [{"start": first, "end": after, "kind": "prompt", "rule": "inside"}] if first < after else []


def json_lines(records, ending="\n"):
    """JSON lines, in bytes."""
    return "".join(json.dumps(record) + ending for record in records).encode()


def comma_separated(records, delimiter=",", ending="\n"):
    """A CSV file with the columns of the first record, in bytes; lone surrogates are the bytes they stand for."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(records[0]), delimiter=delimiter, lineterminator=ending, quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(records)
    return out.getvalue().encode("utf-8", "surrogateescape")
