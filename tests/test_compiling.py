"""The inner loops are compiled once, before the work, and kept wherever something can be kept."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

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


ROOT = Path(__file__).parent.parent
TREES = {
    path: ast.parse(path.read_text("utf-8")) for room in ("corpusqa", "tests") for path in ROOT.glob(f"{room}/**/*.py")
}


def decorated(node: ast.AST, *names: str) -> bool:
    """Whether this is a function under one of these decorators."""
    return isinstance(node, ast.FunctionDef) and any(ast.unparse(own) in names for own in node.decorator_list)


def in_python(node: ast.AST) -> Iterator[ast.AST]:
    """What runs as Python: all but the bodies of kernels and of their inner functions."""
    yield node
    for child in ast.iter_child_nodes(node):
        if not decorated(child, "kernel", "inner"):
            yield from in_python(child)


def test_python_calls_no_inner_function():
    """They have no wrapper for it: a call would crash, without an exception."""
    own = {
        path.stem: {node.name for node in ast.walk(tree) if decorated(node, "inner")}
        for path, tree in TREES.items()
        if path.parent.name == "kernels"
    }
    assert "decode" in own["characters"]
    called = []
    for path, tree in TREES.items():
        known = set(own[path.stem]) if path.parent.name == "kernels" else set()
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and str(node.module).startswith("corpusqa.kernels"):
                at = str(node.module).removeprefix("corpusqa.kernels").removeprefix(".")
                for name in node.names:
                    alias = name.asname or name.name
                    known |= (
                        {alias} & own.get(at, set()) if at else {f"{alias}.{one}" for one in own.get(name.name, ())}
                    )
        calls = (ast.unparse(node.func) for node in in_python(tree) if isinstance(node, ast.Call))
        called += [f"{path.name}: {call}" for call in calls if call in known]
    assert called == []


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
