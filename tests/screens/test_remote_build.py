"""A session that another process runs, on the Build screen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import TextArea

from oxtui.component import commands as c
from screens.build.screen import BuildScreen
from screens.editing.dialog import EditDialog
from screens.places import Place
from tests.build.remote.test_editing import AT_FAILURE, FAILS
from tests.build.remote.test_remote import BUILD, stopped
from tests.builders.test_null import local, template
from tests.cli.attached.test_attach import building, sessions
from tests.cli.running import on
from tests.rack_process import rack
from tests.screens.driving import app_of, in_front, press, running, services, toasts, until
from tests.screens.live import live_services
from tests.sessions import shell
from tests.sessions import template as rack_template

FIRST = "provision-1"
TWO = template(local("echo one"), local("echo two"))


async def test_a_session_of_another_process_is_followed_and_steered(tmp_path: Path) -> None:
    given = services(tmp_path, "http://127.0.0.1:9", "none", start=None)
    # The app keeps its sessions there, and knows nothing of who runs this one.
    place = Place("build", ("1",))
    async with stopped(tmp_path / "state", TWO) as at, running(given, opens=place) as pilot:
        assert given.settings.paths.sessions == at.folder.path.parent
        screen = await in_front(pilot, BuildScreen)
        await until(pilot, lambda: screen.build and screen.build.pause)
        await app_of(pilot).go(place)  # once more changes nothing
        session = screen.session
        await press(pilot, "s")
        assert [str(n.message) for n in app_of(pilot)._notifications][-1] == (
            "There is no instance to open a shell in."
        )
        await press(pilot, "B", "n")
        await until(
            pilot,
            lambda: (
                (b := at.session.state.builds[BUILD]).pause
                and b.steps["provision-1"].phase == "done"
            ),
        )
        pause = at.session.state.builds[BUILD].pause
        assert (pause and (pause.step, pause.reason)) == (FIRST, "after")
        await until(pilot, lambda: screen.log_pane.view.model.window.count > 1)
        await press(pilot, "c")
        await until(pilot, lambda: screen.state.finished)
        assert screen.session is session
        await until(pilot, lambda: not screen.desk.live)
        assert screen.state == at.session.state


async def test_a_process_that_goes_away_is_told(tmp_path: Path) -> None:
    given = services(tmp_path, "http://127.0.0.1:9", "none", start=None)
    place = Place("build", ("1",))
    async with stopped(tmp_path / "state", TWO) as at, running(given, opens=place) as pilot:
        screen = await in_front(pilot, BuildScreen)
        await until(pilot, lambda: screen._remote)
        assert screen._remote is not None
        screen._remote._wire._writer.transport.abort()
        await until(pilot, lambda: not screen.desk.live)
        told = [str(n.message) for n in app_of(pilot)._notifications]
        assert f"Session {at.session.number}: Its process has ended." in told
        await press(pilot, "c")
        assert at.session.state.builds[BUILD].pause is not None
        await at.session.command(c.Resume())


async def edited(pilot: Pilot[int], old: str, new: str) -> EditDialog:
    """The dialog in which the step's text was changed; it is not taken yet."""
    await press(pilot, "e")
    dialog = await in_front(pilot, EditDialog)
    area = dialog.query_one(TextArea)
    assert old in area.text
    area.text = area.text.replace(old, new)
    return dialog


async def test_a_step_that_failed_in_another_process_is_edited_here_and_runs_again(
    tmp_path: Path,
) -> None:
    given = services(tmp_path, "http://127.0.0.1:9", "none", start=None)
    place = Place("build", ("1",))
    async with (
        stopped(tmp_path / "state", FAILS, AT_FAILURE) as at,
        running(given, opens=place) as pilot,
    ):
        screen = await in_front(pilot, BuildScreen)
        await until(pilot, lambda: screen.build and screen.build.pause)
        await edited(pilot, "exit 3", "echo repaired")
        await press(pilot, "escape")
        await until(pilot, lambda: pilot.app.screen is screen)
        assert screen.build is not None
        assert screen.build.pause is not None  # nothing happened
        dialog = await edited(pilot, "exit 3", "echo repaired")
        assert "<sensitive 1>" in dialog.query_one(TextArea).text
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: screen.state.finished)
        assert screen.state.finished is not None
        assert screen.state.finished.status == "succeeded"
        assert screen.state.builds[BUILD].steps["provision-2"].attempt == 2
        assert "repaired" in at.there.log("provision-2")


@pytest.mark.slow
async def test_a_ci_build_on_a_rack_is_repaired_from_the_screen_of_another_terminal(
    tmp_path: Path,
) -> None:
    path = tmp_path / "t.pkr.hcl"
    async with rack() as there:
        steps = shell("echo once >> /tmp/ran"), shell("no-such-command"), shell("cat /tmp/ran")
        path.write_text(rack_template(*steps, source=f"ssh_port = {there.ssh_port}"))
        environ = {**sessions(tmp_path), **on(there)}
        async with building("--break-on-error", str(path), environ=environ) as ci:
            await ci.until("paused", reason="failure")
            given = replace(live_services(tmp_path, there), start=None)
            async with running(given, opens=Place("build", ("1",))) as pilot:
                screen = await in_front(pilot, BuildScreen)
                await until(pilot, lambda: screen.build and screen.build.pause)
                await edited(pilot, "no-such-command", "echo repaired")
                await press(pilot, "ctrl+s")
                await ci.until("step_finished", step="provision-2", status="done")
                await until(pilot, lambda: screen.state.finished)
                assert not [text for text in toasts(pilot) if "Not" in text]
            assert (await ci.until("session_finished"))["status"] == "succeeded"
        begun = [e["step"] for e in ci.told if e["type"] == "step_started"]
        assert [begun.count(f"provision-{n}") for n in (1, 2, 3)] == [1, 2, 1]
