"""Stops of a session that another process goes on with."""

from __future__ import annotations

from pathlib import Path

import pytest

from oxtui.build.control import Policy
from oxtui.build.resume.choices import Choices
from oxtui.build.stops import Stopping
from oxtui.component import commands as c
from oxtui.component.events import Event, Paused
from tests.builders.test_null import local, template
from tests.sessions import rackless

TEXT = template(local("echo one"), local("echo two"), local("echo three"))


@pytest.mark.parametrize("wanted", [True, False])
async def test_a_session_that_goes_on_stops_where_it_did_unless_that_is_not_wanted(
    tmp_path: Path, wanted: bool
) -> None:
    async with rackless(tmp_path) as there:
        at_first = Stopping(steps=(("before", "1"),))
        session = await there.session(TEXT, Policy("ask", attended=True, stopping=at_first))

        def heard(event: Event) -> None:
            if isinstance(event, Paused):
                (control,) = session._controls.values()
                control.command(c.SetBreakpoint(step="provision-1", on=False))
                control.command(c.SetBreakpoint(step="provision-2", on=True, when="after"))
                control.command(c.SetBreakpoint(step="provision-3", on=True))
                control.command(c.SetStop(kind="cleanup", on=True))
                control.command(c.Abort(cleanup=False))

        session.subscribe(heard)
        await session.run()
        stops: list[str] = []

        def answered(stop: Paused) -> c.Command:
            stops.append(f"{stop.reason} {stop.step}")
            return c.Resume()

        answers = [answered] * 3 * wanted
        finished = await there.resume(
            *answers, policy=Policy("ask", attended=True), choices=Choices(stops=wanted)
        )
        assert finished.status == "succeeded"
        asked = ["after provision-2", "breakpoint provision-3", "cleanup cleanup"]
        assert stops == (asked if wanted else [])
        build = there.build
        marked = [s.plan.id for s in build.steps.values() if s.breakpoint or s.break_after]
        assert marked == (["provision-2", "provision-3"] if wanted else [])
        assert [s.kind for s in build.stops if s.kind != "error"] == ["cleanup"] * wanted
