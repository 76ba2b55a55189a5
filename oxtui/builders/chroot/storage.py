"""What the root of a local build is made of: a disk image on a loop device, or a directory."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from oxtui.builders.chroot.chroot import Chroot
from oxtui.builders.chroot.lock import device_lock
from oxtui.builders.chroot.resources import backing_file, detached
from oxtui.component.errors import StepError
from oxtui.component.protocols import StepContext


async def make_disk(chroot: Chroot, context: StepContext, path: str, size: int) -> None:
    """Makes the file of `size` bytes at `path` and attaches it, where an attempt before has not.

    Raises:
        StepError: it cannot be made, or no loop device is left.
    """
    recorder = chroot.setting.recorder
    await chroot.make_directory(str(Path(path).parent))
    if await recorder.existing("local.file", path, chroot.machine) is None:
        async with recorder.create("local.file", path, chroot.locator()) as made:
            try:
                await asyncio.to_thread(_sparse, path, size)
            except OSError as error:
                raise StepError(f"{path} cannot be made: {error.strerror}.") from error
            made.created(path)
    attached = await recorder.existing("local.loop_device", path, chroot.machine)
    if attached is not None:
        chroot.device = attached.id
        return
    async with (
        device_lock(context.say),
        recorder.create("local.loop_device", path, chroot.locator()) as made,
    ):
        words = ("losetup", "--find", "--show", "--partscan", "--", path)
        device = await chroot.host.check(*words, what="no loop device can be attached")
        made.created(device.strip())
    chroot.device = device.strip()
    context.say(f"Attached {path} as {chroot.device}")


def _sparse(path: str, size: int) -> None:
    with open(path, "xb") as file:
        file.truncate(size)


async def detach(chroot: Chroot, context: StepContext, path: str) -> None:
    """Gives the loop device back, so that all of the disk is in its file.

    Raises:
        StepError: it is still in use.
    """
    device = chroot.device
    if backing_file(device) != path:
        return
    await chroot.host.check("losetup", "--detach", device)
    if not await detached(lambda: backing_file(device) == path):
        raise StepError(
            f"{device} is still in use; `findmnt {device}` tells where. Retry this step then."
        )
    context.say(f"Detached {device}")


async def make_directory(chroot: Chroot, context: StepContext, path: str) -> None:
    """Makes the directory that is the root.

    Raises:
        StepError: it cannot be made.
    """
    await chroot.make_directory(path, tree="yes")
    chroot.device = path
    context.say(f"The root is {path}")


async def make_filesystem(
    chroot: Chroot, context: StepContext, kind: str, options: list[str]
) -> None:
    """Makes the file system of the root on the device or its partition.

    Raises:
        StepError: mkfs failed; its output is in the log.
    """
    if chroot.is_mounted:
        return
    device = await chroot.partition()
    context.say(f"Making a file system, {kind}, on {device}")
    status = await chroot.host.run([f"mkfs.{kind}", *options, device], context.output)
    if status.status != 0:
        raise StepError(
            f"mkfs.{kind} ended with {status}. Its output is in the log; correct filesystem_options or "
            "disk_size and retry this step."
        )


def beside(output: str, run_id: str) -> str:
    """Where what becomes the output lies until it is whole: on the same disk, so that it only gets its name."""
    folder, name = os.path.split(os.path.abspath(output))
    return os.path.join(folder, f".{name}.oxtui-{run_id}")
