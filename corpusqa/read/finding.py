"""INPUT as a person gives it -> the files to read, each with the name that the run knows it by.

A folder is walked by suffix; what is named, or matched by a pattern, is read whatever it is called. A file that is
reached in two ways is one file. Names do not depend on the order in which inputs are given.
"""

from __future__ import annotations

import glob
import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpusqa.errors import UnusableInput

SUFFIXES = {
    ".txt": "text",
    ".text": "text",
    ".md": "text",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".csv": "csv",
    ".tsv": "tsv",
    ".parquet": "parquet",
}
PACKED = (".gz", ".zst")

RUN_FILE, CURATED_FILE = "run.json", "curated.json"  #: what makes a folder a run, or a curated corpus, of ours
CURATED_KIND = "corpusqa curated corpus"


@dataclass(frozen=True, slots=True)
class Found:
    """A file met while looking through an INPUT."""

    path: Path  #: absolute, links as they stand
    base: Path  #: the folder that its name is relative to
    format: str | None  #: by its suffix; None when that tells nothing
    named: bool = False  #: given by name rather than met in a folder
    alone: bool = True  #: an INPUT, or the match of one, by itself; else one of what a folder holds

    @property
    def given(self) -> Path:
        """The INPUT: the file itself, or the folder that was walked."""
        return self.path if self.alone else self.base

    @property
    def below(self) -> str:
        """Its path below its INPUT."""
        return self.path.relative_to(self.base).as_posix()

    @property
    def folder(self) -> str | None:
        """The first folder below INPUT."""
        first, slash, _ = self.below.partition("/")
        return first if slash else None


def find(inputs: Sequence[str | Path]) -> tuple[dict[str, Found], dict[str, int]]:
    """The files by source, in the order of the sources; and how many files of each suffix were passed over.

    Raises UnusableInput for a path that is not there, or that is a run of ours.
    """
    met = [found for given in inputs for found in _look(str(given))]
    files = _once(found for found in met if found.format or found.named)
    for file in files:
        _check_name(file.path)
    read = {found.path for found in files}
    passed = {found.path for found in met} - read - {found.path for found in met if found.format or found.named}
    return _sources(files), dict(sorted(Counter(map(suffix, passed)).items()))


