"""What a file is, is known before anything is made on the rack."""

from __future__ import annotations

import asyncio
import bz2
import gzip
import lzma
import tempfile
from collections.abc import Callable
from contextlib import aclosing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oxtui.oxide.image_file import CHUNK, ImageFile, ImageFileError, inspect
from oxtui.oxide.limits import GIB
from tests.oxide.disk_files import blocks, bootable, write

PACKERS: dict[str | None, Callable[[bytes], bytes]] = {
    None: bytes,
    "gzip": gzip.compress,
    "xz": lzma.compress,
    "bzip2": bz2.compress,
}


async def rebuilt(file: ImageFile) -> bytes:
    """The blocks of a disk on which the chunks were written."""
    disk = bytearray(file.size)
    async for offset, data in file.chunks():
        assert len(data) <= CHUNK
        assert any(data)
        disk[offset : offset + len(data)] = data
    return bytes(disk)


@pytest.mark.parametrize("compression", PACKERS)
async def test_a_file_is_read_as_the_disk_it_describes(
    tmp_path: Path, compression: str | None
) -> None:
    content = bootable(5)
    path = write(tmp_path / "disk", PACKERS[compression](content))
    counts: list[tuple[int, int]] = []
    file = await inspect(path, counted=lambda done, total: counts.append((done, total)))
    assert (file.compression, file.size, file.block_size) == (compression, len(content), 512)
    assert (file.disk_size, file.warnings) == (GIB, ())
    assert await rebuilt(file) == content
    assert {total for _, total in counts} <= {path.stat().st_size}


@given(
    parts=st.lists(st.tuples(st.integers(0, 3 * CHUNK), st.binary(max_size=700)), max_size=4),
    tail=st.integers(0, 9),
    compression=st.sampled_from(list(PACKERS)),
)
@settings(max_examples=25)
async def test_no_byte_is_lost(
    parts: list[tuple[int, bytes]], tail: int, compression: str | None
) -> None:
    size = 3 * CHUNK + 1024 + tail * 512
    content = blocks(*parts, size=size)[:size]
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder) / "disk", PACKERS[compression](content))
        assert await rebuilt(await inspect(path)) == content


async def test_chunks_of_zeros_are_skipped(tmp_path: Path) -> None:
    file = await inspect(write(tmp_path / "disk", bootable(4)))
    assert [offset async for offset, _ in file.chunks()] == [0, 2 * CHUNK]


@pytest.mark.parametrize(
    ("content", "asked", "block_size", "warning"),
    [
        (blocks((512, b"EFI PART"), size=65536), None, 512, None),
        (blocks((2048, b"EFI PART"), size=65536), None, 2048, None),
        (blocks((4096, b"EFI PART"), size=65536), None, 4096, None),
        (blocks((0x8001, b"CD001"), size=65536), None, 2048, None),
        (blocks((0, b"text"), size=65536), None, 512, "neither a GPT partition table nor"),
        (blocks((512, b"EFI PART"), size=65536), 4096, 4096, "size 512 of its partition table"),
        (blocks((0x8001, b"CD001"), size=65536), 512, 512, "block size 2048 of a CD"),
        (blocks((0, b"text"), size=65536), 4096, 4096, "may not boot"),
    ],
)
async def test_the_block_size_is_what_the_file_says_unless_chosen(
    tmp_path: Path, content: bytes, asked: int | None, block_size: int, warning: str | None
) -> None:
    file = await inspect(write(tmp_path / "disk", content), block_size=asked)
    assert file.block_size == block_size
    if warning is None:
        assert file.warnings == ()
    else:
        assert warning in file.warnings[0]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (gzip.compress(b"", mtime=0), "is empty"),
        (bytes(700), "700 bytes, which are no whole blocks of 512"),
        (b"QFI\xfb" + bytes(508), "format qcow2.*qemu-img convert -O raw"),
        (gzip.compress(b"KDMV" + bytes(508), mtime=0), "format vmdk"),
        (b"vhdxfile" + bytes(504), "format vhdx"),
        (b"conectix" + bytes(504), "format vhd"),
        (blocks((0x40, b"\x7f\x10\xda\xbe"), size=512), "format vdi"),
        (b"\x28\xb5\x2f\xfd" + bytes(508), "packed with zstd.*`unzstd"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(506), "packed with 7-Zip"),
        (b"PK\x03\x04" + bytes(508), "packed with zip"),
        (gzip.compress(bytes(4096), mtime=0)[:-9], "cannot be (read|unpacked)"),
        (lzma.compress(bytes(4096))[:-9], "cannot be (read|unpacked)"),
        (bz2.compress(bytes(4096))[:-9], "cannot be (read|unpacked)"),
        (b"\x1f\x8bgarbage", "cannot be (read|unpacked)"),
        (b"\xfd7zXZ\x00garbage", "cannot be (read|unpacked)"),
    ],
)
async def test_what_cannot_become_an_image_is_told(
    tmp_path: Path, content: bytes, words: str
) -> None:
    with pytest.raises(ImageFileError, match=words):
        await inspect(write(tmp_path / "disk.img", content))


async def test_a_wrong_path_or_block_size_is_told(tmp_path: Path) -> None:
    with pytest.raises(ImageFileError, match="cannot be read: No such file"):
        await inspect(tmp_path / "missing")
    with pytest.raises(ImageFileError, match="is not a file"):
        await inspect(tmp_path)
    with pytest.raises(ImageFileError, match="512, 2048 or 4096"):
        await inspect(tmp_path, block_size=1000)


async def test_a_file_larger_than_any_disk_is_told(tmp_path: Path) -> None:
    path = tmp_path / "disk"
    with path.open("wb") as file:
        file.truncate(1024 * GIB)  # sparse: it takes no room
    with pytest.raises(ImageFileError, match="at most 1023 GiB"):
        await inspect(path)


@pytest.mark.parametrize("change", [bootable(3), bootable(5)])
async def test_a_file_that_changes_meanwhile_is_noticed(tmp_path: Path, change: bytes) -> None:
    path = write(tmp_path / "disk", bootable(4))
    file = await inspect(path)
    path.write_bytes(change)
    with pytest.raises(ImageFileError, match="changed while it was uploaded"):
        await rebuilt(file)


async def test_reading_can_be_cancelled(tmp_path: Path) -> None:
    file = await inspect(write(tmp_path / "disk", lzma.compress(bootable(40))))

    async def read() -> None:
        async with aclosing(file.chunks()) as chunks:
            async for _ in chunks:
                asyncio.current_task().cancel()  # type: ignore[union-attr]

    with pytest.raises(asyncio.CancelledError):
        await asyncio.create_task(read())
