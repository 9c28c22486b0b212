"""Settings: one frozen model a stage, and where they come from.

A flag wins over `corpusqa.toml`, which wins over `[tool.corpusqa]` in pyproject.toml, which wins over the default. An
unknown key is refused with the nearest known one: a misspelt setting that is ignored is worse than none. Thresholds
that judge documents are no settings; they live in the suites.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from corpusqa.errors import UnknownName, UnusableInput, UnusableSettings
from corpusqa.tables import Kind

LISTS = ("approve", "ignore")
Flags = Mapping[str, Mapping[str, Any]]  #: values by stage and setting, as in the file; None was not given


class Stage(BaseModel):
    """What the settings of every stage share: frozen, and nothing unknown."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Read(Stage):
    """Which column of a record is what; null means found by its usual names."""

    text_column: str | None = None
    id_column: str | None = None
    url_column: str | None = None
    site_column: str | None = None
    date_column: str | None = None


class Repeats(Stage):
    """Paragraphs that repeat one another inside a document."""

    #: Shorter ones are refrains, speaker labels and sub-headings more often than accidents.
    min_tokens: int = Field(default=8, ge=1)
    #: Containment of the shorter one's word 3-grams in the longer from which it counts as said twice.
    containment: float = Field(default=0.8, gt=0, le=1)


class Approved(Stage):
    """A text or template that is always furniture; in a file it may be the text alone."""

    text: str
    kind: Kind | None = None

    @model_validator(mode="before")
    @classmethod
    def _text_alone(cls, given: Any) -> Any:
        return {"text": given} if isinstance(given, str) else given


class Boilerplate(Stage):
    """Paragraphs that recur across documents."""

    #: Two pages of one site are enough to know its furniture by; three are needed where the text reads as prose.
    min_documents: int = Field(default=2, ge=2)
    #: Similarity from which two paragraphs are one group; see `fingerprint.signatures` for the measure.
    threshold: float = Field(default=0.8, gt=0, le=1)
    #: Texts, or templates with ⟨…⟩ for what changes, that are always furniture, and those that are always content.
    approve: tuple[Approved, ...] = ()
    ignore: tuple[str, ...] = ()
    #: A TOML file with more of both, beside the settings file; what it holds is taken in when the settings are read.
    list: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _with_list(cls, given: Any) -> Any:
        if not isinstance(given, dict) or not isinstance(given.get("list"), str):
            return given
        own = {name: given.get(name, ()) for name in LISTS}
        if not all(isinstance(entries, list | tuple) for entries in own.values()):
            return given
        file = _listed(Path(given["list"]))
        return {**given, **{name: (*own[name], *file.get(name, ())) for name in LISTS}, "list": None}


def _listed(path: Path) -> dict[str, tuple[Any, ...]]:
    """The entries of a list file, by setting."""
    if not path.is_file():
        raise UnusableInput(
            f"There is no file {str(path)!r}, which boilerplate.list names. Make it, or correct the path."
        )
    content = _parse(path)
    for name, entries in content.items():
        if name not in LISTS:
            raise UnknownName("list", name, LISTS, where=str(path))
        if not isinstance(entries, list):
            raise UnusableSettings(f"{name} = {entries!r} in {path} cannot be used: it must be an array of texts.")
    return {name: tuple(entries) for name, entries in content.items()}


class Duplicates(Stage):
    """Documents that are copies of one another."""

    threshold: float = Field(default=0.8, gt=0, le=1)
    #: `kept`: without the furniture, so that two copies in different frames are found; `as-read`: with it.
    compare: Literal["kept", "as-read"] = "kept"


class Metrics(Stage):
    """Which metrics are computed: `default` or `all`, families, or names; what the suite needs comes on top."""

    select: tuple[str, ...] = ("default",)
    #: Modules with metrics of one's own, by name or path; what they define is computed too.
    modules: tuple[str, ...] = ()


class Gate(Stage):
    """The suite that judges: a shipped name or the path of a file."""

    suite: str = "news"


