"""Waiting for a guest's SSH server and logging in.

A try every 0.5 s, each TCP try bounded by 3 s, tries overlap: a guest that drops packets while it boots
costs no waiting beyond its boot. A refused login is tried again with more patience, because a guest may
get its keys late; Packer's ten attempts lie about 7 s apart, and giving up follows that pace.
"""

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncssh

from oxtui.communicators.ssh.ciphers import CIPHERS
from oxtui.communicators.ssh.options import SshOptions
from oxtui.component.concurrency import first_error
from oxtui.component.errors import ConnectError

TRY_EVERY = 0.5
TCP_LIMIT = 3.0
LOGIN_LIMIT = 60.0
REFUSED_EVERY = 2.0
PACKER_ATTEMPT = 7.0


class _LoginRefused(Exception):
    pass


@dataclass(slots=True)
class HostKeyPin(asyncssh.SSHClient):
    """Takes the first host key of a guest and no other after it."""

    pinned: str = ""
    mismatch: str = ""

    def validate_host_public_key(
        self, host: str, addr: str, port: int, key: asyncssh.SSHKey
    ) -> bool:
        """Called by asyncssh during the handshake."""
        fingerprint = key.get_fingerprint()
        if not self.pinned:
            self.pinned = fingerprint
        if fingerprint != self.pinned:
            self.mismatch = fingerprint
        return fingerprint == self.pinned


@dataclass(slots=True)
class Target:
    """Where to log in, and with what."""

    host: str
    options: SshOptions
    private_key: str = field(default="", repr=False)
    look_at: str = "the serial console"
    """Where an operator finds out why the login fails."""
    pin: HostKeyPin = field(default_factory=HostKeyPin)

    @property
    def place(self) -> str:
        """`user@host port N`, for messages."""
        return f"{self.options.ssh_username}@{self.host} port {self.options.ssh_port}"

    def arguments(self) -> dict[str, Any]:
        """What asyncssh is given beside the socket."""
        options = self.options
        keys: list[Any] = []
        if self.private_key:
            keys.append(asyncssh.import_private_key(self.private_key))
        if options.ssh_private_key_file:
            keys.append(str(Path(options.ssh_private_key_file).expanduser()))
        certificate = options.ssh_certificate_file
        return {
            "client_factory": lambda: self.pin,
            "known_hosts": lambda _host, _addr, _port: ([], [], [], [], [], [], []),
            "server_host_key_algs": "default",
            "config": None,
            "encryption_algs": CIPHERS,
            "username": options.ssh_username,
            "password": options.ssh_password or None,
            "client_keys": keys or None,
            "client_certs": [str(Path(certificate).expanduser())] if certificate else (),
            "agent_path": () if options.ssh_agent_auth else None,
            "agent_forwarding": False,
            "keepalive_interval": max(options.ssh_keep_alive_interval, 0),
            "keepalive_count_max": 3,
            "login_timeout": LOGIN_LIMIT,
        }


async def connect(
    target: Target, on_attempt: Callable[[str], None]
) -> asyncssh.SSHClientConnection:
    """Logs in as soon as the guest lets us.

    `on_attempt` hears each new reason for a failed try (not each repetition of the same one).

    Raises:
        ConnectError: `ssh_timeout` ran out, logins were refused too often, or the host key changed.
    """
    arguments = await asyncio.to_thread(target.arguments)
    watch = _Attempts(target, arguments, on_attempt)
    try:
        async with asyncio.timeout(target.options.ssh_timeout or None):
            return await watch.run()
    except TimeoutError:
        raise ConnectError(
            f"no SSH to {target.place} within {target.options.ssh_timeout:.0f} s; "
            f"the last try said: {watch.last or 'nothing'}. "
            f"Look at {target.look_at}, or raise ssh_timeout."
        ) from None


