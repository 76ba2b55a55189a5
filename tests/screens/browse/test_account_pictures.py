"""How an Outscale account looks."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from screens.compose.screen import ComposeScreen
from screens.connect.screen import ConnectScreen
from screens.places import Place
from tests.screens.accounts import account_services, keep_profiles, on_account
from tests.screens.conftest import TakePicture
from tests.screens.driving import browse_of, in_front, loaded, press, running, until

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
ELSEWHERE = {
    "OSC_ACCESS_KEY": "AKELSEWHERE",
    "OSC_SECRET_KEY": "secret-of-elsewhere",
    "OSC_REGION": "us-east-2",
    "OSC_ENDPOINT_API": "https://api.us-east-2.outscale.com/api/v1",
}


@SIZES
async def test_an_account(
    size: tuple[int, int],
    picture: TakePicture,
    pictured_account: Mapping[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    async with on_account(tmp_path, pictured_account, size) as pilot:
        await picture(pilot, "omis")
        await press(pilot, "2")
        await loaded(pilot)
        await picture(pilot, "no-vms")
        await press(pilot, "7")
        await loaded(pilot)
        await press(pilot, "enter")
        await until(pilot, lambda: "Inbound" in str(browse_of(pilot).catalog.sections))
        await picture(pilot, "security-group")
        await press(pilot, "escape", "1")
        await loaded(pilot)
        await press(pilot, "n")
        screen = await in_front(pilot, ComposeScreen)
        await until(pilot, lambda: screen.settled and screen.bench is not None)
        screen.form.scroll_home(animate=False)  # the focused field may or may not have moved it
        await picture(pilot, "new-build")


@SIZES
async def test_profiles_of_both(
    size: tuple[int, int], picture: TakePicture, tmp_path: Path
) -> None:
    keep_profiles(tmp_path, web=ELSEWHERE, half={**ELSEWHERE, "OSC_SECRET_KEY": ""})
    (tmp_path / "oxide").mkdir()
    path = tmp_path / "oxide" / "credentials.toml"
    path.write_text(
        '[profile.web]\nhost = "https://web.sys.example.com"\ntoken = "oxide-token-1"\n'
    )
    path.chmod(0o600)
    (tmp_path / "oxide" / "config.toml").write_text('default-profile = "web"\n')
    async with running(account_services(tmp_path, {}), size, opens=Place("connect")) as pilot:
        await in_front(pilot, ConnectScreen)
        await picture(pilot, "profiles")
        await press(pilot, "home", "down", "down")
        await picture(pilot, "unusable")
