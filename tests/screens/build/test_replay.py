"""A session that is over, played and sought in with keys and the mouse; a bundle opened."""

from __future__ import annotations

import contextlib
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from oxtui.build.bundle.writer import write_bundle
from oxtui.build.environment import journal_path
from oxtui.build.journal import Journal
from oxtui.build.session import SessionFolders
from oxtui.component.events import Event, OutputGrown
from oxtui.logs.index import index_path, tail_path
from oxtui.logs.redact import Redactor
from screens.app import OxtuiApp
from screens.build.replay_bar import ReplayBar
from screens.build.screen import BuildScreen
from screens.build.step_line import StepLine
from screens.places import Place
from screens.services import Services
from screens.widgets.top_line import TopLine
from tests.screens.build import scenes
from tests.screens.build.sessions import START, ScriptedSession
from tests.screens.conftest import TakePicture
from tests.screens.driving import press, services, until


@pytest.fixture(autouse=True)
def _utc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()


class Clock:
    """Stands still until it is told."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


async def recorded(folder: Path) -> tuple[list[Event], SessionFolders]:
    """The journal holds a session that failed and stands at its stop."""
    events: list[Event] = []
    folders = SessionFolders(folder / "sessions")
    with folders.claim(1) as there:
        scripted = ScriptedSession(there.path / "scripted")
        scripted.subscribe(events.append)
        scenes.failed(scripted)
        scripted.close()
        for step in {e.step for e in events if isinstance(e, OutputGrown)}:
            path = scripted.spool("web-01", step)
            assert path is not None
            for place in (lambda p: p, index_path, tail_path):
                place(path).rename(place(there.spool("web-01", step)))
        there.template.write_text("# t\n")
    async with Journal.open(journal_path(folders.root), Redactor(), now=lambda: START) as journal:
        number = await journal.begin_session("web.pkr.hcl", host="http://rack.example")
        for event in events:
            journal.append(number, event)
        await journal.flush()
    return events, folders


def _services(folder: Path, clock: Clock) -> Services:
    given = services(folder, "http://rack.example", "oxide-token-none")
    paths = replace(given.settings.paths, sessions=folder / "sessions")
    return replace(given, clock=clock, settings=replace(given.settings, paths=paths))


@contextlib.asynccontextmanager
async def replaying(
    folder: Path, *names: str, size: tuple[int, int] = (120, 40)
) -> AsyncIterator[tuple[Pilot[int], BuildScreen, Clock]]:
    """The app as `oxtui replay` opens it."""
    clock = Clock()
    app = OxtuiApp(_services(folder, clock), place=Place("build", names))
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: isinstance(app.screen, BuildScreen) and app.screen.replay)
        assert isinstance(app.screen, BuildScreen)
        app.screen.redraw()
        await pilot.pause()
        yield pilot, app.screen, clock


def text_of(screen: BuildScreen) -> str:
    """The line of the replay."""
    return screen.query_one(ReplayBar).render().plain


async def test_keys_play_stop_and_seek(tmp_path: Path) -> None:
    events, _ = await recorded(tmp_path)
    async with replaying(tmp_path, "1", "play") as (pilot, screen, clock):
        replay = screen.replay
        assert replay is not None
        assert replay.playing
        assert replay.moment == 0.0
        assert "00:00 of" in text_of(screen)
        screen.tick()
        clock.now += 0.4
        screen.tick()
        begun = replay.position
        assert begun > replay.recording.position_at(0.0)
        await press(pilot, "space")
        assert not replay.playing
        clock.now += 60
        screen.tick()
        assert replay.position == begun
        await press(pilot, "right")
        assert replay.position == replay.recording.landmark_after(begun)
        await press(pilot, "full_stop", "comma", "comma")
        assert replay.position == replay.recording.landmark_after(begun) - 1
        await press(pilot, "plus", "plus")
        assert " 16× " in text_of(screen)
        await press(pilot, "end")
        assert replay.position == len(events)
        assert screen.build is not None
        assert screen.build.pause is not None
        await press(pilot, "left")
        assert screen.build.pause is None
        await press(pilot, "home")
        assert screen.build is None
        assert screen.query_one(StepLine).render().plain.strip() == ""
        assert screen.query_one(TopLine).running == ()
        bar = screen.query_one(ReplayBar)
        await pilot.click(bar, offset=(bar.size.width // 3, 0))
        assert 0 < replay.position < len(events)
        await pilot.click(bar, offset=(1, 0))
        assert replay.playing


async def test_output_is_as_long_as_it_was(tmp_path: Path) -> None:
    await recorded(tmp_path)
    async with replaying(tmp_path, "1") as (pilot, screen, _):
        replay = screen.replay
        assert replay is not None
        model = screen.log_pane.view.model
        model.look()
        whole = model.reader.lines
        assert whole > 1
        marks = [
            n
            for n, e in enumerate(replay.recording.events)
            if getattr(e, "step", "") == "provision-3"
        ]
        for position in range(marks[0] + 1, len(replay.recording) + 1):
            replay.go(position)
            screen.redraw()
            model = screen.log_pane.view.model
            model.look()
            if screen.at.step == "provision-3":
                assert (
                    model.reader.lines
                    == replay.recording.grown("web-01", "provision-3", position).lines
                )
        await pilot.pause()


async def test_a_bundle_is_opened_read_only(tmp_path: Path) -> None:
    events, folders = await recorded(tmp_path)
    write_bundle(events, folders.folder(1), tmp_path / "b.zip")
    async with replaying(tmp_path, "file", str(tmp_path / "b.zip")) as (pilot, screen, _):
        assert screen.replay is not None
        assert screen.replay.at_end
        assert "bundle of somebody else" in (screen.desk.no_export)
        await press(pilot, "X")
        await until(
            pilot, lambda: any("oxtui export FILE" in n.message for n in pilot.app._notifications)
        )
        assert isinstance(pilot.app.screen, BuildScreen)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
@pytest.mark.parametrize("bundled", [False, True], ids=["journal", "bundle"])
async def test_what_was_killed_at_its_stop_ended_there(
    tmp_path: Path, picture: TakePicture, size: tuple[int, int], bundled: bool
) -> None:
    events, folders = await recorded(tmp_path)
    write_bundle(events, folders.folder(1), tmp_path / "b.zip")
    names = ("file", str(tmp_path / "b.zip")) if bundled else ("1",)
    async with replaying(tmp_path, *names, size=size) as (pilot, screen, _):
        pilot.app.clear_notifications()
        box = " ".join(str(each.visual) for each in screen.query("StopBox > Static"))
        assert "The session ended here without an end" in box
        assert "It stood at a stop:  ✗ Stopped here: 3 shell" in box
        assert ("R goes on with it" in box) == (not bundled)
        await picture(pilot, "cut-off")
        assert screen.replay is not None
        screen.replay.go(len(screen.replay.recording) - 1)
        screen.redraw()
        box = " ".join(str(each.visual) for each in screen.query("StopBox > Static"))
        assert "without an end" not in box  # then it still stood there


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
async def test_pictures(tmp_path: Path, picture: TakePicture, size: tuple[int, int]) -> None:
    await recorded(tmp_path)
    async with replaying(tmp_path, "1", "play", size=size) as (pilot, screen, _):
        replay = screen.replay
        assert replay is not None
        replay.stop()
        started = [
            n
            for n, e in enumerate(replay.recording.events, 1)
            if getattr(e, "step", "") == "provision-2"
        ]
        replay.go(started[len(started) // 2])
        screen.redraw()
        await picture(pilot, "midway")
        await press(pilot, "end", "left", "space")
        await picture(pilot, "playing")
