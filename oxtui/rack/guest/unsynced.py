"""What a machine loses when it stops without a sync.

No layer here sees sync(2). A file counts as on disk when its last change is not later than the
last of: the `sync` command, a shutdown or reboot from inside; or when that change is older than
30 seconds, after which Linux has written it back (vm.dirty_expire_centisecs). Every other file
keeps its name and loses its contents, as on a journalling file system with delayed allocation.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator
from contextlib import suppress

WRITE_BACK_AGE = 30.0
"""Seconds after which the kernel has written a change to disk."""


def last_sync(*marks: str) -> float:
    """The latest time of the files that say when a machine started and synced; 0.0 without any."""
    times = [0.0]
    for mark in marks:
        with suppress(FileNotFoundError):
            times.append(os.stat(mark).st_mtime)
    return max(times)


def unsynced(folder: str, synced: float, now: float | None = None) -> Iterator[str]:
    """Paths, relative to `folder`, of regular files whose contents are not on disk yet.

    synced, now: seconds since the epoch.
    """
    limit = max(synced, (time.time() if now is None else now) - WRITE_BACK_AGE)
    for parent, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(parent, name)
            with suppress(FileNotFoundError):  # a running machine may delete it meanwhile
                status = os.lstat(path)
                if stat.S_ISREG(status.st_mode) and status.st_size and status.st_ctime > limit:
                    yield os.path.relpath(path, folder)


def lose(folder: str, paths: Iterator[str]) -> int:
    """Empties the named files below `folder`; returns how many.

    Nothing writes to the folder meanwhile. A name that has become a link, or lies behind one that
    leads out of the folder, is left alone.
    """
    top = os.path.realpath(folder)
    lost = 0
    for path in list(paths):
        place = os.path.join(top, path)
        with suppress(FileNotFoundError):
            parent = os.path.realpath(os.path.dirname(place))
            if parent == os.path.dirname(place) and stat.S_ISREG(os.lstat(place).st_mode):
                os.truncate(place, 0)
                lost += 1
    return lost
