"""Puts the first process of an instance into its root, in whichever mode."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from oxtui.rack.guest import chroot, kernel, overlay, plain
from oxtui.rack.guest.request import Mode, Place


def enter(
    mode: Mode,
    place: Place,
    stack: tuple[str, ...],
    run: str,
    hostname: str,
    disks: Sequence[tuple[str, str]] = (),
) -> tuple[Path, int | None]:
    """Enters the root of an instance.

    disks: further ones, each a block device of the host and a serial number.

    Returns:
        The root as this process sees it from now on, and an open folder with `ptmx` where the
        root has no terminals of its own.

    Raises:
        OSError: the kernel refuses; the message names what.
    """
    names = _name_servers()
    devices: int | None = None
    root = Path("/")
    if mode.kind == "overlay":
        overlay.enter(mode, place, stack, run, hostname, disks)
    elif mode.kind == "chroot":
        devices = chroot.enter(f"{place.layer(stack[-1])}/root", mode.users, disks)
    else:
        root = Path(f"{place.layer(stack[-1])}/root")
        plain.enter(root)
    if mode.kind != "none":
        kernel.hide_memory()
        kernel.rename_process("init")
        with suppress(FileNotFoundError):  # a disk without /etc fails later, on its console
            Path("/etc/resolv.conf").unlink(missing_ok=True)
            Path("/etc/resolv.conf").write_bytes(names)
    if sys.platform == "linux":
        kernel.die_with_parent(signal.SIGKILL)
    os.umask(0o022)
    return root, devices


def _name_servers() -> bytes:
    """The host's resolver settings: an instance shares its network."""
    try:
        return Path("/etc/resolv.conf").read_bytes()
    except OSError:
        return b""
