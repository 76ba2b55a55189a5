"""A machine that runs in guest processes: starting it, ending it, telling why it ended."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from oxtui.rack.guest.request import Boot
from oxtui.rack.isolation.errors import RackMachineError
from oxtui.rack.isolation.guests import GuestLine, Guests
from oxtui.rack.machines import MachineListener


class GuestMachine:
    """One machine, from `boot` to its end."""

    def __init__(self, listener: MachineListener, gone: Callable[[], None]) -> None:
        """gone: called once when nothing of the machine is left, before the listener hears."""
        self._listener = listener
        self._gone = gone
        self._line: GuestLine | None = None
        self._told_to_end = False

    async def boot(self, guests: Guests, request: Boot, listener: socket.socket | None) -> None:
        """Starts the machine; returns when it is in its own root.

        listener: bound socket for SSH, of which the machine gets a copy.

        Raises:
            RackMachineError: it does not come up; nothing of it is left.
        """
        try:
            self._line = await guests.open(request, listener, self._listener.serial)
        except BaseException:
            self._gone()
            raise
        self._line.ended.add_done_callback(self._ended)
        try:
            await asyncio.shield(self._line.entered)
        except BaseException:
            await asyncio.shield(self.stop(hard=True))
            raise

    def _ended(self, ended: asyncio.Future[dict[str, Any]]) -> None:
        self._gone()
        if self._told_to_end:
            return
        error = ended.exception()
        if error is not None:
            self._listener.stopped("crash", str(error))
        else:
            last = ended.result()
            self._listener.stopped(last["reason"], last["detail"])

    async def stop(self, *, hard: bool) -> None:
        """Ends the machine; returns when its processes and mounts are gone."""
        if self._line is None:
            return
        self._told_to_end = True
        self._line.end()
        with suppress(RackMachineError):  # it is gone in any case
            await asyncio.shield(self._line.ended)

    async def serial_input(self, data: bytes) -> None:
        """Types on the serial console."""
        if self._line is not None:
            self._line.write(data)
