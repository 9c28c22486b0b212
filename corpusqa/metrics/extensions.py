"""Metrics from elsewhere: a module of the user's own, or an installed package.

A module is named in the settings, `[metrics] modules = ["mine", "checks/ours.py"]`; a package declares an entry point
in the group `corpusqa.metrics`. Both use the same decorator and have the same duties as corpusqa's own metrics, checked
before a corpus is read. What the settings name is computed without being asked for again; what is merely
installed is not, since a package that comes along must not slow every audit down.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path

import polars as pl

from corpusqa.errors import CorpusqaError, UnusableSettings
from corpusqa.metrics.measuring import origins, schema
from corpusqa.metrics.registry import METRICS
from corpusqa.metrics.twins import add_twin

GROUP = "corpusqa.metrics"
#: What a metric may be: what great_expectations judges fast, and a word such as a language. A bool would be a verdict.
TYPES = (pl.Int64, pl.Float64, pl.String)


@dataclass(frozen=True, slots=True)
class Extensions:
    """Modules with metrics, and the folder from which they are found; other processes get it and load the same."""

    modules: tuple[str, ...] = ()
    folder: str = "."

    @classmethod
    def of(cls, modules: tuple[str, ...]) -> Extensions:
        """These modules, found from the folder in which the process stands."""
        return cls(modules, str(Path.cwd()))

    def load(self) -> tuple[str, ...]:
        """Register the metrics of the modules and of installed packages, once; returns the names of the modules' own.

        Raises UnusableSettings for a module that cannot be imported, or a metric that does not do its duties.
        """
        _load_installed()
        return tuple(name for module in self.modules for name in _load(module, self.folder))


def installed() -> None:
    """Register the metrics of installed packages, once."""
    _load_installed()


@cache
def _load_installed() -> None:
    for entry in entry_points(group=GROUP):
        _registered(entry.load, f"The entry point {entry.name!r} of the group {GROUP}")


@cache
def _load(module: str, folder: str) -> tuple[str, ...]:
    """The metrics that importing this module registers, or has registered before."""
    where = f"[metrics] modules names {module!r}, which"
    if module.endswith(".py"):
        path = Path(folder, module)
        if not path.is_file():
            raise UnusableSettings(
                f"{where} is not there: {path}. Correct the path; it begins at the folder you are in."
            )
        return _registered(lambda: _from_file(path), where)
    if folder not in sys.path:
        sys.path.append(folder)  # behind everything else, so that no file of a project hides an installed module
    importlib.invalidate_caches()
    return _registered(lambda: importlib.import_module(module), where)


def _from_file(path: Path) -> None:
    name = path.stem
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules.setdefault(name, module)
    spec.loader.exec_module(module)


def _registered(imported: Callable[[], object], where: str) -> tuple[str, ...]:
    """Import, and check the metrics that came of it."""
    before = dict(METRICS)
    try:
        module = imported()
    except CorpusqaError:
        raise
    except Exception as broken:  # whatever somebody's module raises, they are told which one it was
        raise UnusableSettings(
            f"{where} cannot be imported: {type(broken).__name__}: {broken}. Correct it, or leave it out."
        ) from broken
    own = getattr(module, "__name__", None)
    new = [name for name, one in METRICS.items() if before.get(name) is not one or one.expression.__module__ == own]
    for name in new:
        _check_type(name)
        add_twin(METRICS[name])
    return tuple(new)


def _check_type(name: str) -> None:
    """Raise for a metric that reads what nobody fills, or that gives no number."""
    origins([name])
    try:
        dtype = schema([name])[name]
    except pl.exceptions.PolarsError as broken:
        raise UnusableSettings(f"The metric {name!r} cannot be computed: {broken}. Correct its expression.") from None
    if dtype not in TYPES:
        raise UnusableSettings(
            f"The metric {name!r} gives {dtype}, and a suite judges numbers. Give a count or a share."
        )
