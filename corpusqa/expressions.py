"""Regular expressions that stay compiled.

Polars keeps the last 32 expressions that a thread has compiled. There are some ninety here, tried one after the other
on every batch, so a thread that tried them all would compile each of them anew, which takes as long as trying them on
15 MB of text. So they are given out to threads, thirty to each, that do nothing else.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import polars as pl

#: Expressions for one thread; polars' own two more are for what else runs there.
FOR_ONE_THREAD = 30
#: Literals looked for in one pass: up to a hundred make an automaton that is four times as fast as the one for more.
AT_ONCE = 100


def contains(texts: pl.Series, expression: str) -> pl.Series:
    """Whether each text has a match of the expression.

    >>> contains(pl.Series(["More stories", "Nothing more."]), "^More").to_list()
    [True, False]
    """
    return _home(expression, os.getpid()).submit(_asked(texts, expression)).result()


def mentions(texts: pl.Series, literals: Iterable[str]) -> pl.Series:
    """Whether each text has any of these in it, in any capitals.

    >>> mentions(pl.Series(["MORE stories", "Nothing less."]), ["more"]).to_list()
    [True, False]
    """
    ordered = sorted(set(literals))
    found = pl.repeat(False, len(texts), dtype=pl.Boolean, eager=True)
    for start in range(0, len(ordered), AT_ONCE):
        part = ordered[start : start + AT_ONCE]
        found |= texts.str.contains_any(part, ascii_case_insensitive=True).fill_null(False)
    return found


def _asked(texts: pl.Series, expression: str) -> Callable[[], pl.Series]:
    return lambda: texts.str.contains(expression)


@cache
def _home(expression: str, process: int) -> ThreadPoolExecutor:
    """The thread of this expression; of this process too, since a fork has the pool and not its threads."""
    return _thread(_home.cache_info().currsize // FOR_ONE_THREAD, process)


@cache
def _thread(number: int, process: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, thread_name_prefix=f"expressions-{number}")
