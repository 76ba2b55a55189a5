"""What a file of disk blocks is, found out before anything is made on the rack.

The marks are those of the formats: GPT's header at the second block, ISO 9660's volume descriptor,
the magic numbers of compressors and of disk formats that only a hypervisor understands.
"""

from __future__ import annotations

import asyncio
import bz2
import gzip
import lzma
import stat
import zlib
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, TypeVar, cast

from oxtui.oxide.errors import OxideError
from oxtui.oxide.limits import BLOCK_SIZES, DISK_SIZE, GIB, check_block_size

CHUNK = 512 * 1024
"""Bytes of one bulk write: the API's most."""

_BATCH = 16 * CHUNK
_ZEROS = bytes(CHUNK)
_HEAD = 64 * 1024
_GPT = b"EFI PART"
_ISO, _ISO_AT, _ISO_BLOCK = b"CD001", 0x8001, 2048
_OPENERS: dict[str, tuple[bytes, Callable[..., Any]]] = {
    "gzip": (b"\x1f\x8b", gzip.open),
    "xz": (b"\xfd7zXZ\x00", lzma.open),
    "bzip2": (b"BZh", bz2.open),
}
_FOREIGN = {
    "qcow2": (0, b"QFI\xfb"),
    "vmdk": (0, b"KDMV"),
    "vhdx": (0, b"vhdxfile"),
    "vhd": (0, b"conectix"),
    "vdi": (0x40, b"\x7f\x10\xda\xbe"),
}
_PACKED = {
    "zstd": (b"\x28\xb5\x2f\xfd", "unzstd"),
    "7-Zip": (b"7z\xbc\xaf\x27\x1c", "7z x"),
    "zip": (b"PK\x03\x04", "unzip"),
}

T = TypeVar("T")
Counted = Callable[[int, int], None]
"""Told how many bytes of the file are read, and how many it has."""


class ImageFileError(OxideError):
    """The file cannot become an image; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class ImageFile:
    """A file that can become an image.

    Attributes:
        path: The file.
        compression: `gzip`, `xz`, `bzip2`, or None.
        size: Bytes of the raw blocks, after decompression: whole blocks.
        block_size: Bytes of a block of the disk to be made.
        warnings: What may be wrong with it, a sentence each.
    """

    path: Path
    compression: str | None
    size: int
    block_size: int
    warnings: tuple[str, ...] = ()

    @property
    def disk_size(self) -> int:
        """Bytes of the disk that holds it: whole GiB."""
        return -(-self.size // GIB) * GIB

    async def chunks(self) -> AsyncGenerator[tuple[int, bytes], None]:
        """Offset and bytes of each chunk that is not all zeros; reads in a thread.

        Raises:
            ImageFileError: The file cannot be read, or is no longer what it was.
        """
        offset = 0
        async with _opened(self.path, self.compression) as (file, _):
            while batch := await _read(self.path, file, _BATCH):
                for start in range(0, len(batch), CHUNK):
                    chunk = batch[start : start + CHUNK]
                    if not _ZEROS.startswith(chunk):
                        yield offset + start, chunk
                offset += len(batch)
                if offset > self.size:
                    break
        if offset != self.size:
            raise ImageFileError(f"{self.path} changed while it was uploaded. Begin again.")


async def inspect(
    path: Path, *, block_size: int | None = None, counted: Counted | None = None
) -> ImageFile:
    """Find out what a file is. A compressed one is read through once, to know its size.

    Args:
        path: The file.
        block_size: Of the disk to be made, in bytes; None for what the file itself says.
        counted: Told how far the reading is.

    Raises:
        ImageFileError: It cannot become an image.
    """
    if block_size is not None and (problem := check_block_size(block_size)):
        raise ImageFileError(problem)
    length = await asyncio.to_thread(_length, path)
    async with _opened(path, None) as (file, _):
        compression = _compression(path, await _read(path, file, _HEAD))
    async with _opened(path, compression) as (file, raw):
        head = await _read(path, file, _HEAD)
        size = length
        if compression is not None:
            size = len(head)
            while batch := await _read(path, file, _BATCH):
                size += len(batch)
                if counted is not None:
                    counted(raw.tell(), length)
    _refuse_foreign(path, head)
    found = _marked_block_size(head)
    chosen = block_size or found or BLOCK_SIZES[0]
    _check_size(path, size, chosen)
    return ImageFile(path, compression, size, chosen, tuple(_warnings(head, found, chosen)))


def _length(path: Path) -> int:
    try:
        status = path.stat()
    except OSError as error:
        raise ImageFileError(f"{path} cannot be read: {error.strerror}.") from None
    if not stat.S_ISREG(status.st_mode):
        raise ImageFileError(f"{path} is not a file. Give the file that holds the disk's blocks.")
    return status.st_size


def _compression(path: Path, head: bytes) -> str | None:
    for name, (magic, command) in _PACKED.items():
        if head.startswith(magic):
            raise ImageFileError(
                f"{path} is packed with {name}, which is not unpacked here. Unpack it with"
                f" `{command} {path}` first."
            )
    return next((name for name, (magic, _) in _OPENERS.items() if head.startswith(magic)), None)


def _refuse_foreign(path: Path, head: bytes) -> None:
    for name, (place, magic) in _FOREIGN.items():
        if head[place:].startswith(magic):
            raise ImageFileError(
                f"{path} is in the format {name}; only raw blocks can be uploaded. Convert it with"
                f" `qemu-img convert -O raw {path} {path.with_suffix('.raw')}`."
            )


def _marked_block_size(head: bytes) -> int | None:
    """What the file itself says: the place of GPT's header, or that it is a CD."""
    for block_size in BLOCK_SIZES:
        if head[block_size:].startswith(_GPT):
            return block_size
    return _ISO_BLOCK if head[_ISO_AT:].startswith(_ISO) else None


