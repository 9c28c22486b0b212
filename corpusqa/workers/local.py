"""Worker processes on this machine.

loky starts them without running the caller's script again, so that `corpusqa.audit(...)` works at the top level of a
script or notebook, and it notices when one is killed. One process is no process: the work is done here.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from corpusqa.errors import UnusableSettings
from corpusqa.workers import Shard, Summary


@dataclass(frozen=True, slots=True)
class Local:
    """`n` processes; polars keeps to one thread in each, since the shards are the parallelism."""

    n: int

    def map(self, function: Callable[[Shard], Summary], shards: Sequence[Shard]) -> Iterator[Summary]:
        """See `Workers.map`. Leaving the iteration early, by an error or Ctrl-C, kills the processes."""
        if self.n == 1 or len(shards) < 2:
            yield from map(function, shards)
            return
        from loky import ProcessPoolExecutor
        from loky.process_executor import TerminatedWorkerError

        executor = ProcessPoolExecutor(min(self.n, len(shards)), env={"POLARS_MAX_THREADS": "1"})
        done = False
        try:
            yield from executor.map(function, shards)
            done = True
        except TerminatedWorkerError as killed:
            raise MemoryError(
                "A worker process was killed, most often because memory ran out. Try fewer with --workers."
            ) from killed
        finally:
            executor.shutdown(wait=done, kill_workers=not done)


def local(workers: int | None = None) -> Local:
    """Workers on this machine: this many, or one for each processor that this process may use."""
    if workers is None:
        workers = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if workers < 1:
        raise UnusableSettings(f"{workers} workers cannot do anything. Ask for 1 or more, or leave the option out.")
    return Local(workers)
