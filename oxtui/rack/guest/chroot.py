"""Enters a root that is a full tree of its own, where mounts are refused but chroot(2) works.

There is no pid namespace: processes are ended through a subreaper. There is no /proc; terminals
are opened through a folder that was opened before.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from pathlib import Path

from oxtui.rack.guest import devices, disk_names, kernel, landlock
from oxtui.rack.guest.request import Users

CAPABILITIES = frozenset(kernel.CAPABILITIES) - {"SYS_CHROOT"}
"""As in an overlay, without the call that leads out of a chroot."""


def enter(root: str, users: Users, disks: Sequence[tuple[str, str]] = ()) -> int:
    """Moves this process into `root`; returns an open folder with the host's `ptmx`.

    Raises:
        OSError: chroot is refused.
    """
    terminals = os.open("/dev", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    numbers = [os.stat(path).st_rdev for path, _ in disks]
    os.chroot(root)
    os.chdir("/")
    devices.make(Path("/dev"))
    disk_names.clear(Path("/dev"))
    for number, (_, serial) in zip(numbers, disks, strict=True):
        os.mknod(disk_names.add(Path("/dev"), serial), stat.S_IFBLK | 0o600, number)
    kernel.keep_capabilities(CAPABILITIES)
    if users == "single":
        # Landlock asks for this, and it would keep a set-user-ID sudo from working.
        kernel.forbid_new_privileges()
        landlock.keep_signals_inside()
    return terminals
