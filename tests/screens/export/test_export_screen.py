"""The Export screen: what is shown, copied and saved."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from textual.widgets import Input, TextArea

from oxtui.component.debugger_events import CommandRan
from screens.dialogs.confirm import ConfirmDialog
from screens.dialogs.form import FormDialog
from screens.export.saving import check_path
from tests.export.sessions import IMAGE_ID, Told, shell, template
from tests.screens.driving import in_front, press, until
from tests.screens.export.stage import ExportApp, screen_of, staged

pytestmark = pytest.mark.usefixtures("one_grammar")

TEXT = template(shell("echo one"), '  provisioner "breakpoint" {\n    note = "look"\n  }')


def told() -> Told:
    return (
        Told("web.pkr.hcl", simulated=True)
        .build("shell", "breakpoint")
        .edit(1, {"inline": ["two"]})
    )


@pytest.mark.slow
async def test_it_shows_text_changes_and_notes_and_copies_what_is_in_front(tmp_path: Path) -> None:
    async with staged(tmp_path, told(), TEXT) as pilot:
        screen = screen_of(pilot)
        assert screen.exported is not None
        shown = screen.query_one(TextArea)
        assert shown.text == screen.exported.text
        assert IMAGE_ID in shown.text
        assert shown.read_only
        assert isinstance(pilot.app, ExportApp)
        await press(pilot, "y", "2", "y", "tab")
        assert screen.tab == "notes"
        assert pilot.app.copied == [screen.exported.text, screen.exported.diff]


@pytest.mark.slow
async def test_it_saves_where_the_operator_says_and_asks_before_it_overwrites(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    target = tmp_path / "web-session-1.pkr.hcl"
    async with staged(tmp_path, told(), TEXT) as pilot:
        exported = screen_of(pilot).exported
        assert exported is not None
        await press(pilot, "w")
        await in_front(pilot, FormDialog)
        assert pilot.app.screen.query_one(Input).value == target.name
        await press(pilot, "enter")
        await until(pilot, target.exists)
        assert target.read_text() == exported.text

        target.write_text("something else\n")
        await press(pilot, "w")
        await in_front(pilot, FormDialog)
        await press(pilot, "enter")
        await in_front(pilot, ConfirmDialog)
        await press(pilot, "escape")
        assert target.read_text() == "something else\n"
        await press(pilot, "w")
        await in_front(pilot, FormDialog)
        await press(pilot, "enter")
        await in_front(pilot, ConfirmDialog)
        await press(pilot, "enter")
        await until(pilot, lambda: target.read_text() == exported.text)


async def test_what_would_do_otherwise_is_not_saved_and_says_why(tmp_path: Path) -> None:
    session = Told("web.pkr.hcl").build("shell", "breakpoint", found=False)
    async with staged(tmp_path, session, TEXT) as pilot:
        screen = screen_of(pilot)
        assert screen.exported is not None
        assert screen.exported.problems
        assert screen.tab == "notes"
        await press(pilot, "w")
        assert pilot.app.screen is screen


async def test_a_session_without_a_template_says_so(tmp_path: Path) -> None:
    async with staged(tmp_path, Told("web.pkr.hcl").build("shell"), "build {") as pilot:
        screen = screen_of(pilot)
        assert screen.exported is None
        assert "cannot be read again" in screen.waiting


def test_a_path_is_checked_while_it_is_typed(tmp_path: Path) -> None:
    assert check_path(str(tmp_path / "a.pkr.hcl")) is None
    assert "end in .pkr.hcl" in str(check_path(str(tmp_path / "a.hcl")))
    assert "no folder" in str(check_path(str(tmp_path / "no" / "a.pkr.hcl")))
    os.mkdir(tmp_path / "b.pkr.hcl")
    assert "is a folder" in str(check_path(str(tmp_path / "b.pkr.hcl")))


@pytest.mark.slow
async def test_commands_and_breakpoints_are_in_it_as_the_operator_wants(tmp_path: Path) -> None:
    session = told()
    build = "oxide-instance.t"
    session._tell(
        CommandRan(
            time=1.5, build=build, step="provision-1", command="id -u", status=0, seconds=0.1
        )
    )
    async with staged(tmp_path, session, TEXT) as pilot:
        screen = screen_of(pilot)

        def text() -> str:
            return screen.exported.text if screen.exported is not None else ""

        assert 'inline = ["id -u"]' in text()
        assert "disable = true" in text()
        await press(pilot, "c")
        await until(pilot, lambda: "# At a stop here, by hand (exit 0): id -u" in text())
        assert 'inline = ["id -u"]' not in text()
        await press(pilot, "b")
        await until(pilot, lambda: "disable = true" not in text())
        target, values = tmp_path / "made.pkr.hcl", tmp_path / "made.pkrvars.hcl"
        await press(pilot, "w")
        await in_front(pilot, FormDialog)
        pilot.app.screen.query_one("#path", Input).value = str(target)
        pilot.app.screen.query_one("#variables", Input).value = str(values)
        await press(pilot, "enter")
        await until(pilot, target.exists)
        await until(pilot, values.exists)
        assert target.read_text() == text()
