"""Workers give every summary in order, from any number of processes, and pass errors on."""

import operator
import os
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from corpusqa.errors import UnusableSettings, WorkerKilled
from corpusqa.workers.local import local


@pytest.mark.parametrize("n", [1, 2, 3])
def test_summaries_come_in_the_order_of_the_shards(n):
    with local(n) as workers:
        for _ in range(2):
            assert list(workers.map(partial(operator.mul, 2), list(range(20)))) == list(range(0, 40, 2))


@pytest.mark.parametrize("n", [1, 2])
def test_an_error_in_a_worker_is_the_caller_s(n):
    with pytest.raises(ZeroDivisionError), local(n) as workers:
        list(workers.map(partial(operator.truediv, 1), [1, 0, 1]))


def test_after_a_long_walk_others_are_started(monkeypatch):
    """The memory of those that walked is free for what follows."""
    monkeypatch.setattr("corpusqa.workers.local.LONG", 0)
    with local(2) as workers:
        first, second = (set(workers.map(process, [0, 1])) for _ in range(2))
    assert not first & second


def process(_: int) -> int:
    """Who does the work."""
    return os.getpid()


ORPHANS = """
import os
from corpusqa.workers.local import local

with local(2) as workers:
    print(*set(workers.map({process}, [0, 1])), flush=True)
    os.kill(os.getpid(), 9)
"""


def test_nobody_outlives_a_killed_parent():
    """Else every killed audit would leave processes behind, with all their memory."""
    script = ORPHANS.format(process="lambda _: os.getpid()")
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60)
    left = [int(pid) for pid in done.stdout.split()]
    until = time.monotonic() + 20
    while any(map(alive, left)) and time.monotonic() < until:
        time.sleep(0.1)
    assert left
    assert not any(map(alive, left))


def alive(pid: int) -> bool:
    """Whether there is such a process; one that has ended and that nobody asked for is none."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"


def test_a_killed_worker_is_said():
    with pytest.raises(WorkerKilled, match="fewer with --workers"), local(2) as workers:
        list(workers.map(os._exit, [1, 1]))


def test_no_workers_are_refused():
    with pytest.raises(UnusableSettings):
        local(0)
