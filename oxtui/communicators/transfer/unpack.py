"""Reads a guest's tar stream as it comes, into a directory and never out of it."""

from __future__ import annotations

import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

from oxtui.communicators.transfer.local_place import inside, make_directory, make_file
from oxtui.component.errors import TransferError

BLOCK = tarfile.BLOCKSIZE
MOST_METADATA = 1024 * 1024
"""Bytes of a long name or of pax headers: more is no name."""
_SKIPPED = {
    tarfile.SYMTYPE: "a link",
    tarfile.CHRTYPE: "a device",
    tarfile.BLKTYPE: "a device",
    tarfile.FIFOTYPE: "a pipe",
}
_FILES = (tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.CONTTYPE)


class Unpacker:
    """Takes bytes of one tar archive, or of several, one behind the other.

    Attributes:
        size: bytes of content so far.
        files: files so far.
        skipped: what has no content, each with the reason.
    """

    def __init__(self, root: Path) -> None:
        self.size = 0
        self.files = 0
        self.skipped: list[str] = []
        self._root = root
        self._held = bytearray()
        self._left = self._padding = 0
        self._take: Callable[[bytes], object] | None = None
        self._file: IO[bytes] | None = None
        self._long: dict[str, str] = {}

    def feed(self, data: bytes) -> None:
        """The next bytes.

        Raises:
            TransferError: this is no tar stream, or it names something outside the directory.
            OSError: a file cannot be written.
        """
        view = memoryview(data)
        while view:
            if self._left:
                taken = view[: self._left]
                if self._take is not None:
                    self._take(bytes(taken))
                self._left -= len(taken)
                view = view[len(taken) :]
                if not self._left:
                    self._end()
            elif self._padding:
                gone = min(self._padding, len(view))
                self._padding -= gone
                view = view[gone:]
            else:
                gone = min(BLOCK - len(self._held), len(view))
                self._held += view[:gone]
                view = view[gone:]
                if len(self._held) == BLOCK:
                    header = bytes(self._held)
                    self._held.clear()
                    self._begin(header)

    def close(self) -> None:
        """Ends a file that is not whole."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _begin(self, header: bytes) -> None:
        if not any(header):
            return  # the end of an archive, and another may follow
        try:
            info = tarfile.TarInfo.frombuf(header, "utf-8", "surrogateescape")
        except tarfile.HeaderError as error:
            raise TransferError(f"the guest's tar sent what is no archive: {error}") from error
        kind = info.type
        if kind in (
            tarfile.GNUTYPE_LONGNAME,
            tarfile.GNUTYPE_LONGLINK,
            tarfile.XHDTYPE,
            tarfile.XGLTYPE,
        ):
            self._metadata(kind, info.size)
            return
        name = self._long.get("path", info.name)
        link = self._long.get("linkpath", info.linkname)
        size = self._size(self._long.get("size"), info.size)
        self._long.clear()
        self._content(info, kind, name, link, size)

    def _content(self, info: tarfile.TarInfo, kind: bytes, name: str, link: str, size: int) -> None:
        path = inside(self._root, name)
        if kind in _FILES:
            self._file = make_file(path, info.mode)
            self._expect(size, self._write)
            if not size:
                self._end()
        elif kind == tarfile.DIRTYPE:
            make_directory(path, info.mode)
        elif kind == tarfile.LNKTYPE:
            # Another name of a file before it; a copy is what scp gives.
            with make_file(path, info.mode) as copy, inside(self._root, link).open("rb") as first:
                shutil.copyfileobj(first, copy)
            self.files += 1
        elif kind in _SKIPPED:
            self.skipped.append(f"{name.removeprefix('./')}, which is {_SKIPPED[kind]}")
            self._expect(size, None)
        else:
            raise TransferError(f"the guest's tar sent {name} in a form that oxtui cannot read")

    def _metadata(self, kind: bytes, size: int) -> None:
        if size > MOST_METADATA:
            raise TransferError("the guest's tar sent a name that has no end")
        text = bytearray()

        def take(data: bytes) -> None:
            text.extend(data)
            if len(text) < size:
                return
            if kind == tarfile.XHDTYPE:
                self._long |= _pax(bytes(text))
            elif kind == tarfile.GNUTYPE_LONGNAME:
                self._long["path"] = _text(text.split(b"\0", 1)[0])
            elif kind == tarfile.GNUTYPE_LONGLINK:
                self._long["linkpath"] = _text(text.split(b"\0", 1)[0])

        self._expect(size, take)

    def _expect(self, size: int, take: Callable[[bytes], object] | None) -> None:
        self._left, self._padding, self._take = size, -size % BLOCK, take

    def _write(self, data: bytes) -> None:
        if self._file is not None:
            self._file.write(data)
            self.size += len(data)

    def _end(self) -> None:
        if self._file is not None:
            self.files += 1
        self.close()

    @staticmethod
    def _size(given: str | None, header: int) -> int:
        if given is None:
            return header
        if not given.isascii() or not given.isdigit() or len(given) > 20:
            raise TransferError("the guest's tar sent a file whose size is no number")
        return int(given)


def _text(raw: bytes | bytearray) -> str:
    return raw.decode("utf-8", "surrogateescape")


def _pax(raw: bytes) -> dict[str, str]:
    """The records `LENGTH KEY=VALUE` of a pax header.

    Raises:
        TransferError: they are none.
    """
    found = {}
    while raw.strip(b"\0"):
        length, blank, _ = raw.partition(b" ")
        if not blank or not length.isdigit() or not len(length) < int(length[:9]) <= len(raw):
            raise TransferError("the guest's tar sent a header that cannot be read")
        record, raw = raw[len(length) + 1 : int(length)], raw[int(length) :]
        key, _, value = record.partition(b"=")
        found[_text(key)] = _text(value.removesuffix(b"\n"))
    return {key: value for key, value in found.items() if key in ("path", "linkpath", "size")}
