"""A template that packer runs, in the app: composed, built, answered at its breakpoint, and replayed."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from oxtui.component.events import Paused
from screens.build.screen import BuildScreen
from screens.connect.screen import ConnectScreen
from tests.build.packer.standing_in import stand_in
from tests.build.packer.test_session import SSH, as_named
from tests.screens.compose.stage import compose_of, settled
from tests.screens.driving import app_of, in_front, press, running, services, until
from tests.screens.live import ended, stopped


async def opened(pilot: Pilot[int]) -> None:
    await in_front(pilot, ConnectScreen)
    await press(pilot, "escape")
    await until(pilot, lambda: compose_of(pilot).bench)
    await settled(pilot)


def reasons(screen: BuildScreen) -> dict[str, str]:
    """Why actions of the screen are not possible, by their ids."""
    build = screen.build
    assert build is not None
    return {offer.action.id: offer.reason or "" for offer in screen.stop_offers(build)}


@pytest.mark.slow
async def test_a_template_for_packer_is_composed_built_and_answered(tmp_path: Path) -> None:
    there = stand_in(tmp_path)
    as_named(there, "ssh", manifest="docker-tag", shell_local="vagrant")
    path = tmp_path / "t.pkr.hcl"
    path.write_text(
        SSH.replace('source "null" "one" {', 'source "acme" "zero" {}\n source "null" "one" {')
    )
    made = services(
        tmp_path,
        "http://127.0.0.1:9",
        "none",
        start=None,
        environment={"PATH": there.environ["PATH"]},
    )
    async with running(made, template=path) as pilot:
        await opened(pilot)
        screen = compose_of(pilot)
        assert screen.why_not_build() == ""
        (empty,) = screen.form.query(".form--empty").results(Static)
        assert str(empty.content).startswith("oxtui has no form for this part")
        assert len(screen.problems) == 3
        assert all(each.text.startswith("Packer (") for each in screen.problems)
        await press(pilot, "B")
        await in_front(pilot, BuildScreen)
        pause: Paused = await stopped(pilot)
        assert (pause.step, pause.note) == ("provision-2", "look here")
        build = pilot.app.screen
        assert isinstance(build, BuildScreen)
        why = reasons(build)
        assert why["build.continue"] == ""
        assert why["build.abort"] == ""
        assert why["build.step"].startswith("Packer runs this build")
        await press(pilot, "c")
        state = await ended(pilot)
        assert state.phase == "succeeded"
        assert app_of(pilot).builds.live == []
