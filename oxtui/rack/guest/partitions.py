"""Where the file system on a disk is: all over it, or in one of its partitions.

Sources: the UEFI specification, 5.2 (MBR) and 5.3 (GPT); the superblocks of ext4 and XFS in the kernel's
documentation.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

SECTOR = 512
_ENTRIES = 446
"""Where the four partitions of an MBR are."""
_LINUX = 0x83
_PROTECTIVE = 0xEE
_MOST = 256
"""Partitions of a GPT that are looked at; it has 128."""
_LARGEST_ENTRY = 4096
_EXT4_MAGIC = (1024 + 56, b"\x53\xef")
_XFS_MAGIC = (0, b"XFSB")


@dataclass(frozen=True, slots=True)
class FileSystem:
    """Bytes of a disk that hold a file system. `kind`: the name that mount(8) has for it."""

    offset: int
    size: int
    kind: str


def first_file_system(disk: BinaryIO, size: int) -> FileSystem | None:
    """The file system that is all over a disk of `size` bytes, or that of the first partition which has one.

    Those are found that a system can have its root on here: ext2 to ext4, and XFS.
    """
    for offset, length in ((0, size), *_partitions(disk)):
        if length > 0 and offset + length <= size and (kind := _kind(disk, offset)):
            return FileSystem(offset, length, kind)
    return None


def table_of_one(start: int, size: int) -> bytes:
    """The first sector of a disk with one Linux partition, of `size` bytes from the byte `start` on."""
    entry = struct.pack("<B3sB3sII", 0, bytes(3), _LINUX, bytes(3), start // SECTOR, size // SECTOR)
    return bytes(_ENTRIES) + entry + bytes(48) + b"\x55\xaa"


def _partitions(disk: BinaryIO) -> Iterator[tuple[int, int]]:
    """Offset and size of each, in bytes."""
    table = _read(disk, 0, SECTOR)
    if len(table) < SECTOR or table[510:] != b"\x55\xaa":
        return
    for number in range(4):
        kind, start, length = struct.unpack_from("<4xB3xII", table, _ENTRIES + 16 * number)
        if kind == _PROTECTIVE:
            yield from _gpt_partitions(disk)
        elif kind:
            yield start * SECTOR, length * SECTOR


def _gpt_partitions(disk: BinaryIO) -> Iterator[tuple[int, int]]:
    header = _read(disk, SECTOR, SECTOR)
    if len(header) < SECTOR or not header.startswith(b"EFI PART"):
        return
    place, count, size = struct.unpack_from("<QII", header, 72)
    if not 128 <= size <= _LARGEST_ENTRY:
        return
    entries = _read(disk, place * SECTOR, min(count, _MOST) * size)
    for at in range(0, len(entries) - 127, size):
        kind, first, last = struct.unpack_from("<16s16xQQ", entries, at)
        if any(kind):
            yield first * SECTOR, (last - first + 1) * SECTOR


def _kind(disk: BinaryIO, offset: int) -> str:
    for kind, (place, magic) in {"ext4": _EXT4_MAGIC, "xfs": _XFS_MAGIC}.items():
        if _read(disk, offset + place, len(magic)) == magic:
            return kind
    return ""


def _read(disk: BinaryIO, offset: int, length: int) -> bytes:
    try:
        disk.seek(offset)
    except (OSError, OverflowError):  # farther than any file goes
        return b""
    return disk.read(length)
