"""How Compose looks, at the smallest size that is complete and at a usual one."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from screens.compose.lookup_dialog import LookupDialog
from tests.screens.compose.stage import (
    TEMPLATE,
    compose_of,
    composing,
    do,
    settled,
    type_in,
    with_template,
)
from tests.screens.conftest import TakePicture
from tests.screens.driving import app_of, loaded, press, running, services, until


def _is_read(pilot: Pilot[int]) -> bool:
    dialog = pilot.app.screen
    return isinstance(dialog, LookupDialog) and not dialog.query_one(".lookup--state").display


SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])


@SIZES
async def test_new_from_an_image(
    size: tuple[int, int], picture: TakePicture, pictured_rack: tuple[str, str], tmp_path: Path
) -> None:
    async with running(services(tmp_path, *pictured_rack), size) as pilot:
        await loaded(pilot)
        await press(pilot, "end", "n")
        await until(pilot, lambda: app_of(pilot).place_screen("compose"))
        await settled(pilot)
        await picture(pilot, "new")
        await press(pilot, "enter")
        await until(pilot, lambda: _is_read(pilot))
        await picture(pilot, "lookup")
        await type_in(pilot, "web")
        await do(pilot, "enter", "down")
        await picture(pilot, "answer")


@SIZES
async def test_states(
    size: tuple[int, int],
    picture: TakePicture,
    pictured_rack: tuple[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    await with_template(tmp_path)
    async with composing(tmp_path, pictured_rack, "file", "web.pkr.hcl", size=size) as pilot:
        screen = compose_of(pilot)
        screen.focus_row("memory")
        await do(pilot, "enter", *"lots")
        await picture(pilot, "typing")
        await do(pilot, "escape", "escape")
        await picture(pilot, "outline")
        screen.outline.select("build.0.provisioner.1")
        await settled(pilot)
        await press(pilot, "e")
        await until(pilot, lambda: pilot.app.screen.query("ScriptEditor:focus"))
        await picture(pilot, "script")
        await do(pilot, "escape", "space", "enter")
        await picture(pilot, "provisioner-off")
        screen.outline.select("source.oxide-instance.web")
        await settled(pilot)
        screen.focus_row("cpus")
        await do(pilot, "enter", *"999", "enter")
        await picture(pilot, "field-error")
        screen.outline.select("build.0.provisioner.2")
        await settled(pilot)
        await do(pilot, "f2", "end", "enter", *"depth", "space", "=", "space", *"var.gone")
        await do(pilot, "escape")
        screen.focus_row()
        await do(pilot, "p")
        await picture(pilot, "problems")
        await do(pilot, "enter", "f2")
        await picture(pilot, "text")


@SIZES
async def test_a_template_for_another_rack(
    size: tuple[int, int],
    picture: TakePicture,
    pictured_rack: tuple[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    host = '  host = "https://other.example"\n  token = "oxide-token-1"\n  cpus '
    await with_template(tmp_path, TEMPLATE.replace("  cpus ", host))
    async with composing(tmp_path, pictured_rack, "file", "web.pkr.hcl", size=size) as pilot:
        await picture(pilot, "other-rack")


@SIZES
async def test_ssh(
    size: tuple[int, int],
    picture: TakePicture,
    pictured_rack: tuple[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    await with_template(tmp_path)
    async with composing(tmp_path, pictured_rack, "file", "web.pkr.hcl", size=size) as pilot:
        screen = compose_of(pilot)
        screen.outline.select("source.oxide-instance.web ssh")
        await settled(pilot)
        screen.focus_row("temporary_key_pair_name")
        await do(pilot, "enter", *"key-1")
        await picture(pilot, "page")
