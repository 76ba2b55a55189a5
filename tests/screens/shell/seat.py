"""A seat at a real terminal: a program on a pseudo-terminal of its own, and the screen that it draws."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from screens.widgets.terminal.emulator import Emulator
from screens.widgets.terminal.modes import SYNCHRONISED
from tests.screens.widgets.terminal.shown import text_of

ROOT = Path(__file__).resolve().parents[3]
PATIENCE = 60.0
"""Seconds after which a terminal that does not show what it should is an error."""

_SIZE = ("COLUMNS", "LINES")


@dataclass(frozen=True)
class State:
    """All that a program can leave behind on a terminal, but for the text."""

    alternate: bool
    modes: frozenset[int]
    autowrap: bool
    insert: bool
    origin: bool
    margins: tuple[int, int]
    """Rows above and below what scrolls."""
    line: tuple[Any, ...]
    """Of the terminal's line discipline, as `stty -a` tells it."""


class Seat:
    """Types and looks; the emulator that it looks at is the one that is compared with tmux elsewhere."""

    def __init__(self, pid: int, ours: int, columns: int, rows: int) -> None:
        self.pid = pid
        self.emulator = Emulator(columns, rows)
        self.emulator.reply = lambda data: self.type(data)
        self.written = b""
        """All that was written to the terminal."""
        self._ours = ours
        self._set_size(columns, rows)

    def type(self, data: bytes) -> None:
        """Press keys."""
        os.write(self._ours, data)

    def resize(self, columns: int, rows: int) -> None:
        """Drag the window to another size."""
        self.emulator.resize(columns, rows)
        self._set_size(columns, rows)

    def _set_size(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._ours, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    @property
    def text(self) -> str:
        """What is to be seen."""
        return "\n".join(text_of(self.emulator))

    @property
    def state(self) -> State:
        """What the terminal is set to."""
        screen, modes = self.emulator._screen, self.emulator.modes.private
        return State(
            self.emulator.alternate, frozenset(modes - {SYNCHRONISED}), screen.autowrap, screen.insert,
            screen.origin, (screen.top, screen.rows - 1 - screen.bottom), tuple(termios.tcgetattr(self._ours)[:4]),
        )  # fmt: skip

    def until(self, seen: Callable[[], object]) -> None:
        """Watch until that holds."""
        end = time.monotonic() + PATIENCE
        while not seen():
            left = end - time.monotonic()
            if left <= 0 or not select.select([self._ours], [], [], left)[0]:
                raise TimeoutError(f"{self.state}\n{self.text}")
            data = os.read(self._ours, 1 << 16)
            self.written += data
            self.emulator.feed(data)

    def shows(self, *texts: str) -> None:
        """Watch until all of these are to be seen."""
        self.until(lambda: all(text in self.text for text in texts))


@contextlib.contextmanager
def seat(
    *command: str, environment: Mapping[str, str], size: tuple[int, int] = (80, 24)
) -> Iterator[Seat]:
    """Runs a command as somebody would who has just opened a terminal."""
    pid, ours = pty.fork()
    if pid == 0:
        os.chdir(ROOT)
        # Where these are set, programs take them for the terminal's size, whatever that becomes.
        inherited = {name: value for name, value in os.environ.items() if name not in _SIZE}
        os.execvpe(
            command[0], list(command), {**inherited, "TERM": "xterm-256color", **environment}
        )
    try:
        yield Seat(pid, ours, *size)
    finally:
        os.close(ours)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


PYTHON = sys.executable
