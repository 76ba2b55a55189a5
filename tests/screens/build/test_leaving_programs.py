"""What leaves the Build screen: saved logs, bundles, and the terminal given to other programs."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest

from screens.compose.script_dialog import ScriptEditor
from screens.editing import external
from screens.editing.dialog import EditDialog
from screens.shell.session import ShellSession
from tests.screens.build import scenes
from tests.screens.build.stage import QuietGuest, screen_of, staged
from tests.screens.build.test_build_screen import told
from tests.screens.driving import until


@pytest.mark.parametrize(
    ("wanted", "name", "line"),
    [
        ("output colours", "oxtui-41-web-01-provision-3.ansi", "\x1b[38;5;2mFetched 9,231 kB"),
        ("every step plain", "oxtui-41-web-01.log", "==> web-01: 2 shell base.sh"),
        ("every step colours", "oxtui-41-web-01.ansi", "\x1b[38;5;2mFetched 9,231 kB"),
    ],
)
async def test_a_whole_build_is_saved_and_colours_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wanted: str, name: str, line: str
) -> None:
    monkeypatch.chdir(tmp_path)
    async with staged(tmp_path, scenes.failed) as (pilot, _):
        await pilot.press("ctrl+s", *("space" if c == " " else c for c in wanted))
        await pilot.pause()
        await pilot.press("enter")
        await pilot.app.workers.wait_for_complete()
    assert line in (tmp_path / name).read_text()


async def test_a_log_is_saved_as_plain_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with staged(tmp_path, scenes.failed) as (pilot, _):
        await pilot.press("ctrl+s", "enter")
        await pilot.app.workers.wait_for_complete()
        file = tmp_path / "oxtui-41-web-01-provision-3.log"
        assert told(pilot) == [f"29 lines written to {file}"]
    lines = file.read_text().splitlines()
    assert lines[24] == "Fetched 9,231 kB in 2s (4,615 kB/s)"
    assert len(lines) == 29


async def test_a_bundle_holds_outputs_steps_and_calls_for_its_owner_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with staged(tmp_path, scenes.failed) as (pilot, _):
        await pilot.press("ctrl+s", *"bundle")
        await pilot.pause()
        await pilot.press("enter")
        await pilot.app.workers.wait_for_complete()
        file = tmp_path / "oxtui-41.zip"
        assert told(pilot) == [f"7 files packed into {file}"]
    assert file.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(file) as bundle:
        names = set(bundle.namelist())
        assert {
            "session.txt",
            "calls.jsonl",
            "web-01/provision-3.log",
            "web-01/serial.log",
        } <= names
        assert "E: Unable to locate" in bundle.read("web-01/provision-3.log").decode()
        session = bundle.read("session.txt").decode()
        assert "failed       12.0s  3 shell setup.sh" in session
        assert "instance_create" in bundle.read("calls.jsonl").decode()
        assert "ssh ubuntu@172.30.0.4" in bundle.read("calls.jsonl").decode()


async def test_the_log_is_shown_in_the_pager(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[tuple[str, ...], str]] = []

    async def run(_app: object, command: tuple[str, ...]) -> None:
        seen.append((command[:-1], Path(command[-1]).read_text()))

    monkeypatch.setattr(external, "_run", run)
    async with staged(tmp_path, scenes.failed) as (pilot, _):
        await pilot.press("P")
        await until(pilot, lambda: seen or told(pilot))
        assert told(pilot) == []
    [(command, text)] = seen
    assert command == ("less",)
    assert "\x1b" not in text
    assert text.endswith("E: Unable to locate package ngnix\n")


async def test_the_editor_of_a_step_can_be_left_for_the_operators_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def edited(_app: object, text: str, language: str, _environment: object) -> str:
        assert language == "shell"
        return text + "true\n"

    monkeypatch.setattr("screens.editing.outside.edit_outside", edited)
    async with staged(tmp_path, scenes.failed) as (pilot, _):
        dialog = EditDialog("Edit", scenes.SCRIPT, language="shell")
        taken: list[str | None] = []
        await pilot.app.push_screen(dialog, taken.append)
        await pilot.press("f4")
        await until(pilot, lambda: dialog.query_one(ScriptEditor).text.endswith("true\n"))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: taken)
    assert taken == [scenes.SCRIPT + "true\n"]


async def test_an_open_shell_takes_every_key_and_the_footer_offers_none(tmp_path: Path) -> None:
    async with staged(tmp_path, scenes.at_breakpoint) as (pilot, scripted):
        guest = QuietGuest()
        screen = screen_of(pilot)
        screen.shell.open(ShellSession(guest, "ubuntu@web-01", 80, 24))
        await pilot.pause()
        offered = [label(offer) for offer in pilot.app.offers(screen) if offer.keys]
        assert offered == []
        await pilot.press("a", "ctrl+c", "f3", "escape")
        assert guest.typed.startswith(b"a\x03")
        assert scripted.commands == []
        await pilot.press("ctrl+right_square_bracket", "q")
        await pilot.pause()
        assert not screen.has_class("-shell")
        assert "build.continue" in [
            label(offer) for offer in pilot.app.offers(screen) if offer.keys
        ]


def label(offer: Any) -> str:
    return str(offer.action.id)
