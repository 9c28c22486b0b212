"""The inner loops are compiled once, before the work, and kept wherever something can be kept."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from corpusqa import kernels
from corpusqa.compiling import PARTS

#: What is compiled by the parts, and what an audit of the sample adds to it, in a process of its own.
AUDIT = """
import json, sys
from corpusqa import flow
from corpusqa.compiling import PARTS, compile_part

def met():
    found = set()
    for name, module in sorted(sys.modules.items()):
        if name.startswith("corpusqa.kernels."):
            for kernel in vars(module).values():
                if getattr(kernel, "stats", None) and kernel.stats.cache_path:
                    found |= {f"{kernel.py_func.__name__}{signature}" for signature in kernel.overloads}
    return found

for part in PARTS:
    compile_part(part)
before = met()
flow.audit(["sample_data"], sys.argv[1], workers=1)
print(json.dumps([len(before), sorted(met() - before)]))
"""

#: Compiles one small kernel, where numba is told that neither the sources' folder nor the user's may be written to.
NOWHERE = """
from corpusqa import kernels
from corpusqa.kernels import hashing
import numpy as np
before = kernels.compiled(hashing.deduplicate)
hashing.deduplicate(np.array([1, 1, 2], np.uint64))
print(before, kernels.compiled(hashing.deduplicate), kernels.kept_in(hashing.deduplicate))
"""


def python(program, *arguments, **environment):
    done = subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()[-1]


def test_an_audit_meets_nothing_that_was_not_compiled_before(tmp_path):
    n_before, added = json.loads(python(AUDIT, tmp_path / "run"))
    assert added == []
    assert n_before > 40
    assert len(PARTS) > 1


def test_where_nothing_can_be_kept_a_temporary_folder_is_taken(tmp_path):
    """And the next process finds there what this one has compiled."""
    only_given = {"NUMBA_CACHE_LOCATOR_CLASSES": "UserProvidedCacheLocator", "TMPDIR": str(tmp_path)}
    for before in ("False", "True"):
        said, after, folder = python(NOWHERE, **only_given).split()
        assert (said, after) == (before, "True")
        assert folder.startswith(str(tmp_path / f"corpusqa-{os.getuid()}"))


def test_a_folder_that_others_can_write_to_is_not_trusted(tmp_path, monkeypatch):
    """What lies there is executed."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    own = tmp_path / f"corpusqa-{os.getuid()}"
    assert kernels._own_folder() == str(own)
    own.chmod(0o777)
    assert kernels._own_folder() != str(own)


@pytest.mark.parametrize("collecting", [True, False])
def test_the_collector_is_as_it_was(collecting):
    import gc

    listener = kernels._NoCollections()
    (gc.enable if collecting else gc.disable)()
    try:
        listener.on_start(None)
        listener.on_start(None)
        assert not gc.isenabled()
        listener.on_end(None)
        assert not gc.isenabled()
        listener.on_end(None)
        assert gc.isenabled() == collecting
    finally:
        gc.enable()
