"""R on the Sessions screen goes on with a session, on the Build screen."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from screens.build.screen import BuildScreen
from screens.builds import Job
from screens.connect.screen import ConnectScreen
from screens.dialogs.choice import ChoiceDialog
from screens.dialogs.confirm import ConfirmDialog
from screens.sessions.resuming import SecretValuesDialog
from screens.sessions.screen import SessionsScreen
from tests.build.resume.test_killed_on_rack import client_of
from tests.rack_process import rack
from tests.screens.driving import app_of, press, running, services, until
from tests.screens.live import build, ended, live_app, start, stopped
from tests.sessions import shell, template

TEMPLATE = """
variable "hidden" {
  type      = string
  sensitive = true
}
source "null" "x" {
  communicator = "none"
}
build {
  sources = ["source.null.x"]
  provisioner "shell-local" {
    inline = ["echo once >> FOLDER/count"]
  }
  provisioner "shell-local" {
    inline = ["test -e FOLDER/go"]
  }
  provisioner "shell-local" {
    inline = ["echo ${var.hidden} > FOLDER/said"]
  }
}
"""


async def sessions_screen(pilot: Pilot[int]) -> SessionsScreen:
    await press(pilot, "f3")
    await until(pilot, lambda: isinstance(pilot.app.screen, SessionsScreen))
    screen = pilot.app.screen
    assert isinstance(screen, SessionsScreen)
    return screen


@pytest.mark.slow
async def test_a_failed_session_goes_on_with_the_text_that_was_chosen(tmp_path: Path) -> None:
    path = tmp_path / "t.pkr.hcl"
    text = TEMPLATE.replace("FOLDER", str(tmp_path))
    path.write_text(text)
    async with running(services(tmp_path, "http://127.0.0.1:9", "none", start=None)) as pilot:
        await until(pilot, lambda: isinstance(pilot.app.screen, ConnectScreen))
        await press(pilot, "escape")
        job = Job(str(path), text, values=("hidden=hunter2hunter2",), needs_rack=False)
        app_of(pilot).start_build(job)
        await until(pilot, lambda: isinstance(pilot.app.screen, BuildScreen))
        assert (await stopped(pilot)).step == "provision-2"
        await press(pilot, "a")
        await until(pilot, lambda: isinstance(pilot.app.screen, ConfirmDialog))
        await press(pilot, "enter")
        await ended(pilot)
        path.write_text(text.replace("test -e", "touch"))
        screen = await sessions_screen(pilot)
        await until(pilot, lambda: screen.current and screen.current.why_not == "")
        await press(pilot, "R")
        await until(pilot, lambda: isinstance(pilot.app.screen, ConfirmDialog))
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, SecretValuesDialog))
        await press(pilot, *"other", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ChoiceDialog))
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, BuildScreen))
        state = await ended(pilot)
        assert state.phase == "succeeded", state.error
        assert {name: step.phase for name, step in state.steps.items()} == {
            "resume": "done", "provision-1": "reused", "provision-2": "done", "provision-3": "done",
            "cleanup": "done",
        }  # fmt: skip
        assert (tmp_path / "count").read_text() == "once\n"
        assert (tmp_path / "said").read_text() == "other\n"
        assert [one.session.number for one in app_of(pilot).builds.all] == [1]
        screen = await sessions_screen(pilot)
        await until(pilot, lambda: screen.current and screen.current.state == "succeeded")
        assert screen.current is not None
        assert screen.current.why_not == "Session 1 succeeded: there is nothing left to do."
        await press(pilot, "R")
        assert pilot.app.screen is screen


@pytest.mark.slow
async def test_a_kept_instance_is_taken_up_live(tmp_path: Path) -> None:
    async with rack() as there, live_app(tmp_path, there) as pilot:
        await start(pilot, template(shell("echo once >> ~/count", "sync"), shell("test -e ~/go")))
        await stopped(pilot)
        await press(pilot, "i")
        await until(pilot, lambda: app_of(pilot).builds.all[-1].is_over or pilot.app.screen)
        if isinstance(pilot.app.screen, ConfirmDialog):
            await press(pilot, "enter")
        kept = await ended(pilot)
        assert kept.phase == "kept"
        screen = await sessions_screen(pilot)
        await until(pilot, lambda: screen.current and screen.current.state == "kept")
        await press(pilot, "R")
        await until(pilot, lambda: isinstance(pilot.app.screen, ConfirmDialog))
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, BuildScreen))
        assert (await stopped(pilot)).step == "provision-2"
        assert build(pilot).steps["provision-1"].phase == "reused"
        assert build(pilot).instance == kept.instance
        await press(pilot, "k")  # leaves the step out
        state = await ended(pilot)
        assert state.phase == "succeeded", state.error
        assert {each.phase for each in state.resources.values()} == {"deleted", "created"}


@pytest.mark.slow
@pytest.mark.parametrize("choice", ["disk", "checkpoint"])
async def test_where_the_key_is_lost_the_operator_says_what_to_begin_with(
    tmp_path: Path, choice: str
) -> None:
    flags = {"checkpoints.policy": "each"}
    async with rack() as there, live_app(tmp_path, there, flags=flags) as pilot:
        await start(pilot, template(shell("echo once >> ~/count"), shell("test -e ~/go")))
        await stopped(pilot)
        await press(pilot, "i")
        await until(pilot, lambda: app_of(pilot).builds.all[-1].is_over or pilot.app.screen)
        if isinstance(pilot.app.screen, ConfirmDialog):
            await press(pilot, "enter")
        kept = await ended(pilot)
        (key,) = tmp_path.rglob("key")
        key.unlink()
        screen = await sessions_screen(pilot)
        await until(pilot, lambda: screen.current and screen.current.state == "kept")
        await press(pilot, "R")
        await until(pilot, lambda: isinstance(pilot.app.screen, ConfirmDialog))
        question = " ".join(str(each.visual) for each in pilot.app.screen.query(Static))
        assert "Nobody can log in to the instance" in question
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ChoiceDialog))
        await press(pilot, *choice, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, BuildScreen))
        assert (await stopped(pilot)).step == "provision-2"
        assert build(pilot).steps["provision-1"].phase == "reused"
        assert build(pilot).instance != kept.instance
        told = [note.text for note in build(pilot).notes]
        assert any(("checkpoint oxtui-" in text) == (choice == "checkpoint") for text in told), told
        await press(pilot, "k")  # leaves the step out
        state = await ended(pilot)
        assert state.phase == "succeeded", state.error


@pytest.mark.slow
async def test_an_instance_that_is_gone_is_told_before_the_session_goes_on(tmp_path: Path) -> None:
    async with rack() as there, live_app(tmp_path, there) as pilot:
        await start(pilot, template(shell("echo once >> ~/count"), shell("test -e ~/go")))
        await stopped(pilot)
        await press(pilot, "i")
        await until(pilot, lambda: app_of(pilot).builds.all[-1].is_over or pilot.app.screen)
        if isinstance(pilot.app.screen, ConfirmDialog):
            await press(pilot, "enter")
        kept = await ended(pilot)
        async with client_of(there) as client:
            await client.instances.stop(kept.instance)
            while (await client.instances.view(kept.instance)).run_state != "stopped":
                pass
            await client.instances.delete(kept.instance)
        screen = await sessions_screen(pilot)
        await until(pilot, lambda: screen.current and screen.current.state == "kept")
        await press(pilot, "R")
        await until(pilot, lambda: isinstance(pilot.app.screen, ConfirmDialog))
        question = " ".join(str(each.visual) for each in pilot.app.screen.query(Static))
        assert "is gone. Another one takes its place, with its disk." in question
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, BuildScreen))
        assert (await stopped(pilot)).step == "provision-2"
        assert build(pilot).instance != kept.instance
        await press(pilot, "k")  # leaves the step out
        state = await ended(pilot)
        assert state.phase == "succeeded", state.error
