"""The file pane, small and large: a directory, a file, what differs; and a guest that refuses."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, cast

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from oxtui.build.files.guest import GuestShell
from oxtui.component.protocols import ExitStatus, Output
from oxtui.logs.redact import Redactor
from screens import waiting
from screens.files.hand import Told
from screens.files.pane import SILENT, FilePane
from screens.files.reader import ReadDialog
from tests.screens.build import scenes
from tests.screens.build.stage import staged
from tests.screens.conftest import TakePicture
from tests.screens.driving import in_front, until

NOON = 1_764_504_000.0
ENTRIES = [
    ("d", "755", "root", "root", "4096", NOON, "conf.d", ""),
    ("d", "755", "root", "root", "4096", NOON, "sites-enabled", ""),
    ("f", "644", "root", "root", "1447", NOON + 60, "nginx.conf", ""),
    (
        "f",
        "600",
        "root",
        "www-data",
        "52000000",
        NOON - 90_000,
        "dump \x1b[31m of a long name.bin",
        "",
    ),
    ("l", "777", "root", "root", "22", NOON, "modules", "/usr/share/nginx/modules"),
]
TEXT = b"12 42 now now\n644 root:root\n" + b"user www-data;\npassword hunter2;\n\x1b[31mred\n"
CHANGED = [
    ("x", 3, "/usr/local/bin/agent"), ("o", 1447, "/etc/nginx/nginx.conf"), ("n", 90_000, "/usr/sbin/nginx"),
]  # fmt: skip


class ScriptedGuest:
    """A guest that has one directory and one file."""

    def __init__(self) -> None:
        self.refuses = False
        self.answers = asyncio.Event()
        self.answers.set()

    async def run(self, command: str, output: Output, *, by_sh: bool = False) -> ExitStatus:
        assert by_sh
        await self.answers.wait()
        if self.refuses and "sudo -n" not in command:
            output("stderr", b"sh: 1: cd: can't cd to /root: Permission denied\n")
            return ExitStatus(1)
        if self.refuses or command.endswith("sudo -n true"):
            return ExitStatus(1)
        output("stdout", self._answer(command))
        return ExitStatus(0)

    def _answer(self, command: str) -> bytes:
        if "pwd -P" in command:
            fields = [str(field) for entry in ENTRIES for field in entry]
            return b"/etc/nginx\n\0" + "".join(f"{field}\0" for field in fields).encode()
        if "date +%s" in command:
            return f"{int(NOON)}\ndpkg\n".encode()
        if "newerct" in command:
            return "".join(
                f"{how}\t{size}\t{NOON + 5}\t{path}\n" for how, size, path in CHANGED
            ).encode()
        return TEXT


@contextlib.asynccontextmanager
async def opened(
    folder: Path, size: tuple[int, int] = (120, 40), *, refuses: bool = False
) -> AsyncIterator[tuple[Pilot[int], FilePane]]:
    """The file pane over the Build screen."""
    async with staged(folder, scenes.at_breakpoint, size) as (pilot, _):
        guest = ScriptedGuest()
        guest.refuses = refuses
        pane = FilePane(
            GuestShell(cast("Any", guest)), "ubuntu@172.30.0.4", Redactor(["hunter2"]),
            Told(lambda text: None, lambda *uploaded: None), NOON, lambda: NOON,
        )  # fmt: skip
        pilot.app.push_screen(pane)
        await until(pilot, lambda: pane.is_mounted and (refuses or pane.table.model.shown))
        await pilot.app.workers.wait_for_complete()
        yield pilot, pane


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=lambda size: f"{size[0]}x{size[1]}")
async def test_pictures(tmp_path: Path, picture: TakePicture, size: tuple[int, int]) -> None:
    async with opened(tmp_path, size) as (pilot, pane):
        await pilot.press("down", "down", "down")
        await picture(pilot, "directory")
        await pilot.press("down", "down", "enter")
        await in_front(pilot, ReadDialog)
        await picture(pilot, "file")
        await pilot.press("escape", "c")
        await until(pilot, lambda: pane.differs)
        await pilot.app.workers.wait_for_complete()
        await picture(pilot, "differing")


async def test_what_the_guest_refuses_is_said_with_what_to_do(tmp_path: Path) -> None:
    async with opened(tmp_path, refuses=True) as (pilot, pane):
        await until(pilot, lambda: list(pilot.app._notifications))
        (note,) = pilot.app._notifications
        assert note.message == (
            "~ cannot be listed: Permission denied. sudo needs a password here, so it cannot be done as root: "
            "use a shell."
        )
        assert pane.current is None


async def test_a_guest_that_does_not_answer_is_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "PATIENCE", 0.01)
    async with opened(tmp_path) as (pilot, pane):
        guest = cast("ScriptedGuest", pane._shell.communicator)
        guest.answers.clear()
        await pilot.press("r")
        note = pane.query_one("#note", Static)
        await until(pilot, lambda: str(note.content) == SILENT)
        guest.answers.set()
        await until(pilot, lambda: str(note.content) != SILENT)
        assert pane.folder == "/etc/nginx"


async def test_a_file_shows_no_secret_and_no_control_character(tmp_path: Path) -> None:
    async with opened(tmp_path) as (pilot, pane):
        await pilot.press("down", "down", "down", "enter")
        await in_front(pilot, ReadDialog)
        shown = pilot.app.export_screenshot()
        assert "hunter2" not in shown
        assert "&lt;sensitive&gt;" in shown
        assert "\x1b" not in shown
        await pilot.press("escape")
        # The cursor stays on its file when the directory is read again.
        await pilot.press("r")
        await pilot.app.workers.wait_for_complete()
        assert pane.current is not None
        assert pane.current.name == "dump \x1b[31m of a long name.bin"
