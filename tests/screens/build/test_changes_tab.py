"""The tab of what a build changed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from oxtui.build.changes.compare import Changes
from oxtui.build.state import SessionState
from oxtui.component.events import ChangesCollected
from screens.build.changes import ChangesTab
from screens.build.source import Desk
from tests.rack_process import rack
from tests.screens.build import scenes
from tests.screens.build.sessions import ScriptedSession
from tests.screens.build.stage import redrawn, screen_of, staged
from tests.screens.driving import press, until
from tests.screens.live import build, build_screen, ended, live_app, start
from tests.sessions import shell, template


def text(tab: ChangesTab) -> list[str]:
    return str(tab.query_one("Static").render()).split("\n")


async def test_it_is_read_once_for_each_look_at_the_guest(tmp_path: Path) -> None:
    read: list[str] = []

    async def changes(state: SessionState, build: str) -> Changes | None:
        read.append(f"{state.session} {build}")
        return scenes.CHANGES

    async with staged(tmp_path, scenes.finished, desk=Desk(changes=changes)) as (pilot, session):
        tab = screen_of(pilot).query_one(ChangesTab)
        await pilot.press("7")
        await until(pilot, lambda: "Packages  2 added, 1 removed, 1 changed" in text(tab))
        shown = text(tab)
        assert shown[0].startswith("Changed in the image: 4 packages, 1 user, 2 groups, 2 services")
        assert ["+", "deploy", "gid", "1001"] in [line.split() for line in shown]
        assert shown[-1] == f"! {scenes.CHANGES.reasons[0]}"
        await pilot.press("1", "7")
        await redrawn(pilot)
        assert read == ["41 web-01"]
        session.look(replace(scenes.CHANGES, sections={}, reasons=()))
        await redrawn(pilot)
        await until(pilot, lambda: len(read) == 2)
        assert pilot.app.focused is tab


async def test_without_a_look_there_is_no_tab_and_without_details_the_numbers_stay(
    tmp_path: Path,
) -> None:
    async with staged(tmp_path, scenes.running) as (pilot, session):
        await pilot.press("7")
        assert screen_of(pilot).at.tab == "steps"
        session.look(scenes.CHANGES)
        await redrawn(pilot)
        await pilot.press("7")
        await redrawn(pilot)
        shown = text(screen_of(pilot).query_one(ChangesTab))
        assert shown[0].startswith("Changed in the image: 4 packages")
        assert shown[2:] == ["What it was in detail is not in this session's folder."]


async def test_why_it_is_not_known_is_told(tmp_path: Path) -> None:
    def gone(session: ScriptedSession) -> None:
        scenes.prepared(session)
        session.tell(
            ChangesCollected(
                time=session.now, build=session.build, moment="after", seconds=1, reason="[b]It[/b]"
            )
        )

    async with staged(tmp_path, gone, desk=Desk(changes=scenes.changes)) as (pilot, _):
        await pilot.press("7")
        await redrawn(pilot)
        (line,) = text(screen_of(pilot).query_one(ChangesTab))
        assert line.startswith("Changed in the image: not known: [b]It[/b]")


@pytest.mark.slow
async def test_a_build_on_the_screens_tells_what_it_changed(tmp_path: Path) -> None:
    flags = {"build.changes": "auto"}
    async with rack() as there, live_app(tmp_path, there, flags=flags) as pilot:
        await start(
            pilot, template(shell("sudo useradd -m deploy"), source="skip_create_image = true")
        )
        await ended(pilot)
        assert build(pilot).changes is not None
        await press(pilot, "7")
        tab = build_screen(pilot).query_one(ChangesTab)
        await until(pilot, lambda: any(line.startswith("+ deploy") for line in text(tab)))
