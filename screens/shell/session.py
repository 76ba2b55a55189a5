"""One live shell: its emulator is fed all the time, wherever the shell is shown."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING

from oxtui.component.protocols import ExitStatus, Shell
from screens.widgets.terminal.emulator import Emulator

_FLOOD = 2048
"""Bytes of a piece behind which more wait."""
_ATTENTION, _REST = 0.15, 0.004
"""Seconds after a key in which a flood rests between its pieces, and for how long, so that the key is answered."""

if TYPE_CHECKING:
    from screens.shell.recording import ShellRecorder


class ShellSession:
    """A guest's shell with the screen that it has drawn so far.

    Args:
        shell: as the communicator opened it.
        place: `user@host`, for the border.
        columns: width of its terminal.
        rows: height of its terminal.
        group: what it belongs to, such as a build; going back to that build's shells finds it.
    """

    def __init__(
        self, shell: Shell, place: str, columns: int, rows: int, group: Hashable = None
    ) -> None:
        self.place = place
        self.group = group
        self.emulator = Emulator(columns, rows)
        self.emulator.reply = self._answer
        self.mirror: Callable[[bytes], None] | None = None
        """Takes the output as well, while the shell has the whole terminal; that then answers the guest."""
        self.changed: Callable[[], None] = lambda: None
        self.status: ExitStatus | None = None
        """How it ended; None while it lives."""
        self.over = asyncio.Event()
        self.recorder: ShellRecorder | None = None
        """Lists the commands that are typed, where the shell can be recorded."""
        self._listeners: list[Callable[[bytes], None]] = []
        self._shell = shell
        self._pressed = 0.0

    @property
    def name(self) -> str:
        """Its title, or where it is; safe to draw."""
        return self.emulator.title or self.place

    def listen(self, listener: Callable[[bytes], None]) -> Callable[[], None]:
        """Tells a listener all output from now on, as it comes and before the emulator; returns what ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    async def run(self) -> None:
        """Reads until the shell ends; cancelling hangs up.

        A piece is what `Shell.read` gives, a few milliseconds' work. Between two the loop draws and takes keys,
        and nothing is read meanwhile, so that the guest waits for us and not the keys for the guest.
        """
        loop = asyncio.get_running_loop()
        try:
            while data := await self._shell.read():
                if self.recorder is not None:
                    data = self.recorder.feed(data)
                for listener in tuple(self._listeners):
                    listener(data)
                self.emulator.feed(data)
                if self.mirror is not None:
                    self.mirror(data)
                self.changed()
                hurried = len(data) > _FLOOD and loop.time() - self._pressed < _ATTENTION
                await asyncio.sleep(_REST if hurried else 0)
        finally:
            self.status = await self._shell.close()
            self.over.set()
            self.changed()

    def _answer(self, data: bytes) -> None:
        if self.mirror is None:
            self.write(data)

    def pressed(self) -> None:
        """A key was pressed, be it for the guest or for us."""
        self._pressed = asyncio.get_running_loop().time()

    def write(self, data: bytes) -> None:
        """Sends keys."""
        if self.status is None:
            self._shell.write(data)

    def resize(self, columns: int, rows: int) -> None:
        """Gives the guest's terminal another size; the emulator follows."""
        if (columns, rows) != (self.emulator.columns, self.emulator.rows):
            self.emulator.resize(columns, rows)
        self._shell.resize(columns, rows)
