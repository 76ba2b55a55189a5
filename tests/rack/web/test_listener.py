"""The rack's address."""

from __future__ import annotations

import socket

import httpx
from starlette.types import Receive, Scope, Send

from oxtui.rack.web.server import listen, serving


async def test_answers_do_not_wait_for_acknowledgements() -> None:
    seen: list[int] = []

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        accepted = scope["state"]["transport"].get_extra_info("socket")
        seen.append(accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    with listen("127.0.0.1", 0) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        async with serving(application, listener, None), httpx.AsyncClient() as client:
            assert (await client.get(url)).status_code == 204
    assert seen == [1]
