"""A boot that fails is told at once, and again where the login fails, with the line that shows it."""

from __future__ import annotations

from pathlib import Path

import pytest

from oxtui.component.events import BootTroubleSeen, StepFinished
from tests.sessions import bench, shell, template


@pytest.mark.slow
async def test_a_kernel_panic_is_told_at_once_and_where_the_login_fails(tmp_path: Path) -> None:
    async with bench(tmp_path, "--fault", "instance:panic") as there:
        text = template(shell("true"), source='ssh_timeout = "2s"')
        assert (await there.run(text)).status == "failed"
        told = [event for event in there.events if isinstance(event, BootTroubleSeen)]
        assert [event.trouble for event in told] == ["root-not-found", "kernel-panic"]
        assert told == list(there.build.troubles)
        names = [
            event.step if isinstance(event, StepFinished) else "trouble"
            for event in there.events
            if isinstance(event, StepFinished | BootTroubleSeen)
        ]
        assert names.index("trouble") < names.index("connect")
        error = there.build.error
        assert error.startswith("connect: no SSH to ubuntu@")
        assert (
            "The root file system was not found. Its serial console says: “[    1.391228]" in error
        )
        assert "The last 10 lines of the serial console:" in there.log("connect")
        assert await there.left_on_rack() == []


@pytest.mark.slow
async def test_a_boot_that_goes_well_has_no_trouble(tmp_path: Path) -> None:
    async with bench(tmp_path) as there:
        text = template(shell("true"), source="skip_create_image = true")
        assert (await there.run(text)).status == "succeeded"
        assert there.build.troubles == ()
