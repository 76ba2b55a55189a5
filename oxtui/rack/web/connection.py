"""Breaking a connection: the one thing that ASGI has no word for."""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import TYPE_CHECKING, Any

from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    from starlette.types import Scope

_TRANSPORT = "transport"
# SO_LINGER on with a time of 0: closing sends RST instead of FIN.
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class HttpProtocol(H11Protocol):
    """uvicorn's HTTP/1.1, with the transport at hand in `scope["state"]`."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Note the transport of this connection, also for a websocket that grows out of it."""
        self.app_state: dict[str, Any] = {**self.app_state, _TRANSPORT: transport}
        super().connection_made(transport)


def reset(scope: Scope) -> None:
    """Break the connection at once, so that the client's next read fails.

    Raises ConnectionResetError where the server has no connection to break (an in-process client).
    """
    transport = scope.get("state", {}).get(_TRANSPORT)
    if transport is None:
        raise ConnectionResetError("the rack was told to break this connection")
    raw: socket.socket | None = transport.get_extra_info("socket")
    if raw is not None:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
    transport.abort()
