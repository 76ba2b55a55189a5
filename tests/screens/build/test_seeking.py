"""Errors and hits are found over all outputs: the steps, the serial consoles, the other builds."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from oxtui.logs.search import Pattern
from screens.build import seeking
from screens.build.screen import BuildScreen
from screens.build.seeking import Place
from screens.widgets.log.prompt import LogPrompt
from tests.screens.build import scenes
from tests.screens.build.sessions import ScriptedSession
from tests.screens.build.stage import screen_of, staged
from tests.screens.driving import until

WEB = "web-01"


@pytest.fixture
def session(tmp_path: Path) -> ScriptedSession:
    return ScriptedSession(tmp_path / "spools")


def spools(session: ScriptedSession, *sources: str) -> list[tuple[Place, Path | None]]:
    return [(Place(WEB, source), session.spool(WEB, source)) for source in sources]


@pytest.mark.parametrize("forward", [True, False])
def test_the_nearest_step_with_an_error(session: ScriptedSession, forward: bool) -> None:
    scenes.failed(session)
    find = seeking.error(forward=forward)
    among = spools(session, "sync", "connect", "provision-3")
    assert seeking.first(among, find) == ((WEB, "provision-3"), 28)
    assert seeking.first(among[:2], find) is None


@pytest.mark.parametrize(("forward", "line"), [(True, 0), (False, 79)])
def test_the_nearest_hit(session: ScriptedSession, forward: bool, line: int) -> None:
    scenes.failed(session)
    find = seeking.hit(Pattern.parse("package-"), forward=forward)
    among = spools(session, "sync", "connect", "provision-2")
    assert seeking.first(among, find) == ((WEB, "provision-2"), line)


def test_the_other_places_come_from_here_on_and_round_the_end() -> None:
    found = [Place("b", source) for source in "123"]
    assert [p.source for p in seeking.others(found, found[1], forward=True)] == ["3", "1"]
    assert [p.source for p in seeking.others(found, found[1], forward=False)] == ["1", "3"]
    assert seeking.others(found, Place("b", "gone"), forward=True) == found[1:]


async def standing(pilot: Pilot[int], build: str, source: str, line: int) -> BuildScreen:
    """Wait until that line of that output is marked."""
    screen = screen_of(pilot)

    def there() -> bool:
        shown = "serial" if screen.at.tab == "serial" else screen.at.step
        found = (screen.at.name, shown, screen.log_pane.view.model.pointer)
        return found == (build, source, line)

    await until(pilot, there)
    return screen


async def find(pilot: Pilot[int], text: str) -> None:
    await pilot.press("slash", *text, "enter")
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


@pytest.mark.slow
async def test_behind_the_last_hit_comes_the_next_output_and_at_last_the_first_again(
    tmp_path: Path,
) -> None:
    async with staged(tmp_path, scenes.failed) as (pilot, _):
        await pilot.press("enter", "home")
        await find(pilot, "pack")
        screen = await standing(pilot, WEB, "provision-3", 0)
        for line in (*range(1, 24), 25, 28):
            await pilot.press("n")
            await standing(pilot, WEB, "provision-3", line)
        await pilot.press("n")
        await standing(pilot, WEB, "provision-2", 0)
        assert screen.query_one("#search", LogPrompt).text == "pack"
        await pilot.press("N")
        await standing(pilot, WEB, "provision-3", 28)


async def test_the_serial_console_is_searched_too(tmp_path: Path) -> None:
    async with staged(tmp_path, scenes.failed) as (pilot, _):
        await find(pilot, "authorized")
        await pilot.press("n")
        await standing(pilot, WEB, "serial", 3)
        await pilot.press("n")
        await standing(pilot, WEB, "serial", 3)


async def test_the_other_builds_are_searched_too(tmp_path: Path) -> None:
    def two(session: ScriptedSession) -> None:
        session.build = "db-01"
        scenes.failed(session)  # a stop does not draw the eye away from what was found
        session.write("provision-1", "only here: mysql")
        session.build = WEB
        scenes.failed(session)

    async with staged(tmp_path, two) as (pilot, _):
        screen_of(pilot).show_build(WEB)
        await find(pilot, "mysql")
        await pilot.press("n")
        await standing(pilot, "db-01", "provision-1", 1)


async def test_a_filter_keeps_the_search_in_its_log(tmp_path: Path) -> None:
    async with staged(tmp_path, scenes.failed) as (pilot, _):
        await pilot.press("ampersand", *"reading", "enter")
        await pilot.app.workers.wait_for_complete()
        await find(pilot, "pack")
        await standing(pilot, WEB, "provision-3", 25)
        await pilot.press("n")
        await standing(pilot, WEB, "provision-3", 25)
