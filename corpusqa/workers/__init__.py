"""Who does the work: one method, `map(function, shards)`, over whatever machinery there is.

The functions are pure, from a shard to part files, so any worker may do any shard at any time, twice if need be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, TypeVar

Shard = TypeVar("Shard")
Summary = TypeVar("Summary")


class Workers(Protocol):
    """Anything that can map a function over shards."""

    def map(self, function: Callable[[Shard], Summary], shards: Sequence[Shard]) -> Iterator[Summary]:
        """The function's value for each shard, in the order of the shards, as they become ready."""
        ...
