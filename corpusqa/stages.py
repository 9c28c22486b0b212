"""What a run says while it works: a line for each finished stage, and how far the current one is.

The audit reports to a `Watch` and knows nothing of terminals; `corpusqa.cli.console` has one that draws bars.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from corpusqa.memory import Meter

if TYPE_CHECKING:
    from corpusqa.gating import Result


class Watch:
    """Someone who is told how the work goes; this one does not care."""

    def started(self, stage: str, total: int | None) -> None:
        """A stage begins; it has `total` steps, when that is known."""

    def advanced(self, steps: int) -> None:
        """The stage that began last has done so many steps more."""

    def finished(self, stage: str, line: str, seconds: float) -> None:
        """The stage is over; `line` says what came of it."""

    def noticed(self, line: str) -> None:
        """Something that a person should know."""

    def judged(self, result: Result) -> None:
        """What the gate found."""


@dataclass(slots=True)
class Stage:
    """The stage at work; what it sets as `line` is what a person is told at its end."""

    watch: Watch
    line: str = ""

    def advance(self, steps: int = 1) -> None:
        """Say that so many steps are done."""
        self.watch.advanced(steps)


@dataclass(slots=True)
class Stages:
    """The stages of one run, timed."""

    watch: Watch = field(default_factory=Watch)
    log: list[dict[str, Any]] = field(default_factory=list)  #: of each finished stage: see `stage`
    meter: Meter = field(default_factory=Meter)

    @contextmanager
    def stage(self, name: str, total: int | None = None) -> Iterator[Stage]:
        """Time what happens in the block, and report it when it ends well.

        The log gets its `name`, `seconds`, `line` and `memory`: bytes at the peak, where the system tells them.
        """
        started = time.perf_counter()
        self.watch.started(name, total)
        at_work = Stage(self.watch)
        yield at_work
        seconds = round(time.perf_counter() - started, 3)
        self.log.append({"name": name, "seconds": seconds, "line": at_work.line, "memory": self.meter.since()})
        self.watch.finished(name, at_work.line, seconds)
