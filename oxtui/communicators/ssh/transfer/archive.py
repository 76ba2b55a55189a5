"""A tar stream of a directory here, made piece by piece.

GNU's form of tar: every tar in use reads it, old ones of BusyBox too, and names may be any bytes.
"""

from __future__ import annotations

import tarfile
from collections.abc import Iterator

from oxtui.communicators.ssh.transfer.local_tree import Entry, LocalTree
from oxtui.component.errors import TransferError

PIECE = 512 * 1024
"""Bytes of a piece, about: enough that handing it to the event loop costs little."""


def archived(tree: LocalTree) -> Iterator[tuple[bytes, int, int]]:
    """Pieces of the stream, each with the bytes of content and the files done behind it.

    Raises:
        TransferError: a file cannot be read, or became shorter meanwhile.
    """
    piece, size, files = bytearray(), 0, 0
    for entry in tree.entries:
        if entry.is_directory:
            piece += _header(entry, 0)
        else:
            for data, content in _file(entry):
                piece += data
                size += content
                if len(piece) >= PIECE:
                    yield bytes(piece), size, files
                    piece.clear()
            files += 1
        if len(piece) >= PIECE:
            yield bytes(piece), size, files
            piece.clear()
    piece += bytes(2 * tarfile.BLOCKSIZE)
    yield bytes(piece), size, files


def _header(entry: Entry, size: int) -> bytes:
    info = tarfile.TarInfo(entry.name)
    info.type = tarfile.DIRTYPE if entry.is_directory else tarfile.REGTYPE
    info.mode, info.size = entry.mode, size
    return info.tobuf(tarfile.GNU_FORMAT, "utf-8", "surrogateescape")


def _file(entry: Entry) -> Iterator[tuple[bytes, int]]:
    """Header, content and padding, each with the bytes of content in it."""
    try:
        with open(entry.place, "rb", buffering=0) as file:
            yield _header(entry, entry.size), 0
            left = entry.size
            while left:
                data = file.read(min(left, PIECE))
                if not data:
                    raise TransferError(
                        f"{entry.place} became shorter while it was copied. Retry this step once "
                        "nothing writes to it."
                    )
                left -= len(data)
                yield data, len(data)
    except OSError as error:
        raise TransferError(
            f"{entry.place} cannot be read: {error.strerror}. Correct it and retry this step."
        ) from error
    yield bytes(-entry.size % tarfile.BLOCKSIZE), 0
