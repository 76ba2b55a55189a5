"""A build in the app, for real: watch it fail, repair it, look inside, go on."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import TextArea

from screens.browse.screen import BrowseScreen
from screens.builds import Job
from screens.dialogs.confirm import ConfirmDialog
from screens.editing.dialog import EditDialog
from screens.widgets.terminal.emulator import Emulator
from tests.rack_process import rack
from tests.screens.driving import app_of, in_front, press, until
from tests.screens.live import build, build_screen, ended, live_app, start, stopped
from tests.sessions import shell, template

BREAKPOINT = 'provisioner "breakpoint" {\n note = "look"\n}'


def shown(emulator: Emulator) -> str:
    """The text on a terminal's screen."""
    rows = ("".join(run.text for run in emulator.row(n)).rstrip() for n in range(emulator.rows))
    return "\n".join(rows)


async def typed(pilot: Pilot[int], text: str) -> None:
    """Type a line into what has the focus."""
    names = {" ": "space", "/": "slash", "-": "minus", ".": "full_stop"}
    await press(pilot, *(names.get(char, char) for char in text), "enter")


async def test_a_failed_step_is_edited_and_run_again_and_the_image_is_made(tmp_path: Path) -> None:
    async with rack() as there, live_app(tmp_path, there) as pilot:
        await start(pilot, template(shell("echo one", "no-such-command"), shell("true")))
        pause = await stopped(pilot)
        assert pause.failure is not None
        assert pause.failure.line == 2
        await press(pilot, "e")
        await in_front(pilot, EditDialog)
        area = pilot.app.screen.query_one(TextArea)
        assert area.text == "echo one\nno-such-command\n"
        area.text = "echo one\necho two\n"
        await press(pilot, "ctrl+s")
        state = await ended(pilot)
        assert state.phase == "succeeded"
        assert state.steps["provision-1"].changes == {"inline": ["echo one", "echo two"]}


async def test_a_shell_in_the_instance_shows_it_and_survives_being_left(tmp_path: Path) -> None:
    async with rack() as there, live_app(tmp_path, there) as pilot:
        await start(pilot, template(shell("echo here > ~/made"), BREAKPOINT))
        await stopped(pilot)
        await press(pilot, "s")
        pane = build_screen(pilot).shell
        await until(pilot, lambda: pane.session and "$" in shown(pane.session.emulator))
        assert pane.session is not None
        emulator = pane.session.emulator
        # A letter that is a key of the Build screen goes to the guest while the shell has the focus.
        await typed(pilot, "cat made && cd /srv")
        await until(pilot, lambda: "here" in shown(emulator).splitlines())
        assert (emulator.columns, emulator.rows) == (
            pane.terminal.scrollable_content_region.width,
            pane.terminal.scrollable_content_region.height,
        )
        await press(pilot, "ctrl+]", "q")
        await until(pilot, lambda: not pane.has_class("-open"))
        await press(pilot, "s")
        await until(pilot, lambda: pane.has_class("-open"))
        await typed(pilot, "pwd")
        await until(pilot, lambda: "/srv" in shown(emulator).splitlines())
        await typed(pilot, "exit")
        await until(pilot, lambda: not pane.has_class("-open"))
        await press(pilot, "c")
        assert (await ended(pilot)).phase == "succeeded"


async def test_a_setting_promotes_the_image_and_a_refusal_can_be_skipped(tmp_path: Path) -> None:
    flags = {"build.promote": "true"}
    async with (
        rack("--fault", "image_promote:403") as there,
        live_app(tmp_path, there, flags=flags) as pilot,
    ):
        await start(pilot, template(shell("true")))
        pause = await stopped(pilot)
        assert pause.step == "promote"
        await until(pilot, lambda: "promote&#160;image" in pilot.app.export_screenshot())
        await press(pilot, "k")
        state = await ended(pilot)
        assert (state.phase, state.steps["promote"].phase) == ("succeeded", "skipped")
        assert state.artifact is not None


@pytest.mark.slow
async def test_the_build_goes_on_while_another_screen_is_in_front(tmp_path: Path) -> None:
    async with rack() as there, live_app(tmp_path, there) as pilot:
        await start(pilot, template(BREAKPOINT))
        await stopped(pilot)
        await press(pilot, "-")
        await in_front(pilot, BrowseScreen)
        (cell,) = app_of(pilot).running_cells()
        assert "oxide-instance.t stopped" in cell.text
        await press(pilot, "f4", "c")
        assert (await ended(pilot)).phase == "succeeded"


@pytest.mark.slow
async def test_leaving_the_app_asks_and_cleans_up_what_runs(tmp_path: Path) -> None:
    async with rack() as there, live_app(tmp_path, there) as pilot:
        await start(pilot, template(BREAKPOINT))
        await stopped(pilot)
        app = app_of(pilot)
        link = app.connector.link
        assert link is not None
        app.do_quit()
        await until(pilot, lambda: isinstance(app.screen, ConfirmDialog))
        await press(pilot, "enter")
        await until(pilot, lambda: app.builds.all[-1].is_over)
        assert build(pilot).phase == "cancelled"
        assert {resource.phase for resource in build(pilot).resources.values()} == {"deleted"}


async def test_a_template_with_errors_does_not_start_and_says_why(tmp_path: Path) -> None:
    async with rack() as there, live_app(tmp_path, there) as pilot:
        app = app_of(pilot)
        app.start_build(Job("t.pkr.hcl", template(source="cpus = 300")))
        await until(pilot, lambda: list(app._notifications))
        (note,) = [n for n in app._notifications if n.title == "Not started"]
        assert "t.pkr.hcl:" in note.message
        assert not app.builds.all


@pytest.mark.slow
async def test_a_folder_is_built_from_the_texts_of_its_files_and_its_variable_files(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "v.auto.pkrvars.hcl").write_text('word = "told"\n')
    main, rest = template(shell("echo ${var.word}")), 'variable "word" {\n  type = string\n}\n'
    (folder / "main.pkr.hcl").write_text("what is on the disk is not built\n")
    files = {str(folder / "main.pkr.hcl"): main, str(folder / "rest.pkr.hcl"): rest}
    async with rack() as there, live_app(tmp_path, there) as pilot:
        app = app_of(pilot)
        wrong = {**files, str(folder / "rest.pkr.hcl"): rest.replace("word", "sword")}
        app.start_build(Job(str(folder), main + rest, files=wrong))
        await until(pilot, lambda: list(app._notifications))
        (note,) = [n for n in app._notifications if n.title == "Not started"]
        assert note.message.startswith(f"{folder}/rest.pkr.hcl:1:1: Unset variable sword")
        app.start_build(Job(str(folder), main + rest, files=files))
        await until(pilot, lambda: app.builds.all)
        await ended(pilot)
        assert build(pilot).phase == "succeeded"
