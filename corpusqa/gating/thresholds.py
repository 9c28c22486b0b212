"""Where to draw a limit: by the corpus alone, or by what tells bad from good. Arithmetic on arrays, nothing else.

A limit on the side `max_value` rejects what lies above it, on `min_value` what lies below; what has no value (NaN) is
rejected by either, as the gate does.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from corpusqa.gating.curves import Side, rounded

Aim = Literal["youden", "f1"]
Values = NDArray[np.float64]
Flags = NDArray[np.bool_]
FENCE = 3.0  #: interquartile ranges, Tukey's outer fence; at 1.5, one in 140 of any normal distribution lies outside
FOLDS = 5


def rejects(values: Values, side: Side, limit: float) -> Flags:
    """Whether the limit rejects each value."""
    return ~(values >= limit if side == "min_value" else values <= limit)


def outer(values: Values, side: Side, reject: float) -> float | None:
    """Where the outliers begin on this side: Tukey's outer fence, or the quantile that leaves out the share `reject`.

    Whichever is further out. Null where all values are one.
    """
    known = np.sort(values[np.isfinite(values)])
    if not len(known) or known[0] == known[-1]:
        return None
    upper, n_out = side == "max_value", int(reject * len(known) + 1e-9)
    tail = known[-1 - n_out] if upper else known[n_out]
    quarter, far = np.quantile(known, [0.75, 0.25] if upper else [0.25, 0.75])
    fence = quarter + FENCE * (quarter - far)
    return rounded(float(max(tail, fence) if upper else min(tail, fence)), upwards=upper)


def best(values: Values, bad: Flags, side: Side, aim: Aim) -> float | None:
    """The limit that tells bad from good best on this side, the laxest of several; null where no limit tells anything.

    It is the shortest number between the last value that it keeps and the first that it rejects.
    """
    known = np.unique(values[np.isfinite(values)])
    if len(known) < 2:
        return None
    upper = side == "max_value"
    kept = known[:-1] if upper else known[1:]
    caught, lost = (_beyond(values[own], kept, upper=upper) for own in (bad, ~bad))
    scores = _scores(caught, lost, int(bad.sum()), int((~bad).sum()), aim)
    at = len(scores) - 1 - int(np.argmax(scores[::-1])) if upper else int(np.argmax(scores))
    return between(float(known[at]), float(known[at + 1]), upwards=not upper)


def score(rejected: Flags, bad: Flags, aim: Aim) -> float:
    """Youden's J, or F1, of what is rejected against what is bad."""
    caught, lost = np.array([(rejected & bad).sum()]), np.array([(rejected & ~bad).sum()])
    return float(_scores(caught, lost, int(bad.sum()), int((~bad).sum()), aim)[0])


def tested(values: Values, bad: Flags, side: Side, aim: Aim) -> float:
    """Youden's J when each fifth of the labels is judged by a limit chosen on the others."""
    fold = np.empty(len(bad), np.int64)
    for kind in (True, False):  # each fold has its share of both
        own = np.flatnonzero(bad == kind)
        fold[own] = np.arange(len(own)) % FOLDS
    rejected = np.zeros(len(bad), np.bool_)
    for i in range(FOLDS):
        limit = best(values[fold != i], bad[fold != i], side, aim)
        if limit is not None:
            rejected[fold == i] = rejects(values[fold == i], side, limit)
    return score(rejected, bad, "youden")


def between(lower: float, upper: float, *, upwards: bool) -> float:
    """The shortest number that parts two values: from `lower` to below `upper`, or from above `lower` to `upper`.

    >>> between(0.1234, 0.1799, upwards=False), between(49, 61, upwards=True), between(0, 1, upwards=False)
    (0.15, 55.0, 0.5)
    """
    for digits in range(1, 17):
        tried = rounded((lower + upper) / 2, upwards=True, digits=digits)
        if (lower < tried <= upper) if upwards else (lower <= tried < upper):
            return tried
    return upper if upwards else lower


def _beyond(values: Values, kept: Values, *, upper: bool) -> NDArray[np.int64]:
    """How many of the values each limit rejects."""
    known = np.sort(values[~np.isnan(values)])
    n_missing = len(values) - len(known)
    inside = np.searchsorted(known, kept, side="right" if upper else "left")
    return (len(known) - inside if upper else inside) + n_missing


def _scores(caught: NDArray[np.int64], lost: NDArray[np.int64], n_bad: int, n_good: int, aim: Aim) -> Values:
    if aim == "f1":
        return np.asarray(2 * caught / (caught + lost + n_bad))
    return np.asarray(caught / n_bad - lost / n_good)
