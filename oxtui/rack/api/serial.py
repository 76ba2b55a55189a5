"""The serial console: its history, and the stream of it over a websocket."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field
from starlette.websockets import WebSocket, WebSocketDisconnect

from oxtui.rack.api.instances import find_instance
from oxtui.rack.lifecycle.serial import DEFAULT_READ, RangeExpiredError
from oxtui.rack.parameters.common import OptionalProject
from oxtui.rack.web import connection, decode, errors
from oxtui.rack.web.operation import Operation, name_or_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from oxtui.rack.lifecycle.serial import SerialBuffer
    from oxtui.rack.rack import Rack
    from oxtui.rack.store.records import Instance
    from oxtui.rack.web.operation import Call, StreamHandler

Offset = Annotated[int, Field(ge=0, le=2**64 - 1)]
_CHUNK = 16 * 1024
_INTERNAL_ERROR = 1011


class HistoryQuery(OptionalProject):
    """The query of the history."""

    from_start: Offset | None = None
    most_recent: Offset | None = None
    max_bytes: Offset | None = None


class StreamQuery(OptionalProject):
    """The query of the stream."""

    most_recent: Offset | None = None


class SerialApi:
    """Operations on serial consoles."""

    def __init__(self, rack: Rack) -> None:
        self._rack = rack

    def operations(self) -> Iterable[Operation]:
        """Return the operations."""
        path = "/v1/instances/{instance}/serial-console"
        return (Operation("instance_serial_console", "GET", path, self.history),)

    def streams(self) -> Mapping[str, StreamHandler]:
        """Return the websocket's path and what serves it."""
        return {"/v1/instances/{instance}/serial-console/stream": self.stream}

    async def history(self, call: Call) -> dict[str, Any]:
        """Return bytes that came out of the console."""
        instance = find_instance(self._rack, call)
        query = call.query(HistoryQuery)
        console = self._rack.control.console(instance)
        # The control plane passes both to the hypervisor, whose refusal it reports as its own.
        if (query.from_start is None) == (query.most_recent is None):
            raise errors.internal()
        start = query.from_start
        if start is None:
            start = max(console.total - (query.most_recent or 0), 0)
        count = DEFAULT_READ if query.max_bytes is None else query.max_bytes
        try:
            data = console.read(start, count)
        except RangeExpiredError:
            raise errors.internal() from None
        return {"data": list(data), "last_byte_offset": min(start, console.total) + len(data)}

    async def stream(self, socket: WebSocket) -> None:
        """Serve the websocket.

        The upgrade comes before anything is checked: what is wrong arrives as a close frame, and a
        bad token as a dropped connection.
        """
        await socket.accept()
        try:
            self._rack.login.check(socket.headers.get("authorization"))
        except errors.ApiError:
            connection.reset(socket.scope)
            return
        try:
            instance, start = self._requested(socket)
            console = self._rack.control.console(instance)
        except errors.ApiError as error:
            await socket.close(_INTERNAL_ERROR, error.message[:120])
            return
        start = console.total if start is None else max(console.total - start, 0)
        await self._both_ways(socket, instance, console, start)

    def _requested(self, socket: WebSocket) -> tuple[Instance, int | None]:
        query = decode.query(socket.query_params, StreamQuery)
        selector = name_or_id(socket.path_params["instance"])
        return self._rack.lookup.instance(selector, query.project), query.most_recent

    async def _both_ways(
        self, socket: WebSocket, instance: Instance, console: SerialBuffer, start: int
    ) -> None:
        output = asyncio.create_task(_send(socket, console, start))
        entry = asyncio.create_task(self._receive(socket, instance))
        try:
            await asyncio.wait((output, entry), return_when=asyncio.FIRST_COMPLETED)
        finally:
            output.cancel()
            entry.cancel()
            await asyncio.gather(output, entry, return_exceptions=True)

    async def _receive(self, socket: WebSocket, instance: Instance) -> None:
        while True:
            message = await socket.receive()
            if message["type"] == "websocket.disconnect":
                return
            # Text frames are ignored, as the hypervisor does.
            data = message.get("bytes")
            if data:
                await self._rack.control.type(instance, data)


async def _send(socket: WebSocket, console: SerialBuffer, start: int) -> None:
    position = start
    try:
        while True:
            await console.grown(position)
            if position >= console.total:
                await socket.close()
                return
            try:
                data = console.read(position, _CHUNK)
            except RangeExpiredError:
                position = console.oldest_after_gap()
                continue
            await socket.send_bytes(data)
            position += len(data)
    except WebSocketDisconnect:
        return
