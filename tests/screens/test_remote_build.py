"""A session that another process runs, on the Build screen."""

from __future__ import annotations

from pathlib import Path

from oxtui.component import commands as c
from screens.build.screen import BuildScreen
from screens.places import Place
from tests.build.remote.test_remote import BUILD, stopped
from tests.builders.test_null import local, template
from tests.screens.driving import app_of, press, running, services, until

FIRST = "provision-1"
TWO = template(local("echo one"), local("echo two"))


async def test_a_session_of_another_process_is_followed_and_steered(tmp_path: Path) -> None:
    given = services(tmp_path, "http://127.0.0.1:9", "none", start=None)
    # The app keeps its sessions there, and knows nothing of who runs this one.
    place = Place("build", ("1",))
    async with stopped(tmp_path / "state", TWO) as at, running(given, opens=place) as pilot:
        assert given.settings.paths.sessions == at.folder.path.parent
        await until(pilot, lambda: isinstance(pilot.app.screen, BuildScreen))
        screen = pilot.app.screen
        assert isinstance(screen, BuildScreen)
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
        await until(pilot, lambda: isinstance(pilot.app.screen, BuildScreen))
        screen = pilot.app.screen
        assert isinstance(screen, BuildScreen)
        await until(pilot, lambda: screen._remote)
        assert screen._remote is not None
        screen._remote._wire._writer.transport.abort()
        await until(pilot, lambda: not screen.desk.live)
        told = [str(n.message) for n in app_of(pilot)._notifications]
        assert f"Session {at.session.number}: Its process has ended." in told
        await press(pilot, "c")
        assert at.session.state.builds[BUILD].pause is not None
        await at.session.command(c.Resume())
