"""The app on a live rack, where builds run for real."""

from __future__ import annotations

import contextlib
import time
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path

import pytest
from textual.pilot import Pilot

from oxtui.build.state import BuildState
from oxtui.component.events import Paused
from oxtui.oxide.client import OxideClient
from oxtui.oxide.credentials import Connection
from oxtui.oxide.token import Token
from oxtui.settings import load
from screens.build.screen import BuildScreen
from screens.builds import Job
from screens.connection import Demo, Link, Target
from screens.services import Services
from tests.rack_process import RackProcess
from tests.screens.driving import FOLDERS, TRUECOLOR, app_of, in_front, running, until


def live_services(
    folder: Path,
    there: RackProcess,
    environment: Mapping[str, str] | None = None,
    flags: Mapping[str, str] | None = None,
) -> Services:
    """Services whose demo rack is a rack of the test's own; `flags` are settings by dotted name."""
    environ = {f"OXTUI_{name.upper()}_DIR": str(folder / name) for name in FOLDERS}
    environ["OXTUI_SESSIONS_DIR"] = str(folder / "sessions")

    @contextlib.asynccontextmanager
    async def open_(target: Target, tell: Callable[[str], None]) -> AsyncIterator[Link]:
        source = {"host": "demo rack", "token": "demo rack"}
        connection = Connection(there.host, Token(there.token), source=source)
        tell("starting the demo rack")
        async with OxideClient(connection) as client:
            user = await client.session.me()
            yield Link(target, connection, client, user, "overlay", there.ssh_port)

    return Services(
        settings=load(
            environ,
            {
                "general.theme": "oxtui-dark",
                "general.clipboard": "osc52",
                "build.changes": "off",  # looks at guests take time; tests of them turn it on
                **(flags or {}),
            },
        ),
        environment={**TRUECOLOR, "HOME": str(folder), **(environment or {})},
        oxide_config=folder / "oxide",
        open=open_,
        clock=time.time,
        start=Demo(),
    )


@contextlib.asynccontextmanager
async def live_app(
    folder: Path,
    there: RackProcess,
    size: tuple[int, int] = (120, 40),
    flags: Mapping[str, str] | None = None,
) -> AsyncIterator[Pilot[int]]:
    """The app, connected."""
    async with running(live_services(folder, there, flags=flags), size) as pilot:
        await until(pilot, lambda: app_of(pilot).connector.link)
        yield pilot


def build_screen(pilot: Pilot[int]) -> BuildScreen:
    """The Build screen, which is in front."""
    screen = pilot.app.screen
    assert isinstance(screen, BuildScreen), screen
    return screen


async def start(pilot: Pilot[int], text: str) -> None:
    """Start a build of a template and wait for the Build screen."""
    app_of(pilot).start_build(Job("t.pkr.hcl", text))
    await in_front(pilot, BuildScreen)


def build(pilot: Pilot[int]) -> BuildState:
    """The only build of the session that was started last."""
    (state,) = app_of(pilot).builds.all[-1].builds
    return state


async def stopped(pilot: Pilot[int], reason: str = "", step: str = "") -> Paused:
    """Wait until the build stands still, for that reason or at that step if one is given, and the screen shows it.

    What is pressed is for what the screen shows, which is drawn ten times a second.
    """

    def stands() -> bool:
        if not app_of(pilot).builds.all[-1].builds or (pause := build(pilot).pause) is None:
            return False
        screen = pilot.app.screen
        drawn = not isinstance(screen, BuildScreen) or screen.at.step == pause.step
        return drawn and reason in ("", pause.reason) and step in ("", pause.step)

    await until(pilot, stands)
    pause = build(pilot).pause
    assert pause is not None
    return pause


async def ended(pilot: Pilot[int]) -> BuildState:
    """Wait until the session is over; where it does not end, its steps are told."""
    try:
        await until(pilot, lambda: app_of(pilot).builds.all[-1].is_over)
    except TimeoutError:
        state = build(pilot)
        stand = {name: each.phase for name, each in state.steps.items()}
        pytest.fail(f"the build goes on: {stand}, stopped at {state.pause}")
    return build(pilot)
