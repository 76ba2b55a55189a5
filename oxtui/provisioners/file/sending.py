"""One file or directory to the guest, with the meaning that Packer gives to slashes (packer.md 3.2)."""

from __future__ import annotations

import asyncio
import os
import stat
from pathlib import Path

from oxtui.component.errors import StepError
from oxtui.component.protocols import Communicator, Moved, OnMoved, unheard


async def send(
    communicator: Communicator, source: str, destination: str, moved: OnMoved = unheard
) -> Moved:
    """Copies a file or a directory of this machine to `destination`.

    Raises:
        StepError: it cannot be read here, or the guest refused it.
    """
    path = Path(os.path.expanduser(source))
    try:
        mode = (await asyncio.to_thread(path.stat)).st_mode
    except OSError as error:
        raise StepError(
            f"{path} cannot be read: {error.strerror}. Put it there and retry this step."
        ) from error
    if stat.S_ISDIR(mode):
        # Without a slash the directory itself is copied, unless the destination is yet to be made.
        inside = "" if source.endswith("/") else path.name or path.resolve().name
        return await communicator.upload_tree(path, destination, inside=inside, moved=moved)
    target = destination + path.name if destination.endswith("/") else destination
    return await communicator.upload(path, target, mode & 0o777, masked=True, moved=moved)
