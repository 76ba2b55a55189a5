"""Connections that end with their owner's block, and the causes of what broke one."""

from __future__ import annotations

import socket

import httpx
import pytest

from oxtui.service.http import Connections, causes, was_sent


class Client(Connections):
    """Asks a server of the test's own."""

    async def _open(self) -> httpx.AsyncClient:
        transport = httpx.MockTransport(lambda request: httpx.Response(200, text=request.url.path))
        return httpx.AsyncClient(base_url="http://there", transport=transport)

    async def ask(self, path: str) -> str:
        return (await self._http.get(path)).text


async def test_requests_are_made_in_the_block_alone() -> None:
    client = Client()
    async with client:
        opened = client._http
        assert await client.ask("/x") == "/x"
    assert opened.is_closed
    with pytest.raises(RuntimeError, match="outside of its `async with`"):
        await client.ask("/x")
    async with client:  # once more
        assert await client.ask("/y") == "/y"


def test_every_cause_is_found_once_those_of_parallel_tries_too() -> None:
    first, second = OSError(111, "refused"), socket.gaierror(-2, "unknown")
    group = ExceptionGroup("tries", [first, second])
    group.__context__ = first
    error = httpx.ConnectError("failed")
    error.__cause__ = group
    second.__cause__ = error  # a circle
    assert list(causes(error)) == [error, group, first, second]


@pytest.mark.parametrize(
    ("error", "sent"),
    [(httpx.ConnectError, False), (httpx.ConnectTimeout, False), (httpx.ReadTimeout, True), (httpx.ReadError, True)],
)  # fmt: skip
def test_a_service_may_have_acted_once_it_was_connected(
    error: type[httpx.RequestError], sent: bool
) -> None:
    assert was_sent(error("x")) == sent
