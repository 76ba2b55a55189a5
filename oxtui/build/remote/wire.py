"""Messages on a socket: one JSON object a line, both ways, each with its `type`."""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

LONGEST = 4 * 2**20
"""Bytes of a message; an event of a large plan has some hundred KiB."""
LONGEST_TEXT = LONGEST // 8
"""Characters of a text that is edited; in JSON each may take six bytes."""
UNREAD = 8 * 2**20
"""Bytes that wait for a reader before it is given up."""
PATIENCE = 30.0
"""Seconds that a reader may take to make room."""

Message = Mapping[str, Any]


class WireError(Exception):
    """The other end does not keep to the protocol, or does not read; the text says which."""


class Wire:
    """One connection. One task receives, one waits in `send`; any may `post`."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def receive(self) -> Message | None:
        """The next message; None at the end.

        Raises:
            WireError: what came is no message.
        """
        try:
            line = await self._reader.readline()
        except ValueError:
            raise WireError(f"a message of more than {LONGEST} bytes") from None
        except ConnectionError:
            return None
        if not line.endswith(b"\n"):
            return None
        try:
            values = json.loads(line)
        except ValueError:
            raise WireError("a line that is not JSON") from None
        if not isinstance(values, dict) or not isinstance(values.get("type"), str):
            raise WireError("a message without a type")
        return values

    def post(self, type_: str, **values: Any) -> None:
        """Puts a message on its way.

        Raises:
            WireError: too much waits to be read.
        """
        if self._writer.transport.get_write_buffer_size() > UNREAD:
            raise WireError("nothing is read at the other end")
        self._writer.write(json.dumps({"type": type_, **values}).encode() + b"\n")

    async def send(self, type_: str, **values: Any) -> None:
        """Like `post`, and waits until there is room for more.

        Raises:
            WireError: nobody reads, or nobody is there.
        """
        self.post(type_, **values)
        try:
            async with asyncio.timeout(PATIENCE):
                await self._writer.drain()
        except TimeoutError:
            raise WireError("nothing is read at the other end") from None
        except ConnectionError:
            raise WireError("nobody is at the other end") from None

    async def close(self, limit: float = 0.0) -> None:
        """Ends the connection; what is on its way has `limit` seconds to be read."""
        self._writer.close()
        try:
            async with asyncio.timeout(limit):
                await self._writer.wait_closed()
        except (TimeoutError, ConnectionError):
            self._writer.transport.abort()
            with suppress(ConnectionError):
                await self._writer.wait_closed()


def encoded(data: bytes) -> str:
    """Bytes in a message."""
    return base64.b64encode(data).decode()


def decoded(value: object) -> bytes:
    """Bytes of a message.

    Raises:
        WireError: they are none.
    """
    try:
        return base64.b64decode(value if isinstance(value, str) else "?", validate=True)
    except (binascii.Error, ValueError):
        raise WireError("bytes that are not base64") from None
