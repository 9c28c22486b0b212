"""Opening a page in the user's browser, where there is a user and a screen."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path


def open_page(path: Path) -> str | None:
    """Open the page; returns why not, when that would make no sense or no browser could be had."""
    if reason := unopenable(os.environ, sys.platform, terminal=sys.stdout.isatty() or sys.stderr.isatty()):
        return reason
    import webbrowser

    return None if webbrowser.open(path.absolute().as_uri()) else "no browser was found"


def unopenable(environment: Mapping[str, str], platform: str, *, terminal: bool) -> str | None:
    """Why nobody would see the page, if so.

    >>> unopenable({"DISPLAY": ":0"}, "linux", terminal=True)
    >>> unopenable({}, "linux", terminal=True)
    'there is no display'
    >>> unopenable({"SSH_CONNECTION": "10.0.0.2 50000 10.0.0.1 22"}, "darwin", terminal=True)
    'this is a remote session'
    """
    displays = ("DISPLAY", "WAYLAND_DISPLAY")
    if environment.get("CI"):
        return "this is a job that nobody watches"
    if not terminal:
        return "nobody is at the terminal"
    if not any(environment.get(name) for name in displays):
        if environment.get("SSH_CONNECTION"):
            return "this is a remote session"
        if platform not in ("darwin", "win32"):
            return "there is no display"
    return None
