"""Unmounting a root: first the processes that it would hold, then what is mounted there, the last first."""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

from oxtui.builders.chroot.mount_table import mounts_in
from oxtui.communicators.chroot.ending import end
from oxtui.communicators.chroot.environment import outside
from oxtui.communicators.chroot.host import Host
from oxtui.communicators.chroot.processes import Process, process, rooted, users, within
from oxtui.component.errors import StepError

Tell = Callable[[str], None]

_NAMED = 10
"""Processes that a line names; of more it tells the number."""
_ROOTS = [
    *["find", "/proc", "-mindepth", "2", "-maxdepth", "2", "-name", "root", "-printf"],
    r"%h %l\0",
]
"""Prints the root directory of each process."""


async def end_processes(host: Host, root: Path, tell: Tell) -> None:
    """Ends the processes whose root directory is in the root: SIGTERM, and SIGKILL after 2 s.

    Raises:
        StepError: some of them cannot be ended.
    """

    def find() -> list[Process]:
        return rooted(root) if os.geteuid() == 0 or host.is_plain else _asked(host, root)

    found = await asyncio.to_thread(find)
    if not found:
        return
    tell(f"Ending what still runs in {root}: {_names(found)}")
    if left := await end(find, host.signal):
        raise StepError(f"still running in {root}, as they cannot be ended: {_names(left)}")


def _asked(host: Host, root: Path) -> list[Process]:
    """As root sees them: another user may not look at the root directory of a process."""
    line = host.wrapped(_ROOTS)
    # It ends with 1 where a process went away meanwhile.
    printed = subprocess.run(
        line, capture_output=True, check=False, env=outside(host.environ)
    ).stdout
    pairs = (
        os.fsdecode(each).removeprefix("/proc/").partition(" ") for each in printed.split(b"\0")
    )
    pids = [int(pid) for pid, _, at in pairs if pid.isdigit() and within(at, root)]
    found = map(process, pids)
    return [each for each in found if each is not None]


def _names(found: list[Process]) -> str:
    more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
    return ", ".join(str(each) for each in found[:_NAMED]) + more


async def unmount(host: Host, target: str, tell: Tell) -> None:
    """Unmounts what is mounted at a path and below it, the last first; nothing is there is no error.

    Raises:
        StepError: something is busy; the text names who uses it.
    """
    while there := await asyncio.to_thread(mounts_in, target):
        last = there[-1].target
        try:
            await host.check("umount", "--", last)
        except StepError as error:
            busy = await asyncio.to_thread(users, Path(last))
            who = f"; in use by {_names(busy)}. End them and retry this step." if busy else "."
            why = str(error).rstrip(".")
            raise StepError(f"{last} cannot be unmounted: {why}{who}") from error
        if last != target:
            tell(f"Unmounted {last}")
