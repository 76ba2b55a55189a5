"""The types of files that MAAS takes, and which one a file is: told by its content, never by a guess."""

from __future__ import annotations

import asyncio
import bz2
import io
import lzma
import re
import tarfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from oxtui.maas.errors import FileRefused

Packing = Literal["", "gzip", "bzip2", "xz"]
Holds = Literal["root", "disk", "tar of a disk"]

FILE_TYPES: Final[Mapping[str, tuple[Packing, Holds]]] = {
    "tgz": ("gzip", "root"),
    "tbz": ("bzip2", "root"),
    "txz": ("xz", "root"),
    "ddtgz": ("gzip", "tar of a disk"),
    "ddtbz": ("bzip2", "tar of a disk"),
    "ddtxz": ("xz", "tar of a disk"),
    "ddtar": ("", "tar of a disk"),
    "ddgz": ("gzip", "disk"),
    "ddbz2": ("bzip2", "disk"),
    "ddxz": ("xz", "disk"),
    "ddraw": ("", "disk"),
}
"""How each is packed, and what is in it (maas.md part 1)."""

_HEAD = 2 << 20
"""Bytes that are looked at: bzip2 gives nothing before a block of up to 900 kB is whole."""
_INNER = 256 * 1024
_MAGIC: Mapping[Packing, bytes] = {"gzip": b"\x1f\x8b", "bzip2": b"BZh", "xz": b"\xfd7zXZ\x00"}
_FOREIGN = {
    "qcow2": (0, b"QFI\xfb"),
    "vmdk": (0, b"KDMV"),
    "vhdx": (0, b"vhdxfile"),
    "vpc": (0, b"conectix"),
    "vdi": (0x40, b"\x7f\x10\xda\xbe"),
}
"""Disk formats by the names that qemu-img has for them."""
_ELSEWHERE = {
    "zstd": b"\x28\xb5\x2f\xfd",
    "a zip archive": b"PK\x03\x04",
    "7-Zip": b"7z\xbc\xaf\x27\x1c",
    "squashfs": b"hsqs",
}
_GPT, _GPT_PLACES = b"EFI PART", (512, 4096)
_MBR = b"\x55\xaa"
_CD, _CD_AT = b"CD001", 0x8001
_DISK_NAMES = (".raw", ".img", ".dd", "-dd", "disk")
_ROOT_NAMES = re.compile("bin|boot|dev|etc|home|lib|lib64|proc|root|sbin|srv|sys|usr|var")


@dataclass(frozen=True, slots=True)
class Content:
    """What a file is: how it is packed, and what it holds where that can be told."""

    packing: Packing
    holds: Holds | Literal["tar", ""]
    """`tar` of what cannot be told; empty for bytes without a mark."""


async def file_type(path: Path, wanted: str = "") -> str:
    """The type of a file for MAAS; `wanted` decides where the content does not, and must not contradict it.

    Raises:
        FileRefused: MAAS takes no such file, or what it is cannot be told.
    """
    return decide(path, await asyncio.to_thread(_looked_at, path), wanted)


def decide(path: Path, content: Content, wanted: str = "") -> str:
    """The type for a content.

    Raises:
        FileRefused: MAAS takes no such file, or what it is cannot be told.
    """
    found = {kind for kind, (packing, _) in FILE_TYPES.items() if packing == content.packing}
    packed = f"packed with {content.packing}" if content.packing else "not packed"
    if content.holds == "root" and not content.packing:
        raise FileRefused(
            f"{path} is a plain tar of a root file system, which MAAS takes only packed. "
            f"Pack it with `gzip {path}` first."
        )
    if content.holds:
        tars = content.holds == "tar"
        holds = ("root", "tar of a disk") if tars else (content.holds,)
        found = {kind for kind in found if FILE_TYPES[kind][1] in holds}
    if wanted:
        if wanted not in FILE_TYPES:
            raise FileRefused(
                f'"{wanted}" is no file type of MAAS; it has {", ".join(FILE_TYPES)}.'
            )
        if wanted not in found:
            held = "root file system" if content.holds == "root" else content.holds
            known = f" and holds a {held}" if held else ""
            raise FileRefused(
                f"{path} cannot be {wanted}: it is {packed}{known}. "
                f"{'It may be ' + ' or '.join(sorted(found)) if found else 'MAAS takes no such file'}."
            )
        return wanted
    if len(found) == 1 and content.holds:
        return found.pop()
    what = "a tar of which it cannot be told what is in it" if content.holds == "tar" else (
        "without a partition table, a tar or another mark"
    )  # fmt: skip
    raise FileRefused(
        f"{path} is {packed}, and {what}. Say what it is with the file type: "
        f"{' or '.join(sorted(found))}."
    )


