"""Finding the file system on a disk."""

from __future__ import annotations

import io
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oxtui.rack.guest.partitions import FileSystem, first_file_system, table_of_one

MIB = 1 << 20
SIZE = 64 * MIB
EXT4, XFS = (1080, b"\x53\xef"), (0, b"XFSB")


def disk(table: bytes, *marks: tuple[int, bytes]) -> io.BytesIO:
    """The bytes of a disk of 64 MiB: its first sectors, and what else is where."""
    there = bytearray(SIZE)
    there[: len(table)] = table
    for offset, mark in marks:
        there[offset : offset + len(mark)] = mark
    return io.BytesIO(bytes(there))


def at(offset: int, mark: tuple[int, bytes]) -> tuple[int, bytes]:
    """The mark of a file system that begins at an offset."""
    return offset + mark[0], mark[1]


def mbr(*entries: tuple[int, int, int]) -> bytes:
    """A table of partitions: kind, first sector, sectors."""
    packed = b"".join(struct.pack("<4xB3xII", *entry) for entry in entries)
    return bytes(446) + packed.ljust(64, b"\0") + b"\x55\xaa"


def gpt(*entries: tuple[int, int], size: int = 128, count: int = 128) -> bytes:
    """A table of partitions: first and last sector; its entries begin at sector 2."""
    header = b"EFI PART".ljust(72, b"\0") + struct.pack("<QII", 2, count, size)
    packed = b"".join(
        struct.pack("<16s16xQQ", b"linux", *entry).ljust(size, b"\0") for entry in entries
    )
    return mbr((0xEE, 1, 0xFFFFFFFF)) + header.ljust(512, b"\0") + packed


@pytest.mark.parametrize(
    ("bytes_of_it", "found"),
    [
        (disk(b"", EXT4), FileSystem(0, SIZE, "ext4")),
        (disk(b"", XFS), FileSystem(0, SIZE, "xfs")),
        (disk(table_of_one(MIB, 8 * MIB), at(MIB, EXT4)), FileSystem(MIB, 8 * MIB, "ext4")),
        (
            disk(mbr((0xEF, 2048, 2048), (0x83, 4096, 2048)), at(2 * MIB, XFS)),
            FileSystem(2 * MIB, MIB, "xfs"),
        ),
        (
            disk(gpt((2048, 4095), (4096, 8191)), at(2 * MIB, EXT4)),
            FileSystem(2 * MIB, 2 * MIB, "ext4"),
        ),
        (
            disk(gpt((2048, 4095), (4096, 8191), size=256), at(2 * MIB, EXT4)),
            FileSystem(2 * MIB, 2 * MIB, "ext4"),
        ),
        (disk(b""), None),
        (disk(table_of_one(MIB, 8 * MIB)), None),
        # A partition that is not all on the disk, and one that ends before it begins.
        (disk(table_of_one(MIB, SIZE), at(MIB, EXT4)), None),
        (disk(gpt((2048, 2047)), at(MIB, EXT4)), None),
        (disk(gpt((2048, 4095), size=8), at(MIB, EXT4)), None),
    ],
)
def test_the_first_file_system_is_found(bytes_of_it: io.BytesIO, found: FileSystem | None) -> None:
    assert first_file_system(bytes_of_it, SIZE) == found


@given(st.binary(max_size=2048), st.binary(min_size=66, max_size=66), st.binary(max_size=600))
def test_whatever_a_disk_holds_what_is_found_is_on_it(
    head: bytes, table: bytes, rest: bytes
) -> None:
    for text in (
        head,
        bytes(446) + table[:64] + b"\x55\xaa" + rest,
        mbr((0xEE, 1, 1)) + b"EFI PART" + rest,
    ):
        found = first_file_system(io.BytesIO(text), len(text))
        assert found is None or (found.size > 0 and found.offset + found.size <= len(text))
