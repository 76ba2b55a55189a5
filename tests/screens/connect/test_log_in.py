"""Logging in from the screens: how it looks, what is kept, and what is said when it fails."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from textual.pilot import Pilot

from oxtui.oxide.credentials import Connection
from oxtui.oxide.token import Token
from screens.connect.choice import offerings
from screens.connect.login_dialog import LoginDialog
from screens.connect.screen import ConnectScreen
from screens.connection import Link, Rack
from screens.dialogs.form import FormDialog
from tests.oxide.device import PENDING, Device
from tests.oxide.rig import SECRET
from tests.oxide.wire import Answer, Reply, wire
from tests.screens.conftest import TakePicture
from tests.screens.driving import app_of, in_front, press, running, services, toasts, until

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
QUICK = {"interval": 0}
DENIED = Reply({"error": "access_denied"}, 400)


@dataclass
class Waiting(Device):
    """Never confirmed: asked twice, then left alone for as long as the code lives."""

    polls: list[Answer] = field(default_factory=lambda: [PENDING])


async def _open_form(pilot: Pilot[int], host: str) -> None:
    await in_front(pilot, ConnectScreen)
    await press(pilot, "l")
    assert isinstance(pilot.app.screen, FormDialog)
    await press(pilot, *host, "enter")


@SIZES
async def test_the_code_and_where_it_is_confirmed_are_shown(
    size: tuple[int, int], picture: TakePicture, tmp_path: Path
) -> None:
    async with wire(Waiting()) as rack:
        given = services(tmp_path, rack.host, SECRET, start=None)
        async with running(given, size) as pilot:
            await _open_form(pilot, rack.host)
            dialog = pilot.app.screen
            assert isinstance(dialog, LoginDialog)
            await until(pilot, lambda: dialog.code)
            await picture(pilot, "code")
            await press(pilot, "c")
            await until(pilot, lambda: pilot.app.clipboard == "BCDF-GHJK")
            await press(pilot, "y")
            await until(pilot, lambda: pilot.app.clipboard.endswith("/device/verify"))
            await press(pilot, "escape")
            assert isinstance(pilot.app.screen, ConnectScreen)
            assert not [worker for worker in pilot.app.workers if worker.group == "login"]


async def test_a_confirmed_login_is_kept_as_a_profile_and_connected(tmp_path: Path) -> None:
    async with wire(Device(code=QUICK)) as rack:
        given = services(tmp_path, rack.host, SECRET, start=None)
        async with running(given) as pilot:
            await _open_form(pilot, rack.host)
            await until(pilot, lambda: isinstance(app_of(pilot).connector.state, Link))
            link = app_of(pilot).connector.link
            assert link is not None
            assert isinstance(link.target, Rack)
            assert link.target.connection.profile == "analytical"
            assert link.target.connection.token == Token(SECRET)
            told = 'Logged in as ada of silo analytical; profile "analytical", now the default.'
            assert told in toasts(pilot)
    kept = tomllib.loads((tmp_path / "oxide" / "credentials.toml").read_text())
    assert kept["profile"]["analytical"]["token"] == SECRET


@SIZES
async def test_a_denied_login_says_so_and_r_gets_a_new_code(
    size: tuple[int, int], picture: TakePicture, tmp_path: Path
) -> None:
    async with wire(Device([DENIED, DENIED, PENDING], QUICK)) as rack:
        given = services(tmp_path, rack.host, SECRET, start=None)
        async with running(given, size) as pilot:
            await _open_form(pilot, rack.host)
            dialog = pilot.app.screen
            assert isinstance(dialog, LoginDialog)
            await until(pilot, lambda: dialog.problem)
            await picture(pilot, "denied")
            await press(pilot, "r")
            await until(pilot, lambda: rack.lines().count("POST /device/auth") == 2)
    assert not (tmp_path / "oxide").exists()


async def test_a_host_that_is_no_rack_is_named(tmp_path: Path) -> None:
    async with (
        wire(lambda _request: Reply(b"<html>", 200)) as server,
        running(services(tmp_path, server.host, "", start=None)) as pilot,
    ):
        await _open_form(pilot, server.host)
        dialog = pilot.app.screen
        assert isinstance(dialog, LoginDialog)
        await until(pilot, lambda: dialog.problem)
        assert server.host in dialog.problem


async def test_a_profile_without_a_token_offers_its_own_login(tmp_path: Path) -> None:
    (tmp_path / "oxide").mkdir()
    path = tmp_path / "oxide" / "credentials.toml"
    path.write_text('[profile.lab]\nhost = "https://lab.sys.example.com"\n')
    path.chmod(0o600)
    async with running(services(tmp_path, "http://unused", "", start=None)) as pilot:
        await in_front(pilot, ConnectScreen)
        await press(pilot, "home", "enter")
        form = pilot.app.screen
        assert isinstance(form, FormDialog)
        assert form._values() == {"host": "https://lab.sys.example.com", "profile": "lab"}


def test_a_rack_is_told_as_connected_however_it_was_found(tmp_path: Path) -> None:
    (tmp_path / "oxide").mkdir()
    path = tmp_path / "oxide" / "credentials.toml"
    path.write_text('[profile.web]\nhost = "https://web.example"\ntoken = "oxide-token-1"\n')
    path.chmod(0o600)
    source = {"profile": "config.toml"}
    found = Connection("https://web.example", Token("oxide-token-1"), "web", source=source)
    link = Link(Rack(found), found, None, None)  # type: ignore[arg-type]
    racks = offerings(services(tmp_path, "http://unused", ""), link).racks
    assert [rack.name for rack in racks if rack.connected] == ["web"]


def test_a_profile_is_reached_as_the_environment_says(tmp_path: Path) -> None:
    (tmp_path / "oxide").mkdir()
    path = tmp_path / "oxide" / "credentials.toml"
    path.write_text('[profile.web]\nhost = "https://web.example"\ntoken = "oxide-token-1"\n')
    path.chmod(0o600)
    environment = {"OXTUI_CACERT": "/etc/our.pem"}
    given = services(tmp_path, "http://unused", "", environment=environment)
    target = offerings(given, None).racks[0].target
    assert isinstance(target, Rack)
    assert target.connection.cacert == Path("/etc/our.pem")
