"""Worker processes on this machine.

loky starts them without running the caller's script again, so that `corpusqa.audit(...)` works at the top level of a
script or notebook, and it notices when one is killed. One process is no process: the work is done here.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from types import TracebackType
from typing import TYPE_CHECKING

from corpusqa.errors import UnusableSettings, WorkerKilled
from corpusqa.workers import Shard, Summary

if TYPE_CHECKING:
    from loky import ProcessPoolExecutor

#: Seconds of a walk over the corpus after which the processes end, and leave their memory to the join that follows; the
#: next walk starts others. To start one takes a CPU-second, so a corpus that is soon read keeps those that it has.
#: (loky can end idle processes itself, but breaks, seldom, when work comes while one is about to go.)
LONG = 20
WATCH = 1  #: seconds between two looks at whether the parent of a process is still there


class Local:
    """`n` processes, started when there is work for two, and ended with the block that they are used in.

    polars keeps to one thread in each, since the shards are the parallelism.
    """

    def __init__(self, n: int) -> None:
        self.n = n
        self._processes: ProcessPoolExecutor | None = None

    def __enter__(self) -> Local:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end(kill=kind is not None)

    def map(self, function: Callable[[Shard], Summary], shards: Sequence[Shard]) -> Iterator[Summary]:
        """See `Workers.map`. Raises WorkerKilled when a process was."""
        if self.n == 1 or len(shards) < 2:
            yield from map(function, shards)
            return
        from loky.process_executor import TerminatedWorkerError

        started = time.monotonic()
        try:
            yield from self._started().map(function, shards)
        except TerminatedWorkerError:
            raise WorkerKilled(
                "A worker process was killed, most often because memory ran out. Try fewer with --workers."
            ) from None
        if time.monotonic() - started > LONG:
            self._end()

    def _started(self) -> ProcessPoolExecutor:
        if self._processes is None:
            from loky import ProcessPoolExecutor

            self._processes = ProcessPoolExecutor(
                self.n, initializer=_end_with, initargs=(os.getpid(),), env={"POLARS_MAX_THREADS": "1"}
            )
        return self._processes

    def _end(self, *, kill: bool = False) -> None:
        if self._processes is not None:
            self._processes.shutdown(kill_workers=kill)
            self._processes = None


def _end_with(parent: int) -> None:
    """End this process soon after its parent: one whose parent was killed would wait for work for ever."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(WATCH)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def local(workers: int | None = None) -> Local:
    """Workers on this machine: this many, or one for each processor that this process may use."""
    if workers is None:
        workers = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if workers < 1:
        raise UnusableSettings(f"{workers} workers cannot do anything. Ask for 1 or more, or leave the option out.")
    return Local(workers)
