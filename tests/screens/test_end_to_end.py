"""The main job, whole: from Connect to an exported template, and the proof in an instance of the image."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from oxtui.build.control import Policy
from oxtui.template.load import load_template
from screens.build.screen import BuildScreen
from screens.compose.lookup_dialog import LookupDialog
from screens.compose.script_dialog import ScriptDialog
from screens.connect.screen import ConnectScreen
from screens.dialogs.choice import ChoiceDialog
from screens.dialogs.form import FormDialog
from screens.editing.dialog import EditDialog
from screens.export.screen import ExportScreen
from tests.rack_process import rack
from tests.screens.compose.stage import compose_of, do, settled, shown_text
from tests.screens.driving import app_of, browse_of, in_front, loaded, press, running, until
from tests.screens.live import build_screen, ended, live_services, stopped
from tests.screens.test_live_build import shown
from tests.sessions import bench_on

_NAMES = {" ": "space", "/": "slash", "-": "minus", ".": "full_stop", ">": "greater_than_sign"}


async def type_in(pilot: Pilot[int], text: str) -> None:
    for character in text:
        await pilot.press(_NAMES.get(character, character))
    await pilot.pause()


async def add_shell(pilot: Pilot[int], line: str) -> None:
    """Add a shell provisioner behind the last part, with one command."""
    await press(pilot, "a")
    await in_front(pilot, ChoiceDialog)
    await type_in(pilot, "shell")
    await press(pilot, "enter")
    await in_front(pilot, ScriptDialog)
    pilot.app.screen.query_one(TextArea).text = line
    await do(pilot, "ctrl+s")


async def add_breakpoint(pilot: Pilot[int]) -> None:
    await press(pilot, "a")
    await in_front(pilot, ChoiceDialog)
    await type_in(pilot, "breakpoint")
    await do(pilot, "enter")


@pytest.mark.slow
async def test_from_connect_to_an_export_and_the_proof(tmp_path: Path) -> None:
    async with rack() as there:
        given = replace(live_services(tmp_path, there), start=None)
        async with running(given) as pilot:
            # Connect: no credentials are known, so the operator chooses the demo rack.
            await in_front(pilot, ConnectScreen)
            await press(pilot, "enter")
            await until(pilot, lambda: app_of(pilot).connector.link)
            # Browse: one key on an image begins a build from it.
            await loaded(pilot)
            await press(pilot, "slash")
            await type_in(pilot, "ubuntu-24-04")
            await press(pilot, "enter")
            await until(pilot, lambda: browse_of(pilot).model.current.name == "ubuntu-24-04")
            await press(pilot, "n")
            # Compose: the project from the rack's list, three provisioners.
            await until(pilot, lambda: app_of(pilot).place_screen("compose"))
            await settled(pilot)
            await press(pilot, "enter")
            await in_front(pilot, LookupDialog)
            await until(pilot, lambda: pilot.app.screen._choices)  # type: ignore[attr-defined]
            await type_in(pilot, "web")
            await do(pilot, "enter")
            await add_shell(pilot, "echo made here > ~/made")
            await add_breakpoint(pilot)
            await add_shell(pilot, "no-such-command")
            assert compose_of(pilot).why_not_build() == "", shown_text(pilot)
            composed = shown_text(pilot)
            await press(pilot, "B")
            # Build: it stops at the breakpoint; the shell sees what was provisioned.
            await in_front(pilot, BuildScreen)
            assert (await stopped(pilot)).reason == "breakpoint"
            await press(pilot, "s")
            pane = build_screen(pilot).shell
            await until(pilot, lambda: pane.session and "$" in shown(pane.session.emulator))
            assert pane.session is not None
            emulator = pane.session.emulator
            await type_in(pilot, "cat made")
            await press(pilot, "enter")
            await until(pilot, lambda: "made here" in shown(emulator).splitlines())
            await press(pilot, "ctrl+]", "q", "c")
            # It fails, tells the line, is edited, and goes on.
            failure = (await stopped(pilot, "failure")).failure
            assert failure is not None
            assert (failure.exit_status, failure.line) == (127, 1)
            await press(pilot, "e")
            await in_front(pilot, EditDialog)
            pilot.app.screen.query_one(TextArea).text = "echo and there >> ~/made\n"
            await press(pilot, "ctrl+s")
            state = await ended(pilot)
            assert state.phase == "succeeded"
            assert state.artifact is not None
            # Export: the session as a template, in a file.
            await press(pilot, "X")
            export = await in_front(pilot, ExportScreen)
            await until(pilot, lambda: export.exported)
            assert export.exported is not None
            assert not export.exported.problems
            target = tmp_path / "exported.pkr.hcl"
            await press(pilot, "w")
            await in_front(pilot, FormDialog)
            pilot.app.screen.query_one(Input).value = str(target)
            await press(pilot, "enter")
            await until(pilot, target.exists)
        exported = target.read_text()
        assert "echo and there >> ~/made" in exported
        assert "no-such-command" not in exported
        assert "no-such-command" in composed
        assert not load_template(target).has_errors
        # The proof: an instance of the image has what was provisioned; so does one of the export's.
        async with bench_on(there, tmp_path) as proof:
            wanted = ["made here", "and there"]
            assert await proof.read_back(state.artifact.id, "made") == wanted
            session = await proof.session(exported, Policy())
            assert (await session.run()).status == "succeeded"
            assert proof.build.artifact is not None
            assert await proof.read_back(proof.build.artifact.id, "made") == wanted
