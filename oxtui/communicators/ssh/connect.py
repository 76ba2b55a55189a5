"""Waiting for a guest's SSH server and logging in.

A try every 0.5 s, each bounded by 3 s until the server is reached, tries overlap: a guest that drops packets
while it boots costs no waiting beyond its boot. Logins come one after another; one that stalls holds the next
one up for 5 s alone. A refused login is tried again with more patience, because a guest may get its keys late;
Packer's ten attempts lie about 7 s apart, and giving up follows that pace.
"""

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import Callable

import asyncssh

from oxtui.communicators.ssh.login import Identity, Login, LoginRefused, identity, login_arguments
from oxtui.communicators.ssh.routes import Link, Route, RouteError
from oxtui.communicators.ssh.target import Target
from oxtui.component.concurrency import first_error
from oxtui.component.errors import ConnectError
from oxtui.service.words import os_words

TRY_EVERY = 0.5
STALLED = 5.0
REFUSED_EVERY = 2.0
PACKER_ATTEMPT = 7.0

OnAttempt = Callable[[str], None]


async def connect(
    target: Target, route: Route, on_attempt: OnAttempt
) -> asyncssh.SSHClientConnection:
    """Logs in as soon as the guest lets us.

    `on_attempt` hears each new reason for a failed try (not each repetition of the same one).

    Raises:
        ConnectError: the time ran out, logins were refused too often, a key cannot be used, or the host
            key is not the one that it should be.
    """
    seconds, _ = target.patience
    last = ""

    def attempt(reason: str) -> None:
        nonlocal last
        last = reason
        on_attempt(reason)

    try:
        secrets = await asyncio.to_thread(target.secrets)
        async with asyncio.timeout(seconds or None), identity(secrets) as mine:
            return await _Attempts(target, route, mine, attempt).run()
    except TimeoutError:
        raise ConnectError(
            f"no SSH to {target.place} within {seconds:.0f} s; the last try said: {last or 'nothing'}. "
            f"Look at {target.look_at}, or raise ssh_timeout."
        ) from None
    except ValueError as error:
        raise ConnectError(str(error)) from None


class _Attempts:
    """Overlapping tries; the first login wins and the others are given up."""

    def __init__(
        self, target: Target, route: Route, identity: Identity, on_attempt: OnAttempt
    ) -> None:
        self.target = target
        self.route = route
        self.identity = identity
        self.on_attempt = on_attempt
        self.last = ""
        self.first_refusal: float | None = None
        self.reaching = 0
        self.busy_until = 0.0
        """Before this time of the loop's clock no other login begins."""
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

    @property
    def _now(self) -> float:
        return asyncio.get_running_loop().time()

    async def _launch(self, group: asyncio.TaskGroup) -> None:
        while True:
            if self._now >= self.busy_until and self.reaching < self.route.at_once:
                group.create_task(self._try())
            await asyncio.sleep(TRY_EVERY)

    async def _try(self) -> None:
        try:
            self.reaching += 1
            try:
                link = await self.route.reach()
            finally:
                self.reaching -= 1
            if self._now < self.busy_until:
                link.close()
                return
            await self._log_in(link)
        except LoginRefused as error:
            self._count_refusal(error)
        except (OSError, asyncssh.Error, RouteError) as error:
            self._check_host_keys()
            self._tell(error)

    async def _log_in(self, link: Link) -> None:
        loop = asyncio.get_running_loop()
        login = Login(self.identity, self.target.pin)
        self.busy_until = self._now + STALLED
        stalled = loop.call_later(STALLED, lambda: self._tell(RouteError(login.phase)))
        try:
            connection = await asyncssh.connect(
                self.target.host,
                self.target.options.ssh_port,
                **link.arguments,
                **login_arguments(login, self.identity),
                **self.target.connection_arguments(),
            )
        except BaseException as error:
            self.busy_until = 0.0
            refusal = login.refusal(error) if isinstance(error, asyncssh.DisconnectError) else None
            raise refusal or error from None
        finally:
            stalled.cancel()
        if self.won.done():
            connection.abort()
        else:
            self.won.set_result(connection)

    def _check_host_keys(self) -> None:
        target = self.target
        for pin, place in (
            (target.pin, target.place),
            (target.bastion_pin, f"the bastion {target.bastion_place}"),
        ):
            if problem := pin.problem(place):
                raise ConnectError(problem)

    def _count_refusal(self, error: LoginRefused) -> None:
        self._tell(error)
        # Refused logins come at a pace that no guest's guard minds.
        self.busy_until = self._now + REFUSED_EVERY
        if self.first_refusal is None:
            self.first_refusal = self._now
        _, allowed = self.target.patience
        if allowed and self._now - self.first_refusal >= (allowed - 1) * PACKER_ATTEMPT:
            raise ConnectError(
                f"{self.target.place} refuses the login: {error}. "
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
            return "no answer: the guest has no network yet, or a firewall drops the port"
        case LoginRefused():
            return f"login refused: {error}"
        case RouteError():
            return str(error)
        case socket.gaierror():
            return f"the name cannot be resolved: {error.strerror}"
        case asyncssh.HostKeyNotVerifiable():
            return "the host key is not the one seen before"
        case asyncssh.ConnectionLost() if "timeout" in str(error):
            return "the handshake took longer than a minute"
        case asyncssh.ConnectionLost() | ConnectionResetError():
            return "the guest closed the connection during the handshake"
        case OSError(errno=errno.ENETUNREACH):
            return "this machine has no route to the address; one of IPv6 needs IPv6 here too"
        case OSError():
            return os_words(error)
    return str(error) or type(error).__name__


def why_lost(connection: asyncssh.SSHClientConnection, silence: float) -> str:
    """Why a connection ended, as far as is known; `silence` in seconds is what was borne of it."""
    told = str(connection.get_extra_info("lost") or "")
    if "keepalive" in told:
        return f"the guest has stopped answering: not a sign of it for {silence:g} s"
    return ""
