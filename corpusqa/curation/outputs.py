"""The files of a curated corpus while they are written: one at a time, each made when the first record goes into it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from corpusqa.config import Read
from corpusqa.curation.converting import Converted, Fields, Target, names
from corpusqa.curation.formats import described, form
from corpusqa.curation.forms import Form, Order, Raws
from corpusqa.curation.manifest import Source, digest
from corpusqa.read.streams import compression


class Outputs:
    """Where the records of each source go. Sources come in their order."""

    def __init__(self, folder: Path, inputs: list[dict[str, Any]], target: Target | None, settings: Read) -> None:
        self._folder, self._target, self._settings = folder, target, settings
        self._paths = {entry["source"]: Path(entry["path"]) for entry in inputs}
        self._packed = {source: compression(path) for source, path in self._paths.items()}
        self.sources = {
            entry["source"]: Source(entry["source"], entry["format"], entry["bytes"], entry["sha256"])
            for entry in inputs
        }
        formats = {source: about.format for source, about in self.sources.items()}
        self._names = names(formats, self._packed, target) if target else {source: source for source in formats}
        for source, about in self.sources.items():
            about.converted = target is not None and about.format != target
            about.file = None if about.converted else source
        self._form: Form | None = None
        self._source = ""
        self._converted: dict[str, Converted] = {}
        self.files: dict[str, dict[str, Any]] = {}

    def path(self, source: str) -> Path:
        """The input file."""
        return self._paths[source]

    def form(self, source: str) -> Form:
        """The file that this source's records go to, in its own format."""
        if self._form is None or self._source != source:
            self._close_form()
            about = self.sources[source]
            self._source = source
            self._form = form(self._folder / source, about.format, self._described(about), self._settings)
        return self._form

    def _described(self, about: Source) -> dict[str, Any]:
        if not about.about:
            source = about.source
            about.about = described(self._paths[source], about.format, self._packed[source], self._settings)
        return about.about

    def write(self, source: str, raws: Raws, order: Order, texts: Mapping[int, str]) -> None:
        """More records of a source, as in `Form.write`."""
        self.form(source).write(raws, order, texts)

    def convert(self, source: str, row: int, record: Fields, text: str) -> None:
        """One document, in the format asked for."""
        assert self._target is not None
        name = self._names[source]
        if name not in self._converted:
            self._converted[name] = Converted(self._folder / name, self._target, self._packed[source])
        self._converted[name].write(row, record, text)

    def _close_form(self) -> None:
        if self._form is None:
            return
        self._form.close()
        written = self._folder / self._source
        if written.is_file():
            self.files[self._source] = digest(written)
        self._form = None

    def close(self) -> None:
        """Finish all files, and know of every source what restoring it needs."""
        self._close_form()
        for converted in self._converted.values():
            converted.close()
            for path in converted.written:
                self.files[path.relative_to(self._folder).as_posix()] = digest(path)
        for source, about in self.sources.items():
            self._described(about)
            about.file = source if source in self.files and not about.converted else None
        self.files = dict(sorted(self.files.items()))
