"""`oxtui login` and `oxtui logout`, against a rack's login on a real socket."""

from __future__ import annotations

import asyncio
import tomllib
from argparse import ArgumentParser
from pathlib import Path
from types import ModuleType

import pytest

from oxtui.cli import login, logout
from oxtui.cli.errors import CommandError
from oxtui.oxide.credentials_file import Entry, save_profile
from oxtui.oxide.token import Token
from tests.oxide import samples
from tests.oxide.device import PENDING, Device
from tests.oxide.rig import SECRET
from tests.oxide.wire import Reply, Request, refusal, wire

QUICK = {"interval": 0}


async def command(module: ModuleType, *words: str) -> int:
    """Run a subcommand as `oxtui` does, beside this test's event loop."""
    parser = ArgumentParser()
    module.configure(parser)
    code = await asyncio.to_thread(module.run, parser.parse_args(words))
    assert isinstance(code, int)
    return code


async def test_a_login_shows_the_code_and_writes_the_profile(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with wire(Device(code=QUICK)) as rack:
        assert await command(login, "--host", rack.host, "--no-browser") == 0
        host = rack.host
    said = capsys.readouterr().out
    assert "https://rack.example/device/verify" in said
    assert "BCDF-GHJK" in said
    assert "Logged in as ada of silo analytical." in said
    assert 'Profile "analytical" is the default.' in said
    assert SECRET not in said
    written = tomllib.loads((home / ".config/oxide/credentials.toml").read_text())
    assert written["profile"]["analytical"]["token"] == SECRET
    assert written["profile"]["analytical"]["host"] == host


async def test_a_profile_is_renewed_by_its_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with wire(Device(code=QUICK)) as rack:
        save_profile(tmp_path, "mine", Entry(rack.host, Token("oxide-token-old"), "u1"))
        words = ("--profile", "mine", "--config-dir", str(tmp_path), "--no-browser")
        assert await command(login, *words) == 0
    assert 'Use it with --profile "mine"' in capsys.readouterr().out
    assert SECRET in (tmp_path / "credentials.toml").read_text()


async def test_a_denied_login_writes_nothing(home: Path) -> None:
    denied = Device([PENDING, Reply({"error": "access_denied"}, 400)], QUICK)
    async with wire(denied) as rack:
        with pytest.raises(CommandError, match="denied in the browser"):
            await command(login, "--host", rack.host, "--no-browser")
    assert not (home / ".config").exists()


async def test_a_login_needs_to_know_the_rack() -> None:
    with pytest.raises(CommandError, match="Give --host URL") as failure:
        await command(login, "--profile", "unknown")
    assert failure.value.code == 2


@pytest.mark.parametrize(("display", "opens"), [("", False), (":0", True)])
async def test_a_browser_is_opened_only_where_it_has_a_window(
    display: str,
    opens: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    opened: list[str] = []
    monkeypatch.setenv("DISPLAY", display)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr("webbrowser.open", lambda url: opened.append(url) or True)
    async with wire(Device(code=QUICK)) as rack:
        await command(login, "--host", rack.host)
    assert bool(opened) == opens
    assert capsys.readouterr().out.startswith("Opened this" if opens else "Open this")


def known(folder: Path, host: str, token_id: str | None = samples.OTHER_ID) -> tuple[str, ...]:
    """A folder with one profile, and the words that choose it."""
    save_profile(folder, "mine", Entry(host, Token(SECRET), "u1", token_id))
    return ("--config-dir", str(folder))


async def test_a_logout_forgets_the_default_profile_and_says_what_becomes_of_the_token(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await command(logout, *known(tmp_path, "https://rack.example")) == 0
    assert "stays valid until it expires" in capsys.readouterr().out
    assert SECRET not in (tmp_path / "credentials.toml").read_text()


async def test_a_token_is_revoked_before_it_is_forgotten(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with wire(Device()) as rack:
        assert await command(logout, *known(tmp_path, rack.host), "--revoke") == 0
        assert rack.lines() == [f"DELETE /v1/me/access-tokens/{samples.OTHER_ID}"]
    assert "is revoked" in capsys.readouterr().out


async def test_a_token_that_is_useless_already_is_forgotten(tmp_path: Path) -> None:
    def expired(_: Request) -> Reply:
        return refusal(401, "Unauthorized", "credentials missing or invalid")

    async with wire(expired) as rack:
        assert await command(logout, *known(tmp_path, rack.host), "--revoke") == 0
    assert SECRET not in (tmp_path / "credentials.toml").read_text()


async def test_a_token_that_cannot_be_revoked_is_kept(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="does not know the id of its token"):
        await command(logout, *known(tmp_path, "https://rack.example", None), "--revoke")
    assert SECRET in (tmp_path / "credentials.toml").read_text()


async def test_a_logout_without_any_profile_says_how_to_choose_one(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="give --profile NAME"):
        await command(logout, "--config-dir", str(tmp_path))
