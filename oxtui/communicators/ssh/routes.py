"""Ways to the SSH server of a machine: directly, through a SOCKS5 proxy, through a bastion."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

import asyncssh

from oxtui.communicators.ssh.channel_link import ChannelLink
from oxtui.communicators.ssh.login import Login, LoginRefused, identity, login_arguments
from oxtui.communicators.ssh.target import Target
from oxtui.service.words import os_words

TCP_LIMIT = 3.0
"""Seconds for one try to reach the server."""


class RouteError(Exception):
    """The machine cannot be reached that way; the text says which part of the way fails, and why."""


@dataclass(frozen=True, slots=True)
class Link:
    """An open way to the machine's SSH server.

    Attributes:
        arguments: For asyncssh's `connect`.
        close: Ends a way that is not used.
    """

    arguments: dict[str, Any]
    close: Callable[[], object]


class Route(Protocol):
    """A way to the machine."""

    at_once: int
    """How many tries may be on their way at a time."""

    async def reach(self) -> Link:
        """Opens the way, within 3 s.

        Raises:
            OSError, RouteError, LoginRefused, asyncssh.Error: it is not open now.
        """
        ...

    async def close(self) -> None:
        """Ends what it kept open."""
        ...


def route_to(target: Target) -> Route:
    """The way that the options name."""
    if target.options.ssh_bastion_host:
        return Bastion(target)
    if target.options.ssh_proxy_host:
        return Proxy(target)
    return Direct(target.host, target.options.ssh_port)


async def open_socket(host: str, port: int) -> socket.socket:
    """A TCP connection, made within 3 s."""
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(TCP_LIMIT):
        infos = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        family, kind, protocol, _, address = infos[0]
        stream = socket.socket(family, kind, protocol)
        stream.setblocking(False)
        try:
            await loop.sock_connect(stream, address)
        except BaseException:
            stream.close()
            raise
    return stream


class Direct:
    """Over the network."""

    at_once = 8

    def __init__(self, host: str, port: int) -> None:
        self._host = host
        self._port = port

    async def reach(self) -> Link:
        """A TCP connection."""
        stream = await open_socket(self._host, self._port)
        return Link({"sock": stream}, stream.close)

    async def close(self) -> None:
        """Nothing is kept open."""


class Proxy:
    """Through a SOCKS5 proxy (RFC 1928, 1929), which also resolves the machine's name."""

    at_once = 8

    def __init__(self, target: Target) -> None:
        self._target = target

    async def reach(self) -> Link:
        """A TCP connection that the proxy passes on."""
        from python_socks import ProxyError, ProxyType  # only where a proxy is named
        from python_socks.async_.asyncio import Proxy as Socks

        target, options = self._target, self._target.options
        proxy = Socks(
            ProxyType.SOCKS5, options.ssh_proxy_host, options.ssh_proxy_port,
            options.ssh_proxy_username or None, options.ssh_proxy_password or None, rdns=True,
        )  # fmt: skip
        place = f"the proxy {options.ssh_proxy_host} port {options.ssh_proxy_port}"
        try:
            async with asyncio.timeout(TCP_LIMIT):
                stream = await proxy.connect(target.host, options.ssh_port)
        except TimeoutError:
            raise RouteError(f"{place} brings no connection within {TCP_LIMIT:g} s") from None
        except ProxyError as error:
            raise RouteError(f"{place} says: {error}") from None
        except OSError as error:
            raise RouteError(f"{place} cannot be reached: {os_words(error)}") from None
        return Link({"sock": stream}, stream.close)

    async def close(self) -> None:
        """Nothing is kept open."""


class Bastion:
    """Through another SSH server, whose connection is kept for all that follow."""

    at_once = (
        1  # its server would go on trying to reach the machine for each that was given up here
    )

    def __init__(self, target: Target) -> None:
        self._target = target
        self._connection: asyncssh.SSHClientConnection | None = None

    async def reach(self) -> Link:
        """A channel of the bastion's connection that leads to the machine."""
        target = self._target
        connection = self._connection
        if connection is None or connection.is_closed():
            connection = self._connection = await self._log_in()
        place = f"the bastion {target.bastion_place}"
        try:
            async with asyncio.timeout(TCP_LIMIT):
                link = await ChannelLink.open(connection, target.host, target.options.ssh_port)
        except TimeoutError:
            raise RouteError(f"{place} gets no answer from the machine") from None
        except asyncssh.ChannelOpenError as error:
            raise RouteError(f"{place} cannot reach the machine: {error.reason}") from None
        except (asyncssh.Error, OSError) as error:
            raise RouteError(f"{place} hung up: {error}") from None
        return Link({"tunnel": link}, link.close)

    async def _log_in(self) -> asyncssh.SSHClientConnection:
        target, options = self._target, self._target.options
        place = f"the bastion {target.bastion_place}"
        try:
            stream = await open_socket(options.ssh_bastion_host, options.ssh_bastion_port)
        except TimeoutError:
            raise RouteError(f"{place} does not answer") from None
        except OSError as error:
            raise RouteError(f"{place} cannot be reached: {os_words(error)}") from None
        secrets = await asyncio.to_thread(target.bastion_secrets)
        async with identity(secrets) as mine:
            login = Login(mine, target.bastion_pin)
            arguments = login_arguments(login, mine)
            try:
                return await asyncssh.connect(
                    options.ssh_bastion_host, options.ssh_bastion_port, sock=stream,
                    keepalive_interval=options.silence / 3, agent_forwarding=False, **arguments,
                )  # fmt: skip
            except asyncssh.DisconnectError as error:
                refusal = login.refusal(error)
                raise (
                    LoginRefused(f"{place}: {refusal}")
                    if refusal
                    else RouteError(f"{place}: {error.reason}")
                ) from None
            except OSError as error:
                raise RouteError(f"{place}: {error}") from None

    async def close(self) -> None:
        """Leaves the bastion."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
            with suppress(TimeoutError):
                async with asyncio.timeout(TCP_LIMIT):
                    await connection.wait_closed()
