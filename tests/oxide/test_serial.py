"""The serial console: bytes both ways, and the reason when it ends."""

from __future__ import annotations

import asyncio
import http
import json
import logging
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import trustme
from websockets.asyncio.server import ServerConnection, serve
from websockets.datastructures import Headers
from websockets.http11 import Request, Response

from oxtui.oxide.client import OxideClient
from oxtui.oxide.errors import Unauthorized
from oxtui.oxide.serial import SerialClosed, SerialStream
from tests.oxide import samples
from tests.oxide.rig import SECRET, client, connection
from tests.oxide.samples import INSTANCE_ID

Console = Callable[[ServerConnection], Awaitable[None]]
PATH = f"/v1/instances/{INSTANCE_ID}/serial-console/stream"


class Rack:
    """One instance with a console; `requests` are those for the stream."""

    def __init__(self) -> None:
        self.host = ""
        self.refusal = http.HTTPStatus.OK
        self.token = SECRET
        self.requests: list[Request] = []

    def plain(self, _: ServerConnection, request: Request) -> Response | None:
        """The answer to what is no upgrade, and to an upgrade that is refused."""
        if request.path.partition("?")[0] == PATH:
            self.requests.append(request)
            return None if self.refusal == http.HTTPStatus.OK else reply(self.refusal, {})
        if request.headers["authorization"] != f"Bearer {self.token}":
            body = {"error_code": "Unauthorized", "message": "no", "request_id": "r1"}
            return reply(http.HTTPStatus.UNAUTHORIZED, body)
        return reply(http.HTTPStatus.OK, samples.instance())


def reply(status: http.HTTPStatus, body: object) -> Response:
    content = json.dumps(body).encode()
    headers = Headers({"content-length": str(len(content)), "connection": "close"})
    return Response(status.value, status.phrase, headers, content)


@asynccontextmanager
async def rack_with(console: Console, tls: ssl.SSLContext | None = None) -> AsyncIterator[Rack]:
    rack = Rack()
    silent = logging.Logger("console", logging.CRITICAL + 1)
    async with serve(
        console, "127.0.0.1", 0, process_request=rack.plain, ssl=tls, logger=silent
    ) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        rack.host = f"{'https' if tls else 'http'}://127.0.0.1:{port}"
        yield rack


@asynccontextmanager
async def stream_of(console: Console) -> AsyncIterator[tuple[Rack, SerialStream]]:
    """A rack with that console, and its stream."""
    async with (
        rack_with(console) as rack,
        client(rack.host) as oxide,
        oxide.instances.serial_stream(INSTANCE_ID) as stream,
    ):
        yield rack, stream


async def echo(console: ServerConnection) -> None:
    await console.send(b"login: \xff")
    async for message in console:
        assert isinstance(message, bytes)
        await console.send(message.upper())


async def test_output_is_read_and_keys_are_sent() -> None:
    async with stream_of(echo) as (rack, stream):
        output = aiter(stream)
        assert await anext(output) == b"login: \xff"
        await stream.send(b"root\n")
        assert await anext(output) == b"ROOT\n"
    [request] = rack.requests
    assert request.path == f"{PATH}?most_recent=262144"
    assert request.headers["authorization"] == f"Bearer {SECRET}"
    assert request.headers["api-version"] == "2026060800.0.0"
    assert request.headers["user-agent"].startswith("oxtui/")


async def test_how_much_earlier_output_comes_is_asked_for() -> None:
    async with (
        rack_with(echo) as rack,
        client(rack.host) as oxide,
        oxide.instances.serial_stream("web-1", "web", most_recent=0),
    ):
        assert rack.requests
    assert rack.requests[0].path.endswith("?most_recent=0")


async def test_the_stream_ends_when_the_rack_ends_it() -> None:
    async def bye(console: ServerConnection) -> None:
        await console.send(b"halted")
        await console.close()

    async with stream_of(bye) as (_, stream):
        assert [chunk async for chunk in stream] == [b"halted"]
        with pytest.raises(SerialClosed, match="ended: the rack closed it with code 1000"):
            await stream.send(b"\n")


async def test_a_refusal_arrives_with_the_racks_reason() -> None:
    """The upgrade succeeds before the rack checks the state of the instance."""
    words = "instance is stopped and has no active serial console server"

    async def refuse(console: ServerConnection) -> None:
        await console.close(1011, words)

    async with stream_of(refuse) as (_, stream):
        with pytest.raises(SerialClosed, match=f"instance {INSTANCE_ID} ended: {words}"):
            await anext(aiter(stream))


async def test_a_lost_connection_is_told() -> None:
    async def cut(console: ServerConnection) -> None:
        console.transport.abort()

    async with stream_of(cut) as (_, stream):
        with pytest.raises(SerialClosed, match=r"the connection was lost\. Open it again"):
            await anext(aiter(stream))


async def test_a_refused_upgrade_is_told() -> None:
    async with rack_with(echo) as rack, client(rack.host) as oxide:
        rack.refusal = http.HTTPStatus.SERVICE_UNAVAILABLE
        with pytest.raises(SerialClosed, match=r"cannot be opened on http://.*HTTP 503"):
            async with oxide.instances.serial_stream(INSTANCE_ID):
                pass


async def test_a_wrong_token_is_told_before_the_upgrade() -> None:
    """On the stream itself the rack would only drop the connection."""
    async with rack_with(echo) as rack, client(rack.host) as oxide:
        rack.token = "another"
        with pytest.raises(Unauthorized):
            async with oxide.instances.serial_stream(INSTANCE_ID):
                pass
    assert rack.requests == []


async def test_the_stream_trusts_the_same_authorities(tmp_path: Path) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    async with rack_with(echo, context) as rack:
        trusting = OxideClient(connection(rack.host, cacert=tmp_path / "ca.pem"))
        async with trusting, trusting.instances.serial_stream(INSTANCE_ID) as stream:
            assert await anext(aiter(stream)) == b"login: \xff"


async def test_a_reader_can_be_cancelled() -> None:
    reading = asyncio.Event()

    async def quiet(console: ServerConnection) -> None:
        await console.wait_closed()

    async with rack_with(quiet) as rack, client(rack.host) as oxide:

        async def read() -> None:
            async with oxide.instances.serial_stream(INSTANCE_ID) as stream:
                reading.set()
                async for _ in stream:
                    pass

        task = asyncio.create_task(read())
        await reading.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_no_log_shows_the_token(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with stream_of(echo) as (_, stream):
        await anext(aiter(stream))
    assert caplog.records
    assert SECRET not in caplog.text


@pytest.mark.parametrize("place", [{}, {"from_start": 0, "most_recent": 0}])
async def test_history_begins_at_one_place(place: dict[str, Any]) -> None:
    async with client("http://rack.invalid") as oxide:
        with pytest.raises(ValueError, match="one of from_start and most_recent"):
            await oxide.instances.serial_history(INSTANCE_ID, **place)
