"""How much memory a run takes: all of its processes together, what they share counted once.

Linux tells the proportional set size of a process, in which a page that several have is divided among them; the sum
over a process and its descendants is what the machine gave. It is looked at a few times a second, by a thread, so a
peak of a tenth of a second may be missed. Other systems tell only how large each process was at its largest.
"""

from __future__ import annotations

import os
import resource
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

#: Seconds between two looks at least, and how much longer than a look the time between two is: a look at 2 GB takes
#: some 10 ms.
SECONDS, SHARE = 0.2, 50
PROC = Path("/proc")


@dataclass(slots=True)
class Meter:
    """The peaks of memory, of the whole and since it was last asked; 0 where the system does not tell."""

    peak: int = 0
    _latest: int = 0
    _stop: threading.Event = field(default_factory=threading.Event)

    def look(self) -> None:
        """Take the size of now into account."""
        size = in_use()
        self.peak, self._latest = max(self.peak, size), max(self._latest, size)

    def since(self) -> int:
        """The peak since this was last asked, in bytes."""
        self.look()
        latest, self._latest = self._latest, 0
        return latest

    @contextmanager
    def watching(self) -> Iterator[Meter]:
        """Look again and again while the block runs."""
        if not in_use():
            yield self
            return
        thread = threading.Thread(target=self._watch, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._stop.set()
            thread.join()

    def _watch(self) -> None:
        took = 0.0
        while not self._stop.wait(max(SECONDS, SHARE * took)):
            started = time.thread_time()
            self.look()
            took = time.thread_time() - started


def in_use() -> int:
    """Bytes of this process and its descendants by proportional set size; 0 where the system does not tell."""
    return sum(_proportional(process) for process in _tree(os.getpid()))


def at_most(workers: int) -> int:
    """Bytes that a run took at most: the peak of this process, and as often as there are workers that of the largest.

    What they share (the libraries' code) is in each. The operating system counts workers that have ended, and they have
    when a run is complete.
    """
    unit = 1 if sys.platform == "darwin" else 1024
    own, largest = (resource.getrusage(kind).ru_maxrss for kind in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return (own + (workers * largest if workers > 1 else 0)) * unit


def _tree(process: int) -> Iterator[int]:
    """The process and its descendants."""
    yield process
    try:
        tasks = list((PROC / str(process) / "task").iterdir())
    except OSError:  # it has ended, or there is no such folder
        return
    for task in tasks:
        try:
            children = (task / "children").read_text()
        except OSError:
            continue
        for child in children.split():
            yield from _tree(int(child))


def _proportional(process: int) -> int:
    try:
        lines = (PROC / str(process) / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)
