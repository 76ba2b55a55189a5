"""The HTTP server around the application."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from typing import TYPE_CHECKING, Any

import uvicorn

from oxtui.rack.web.connection import HttpProtocol

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Generator

    from oxtui.rack.web.tls import Certificates

# Requests that are still at work when the rack stops are given so many seconds.
_GRACE = 2
# An idle client may come back after so many seconds without meeting a connection that just closes.
_KEEP_ALIVE = 75


class _Server(uvicorn.Server):
    """uvicorn without its signal handlers, and with a moment at which it is ready."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Leave signals to the one who serves: there is more to end than the server."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen."""
        await super().startup(sockets=sockets)
        self.ready.set()


def listen(host: str, port: int) -> socket.socket:
    """Bind a TCP address; OSError if it cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio turns Nagle's algorithm off only where the protocol is named; with it an answer in two
    # pieces waits some 40 ms for the client's delayed acknowledgement.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except OSError:
        listener.close()
        raise
    return listener


@contextlib.asynccontextmanager
async def serving(
    application: Any, listener: socket.socket, tls: Certificates | None
) -> AsyncIterator[None]:
    """Serve an application on a bound socket while the block runs."""
    config = uvicorn.Config(
        application,
        http=HttpProtocol,
        ws="websockets-sansio",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=_KEEP_ALIVE,
        timeout_graceful_shutdown=_GRACE,
        ssl_certfile=None if tls is None else tls.chain,
        ssl_keyfile=None if tls is None else tls.key,
    )
    server = _Server(config)
    try:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(server.serve(sockets=[listener]))
            await server.ready.wait()
            try:
                yield
            finally:
                server.should_exit = True
    finally:
        # Requests that were cancelled still tidy up, with what the caller is about to close.
        await asyncio.gather(*server.server_state.tasks, return_exceptions=True)
