"""A client certificate is really shown, to a server that asks for one."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from oxtui.outscale.client import OutscaleClient
from oxtui.outscale.connection import ClientCertificate
from oxtui.outscale.errors import TransportError
from oxtui.outscale.limiter import Limiter
from tests.outscale.certificates import self_signed
from tests.outscale.rig import Clock, connection

REPLY = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 22\r\n"
    b'Connection: close\r\n\r\n{"ResponseContext":{}}'
)


@asynccontextmanager
async def server(folder: Path) -> AsyncIterator[tuple[str, ClientCertificate]]:
    """A server that lets in who shows the certificate, its address, and that certificate."""
    certificate, key = self_signed()
    (folder / "c.pem").write_bytes(certificate)
    (folder / "k.pem").write_bytes(key)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=folder / "c.pem")
    context.load_cert_chain(folder / "c.pem", folder / "k.pem")
    context.verify_mode = ssl.CERT_REQUIRED

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(REPLY)
        await writer.drain()
        writer.close()

    serving = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context)
    async with serving:
        port = serving.sockets[0].getsockname()[1]
        shown = ClientCertificate(str(folder / "c.pem"), str(folder / "k.pem"))
        yield f"https://127.0.0.1:{port}/api/v1", shown


async def test_who_asks_for_a_certificate_gets_it(tmp_path: Path) -> None:
    async with server(tmp_path) as (endpoint, certificate):
        place = replace(connection(endpoint), insecure=True)
        timing = Clock().timing()
        shown = replace(place, certificate=certificate)
        async with OutscaleClient(shown, timing=timing, limiter=Limiter()) as client:
            await client.call("ReadVms")
        async with OutscaleClient(place, timing=timing, limiter=Limiter()) as client:
            with pytest.raises(TransportError):
                await client.call("ReadVms")


async def test_a_certificate_of_nobody_is_refused_with_the_way_out(tmp_path: Path) -> None:
    async with server(tmp_path) as (endpoint, certificate):
        place = replace(connection(endpoint), certificate=certificate)
        async with OutscaleClient(place, timing=Clock().timing(), limiter=Limiter()) as client:
            with pytest.raises(TransportError, match=r"is not trusted.*insecure_skip_tls_verify"):
                await client.call("ReadVms")


async def test_a_port_where_nobody_listens_is_told_apart_from_a_network_that_is_down() -> None:
    place = connection("http://127.0.0.1:1/api/v1")
    async with OutscaleClient(place, timing=Clock().timing(), limiter=Limiter()) as client:
        with pytest.raises(
            TransportError, match=r"refuses connections\. Check region and endpoint"
        ):
            await client.call("ReadVms")
