"""The Build screen in its main states, small and large."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest

from screens.build.source import Desk
from screens.building import Building
from screens.builds import Job, Running
from screens.editing.dialog import EditDialog
from screens.shell.session import ShellSession
from tests.screens.build import scenes
from tests.screens.build.sessions import ScriptedSession
from tests.screens.build.stage import QuietGuest, redrawn, screen_of, staged
from tests.screens.conftest import TakePicture
from tests.screens.driving import until

SIZES = [(80, 24), (120, 40)]


@pytest.fixture(autouse=True)
def _utc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()


async def _edit(_build: str, _step: str) -> None:
    return None


DESK = Desk(shell=lambda _build: None, edit=_edit, recall=scenes.recall, changes=scenes.changes)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize(
    "scene",
    [
        scenes.starting,
        scenes.connecting,
        scenes.no_network,
        scenes.running,
        scenes.failed,
        scenes.at_breakpoint,
        scenes.finished,
        scenes.post_processing,
    ],
    ids=lambda scene: scene.__name__,
)
async def test_states(
    tmp_path: Path,
    picture: TakePicture,
    scene: Callable[[ScriptedSession], None],
    size: tuple[int, int],
) -> None:
    async with staged(tmp_path, scene, size, DESK) as (pilot, _):
        await redrawn(pilot)
        await picture(pilot, "build")


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_tabs(tmp_path: Path, picture: TakePicture, size: tuple[int, int]) -> None:
    async with staged(tmp_path, scenes.finished, size, DESK) as (pilot, _):
        for tab in ("serial", "timeline", "resources", "calls", "changes"):
            screen_of(pilot).open_tab(tab)
            await redrawn(pilot)
            await picture(pilot, tab)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_timeline(tmp_path: Path, picture: TakePicture, size: tuple[int, int]) -> None:
    async with staged(tmp_path, scenes.slow, size, DESK) as (pilot, _):
        await pilot.press("3")
        await redrawn(pilot)
        await picture(pilot, "earlier")


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_shell(tmp_path: Path, picture: TakePicture, size: tuple[int, int]) -> None:
    async with staged(tmp_path, scenes.at_breakpoint, size, DESK) as (pilot, _):
        pane = screen_of(pilot).shell
        session = ShellSession(QuietGuest(b""), "ubuntu@172.30.0.4", 80, 24)
        pane.open(session)
        # The pane has its size before the guest speaks, so that its rows stand where they stay.
        await until(pilot, lambda: screen_of(pilot).has_class("-shell"))
        await until(pilot, lambda: session.emulator.rows == pane.terminal.size.height)
        session.emulator.feed(scenes.SCREENFUL)
        pane.terminal.refresh()
        await redrawn(pilot)
        await picture(pilot, "pane")
        await pilot.press("ctrl+right_square_bracket")
        await picture(pilot, "prefix")


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_log(tmp_path: Path, picture: TakePicture, size: tuple[int, int]) -> None:
    async with staged(tmp_path, scenes.failed, size, DESK) as (pilot, _):
        screen = screen_of(pilot)
        await pilot.press("t", "z", "slash", *"packages")
        await until(pilot, lambda: screen.log_pane.searching)
        await pilot.press("enter")
        await pilot.app.workers.wait_for_complete()
        await redrawn(pilot)
        await picture(pilot, "search")
        await pilot.press("escape", "ampersand", *"get", "enter")
        await until(pilot, lambda: screen.log_pane.view.model.window.count == 24)
        await pilot.app.workers.wait_for_complete()
        await redrawn(pilot)
        await picture(pilot, "filter")
        await pilot.press("escape", "ctrl+s")
        await pilot.pause()
        await picture(pilot, "save")


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_editor(tmp_path: Path, picture: TakePicture, size: tuple[int, int]) -> None:
    async with staged(tmp_path, scenes.failed, size, DESK) as (pilot, _):
        await pilot.app.push_screen(
            EditDialog(
                "Edit and run again: setup.sh", scenes.SCRIPT, language="shell",
                help="Change its commands; only this step runs again. The template's file stays as it is.",
            )
        )  # fmt: skip
        await pilot.pause()
        await picture(pilot, "editor")


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_leaving(tmp_path: Path, picture: TakePicture, size: tuple[int, int]) -> None:
    async with staged(tmp_path, scenes.running, size, DESK) as (pilot, session):
        ended = asyncio.get_running_loop().create_future()
        app = cast("Building", pilot.app)
        app.builds.all.append(Running(Job("web.pkr.hcl", ""), cast("Any", session), ended))
        app.leave(0)
        await pilot.pause()
        await picture(pilot, "leaving")
        await pilot.press("escape")
        ended.set_result(None)
