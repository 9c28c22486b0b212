"""Workers give every summary in order, from any number of processes, and pass errors on."""

import operator
import os
from functools import partial

import pytest

from corpusqa.errors import UnusableSettings
from corpusqa.workers.local import local


@pytest.mark.parametrize("n", [1, 2, 3])
def test_summaries_come_in_the_order_of_the_shards(n):
    assert list(local(n).map(partial(operator.mul, 2), list(range(20)))) == list(range(0, 40, 2))


@pytest.mark.parametrize("n", [1, 2])
def test_an_error_in_a_worker_is_the_caller_s(n):
    with pytest.raises(ZeroDivisionError):
        list(local(n).map(partial(operator.truediv, 1), [1, 0, 1]))


def test_a_killed_worker_is_said():
    with pytest.raises(MemoryError, match="fewer with --workers"):
        list(local(2).map(os._exit, [1, 1]))


def test_no_workers_are_refused():
    with pytest.raises(UnusableSettings):
        local(0)