def _looked_at(path: Path) -> Content:
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        raise FileRefused(f"{path} cannot be read: {error.strerror}.") from None
    if not head:
        raise FileRefused(f"{path} is empty.")
    return content_of(path, head)


def content_of(path: Path, head: bytes) -> Content:
    """What a file is whose first bytes are these.

    Raises:
        FileRefused: it is in a format that MAAS does not take, or damaged.
    """
    packing: Packing = next((name for name, magic in _MAGIC.items() if head.startswith(magic)), "")
    inner = _unpacked(path, packing, head) if packing else head
    _refuse_foreign(path, inner, packing)
    if inner[257:262] == b"ustar":
        return Content(packing, _tar_holds(inner))
    if not packing:
        _refuse_elsewhere(path, head)
    return Content(packing, "disk" if _is_disk(inner) else "")


def _unpacked(path: Path, packing: Packing, head: bytes) -> bytes:
    made: dict[str, Callable[[], Any]] = {
        "gzip": lambda: zlib.decompressobj(31),
        "bzip2": bz2.BZ2Decompressor,
        "xz": lzma.LZMADecompressor,
    }
    try:
        data: bytes = made[packing]().decompress(head, _INNER)
    except (zlib.error, lzma.LZMAError, OSError) as error:
        raise FileRefused(f"{path} is damaged: it cannot be unpacked ({error}).") from None
    return data


def _refuse_foreign(path: Path, inner: bytes, packing: Packing) -> None:
    for name, (place, magic) in _FOREIGN.items():
        if inner[place:].startswith(magic):
            raw = path.with_suffix(".raw")
            unpack = "Unpack it, then convert it" if packing else "Convert it"
            raise FileRefused(
                f"{path} is a disk in the format {name}, which MAAS does not take. {unpack} with "
                f"`qemu-img convert -f {name} -O raw {path} {raw}`, pack that with `gzip {raw}`, and upload it."
            )


def _refuse_elsewhere(path: Path, head: bytes) -> None:
    for name, magic in _ELSEWHERE.items():
        if head.startswith(magic):
            raise FileRefused(
                f"{path} is {name}, which MAAS does not take. Unpack it, and pack what is in it with gzip."
            )
    if head[_CD_AT:].startswith(_CD):
        raise FileRefused(
            f"{path} is the image of a CD, and MAAS installs disks and root file systems alone."
        )


def _is_disk(head: bytes) -> bool:
    return head[510:512] == _MBR or any(head[at:].startswith(_GPT) for at in _GPT_PLACES)


def _tar_holds(head: bytes) -> Literal["root", "tar of a disk", "tar"]:
    """By its first member: directories of a root file system, or a file that is a disk."""
    try:
        with tarfile.open(fileobj=io.BytesIO(head), mode="r:") as archive:
            first = archive.next()
            if first is None:
                return "tar"
            at = first.offset_data
    except (tarfile.TarError, EOFError, ValueError):
        return "tar"
    name = first.name.removeprefix("./").rstrip("/")
    if first.isreg() and (_is_disk(head[at:]) or name.lower().endswith(_DISK_NAMES)):
        return "tar of a disk"
    top = name.partition("/")[0]
    if (first.isdir() and name in ("", ".")) or _ROOT_NAMES.fullmatch(top):
        return "root"
    return "tar"