def _check_name(path: Path) -> None:
    """Raise UnusableInput for a path that is bytes of another encoding: no table or manifest could name the file."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        shown = os.fsencode(path).decode("utf-8", "backslashreplace")
        raise UnusableInput(
            f"The name of {shown} is not UTF-8, so the run could not name it. Rename it, or leave it out."
        ) from None


def _look(given: str) -> Iterator[Found]:
    """What one INPUT holds: a path that exists is that path, whatever characters are in it; else it is a pattern."""
    path = Path(os.path.abspath(given))  # noqa: PTH100 - resolve() would replace links by what they point to
    if path.is_dir():
        if is_run(path):
            raise UnusableInput(f"{given} is the folder of a run, not a corpus. Name the input that was audited.")
        yield from _walk(path, path, set())
    elif path.is_file():
        yield Found(path, path.parent, format_of(path), named=True)
    elif glob.has_magic(given):
        yield from _matches(given)
    else:
        raise UnusableInput(
            f"There is no file or folder {given!r}. Name one that exists; quote a pattern like '*.jsonl'."
        )


def _matches(pattern: str) -> Iterator[Found]:
    """The files that a pattern matches, named below the folder where it starts to be one."""
    fixed = Path(os.path.abspath(pattern))  # noqa: PTH100
    while glob.has_magic(str(fixed)):
        fixed = fixed.parent
    paths = [Path(os.path.abspath(match)) for match in sorted(glob.glob(pattern, recursive=True))]  # noqa: PTH100, PTH207
    if not paths:
        raise UnusableInput(f"Nothing matches {pattern!r}. Correct the pattern, or name a folder.")
    for path in paths:
        if path.is_file():
            if _is_input(path):
                yield Found(path, fixed, format_of(path), named=True)
        elif "**" not in pattern and not is_run(path):
            yield from _walk(path, fixed, set())


def _is_input(path: Path) -> bool:
    """Whether a pattern may match this file: not the tables of a run, nor what a curated corpus is undone by."""
    listed = curated_files(path.parent)
    return not is_run(path.parent) if listed is None else path.name in listed


def _walk(folder: Path, base: Path, seen: set[str]) -> Iterator[Found]:
    """The files of a folder and those below it; links are followed, each folder entered once."""
    real = os.path.realpath(folder)
    if real in seen:
        return
    seen.add(real)
    listed = curated_files(folder)
    if listed is not None:
        for name in listed:
            yield Found(folder / name, base, format_of(folder / name), named=True, alone=False)
        return
    for entry in _entries(folder):
        path = folder / entry.name
        if path.is_dir():  # the entry's own is_dir() raises on a link to itself
            if not is_run(path):
                yield from _walk(path, base, seen)
        else:
            yield Found(path, base, format_of(path) if path.is_file() else None, alone=False)


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    """What a folder holds, without dotfiles; links last, so that a file goes by its own name where it has one."""
    try:
        with os.scandir(folder) as entries:
            seen = [entry for entry in entries if not entry.name.startswith(".")]
    except OSError as refused:
        raise UnusableInput(
            f"{folder} cannot be listed: {refused.strerror}. Make it readable, or leave it out."
        ) from None
    return sorted(seen, key=lambda entry: (entry.is_symlink(), entry.name))


def _once(found: Iterable[Found]) -> list[Found]:
    """Each file once, however it was reached: by itself rather than by a link, from the outermost INPUT."""
    best: dict[str, tuple[tuple[bool, int, str, bool], Found]] = {}
    for file in found:
        real = os.path.realpath(file.path)
        order = (real != str(file.path), -len(file.below), file.below, file.alone)
        if real not in best or order < best[real][0]:
            best[real] = (order, file)
    return [file for _, file in best.values()]


def _sources(files: list[Found]) -> dict[str, Found]:
    """Each file by its path below its INPUT, or, where two have the same, below what holds all INPUTs."""
    names = [file.below for file in files]
    if len(set(names)) < len(names):
        above = Path(os.path.commonpath([file.base for file in files]))
        names = [file.path.relative_to(above).as_posix() for file in files]
    return dict(sorted(zip(names, files, strict=True)))


def format_of(path: Path) -> str | None:
    """The format that a file's name tells, packed or not.

    >>> format_of(Path("a/b.JSONL.gz")), format_of(Path("page.html"))
    ('jsonl', None)
    """
    name = path.name.lower()
    for packed in PACKED:
        name = name.removesuffix(packed)
    return SUFFIXES.get(Path(name).suffix)


def suffix(path: Path) -> str:
    """What kind of file this calls itself.

    >>> suffix(Path("a.html.gz")), suffix(Path("a.PNG")), suffix(Path("LICENSE"))
    ('.html.gz', '.png', '(none)')
    """
    last = [part.lower() for part in path.suffixes[-2:]]
    own = "".join(last[-1:] if last[-1:] and last[-1] not in PACKED else last) or "(none)"
    return own.encode("utf-8", "replace").decode()


def is_run(folder: Path) -> bool:
    """Whether this folder holds a run of ours."""
    return isinstance(_json(folder / RUN_FILE).get("inputs"), list)


def curated_files(folder: Path) -> list[str] | None:
    """The files of a curated corpus of ours, as paths below it; None for any other folder.

    Raises UnusableInput when one of them is gone.
    """
    manifest = _json(folder / CURATED_FILE)
    if manifest.get("kind") != CURATED_KIND:
        return None
    files = [str(name) for name in manifest.get("files", [])]
    if gone := next((name for name in files if not (folder / name).is_file()), None):
        raise UnusableInput(f"{folder / CURATED_FILE} lists {gone!r}, which is not there. Curate again.")
    return files


def _json(path: Path) -> dict[str, Any]:
    """The object that a file holds; an empty one when there is no such file, or it holds something else."""
    try:
        value = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
