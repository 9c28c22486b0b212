"""Workers give every summary in order, from any number of processes, and pass errors on."""

import operator
import os
from functools import partial

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


def test_a_killed_worker_is_said():
    with pytest.raises(WorkerKilled, match="fewer with --workers"), local(2) as workers:
        list(workers.map(os._exit, [1, 1]))


def test_no_workers_are_refused():
    with pytest.raises(UnusableSettings):
        local(0)
