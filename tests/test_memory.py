"""Memory: what all processes of a run take together."""

import subprocess
import sys

import numpy as np
import pytest

from corpusqa import memory

MB = 1 << 20
told = pytest.mark.skipif(not memory.in_use(), reason="this system does not tell proportional set sizes")


@told
def test_what_is_held_is_counted_and_the_peak_stays():
    meter = memory.Meter()
    before = meter.since()
    held = np.ones(64 * MB, np.uint8)
    at_peak = meter.since()
    del held
    assert at_peak >= before + 60 * MB
    assert meter.since() < at_peak <= meter.peak


@told
def test_a_child_is_counted():
    alone = memory.in_use()
    program = f"held = b'1' * {64 * MB}; print(flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        child.stdout.readline()
        assert memory.in_use() >= alone + 60 * MB
        child.communicate(b"\n")


@told
def test_it_looks_by_itself():
    meter = memory.Meter()
    with meter.watching():
        while not meter.peak:
            pass


def test_where_the_system_does_not_tell_there_is_a_bound(monkeypatch, tmp_path):
    monkeypatch.setattr(memory, "PROC", tmp_path)
    meter = memory.Meter()
    with meter.watching():
        assert meter.since() == meter.peak == 0
    assert memory.at_most(1) > 10 * MB
