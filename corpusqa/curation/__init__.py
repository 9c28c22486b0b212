"""Gives you the good part: the accepted documents without their furniture, and everything back when you want it.

`curate` carries out what a run has decided, and decides nothing anew. `removed.parquet` holds every cut and every
dropped record, `curated.json` what was written; from these and the curated files `restore` makes the corpus again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, get_args

from corpusqa.curation.converting import Target
from corpusqa.curation.curating import Curation
from corpusqa.curation.decisions import Drop, Options
from corpusqa.curation.manifest import Counts, ours
from corpusqa.curation.restoring import Restoration
from corpusqa.errors import UnknownName, UnusableInput
from corpusqa.read import verify
from corpusqa.run import Run, new_folder

__all__ = ["Curated", "Restored", "curate", "restore"]


@dataclass(frozen=True, slots=True)
class Curated:
    """A curated corpus: where it is, and what it was made by."""

    path: Path
    files: int
    counts: Counts

    def __str__(self) -> str:
        counts = self.counts
        n_cuts = sum(counts.cuts.values())
        kept = f"{counts.kept:,} of {counts.documents:,} documents in {self.files:,} files"
        lines = [
            f"{kept}, with {n_cuts:,} cuts: {self.path}",
            *_by_rule("dropped", counts.dropped),
            *_by_rule("cut", counts.cuts),
        ]
        if counts.unusable:
            lines.append(f"{counts.unusable:,} unusable records left out")
        return "\n".join([*lines, f"Undo: corpusqa curate --restore {self.path} -o BACK"])


def _by_rule(what: str, counts: dict[str, int], n: int = 5) -> list[str]:
    """The rules that did most."""
    most = Counter(counts).most_common(n)
    rest = len(counts) - len(most)
    named = ", ".join(f"{rule} {count:,}" for rule, count in most)
    return [f"{what} by rule: {named}{f', and {rest:,} more' if rest else ''}"] if most else []


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back."""

    path: Path
    files: int
    records: int

    def __str__(self) -> str:
        return f"{self.records:,} records in {self.files:,} files: {self.path}"


def curate(
    run: Run | str | Path,
    out: str | Path,
    *,
    drop: Drop = "reject",
    keep_furniture: bool = False,
    keep_duplicates: bool = False,
    format: Target | None = None,  # noqa: A002 - as the command's option
) -> Curated:
    """Write the documents of a run that are worth keeping to the folder `out`, without their furniture.

    Each file is written in the format, with the columns and at the relative path of its input, unless `format` is given
    (`jsonl`, `parquet` or `text`). `drop` says which documents go: rejected ones, flagged ones too, or none. Raises
    UnusableRun when an input has changed since the run, UnusableInput for an `out` that holds something else; nothing
    is written then.
    """
    _known("drop", drop, get_args(Drop))
    if format is not None:
        _known("format", format, get_args(Target))
    opened, out = Run.of(run), Path(out)
    inputs = [Path(entry.get("input", entry["path"])) for entry in opened.manifest["inputs"]]
    _refuse_inside(out, [opened.path, *inputs])
    verify(opened.manifest["inputs"])
    options = Options(drop, keep_furniture, keep_duplicates)
    with new_folder(out, "curated corpus", ours) as work:
        curation = Curation(opened, work, options, format)
        manifest = curation.run({**asdict(options), "format": format})
    return Curated(out, len(manifest.files), manifest.counts)


def restore(curated: str | Path, back: str | Path) -> Restored:
    """Write the corpus that `curated` was made of to the folder `back`: every record, in order, with its values.

    Text files are the same byte for byte, and so are JSON lines that nothing was cut from. Raises UnusableInput when
    `curated` is no curated corpus or was changed since, or `back` is not empty.
    """
    curated, back = Path(curated), Path(back)
    _refuse_inside(back, [curated])
    with new_folder(back, "restored corpus", lambda folder: False) as work:
        files, records = Restoration(curated, work).run()
    return Restored(back, files, records)


def _known(kind: str, name: Any, names: Iterable[str]) -> None:
    if name not in names:
        raise UnknownName(kind, str(name), names)


def _refuse_inside(out: Path, others: Iterable[Path]) -> None:
    """Raises UnusableInput when `out` lies in one of these, is one, or holds one."""
    own = out.resolve()
    for other in {path.resolve() for path in others}:
        if own == other or other in own.parents or (own in other.parents and out.exists()):
            where = "is" if own == other else "lies in" if other in own.parents else "holds"
            raise UnusableInput(
                f"{str(out)!r} {where} {str(other)!r}, which it is made from. Name another folder with -o."
            )
