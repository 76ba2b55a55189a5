"""A channel of one SSH connection that another SSH connection is led through."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import asyncssh


class ChannelLink(asyncssh.SSHTCPSession[bytes]):
    """A channel that is opened before it is known who speaks through it.

    asyncssh opens a channel and begins the handshake in one; apart, the opening can have a limit of its own.
    """

    def __init__(self) -> None:
        self._channel: asyncssh.SSHTCPChannel[bytes] | None = None
        self._session: Any = None
        self._early: list[bytes] = []
        self._ended: Callable[[], object] | None = None

    @classmethod
    async def open(
        cls, connection: asyncssh.SSHClientConnection, host: str, port: int
    ) -> ChannelLink:
        """A channel from the other end of `connection` to a port.

        Raises:
            asyncssh.ChannelOpenError: the other end cannot reach it.
        """
        link = cls()
        await connection.create_connection(lambda: link, host, port)
        return link

    async def create_connection(
        self, factory: Callable[[], Any], host: str, port: int
    ) -> tuple[Any, Any]:
        """What asyncssh calls on a `tunnel`: the channel, with a new session at its end."""
        session = factory()
        session.connection_made(self._channel)
        self._session = session
        early, self._early = self._early, []
        for data in early:
            session.data_received(data, None)
        if self._ended is not None:
            self._ended()
        return self._channel, session

    def close(self) -> None:
        """Ends a channel that nobody uses."""
        if self._channel is not None:
            self._channel.close()

    # what asyncssh tells of the channel goes to whoever is at its end

    def connection_made(self, chan: asyncssh.SSHTCPChannel[bytes]) -> None:
        """It is open."""
        self._channel = chan

    def data_received(self, data: bytes, datatype: asyncssh.DataType) -> None:
        """The server may speak before anybody listens: with its version."""
        if self._session is None:
            self._early.append(data)
        else:
            self._session.data_received(data, datatype)

    def eof_received(self) -> bool:
        """The server says no more."""
        if self._session is None:
            self._ended = lambda: self._session.eof_received()
            return False
        return bool(self._session.eof_received())

    def connection_lost(self, exc: Exception | None) -> None:
        """It is closed."""
        if self._session is None:
            self._ended = lambda: self._session.connection_lost(exc)
        else:
            self._session.connection_lost(exc)
