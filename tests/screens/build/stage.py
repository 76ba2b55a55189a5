"""The app with its Build screen in front, following a scripted session."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from textual import events
from textual.pilot import Pilot
from textual.screen import Screen

from oxtui.component.protocols import ExitStatus
from oxtui.oxide.credentials import Connection
from oxtui.oxide.token import Token
from screens import app
from screens.app import OxtuiApp
from screens.build.screen import BuildScreen
from screens.build.source import Desk
from screens.connection import Demo, Link
from tests.screens.build.sessions import ScriptedSession
from tests.screens.driving import services


class BuildApp(OxtuiApp):
    """Begins with the Build screen, on the demo rack."""

    CSS_PATH = [Path(app.__file__).parent / name for name in OxtuiApp.CSS_PATH]  # noqa: RUF012 - Textual's

    def __init__(self, folder: Path, session: ScriptedSession, desk: Desk) -> None:
        given = services(folder, "http://rack.example", "oxide-token-none")
        super().__init__(replace(given, clock=lambda: session.now))
        self.build_screen = BuildScreen()
        self.build_screen.attach(session, desk)
        self.copied: list[str] = []
        link = Link(
            Demo(), Connection("http://rack.example", Token("oxide-token-none")),
            cast("Any", None), cast("Any", None), "overlay",
        )  # fmt: skip
        self.connector.state = link

    def get_default_screen(self) -> Screen[Any]:
        return Screen()

    async def on_mount(self, event: events.Mount) -> None:  # type: ignore[override]
        event.prevent_default()
        self.theme = "oxtui-dark"
        await self.push_screen(self.build_screen)

    def copy(self, text: str, what: str) -> None:
        del what
        self.copied.append(text)


@contextlib.asynccontextmanager
async def staged(
    folder: Path,
    scene: Callable[[ScriptedSession], None],
    size: tuple[int, int] = (120, 40),
    desk: Desk | None = None,
) -> AsyncIterator[tuple[Pilot[int], ScriptedSession]]:
    """The app with a session that stands as `scene` says."""
    session = ScriptedSession(folder / "spools")
    scene(session)
    stage = BuildApp(folder, session, desk or Desk(shell=lambda _build: None))
    try:
        async with stage.run_test(size=size) as pilot:
            await stage.workers.wait_for_complete()
            await pilot.pause()
            yield pilot, session
    finally:
        session.close()


def screen_of(pilot: Pilot[int]) -> BuildScreen:
    """The Build screen."""
    assert isinstance(pilot.app, BuildApp)
    return pilot.app.build_screen


async def redrawn(pilot: Pilot[int]) -> BuildScreen:
    """The Build screen, drawn as its session stands now."""
    screen = screen_of(pilot)
    screen.redraw()
    await pilot.pause()
    return screen


class QuietGuest:
    """A shell in a guest that never says more than its first words."""

    def __init__(self, words: bytes = b"ubuntu@web-01:~$ ") -> None:
        self.typed = b""
        self.size = (0, 0)
        self._words = [words] if words else []
        self._over = asyncio.Event()

    async def read(self) -> bytes:
        if self._words:
            return self._words.pop()
        await self._over.wait()
        return b""

    def write(self, data: bytes) -> None:
        self.typed += data

    def resize(self, columns: int, rows: int) -> None:
        self.size = (columns, rows)

    async def close(self) -> ExitStatus:
        return ExitStatus(0)
