"""Templates that need no rack, in the app of somebody who is connected to none."""

from __future__ import annotations

from pathlib import Path

from textual.pilot import Pilot

from oxtui.build.remote.client import RemoteSession
from oxtui.component.commands import Abort, Resume, SetBreakpoint, SetStop
from oxtui.component.events import Paused
from screens.build.screen import BuildScreen
from screens.builds import Job
from screens.connect.screen import ConnectScreen
from tests.screens.compose.stage import compose_of, settled
from tests.screens.driving import app_of, in_front, press, running, services, until
from tests.screens.live import build, ended, stopped

TEMPLATE = """source "null" "x" {
  communicator = "none"
}

build {
  sources = ["source.null.x"]

  provisioner "breakpoint" {}

  provisioner "shell-local" {
    inline = ["echo here"]
  }
}
"""


async def opened(pilot: Pilot[int]) -> None:
    """The template is on the screen, and checked, though the racks were offered first."""
    await in_front(pilot, ConnectScreen)
    await press(pilot, "escape")
    await until(pilot, lambda: compose_of(pilot).bench)
    await settled(pilot)


async def test_a_template_that_needs_no_rack_is_composed_and_built_without_one(
    tmp_path: Path,
) -> None:
    path = tmp_path / "t.pkr.hcl"
    path.write_text(TEMPLATE)
    async with running(
        services(tmp_path, "http://127.0.0.1:9", "none", start=None), template=path
    ) as pilot:
        app = app_of(pilot)
        await opened(pilot)
        screen = compose_of(pilot)
        assert screen.why_not_build() == ""
        assert screen.summary() == "B starts the build"
        await press(pilot, "B")
        await in_front(pilot, BuildScreen)
        pause: Paused = await stopped(pilot)
        assert pause.choices == (
            "resume", "step_over", "run_until", "skip", "mark_done", "abort", "edit_step",
            "add_provisioner",
        )  # fmt: skip
        await app.builds.all[-1].session.command(Resume())
        state = await ended(pilot)
        assert state.phase == "succeeded"
        assert list(state.steps) == ["provision-1", "provision-2", "cleanup"]


async def test_one_that_needs_a_rack_waits_for_it(tmp_path: Path) -> None:
    path = tmp_path / "t.pkr.hcl"
    source = 'source "oxide-instance" "x" {\n  project = "p"\n  boot_disk_image_id = "i"\n'
    text = TEMPLATE.replace('source "null" "x" {\n  communicator = "none"\n', source)
    path.write_text(
        text.replace("null.x", "oxide-instance.x").replace('i"\n', 'i"\n  ssh_username = "u"\n', 1)
    )
    async with running(
        services(tmp_path, "http://127.0.0.1:9", "none", start=None), template=path
    ) as pilot:
        await opened(pilot)
        assert compose_of(pilot).why_not_build() == "Connect to a rack first (ctrl+o)."
        await press(pilot, "B")
        assert app_of(pilot).builds.all == []


async def test_the_stops_of_the_last_session_are_set_again_and_others_can_attach(
    tmp_path: Path,
) -> None:
    job = Job("t.pkr.hcl", TEMPLATE, needs_rack=False)
    async with running(services(tmp_path, "http://127.0.0.1:9", "none", start=None)) as pilot:
        app = app_of(pilot)
        app.start_build(job)
        await until(pilot, lambda: app.builds.all)
        await stopped(pilot)
        first = app.builds.all[-1].session
        for command in (
            SetBreakpoint(step="provision-2", on=True, when="after"),
            SetStop(kind="output", on=True, pattern="here"),
            Abort(),
        ):
            await first.command(command)
        await ended(pilot)
        app.start_build(job)
        await until(pilot, lambda: len(app.builds.all) == 2)
        assert (await stopped(pilot)).reason == "breakpoint"
        second = app.builds.all[-1].session
        remote = await RemoteSession.open(second.environment.folders.folder(second.number))
        assert await remote.ask(Resume(build="null.x")) == ""
        await stopped(pilot, "output")
        assert build(pilot).steps["provision-2"].break_after
        assert await remote.ask(Resume(build="null.x")) == ""
        assert await remote.over == "The session is over."
        await remote.close()
        assert (await ended(pilot)).phase == "succeeded"
