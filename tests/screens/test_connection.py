"""One rack at a time, held open until another is chosen."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any

from oxtui.demo import DemoError
from oxtui.oxide.credentials import Connection
from oxtui.oxide.token import Token
from oxtui.settings import load
from screens.connection import Connecting, Connector, Demo, Failed, Link, Rack, State, Target
from screens.rack_label import rack_marks, rack_name, read_only_reason

WEB = Connection("https://web.example", Token("oxide-token-1"), profile="web", insecure=True)


class _User:
    silo_name = "shop"


def _link(target: Target, isolation: str = "") -> Link:
    connection = target.connection if isinstance(target, Rack) else WEB
    anything: Any = None
    user: Any = _User()
    return Link(target, connection, anything, user, isolation)


class _Racks:
    """Opens links and keeps account of those that are open."""

    def __init__(self) -> None:
        self.open: list[Target] = []
        self.log: list[str] = []
        self.states: list[State] = []
        self.connector = Connector(self._opened, self._changed)
        self._reached = asyncio.Event()

    @contextlib.asynccontextmanager
    async def _opened(self, target: Target, tell: Callable[[str], None]) -> AsyncIterator[Link]:
        tell("trying")
        if isinstance(target, Demo) and target.name == "broken":
            raise DemoError("It is broken.")
        self.log.append(f"open {target.name}")
        try:
            yield _link(target)
        finally:
            self.log.append(f"close {target.name}")

    def _changed(self, state: State) -> None:
        self.states.append(state)
        self._reached.set()

    async def until(self, kind: type[Link] | type[Failed]) -> None:
        async with asyncio.timeout(60):
            while not isinstance(self.connector.state, kind):
                self._reached.clear()
                await self._reached.wait()


async def test_the_way_to_a_rack_is_told_step_by_step() -> None:
    racks = _Racks()
    await racks.connector.connect(Demo())
    await racks.until(Link)
    assert racks.states[:2] == [Connecting(Demo(), "connecting"), Connecting(Demo(), "trying")]
    assert racks.connector.link is not None
    await racks.connector.close()


async def test_the_present_rack_is_closed_before_another_is_opened() -> None:
    racks = _Racks()
    await racks.connector.connect(Demo())
    await racks.until(Link)
    await racks.connector.connect(Rack(WEB))
    await racks.until(Link)
    await racks.connector.close()
    assert racks.log == ["open demo rack", "close demo rack", "open web", "close web"]


async def test_a_rack_that_cannot_be_opened_is_told_with_its_reason() -> None:
    racks = _Racks()
    await racks.connector.connect(Demo("broken"))
    await racks.until(Failed)
    assert racks.connector.state == Failed(Demo("broken"), "It is broken.")
    await racks.connector.connect(Demo())
    await racks.until(Link)
    await racks.connector.close()


def test_the_label_names_profile_and_silo_and_what_is_dangerous() -> None:
    link = _link(Rack(WEB))
    settings = load({}, {"profiles.web.production": "true", "profiles.web.read_only": "true"})
    assert rack_name(link) == "web · silo shop"
    assert rack_marks(link, settings) == (("production", "insecure TLS"), ("read-only",))
    assert "--set profiles.web.read_only" in read_only_reason(link, settings)
    assert read_only_reason(link, load({}, {})) == ""
    assert rack_name(_link(Demo(), "overlay")) == "demo rack (simulated, overlay)"
    assert rack_name(Connecting(Demo(), "starting")) == "demo rack: starting…"
