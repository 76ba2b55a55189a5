"""Writing a file so that it is either the old one or the new one, never a part."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

_NAMED = 200
"""Bytes of a file's name that are in the name that it has while it is written."""


def write_atomically(path: Path, data: bytes) -> None:
    """Replaces a file's content. Its mode stays; a link stays a link. Raises OSError."""
    with replacing(path) as file:
        file.write(data)


@contextmanager
def replacing(path: Path, mode: int = 0o666) -> Iterator[BinaryIO]:
    """A file to write, which takes the place of `path` at the end of the block, and is gone if that fails.

    The mode of a file that is there stays, and a link stays a link; a new file has `mode`, which the
    process's umask cuts down. Raises OSError.
    """
    target = Path(os.path.realpath(path))
    kept = stat.S_IMODE(target.stat().st_mode) if target.exists() else None
    # Not of the whole name, as one may be as long as a file system takes them.
    start = os.fsdecode(os.fsencode(target.name)[:_NAMED])
    temporary = target.with_name(f".{start}.{secrets.token_hex(6)}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    try:
        handle = os.open(temporary, flags, mode if kept is None else kept & 0o700)
    except OSError as problem:
        # The operator knows the folder, not the name that the file has meanwhile.
        raise OSError(problem.errno, problem.strerror, str(target.parent)) from None
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            if kept is not None:
                os.fchmod(file.fileno(), kept)
            os.fsync(file.fileno())
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
