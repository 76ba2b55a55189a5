"""The SHA-256 of a file, which MAAS wants to know before it takes a byte."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from oxtui.maas.errors import FileRefused

PIECE = 8 << 20
"""Bytes between two looks at whether the work is cancelled."""


async def sha256_of(path: Path, progress: Callable[[int, int], None]) -> tuple[str, int]:
    """The hash in hexadecimal, and the size in bytes; read in a thread, piece by piece.

    Args:
        path: the file.
        progress: told how many bytes are read, of how many.

    Raises:
        FileRefused: it cannot be read, is empty, or changes.
    """
    digest, done = hashlib.sha256(), 0
    try:
        size = (await asyncio.to_thread(path.stat)).st_size
        with await asyncio.to_thread(path.open, "rb") as file:
            while count := await asyncio.to_thread(_piece, file, digest):
                done += count
                progress(min(done, size), size)
    except OSError as error:
        raise FileRefused(f"{path} cannot be read: {error.strerror}.") from None
    if done == 0:
        raise FileRefused(f"{path} is empty.")
    if done != size:
        raise FileRefused(
            f"{path} changed while it was read. Wait until it is whole, then try again."
        )
    return digest.hexdigest(), size


def _piece(file: BinaryIO, digest: hashlib._Hash) -> int:
    data = file.read(PIECE)
    digest.update(data)
    return len(data)
