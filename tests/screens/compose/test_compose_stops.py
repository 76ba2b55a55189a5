"""Stops in Compose: set before the first run, they follow their steps, and builds from here honour them."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.pilot import Pilot
from textual.widgets import TextArea

from oxtui.component.commands import Abort, Resume
from screens.build.screen import BuildScreen
from screens.build.stops_dialog import StopsDialog
from screens.compose.screen import ComposeScreen
from screens.places import Place
from screens.template_stops import TemplateStops
from tests.rack_process import rack
from tests.screens.compose.stage import (
    TEMPLATE,
    compose_of,
    composing,
    do,
    settled,
    shown_text,
    with_template,
)
from tests.screens.conftest import TakePicture
from tests.screens.driving import app_of, press, toasts, until
from tests.screens.live import build, build_screen, ended, live_app, stopped

FILE, SHELL, BREAKPOINT = (f"build.0.provisioner.{n}" for n in range(3))
SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])


def stops(pilot: Pilot[int]) -> TemplateStops:
    bench = compose_of(pilot).bench
    assert bench is not None
    return bench.stops


def marks(pilot: Pilot[int]) -> dict[str, list[str]]:
    """Breakpoints as the outline is given them: titles of steps."""
    titles = {step.id: step.title for step in stops(pilot).steps}
    return {titles[id_]: sorted(places) for id_, places in stops(pilot).marks.items()}


def outline_text(pilot: Pilot[int]) -> list[str]:
    outline = compose_of(pilot).outline
    return [outline.render_line(y).text.rstrip() for y in range(outline.size.height)]


async def select(pilot: Pilot[int], part: str) -> None:
    compose_of(pilot).outline.select(part)
    compose_of(pilot).outline.focus()
    await settled(pilot)


async def in_dialog(pilot: Pilot[int], *keys: str) -> None:
    await press(pilot, "S")
    await until(pilot, lambda: isinstance(pilot.app.screen, StopsDialog))
    await press(pilot, *keys)
    await until(pilot, lambda: isinstance(pilot.app.screen, ComposeScreen))
    await settled(pilot)


async def test_a_breakpoint_goes_where_its_step_goes_and_away_with_it(
    tmp_path: Path, pictured_rack: tuple[str, str]
) -> None:
    path = await with_template(tmp_path)
    async with composing(tmp_path, pictured_rack, "file", str(path)) as pilot:
        await do(pilot, "b")
        assert toasts(pilot)[-1].startswith("Only provisioners and post-processors have")
        await select(pilot, SHELL)
        await do(pilot, "b")
        assert shown_text(pilot) == TEMPLATE  # it is no part of the template
        assert any(line.endswith("⏹ break") and "shell" in line for line in outline_text(pilot))
        assert compose_of(pilot).plan.stops == "⏹ 1 stop"
        await do(pilot, "K")
        assert marks(pilot) == {"1 shell": ["before"]}
        await do(pilot, "J", "space")  # off, and it is still there
        assert marks(pilot) == {"2 shell": ["before"]}
        await do(pilot, "space")
        compose_of(pilot).focus_row("remote_path")
        await do(pilot, "enter", *"/tmp/x", "enter")
        assert (marks(pilot), "/tmp/x" in shown_text(pilot)) == ({"2 shell": ["before"]}, True)
        await select(pilot, FILE)
        await do(pilot, "d")
        assert marks(pilot) == {"1 shell": ["before"]}
        await select(pilot, FILE)  # which the shell is now
        assert not [text for text in toasts(pilot) if "Breakpoint" in text]
        await do(pilot, "d")
        assert marks(pilot) == {}
        gone = "Breakpoint before 1 shell gone: the step is no longer in the template."
        assert gone in toasts(pilot)
        await do(pilot, "ctrl+z")
        assert marks(pilot) == {"1 shell": ["before"]}
        await do(pilot, "b")
        assert (marks(pilot), compose_of(pilot).plan.stops) == ({}, "")


async def test_while_the_text_is_being_typed_and_cannot_be_read_nothing_is_lost(
    tmp_path: Path, pictured_rack: tuple[str, str]
) -> None:
    path = await with_template(tmp_path)
    async with composing(tmp_path, pictured_rack, "file", str(path)) as pilot:
        await select(pilot, SHELL)
        await do(pilot, "b", "f2")
        area = pilot.app.focused
        assert isinstance(area, TextArea)
        twin = '  provisioner "shell" {\n    inline = ["echo first"]\n  }\n\n'
        at = TEMPLATE.index('  provisioner "file"')
        area.text = TEMPLATE[:at] + twin[:-20] + TEMPLATE[at:]
        await until(pilot, lambda: compose_of(pilot).errors)
        assert stops(pilot).count == 1
        area.text = TEMPLATE[:at] + twin + TEMPLATE[at:]
        await until(
            pilot, lambda: "echo first" in shown_text(pilot) and not compose_of(pilot).errors
        )
        await settled(pilot)
        assert marks(pilot) == {"3 shell": ["before"]}
        assert not [text for text in toasts(pilot) if "Breakpoint" in text]
        area.text = TEMPLATE
        await until(pilot, lambda: marks(pilot) == {"2 shell": ["before"]})


async def test_another_programs_change_loses_a_breakpoint_aloud_rather_than_moving_it(
    tmp_path: Path, pictured_rack: tuple[str, str]
) -> None:
    path = await with_template(tmp_path)
    async with composing(tmp_path, pictured_rack, "file", str(path)) as pilot:
        await select(pilot, FILE)
        await do(pilot, "b")
        begin, end = TEMPLATE.index('  provisioner "file"'), TEMPLATE.index("  # the packages")
        new = '  provisioner "sleep" {\n    duration = "3s"\n  }\n\n'
        more = '  provisioner "shell" {\n    inline = ["uptime"]\n  }\n\n'
        path.write_text(TEMPLATE[:begin] + new + more + TEMPLATE[end:])
        await app_of(pilot).go(Place("compose"))
        await until(pilot, lambda: "uptime" in shown_text(pilot))
        await settled(pilot)
        assert marks(pilot) == {}
        assert any(text.startswith("Breakpoint before 1 file gone") for text in toasts(pilot))


async def test_they_outlast_oxtui_and_edits_of_the_file_in_between(
    tmp_path: Path, pictured_rack: tuple[str, str]
) -> None:
    path = await with_template(tmp_path)
    async with composing(tmp_path, pictured_rack, "file", str(path)) as pilot:
        await select(pilot, SHELL)
        await do(pilot, "b")
        await select(pilot, FILE)
        await in_dialog(pilot, "tab", "space", *["tab"] * 3, "space", "enter")
        assert marks(pilot) == {"1 file": ["after"], "2 shell": ["before"]}
    begin, end = TEMPLATE.index('  provisioner "file"'), TEMPLATE.index("  # the packages")
    new = '  provisioner "sleep" {\n    duration = "3s"\n  }\n\n'
    path.write_text((TEMPLATE[:begin] + new + TEMPLATE[end:]).replace("nginx curl", "nginx"))
    async with composing(tmp_path, pictured_rack, "file", str(path)) as pilot:
        assert marks(pilot) == {"2 shell": ["before"]}
        assert ("cleanup", "") in stops(pilot).kinds
        gone = "Breakpoint after 1 file gone: the step is no longer in the template."
        assert gone in toasts(pilot)
        await select(pilot, SHELL)
        await do(pilot, "ctrl+s")  # which forgets what is gone
    async with composing(tmp_path, pictured_rack, "file", str(path)) as pilot:
        assert marks(pilot) == {"2 shell": ["before"]}
        assert not [text for text in toasts(pilot) if "Breakpoint" in text]


async def test_the_dialog_of_stops_knows_both_sides_of_the_selected_step(
    tmp_path: Path, pictured_rack: tuple[str, str]
) -> None:
    path = await with_template(tmp_path)
    async with composing(tmp_path, pictured_rack, "file", str(path)) as pilot:
        await select(pilot, SHELL)
        await in_dialog(
            pilot, "tab", "space", *["tab"] * 2, "space", "tab", *"E:", "tab", *"64-78", "enter"
        )
        assert marks(pilot) == {"2 shell": ["after"]}
        assert stops(pilot).kinds == [
            ("error", ""), ("cleanup", ""), ("output", "E:"), ("exit", "64-78"),
        ]  # fmt: skip
        assert any(line.endswith("⏹ after") for line in outline_text(pilot))
        assert compose_of(pilot).plan.stops == "⏹ 4 stops"
        await select(pilot, BREAKPOINT)
        await press(pilot, "S")
        await until(pilot, lambda: isinstance(pilot.app.screen, StopsDialog))
        ticks = [tick.render().plain for tick in pilot.app.screen.query("Tick")]  # type: ignore[attr-defined]
        assert ticks[:4] == [
            "[ ] Before 3 breakpoint",
            "[ ] After 3 breakpoint",
            "[x] After 2 shell",
            "[x] When a step fails",
        ]
        await press(pilot, "escape", "b")
        assert toasts(pilot)[-1] == "The build stops at it anyway; space switches it off."


async def test_a_build_stops_where_compose_says_and_compose_learns_from_the_build(
    tmp_path: Path,
) -> None:
    text = TEMPLATE.replace(
        '  provisioner "breakpoint" {\n    note = "look at /etc/nginx"\n  }\n', ""
    )
    path = await with_template(tmp_path, text)
    async with rack() as there, live_app(tmp_path, there) as pilot:
        await app_of(pilot).go(Place("compose", ("file", str(path))))
        await settled(pilot)
        await select(pilot, SHELL)
        await do(pilot, "b")
        await select(pilot, FILE)
        await in_dialog(pilot, "tab", "space", "enter")
        assert marks(pilot) == {"1 file": ["after"], "2 shell": ["before"]}
        await press(pilot, "B")
        await until(pilot, lambda: isinstance(pilot.app.screen, BuildScreen))
        pause = await stopped(pilot)
        assert (pause.step, pause.reason) == ("provision-1", "after")
        rail = build_screen(pilot).rail
        assert any("⏹ break" in rail.render_line(y).text for y in range(rail.size.height))
        # On the Build screen another is set, and one is taken away; Compose knows.
        screen = build_screen(pilot)
        screen.at.select(build(pilot), "provision-2")
        await press(pilot, "b", "B")
        await until(pilot, lambda: build(pilot).steps["provision-2"].break_after)
        await until(pilot, lambda: not build(pilot).steps["provision-2"].breakpoint)
        await app_of(pilot).go(Place("compose"))
        await settled(pilot)
        assert marks(pilot) == {"1 file": ["after"], "2 shell": ["after"]}
        # Steps are put in another order while it stands: its stops are of its own steps.
        await select(pilot, FILE)
        await do(pilot, "J")
        assert marks(pilot) == {"1 shell": ["after"], "2 file": ["after"]}
        first = app_of(pilot).builds.all[-1].session
        await first.command(Resume())
        await stopped(pilot, step="provision-2")
        await first.command(Abort())
        await ended(pilot)
        # Started again from the Build screen, in the new order.
        await press(pilot, "f4")
        await until(pilot, lambda: isinstance(pilot.app.screen, BuildScreen))
        await until(pilot, lambda: not build_screen(pilot).situation().no_again)
        await press(pilot, "f5")
        await until(pilot, lambda: len(app_of(pilot).builds.all) == 2)
        pause = await stopped(pilot)
        assert (pause.step, build(pilot).steps[pause.step].plan.title) == ("provision-1", "1 shell")
        await app_of(pilot).builds.all[-1].session.command(Abort())
        await ended(pilot)


@SIZES
async def test_pictures(
    size: tuple[int, int],
    picture: TakePicture,
    pictured_rack: tuple[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    await with_template(tmp_path)
    async with composing(tmp_path, pictured_rack, "file", "web.pkr.hcl", size=size) as pilot:
        await select(pilot, FILE)
        await in_dialog(pilot, "space", "tab", "space", "tab", "tab", "space", "enter")
        await select(pilot, SHELL)
        await do(pilot, "b")
        await picture(pilot, "marks")
        assert all(cell_len(line) <= size[0] for line in outline_text(pilot))
        await press(pilot, "S")
        await until(pilot, lambda: isinstance(pilot.app.screen, StopsDialog))
        await picture(pilot, "dialog")
