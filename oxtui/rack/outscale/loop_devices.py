"""Linked volumes as block devices of the machine that the rack runs on, which stands for the VM.

Only the bytes of a volume can be a device: one that was made empty, or from a snapshot of such a one.
What the rack boots VMs from is a tree of files, and no device.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING

from oxtui.rack.isolation.errors import RackMachineError
from oxtui.rack.outscale.errors import not_simulated

if TYPE_CHECKING:
    from oxtui.rack.lifecycle.host import DiskContents
    from oxtui.rack.outscale.records import Volume

_GIB = 2**30
_BLOCK = Path("/sys/block")
_CONTROL = Path("/dev/loop-control")
_LOOK_EVERY = 0.2
"""Seconds. A device that is in use goes when that ends, and the kernel tells this process nothing of it."""

_log = logging.getLogger(__name__)


def why_not() -> str:
    """Return why this machine gives no loop devices, in a few words; "" if it does."""
    if os.geteuid() != 0:
        return "loop devices need root"
    return "" if _CONTROL.exists() else f"there is no {_CONTROL}"


class LoopDevices:
    """Attaches and detaches volumes; does nothing unless it is `wanted`."""

    def __init__(self, contents: DiskContents, *, wanted: bool) -> None:
        self._contents = contents
        self._wanted = wanted
        self._files: dict[str, Path] = {}

    async def attach(self, volume: Volume) -> None:
        """Make a volume a device; OapiError if it holds a tree of files.

        Raises RackMachineError if the machine refuses.
        """
        if not self._wanted:
            return
        try:
            file = await self._contents.raw_file(volume.id, volume.size * _GIB)
        except RackMachineError:
            raise not_simulated(
                f"device for {volume.id}: it comes from a seeded image or a VM, whose files are no disk"
            ) from None
        for stale in _devices(file):  # of a rack that was killed
            await _losetup("--detach", stale)
        await _losetup("--find", "--partscan", "--", str(file))
        self._files[volume.id] = file

    async def detach(self, volume_id: str) -> None:
        """Take a volume's device away, as soon as nothing uses it."""
        file = self._files.get(volume_id)
        if file is None:
            return
        for device in _devices(file):
            await _losetup("--detach", device)
        while _devices(file):  # noqa: ASYNC110 - nothing tells of it that could be awaited
            await asyncio.sleep(_LOOK_EVERY)
        self._files.pop(volume_id, None)

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


async def _losetup(*words: str) -> None:
    process = await asyncio.create_subprocess_exec(
        "losetup", *words, stdin=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE
    )
    _, told = await process.communicate()
    if process.returncode:
        raise RackMachineError(f"losetup {' '.join(words)}: {told.decode().strip()}")
