"""Ends every process below this one, where no pid namespace does it.

The caller is a subreaper: a process whose parent ended is its child, so none can slip away.
"""

from __future__ import annotations

import contextlib
import os
import signal
from pathlib import Path


def end_all() -> None:
    """Kills and reaps all descendants; returns when there is none left."""
    while True:
        for pid in _descendants(os.getpid()):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


def _descendants(ancestor: int) -> list[int]:
    children: dict[int, list[int]] = {}
    processes = Path("/proc")
    for folder in processes.iterdir() if processes.is_dir() else ():  # macOS has none
        if folder.name.isdigit():
            with contextlib.suppress(OSError, ValueError, IndexError):
                # The name in parentheses may hold anything; the parent is the 2nd field after it.
                fields = (folder / "stat").read_text(errors="replace").rpartition(")")[2].split()
                children.setdefault(int(fields[1]), []).append(int(folder.name))
    found: list[int] = []
    waiting = [ancestor]
    while waiting:
        below = children.get(waiting.pop(), [])
        found += below
        waiting += below
    return found
