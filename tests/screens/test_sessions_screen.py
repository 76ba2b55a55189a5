"""The Sessions screen: what ran, replayed; what was left, removed."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from screens.build.screen import BuildScreen
from screens.dialogs.confirm import ConfirmDialog
from screens.sessions.screen import SessionsScreen
from tests.rack_process import rack
from tests.screens.driving import press, running, until
from tests.screens.live import ended, live_app, live_services, start, stopped
from tests.sessions import shell, template


async def test_a_session_that_is_over_is_shown_as_it_was(tmp_path: Path) -> None:
    async with rack() as there:
        async with live_app(tmp_path, there) as pilot:
            await start(pilot, template(shell("echo words of the guest", "exit 3")))
            await stopped(pilot)
            await press(pilot, "a")
            await until(pilot, lambda: isinstance(pilot.app.screen, ConfirmDialog))
            await press(pilot, "enter")
            live = await ended(pilot)
        async with running(live_services(tmp_path, there)) as pilot:
            await press(pilot, "f3")
            await until(pilot, lambda: isinstance(pilot.app.screen, SessionsScreen))
            screen = pilot.app.screen
            assert isinstance(screen, SessionsScreen)
            await until(pilot, lambda: screen.current)
            assert screen.current is not None
            assert screen.current.state in ("failed", "cancelled")
            await press(pilot, "enter")
            await until(pilot, lambda: isinstance(pilot.app.screen, BuildScreen))
            build = pilot.app.screen
            assert isinstance(build, BuildScreen)
            await until(pilot, lambda: build.session)
            (replayed,) = build.state.builds.values()
            assert replayed == live


@pytest.mark.slow
async def test_what_a_killed_build_left_is_listed_and_removed(tmp_path: Path) -> None:
    async with rack() as there:
        given = live_services(tmp_path, there)
        path = tmp_path / "t.pkr.hcl"
        path.write_text(
            template(shell("echo reached; sleep 60")).replace(
                '"web"\n', f'"web"\n  ssh_port = {there.ssh_port}\n', 1
            )
        )
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "oxtui", "build", str(path), stdout=asyncio.subprocess.PIPE,
            env={
                **os.environ, "OXIDE_HOST": there.host, "OXIDE_TOKEN": there.token,
                "OXTUI_SESSIONS_DIR": str(given.settings.paths.sessions),
            },
        )  # fmt: skip
        assert process.stdout is not None
        while b"reached" not in (line := await process.stdout.readline()) or b"echo" in line:
            assert line
        process.kill()
        await process.communicate()
        environment = {"OXIDE_HOST": there.host, "OXIDE_TOKEN": there.token}
        async with running(live_services(tmp_path, there, environment)) as pilot:
            await press(pilot, "f3")
            await until(pilot, lambda: isinstance(pilot.app.screen, SessionsScreen))
            screen = pilot.app.screen
            assert isinstance(screen, SessionsScreen)
            await until(pilot, lambda: screen.current and screen.current.leftovers == 3)
            assert screen.current is not None
            assert screen.current.state == "cut_off"
            await press(pilot, "l")
            await until(pilot, lambda: isinstance(pilot.app.screen, ConfirmDialog))
            await press(pilot, "enter")
            await until(pilot, lambda: screen.current and not screen.current.leftovers)