def _check_size(path: Path, size: int, block_size: int) -> None:
    if size == 0:
        raise ImageFileError(f"{path} is empty.")
    if size % block_size:
        raise ImageFileError(
            f"{path} has {size} bytes, which are no whole blocks of {block_size} bytes. It may be"
            " cut off; or choose another block size."
        )
    if size > DISK_SIZE:
        raise ImageFileError(
            f"{path} has {size} bytes; a disk of the rack has at most {DISK_SIZE // GIB} GiB."
        )


def _warnings(head: bytes, found: int | None, chosen: int) -> Iterator[str]:
    if found is None:
        yield "It has neither a GPT partition table nor a CD's file system, so it may not boot."
    elif found != chosen:
        kind = "a CD" if head[_ISO_AT:].startswith(_ISO) else "its partition table"
        yield f"It has the block size {found} of {kind}, so with {chosen} it may not boot."


@asynccontextmanager
async def _opened(
    path: Path, compression: str | None
) -> AsyncIterator[tuple[IO[bytes], IO[bytes]]]:
    """The blocks of a file, and the file as it is; the same two without compression."""
    raw = await _in_thread(path, lambda: path.open("rb"), lambda file: file.close())
    with raw:
        if compression is None:
            yield raw, raw
            return
        with _OPENERS[compression][1](raw, "rb") as file:
            yield cast("IO[bytes]", file), raw


async def _read(path: Path, file: IO[bytes], count: int) -> bytes:
    return await _in_thread(path, lambda: file.read(count))


async def _in_thread(
    path: Path, work: Callable[[], T], undo: Callable[[T], object] = lambda _: None
) -> T:
    """The result of some work with a file. A cancellation waits for the thread to let go of it."""
    task = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        if task.exception() is None:
            undo(task.result())
        raise
    except OSError as error:
        reason = error.strerror or str(error)
        raise ImageFileError(f"{path} cannot be read: {reason}.") from None
    except (EOFError, zlib.error, lzma.LZMAError) as error:
        raise ImageFileError(f"{path} cannot be unpacked to its end: {error}.") from None
