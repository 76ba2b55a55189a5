"""A server in front of a real one that stalls, resets, refuses or freezes where a test wants it to."""

from __future__ import annotations

import asyncio
import math
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Literal

Fault = Literal["none", "stall", "reset", "close"]
"""What happens to a connection: nothing; no byte passes any more; it is reset; it is closed."""


@dataclass
class Relay:
    """Passes connections on to `target`, a port of 127.0.0.1.

    Attributes:
        fault: What happens to the connections made from now on.
        after: How many bytes of the server pass before it does; 21 are about its SSH version.
        freeze_after: How many bytes of the client pass before neither side hears of the other.
        connections: How many were made.
    """

    target: int
    fault: Fault = "none"
    after: int = 0
    freeze_after: float = math.inf
    connections: int = 0
    port: int = 0
    _writers: list[asyncio.StreamWriter] = field(default_factory=list)

    def reset(self) -> None:
        """Ends what is connected now, as a machine does that loses its power."""
        for writer in self._writers:
            _reset(writer)
        self._writers.clear()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        self.connections += 1
        fault, after = self.fault, self.after
        self._writers.append(writer)
        if fault != "none" and not after:
            await self._fail(fault, writer)
            return
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.close()
            return
        self._writers.append(back)
        with suppress(OSError, asyncio.CancelledError):
            async with asyncio.TaskGroup() as group:
                frozen = asyncio.Event()
                group.create_task(self._pass_up(reader, back, frozen))
                group.create_task(self._pass_down(there, writer, frozen, fault, after))

    async def _pass_up(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, frozen: asyncio.Event
    ) -> None:
        passed = 0
        while data := await reader.read(65536):
            passed += len(data)
            if passed > self.freeze_after:
                frozen.set()
                await asyncio.Event().wait()
            writer.write(data)
            await writer.drain()
        with suppress(OSError):
            writer.write_eof()

    async def _pass_down(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        frozen: asyncio.Event,
        fault: Fault,
        after: int,
    ) -> None:
        passed = 0
        while data := await reader.read(65536):
            if frozen.is_set():
                await asyncio.Event().wait()
            if fault != "none" and passed + len(data) > after:
                writer.write(data[: after - passed])
                await self._fail(fault, writer)
                return
            passed += len(data)
            writer.write(data)
            await writer.drain()
        with suppress(OSError):
            writer.write_eof()

    async def _fail(self, fault: Fault, writer: asyncio.StreamWriter) -> None:
        if fault == "stall":
            await asyncio.Event().wait()
        elif fault == "reset":
            _reset(writer)
        else:
            writer.close()


def _reset(writer: asyncio.StreamWriter) -> None:
    stream = writer.get_extra_info("socket")
    if stream is not None and stream.fileno() != -1:
        stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


@asynccontextmanager
async def relay(target: int) -> AsyncIterator[Relay]:
    """A relay on a free port."""
    made = Relay(target)
    tasks: set[asyncio.Task[None]] = set()

    async def served(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            await made.serve(reader, writer)
        except asyncio.CancelledError:
            return
        finally:
            tasks.discard(task)

    server = await asyncio.start_server(served, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        made.reset()
