"""One file here: read piece by piece, off the event loop."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TypeVar, cast

from oxtui.communicators.transfer.local_tree import special
from oxtui.component.errors import TransferError

T = TypeVar("T")

PIECE = 1024 * 1024
"""Bytes that are read at once."""


@contextmanager
def opened(path: Path) -> Iterator[tuple[IO[bytes], int]]:
    """A file here, open, and its size in bytes.

    Raises:
        TransferError: it cannot be read, or has no content of its own.
    """
    try:
        if kind := special(path.stat().st_mode):
            raise TransferError(f"{path} is {kind} and has no content to copy. Name a file.")
        file = path.open("rb", buffering=0)
    except OSError as error:
        raise TransferError(
            f"{path} cannot be read: {error.strerror}. Put it there and retry this step."
        ) from error
    with file:
        yield file, os.fstat(file.fileno()).st_size


def pieces(file: IO[bytes], path: Path, size: int, piece: int) -> Iterator[bytes]:
    """`size` bytes of an open file, `piece` at a time.

    Raises:
        TransferError: it cannot be read any further.
    """
    left = size
    while left:
        try:
            data = file.read(min(piece, left))
        except OSError as error:
            raise TransferError(f"{path} cannot be read any further: {error.strerror}") from error
        if not data:
            raise TransferError(
                f"{path} became shorter while it was copied. Retry this step once nothing writes to it."
            )
        left -= len(data)
        yield data


async def ahead(made: Iterator[T]) -> AsyncGenerator[T, None]:
    """What an iterator gives, made in a thread; the next one is made while this one is used."""
    end = object()
    coming = asyncio.ensure_future(asyncio.to_thread(next, made, end))
    try:
        while (item := await coming) is not end:
            coming = asyncio.ensure_future(asyncio.to_thread(next, made, end))
            yield cast("T", item)
    finally:
        # A thread cannot be stopped: it is waited for, so that nobody closes what it reads.
        with suppress(Exception):
            await asyncio.shield(coming)
