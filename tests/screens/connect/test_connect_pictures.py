"""Choosing a rack: how it looks, and what happens."""

from __future__ import annotations

from pathlib import Path

import pytest

from oxtui.examples import example
from screens.compose.screen import ComposeScreen
from screens.connect.screen import ConnectScreen
from screens.connection import Link, Rack
from screens.dialogs.form import FormDialog
from tests.screens.conftest import TakePicture
from tests.screens.driving import (
    app_of,
    browse_of,
    in_front,
    loaded,
    press,
    running,
    services,
    until,
)

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
CREDENTIALS = """
[profile.web]
host = "https://web.sys.example.com"
token = "oxide-token-1"

[profile.lab]
host = "https://lab.sys.example.com"
"""


@SIZES
async def test_the_first_start_offers_the_demo_rack(
    size: tuple[int, int], picture: TakePicture, pictured_rack: tuple[str, str], tmp_path: Path
) -> None:
    async with running(services(tmp_path, *pictured_rack, start=None), size) as pilot:
        await in_front(pilot, ConnectScreen)
        await picture(pilot, "first-start")
        await press(pilot, "enter")
        await loaded(pilot)
        assert pilot.app.screen is browse_of(pilot)


@SIZES
async def test_profiles(
    size: tuple[int, int], picture: TakePicture, pictured_rack: tuple[str, str], tmp_path: Path
) -> None:
    (tmp_path / "oxide").mkdir()
    path = tmp_path / "oxide" / "credentials.toml"
    path.write_text(CREDENTIALS)
    path.chmod(0o600)
    (tmp_path / "oxide" / "config.toml").write_text('default-profile = "web"\n')
    async with running(services(tmp_path, *pictured_rack), size) as pilot:
        await loaded(pilot)
        await press(pilot, "ctrl+o")
        await in_front(pilot, ConnectScreen)
        await picture(pilot, "profiles")
        await press(pilot, "home", "down")
        await picture(pilot, "unusable")


@SIZES
async def test_host_and_token(
    size: tuple[int, int], picture: TakePicture, pictured_rack: tuple[str, str], tmp_path: Path
) -> None:
    async with running(services(tmp_path, *pictured_rack, start=None), size) as pilot:
        await in_front(pilot, ConnectScreen)
        await press(pilot, "a", *"ftp://x", "tab", *"oxide-token-1", "enter")
        assert isinstance(pilot.app.screen, FormDialog)
        await picture(pilot, "wrong-host")


async def test_a_pasted_host_and_token_are_used_and_written_nowhere(
    pictured_rack: tuple[str, str], tmp_path: Path, home: Path
) -> None:
    async with running(services(tmp_path, *pictured_rack, start=None)) as pilot:
        await in_front(pilot, ConnectScreen)
        await press(pilot, "a", *"rack.example.com", "tab", *"oxide-token-secret", "enter")
        await until(pilot, lambda: isinstance(app_of(pilot).connector.state, Link))
        link = app_of(pilot).connector.link
        assert link is not None
        assert isinstance(link.target, Rack)
        assert link.target.connection.host == "https://rack.example.com"
        assert link.target.connection.source["token"] == "pasted"
    files = [path for folder in (tmp_path, home) for path in folder.rglob("*") if path.is_file()]
    assert [path for path in files if b"oxide-token-secret" in path.read_bytes()] == []


async def test_a_template_that_was_named_is_in_front_once_a_rack_is_chosen(
    pictured_rack: tuple[str, str], tmp_path: Path
) -> None:
    template = tmp_path / "web.pkr.hcl"
    template.write_text(example("demo.pkr.hcl"))
    given = services(tmp_path, *pictured_rack, start=None)
    async with running(given, template=template) as pilot:
        await in_front(pilot, ConnectScreen)
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(app_of(pilot).connector.state, Link))
        await in_front(pilot, ComposeScreen)
        assert app_of(pilot).places.here.screen == "compose"
