"""The live serial console of an instance, over a websocket."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidURI

from oxtui.oxide.channel import Channel
from oxtui.oxide.errors import OxideError
from oxtui.service.address import is_loopback

_NORMAL = frozenset({1000, 1001})


class SerialClosed(OxideError):
    """The rack refused the stream, or it broke off; the reason is the rack's own."""


class SerialStream:
    """A serial console: iterate over its bytes, send keystrokes.

    The iteration ends when the rack ends the stream in an orderly way.
    """

    def __init__(self, socket: ClientConnection, subject: str) -> None:
        self._socket = socket
        self._subject = subject

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            while True:
                message = await self._socket.recv()
                yield message if isinstance(message, bytes) else message.encode()
        except ConnectionClosed as error:
            if error.rcvd is None or error.rcvd.code not in _NORMAL:
                raise self._closed(error) from None

    async def send(self, data: bytes) -> None:
        """Type into the console.

        Raises:
            SerialClosed: The stream is over.
        """
        try:
            await self._socket.send(data)
        except ConnectionClosed as error:
            raise self._closed(error) from None

    def _closed(self, error: ConnectionClosed) -> SerialClosed:
        if error.rcvd is None:
            reason = "the connection was lost. Open it again"
        elif error.rcvd.reason:
            reason = error.rcvd.reason
        else:
            reason = f"the rack closed it with code {error.rcvd.code}"
        return SerialClosed(f"The serial console of {self._subject} ended: {reason}.")


@asynccontextmanager
async def open_stream(channel: Channel, path: str, subject: str) -> AsyncIterator[SerialStream]:
    """Connect to a stream; `path` includes the query.

    Raises:
        SerialClosed: No stream came about.
    """
    host = channel.connection.host
    scheme, _, rest = host.partition("://")
    secure = scheme == "https"
    # The library's own logger writes all request headers, the token too, at level DEBUG.
    silent = logging.Logger(__name__, logging.CRITICAL + 1)
    headers = channel.headers()
    agent = headers.pop("User-Agent")
    try:
        socket = await connect(
            f"{'wss' if secure else 'ws'}://{rest}{path}",
            additional_headers=headers,
            user_agent_header=agent,
            ssl=channel.tls if secure else None,
            open_timeout=channel.timing.connect,
            close_timeout=2,
            max_size=None,
            proxy=None if is_loopback(host) else True,
            logger=silent,
        )
    except (InvalidHandshake, InvalidURI, OSError, TimeoutError, EOFError) as error:
        reason = str(error) or type(error).__name__
        raise SerialClosed(
            f"The serial console of {subject} cannot be opened on {host}: {reason}."
        ) from None
    async with socket:
        yield SerialStream(socket, subject)
