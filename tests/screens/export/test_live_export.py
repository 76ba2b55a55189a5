"""From a build that stands still at a failure to its export, in the app on a live rack."""

from __future__ import annotations

from pathlib import Path

import pytest

from screens.build.screen import BuildScreen
from screens.dialogs.form import FormDialog
from screens.export.screen import ExportScreen
from tests.rack_process import rack
from tests.screens.driving import in_front, press, until
from tests.screens.live import live_app, start, stopped
from tests.sessions import shell, template

pytestmark = pytest.mark.usefixtures("one_grammar")


@pytest.mark.slow
async def test_x_shows_the_export_of_a_build_that_stands_still_and_esc_goes_back(
    tmp_path: Path,
) -> None:
    target = tmp_path / "made.pkr.hcl"
    async with rack() as there, live_app(tmp_path, there) as pilot:
        await start(pilot, template(shell("exit 3")))
        await stopped(pilot)
        await press(pilot, "X")
        screen = pilot.app.screen
        assert isinstance(screen, ExportScreen)
        await until(pilot, lambda: screen.exported)
        assert screen.exported is not None
        assert screen.exported.problems == ()
        await press(pilot, "w")
        await in_front(pilot, FormDialog)
        for _ in range(40):
            await pilot.press("backspace")
        await pilot.press(*str(target))
        await press(pilot, "enter")
        await until(pilot, target.exists)
        assert "# ubuntu-24-04" in target.read_text()
        await press(pilot, "escape")
        await in_front(pilot, BuildScreen)
