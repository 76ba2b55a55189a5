"""Ports that lead through the connection: `PORT:HOST:PORT`, listening on localhost at either end."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from oxtui.component.errors import ConnectError

if TYPE_CHECKING:
    import asyncssh

_FORM = 'write PORT:HOST:PORT, such as "8080:localhost:80"'
_TRIES = 6
_TRY_EVERY = 0.5
"""Seconds. A connection that died just now may still have the port."""


@dataclass(frozen=True, slots=True)
class Tunnel:
    """`listen_port` of localhost at one end leads to `host` and `port` as the other end reaches them."""

    listen_port: int
    host: str
    port: int


def parse_tunnel(text: str) -> Tunnel:
    """The tunnel that a template writes; an IPv6 address stands in brackets.

    Raises:
        ValueError: it is written otherwise.
    """
    listen, _, target = text.partition(":")
    host, _, port = target.rpartition(":")
    bare = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    if not host or (":" in bare and bare == host):
        raise ValueError(f'"{text}" is no tunnel; {_FORM}')
    return Tunnel(_port(text, listen), bare, _port(text, port))


def _port(tunnel: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65535):
        raise ValueError(f'"{text}" of "{tunnel}" is no port; {_FORM}')
    return int(text)


async def open_tunnels(
    connection: asyncssh.SSHClientConnection, local: Sequence[str], remote: Sequence[str]
) -> None:
    """Opens the tunnels of a template, for as long as the connection lives.

    Raises:
        ConnectError: a port is taken, or the server forwards none.
    """
    for text in local:
        tunnel = parse_tunnel(text)
        await _open(connection, tunnel, text, here=True)
    for text in remote:
        await _open(connection, parse_tunnel(text), text, here=False)


async def _open(
    connection: asyncssh.SSHClientConnection, tunnel: Tunnel, text: str, *, here: bool
) -> None:
    from asyncssh import ChannelListenError

    target = tunnel.host, tunnel.port
    for left in reversed(range(_TRIES)):
        try:
            if here:
                await connection.forward_local_port("127.0.0.1", tunnel.listen_port, *target)
            else:
                await connection.forward_remote_port("localhost", tunnel.listen_port, *target)
        except (OSError, ChannelListenError) as error:
            if not left:
                option, end = ("local", "here") if here else ("remote", "on the guest")
                raise ConnectError(
                    f"ssh_{option}_tunnels: {text}: nothing can listen on port {tunnel.listen_port} "
                    f"{end} ({error}). Free the port, name another one, or allow forwarding."
                ) from None
            await asyncio.sleep(_TRY_EVERY)
        else:
            return