class _Attempts:
    """Overlapping tries; the first login wins and the others are given up."""

    def __init__(
        self, target: Target, arguments: dict[str, Any], on_attempt: Callable[[str], None]
    ) -> None:
        self.target = target
        self.arguments = arguments
        self.on_attempt = on_attempt
        self.last = ""
        self.first_refusal: float | None = None
        self.logging_in = asyncio.Lock()
        self.won: asyncio.Future[asyncssh.SSHClientConnection]

    async def run(self) -> asyncssh.SSHClientConnection:
        self.won = asyncio.get_running_loop().create_future()
        try:
            with first_error():
                async with asyncio.TaskGroup() as group:
                    group.create_task(self._launch(group))
                    await self.won
                    raise _Won
        except _Won:
            return self.won.result()
        except BaseException:
            if self.won.done() and not self.won.cancelled():
                self.won.result().abort()
            raise

    async def _launch(self, group: asyncio.TaskGroup) -> None:
        while True:
            if not self.logging_in.locked():
                group.create_task(self._try())
            await asyncio.sleep(TRY_EVERY)

    async def _try(self) -> None:
        try:
            stream = await self._reach()
            if self.logging_in.locked():
                stream.close()
                return
            async with self.logging_in:
                await self._log_in(stream)
        except (OSError, asyncssh.Error, _LoginRefused) as error:
            self._tell(error)
            if self.target.pin.mismatch:
                raise ConnectError(
                    f"{self.target.place} shows another host key than before "
                    f"({self.target.pin.mismatch}, not {self.target.pin.pinned}); "
                    "something else answers at this address. Check the instance before going on."
                ) from None
            if isinstance(error, _LoginRefused):
                self._count_refusal(error)

    async def _reach(self) -> socket.socket:
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(TCP_LIMIT):
            infos = await loop.getaddrinfo(
                self.target.host, self.target.options.ssh_port, type=socket.SOCK_STREAM
            )
            family, kind, protocol, _, address = infos[0]
            stream = socket.socket(family, kind, protocol)
            stream.setblocking(False)
            try:
                await loop.sock_connect(stream, address)
            except BaseException:
                stream.close()
                raise
        return stream

    async def _log_in(self, stream: socket.socket) -> None:
        try:
            connection = await asyncssh.connect(self.target.host, sock=stream, **self.arguments)
        except asyncssh.PermissionDenied as error:
            self._tell(_LoginRefused(error.reason))
            # The lock is held, so that refused logins come at a pace that no guest's guard minds.
            await asyncio.sleep(REFUSED_EVERY)
            raise _LoginRefused(error.reason) from None
        self.won.set_result(connection)

    def _count_refusal(self, error: _LoginRefused) -> None:
        now = asyncio.get_running_loop().time()
        if self.first_refusal is None:
            self.first_refusal = now
        allowed = self.target.options.ssh_handshake_attempts
        if allowed and now - self.first_refusal >= (allowed - 1) * PACKER_ATTEMPT:
            raise ConnectError(
                f"{self.target.place} refuses the login ({error}). "
                f"Check ssh_username and the key; {self.target.look_at} tells more."
            )

    def _tell(self, error: Exception) -> None:
        reason = explain(error)
        if reason != self.last:
            self.last = reason
            self.on_attempt(reason)


class _Won(Exception):
    pass


def explain(error: Exception) -> str:
    """Why a try failed, in a few words."""
    match error:
        case ConnectionRefusedError():
            return "connection refused: the SSH server does not listen yet"
        case TimeoutError():
            return "no answer: the guest has no network yet, or a firewall drops port 22"
        case _LoginRefused():
            return f"login refused: {error}"
        case socket.gaierror():
            return f"the name cannot be resolved: {error.strerror}"
        case asyncssh.HostKeyNotVerifiable():
            return "the host key is not the one seen before"
        case asyncssh.ConnectionLost() | ConnectionResetError():
            return "the guest closed the connection during the handshake"
        case OSError(errno=errno.ENETUNREACH):
            return "this machine has no route to the address; one of IPv6 needs IPv6 here too"
        case OSError():
            return error.strerror or str(error)
    return str(error) or type(error).__name__
