"""The zip file of a bundle, taken for what anybody may have made: nothing of it is believed unchecked."""

from __future__ import annotations

import hashlib
import json
import os
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Final

from oxtui.build.bundle import form
from oxtui.build.bundle.errors import BundleError, unreadable

_END: Final = b"PK\x05\x06"
_END_SIZE: Final = 22
_END_64: Final = b"PK\x06\x07"
_END_64_SIZE: Final = 20
_PIECE: Final = 1 << 20
_BROKEN: Final = (
    zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError,
    OverflowError, LookupError,
)  # fmt: skip
"""What `zipfile` raises at files that are none of its own."""


class Archive:
    """An open bundle whose names and sizes are in order; contents are checked when they are read."""

    def __init__(self, path: Path, bundle: zipfile.ZipFile) -> None:
        self.path = path
        self._bundle = bundle
        infos = bundle.infolist()
        self._infos = {info.filename: info for info in infos}
        if len(self._infos) != len(infos):
            raise self.wrong("two files in it have the same name")
        for info in infos:
            self._check(info)
        self.manifest = self._manifest()
        self.members = self._members()

    def wrong(self, why: str) -> BundleError:
        """The error that says so."""
        return unreadable(self.path, why)

    def extract(self, member: form.Member, target: BinaryIO) -> None:
        """Writes the content of a file of the bundle.

        Raises:
            BundleError: it is not what the manifest says.
        """
        digest = hashlib.sha256()
        for piece in self._pieces(member.name, member.size):
            digest.update(piece)
            target.write(piece)
        if digest.hexdigest() != member.sha256:
            raise self.wrong(
                f"{member.name} is not what its manifest says; it was damaged or changed"
            )

    def _check(self, info: zipfile.ZipInfo) -> None:
        kind = stat.S_IFMT(info.external_attr >> 16)
        if not _is_known(info.filename):
            raise self.wrong(f"it holds {info.filename[:80]!r}, which no bundle has")
        if kind not in (0, stat.S_IFREG) or info.is_dir():
            raise self.wrong(f"{info.filename} is no ordinary file")
        if info.flag_bits & 0x1:
            raise self.wrong(f"{info.filename} is encrypted")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise self.wrong(f"{info.filename} is packed in a way that no bundle is")

    def _manifest(self) -> dict[str, Any]:
        if form.MANIFEST not in self._infos:
            raise self.wrong("it has no manifest")
        info = self._infos[form.MANIFEST]
        if info.file_size > form.LARGEST_MANIFEST:
            raise self.wrong("its manifest is too large")
        try:
            values = json.loads(b"".join(self._pieces(form.MANIFEST, info.file_size)))
        except (ValueError, RecursionError):
            raise self.wrong("its manifest is no JSON") from None
        if not isinstance(values, dict) or values.get("format") != form.FORMAT:
            raise self.wrong("its manifest is of something else")
        version = values.get("version")
        if not isinstance(version, int) or version < 0:
            raise self.wrong("its manifest has no version")
        if version > form.VERSION:
            raise BundleError(
                f"{self.path} was written by a newer oxtui ({str(values.get('oxtui'))[:20]}): its form is "
                f"{version}, and this one knows {form.VERSION}. Open it with that oxtui."
            )
        return values

    def _members(self) -> tuple[form.Member, ...]:
        listed = self.manifest.get("files")
        if not isinstance(listed, list) or len(listed) > form.MOST_FILES:
            raise self.wrong("its manifest lists no files, or too many")
        members = []
        for each in listed:
            match each:
                case {"name": str(name), "size": size, "sha256": str(digest)} if _whole(
                    size, form.LARGEST_CONTENT
                ):
                    members.append(form.Member(name, size, digest))
                case _:
                    raise self.wrong("its manifest lists something that is no file")
        names = [member.name for member in members]
        if {form.MANIFEST, *names} != self._infos.keys() or len(set(names)) != len(names):
            raise self.wrong("its manifest lists other files than there are")
        if sum(member.size for member in members) > form.LARGEST_CONTENT:
            raise self.wrong(f"it holds more than {form.LARGEST_CONTENT >> 30} GiB")
        for member in members:
            if self._infos[member.name].file_size != member.size:
                raise self.wrong(f"{member.name} has another size than its manifest says")
        return tuple(members)

    def _pieces(self, name: str, size: int) -> Iterator[bytes]:
        """The content of a file, whatever it says of itself no more than `size` bytes."""
        left = size
        try:
            with self._bundle.open(self._infos[name]) as file:
                while piece := file.read(min(_PIECE, left + 1)):
                    left -= len(piece)
                    if left < 0:
                        break
                    yield piece
        except _BROKEN as problem:
            raise self.wrong(f"{name} is damaged ({problem})") from problem
        if left:
            raise self.wrong(f"{name} has another size than its manifest says")


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """A bundle, closed at the end of the block.

    Raises:
        BundleError: it is none, or not a sound one.
        OSError: it cannot be read.
    """
    with open(path, "rb") as file:
        _check_ends(path, file)
        try:
            bundle = zipfile.ZipFile(file)
        except _BROKEN as problem:
            raise unreadable(path, f"it is no sound zip file ({problem})") from problem
        with bundle:
            yield Archive(path, bundle)


def _check_ends(path: Path, file: BinaryIO) -> None:
    """Looks at the end of the file before `zipfile` does, which believes how many files it is told of."""
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        raise unreadable(path, "it is no ordinary file")
    size = file.seek(0, os.SEEK_END)
    if size > form.LARGEST_FILE:
        raise unreadable(path, f"it is larger than {form.LARGEST_FILE >> 30} GiB")
    if size < _END_SIZE:
        raise unreadable(path, "it is no zip file")
    file.seek(max(0, size - _END_SIZE - _END_64_SIZE))
    tail = file.read()
    end = tail[-_END_SIZE:]
    if not end.startswith(_END) or end[-2:] != b"\0\0":
        raise unreadable(path, "it is no zip file, or something stands behind its end")
    if tail[:-_END_SIZE].startswith(_END_64):
        raise unreadable(path, "it holds more than any bundle")
    if int.from_bytes(end[10:12], "little") > form.MOST_FILES + 1:
        raise unreadable(path, f"it holds more than {form.MOST_FILES} files")
    if int.from_bytes(end[12:16], "little") > form.LARGEST_MANIFEST:
        raise unreadable(path, "its list of files is too long")
    file.seek(0)


def _is_known(name: str) -> bool:
    if name in (form.MANIFEST, form.EVENTS, form.TEMPLATE):
        return True
    found = form.OUTPUT.fullmatch(name)
    return found is not None and not (
        found["build"].startswith(".") or found["step"].startswith(".")
    )


def _whole(value: object, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most