class Settings(Stage):
    """The settings of a run. Its digest is in `run.json`: same digest and same input, same tables."""

    read: Read = Read()
    repeats: Repeats = Repeats()
    boilerplate: Boilerplate = Boilerplate()
    duplicates: Duplicates = Duplicates()
    metrics: Metrics = Metrics()
    gate: Gate = Gate()

    def under(self, flags: Flags) -> Settings:
        """These settings with the flags that were given (not None) in their place."""
        return _validated(_laid_over(self.model_dump(), flags), "flags")

    def digest(self) -> str:
        """12 hex digits that change when any setting does."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:12]


def load(file: Path | None = None, flags: Flags | None = None) -> Settings:
    """The settings in force here: those of `file`, or of the nearest file above this folder, under `flags`.

    `flags` are tables by stage, as in the file: `{"duplicates": {"threshold": 0.7}}`; a value of None was not given.
    Raises UnknownName for a key that nothing has, UnusableSettings for a value that cannot be.
    """
    path, section, tables = _read(file)
    where = f"{path} {section}".strip() if path else "flags"
    return _validated(_laid_over(_beside(path, tables), flags or {}), where)


def _beside(path: Path | None, tables: dict[str, Any]) -> dict[str, Any]:
    """The tables with the path of the list file, which is relative to the settings file, made one from here."""
    stage = tables.get("boilerplate")
    if path is None or not isinstance(stage, dict) or not isinstance(stage.get("list"), str):
        return tables
    return {**tables, "boilerplate": {**stage, "list": str(path.parent / stage["list"])}}


def _laid_over(tables: dict[str, Any], flags: Flags) -> dict[str, Any]:
    """The tables with the values of the flags that were given."""
    given = {stage: {key: value for key, value in own.items() if value is not None} for stage, own in flags.items()}
    laid = {stage: {**below, **own} for stage, own in given.items() if isinstance(below := tables.get(stage, {}), dict)}
    return {**tables, **{stage: own for stage, own in laid.items() if own}}


def _validated(tables: dict[str, Any], path: str) -> Settings:
    try:
        return Settings.model_validate(tables)
    except ValidationError as invalid:
        raise _explained(invalid, path) from None


def _read(file: Path | None) -> tuple[Path | None, str, dict[str, Any]]:
    """The file in which the settings were found, the section of it, and the tables there."""
    if file is not None:
        if not file.is_file():
            raise UnusableInput(
                f"There is no settings file {str(file)!r}. Name one that exists, or leave the option out."
            )
        return file, "", _parse(file)
    for folder in (Path.cwd(), *Path.cwd().parents):
        if (own := folder / "corpusqa.toml").is_file():
            return own, "", _parse(own)
        if (project := folder / "pyproject.toml").is_file():
            tables = _parse(project).get("tool", {}).get("corpusqa")
            if tables is not None:
                return project, "[tool.corpusqa]", tables
    return None, "", {}


def _parse(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as broken:
        raise UnusableSettings(f"{path} is not valid TOML: {broken}. Correct it, or name another file.") from None


def _explained(invalid: ValidationError, path: str) -> UnknownName | UnusableSettings:
    """Pydantic's first complaint, in our words."""
    first = invalid.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        return UnknownName("setting", place, _names(_model(first["loc"][:-1]), first["loc"][:-1]), where=path)
    return UnusableSettings(
        f"{place} = {first['input']!r} in {path} cannot be used: {first['msg']}. Correct the value."
    )


def _model(above: tuple[int | str, ...]) -> type[BaseModel]:
    """The model that the setting at this place is in."""
    model: type[BaseModel] = Settings
    for part in above:
        if isinstance(part, str):
            annotation = model.model_fields[part].annotation
            model = next(own for own in (annotation, *get_args(annotation)) if isinstance(own, type))
    return model


def _names(model: type[BaseModel], above: tuple[int | str, ...]) -> list[str]:
    return [".".join([*map(str, above), name]) for name in model.model_fields]
