"""Stops on the Build screen: set by keys and in their dialog, marked, and told while the build stands."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest
from textual.widgets import Static

from oxtui.component import commands
from oxtui.component.debugger_events import PauseAsked, StopSet
from oxtui.component.events import BreakpointSet, Failure, PauseReason
from screens import announcing
from screens.actions.build import ACTIONS
from screens.actions.build_situation import BuildSituation
from screens.build.stop_text import stop_lines
from screens.build.stops_dialog import StopsDialog
from screens.widgets.top_line import TopLine
from tests.screens.build import scenes
from tests.screens.build.sessions import ScriptedSession
from tests.screens.build.stage import redrawn, screen_of, staged
from tests.screens.build.test_build_screen import WEB, box_text, rail_text, told
from tests.screens.conftest import TakePicture

SIZES = [(80, 24), (120, 40)]
AFTER = ("resume", "step_over", "run_until", "retry", "edit_and_retry", "keep", "abort")


def with_stops(session: ScriptedSession) -> None:
    """The third provisioner runs; the build stops behind it, and around the fourth."""
    scenes.running(session)
    place = {"time": session.now, "build": session.build, "on": True}
    session.tell(
        BreakpointSet(step="provision-3", when="after", **place),  # type: ignore[arg-type]
        BreakpointSet(step="provision-4", when="after", **place),  # type: ignore[arg-type]
        BreakpointSet(step="sync", when="after", **place),  # type: ignore[arg-type]
        StopSet(kind="error", **place),  # type: ignore[arg-type]
        StopSet(kind="output", pattern="^E: ", **place),  # type: ignore[arg-type]
        StopSet(kind="exit", pattern="3,64-78", **place),  # type: ignore[arg-type]
    )


def matched(session: ScriptedSession) -> None:
    """The build stands behind the third provisioner, for a line of it."""
    scenes.prepared(session)
    session.run("provision-3", 24.6)
    note = "line 28 matches /^W: /: W: Some index files failed to download"
    session.pause("provision-3", "output", AFTER, note=note)


async def test_b_stops_before_and_shift_b_behind_a_step(tmp_path: Path) -> None:
    async with staged(tmp_path, with_stops) as (pilot, session):
        await pilot.press("B", "down", "down", "B", "b")
        await pilot.app.workers.wait_for_complete()
        assert session.commands == [
            commands.SetBreakpoint(build=WEB, step="provision-3", on=False, when="after"),
            commands.SetBreakpoint(build=WEB, step="sync", on=False, when="after"),
            commands.SetBreakpoint(build=WEB, step="sync", on=True),
        ]
        await pilot.press(*["down"] * 9, "B")
        assert told(pilot) == ["Nothing of the build is there any more after its clean-up."]


async def test_the_rail_marks_both_sides_of_a_step(tmp_path: Path) -> None:
    async with staged(tmp_path, with_stops) as (pilot, _):
        lines = rail_text(pilot)
        assert "⏹running" in lines[6]
        assert "⏹ before, after" in lines[7]
        assert "⏹ break after" in lines[8]


async def test_the_dialog_shows_what_there_is_and_changes_it(tmp_path: Path) -> None:
    async with staged(tmp_path, with_stops) as (pilot, session):
        await pilot.press("S")
        await pilot.pause()
        dialog = pilot.app.screen
        assert isinstance(dialog, StopsDialog)
        ticks = [tick.render().plain for tick in dialog.query("Tick")]  # type: ignore[attr-defined]
        assert ticks == [
            "[x] When a step fails",
            "[ ] Before the clean-up",
            "[x] After a step that prints a line with ^E: ",
            "[x] After a script that ends with exit status 3,64-78",
        ]
        await pilot.press("space", "tab", "space", "tab", "space", "tab", "tab", *"W(")
        wrong = dialog.query_one(".stops--help", Static)
        assert '✗ "W(" is no regular expression: missing ): W(' in str(wrong.render())
        await pilot.press("enter")
        assert pilot.app.screen is dialog
        await pilot.press("backspace", "tab", *"300", "enter")
        assert "they go from 0 to 255" in str(wrong.render())
        await pilot.press("backspace", "enter")
        await pilot.app.workers.wait_for_complete()
        assert session.commands == [
            commands.SetStop(build=WEB, kind="error", on=False),
            commands.SetStop(build=WEB, kind="cleanup", on=True),
            commands.SetStop(build=WEB, kind="output", on=False, pattern="^E: "),
            commands.SetStop(build=WEB, kind="output", on=True, pattern="W"),
            commands.SetStop(build=WEB, kind="exit", on=True, pattern="30"),
        ]


async def test_a_pause_that_waits_is_told_and_taken_back_by_the_same_key(tmp_path: Path) -> None:
    async with staged(tmp_path, scenes.running) as (pilot, session):
        session.tell(PauseAsked(time=session.now, build=WEB, on=True))
        await redrawn(pilot)
        assert screen_of(pilot).query_one(TopLine).running[0].text.endswith(", pausing")
        await pilot.press("p")
        await pilot.app.workers.wait_for_complete()
        assert session.commands == [commands.Pause(build=WEB, on=False)]
        assert told(pilot) == ["It goes on: the pause is taken back."]


async def test_behind_a_step_it_is_told_why_and_the_step_can_be_run_again(tmp_path: Path) -> None:
    async with staged(tmp_path, matched) as (pilot, session):
        session.now += 62
        await redrawn(pilot)
        first, second, *_ = box_text(pilot).split("\n")
        assert first == ("⏸ Stopped after 3 shell setup.sh, for what it printed. Stands for 1:02.")
        assert second.startswith("line 28 matches /^W: /")
        await pilot.press("k")
        assert told(pilot) == ["This step is done already."]
        await pilot.press("r")
        await pilot.app.workers.wait_for_complete()
        assert session.commands == [commands.Retry(build=WEB)]


def test_a_stop_that_ends_by_itself_says_when(tmp_path: Path) -> None:
    session = ScriptedSession(tmp_path)
    matched(session)
    build = session.state.builds[WEB]
    assert build.pause is not None
    build = replace(build, pause=replace(build.pause, until=session.now + 90))
    line = stop_lines(build, "provision-3", session.now + 30)[0][0].plain
    assert line.endswith("Stands for 30s. Ends by itself in 1:00 if nobody answers.")
    session.close()


def test_every_reason_has_its_words() -> None:
    reasons = set(get_args(PauseReason))
    assert set(announcing._WHY) == {*reasons, "secret"}


def test_a_failure_that_stops_for_its_exit_status_is_a_failure(tmp_path: Path) -> None:
    session = ScriptedSession(tmp_path)
    scenes.failed(session)
    build = session.state.builds[WEB]
    assert build.pause is not None
    failure = Failure(summary="it broke", exit_status=3)
    build = replace(build, pause=replace(build.pause, reason="exit", failure=failure))
    lines, tone = stop_lines(build, "provision-3")
    assert (lines[0].plain.startswith("✗ Stopped here: 3 shell setup.sh failed (3)"), tone) == (
        True, "bad"
    )  # fmt: skip
    retry = next(action for action in ACTIONS if action.id == "build.retry")
    assert retry.enabled(BuildSituation(build=build)) is None
    session.close()


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_pictures(
    tmp_path: Path,
    picture: TakePicture,
    size: tuple[int, int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    async with staged(tmp_path, with_stops, size) as (pilot, session):
        await redrawn(pilot)
        await picture(pilot, "marks")
        await pilot.press("S")
        await pilot.pause()
        await picture(pilot, "dialog")
        await pilot.press("escape")
    async with staged(tmp_path / "matched", matched, size) as (pilot, session):
        session.now += 62
        await redrawn(pilot)
        await picture(pilot, "matched")
