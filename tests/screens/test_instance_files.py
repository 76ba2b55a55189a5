"""The file pane on a real instance: look, edit in place, copy both ways, see what differs."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from screens.dialogs.confirm import ConfirmDialog
from screens.dialogs.form import FormDialog
from screens.editing.text_dialog import TextDialog
from screens.files.pane import FilePane
from screens.files.reader import ReadDialog
from tests.rack_process import rack
from tests.screens.driving import press, until
from tests.screens.live import build, build_screen, ended, live_app, start, stopped
from tests.screens.test_live_build import BREAKPOINT
from tests.sessions import shell, template

pytestmark = pytest.mark.slow


def pane_of(pilot: Pilot[int]) -> FilePane:
    """The file pane, which is in front."""
    screen = pilot.app.screen
    assert isinstance(screen, FilePane), screen
    return screen


async def go(pilot: Pilot[int], path: str) -> None:
    """Go to a directory."""
    await press(pilot, "p")
    await until(pilot, lambda: isinstance(pilot.app.screen, FormDialog))
    await answer(pilot, path)
    await until(
        pilot, lambda: isinstance(pilot.app.screen, FilePane) and pilot.app.screen.folder == path
    )


async def answer(pilot: Pilot[int], text: str) -> None:
    """Answer a dialog with one field."""
    pilot.app.screen.query_one(Input).value = text
    await press(pilot, "enter")


def choose(pilot: Pilot[int], name: str) -> None:
    """The cursor goes to a file."""
    table = pane_of(pilot).table
    names = [table.model.at(index).name for index in range(len(table.model.shown))]
    table.move(names.index(name))


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_files_of_an_instance(tmp_path: Path, size: tuple[int, int]) -> None:
    made = shell("echo one > ~/made", "sudo install -m 600 ~/made /etc/secret.conf", "mkdir ~/sub")
    async with rack() as there, live_app(tmp_path, there, size) as pilot:
        await start(pilot, template(made, BREAKPOINT, shell("cat ~/made ~/sub/mine")))
        await stopped(pilot)
        await press(pilot, "F")
        await until(pilot, lambda: isinstance(pilot.app.screen, FilePane))
        pane = pane_of(pilot)
        await until(pilot, lambda: pane.folder == "/home/ubuntu" and pane.table.model.shown)
        # Look, and change in place.
        choose(pilot, "made")
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ReadDialog))
        await press(pilot, "escape", "e")
        await until(pilot, lambda: isinstance(pilot.app.screen, TextDialog))
        pilot.app.screen.query_one(TextArea).text = "two\n"
        await press(pilot, "ctrl+s")
        await until(
            pilot, lambda: any("made was edited" in note.text for note in build(pilot).notes)
        )
        # What changed meanwhile is written over only where the operator says so, and no text is lost.
        await until(pilot, lambda: isinstance(pilot.app.screen, FilePane))
        choose(pilot, "made")
        await press(pilot, "e")
        await until(pilot, lambda: isinstance(pilot.app.screen, TextDialog))
        pilot.app.screen.query_one(TextArea).text = "mine\n"
        await pane._shell.run("echo theirs >~/made", limit=0)
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, ConfirmDialog))
        await press(pilot, "escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, TextDialog))
        assert pilot.app.screen.query_one(TextArea).text == "mine\n"
        assert (await pane._shell.run("cat ~/made", limit=99)).output == b"theirs\n"
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, ConfirmDialog))
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, FilePane))
        assert (await pane._shell.run("cat ~/made", limit=99)).output == b"mine\n"
        # A file of root's, by sudo.
        await go(pilot, "/etc")
        choose(pilot, "secret.conf")
        await press(pilot, "e")
        await until(pilot, lambda: isinstance(pilot.app.screen, TextDialog))
        assert pilot.app.screen.query_one(TextArea).text == "one\n"
        pilot.app.screen.query_one(TextArea).text = "three\n"
        await press(pilot, "ctrl+s")
        await until(
            pilot, lambda: any("by hand as root" in note.text for note in build(pilot).notes)
        )
        await until(pilot, lambda: isinstance(pilot.app.screen, FilePane))
        # Copies both ways.
        await press(pilot, "d")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormDialog))
        await answer(pilot, str(tmp_path / "down"))
        down = tmp_path / "down"
        await until(pilot, lambda: down.exists() and down.read_text() == "three\n")
        (tmp_path / "mine").write_text("up\n")
        await until(pilot, lambda: isinstance(pilot.app.screen, FilePane))
        await go(pilot, "/home/ubuntu/sub")
        await press(pilot, "u")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormDialog))
        await answer(pilot, str(tmp_path / "mine"))
        await until(pilot, lambda: pane_of(pilot).current and len(pane.table.model.shown) == 2)
        # The same again would write over it.
        (tmp_path / "mine").write_text("more\n")
        for key, written in (("escape", b"up\n"), ("enter", b"more\n")):
            await press(pilot, "u")
            await until(pilot, lambda: isinstance(pilot.app.screen, FormDialog))
            await answer(pilot, str(tmp_path / "mine"))
            await until(pilot, lambda: isinstance(pilot.app.screen, ConfirmDialog))
            await press(pilot, key)
            await until(pilot, lambda: isinstance(pilot.app.screen, FilePane))
            await pilot.app.workers.wait_for_complete()
            assert (await pane._shell.run("cat ~/sub/mine", limit=99)).output == written
        by_hand = [each for step in build(pilot).steps.values() for each in step.by_hand]
        assert [getattr(each, "destination", "") for each in by_hand] == 2 * [
            "/home/ubuntu/sub/mine"
        ]
        # What differs from the source.
        await press(pilot, "c")
        await until(pilot, lambda: pane.differs)
        differing = {key: pane.table.model.row(key) for key in pane.table.model.shown}
        assert {"/home/ubuntu/made", "/etc/secret.conf", "/home/ubuntu/sub/mine"} <= set(differing)
        assert "/bin/sh" not in differing
        await press(pilot, "escape", "c")
        state = await ended(pilot)
        assert state.phase == "succeeded"
        assert build_screen(pilot).session is not None
