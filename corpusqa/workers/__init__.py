"""Who does the work: one method, `map(function, shards)`, over whatever machinery there is.

The functions are pure, from a shard to part files, so any worker may do any shard at any time, twice if need be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from types import TracebackType
from typing import Protocol, TypeVar

Shard = TypeVar("Shard")
Summary = TypeVar("Summary")


class Workers(Protocol):
    """Anything that can map a function over shards, for the length of a `with` block."""

    n: int  #: how many there are

    def __enter__(self) -> Workers: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def map(self, function: Callable[[Shard], Summary], shards: Sequence[Shard]) -> Iterator[Summary]:
        """The function's value for each shard, in the order of the shards, as they become ready."""
        ...
