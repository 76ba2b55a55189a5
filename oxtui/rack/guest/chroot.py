"""Enters a root that is a full tree of its own, where mounts are refused but chroot(2) works.

There is no pid namespace: processes are ended through a subreaper. Device nodes and /proc are
not to be had; terminals are opened through a folder that was opened before.
"""

from __future__ import annotations

import os
from pathlib import Path

from oxtui.rack.guest import kernel, landlock

CAPABILITIES = frozenset(kernel.CAPABILITIES) - {"SYS_CHROOT"}
"""As in an overlay, without the call that leads out of a chroot."""


def enter(root: str) -> int:
    """Moves this process into `root`; returns an open folder with the host's `ptmx`.

    Raises:
        OSError: chroot is refused.
    """
    devices = os.open("/dev", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    os.chroot(root)
    os.chdir("/")
    null = Path("/dev/null")  # a file: the kernel refuses device nodes here
    null.unlink(missing_ok=True)
    null.touch()
    null.chmod(0o666)
    kernel.keep_capabilities(CAPABILITIES)
    landlock.keep_signals_inside()
    return devices
