"""The run folder: what an audit leaves behind, and the value `Run` that reads it.

A folder is a run when it holds `run.json`, and that file comes last: the audit works in a sibling folder and swaps it
in when everything is there. So a run is whole or absent, a finished one stays until the next is complete, and what a
killed audit leaves is a hidden folder that the next one clears away. The run holds no copy of the corpus; it knows the
inputs by path and digest, and reading them again checks both.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpusqa.errors import DiskFull, UnusableInput, UnusableRun

if TYPE_CHECKING:
    import polars as pl

    from corpusqa.config import Settings
    from corpusqa.read import Shard

FORMAT = 1  #: raised when a reader of today could not read what is written tomorrow
MANIFEST = "run.json"
REPORT = "report.html"
REJECTS = "rejects.jsonl"
VALIDATION = "validation.json"


@dataclass(frozen=True)
class Run:
    """A finished audit: its tables lazily, its manifest, and the way back to the texts."""

    path: Path

    @classmethod
    def of(cls, run: Run | str | Path) -> Run:
        """The run in this folder. Raises UnusableRun when there is none, or one of another format."""
        if isinstance(run, Run):
            return run
        opened = cls(Path(run))
        if not (opened.path / MANIFEST).is_file():
            raise UnusableRun(
                f"{str(run)!r} is no finished run: it holds no {MANIFEST}. Make one with: corpusqa audit INPUT -o {run}"
            )
        written = opened.manifest.get("format")
        if written != FORMAT:
            raise UnusableRun(
                f"{str(run)!r} has run format {written}, this corpusqa reads format {FORMAT}. Audit the input again."
            )
        return opened

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """`run.json`: settings, inputs, counts, stages, versions."""
        return self._json(MANIFEST)

    @cached_property
    def validation(self) -> dict[str, Any]:
        """`validation.json`: how the documents did against the suite."""
        return self._json(VALIDATION)

    @property
    def summary(self) -> dict[str, Any]:
        """The counts, and the gate's verdict."""
        return {**self.manifest["counts"], **self.manifest["gate"]}

    @property
    def documents(self) -> pl.LazyFrame:
        """A row a document: where it came from, its metrics, its verdict."""
        return self._table("documents")

    @property
    def paragraphs(self) -> pl.LazyFrame:
        """A row a paragraph: where it is, what it is, and why."""
        return self._table("paragraphs")

    @property
    def groups(self) -> pl.LazyFrame:
        """A row a paragraph that recurs across documents."""
        return self._table("groups")

    @property
    def pairs(self) -> pl.LazyFrame:
        """A row a verified near-duplicate pair of documents."""
        return self._table("pairs")

    @cached_property
    def settings(self) -> Settings:
        """The settings that the run was made with."""
        from corpusqa.config import Settings

        return Settings.model_validate(self.manifest["settings"])

    @cached_property
    def shards(self) -> tuple[Shard, ...]:
        """The input as it was cut up, to be read again."""
        from corpusqa.read import Piece, Shard

        inputs = {entry["source"]: entry for entry in self.manifest["inputs"]}
        return tuple(
            Shard(
                number,
                tuple(
                    Piece(source, Path(inputs[source]["path"]), inputs[source]["format"], *stretch)
                    for source, *stretch in pieces
                ),
            )
            for number, pieces in enumerate(self.manifest["shards"])
        )

    def _json(self, name: str) -> dict[str, Any]:
        try:
            content: dict[str, Any] = json.loads((self.path / name).read_text(encoding="utf-8"))
        except (OSError, ValueError) as broken:
            raise UnusableRun(f"{self.path / name} cannot be read ({broken}). Audit the input again.") from None
        return content

    def _table(self, name: str) -> pl.LazyFrame:
        import polars as pl

        file = self.path / f"{name}.parquet"
        if not file.is_file():
            raise UnusableRun(f"The run {str(self.path)!r} lacks {file.name}. Audit the input again.")
        return pl.scan_parquet(file, glob=False)


def shards_json(shards: Sequence[Shard]) -> list[list[list[Any]]]:
    """The shards as `run.json` keeps them: a list a shard, of source, start, stop, first row and folder."""
    return [[[p.source, p.start, p.stop, p.first_row, p.folder] for p in shard.pieces] for shard in shards]


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Write a JSON file of the run, whole or not at all."""
    temporary = path.with_name(f".{path.name}.tmp")
    temporary.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    temporary.replace(path)


@contextmanager
def new_run(out: Path) -> Iterator[Path]:
    """A folder to make a run in; see `new_folder`."""
    with new_folder(out, "run", lambda folder: (folder / MANIFEST).is_file()) as work:
        yield work


@contextmanager
def new_folder(out: Path, kind: str, ours: Callable[[Path], bool]) -> Iterator[Path]:
    """A folder to make something in; it takes the place of `out` when the block ends well, else it vanishes.

    Raises UnusableInput when `out` is something else than one of `ours`, an empty folder or nothing (we overwrite only
    what we wrote), is where the process stands, or cannot be made; DiskFull when there is no room.
    """
    out = Path(out)
    if out.exists() and not out.is_dir():
        raise UnusableInput(f"{str(out)!r} is a file, and a {kind} is a folder. Name another with -o.")
    if out.is_dir() and any(out.iterdir()) and not ours(out):
        raise UnusableInput(
            f"{str(out)!r} is not empty and no {kind} of ours, so it is left alone. Name another with -o."
        )
    out = Path(os.path.abspath(out))  # noqa: PTH100 - resolve() would replace a link by what it points to
    if out in (Path.cwd(), *Path.cwd().parents):
        raise UnusableInput(
            f"{str(out)!r} is or holds the folder that you are in, and is replaced as a whole. Name another with -o."
        )
    work = out.with_name(f".{out.name}.corpusqa-work")
    try:
        held = _claimed(work)
        _recover(out)
    except BlockingIOError:
        raise UnusableInput(f"{str(out)!r} is being written by somebody else. Wait, or name another with -o.") from None
    except OSError as refused:
        raise UnusableInput(f"{str(out)!r} cannot be made: {refused.strerror}. Name another with -o.") from None
    try:
        yield work
        _swap(work, out)
    except OSError as failed:
        if DiskFull.is_why(failed):
            raise DiskFull(
                f"The disk of {str(out.parent)!r} is full. Make room, or name another place with -o."
            ) from None
        raise
    finally:
        _clear(work)
        os.close(held)


def _claimed(work: Path) -> int:
    """The empty folder `work`, locked: nobody else writes there until this descriptor is closed, or we are killed."""
    work.mkdir(parents=True, exist_ok=True)
    held = os.open(work, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(held)
        raise
    for left in work.iterdir():
        shutil.rmtree(left) if left.is_dir() and not left.is_symlink() else left.unlink()
    return held


def _swap(work: Path, out: Path) -> None:
    old = _old(out)
    _clear(old)
    if out.exists():
        out.rename(old)
    work.rename(out)
    _clear(old)


def _recover(out: Path) -> None:
    """Put the former run back, should an audit have been killed between the two renames of its swap."""
    if _old(out).exists() and not out.exists():
        _old(out).rename(out)


def _old(out: Path) -> Path:
    return out.with_name(f".{out.name}.corpusqa-old")


def _clear(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)
