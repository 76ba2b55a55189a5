"""A failed build in the app, for real: repaired in the guest without leaving the stop."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from oxtui.component.debugger_events import CommandRan, FileUploaded, StepMarkedDone
from screens.build.stop_command import CommandDialog
from screens.build.stop_edits import EditsDialog
from screens.build.stop_upload import SendDialog
from screens.dialogs.choice import ChoiceDialog
from screens.dialogs.confirm import ConfirmDialog
from screens.editing.dialog import EditDialog
from screens.sessions.screen import SessionsScreen
from tests.rack_process import rack
from tests.screens.driving import app_of, in_front, press, toasts, until
from tests.screens.live import build, build_screen, ended, live_app, start, stopped
from tests.sessions import shell, template


async def command(pilot: Pilot[int], text: str) -> None:
    """Have a command run at the stop, and wait until it began."""
    await press(pilot, "x")
    await in_front(pilot, CommandDialog)
    pilot.app.screen.query_one(Input).value = text
    await press(pilot, "enter")
    await until(pilot, lambda: build(pilot).beside or _ran(pilot, text))


def _ran(pilot: Pilot[int], text: str) -> CommandRan | None:
    done = [each for step in build(pilot).steps.values() for each in step.by_hand]
    return next((e for e in done if isinstance(e, CommandRan) and e.command == text), None)


@pytest.mark.slow
async def test_a_command_a_file_and_an_edit_repair_a_build(tmp_path: Path) -> None:
    (tmp_path / "conf").write_text("listen 80\n")
    text = template(shell("cat ~/made ~/conf"), shell("exit 3"), shell("exit 4"))
    async with rack() as there, live_app(tmp_path, there) as pilot:
        await start(pilot, text)
        await stopped(pilot)
        await command(pilot, "echo made > ~/made")
        await until(pilot, lambda: _ran(pilot, "echo made > ~/made"))
        await command(pilot, "echo begun; sleep 1000")
        await until(pilot, lambda: build(pilot).steps["provision-1"].lines > 5)
        await press(pilot, "escape")
        await until(pilot, lambda: _ran(pilot, "echo begun; sleep 1000"))
        await until(pilot, lambda: not build(pilot).beside)
        await press(pilot, "ctrl+u")
        await in_front(pilot, SendDialog)
        pilot.app.screen.query_one("#source", Input).value = str(tmp_path / "conf")
        await press(pilot, "enter")
        sent = lambda: [  # noqa: E731
            e for e in build(pilot).steps["provision-1"].by_hand if isinstance(e, FileUploaded)
        ]
        await until(pilot, sent)
        await until(pilot, lambda: not build(pilot).beside)
        # A step that is still to come is edited before it runs.
        await press(pilot, "down", "down")
        await until(pilot, lambda: build_screen(pilot).at.step == "provision-3")
        await press(pilot, "e")
        await in_front(pilot, EditDialog)
        pilot.app.screen.query_one(TextArea).text = "exit 0\n"
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: build(pilot).steps["provision-3"].edit)
        await press(pilot, "d")
        await in_front(pilot, EditsDialog)
        await press(pilot, "escape", "r")
        await stopped(pilot, step="provision-2")
        await press(pilot, "m")
        state = await ended(pilot)
        assert state.phase == "succeeded"
        assert isinstance(state.steps["provision-2"].by_hand[-1], StepMarkedDone)
        edit = state.steps["provision-3"].edit
        assert edit is not None
        assert (edit.before, edit.after) == ("exit 4\n", "exit 0\n")


@pytest.mark.slow
async def test_a_build_goes_back_two_steps_and_on_with_another_text(tmp_path: Path) -> None:
    text = template(
        shell("echo a >> ~/made"), shell("echo b >> ~/made"), shell("echo c >> ~/made"),
        shell("grep good ~/made; test $(wc -l < ~/made) = 3"),
    )  # fmt: skip
    keeping = {"checkpoints.policy": "each"}
    async with rack() as there, live_app(tmp_path, there, flags=keeping) as pilot:
        await start(pilot, text)
        await stopped(pilot)
        screen = build_screen(pilot)
        await press(pilot, "up", "up")
        await until(pilot, lambda: screen.at.step == "provision-2")
        await press(pilot, "e")
        await in_front(pilot, EditDialog)
        area = pilot.app.screen.query_one(TextArea)
        assert area.text == "echo b >> ~/made\n"
        area.text = "echo good >> ~/made\n"
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: build(pilot).steps["provision-2"].edit)
        assert "v goes back" in toasts(pilot)[-1]
        await press(pilot, "v")
        await in_front(pilot, ChoiceDialog)
        await press(pilot, "down", "down", "enter")  # behind the first step: 4, 3, 2
        state = await ended(pilot)
        assert state.phase == "succeeded"
        assert state.steps["provision-1"].attempt == 1
        assert state.steps["provision-4"].attempt == 2


@pytest.mark.slow
async def test_the_ssh_command_of_a_kept_instance_is_copied_in_sessions(tmp_path: Path) -> None:
    async with rack() as there, live_app(tmp_path, there) as pilot:
        copied: list[str] = []
        app_of(pilot).copy = lambda text, what: copied.append(text)  # type: ignore[method-assign]
        await start(pilot, template(shell("exit 3")))
        await stopped(pilot)
        await press(pilot, "i")
        await in_front(pilot, ConfirmDialog)
        await press(pilot, "enter")
        assert (await ended(pilot)).phase == "kept"
        await press(pilot, "f3")
        screen = await in_front(pilot, SessionsScreen)
        await until(pilot, lambda: screen.current and screen.current.leftovers)
        await press(pilot, "y")
        await until(pilot, lambda: copied)
        (key,) = (tmp_path / "sessions").glob("*/builds/*/key")
        assert f"-i {key} " in copied[0]
        await press(pilot, "l")
        await in_front(pilot, ConfirmDialog)
        texts = " ".join(str(each.visual) for each in pilot.app.screen.query(".confirm--text"))
        assert f"enter it: {copied[0]}" in texts
