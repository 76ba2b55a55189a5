"""Recording in the app, for real: commands are typed, one is marked, and it becomes a provisioner."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import TextArea

from screens.editing.text_dialog import TextDialog
from screens.shell.pane import ShellPane
from tests.rack_process import rack
from tests.screens.driving import app_of, press, until
from tests.screens.live import build, build_screen, ended, live_app, start, stopped
from tests.screens.test_live_build import BREAKPOINT, shown, typed
from tests.sessions import shell, template

pytestmark = pytest.mark.slow


async def opened(pilot: Pilot[int]) -> ShellPane:
    """A shell at its prompt, whose recording is on."""
    await press(pilot, "s")
    pane = build_screen(pilot).shell
    await until(pilot, lambda: pane.session and pane.session.emulator.bracketed_paste)
    await press(pilot, "ctrl+]", "r")
    await until(pilot, lambda: pane.session and pane.session.recorder and pane.session.recorder.on)
    return pane


def listed(pane: ShellPane) -> list[str]:
    """The texts of the list."""
    return [row.command.text for row in pane.recorded.rows.rows]


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_a_recorded_command_becomes_a_provisioner(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    text = template(shell("echo before"), BREAKPOINT, shell("cat /tmp/made"))
    async with rack() as there, live_app(tmp_path, there, size) as pilot:
        await start(pilot, text)
        await stopped(pilot)
        pane = await opened(pilot)
        assert pane.session is not None
        await typed(pilot, "cd /tmp")
        await typed(pilot, "no-such-command")
        await typed(pilot, "echo it > made")
        await until(pilot, lambda: len(listed(pane)) == 3)
        assert [row.command.status for row in pane.recorded.rows.rows] == [0, 127, 0]
        assert "recording ●" in str(pane.border_title)
        assert "5713" not in shown(pane.session.emulator)
        assert pane.recorded.region.height > 5
        await press(pilot, "ctrl+]", "l")
        await until(pilot, lambda: pane.recorded.has_focus)
        await press(pilot, "space", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, TextDialog))
        area = pilot.app.screen.query_one(TextArea)
        assert area.text == "cd /tmp\necho it > made\n"
        area.text += "echo more\n"
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: build(pilot).added)
        (added,) = build(pilot).added
        assert (added.type_name, added.after) == ("shell", "provision-1")
        assert added.options["inline"] == ["cd /tmp", "echo it > made", "echo more"]
        assert added.options["inline_shebang"].endswith("bash -e")
        assert build(pilot).steps[added.plan.id].phase == "done"
        commands = [each.command for each in build(pilot).recorded]
        assert commands == ["cd /tmp", "no-such-command", "echo it > made"]
        await press(pilot, "escape")
        assert pane.terminal.has_focus
        await press(pilot, "ctrl+]", "r")
        recorder = pane.session.recorder
        await until(pilot, lambda: recorder and not recorder.on)
        await typed(pilot, "echo un''recorded")
        await until(pilot, lambda: "unrecorded" in shown(pane.session.emulator))
        assert len(listed(pane)) == 3
        # What was typed is still there in the next shell.
        await typed(pilot, "exit")
        await until(pilot, lambda: not pane.has_class("-open"))
        await press(pilot, "s")
        await until(pilot, lambda: pane.has_class("-open"))
        assert len(listed(pane)) == 3
        await press(pilot, "ctrl+]", "q", "c")
        assert (await ended(pilot)).phase == "succeeded"
        assert app_of(pilot).screen is build_screen(pilot)
