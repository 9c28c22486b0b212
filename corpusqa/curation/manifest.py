"""`curated.json`: what a curated corpus consists of, what was taken out of it, and what putting it back needs."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from corpusqa import __version__
from corpusqa.config import Read
from corpusqa.errors import UnusableInput
from corpusqa.read.finding import CURATED_FILE, CURATED_KIND
from corpusqa.tables import REMOVED

FORMAT = 1  #: raised when a reader of today could not restore what is written tomorrow


@dataclass(slots=True)
class Source:
    """An input file, and what became of it."""

    source: str
    format: str
    bytes: int
    sha256: str
    file: str | None = None  #: where its records are now, unchanged but for the cuts; None when nothing of it was kept
    converted: bool = False  #: written in another format, so restored from the records kept of it
    about: dict[str, Any] = field(default_factory=dict)  #: what its file has beside records: `formats.described`


@dataclass(slots=True)
class Counts:
    """How much stayed, and what went by which rule."""

    documents: int = 0
    kept: int = 0
    unusable: int = 0  #: input records that were rejected
    normalised: int = 0  #: kept documents with other characters than their record
    cuts: dict[str, int] = field(default_factory=dict)
    dropped: dict[str, int] = field(default_factory=dict)  #: a document that breaks several rules counts for each


@dataclass(slots=True)
class Manifest:
    """The whole file."""

    settings: Read
    options: dict[str, Any]
    counts: Counts
    inputs: list[Source]
    files: dict[str, dict[str, Any]]  #: path below the folder -> bytes, sha256

    def write(self, folder: Path) -> None:
        """Write it into a folder."""
        content = {
            "kind": CURATED_KIND,
            "format": FORMAT,
            "version": __version__,
            "options": self.options,
            "settings": self.settings.model_dump(mode="json"),
            "counts": asdict(self.counts),
            "files": self.files,
            "inputs": [asdict(source) for source in self.inputs],
        }
        path = folder / CURATED_FILE
        path.write_text(
            json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", errors="surrogateescape"
        )

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """That of a curated corpus, whose files are as they were written. Raises UnusableInput for anything else."""
        try:
            text = (folder / CURATED_FILE).read_text(encoding="utf-8", errors="surrogateescape")
            content: dict[str, Any] = json.loads(text)
        except (OSError, ValueError):
            content = {}
        if not isinstance(content, dict) or content.get("kind") != CURATED_KIND:
            raise UnusableInput(f"{str(folder)!r} is no curated corpus. Name a folder that `corpusqa curate` wrote.")
        if content["format"] != FORMAT:
            raise UnusableInput(
                f"{str(folder)!r} has format {content['format']}, this corpusqa reads format {FORMAT}. "
                f"Restore it with corpusqa {content['version']}."
            )
        manifest = cls(
            Read.model_validate(content["settings"]),
            content["options"],
            Counts(**content["counts"]),
            [Source(**source) for source in content["inputs"]],
            content["files"],
        )
        manifest._check(folder)
        return manifest

    def _check(self, folder: Path) -> None:
        """Restoring would mix up records if a file were not as it was written."""
        for name in [*self.files, *(source.source for source in self.inputs)]:
            if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
                raise UnusableInput(
                    f"{folder / CURATED_FILE} names {name!r}, outside the corpus. It is not as written."
                )
        for name, written in self.files.items():
            if not (folder / name).is_file() or digest(folder / name) != written:
                raise UnusableInput(
                    f"{folder / name} is not as it was written, so nothing can be restored. Curate again."
                )


def ours(folder: Path) -> bool:
    """Whether a folder holds a curated corpus, which may be replaced by another.

    Raises UnusableInput when there is a file in it that we did not write: it would vanish with the corpus.
    """
    try:
        content = json.loads((folder / CURATED_FILE).read_text(encoding="utf-8", errors="surrogateescape"))
    except (OSError, ValueError):
        return False
    if not isinstance(content, dict) or content.get("kind") != CURATED_KIND:
        return False
    written = {CURATED_FILE, REMOVED.file, *content.get("files", ())}
    found = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())
    if other := next((name for name in found if name not in written), None):
        raise UnusableInput(
            f"{str(folder)!r} holds {other!r} besides a curated corpus, which replacing it would delete. "
            "Move it away, or name another folder with -o."
        )
    return True


def digest(path: Path) -> dict[str, Any]:
    """The size and SHA-256 of a file."""
    with path.open("rb") as file:
        return {"bytes": path.stat().st_size, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}
