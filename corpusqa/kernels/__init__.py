"""The inner loops: functions over byte and number arrays, compiled by numba once per machine.

The only room that imports numba, one file a subject. Kernels take and give numpy arrays, know nothing of documents,
settings or files, and are called through the module that owns the subject (`segment`, `fingerprint`, `metrics`, ...).
Arrays that are read only are passed in, never global: numba does not cache a kernel that reads a global array.

What is compiled is kept beside the sources; where that cannot be written, where the user's caches are; and where that
cannot either, in a temporary folder of the user's own. NUMBA_CACHE_DIR goes before all of them.

Compiling takes seconds, most of them in numba's Python: it pays to call few functions of numpy in a kernel, and to
assign numbers instead of slices (`np.sort`, `np.diff` and one assignment of a slice took a quarter of the whole).
"""

from __future__ import annotations

import gc
import os
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numba import njit
from numba.core import event
from numpy.typing import NDArray

F = TypeVar("F", bound=Callable[..., object])

#: An integer and a truth value as numpy has them: `int()` makes numba compile half a dozen functions of its own, and
#: for each number that is written out in a call it compiles the called function anew.
number = cast(Callable[[Any], int], np.int64)
truth = cast(Callable[[Any], bool], np.bool_)


#: What kernels do without, since it takes time to compile: a wrapper for C, and the search for expressions on whole
#: arrays, of which there are none.
_PLAIN = {"no_cfunc_wrapper": True, "no_rewrites": True}


class _NoCollections(event.Listener):  # type: ignore[misc]
    """Keeps the garbage collector off while numba compiles: it finds nothing, and takes a fifth of the time."""

    def __init__(self) -> None:
        self._depth = 0
        self._was_on = False

    def on_start(self, event: Any) -> None:
        """A function is about to be compiled, often for another one that calls it."""
        if self._depth == 0:
            self._was_on = gc.isenabled()
            gc.disable()
        self._depth += 1

    def on_end(self, event: Any) -> None:
        """It is compiled, or failed to."""
        self._depth -= 1
        if self._depth == 0 and self._was_on:
            gc.enable()


event.register("numba:compile", _NoCollections())


def _own_folder() -> str:
    """A temporary folder that is this user's and that nobody else can write to: what lies there will be executed."""
    user = os.getuid() if hasattr(os, "getuid") else "user"
    folder = Path(tempfile.gettempdir()) / f"corpusqa-{user}"
    folder.mkdir(mode=0o700, exist_ok=True)
    about = folder.lstat()
    if hasattr(os, "getuid") and (about.st_uid != user or not stat.S_ISDIR(about.st_mode) or about.st_mode & 0o022):
        return tempfile.mkdtemp(prefix="corpusqa-")
    return str(folder)


def _probe() -> None:
    """Stands for all kernels when numba is asked whether it finds a place to keep them."""


try:
    njit(cache=True)(_probe)
except RuntimeError:  # numba: no locator available
    numba.config.CACHE_DIR = _own_folder()


def frozen(array: NDArray[Any]) -> NDArray[Any]:
    """The array as one piece, for reading only: a kernel is compiled for each kind of array that it meets.

    What polars gives out is sometimes read only and sometimes not, by how many chunks a column has.
    """
    view = np.ascontiguousarray(array).view()
    view.flags.writeable = False
    return view


def compiled(function: Callable[..., object]) -> bool:
    """Whether this machine has compiled the kernel before, as it is now: numba's cache has something for it."""
    cache = getattr(function, "_cache", None)
    return cache is None or bool(cache._cache_file._load_index())


def kept_in(function: Callable[..., object]) -> str:
    """The folder in which this kernel is kept, once compiled; empty where numba was told to keep nothing."""
    cache = getattr(function, "_cache", None)
    return str(cache.cache_path) if cache is not None else ""


def kernel(function: F) -> F:
    """Compile the function with numba, once per machine: the cache outlives the process."""
    return cast(F, njit(cache=True, nogil=True, **_PLAIN)(function))


def inner(function: F) -> F:
    """Compile a function that only kernels call: it becomes part of each of them, and needs no file of its own.

    It has no wrapper for Python, which would take another tenth of the time, and a call from there crashes. What is to
    be called from there too, if only by a test, is a `kernel`.
    """
    return cast(F, njit(nogil=True, no_cpython_wrapper=True, **_PLAIN)(function))
