"""Every error a user can meet, and the exit code it ends the program with.

A message says three things in this order: what we found, why that cannot work, what to do now. The core raises these
and never prints; `corpusqa.cli` prints them, turns them into exit codes, and never raises its own.
"""

from __future__ import annotations

import errno
from collections.abc import Iterable
from difflib import get_close_matches

OK = 0  #: passed
GATE_FAILED = 1  #: the run is fine, the corpus is not
UNUSABLE = 2  #: usage, config, suite or input that cannot be used
DEFECT = 3  #: an exception that we did not raise on purpose: a defect of ours
NO_DOCUMENTS = 4  #: nothing to judge; an empty folder must never pass a gate
INTERRUPTED = 130  #: Ctrl-C, as shells report it
CLOSED_PIPE = 141  #: the reader of our output went away, as shells report it


class CorpusqaError(Exception):
    """Base class: catching this catches everything corpusqa raises on purpose."""

    exit_code = UNUSABLE


class UnknownName(CorpusqaError):
    """A metric, setting, suite or column was asked for by a name that nothing has; `nearest` names are proposed."""

    def __init__(self, kind: str, name: str, known: Iterable[str], where: str = "", nearest: int = 1) -> None:
        known = sorted(known)
        close = get_close_matches(name, known, n=nearest)
        hint = f"Did you mean {' or '.join(map(repr, close))}?" if close else f"Known: {', '.join(known)}."
        super().__init__(f"There is no {kind} named {name!r}{where and f' ({where})'}. {hint}")


class GateFailed(CorpusqaError):
    """The documents were judged and are not good enough, and somebody asked to be told by an exception."""

    exit_code = GATE_FAILED


class UnusableInput(CorpusqaError):
    """The input cannot be read at all: a missing path, a file of another kind, a column that is not there."""


class UnusableRun(CorpusqaError):
    """A folder is not a finished run, was written by another version, or its input has changed since."""


class UnusableSettings(CorpusqaError):
    """A settings file or flag has a value that no stage can work with."""


class UnusableSuite(CorpusqaError):
    """A suite names what does not exist, or holds a rule that could not be evaluated: an error, never a pass."""


class DiskFull(CorpusqaError):
    """There was no room to write on; what was half written is gone again."""

    @staticmethod
    def is_why(failed: OSError) -> bool:
        """Whether the system says that a disk, or a quota of it, is full; polars passes on the words alone."""
        known = (errno.ENOSPC, errno.EDQUOT)
        return failed.errno in known or any(f"(os error {code})" in str(failed) for code in known)


class WorkerKilled(CorpusqaError):
    """A worker process ended in the middle of its work, which no input should be able to bring about."""

    exit_code = DEFECT


class NoDocuments(CorpusqaError):
    """Not one document was found, so there is nothing that could pass."""

    exit_code = NO_DOCUMENTS
