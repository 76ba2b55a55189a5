"""Block devices of this machine: which one appeared, and where its partitions are (sysfs(5))."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from oxtui.component.errors import StepError

BLOCK = Path("/sys/block")
DEV = Path("/dev")
LIMIT = 30.0
"""Seconds for a device to appear once its service says that it is attached."""
PARTITION_LIMIT = 5.0
"""Seconds for the node of a partition that the kernel knows."""
_LOOK_EVERY = 1.0
"""Seconds, should the kernel's messages not reach this process, as in a container."""
_KERNEL_EVENTS = 15
"""NETLINK_KOBJECT_UEVENT, group 1 (netlink(7)); the socket module does not name it."""
_MESSAGES = 64 * 1024

T = TypeVar("T")


def block_devices() -> Mapping[str, str]:
    """Names of the devices that hold something, with what tells a device from one of that name before it.

    Loop devices without a file are not among them. The number is the kernel's (`diskseq`, since Linux 5.15).
    """
    found = {}
    for name in os.listdir(BLOCK):
        with suppress(OSError, ValueError):
            if int((BLOCK / name / "size").read_text()):
                found[name] = _sequence(BLOCK / name)
    return found


def _sequence(place: Path) -> str:
    try:
        return (place / "diskseq").read_text().strip()
    except OSError:
        return ""


def partition(device: str, number: str) -> str:
    """Path of a partition of the device at that path; of the device itself for "0".

    Where the device's name ends with a digit, the kernel puts a p between.
    """
    if number == "0":
        return device
    return f"{device}p{number}" if device[-1:].isdigit() else f"{device}{number}"


class DeviceWatch:
    """Waits for devices. What is there when it is entered is known, and all else is new."""

    def __init__(self) -> None:
        self.known: Mapping[str, str] = {}
        self._socket: socket.socket | None = None
        self._woken = asyncio.Event()

    def __enter__(self) -> Self:
        with suppress(OSError):
            self._socket = socket.socket(
                socket.AF_NETLINK, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK, _KERNEL_EVENTS
            )
            self._socket.bind((0, 1))
            asyncio.get_running_loop().add_reader(self._socket, self._heard)
        self.known = block_devices()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._socket is not None:
            asyncio.get_running_loop().remove_reader(self._socket)
            self._socket.close()

    def _heard(self) -> None:
        if self._socket is not None:
            with suppress(OSError):  # nothing, or more than it could keep: look in both cases
                self._socket.recv(_MESSAGES)
            self._woken.set()

    async def appeared(self, *given: str, limit: float = LIMIT) -> str:
        """The path of the one device that is new.

        Args:
            given: paths that options name: the first of them that is there is taken where nothing
                is new, or more than one device is.
            limit: seconds.

        Raises:
            StepError: none came in time, or several did.
        """

        def new() -> str:
            fresh = self._fresh()
            if len(fresh) == 1:
                return str(DEV / fresh[0])
            return next((path for path in given if Path(path).is_block_device()), "")

        if found := await self._until(new, limit):
            return found
        fresh = self._fresh()
        seen = f"several did: {', '.join(fresh)}" if fresh else "none did"
        raise StepError(
            f"one device should have appeared in {BLOCK} within {limit:.0f} s, and {seen}. "
            "Name it with device_path, or nvme_device_path where its node has another name."
        )

    def _fresh(self) -> list[str]:
        """Also a device that has the name of one which went meanwhile."""
        now = block_devices().items()
        return sorted(name for name, sequence in now if self.known.get(name) != sequence)

    async def partition(self, device: str, number: str, limit: float = PARTITION_LIMIT) -> str:
        """The path of a partition, once its node is there.

        Raises:
            StepError: it did not come in time.
        """
        path = partition(device, number)
        if await self._until(lambda: Path(path).is_block_device(), limit):
            return path
        raise StepError(
            f"there is no {path}. Have pre_mount_commands make that partition, or correct mount_partition."
        )

    async def _until(self, look: Callable[[], T], limit: float) -> T:
        loop = asyncio.get_running_loop()
        end = loop.time() + limit
        while True:
            self._woken.clear()
            found = look()
            left = end - loop.time()
            if found or left <= 0:
                return found
            with suppress(TimeoutError):
                async with asyncio.timeout(min(left, _LOOK_EVERY)):
                    await self._woken.wait()
