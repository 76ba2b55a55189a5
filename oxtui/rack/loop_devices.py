"""Disks as loop devices of the machine that the rack runs on.

Only bytes can be a device: those of a disk that was made empty, or from a snapshot of such a one. What the
rack boots machines from is a tree of files; a disk of one is a device only where nothing writes to it, as
a file system that is made of the tree.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from oxtui.rack.isolation.errors import RackMachineError

if TYPE_CHECKING:
    from oxtui.rack.lifecycle.host import DiskContents

_BLOCK = Path("/sys/block")
_CONTROL = Path("/dev/loop-control")
_LOOK_EVERY = 0.2
"""Seconds. A device that is in use goes when that ends, and the kernel tells this process nothing of it."""


class NoBytesError(RackMachineError):
    """The disk is a tree of files, which is no device."""


def why_not() -> str:
    """Return why this machine gives no loop devices, in a few words; "" if it does."""
    if os.geteuid() != 0:
        return "loop devices need root"
    return "" if _CONTROL.exists() else f"there is no {_CONTROL}"


class LoopDevices:
    """Attaches and detaches disks; does nothing unless it is `wanted`."""

    def __init__(self, contents: DiskContents, *, wanted: bool) -> None:
        self._contents = contents
        self.wanted = wanted
        self._files: dict[str, Path] = {}

    async def attach(self, disk_id: str, size: int, *, read_only: bool = False) -> str:
        """Make a disk of `size` bytes a device; return its path, or "" if none is wanted.

        Raises NoBytesError if it is a tree of files that can be written to, RackMachineError if the machine
        refuses.
        """
        if not self.wanted:
            return ""
        if read_only:
            file = await self._contents.read_only_file(disk_id, size)
        else:
            try:
                file = await self._contents.raw_file(disk_id, size)
            except RackMachineError as error:
                raise NoBytesError(str(error)) from error
        for stale in _devices(file):  # of a rack that was killed
            await _losetup("--detach", stale)
        flags = ["--read-only"] if read_only else []
        device = await _losetup("--find", "--show", "--partscan", *flags, "--", str(file))
        self._files[disk_id] = file
        return device

    async def detach(self, disk_id: str) -> None:
        """Take a disk's device away, as soon as nothing uses it."""
        file = self._files.get(disk_id)
        if file is None:
            return
        for device in _devices(file):
            await _losetup("--detach", device)
        while _devices(file):  # noqa: ASYNC110 - nothing tells of it that could be awaited
            await asyncio.sleep(_LOOK_EVERY)
        self._files.pop(disk_id, None)

    async def close(self) -> None:
        """Take all devices away; one in use goes when that ends."""
        for file in self._files.values():
            for device in _devices(file):
                with contextlib.suppress(RackMachineError):
                    await _losetup("--detach", device)


def _devices(file: Path) -> list[str]:
    """Return the loop devices over a file; the kernel marks one whose name is gone."""
    names = (str(file), f"{file} (deleted)")
    found = []
    for place in _BLOCK.glob("loop*/loop/backing_file"):
        with contextlib.suppress(OSError):
            if place.read_text().rstrip("\n") in names:
                found.append(f"/dev/{place.parent.parent.name}")
    return found


async def _losetup(*words: str) -> str:
    process = await asyncio.create_subprocess_exec(
        "losetup", *words, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    printed, told = await process.communicate()
    if process.returncode:
        raise RackMachineError(f"losetup {' '.join(words)}: {told.decode().strip()}")
    return printed.decode().strip()
