"""Enters a root that is a full tree of its own, where mounts are refused but chroot(2) works.

There is no pid namespace: processes are ended through a subreaper. There is no /proc; terminals
are opened through a folder that was opened before.
"""

from __future__ import annotations

import os
from pathlib import Path

from oxtui.rack.guest import devices, kernel, landlock
from oxtui.rack.guest.request import Users

CAPABILITIES = frozenset(kernel.CAPABILITIES) - {"SYS_CHROOT"}
"""As in an overlay, without the call that leads out of a chroot."""


def enter(root: str, users: Users) -> int:
    """Moves this process into `root`; returns an open folder with the host's `ptmx`.

    Raises:
        OSError: chroot is refused.
    """
    terminals = os.open("/dev", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    os.chroot(root)
    os.chdir("/")
    devices.make(Path("/dev"))
    kernel.keep_capabilities(CAPABILITIES)
    if users == "single":
        # Landlock asks for this, and it would keep a set-user-ID sudo from working.
        kernel.forbid_new_privileges()
        landlock.keep_signals_inside()
    return terminals
