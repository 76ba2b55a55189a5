"""The app with its Export screen in front, over sessions in a journal of the test's own."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from textual import events
from textual.pilot import Pilot
from textual.screen import Screen

from oxtui.build.environment import journal_path
from oxtui.build.journal import Journal
from oxtui.build.session import SessionFolders, write_private
from oxtui.logs.redact import Redactor
from oxtui.oxide.credentials import Connection
from oxtui.oxide.token import Token
from screens import app
from screens.app import OxtuiApp
from screens.connection import Demo, Link
from screens.export.screen import ExportScreen
from screens.places import Place
from tests.export.sessions import Told
from tests.screens.driving import services, until


class ExportApp(OxtuiApp):
    """Begins with the Export screen, on the demo rack."""

    CSS_PATH = [str(Path(app.__file__).with_name("app.tcss"))]  # noqa: RUF012 - as Textual declares it

    def __init__(self, folder: Path) -> None:
        given = services(folder, "http://rack.example", "oxide-token-none")
        paths = replace(given.settings.paths, sessions=folder / "sessions")
        super().__init__(replace(given, settings=replace(given.settings, paths=paths)))
        self.copied: list[str] = []
        self.connector.state = Link(
            Demo(), Connection("http://rack.example", Token("oxide-token-none")),
            cast("Any", None), cast("Any", None), "overlay",
        )  # fmt: skip

    def get_default_screen(self) -> Screen[Any]:
        return Screen()

    async def on_mount(self, event: events.Mount) -> None:  # type: ignore[override]
        event.prevent_default()
        self.theme = "oxtui-dark"
        await self.go(Place("export", ("1",)))

    def copy(self, text: str, what: str) -> None:
        del what
        self.copied.append(text)


async def record(folder: Path, told: Told, text: str) -> None:
    """Writes a session into the journal, as its process would have."""
    async with Journal.open(journal_path(folder), Redactor()) as journal:
        number = await journal.begin_session(told.state.template, host="", simulated=True)
        for event in told.events:
            journal.append(number, event)
        await journal.flush()
    with SessionFolders(folder).claim(number) as there:
        write_private(there.template, text)


@contextlib.asynccontextmanager
async def staged(
    folder: Path, told: Told, text: str, size: tuple[int, int] = (120, 40)
) -> AsyncIterator[Pilot[int]]:
    """The app with the export of a session of that text."""
    (folder / "sessions").mkdir()
    await record(folder / "sessions", told, text)
    async with ExportApp(folder).run_test(size=size, notifications=True) as pilot:
        await until(
            pilot, lambda: screen_of(pilot).exported or "made" not in screen_of(pilot).waiting
        )
        yield pilot


def screen_of(pilot: Pilot[int]) -> ExportScreen:
    """The Export screen."""
    screen = cast("ExportApp", pilot.app).place_screen("export")
    assert isinstance(screen, ExportScreen)
    return screen
