"""Reboot and shutdown from inside: what the rack's power commands ask for through a pipe."""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from typing import Literal, get_args

PowerAction = Literal["reboot", "shutdown"]

EXIT_STATUS: dict[PowerAction, int] = {"shutdown": 10, "reboot": 11}
"""With which status an instance's first process ends."""


class PowerPipe:
    """Reads requests such as `reboot 0`; `asked` gives the one that came due first."""

    def __init__(self, folder: str) -> None:
        """folder: where the pipe is made; only root may write to it.

        Raises:
            OSError: the pipe cannot be made.
        """
        self._loop = asyncio.get_running_loop()
        self.asked: asyncio.Future[PowerAction] = self._loop.create_future()
        self._timer: asyncio.TimerHandle | None = None
        path = f"{folder}/power"
        with suppress(FileNotFoundError):
            os.unlink(path)
        os.mkfifo(path, 0o600)
        # Opened for both: with a writer of its own the pipe never reads as ended.
        self._descriptor = os.open(path, os.O_RDWR | os.O_NONBLOCK)
        self._loop.add_reader(self._descriptor, self._read)

    def _read(self) -> None:
        for line in os.read(self._descriptor, 4096).decode(errors="replace").splitlines():
            action, _, delay = line.partition(" ")
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            for known in get_args(PowerAction):
                if action == known and delay.isdigit():
                    self._timer = self._loop.call_later(int(delay), self._due, known)

    def _due(self, action: PowerAction) -> None:
        if not self.asked.done():
            self.asked.set_result(action)

    def close(self) -> None:
        """Stops listening."""
        self._loop.remove_reader(self._descriptor)
        if self._timer is not None:
            self._timer.cancel()
        os.close(self._descriptor)
