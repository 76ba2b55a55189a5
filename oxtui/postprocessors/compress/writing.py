"""Writing archives: files into a tar, a zip or alone into a compressed file, as a stream."""

from __future__ import annotations

import bz2
import lzma
import os
import stat
import tarfile
import time
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

from oxtui.component.errors import StepError
from oxtui.component.threads import Meter
from oxtui.postprocessors.compress.blocks import BgzfWriter, GzipWriter
from oxtui.postprocessors.compress.formats import Compression, Format
from oxtui.template.editing.save import replacing

CHUNK: Final = 1 << 20
_FIRST_ZIP_YEAR: Final = 1980


def write_archive(
    files: Sequence[str], output: str, kind: Format, level: int | None, meter: Meter
) -> int:
    """Writes an archive, which is there once it is whole; its size in bytes.

    Args:
        files: paths of what goes in.
        output: its path; folders are made where they are missing.
        kind: its format.
        level: of the compression, from 1 to 9, or None.
        meter: is told the bytes that were read.

    Raises:
        StepError: a file cannot be read, or the archive not be written.
        Stopped: by the meter.
    """
    path = Path(output)
    for each in files:
        _check(each, path)
    try:
        if path.is_dir():
            raise StepError(f"output: {output} is a folder. Write the path of a file in it.")
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as file:
            if kind.archive == "zip":
                _zip(files, file, level, meter)
            else:
                with _compressed(file, kind.compression, level) as target:
                    put = _tar if kind.archive else _alone
                    put(files, target, meter)
        return path.stat().st_size
    except OSError as error:
        raise StepError(
            f"output: {output} cannot be written: {_reason(error)}. "
            "Correct the path or make room, and retry this step."
        ) from error


def _check(file: str, output: Path) -> None:
    try:
        found = os.stat(file)
    except OSError as error:
        raise _unread(file, error) from None
    if not stat.S_ISREG(found.st_mode):
        what = "a folder" if stat.S_ISDIR(found.st_mode) else "no regular file"
        raise StepError(f"{file} is {what}, and compress takes files alone.")
    if output.exists() and os.path.samefile(file, output):
        raise StepError(
            f"output: {output} is one of the files that go into it. Give the archive another path."
        )


def _compressed(
    file: BinaryIO, compression: Compression, level: int | None
) -> AbstractContextManager[Any]:
    match compression:
        case "gzip":
            return GzipWriter(file, level)
        case "bgzf":
            return BgzfWriter(file, level)
        case "bzip2":
            return bz2.open(file, "wb", compresslevel=level or 9)
        case "xz":
            return lzma.open(file, "wb", preset=level or lzma.PRESET_DEFAULT)
        case "lz4":
            import lz4.frame

            return cast(
                "AbstractContextManager[Any]",
                lz4.frame.open(
                    file, "wb", compression_level=level or 0, content_checksum=True,
                    block_size=lz4.frame.BLOCKSIZE_MAX4MB,
                ),
            )  # fmt: skip
    return nullcontext(file)


def _tar(files: Sequence[str], target: Any, meter: Meter) -> None:
    """Files by their base names; a link is what it leads to."""
    with tarfile.TarFile(
        fileobj=target, mode="w", format=tarfile.GNU_FORMAT, dereference=True, copybufsize=CHUNK
    ) as archive:
        for path in files:
            with _opened(path, meter) as source:
                entry = archive.gettarinfo(arcname=os.path.basename(path), fileobj=source.file)
                archive.addfile(entry, cast("Any", source))


def _zip(files: Sequence[str], target: BinaryIO, level: int | None, meter: Meter) -> None:
    """Files by their paths as they are given, as Packer does."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for path in files:
            with _opened(path, meter) as source:
                found = os.fstat(source.file.fileno())
                when = time.localtime(found.st_mtime)[:6]
                entry = zipfile.ZipInfo(path, max(when, (_FIRST_ZIP_YEAR, 1, 1, 0, 0, 0)))
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = (found.st_mode & 0xFFFF) << 16
                entry.file_size = found.st_size
                try:
                    with archive.open(entry, "w") as into:
                        while data := source.read(CHUNK):
                            into.write(data)
                except UnicodeEncodeError:
                    raise StepError(
                        f"{os.fsencode(path)!r} cannot be stored in a zip file: its name is no UTF-8. "
                        "Rename it, or write a tar file."
                    ) from None


def _alone(files: Sequence[str], target: Any, meter: Meter) -> None:
    (path,) = files
    with _opened(path, meter) as source:
        while data := source.read(CHUNK):
            target.write(data)


class _Source:
    """A file that goes in; the meter hears of each piece."""

    def __init__(self, path: str, file: BinaryIO, meter: Meter) -> None:
        self.path, self.file, self.meter = path, file, meter

    def read(self, size: int) -> bytes:
        """The next bytes. Raises StepError."""
        try:
            data = self.file.read(size)
        except OSError as error:
            raise _unread(self.path, error) from error
        self.meter.add(len(data))
        return data


@contextmanager
def _opened(path: str, meter: Meter) -> Iterator[_Source]:
    try:
        file = Path(path).open("rb")  # noqa: SIM115 - what is done with it has errors of its own
    except OSError as error:
        raise _unread(path, error) from None
    with file:
        yield _Source(path, file, meter)


def _unread(path: str, error: OSError) -> StepError:
    return StepError(
        f"{path} cannot be read: {_reason(error)}. It is a file of what was built; put it back and "
        "retry this step."
    )


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
