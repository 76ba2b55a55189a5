"""Builds of every builder for Outscale on the Build screen, against a simulated account."""

from __future__ import annotations

import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import TextArea

from oxtui.outscale.metadata import VARIABLE
from screens.build.screen import BuildScreen
from screens.builds import Job
from screens.editing.dialog import EditDialog
from screens.widgets.top_line import TopLine
from tests.builders.outscale.bench import IMAGE, OutscaleBench, bench, template
from tests.builders.outscale.chroots import VM, chroots, on_base, scratch
from tests.roots import mounted_in, needs_mounts
from tests.screens.accounts import account_services
from tests.screens.driving import app_of, in_front, press, running, until
from tests.screens.live import build_screen, ended, stopped
from tests.sessions import shell

pytestmark = pytest.mark.slow

SURROGATE = """
  launch_block_device_mappings {
    device_name           = "/dev/sdb"
    volume_size           = 1
    delete_on_vm_deletion = true
  }
  omi_root_device {
    source_device_name = "/dev/sdb"
    device_name        = "/dev/sda1"
  }
"""
VOLUME = """
  bsu_volumes {
    device_name = "/dev/sdb"
    volume_size = 1
  }
"""


@pytest.fixture(autouse=True)
def nothing_mounted(tmp_path: Path) -> Iterator[None]:
    """What is this machine's own does not stay in a folder that is removed later."""
    yield
    left = mounted_in(tmp_path)
    for target in reversed(left):
        subprocess.run(["umount", "--lazy", target], check=False)
    assert left == []


@asynccontextmanager
async def app_on(there: OutscaleBench, folder: Path) -> AsyncIterator[Pilot[int]]:
    """The app on the simulated account."""
    known = {
        name: there.environment.environ.get(name, "")
        for name in (*there.process.variables, VARIABLE)
    }
    services = account_services(
        folder / "home", {name: value for name, value in known.items() if value}
    )
    async with running(services, (120, 40)) as pilot:
        await until(pilot, lambda: app_of(pilot).connector.link)
        yield pilot


async def begin(pilot: Pilot[int], text: str) -> None:
    """Start a build, and wait until it is in front."""
    before = len(app_of(pilot).builds.all)
    app_of(pilot).start_build(Job("t.pkr.hcl", text, needs_rack=False))
    await until(pilot, lambda: len(app_of(pilot).builds.all) > before)
    await in_front(pilot, BuildScreen)


@pytest.mark.parametrize(
    ("kind", "source", "name", "left"),
    [
        ("outscale-bsu", "", "made", ["ami", "snap"]),
        ("outscale-bsusurrogate", SURROGATE, "made", ["ami", "snap"]),
        ("outscale-bsuvolume", VOLUME, "", ["vol"]),
    ],
)
async def test_a_failed_step_is_edited_and_what_was_asked_for_is_made(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    source: str,
    name: str,
    left: list[str],
) -> None:
    async with bench(tmp_path, monkeypatch) as there, app_on(there, tmp_path) as pilot:
        source = f"ssh_port = {there.process.ssh_port}\n{source}"
        await begin(pilot, template(shell("no-such-command"), source=source, kind=kind, name=name))
        await stopped(pilot)
        await press(pilot, "e")
        await in_front(pilot, EditDialog)
        pilot.app.screen.query_one(TextArea).text = "echo repaired\n"
        await press(pilot, "ctrl+s")
        assert (await ended(pilot)).phase == "succeeded"
        top = build_screen(pilot).query_one(TopLine)
        await until(pilot, lambda: "succeeded" in str(top.render()))
        assert await there.left() == left


async def test_a_data_source_finds_the_image(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = f'data "outscale-omi" "base" {{\n filters = {{ image-name = "{IMAGE}" }}\n owners = ["Outscale"]\n}}\n'
    async with bench(tmp_path, monkeypatch) as there, app_on(there, tmp_path) as pilot:
        source = (
            f"ssh_port = {there.process.ssh_port}\ntags = {{ base = data.outscale-omi.base.name }}"
        )
        await begin(pilot, found + template(shell("true"), source=source))
        assert (await ended(pilot)).phase == "succeeded"
        (image,) = await there.client.images.list({"ImageNames": ["made"]})
        assert image.labels["base"] == IMAGE


@needs_mounts()
async def test_images_are_made_in_a_chroot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with chroots(tmp_path, monkeypatch) as there, app_on(there, tmp_path) as pilot:
        await begin(pilot, scratch(tmp_path, shell("echo first >/root/made")))
        assert (await ended(pilot)).phase == "succeeded"
        await begin(pilot, on_base(tmp_path, shell("cat /root/made")))
        assert (await ended(pilot)).phase == "succeeded"
        assert await there.left() == sorted([*VM, "ami", "ami", "snap", "snap"])
