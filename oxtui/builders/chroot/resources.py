"""The resource kinds of this machine: how each is found again and removed, also by another process."""

from __future__ import annotations

import asyncio
import os
import shlex
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from oxtui.builders.chroot.mount_table import mounts_at, mounts_in
from oxtui.builders.chroot.unmounting import end_processes, unmount
from oxtui.communicators.chroot.host import PLAIN, Host
from oxtui.component.errors import StepError
from oxtui.component.resources import ResourceRecord, Verdict

LOOPS = Path("/sys/block")
DETACHING = 30.0
"""Seconds for which others may hold a device: what looks at every new one, such as udev, and a container or an instance
of a simulated rack that starts, whose new mount namespace has a copy of every mount until it has a root of its own."""
_GONE_WITH_BOOT = "boot"
_MACHINE_ID = Path("/etc/machine-id")
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class WrongMachine(StepError):
    """The resource is on another machine than this one."""


@dataclass(frozen=True, slots=True)
class LocalMachine:
    """This machine, as the service that holds what builds make on it."""

    tell: Callable[[str], None] = lambda text: None
    """Takes what is worth telling, such as the processes that are ended."""


def locate(host: Host, **known: str) -> dict[str, str]:
    """The locator of something about to be made here; `known` tells it from one of the same name."""
    wrapper = "" if host.is_plain else host.wrapper
    values = {"machine": _machine(), _GONE_WITH_BOOT: _boot(), "wrapper": wrapper, **known}
    return {name: value for name, value in values.items() if value}


def _machine() -> str:
    return _text(_MACHINE_ID) or os.uname().nodename


def _boot() -> str:
    return _text(_BOOT_ID)


def _text(path: Path) -> str:
    try:
        return path.read_text().strip()
    except OSError:
        return ""


class LocalKind:
    """What the kinds of this machine have in common."""

    name: ClassVar[str]
    title: ClassVar[str]
    order: ClassVar[int]
    is_machine: ClassVar[bool] = False
    at_once: ClassVar[bool] = True
    outlives_boot: ClassVar[bool] = True

    async def find(self, service: LocalMachine, record: ResourceRecord) -> str | None:
        """The id; None if it is not there.

        Raises:
            WrongMachine: it was made elsewhere.
        """
        made_on, boot = record.locator.get("machine", ""), record.locator.get(_GONE_WITH_BOOT, "")
        if made_on != _machine():
            raise WrongMachine(
                f'"{record.name}" was made on another machine ({made_on or "unknown"}); sweep there.'
            )
        if not self.outlives_boot and boot != _boot():
            return None
        return self._there(record)

    def _there(self, record: ResourceRecord) -> str | None:
        raise LookupError(self.name)

    async def delete(self, service: LocalMachine, record: ResourceRecord) -> bool:
        """Removes it; False if it was gone already.

        Raises:
            StepError: it is still there; the text says why.
        """
        if await self.find(service, record) is None:
            return False
        host = Host(record.locator.get("wrapper", PLAIN))
        await self._remove(service, host, record)
        return True

    async def _remove(self, service: LocalMachine, host: Host, record: ResourceRecord) -> None:
        raise LookupError(self.name)

    def verdict(self, error: BaseException) -> Verdict:
        """Whatever it was: the program that made it has ended, so one look settles it."""
        return "answered"

    def command(self, record: ResourceRecord) -> str:
        """The shell command that removes it by hand."""
        line = Host(record.locator.get("wrapper", PLAIN)).wrapped(self._words(record))
        return line[-1] if line[0] == "/bin/sh" else shlex.join(line)

    def _words(self, record: ResourceRecord) -> list[str]:
        raise LookupError(self.name)

    def cost(self, record: ResourceRecord) -> str:
        """Nothing."""
        return ""


