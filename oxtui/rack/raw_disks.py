"""The bytes of disks that are block devices: sparse files."""

from __future__ import annotations

import os
from pathlib import Path

from oxtui.rack.guest.partitions import first_file_system


def write_at(path: Path, offset: int, data: bytes) -> None:
    """Writes all of the data at an offset in bytes, into a file that need not exist yet."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        view = memoryview(data)
        while view:
            written = os.pwrite(descriptor, view, offset)
            view, offset = view[written:], offset + written
    finally:
        os.close(descriptor)


def lengthen(path: Path, size: int) -> None:
    """Makes a file at least `size` bytes long; it need not exist yet."""
    with path.open("ab") as file:
        file.truncate(max(size, file.tell()))


def holds_system(path: Path) -> bool:
    """Whether a file system is on a disk that a machine can boot from."""
    try:
        with path.open("rb") as disk:
            return first_file_system(disk, os.fstat(disk.fileno()).st_size) is not None
    except FileNotFoundError:  # nothing was written to it yet
        return False
