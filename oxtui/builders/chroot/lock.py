"""The lock of chroot builds: one at a time attaches a device, as each looks for the one that appears."""

from __future__ import annotations

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from oxtui.component.errors import StepError

LOCK = Path("/var/lock/packer-chroot/lock")
"""Packer's chroot builders take the same one."""


@asynccontextmanager
async def device_lock(waiting: Callable[[str], None], path: Path = LOCK) -> AsyncIterator[None]:
    """Holds the lock, which the kernel takes back with the process; the file stays.

    Args:
        waiting: told once if another process has it.
        path: of the file.

    Raises:
        StepError: the file cannot be made.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = _opened(path)
    except OSError as error:
        raise StepError(
            f"the lock {path} cannot be opened: {error.strerror}. Make its folder writable for this user."
        ) from error
    try:
        await _take(handle, path, waiting)
        yield
    finally:
        os.close(handle)


def _opened(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except PermissionError:
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC)  # another user's; flock(2) needs no more


async def _take(handle: int, path: Path, waiting: Callable[[str], None]) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        pass
    else:
        return
    waiting(f"Another chroot build holds {path}; waiting for it")
    # The lock is the open file's, so a program can wait for it in our place, and can be cut off.
    process = await asyncio.create_subprocess_exec(
        "flock", "--exclusive", str(handle), pass_fds=(handle,), stdin=asyncio.subprocess.DEVNULL
    )
    try:
        status = await process.wait()
    except BaseException:
        if process.returncode is None:
            process.kill()
        await process.wait()
        raise
    if status != 0:
        raise StepError(f"the lock {path} cannot be taken: flock ended with {status}")