class MountKind(LocalKind):
    """A mount; its name and its id are the path. `root` is the root directory that it is, or is part of."""

    name = "local.mount"
    title = "mount"
    order = 1
    outlives_boot = False

    def _there(self, record: ResourceRecord) -> str | None:
        return record.name if mounts_at(record.name) else None

    async def _remove(self, service: LocalMachine, host: Host, record: ResourceRecord) -> None:
        await end_processes(host, Path(record.locator.get("root", record.name)), service.tell)
        await unmount(host, record.name, service.tell)

    def _words(self, record: ResourceRecord) -> list[str]:
        return ["umount", "--recursive", record.name]


def backing_file(device: str) -> str:
    """Path of the file behind a loop device; empty if there is none."""
    return _text(LOOPS / Path(device).name / "loop/backing_file")


async def detached(is_there: Callable[[], bool]) -> bool:
    """Whether a loop device goes, soon after it was told to: it does so when the last program lets go of it."""
    with suppress(TimeoutError):
        async with asyncio.timeout(DETACHING):
            while is_there():  # noqa: ASYNC110 - nothing tells of it that could be awaited
                await asyncio.sleep(0.02)
            return True
    return False


class LoopDeviceKind(LocalKind):
    """A loop device; its name is the path of the file behind it, its id that of the device."""

    name = "local.loop_device"
    title = "loop device"
    order = 2
    outlives_boot = False

    def _there(self, record: ResourceRecord) -> str | None:
        for place in sorted(LOOPS.glob("loop*")):
            # The kernel marks a file whose name is gone.
            if backing_file(place.name) in (record.name, f"{record.name} (deleted)"):
                return f"/dev/{place.name}"
        return None

    async def _remove(self, service: LocalMachine, host: Host, record: ResourceRecord) -> None:
        device = self._there(record)
        if device is None:
            return
        await host.check("losetup", "--detach", device)
        if not await detached(lambda: self._there(record) == device):
            raise StepError(
                f"{device} is still in use, and is detached when that ends; `findmnt {device}` tells where."
            )

    def _words(self, record: ResourceRecord) -> list[str]:
        return ["losetup", "--detach", record.id or self._there(record) or record.name]


class FileKind(LocalKind):
    """A file that becomes the artifact; its name and its id are the path."""

    name = "local.file"
    title = "file"
    order = 3

    def _there(self, record: ResourceRecord) -> str | None:
        return record.name if os.path.lexists(record.name) else None

    async def _remove(self, service: LocalMachine, host: Host, record: ResourceRecord) -> None:
        await host.check("rm", "-f", "--", record.name)

    def _words(self, record: ResourceRecord) -> list[str]:
        return ["rm", "-f", "--", record.name]

    def cost(self, record: ResourceRecord) -> str:
        """The blocks that it really has."""
        try:
            size = os.stat(record.name).st_blocks * 512
        except OSError:
            return ""
        return f"{size / 2**20:.0f} MiB on this machine's disk"


class DirectoryKind(LocalKind):
    """A directory; its name and its id are the path. With `tree` in the locator its content goes with it."""

    name = "local.directory"
    title = "directory"
    order = 4

    def _there(self, record: ResourceRecord) -> str | None:
        return record.name if os.path.isdir(record.name) else None

    async def _remove(self, service: LocalMachine, host: Host, record: ResourceRecord) -> None:
        tree = record.locator.get("tree")
        if mounted := (mounts_in if tree else mounts_at)(record.name):
            raise StepError(
                f"{mounted[-1].target} is still mounted, so {record.name} is not removed: what is mounted "
                "there would be removed with it."
            )
        if not tree:
            # One that somebody else put something into is left to them.
            await host.check("rmdir", "--ignore-fail-on-non-empty", "--", record.name)
            return
        await host.check("rm", "-rf", "--one-file-system", "--", record.name)

    def _words(self, record: ResourceRecord) -> list[str]:
        words = ["rm", "-rf", "--one-file-system"] if record.locator.get("tree") else ["rmdir"]
        return [*words, "--", record.name]
