"""The folder of a session: its lock, its output spools, and the key of a machine that was kept.

<sessions>/41/lock                          held (flock) while the session's process lives
<sessions>/41/template.pkr.hcl              what it ran, secrets masked
<sessions>/41/builds/<build>/<step>.log     output of a step
<sessions>/41/builds/<build>/key            private key (0600), only of a machine that was kept
<sessions>/41/builds/<build>/before.json    what its guest held before the first provisioner
<sessions>/41/builds/<build>/changes.json   what the build changed
<sessions>/sources/<image>.json             what fresh machines of a source image hold
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from oxtui.settings.paths import private_folder

LONGEST_NAME = 120
"""Of a file name made of a build's or a step's name; file systems allow 255 bytes."""


class SessionBusy(Exception):
    """A living process works on the session."""

    def __init__(self, number: int, pid: int | None) -> None:
        who = f"process {pid}" if pid else "another process"
        super().__init__(f"Session {number} is at work in {who}; end it there first.")
        self.number = number


@dataclass(frozen=True, slots=True)
class SessionFolder:
    """Where a session keeps its files."""

    number: int
    path: Path

    @property
    def template(self) -> Path:
        """The text of the template that it ran, secrets masked."""
        return self.path / "template.pkr.hcl"

    def build(self, build: str) -> Path:
        """The folder of a build, which need not exist."""
        return self.path / "builds" / safe_name(build)

    def spool(self, build: str, step: str) -> Path:
        """The file that takes the output of a step; its folder exists when this returns."""
        return self._made(build) / f"{safe_name(step)}.log"

    def existing_spool(self, build: str, step: str) -> Path | None:
        """The file that holds the output of a step; None where there was none."""
        path = self.build(build) / f"{safe_name(step)}.log"
        return path if path.exists() else None

    def spools(self) -> list[Path]:
        """All output files that exist, in the order of their making."""
        found = self.path.glob("builds/*/*.log")
        return sorted(found, key=lambda path: (path.stat().st_ctime_ns, path))

    def key(self, build: str) -> Path:
        """The private key of a build's kept machine, which need not exist."""
        return self.build(build) / "key"

    def keep_key(self, build: str, private_key: str) -> Path:
        """Write the key of a machine that stays, for its owner alone; returns its file."""
        self._made(build)
        path = self.key(build)
        path.unlink(missing_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        with open(os.open(path, flags, 0o600), "w") as file:
            file.write(private_key if private_key.endswith("\n") else f"{private_key}\n")
        return path

    def remove_key(self, build: str) -> None:
        """The machine is gone, so its key goes."""
        self.key(build).unlink(missing_ok=True)

    def _made(self, build: str) -> Path:
        private_folder(self.path / "builds")
        return private_folder(self.build(build))

    def pid(self) -> int | None:
        """The process that took the session last; None where nobody wrote one."""
        try:
            return int((self.path / "lock").read_text())
        except (OSError, ValueError):
            return None


@dataclass(frozen=True, slots=True)
class SessionFolders:
    """The folders of all sessions."""

    root: Path

    def folder(self, number: int) -> SessionFolder:
        """A session's folder, which need not exist."""
        return SessionFolder(number, self.root / str(number))

    @property
    def sources(self) -> Path:
        """Where it is kept what fresh machines of a source hold; it need not exist."""
        return self.root / "sources"

    @contextmanager
    def claim(self, number: int) -> Iterator[SessionFolder]:
        """The session's folder, made where it is missing, locked until the block or the process ends.

        Raises:
            SessionBusy: a living process has it.
            OSError: the folder cannot be made or locked.
        """
        private_folder(self.root)
        folder = self.folder(number)
        private_folder(folder.path)
        lock = os.open(folder.path / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            if not _lock_alone(lock):
                raise SessionBusy(number, folder.pid())
            os.ftruncate(lock, 0)
            os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
            yield folder
        finally:
            os.close(lock)

    def live(self) -> list[int]:
        """The sessions that living processes hold, oldest first."""
        try:
            names = [each.name for each in self.root.iterdir()]
        except FileNotFoundError:
            return []
        return [
            number
            for number in sorted(map(int, filter(str.isdecimal, names)))
            if self.is_live(number)
        ]

    def is_live(self, number: int) -> bool:
        """Whether a living process holds the session."""
        try:
            lock = os.open(self.folder(number).path / "lock", os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            return False
        try:
            return not _try(lock, fcntl.LOCK_SH)
        finally:
            os.close(lock)


def write_private(path: Path, text: str) -> None:
    """Write a file for its owner alone, in place of an older one."""
    path.unlink(missing_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    with open(os.open(path, flags, 0o600), "w", encoding="utf-8", newline="") as file:
        file.write(text)


def _lock_alone(lock: int) -> bool:
    """Take the exclusive lock; False if another has it.

    `is_live` of another process holds a shared lock for a moment. Who can share the lock but not
    have it alone has met such a one, and tries again.
    """
    while not _try(lock, fcntl.LOCK_EX):
        if not _try(lock, fcntl.LOCK_SH):
            return False
        os.sched_yield()
    return True


def _try(lock: int, how: int) -> bool:
    try:
        fcntl.flock(lock, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def safe_name(name: str) -> str:
    """A file name for any text: readable, never a path, and another for another text."""
    safe = quote(name, safe="+,=@") or "%"
    if safe.startswith("."):
        safe = f"%2E{safe[1:]}"
    if len(safe) > LONGEST_NAME:
        digest = hashlib.sha256(name.encode()).hexdigest()[:16]
        safe = f"{safe[:LONGEST_NAME]}~{digest}"
    return safe
