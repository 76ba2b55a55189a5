"""A server on a real socket that behaves as badly as a test asks for."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import h11


@dataclass(frozen=True)
class Request:
    """What came in."""

    method: str
    path: str
    params: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Reply:
    """What goes out. With `cut` the connection ends after so many bytes of the body."""

    body: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: int | None = None

    @property
    def content(self) -> bytes:
        if self.body is None:
            return b""
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


class Drop:
    """The connection ends without a word."""


class Hang:
    """No answer until the client gives up."""


Answer = Reply | Drop | Hang
Handler = Callable[[Request], Answer] | Callable[[Request], Awaitable[Answer]]


def refusal(status: int, code: str | None, message: str, request_id: str = "7c0f") -> Reply:
    """An error in the API's form."""
    body = {"request_id": request_id, "message": message}
    if code is not None:
        body["error_code"] = code
    return Reply(body, status, {"x-request-id": request_id})


class Wire:
    """The server: `host` to connect to, `requests` that came in."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler
        self.requests: list[Request] = []
        self.host = ""

    def lines(self) -> list[str]:
        """Method and path of each request."""
        return [f"{request.method} {request.path}" for request in self.requests]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = h11.Connection(h11.SERVER)
        try:
            while await self._one(connection, reader, writer):
                connection.start_next_cycle()
        except (ConnectionError, h11.RemoteProtocolError):
            return
        finally:
            writer.close()

    async def _one(
        self,
        connection: h11.Connection,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> bool:
        request = await _read(connection, reader)
        if request is None:
            return False
        self.requests.append(request)
        answer = self.handler(request)
        if not isinstance(answer, Reply | Drop | Hang):
            answer = await answer
        if isinstance(answer, Hang):
            await reader.read()  # ends when the client gives up
            return False
        if isinstance(answer, Drop):
            return False
        content = answer.content
        headers = {
            "content-type": "application/json",
            "content-length": str(len(content)),
            **answer.headers,
        }
        head = h11.Response(
            status_code=answer.status,
            reason=HTTPStatus(answer.status).phrase,
            headers=list(headers.items()),
        )
        writer.write(connection.send(head) or b"")
        if answer.cut is not None:
            writer.write(content[: answer.cut])
            await writer.drain()
            return False
        writer.write(connection.send(h11.Data(data=content)) or b"")
        writer.write(connection.send(h11.EndOfMessage()) or b"")
        await writer.drain()
        return connection.our_state is h11.DONE


async def _read(connection: h11.Connection, reader: asyncio.StreamReader) -> Request | None:
    head: h11.Request | None = None
    body = b""
    while True:
        event = connection.next_event()
        if event is h11.NEED_DATA:
            connection.receive_data(await reader.read(65536))
        elif isinstance(event, h11.Request):
            head = event
        elif isinstance(event, h11.Data):
            body += event.data
        elif isinstance(event, h11.EndOfMessage) and head is not None:
            address = urlsplit(head.target.decode())
            headers = {name.decode(): value.decode() for name, value in head.headers}
            params = dict(parse_qsl(address.query))
            return Request(head.method.decode(), address.path, params, headers, body)
        else:
            return None


@asynccontextmanager
async def wire(handler: Handler, **options: Any) -> AsyncIterator[Wire]:
    """Serve on a free port until the last client has gone.

    An error of the handler ends the test. `options` such as `ssl` go to the listening socket.
    """
    served = Wire(handler)
    async with asyncio.TaskGroup() as connections:

        def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            connections.create_task(served.serve(reader, writer))

        server = await asyncio.start_server(accept, "127.0.0.1", 0, **options)
        scheme = "https" if options.get("ssl") else "http"
        served.host = f"{scheme}://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            yield served
        finally:
            server.close()
