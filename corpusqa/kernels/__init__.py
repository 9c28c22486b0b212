"""The inner loops: functions over byte and number arrays, compiled by numba once per machine.

The only room that imports numba, one file a subject. Kernels take and give numpy arrays, know nothing of documents,
settings or files, and are called through the module that owns the subject (`segment`, `fingerprint`, `metrics`, ...).
Arrays that are read only are passed in, never global: numba does not cache a kernel that reads a global array.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar, cast

from numba import njit

F = TypeVar("F", bound=Callable[..., object])


def compiled(function: Callable[..., object]) -> bool:
    """Whether this machine has compiled the kernel before: a cache of it lies where numba keeps them."""
    cache = getattr(function, "_cache", None)
    if cache is None:
        return True
    module = function.__module__.rpartition(".")[2]
    return any(Path(cache.cache_path).glob(f"{module}.{function.__name__}-*.nbi"))


def kernel(function: F) -> F:
    """Compile the function with numba, once per machine: the cache outlives the process."""
    return cast(F, njit(cache=True, nogil=True)(function))
