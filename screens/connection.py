"""The rack or account that the screens work with: chosen, being connected, connected, or failed and why."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeAlias

from screens.failures import sentence

if TYPE_CHECKING:
    from oxtui.demo import DemoRack
    from oxtui.outscale.connection import Connection as OutscaleConnection
    from oxtui.oxide.client import OxideClient
    from oxtui.oxide.credentials import Connection
    from oxtui.settings import Paths


@dataclass(frozen=True, slots=True)
class Demo:
    """The demo rack: simulated, on this machine."""

    name: str = "demo rack"

    def label(self, link: Link) -> str:
        """What the top line says of it."""
        return f"{self.name} (simulated, {link.isolation})"

    def built_on(self, _link: Link, _found: Any) -> str:
        """What is said of builds that go there."""
        return "the demo rack (simulated)"


@dataclass(frozen=True, slots=True)
class Rack:
    """A real rack, as the credentials name it."""

    connection: Connection

    @property
    def name(self) -> str:
        """The profile, or the host where there is none."""
        return self.connection.profile or self.connection.host.partition("://")[2]

    def label(self, link: Link) -> str:
        """What the top line says of it."""
        return f"{self.name} · silo {link.user.silo_name}"

    def built_on(self, link: Link, found: Any) -> str:
        """What is said of builds that go there by a connection of their own."""
        host = found.host.partition("://")[2] or found.host
        silo = f", silo {link.user.silo_name}" if link.user else ""
        whence = (
            "connected" if found.token == link.connection.token else f"from {found.source['host']}"
        )
        return f"{host}{silo} ({whence})"


@dataclass(frozen=True, slots=True)
class Account:
    """An account in a region of Outscale, as the credentials name it."""

    connection: OutscaleConnection

    @property
    def name(self) -> str:
        """The profile that has its keys, else where they are from."""
        source = self.connection.source.get("access_key", "")
        return self.connection.profile if source.startswith("profile ") else "environment"

    def label(self, link: Link) -> str:
        """What the top line says of it."""
        return f"{self.name} · Outscale {self.connection.region} · account {link.owner}"

    def built_on(self, link: Link, _found: Any) -> str:
        """What is said of builds that go there."""
        return self.label(link)


Target: TypeAlias = Demo | Rack | Account


@dataclass(frozen=True, slots=True)
class Link:
    """An open connection."""

    target: Target
    connection: Any
    """Of the provider's own kind, as client and user are."""
    client: Any
    user: Any
    isolation: str = ""
    """Of the demo rack's instances; empty for a real rack."""
    ssh_port: int | None = None
    """Where the demo rack's instances answer; None for a real rack."""
    demo: DemoRack | None = None
    """The demo rack as it runs; None for a real rack."""

    @property
    def owner(self) -> str:
        """Id of the account whose things these are; empty on a rack, which shows nothing of others."""
        return getattr(self.user, "account_id", "")


@dataclass(frozen=True, slots=True)
class NoRack:
    """None is chosen yet; `reason` tells why none could be chosen by itself."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class Connecting:
    """On the way; `doing` is shown to the operator."""

    target: Target
    doing: str


@dataclass(frozen=True, slots=True)
class Failed:
    """It could not be connected."""

    target: Target
    error: str


State: TypeAlias = NoRack | Connecting | Link | Failed
Open = Callable[[Target, Callable[[str], None]], AbstractAsyncContextManager[Link]]
"""Opens a target as long as its context lasts, and tells what it is doing meanwhile."""


class Connector:
    """Holds one connection open, in a task of its own, until another is chosen or the app ends."""

    def __init__(self, open_: Open, changed: Callable[[State], None]) -> None:
        self.state: State = NoRack()
        self._open = open_
        self._changed = changed
        self._task: asyncio.Task[None] | None = None
        self._turn = asyncio.Lock()

    @property
    def link(self) -> Link | None:
        """The connection, if it is open."""
        return self.state if isinstance(self.state, Link) else None

    def link_to(self, provider: str) -> Link | None:
        """The connection, if it is open and of that provider."""
        link = self.link
        return link if link is not None and link.connection.provider == provider else None

    async def connect(self, target: Target) -> None:
        """Leave the present rack and start to connect to another; returns before that is done."""
        async with self._turn:
            await self._end()
            self._become(Connecting(target, "connecting"))
            self._task = asyncio.create_task(self._hold(target), name="connection")

    async def close(self) -> None:
        """Leave the rack; a demo rack is ended."""
        async with self._turn:
            await self._end()

    async def _hold(self, target: Target) -> None:
        def tell(doing: str) -> None:
            self._become(Connecting(target, doing))

        try:
            async with self._open(target, tell) as link:
                self._become(link)
                await asyncio.Event().wait()  # until it is cancelled
        except Exception as error:
            self._become(Failed(target, sentence(error)))

    async def _end(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
            self._task = None

    def _become(self, state: State) -> None:
        self.state = state
        self._changed(state)


def opener(paths: Paths) -> Open:
    """Opens racks and accounts, and the demo rack with its state in the data folder."""

    @asynccontextmanager
    async def open_(target: Target, tell: Callable[[str], None]) -> AsyncIterator[Link]:
        match target:
            case Account():
                opening = _account(target, tell)
            case Rack():
                opening = _rack(target, tell)
            case Demo():
                opening = _demo(target, tell, paths)
        async with opening as link:
            yield link

    return open_


async def _imported(client: str) -> None:
    """httpx and pydantic take a third of a second to import, during which the screen must answer."""
    await asyncio.to_thread(import_module, client)


@asynccontextmanager
async def _account(target: Account, tell: Callable[[str], None]) -> AsyncIterator[Link]:
    await _imported("oxtui.outscale.client")
    from oxtui.outscale.client import OutscaleClient

    tell(f"connecting to {target.connection.host}")
    async with OutscaleClient(target.connection) as client:
        yield Link(target, target.connection, client, await client.account())


@asynccontextmanager
async def _rack(target: Rack, tell: Callable[[str], None]) -> AsyncIterator[Link]:
    await _imported("oxtui.oxide.client")
    tell(f"connecting to {target.connection.host}")
    async with _client(target.connection) as client:
        yield Link(target, target.connection, client, await client.session.me())


@asynccontextmanager
async def _demo(target: Demo, tell: Callable[[str], None], paths: Paths) -> AsyncIterator[Link]:
    await _imported("oxtui.oxide.client")
    from oxtui.demo import demo_rack

    tell("starting the demo rack")
    async with demo_rack(paths) as rack, _client(rack.connection) as client:
        user = await client.session.me()
        yield Link(target, rack.connection, client, user, rack.isolation, rack.ssh_port, rack)


def _client(connection: Connection) -> OxideClient:
    from oxtui.oxide.client import OxideClient

    return OxideClient(connection)
