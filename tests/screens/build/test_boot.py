"""While an instance boots, its console stands beside the log; troubles of the boot are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from oxtui.component.events import BootTroubleSeen
from screens.build.boot import BootLines, SerialBeside
from screens.build.screen import BuildScreen
from tests.screens.build import scenes
from tests.screens.build.sessions import AT_FAILURE
from tests.screens.build.stage import redrawn, staged


def told(screen: BuildScreen) -> str:
    lines = screen.query_one(BootLines)
    return str(lines.render()) if lines.display else ""


async def test_the_console_is_beside_the_log_until_somebody_can_log_in(tmp_path: Path) -> None:
    async with staged(tmp_path, scenes.connecting) as (pilot, session):
        screen = await redrawn(pilot)
        beside = screen.query_one(SerialBeside)
        assert beside.display
        assert beside.view.model.window.count == 28
        await pilot.press("up", "up", "up")  # of a step that is over
        await redrawn(pilot)
        assert beside.display  # it prepares the instance
        await pilot.press("end", "down", "down", "down", "down")
        await redrawn(pilot)
        assert not beside.display  # what is read is another step
        await pilot.press("up")
        await redrawn(pilot)
        assert beside.display
        session.run("connect", 1.0, "failed")
        session.pause("connect", "failure", AT_FAILURE)
        await redrawn(pilot)
        assert beside.display  # whoever looks for the cause needs it
        session.resume("connect", "retry")
        session.run("connect", 1.0)
        await redrawn(pilot)
        assert not beside.display


async def test_in_a_small_terminal_its_tab_is_named(tmp_path: Path) -> None:
    async with staged(tmp_path, scenes.connecting, (80, 24)) as (pilot, session):
        screen = await redrawn(pilot)
        assert not screen.query_one(SerialBeside).display
        assert told(screen) == "2 shows its serial console while it boots."
        await pilot.press("2")
        await redrawn(pilot)
        assert told(screen) == ""
        await pilot.press("1")
        session.run("connect", 1.0)
        await redrawn(pilot)
        assert told(screen) == ""


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_a_trouble_is_told_at_once_and_the_fatal_one_first(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with staged(tmp_path, scenes.no_network, size) as (pilot, session):
        screen = await redrawn(pilot)
        assert told(screen).startswith("! The machine's network did not come up.")

        def trouble(id_: str, text: str, fatal: bool) -> None:
            session.tell(
                BootTroubleSeen(
                    time=session.now, build=session.build, trouble=id_, text=text, line="l",
                    fatal=fatal,
                )
            )  # fmt: skip

        trouble("emergency-mode", "The machine ended in [b]emergency[/b] mode.", fatal=True)
        trouble("disk-full", "A disk is full.", fatal=False)
        await redrawn(pilot)
        assert told(screen).splitlines()[:2] == [
            "✗ The machine ended in [b]emergency[/b] mode.", "! A disk is full."
        ]  # fmt: skip
        await pilot.press("2")
        await redrawn(pilot)
        assert "A disk is full." in told(screen)


async def test_what_the_console_tells_while_a_provisioner_runs_is_told_with_it(
    tmp_path: Path,
) -> None:
    async with staged(tmp_path, scenes.running) as (pilot, session):
        session.tell(
            BootTroubleSeen(
                time=session.now, build=session.build, trouble="out-of-memory",
                text="The kernel killed apt-get.", line="l", fatal=False,
            )
        )  # fmt: skip
        screen = await redrawn(pilot)
        assert told(screen) == "! The kernel killed apt-get."
        await pilot.press("up")
        await redrawn(pilot)
        assert told(screen) == ""
