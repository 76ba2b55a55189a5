"""From the provisioned root to the file that is the artifact."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

from oxtui.builders.chroot.chroot import Chroot
from oxtui.component.errors import StepError
from oxtui.component.protocols import ExitStatus, StepContext

_TOLD_EVERY = 1.0
"""Seconds."""


async def trim(chroot: Chroot, context: StepContext) -> None:
    """Gives free blocks of the disk image back: it gets smaller, and deleted files are not in it."""
    try:
        told = await chroot.host.check("fstrim", "--verbose", "--", chroot.path)
    except StepError as error:
        told = f"Free blocks stay in the disk image: {error}"
    context.say(told.strip())


async def archive(chroot: Chroot, context: StepContext, path: str) -> None:
    """Packs the root, as it is mounted alone, into a .tar.gz.

    Raises:
        StepError: tar failed; its output is in the log.
    """
    recorder = chroot.setting.recorder
    await chroot.make_directory(os.path.dirname(path))
    if await recorder.existing("local.file", path, chroot.machine) is not None:
        await chroot.host.check("rm", "-f", "--", path)  # of an attempt that was cut off
    async with recorder.create("local.file", path, chroot.locator()) as made:
        context.say(f"Packing {chroot.path}")
        words = ["tar", "--create", "--gzip", "--numeric-owner", "--xattrs", "--xattrs-include=*"]
        words += ["--one-file-system", "--exclude=./lost+found", "--directory", chroot.path]
        packing = chroot.host.run([*words, "--file", path, "."], context.output)
        status = await _watched(packing, context, path)
        if status.status != 0:
            raise StepError(
                f"{chroot.path} cannot be packed: tar ended with {status}; see its output."
            )
        if os.geteuid() != 0:  # the wrapper's user made it
            await chroot.host.check("chown", f"{os.getuid()}:{os.getgid()}", "--", path)
        made.created(path)


async def _watched(
    packing: Coroutine[Any, Any, ExitStatus], context: StepContext, path: str
) -> ExitStatus:
    """Tells how much there is of the file, as long as that takes."""
    task = asyncio.ensure_future(packing)
    try:
        while not task.done():
            await asyncio.wait([task], timeout=_TOLD_EVERY)
            with suppress(OSError):
                context.progress(f"packing {path}", os.path.getsize(path))
        return task.result()
    finally:
        task.cancel()
        await asyncio.wait([task])


async def finish(context: StepContext, path: str, output: str) -> int:
    """Gives the file its name, once it is on the disk for sure; its size in bytes.

    Raises:
        StepError: it cannot.
    """
    try:
        size = await asyncio.to_thread(_finish, path, output)
    except OSError as error:
        raise StepError(f"{output} cannot be made of {path}: {error.strerror}.") from error
    context.say(f"Made {output} of {size} bytes")
    return size


def _finish(path: str, output: str) -> int:
    if not os.path.exists(path) and os.path.exists(output):
        return os.path.getsize(output)  # an attempt before got as far as that
    with open(path, "rb+") as file:
        os.fsync(file.fileno())
    os.replace(path, output)
    folder = os.open(os.path.dirname(os.path.abspath(output)), os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return os.path.getsize(output)
