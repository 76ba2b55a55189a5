"""Files of disk blocks, for tests."""

from __future__ import annotations

from pathlib import Path

from oxtui.oxide.image_file import CHUNK


def blocks(*parts: tuple[int, bytes], size: int) -> bytes:
    """So many bytes of zeros with something at some places."""
    content = bytearray(size)
    for place, part in parts:
        content[place : place + len(part)] = part
    return bytes(content)


def bootable(chunks: int = 4) -> bytes:
    """A disk with a partition table, all zeros in every second chunk."""
    marks = [(index * CHUNK + 5, b"data") for index in range(0, chunks, 2)]
    return blocks((512, b"EFI PART"), *marks, size=chunks * CHUNK)


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path
