"""Storing the file: as a whole or not at all, with the modes that Packer gives."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from oxtui.component.errors import StepError
from oxtui.component.threads import Meter
from oxtui.template.editing.save import replacing

CHUNK = 1 << 20
WRITTEN_MODE = 0o600
"""Of a new file that holds `content`: it may hold a secret."""
COPIED_MODE = 0o666
"""Of a new copy of `source`, before the umask."""


def store(content: bytes, target: str) -> int:
    """Makes a file of that content; its size in bytes. Raises StepError."""
    with _file(target, WRITTEN_MODE) as file:
        file.write(content)
    return len(content)


def copy(source: str, target: str, meter: Meter) -> int:
    """Makes a file like another one; its size in bytes. Raises StepError, and Stopped of the meter."""
    try:
        with open(source, "rb") as origin, _file(target, COPIED_MODE) as file:
            while data := _read(origin, source):
                file.write(data)
                meter.add(len(data))
    except OSError as error:  # of opening it: what else can fail says so itself
        raise StepError(
            f"source: {source} cannot be read: {_reason(error)}. Correct the path, or make the file."
        ) from None
    return meter.done


@contextmanager
def _file(target: str, mode: int) -> Iterator[BinaryIO]:
    """The file to write, in a folder that is made where it is missing."""
    path = Path(target)
    try:
        if target.endswith("/") or path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        path.parent.mkdir(parents=True, exist_ok=True)
        if _is_special(path):
            # A device or a pipe is written to, as nothing can take its place.
            with path.open("wb") as file:
                yield file
        else:
            with replacing(path, mode) as file:
                yield file
    except OSError as error:
        raise StepError(
            f"target: {target} cannot be written: {_reason(error)}. "
            "Correct the path or make room, and retry this step."
        ) from error


def _read(origin: BinaryIO, source: str) -> bytes:
    try:
        return origin.read(CHUNK)
    except OSError as error:
        raise StepError(f"source: {source} cannot be read: {_reason(error)}.") from error


def _is_special(path: Path) -> bool:
    return path.exists() and not stat.S_ISREG(path.stat().st_mode)


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
