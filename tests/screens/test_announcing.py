"""A build that stops and waits is told of where its operator looks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.app import App

from screens.announcing import Announcer
from tests.screens.build import scenes
from tests.screens.build.sessions import AT_BREAKPOINT, ScriptedSession


@pytest.fixture
def session(tmp_path: Path) -> Iterator[ScriptedSession]:
    scripted = ScriptedSession(tmp_path)
    scenes.prepared(scripted)
    yield scripted
    scripted.close()


class Listening(Announcer):
    def __init__(self, app: App[Any]) -> None:
        super().__init__(app)
        self.written: list[str] = []

    def write(self, text: str) -> None:
        self.written.append(text)


async def test_title_bell_notification_and_toast_come_once(session: ScriptedSession) -> None:
    app = App[None]()
    async with app.run_test() as pilot:
        announcer = Listening(app)
        app.app_focus = False
        announcer.look(session.state.builds.values())
        assert announcer.written == []
        session.pause("provision-4", "breakpoint", AT_BREAKPOINT)
        announcer.look(session.state.builds.values())
        announcer.look(session.state.builds.values())
        assert announcer.written == [
            "\x1b[22;2t\x1b]2;⏸ web-01 — oxtui\x07",
            "\x07\x1b]9;Build web-01 stands at a breakpoint.\x07",
        ]
        await pilot.pause()
        assert [note.message for note in app._notifications] == [
            "Build web-01 stands at a breakpoint."
        ]
        session.resume("provision-4", "resume")
        announcer.look(session.state.builds.values())
        assert announcer.written[2:] == ["\x1b[23;2t"]


async def test_who_watches_gets_no_bell_and_no_toast(session: ScriptedSession) -> None:
    app = App[None]()
    async with app.run_test() as pilot:
        announcer = Listening(app)
        session.pause("provision-4", "breakpoint", AT_BREAKPOINT)
        announcer.look(session.state.builds.values(), "web-01")
        assert announcer.written == ["\x1b[22;2t\x1b]2;⏸ web-01 — oxtui\x07"]
        await pilot.pause()
        assert not list(app._notifications)


async def test_a_name_cannot_speak_to_the_terminal(tmp_path: Path) -> None:
    app = App[None]()
    evil = ScriptedSession(tmp_path, build="a\x07\x1b]52;c;aGk=\x07b")
    evil.begin()
    evil.pause("instance", "breakpoint", AT_BREAKPOINT)
    async with app.run_test():
        announcer = Listening(app)
        announcer.look(evil.state.builds.values())
        assert announcer.written == ["\x1b[22;2t\x1b]2;⏸ ab — oxtui\x07"]
