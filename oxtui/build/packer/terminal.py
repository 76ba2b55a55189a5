"""A program on a pseudo terminal, without blocking the event loop."""

from __future__ import annotations

import asyncio
import fcntl
import os
import signal
import struct
import sys
import termios
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

LAUNCH = Path(__file__).with_name("launch.py")
ROWS, COLUMNS = 50, 200
"""Wide, as packer breaks lines and draws progress bars to that width."""
_CHUNK = 16384
_SIGNALLED = 128
"""Exit codes beyond it stand for signals."""


class TerminalProcess:
    """A program with its children on a terminal of their own; `start` makes one."""

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        terminal: int,
        life: int,
        heard: Callable[[bytes], None],
    ) -> None:
        self._process = process
        self._terminal = terminal
        self._life = life
        self._heard = heard
        self._failure: Exception | None = None

    @classmethod
    async def start(
        cls,
        command: Sequence[str],
        *,
        environ: Mapping[str, str],
        folder: Path,
        heard: Callable[[bytes], None],
    ) -> TerminalProcess:
        """Starts it; it gets SIGTERM when this process dies.

        Args:
            command: an absolute path, and words.
            environ: its environment.
            folder: its working directory.
            heard: takes what it writes, on the event loop.

        Raises:
            OSError: there is no terminal left, or the folder is not there.
        """
        ours, theirs = os.openpty()
        watched, life = os.pipe()  # which ends with this process
        try:
            os.set_blocking(ours, False)
            fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
            launcher = [sys.executable, "-I", "-S", str(LAUNCH), str(watched), str(ours)]
            process = await asyncio.create_subprocess_exec(
                *launcher, *command, stdin=theirs, stdout=theirs, stderr=theirs, env=dict(environ),
                cwd=folder, start_new_session=True, pass_fds=(watched, ours),
            )  # fmt: skip
        except BaseException:
            os.close(ours)
            os.close(life)
            raise
        finally:
            os.close(theirs)
            os.close(watched)
        made = cls(process, ours, life, heard)
        asyncio.get_running_loop().add_reader(ours, made._read)
        return made

    def type(self, text: str) -> None:
        """Types at its terminal; nothing happens where it has ended. A few bytes always find room."""
        if self._process.returncode is None:
            os.write(self._terminal, text.encode())

    def signal(self, number: signal.Signals) -> None:
        """To it and all of its children that stayed in its group, as a key at a terminal does."""
        if self._process.returncode is None:
            with suppress(ProcessLookupError):  # it ends just now
                os.killpg(self._process.pid, number)

    def end_rest(self) -> None:
        """Ends those of its group that are still there when it has just ended."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGTERM)

    async def wait(self) -> int:
        """Its exit code (negative: the signal that ended it), once all that it wrote has been heard.

        Others that it left behind may hold the terminal open: what they write is not waited for.

        Raises:
            Exception: what the listener has raised, such as an OSError of a full disk; it was interrupted then.
        """
        code = await self._process.wait()
        while self._read():
            pass
        asyncio.get_running_loop().remove_reader(self._terminal)
        os.close(self._terminal)
        os.close(self._life)
        if self._failure is not None:
            raise self._failure
        return code if code <= _SIGNALLED else _SIGNALLED - code

    def _read(self) -> bool:
        """Hears what there is; False where there is no more."""
        try:
            data = os.read(self._terminal, _CHUNK)
        except BlockingIOError:
            return False
        except OSError:  # EIO: nobody has the other end any more
            data = b""
        if not data:
            asyncio.get_running_loop().remove_reader(self._terminal)
            return False
        if self._failure is None:
            try:
                self._heard(data)
            except Exception as failure:
                self._failure = failure
                self.signal(signal.SIGINT)
        return True
