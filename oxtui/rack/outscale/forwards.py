"""Public addresses: each listens on the SSH port and leads to the private address of a VM.

What a VM's security groups do not let in is not led on, as a firewall before the VM would do it.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

_PIECE = 64 * 1024


class Forwards:
    """The open ones, by their public address. `close_all` at the end."""

    def __init__(self, bind: Callable[[str], socket.socket], port: int) -> None:
        self._bind = bind
        self._port = port
        self._open: dict[str, _Forward] = {}

    async def open(self, public: str, private: str, admits: Callable[[str], bool]) -> None:
        """Lead connections to a public address on.

        admits: asked with the address of who connects. RackMachineError if something else has the
        port.
        """
        if public == private or public in self._open:
            return
        forward = _Forward((private, self._port), admits)
        forward.server = await asyncio.start_server(forward.lead, sock=self._bind(public))
        self._open[public] = forward

    async def close(self, public: str) -> None:
        """End a public address and the connections over it; nothing happens if it is not open."""
        forward = self._open.pop(public, None)
        if forward is not None:
            await forward.close()

    async def close_all(self) -> None:
        """End all of them."""
        for public in list(self._open):
            await self.close(public)


class _Forward:
    def __init__(self, target: tuple[str, int], admits: Callable[[str], bool]) -> None:
        self.server: asyncio.Server | None = None
        self._target = target
        self._admits = admits
        self._connections: set[asyncio.Task[None]] = set()

    def lead(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self._lead(reader, writer))
        self._connections.add(task)
        task.add_done_callback(self._connections.discard)

    async def close(self) -> None:
        if self.server is not None:
            self.server.close()
        for task in self._connections:
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _lead(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.closing(writer), contextlib.suppress(OSError):
            if not self._admits(str(writer.get_extra_info("peername")[0])):
                return
            inside, outside = await asyncio.open_connection(*self._target)
            with contextlib.closing(outside):
                async with asyncio.TaskGroup() as copies:
                    copies.create_task(_copy(reader, outside))
                    copies.create_task(_copy(inside, writer))


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(_PIECE):
            writer.write(data)
            await writer.drain()
        writer.write_eof()
