"""One live shell: its emulator is fed all the time, wherever the shell is shown."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from oxtui.component.protocols import ExitStatus, Shell
from screens.widgets.terminal.pyte_emulator import PyteEmulator

if TYPE_CHECKING:
    from screens.shell.recording import ShellRecorder


class ShellSession:
    """A guest's shell with the screen that it has drawn so far.

    Args:
        shell: as the communicator opened it.
        place: `user@host`, for the border.
        columns: width of its terminal.
        rows: height of its terminal.
    """

    def __init__(self, shell: Shell, place: str, columns: int, rows: int) -> None:
        self.place = place
        self.emulator = PyteEmulator(columns, rows)
        self.emulator.reply = self.write
        self.mirror: Callable[[bytes], None] | None = None
        """Takes the output as well, while the shell has the whole terminal."""
        self.changed: Callable[[], None] = lambda: None
        self.status: ExitStatus | None = None
        """How it ended; None while it lives."""
        self.over = asyncio.Event()
        self.recorder: ShellRecorder | None = None
        """Lists the commands that are typed, where the shell can be recorded."""
        self._shell = shell
        self._leaving = False

    async def run(self) -> None:
        """Reads until the shell ends; cancelling hangs up."""
        try:
            while data := await self._shell.read():
                if self.recorder is not None:
                    data = self.recorder.feed(data)
                if self.mirror is not None:
                    self.mirror(data)
                self.emulator.feed(data)
                self.changed()
                # A guest that prints without end must not keep the screen from drawing.
                await asyncio.sleep(0)
        finally:
            self.status = await self._shell.close()
            self.over.set()
            self.changed()

    def write(self, data: bytes) -> None:
        """Sends keys."""
        if self.status is None:
            self._shell.write(data)

    def resize(self, columns: int, rows: int) -> None:
        """Gives the guest's terminal another size; the emulator follows."""
        if (columns, rows) != (self.emulator.columns, self.emulator.rows):
            self.emulator.resize(columns, rows)
        self._shell.resize(columns, rows)
