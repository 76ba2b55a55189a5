"""What an operator does at a stop without ending it, by keys, on sessions made from events."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static

from oxtui.component import commands
from oxtui.component import debugger_events as d
from oxtui.component import events as e
from screens.build.source import Desk
from screens.build.stop_command import CommandDialog
from screens.build.stop_edits import EditsDialog
from screens.build.stop_upload import SendDialog
from screens.dialogs.choice import ChoiceDialog
from tests.screens.build import scenes
from tests.screens.build.sessions import AT_FAILURE, ScriptedSession
from tests.screens.build.stage import redrawn, screen_of, staged
from tests.screens.build.test_build_screen import WEB, box_text, told
from tests.screens.conftest import TakePicture
from tests.screens.driving import in_front, until

SIZES = [(80, 24), (120, 40)]
AT = {"build": WEB, "step": "provision-3"}


def ran(session: ScriptedSession, command: str, status: int | None = 0) -> None:
    """A command ran at the stop."""
    session.tell(
        d.BesideStarted(time=session.now, kind="run_command", text=f"$ {command}", **AT),
        d.CommandRan(time=session.now, command=command, status=status, seconds=0.2, **AT),
        d.BesideFinished(time=session.now, kind="run_command", **AT),
    )


def edited(session: ScriptedSession, step: str, before: str, after: str) -> None:
    """A step was edited."""
    session.tell(
        e.StepEdited(
            time=session.now, build=WEB, step=step, changes={"inline": after.split("\n")},
            before=before, after=after, language="bash",
        )
    )  # fmt: skip


def with_checkpoints(session: ScriptedSession) -> None:
    """The third provisioner failed; behind the first two there are checkpoints."""
    scenes.failed(session)
    for number, ago in ((1, 600.0), (2, 120.0)):
        session.tell(
            d.CheckpointTaken(
                time=session.now - ago, build=WEB, step=f"provision-{number}",
                checkpoint=f"k{number}", name=f"oxtui-{number}", id=f"i{number}", size=20 * 2**30,
            )
        )  # fmt: skip
    session.pause("provision-3", "failure", (*AT_FAILURE, "rewind"))


async def write(pilot: Pilot[int], where: str, text: str) -> None:
    """Put a text into a field of the dialog."""
    pilot.app.screen.query_one(where, Input).value = text
    await pilot.pause()


async def test_a_command_is_asked_for_and_those_before_are_an_arrow_away(tmp_path: Path) -> None:
    async with staged(tmp_path, scenes.failed) as (pilot, session):
        ran(session, "id")
        ran(session, "export TOKEN=<sensitive>")
        ran(session, "apt-get update", 100)
        await redrawn(pilot)
        assert "✗ apt-get update  exit 100" in box_text(pilot)
        await pilot.press("x")
        await in_front(pilot, CommandDialog)
        await pilot.press("enter")  # nothing is typed
        await pilot.press("l", "s", "up")
        field = pilot.app.screen.query_one(Input)
        assert field.value == "apt-get update"
        await pilot.press("up", "up")
        assert field.value == "id"
        await pilot.press("down", "down")
        assert field.value == "ls"
        await pilot.press("enter")
        await pilot.app.workers.wait_for_complete()
        assert session.commands == [commands.RunCommand(build=WEB, command="ls")]


async def test_while_something_is_done_the_stop_waits_and_esc_cancels_it(tmp_path: Path) -> None:
    async with staged(tmp_path, scenes.failed) as (pilot, session):
        session.tell(d.BesideStarted(time=session.now, kind="run_command", text="$ sleep 9", **AT))
        await redrawn(pilot)
        assert "◐ $ sleep 9  esc cancels" in box_text(pilot)
        await pilot.press("r")
        assert told(pilot) == ["Something is done in the guest just now; esc cancels it."]
        await pilot.press("escape")
        await pilot.app.workers.wait_for_complete()
        assert session.commands == [commands.CancelBeside(build=WEB)]
        session.tell(d.BesideFinished(time=session.now, kind="run_command", **AT))
        await redrawn(pilot)
        await pilot.press("r")
        await pilot.app.workers.wait_for_complete()
        assert session.commands[1:] == [commands.Retry(build=WEB)]


async def test_a_file_is_sent_to_where_the_step_sends_files(tmp_path: Path) -> None:
    (tmp_path / "nginx.conf").touch()

    async def destination(_build: str, _step: str) -> str:
        return "/etc/nginx/"

    desk = Desk(destination=destination)
    async with staged(tmp_path, scenes.failed, desk=desk) as (pilot, session):
        await pilot.press("ctrl+u")
        await in_front(pilot, SendDialog)
        for path, why in (("", "A path is needed."), (f"{tmp_path}/gone", "No such file")):
            await write(pilot, "#source", path)
            await pilot.press("enter")
            line = pilot.app.screen.query_one(".form--help", Static)
            await until(pilot, lambda line=line, why=why: why in str(line.render()))  # type: ignore[misc]
        await write(pilot, "#source", f"{tmp_path}/nginx.c")
        assert session.commands == []
        await until(pilot, lambda: pilot.app.screen.query_one("#source", Input)._suggestion)
        await pilot.press("end", "right", "enter")
        await pilot.app.workers.wait_for_complete()
        assert session.commands == [
            commands.UploadFile(
                build=WEB, source=f"{tmp_path}/nginx.conf", destination="/etc/nginx/"
            )
        ]


async def test_one_goes_back_to_a_checkpoint(tmp_path: Path) -> None:
    async with staged(tmp_path, with_checkpoints) as (pilot, session):
        await pilot.press("v")
        await in_front(pilot, ChoiceDialog)
        await pilot.press("down", "enter")
        await pilot.app.workers.wait_for_complete()
        assert session.commands == [commands.Rewind(build=WEB, step="provision-2")]


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("v", "There is no checkpoint; the setting checkpoints.policy takes them."),
        ("d", "Nothing was edited in this build."),
    ],
)
async def test_what_is_not_there_says_so(tmp_path: Path, key: str, reason: str) -> None:
    async with staged(tmp_path, scenes.failed) as (pilot, _):
        await pilot.press(key)
        assert told(pilot) == [reason]


async def test_where_the_guest_is_not_connected_nothing_can_be_done_in_it(tmp_path: Path) -> None:
    def before_snapshot(session: ScriptedSession) -> None:
        scenes.prepared(session)
        session.pause("snapshot", "requested", ("resume", "keep", "abort"))

    async with staged(tmp_path, before_snapshot) as (pilot, _):
        await pilot.press("x", "m")
        assert told(pilot) == [
            "The instance is not connected any more: it is stopped for its snapshot.",
            "Later steps need what this one makes.",
        ]


async def test_a_step_to_come_is_edited_without_going_on(tmp_path: Path) -> None:
    async def edit(_build: str, step: str) -> dict[str, object] | None:
        return {"inline": [step]}

    async with staged(tmp_path, scenes.failed, desk=Desk(edit=edit)) as (pilot, session):
        assert "e edit and retry" in box_text(pilot)
        await pilot.press("down")
        await redrawn(pilot)
        assert "e edit step" in box_text(pilot)
        await pilot.press("e")
        await pilot.press("down", "e")  # sync has no options
        await pilot.app.workers.wait_for_complete()
        assert session.commands == [
            commands.EditStep(build=WEB, step="provision-4", changes={"inline": ["provision-4"]})
        ]
        assert told(pilot) == ["sync has nothing that could be changed."]


async def test_what_was_edited_is_shown_as_a_diff_of_each_step(tmp_path: Path) -> None:
    async with staged(tmp_path, scenes.failed) as (pilot, session):
        edited(session, "provision-2", "one\ntwo\n", "one\n2\n")
        edited(session, "provision-3", "apt-get install -y ngnix\n", "apt-get install -y nginx\n")
        edited(session, "provision-3", "apt-get install -y ngnix\n", "apt-get install nginx\n")
        await redrawn(pilot)
        assert "d edits" in box_text(pilot)
        await pilot.press("d")
        await in_front(pilot, EditsDialog)
        parts = [str(each.render()) for each in pilot.app.screen.query(".dialog--body Static")]
        assert parts[0].startswith("3 shell setup.sh\n--- as the session began\n+++ now\n")
        assert "-apt-get install -y ngnix\n+apt-get install nginx" in parts[0]
        assert "-two\n+2" in parts[1]


async def test_a_click_on_an_error_leads_to_its_line(tmp_path: Path) -> None:
    async with staged(tmp_path, scenes.failed) as (pilot, _):
        screen = screen_of(pilot)
        await pilot.press("up")
        await redrawn(pilot)
        text = screen.query_one("StopBox > Static")
        lines = [
            "".join(segment.text for segment in text.render_line(y))
            for y in range(text.size.height)
        ]
        (y,) = (y for y, line in enumerate(lines) if "Unable to locate" in line)
        await pilot.click(text, offset=(lines[y].index("Unable"), y))
        await until(pilot, lambda: screen.at.step == "provision-3")
        assert screen.log_pane.view.model.pointer == 8


async def test_keys_that_a_prompt_takes_are_no_choices_and_the_log_moves_at_once(
    tmp_path: Path,
) -> None:
    async with staged(tmp_path, scenes.failed) as (pilot, _):
        screen = await redrawn(pilot)
        whole = screen.log_pane.region
        for key, offers in (("slash", False), ("escape", True)):
            await pilot.press(key)
            place = screen.log_pane.region
            assert ("r retry" in box_text(pilot), place == whole) == (offers, offers)
            await redrawn(pilot)
            assert screen.log_pane.region == place


async def test_a_step_that_was_marked_says_so(tmp_path: Path) -> None:
    async with staged(tmp_path, scenes.failed) as (pilot, session):
        session.resume("provision-3", "mark_done")
        session.tell(d.StepMarkedDone(time=session.now, **AT))
        session.tell(e.StepFinished(time=session.now, status="done", seconds=0.0, **AT))
        await redrawn(pilot)
        line = screen_of(pilot).query_one("StepLine")
        assert "✓ done by hand" in str(line.render())


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_dialogs(tmp_path: Path, picture: TakePicture, size: tuple[int, int]) -> None:
    async def edit(_build: str, _step: str) -> None:
        return None

    desk = Desk(shell=lambda _build: None, edit=edit)
    async with staged(tmp_path, with_checkpoints, size, desk) as (pilot, session):
        edited(session, "provision-3", "apt-get install -y ngnix\n", "apt-get install -y nginx\n")
        ran(session, "cat /etc/apt/sources.list")
        ran(session, "apt-cache policy ngnix", 100)
        await redrawn(pilot)
        await picture(pilot, "stop")
        for key, kind, name in (
            ("x", CommandDialog, "command"),
            ("ctrl+u", SendDialog, "send"),
            ("v", ChoiceDialog, "rewind"),
            ("d", EditsDialog, "edits"),
        ):
            await pilot.press(key)
            await until(pilot, lambda kind=kind: isinstance(pilot.app.screen, kind))  # type: ignore[misc]
            await picture(pilot, name)
            await pilot.press("escape")
        session.tell(
            d.BesideStarted(time=session.now, kind="upload_file", text="upload of app", **AT)
        )
        session.tell(e.StepProgress(time=session.now, text="app → ~/: 31 MB of 90 MB", **AT))
        await redrawn(pilot)
        await picture(pilot, "busy")
