"""A program in a real terminal of ours: keys go in, bytes come out with the time they came."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

from oxtui.cli.open_screens import FRAMES

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0
"""Seconds after which a terminal that stays silent is an error."""
_SHOWN = 4000
"""Bytes of the end that an error tells."""


def own_folders(folder: Path) -> dict[str, str]:
    """An environment in which oxtui finds nothing of the user's, and bytecode is kept in `folder`."""
    names = ("CONFIG", "DATA", "STATE", "CACHE", "SESSIONS")
    return {
        "HOME": str(folder),
        **{f"OXTUI_{name}_DIR": str(folder / name.lower()) for name in names},
        "PYTHONPYCACHEPREFIX": str(folder / "bytecode"),
        "PYTHONDONTWRITEBYTECODE": "",
    }


class Terminal:
    """Runs `python ARGUMENTS` in a pseudo-terminal of 120 columns and 40 rows."""

    def __init__(
        self,
        *arguments: str,
        size: tuple[int, int] = (120, 40),
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        complete = {
            **os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", "TEXTUAL_ANIMATIONS": "none",
            "TEXTUAL_FPS": FRAMES,
            **(environment or {}),
        }  # fmt: skip
        self.started = time.perf_counter()
        self.process = subprocess.Popen(
            [sys.executable, *arguments],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            cwd=ROOT,
            env=complete,
            start_new_session=True,
        )
        os.close(theirs)
        self._unread = b""
        self._last = b""

    def press(self, keys: bytes) -> float:
        """Type; returns when, as `time.perf_counter`."""
        now = time.perf_counter()
        os.write(self._ours, keys)
        return now

    def wait_for(self, *marks: bytes, patience: float = PATIENCE) -> float:
        """Read until one of the marks comes; returns when it did.

        Raises:
            TimeoutError: none came; the text holds the end of what did.
        """
        end = time.perf_counter() + patience
        seen = self._unread
        self._unread = b""
        while True:
            found = [seen.find(mark) + len(mark) for mark in marks if mark in seen]
            if found:
                self._unread = seen[min(found) :]
                return time.perf_counter()
            # A mark may come in two pieces, each as long as the longest mark at most.
            seen = seen[-max(map(len, marks)) :] + self._read(end - time.perf_counter(), marks)
            self._last = (self._last + seen)[-_SHOWN:]

    def drain(self, seconds: float) -> int:
        """Read and forget for a while; returns the bytes."""
        end = time.perf_counter() + seconds
        self._unread = b""
        count = 0
        while (left := end - time.perf_counter()) > 0:
            if select.select([self._ours], [], [], left)[0]:
                count += len(os.read(self._ours, 1 << 16))
        return count

    def memory(self) -> int:
        """Bytes of memory that the program holds now (resident set)."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
        return int(line.split()[1]) * 1024

    def _read(self, left: float, marks: tuple[bytes, ...]) -> bytes:
        if left <= 0 or not select.select([self._ours], [], [], left)[0]:
            raise TimeoutError(
                f"the terminal never showed {marks!r} (exit code {self.process.poll()}); "
                f"last it showed {self._last!r}"
            )
        return os.read(self._ours, 1 << 16)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self._ours)
