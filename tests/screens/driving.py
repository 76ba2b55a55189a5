"""The app under test, on a rack in another process."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from textual.pilot import Pilot
from textual.screen import Screen

from oxtui.oxide.client import OxideClient
from oxtui.oxide.credentials import Connection
from oxtui.oxide.token import Token
from oxtui.settings import load
from screens.app import OxtuiApp
from screens.browse.screen import BrowseScreen
from screens.connection import Demo, Link, Target
from screens.places import Place
from screens.services import Services
from tests.screens.racks import NOW

ScreenT = TypeVar("ScreenT", bound=Screen[Any])

PATIENCE = 60.0
"""Seconds until a test that waits has failed."""
TRUECOLOR = {"COLORTERM": "truecolor", "TERM": "xterm-256color"}


def services(
    folder: Path,
    host: str,
    token: str,
    *,
    settings: Mapping[str, str] | None = None,
    start: Target | None = Demo(),  # noqa: B008 - frozen
    environment: Mapping[str, str] | None = None,
    profile: str | None = None,
    insecure: bool = False,
) -> Services:
    """Services whose demo rack is the one at `host`, with a clock that stands still."""
    environ = {f"OXTUI_{name.upper()}_DIR": str(folder / name) for name in FOLDERS}
    flags = {"general.theme": "oxtui-dark", "general.clipboard": "osc52", **(settings or {})}

    @contextlib.asynccontextmanager
    async def open_(target: Target, tell: Callable[[str], None]) -> AsyncIterator[Link]:
        connection = Connection(host, Token(token), profile=profile, insecure=insecure)
        tell("starting the demo rack")
        async with OxideClient(connection) as client:
            user = await client.session.me()
            yield Link(target, connection, client, user, "overlay")

    return Services(
        settings=load(environ, flags),
        environment={**TRUECOLOR, "HOME": str(folder), **(environment or {})},
        oxide_config=folder / "oxide",
        open=open_,
        clock=NOW.timestamp,
        start=start,
    )


FOLDERS = ("config", "data", "state", "cache")


@contextlib.asynccontextmanager
async def running(
    given: Services,
    size: tuple[int, int] = (120, 40),
    template: Path | None = None,
    opens: Place | None = None,
) -> AsyncIterator[Pilot[int]]:
    """The app with these services, its first table read; `template` as `oxtui PATH` names one.

    `opens` is shown in place of the rack.
    """
    async with OxtuiApp(given, template, opens).run_test(size=size, notifications=True) as pilot:
        yield pilot


def app_of(pilot: Pilot[int]) -> OxtuiApp:
    """The app that a pilot drives."""
    assert isinstance(pilot.app, OxtuiApp)
    return pilot.app


def browse_of(pilot: Pilot[int]) -> BrowseScreen:
    """The Browse screen."""
    screen = app_of(pilot).place_screen("browse")
    assert isinstance(screen, BrowseScreen)
    return screen


async def until(pilot: Pilot[int], condition: Callable[[], object]) -> None:
    """Let the app work until something holds; a test that waits in vain fails."""
    async with asyncio.timeout(PATIENCE):
        while not condition():
            await pilot.pause()
    await pilot.pause()


async def in_front(pilot: Pilot[int], kind: type[ScreenT]) -> ScreenT:
    """Let the app work until a screen or dialog of that kind is in front; it."""
    await until(pilot, lambda: isinstance(pilot.app.screen, kind))
    screen = pilot.app.screen
    assert isinstance(screen, kind)
    return screen


async def loaded(pilot: Pilot[int]) -> None:
    """The present table and what it looks up are read."""

    def is_loaded() -> bool:
        catalog = browse_of(pilot).catalog
        if catalog is None:
            return False
        resource, row = browse_of(pilot).resource, browse_of(pilot).model.current
        freshness = catalog.freshness[resource.id]
        detailed = row is None or (resource.id, resource.key(row)) in catalog.sections
        seen = pilot.app.size.width >= 120 or browse_of(pilot).has_class("-details")
        return freshness.complete and not freshness.loading and (detailed or not seen)

    await until(pilot, is_loaded)


async def press(pilot: Pilot[int], *keys: str) -> None:
    """Press keys, then let the app come to rest."""
    await pilot.press(*keys)
    await pilot.pause()


def names(pilot: Pilot[int]) -> list[str]:
    """Names of the rows that are shown, in order."""
    model = browse_of(pilot).model
    return [str(model.at(index).name) for index in range(len(model.shown))]


def current(pilot: Pilot[int]) -> Any:
    """The row under the cursor."""
    row = browse_of(pilot).model.current
    assert row is not None
    return row


def toasts(pilot: Pilot[int]) -> list[str]:
    """What the operator was told and has not gone yet."""
    return [note.message for note in pilot.app._notifications]
