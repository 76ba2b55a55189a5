"""The list of recorded commands: marking, ordering, thinning out; small and large."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest
from textual.pilot import Pilot
from textual.widgets import TextArea

from oxtui.build.recording.commands import RecordedCommand
from oxtui.build.recording.recording import Recording
from oxtui.logs.redact import Redactor
from screens.editing.text_dialog import TextDialog
from screens.shell.pane import ShellPane
from screens.shell.recording import ShellRecorder
from screens.shell.recording_rows import RecordedRows
from screens.shell.session import ShellSession
from tests.screens.build import scenes
from tests.screens.build.stage import QuietGuest, redrawn, screen_of, staged
from tests.screens.conftest import TakePicture
from tests.screens.driving import in_front, until

NONCE = "0" * 32
TYPED = [
    "r;sudo%20apt-get%20install%20-y%20nginx;0;/home/ubuntu;/home/ubuntu;41200000;",
    "r;cd%20/etc/nginx;0;/home/ubuntu;/etc/nginx;1000;",
    "r;nginx%20-t;127;/etc/nginx;/etc/nginx;3000;",
    "r;sudo%20-i;0;/etc/nginx;/etc/nginx;93000000;",
    "r;cat%20%3Esite%20%3C%3CX%0Alisten%2080%0AX;0;/etc/nginx;/etc/nginx;2000;",
    "r;curl%20-u%20me%3Ahunter2%20http%3A//mirror.example/;0;/etc/nginx;/etc/nginx;800000;",
]


def report(text: str) -> bytes:
    return f"\x1b]5713;{NONCE};{text}\x07".encode()


async def shown(pilot: Pilot[int], made: list[dict[str, object]] | None = None) -> ShellPane:
    """A shell in which those commands were recorded; `made` takes options of provisioners."""
    pane = screen_of(pilot).shell
    words = b"".join(report(text) for text in ("h;bash;/bin/bash;1000;/home/ubuntu;/", *TYPED))
    session = ShellSession(QuietGuest(words), "ubuntu@172.30.0.4", 80, 24)

    async def add(options: dict[str, object]) -> str:
        if made is None:
            return "Not now."
        made.append(options)
        return ""

    recorder = ShellRecorder(
        pilot.app, cast("Any", None), Redactor(["hunter2"]), lambda command: None, add
    )
    recorder.recording = Recording(
        NONCE, reported=recorder._reported, changed=pane._recording_changed
    )
    session.recorder = recorder
    pane.open(session)
    await until(pilot, lambda: len(pane.recorded.rows.rows) == len(TYPED))
    await until(pilot, lambda: session.emulator.rows == pane.terminal.size.height)
    session.emulator.feed(scenes.SCREENFUL)
    pane.terminal.refresh()
    return pane


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=lambda size: f"{size[0]}x{size[1]}")
async def test_pictures(tmp_path: Path, picture: TakePicture, size: tuple[int, int]) -> None:
    async with staged(tmp_path, scenes.at_breakpoint, size) as (pilot, _):
        pane = await shown(pilot)
        pane.recorded.focus()
        pane.recorded.rows.cursor = 0
        await pilot.press("space", "space", "down", "down")
        await redrawn(pilot)
        await picture(pilot, "recorded")


async def test_keys_mark_order_and_remove(tmp_path: Path) -> None:
    async with staged(tmp_path, scenes.at_breakpoint) as (pilot, _):
        pane = await shown(pilot)
        rows = pane.recorded.rows
        assert rows.marked == []
        pane.recorded.focus()
        await pilot.press("asterisk")
        assert len(rows.marked) == 5
        assert rows.cursor == 5
        await pilot.press("delete", "shift+up")
        assert [row.command.text.split()[0] for row in rows.rows] == [
            "sudo", "cd", "nginx", "cat", "sudo",
        ]  # fmt: skip
        await pilot.press("escape")
        assert pane.terminal.has_focus


async def test_the_border_tells_of_the_list_and_the_shells_prefix_counts_in_it(
    tmp_path: Path,
) -> None:
    async with staged(tmp_path, scenes.at_breakpoint) as (pilot, _):
        pane = await shown(pilot)
        assert "l list" in str(pane.border_subtitle)
        pane.recorded.focus()
        await pilot.press("ctrl+right_square_bracket")
        await until(pilot, lambda: pane.terminal.has_focus)
        assert pane.terminal.prefixed
        await pilot.press("l")
        await until(pilot, lambda: pane.recorded.has_focus)
        await pilot.press("ctrl+right_square_bracket", "q")
        await until(pilot, lambda: not pane.display)


def test_a_new_command_is_not_marked_and_the_cursor_follows_at_the_end() -> None:
    rows = RecordedRows()
    for text in ("a", "b", "c"):
        rows.add(RecordedCommand(text, 0, "/", "/"))
    assert (rows.cursor, rows.marked) == (2, [])
    rows.move(-1)
    rows.add(RecordedCommand("d", 1, "/", "/"))
    assert rows.cursor == 1
    rows.mark_succeeded()
    assert [command.text for command in rows.marked] == ["a", "b", "c"]
    rows.done()
    assert rows.marked == []
    assert [command.text for command in rows.others] == ["d"]
    rows.mark_succeeded()
    assert rows.marked == []


async def test_a_known_secret_is_hidden_in_the_dialog_and_runs_as_it_was_typed(
    tmp_path: Path,
) -> None:
    made: list[dict[str, object]] = []
    async with staged(tmp_path, scenes.at_breakpoint) as (pilot, _):
        pane = await shown(pilot, made)
        pane.recorded.focus()
        await pilot.press("space", "enter")
        await in_front(pilot, TextDialog)
        text = pilot.app.screen.query_one(TextArea).text
        assert text == "cd /etc/nginx\ncurl -u me:<sensitive 1> http://mirror.example/\n"
        await pilot.press("ctrl+s")
        await until(pilot, lambda: made)
        (options,) = made
        assert options == {
            "inline": ["cd /etc/nginx", "curl -u me:hunter2 http://mirror.example/"],
            "inline_shebang": "/bin/bash -e",
        }
        await until(pilot, lambda: pane.recorded.rows.rows[5].made)
        assert pane.recorded.rows.marked == []


async def test_a_build_that_takes_none_leaves_the_marks(tmp_path: Path) -> None:
    async with staged(tmp_path, scenes.at_breakpoint) as (pilot, _):
        pane = await shown(pilot)
        pane.recorded.focus()
        await pilot.press("space", "enter")
        await in_front(pilot, TextDialog)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: [n for n in pilot.app._notifications if n.message == "Not now."])
        assert len(pane.recorded.rows.marked) == 1
