"""The grid: every build's present output at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from screens.build.grid import GridPane, Pane
from tests.screens.build import scenes
from tests.screens.build.sessions import ScriptedSession
from tests.screens.build.stage import redrawn, screen_of, staged
from tests.screens.conftest import TakePicture
from tests.screens.driving import until

SIZES = [(80, 24), (120, 40)]


def three(session: ScriptedSession) -> None:
    """One build waits at a failure, two run."""
    for name, scene in (("db-01", scenes.starting), ("mail-01", scenes.running)):
        session.build = name
        scene(session)
    session.build = "web-01"
    scenes.failed(session)


def text_of(pane: GridPane) -> str:
    view = pane.view
    rows = [view.render_line(y).text.rstrip() for y in range(view.size.height)]
    return "\n".join([pane.query_one("StepLine").render().plain, *rows])  # type: ignore[union-attr]


async def shown(pilot: Pilot[int]) -> dict[str, GridPane]:
    """The panes by build, once they are drawn."""
    found = list(screen_of(pilot).grid.query(GridPane))
    await until(pilot, lambda: all(pane.view.size.height for pane in found) and bool(found))
    await redrawn(pilot)
    return {f"{pane.pane.build}{' serial' * pane.pane.serial}": pane for pane in found}


async def test_each_build_has_a_pane_with_its_present_step(tmp_path: Path) -> None:
    async with staged(tmp_path, three, (160, 40)) as (pilot, session):
        await pilot.press("g")
        panes = await shown(pilot)
        assert list(panes) == ["db-01", "mail-01", "web-01"]
        assert "E: Unable to locate package ngnix" in text_of(panes["web-01"])
        assert "Reading state information..." in text_of(panes["mail-01"])
        assert text_of(panes["db-01"]).startswith("◐ db-01  instance")
        session.build = "mail-01"
        session.run("provision-3", 1)
        session.start("provision-4")
        session.write("provision-4", "hardening")
        await until(pilot, lambda: "hardening" in text_of(panes["mail-01"]))
        assert text_of(panes["mail-01"]).startswith("◐ mail-01  4 shell")


@pytest.mark.slow
async def test_a_pane_is_chosen_and_opened_by_keys(tmp_path: Path) -> None:
    async with staged(tmp_path, three, (160, 40)) as (pilot, _):
        screen = screen_of(pilot)
        here = screen.at.name
        assert here == "web-01"  # it waits for an answer
        await pilot.press("g")
        await shown(pilot)
        await pilot.press("up")
        await pilot.pause()
        assert screen.at.name == "db-01"  # keys act on the pane that is pointed at
        await pilot.press("greater_than_sign")
        await pilot.pause()
        assert [pane.has_class("-here") for pane in screen.grid.query(GridPane)] == [
            False, True, False,
        ]  # fmt: skip
        await pilot.press("enter")
        await pilot.pause()
        assert (screen.at.name, screen.at.tab) == ("mail-01", "steps")
        await pilot.press("g", "escape")
        assert screen.at.tab == "steps"
        await pilot.press("6", "g")
        assert screen.at.tab == "steps"


async def test_a_pane_is_opened_by_two_clicks(tmp_path: Path) -> None:
    async with staged(tmp_path, three, (160, 40)) as (pilot, _):
        await pilot.press("g")
        panes = await shown(pilot)
        await pilot.click(panes["db-01"].view, times=2)
        await pilot.pause()
        screen = screen_of(pilot)
        assert (screen.at.name, screen.at.tab) == ("db-01", "steps")


async def test_a_single_build_has_its_serial_console_beside_it(tmp_path: Path) -> None:
    async with staged(tmp_path, scenes.running) as (pilot, _):
        await pilot.press("g")
        panes = await shown(pilot)
        assert list(panes) == ["web-01", "web-01 serial"]
        assert "oxtui-web-01 login:" in text_of(panes["web-01 serial"])
        await pilot.press("right", "enter")
        await pilot.pause()
        assert screen_of(pilot).at.tab == "serial"


@pytest.mark.slow
async def test_more_builds_than_find_room_are_scrolled_to(tmp_path: Path) -> None:
    def many(session: ScriptedSession) -> None:
        for number in range(9):
            session.build = f"web-{number}"
            scenes.running(session)

    async with staged(tmp_path, many, (80, 24)) as (pilot, _):
        await pilot.press("g")
        await pilot.pause()
        screen = screen_of(pilot)
        await pilot.press(*["down"] * 8)
        last = screen.grid.query(GridPane).last()
        assert last.pane == Pane("web-8")
        await until(pilot, lambda: bool(last.view.size) and "state information" in text_of(last))
        await pilot.pause()
        assert screen.grid.region.contains_region(last.region)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_grid(tmp_path: Path, picture: TakePicture, size: tuple[int, int]) -> None:
    async with staged(tmp_path, three, size) as (pilot, _):
        await pilot.press("g")
        await shown(pilot)
        await picture(pilot, "builds")
