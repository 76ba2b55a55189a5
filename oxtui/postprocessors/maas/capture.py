"""What a program of the guest writes, over the open connection into a private file, hashed on the way.

MAAS wants to know size and hash before it takes a byte, so what the guest sends is kept until it is sent on.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from oxtui.component.errors import StepError
from oxtui.component.protocols import Communicator, ExitStatus, Output, Stream
from oxtui.postprocessors.maas.capture_script import BEGIN, REFUSED, SAID, as_root

_MOST_BEFORE = 64 * 1024
_MOST_LINE = 4096
_COPIED = re.compile(r"(\d{1,18}) bytes .*copied,")
_RECORDS = re.compile(r"\d+\+\d+ records (?:in|out)")
"""What dd tells of itself (GNU coreutils)."""
_BEGIN = b"\n" + BEGIN.encode() + b"\n"


@dataclass(frozen=True, slots=True)
class Captured:
    """A file of this machine that holds what was captured."""

    path: Path
    size: int
    sha256: str


async def capture(
    communicator: Communicator,
    program: str,
    path: Path,
    *,
    what: str,
    output: Output,
    warn: Callable[[str], None],
    progress: Callable[[int], None],
    read: Callable[[int], None] = lambda done: None,
) -> Captured:
    """Runs the program as root and keeps what it writes; the file is gone again where that fails.

    Args:
        communicator: to the guest.
        program: `capture_script`.
        path: the new file, for its owner alone.
        what: what it is, as in a sentence.
        output: takes what else the guest prints, line by line.
        warn: takes the program's own sentences.
        progress: told how many bytes there are.
        read: told how many bytes of a disk the guest has read for them, where it tells that.

    Raises:
        StepError: the guest cannot be captured, or the file cannot be written.
    """
    try:
        with _private(path) as file:
            taken = _Taken(file, output, warn, progress, read)
            status = await communicator.run(as_root(program), taken.take, stdin=b"", by_sh=True)
        if status.status != 0 or not taken.begun or not taken.size:
            raise StepError(_why(what, status, taken))
    except OSError as error:
        path.unlink(missing_ok=True)
        raise StepError(
            f"{path} cannot be written: {error.strerror}. It takes what is captured until that is "
            "uploaded: make room there, and retry."
        ) from error
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    taken.tell()
    return Captured(path, taken.size, taken.digest.hexdigest())


def _private(path: Path) -> BinaryIO:
    """A new file for its owner alone; one that is there is removed, as others may have it open."""
    path.unlink(missing_ok=True)
    return open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb")


def _why(what: str, status: ExitStatus, taken: _Taken) -> str:
    what = f"{what} cannot be captured"
    last = taken.last
    if status.status == REFUSED and taken.said:
        return (
            f"{what}: {taken.said[-1]}. Provision it and retry, or set skip_checks where a check is meant."
            if "missing" in taken.said[-1]
            else f"{what}: {taken.said[-1]}."
        )
    if last.startswith("sudo"):
        return f"{what}: {last}. Reading it takes root: log in as root, or let sudo ask for no password."
    return f"{what}: it ended with {status}{f', and said: {last}' if last else ''}. Retry."


class _Taken:
    """Takes apart what the program prints."""

    def __init__(
        self,
        file: BinaryIO,
        output: Output,
        warn: Callable[[str], None],
        progress: Callable[[int], None],
        read: Callable[[int], None],
    ) -> None:
        self.digest = hashlib.sha256()
        self.size = 0
        self.begun = False
        self.said: list[str] = []
        self.last = ""
        """The last line of errors."""
        self._file = file
        self._output = output
        self._warn = warn
        self._progress = progress
        self._read = read
        self._before = b"\n"
        self._line = b""

    def take(self, stream: Stream, data: bytes) -> None:
        """Takes some of it; blocks are small, and go no further than to the system's cache."""
        if stream != "stdout":
            self._hear(data)
        elif self.begun:
            self._keep(data)
        else:
            before = self._before[-_MOST_BEFORE:] + data
            _, found, rest = before.partition(_BEGIN)
            self.begun, self._before = bool(found), before
            if found and rest:
                self._keep(rest)

    def _keep(self, data: bytes) -> None:
        self._file.write(data)
        self.digest.update(data)
        self.size += len(data)
        self._progress(self.size)

    def _hear(self, data: bytes) -> None:
        # dd begins each line of its progress with a return, and ends none of them.
        *lines, rest = (self._line + data).replace(b"\r", b"\n").split(b"\n")
        self._line = rest[-_MOST_LINE:]
        for each in lines:
            self._heard(each)

    def _heard(self, raw: bytes) -> None:
        line = raw.decode(errors="replace").strip()
        if not line or _RECORDS.fullmatch(line):
            return
        if found := _COPIED.match(line):
            self._read(int(found[1]))
            return
        self.last = line[-300:]
        if line.startswith(SAID):  # which is told otherwise
            self.said.append(line.removeprefix(SAID)[:300])
        else:
            self._output("stderr", raw + b"\n")

    def tell(self) -> None:
        """Hands on what the program had to say of a guest that it captured."""
        for each in self.said:
            self._warn(f"{each[:1].upper()}{each[1:]}.")
