"""The Build screen as an operator uses it: by keys, on sessions made from events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import Static

from oxtui.component import commands
from oxtui.component.events import StepProgress
from oxtui.logs.spool import Stream
from screens.build.source import Desk
from screens.build.step_line import StepLine
from screens.build.tables import call_title
from screens.dialogs.confirm import ConfirmDialog
from screens.widgets.log.prompt import LogPrompt
from screens.widgets.top_line import TopLine
from tests.screens.build import scenes
from tests.screens.build.sessions import AT_FAILURE, FAILURE, ScriptedSession
from tests.screens.build.stage import BuildApp, redrawn, screen_of, staged
from tests.screens.driving import until

WEB = "web-01"


def rail_text(pilot: Pilot[int]) -> list[str]:
    rail = screen_of(pilot).rail
    return [rail.render_line(y).text.rstrip() for y in range(rail.size.height)]


def log_text(pilot: Pilot[int]) -> list[str]:
    view = screen_of(pilot).log_pane.view
    return [view.render_line(y).text[:-1].rstrip() for y in range(view.size.height)]


def box_text(pilot: Pilot[int]) -> str:
    box = screen_of(pilot).query_one("StopBox")
    return "\n".join(str(child.render()) for child in box.children) if box.display else ""


def told(pilot: Pilot[int]) -> list[str]:
    return [str(notification.message) for notification in pilot.app._notifications]


async def test_the_running_step_is_followed_until_another_is_selected(tmp_path: Path) -> None:
    async with staged(tmp_path, scenes.running) as (pilot, session):
        screen = screen_of(pilot)
        assert screen.at.step == "provision-3"
        session.run("provision-3", 1)
        session.start("provision-4")
        await redrawn(pilot)
        assert screen.at.step == "provision-4"
        await pilot.press("up", "up")
        assert screen.at.step == "provision-2"
        session.run("provision-4", 1)
        session.start("sync")
        await redrawn(pilot)
        assert screen.at.step == "provision-2"
        assert log_text(pilot)[-1] == "  Setting up package-79 ..."
        await pilot.press("down", "down", "down")
        session.run("sync", 1)
        session.start("stop")
        await redrawn(pilot)
        assert screen.at.step == "stop"


async def test_at_a_breakpoint_the_output_before_it_is_read(tmp_path: Path) -> None:
    async with staged(tmp_path, scenes.at_breakpoint) as (pilot, session):
        screen = screen_of(pilot)
        assert screen.at.step == "provision-4"
        assert log_text(pilot)[-1] == "  Reading state information..."
        line = screen.query_one(StepLine).render().plain
        assert line.startswith("Before the stop:  3 shell")
        session.start("provision-4")
        session.write("provision-4", "hardening")
        await redrawn(pilot)
        await until(pilot, lambda: log_text(pilot)[0] == "  hardening")
        assert screen.query_one(StepLine).render().plain.startswith("4 shell")


async def test_a_failure_leads_to_its_step_wherever_the_operator_is(tmp_path: Path) -> None:
    async with staged(tmp_path, scenes.running) as (pilot, session):
        await pilot.press("up")
        session.run("provision-3", 1, "failed")
        session.pause("provision-3", "failure", AT_FAILURE)
        screen = await redrawn(pilot)
        assert screen.at.step == "provision-3"
        assert "Stopped here: 3 shell setup.sh failed (100: apt could not find a package)" in (
            box_text(pilot)
        )
        assert "setup.sh line 14 (bash told)  apt-get install -y ngnix" in box_text(pilot)


async def test_the_box_repeats_the_last_lines_while_another_step_is_read(tmp_path: Path) -> None:
    async with staged(tmp_path, scenes.failed) as (pilot, session):
        session.pause("provision-3", "failure", AT_FAILURE, failure=replace(FAILURE, errors=()))
        await redrawn(pilot)
        assert "│ E: Unable" not in box_text(pilot)
        await pilot.press("up")
        await redrawn(pilot)
        assert "│ E: Unable to locate package ngnix" in box_text(pilot)


@pytest.mark.parametrize(
    ("key", "command"),
    [
        ("r", commands.Retry(build=WEB)),
        ("R", commands.Retry(build=WEB, trace=True)),
        ("k", commands.Skip(build=WEB)),
        ("m", commands.MarkDone(build=WEB)),
    ],
)
async def test_choices_at_a_failure(tmp_path: Path, key: str, command: commands.Command) -> None:
    async with staged(tmp_path, scenes.failed) as (pilot, session):
        await pilot.press(key)
        await pilot.app.workers.wait_for_complete()
        assert session.commands == [command]


@pytest.mark.parametrize(
    ("keys", "command"),
    [
        (["c"], commands.Resume(build=WEB)),
        (["n"], commands.StepOver(build=WEB)),
        (["down", "down", "U"], commands.RunUntil(build=WEB, step="stop")),
        (["b"], commands.SetBreakpoint(build=WEB, step="provision-4", on=False)),
        (["down", "b"], commands.SetBreakpoint(build=WEB, step="sync", on=True)),
    ],
)
async def test_choices_at_a_breakpoint(
    tmp_path: Path, keys: list[str], command: commands.Command
) -> None:
    async with staged(tmp_path, scenes.at_breakpoint) as (pilot, session):
        await pilot.press(*keys)
        await pilot.app.workers.wait_for_complete()
        assert session.commands == [command]


async def test_pausing_says_when_it_will_stop(tmp_path: Path) -> None:
    async with staged(tmp_path, scenes.running) as (pilot, session):
        await pilot.press("p")
        await pilot.app.workers.wait_for_complete()
        assert session.commands == [commands.Pause(build=WEB)]
        assert told(pilot) == ["It stops when 3 shell is through."]


@pytest.mark.parametrize(
    ("scene", "key", "reason"),
    [
        (scenes.running, "r", "Nothing has failed."),
        (scenes.running, "c", "The build runs; p stops it before its next step."),
        (scenes.running, "k", "Only a step that the build stands at can be skipped."),
        (scenes.running, "b", "3 shell has begun already; a breakpoint stops before a step."),
        (scenes.failed, "c", "It failed: retry, skip or abort."),
        (scenes.failed, "p", "The build stands still already."),
        (scenes.failed, "e", "This step has nothing that could be changed."),
        (scenes.starting, "s", "There is no instance to open a shell in."),
        (scenes.starting, "i", "There is no instance to keep."),
        (scenes.starting, "2", "There is no serial console yet."),
        (scenes.finished, "a", "The build is over."),
        (scenes.finished, ">", "This session has one build."),
    ],
)
async def test_a_key_that_cannot_act_says_why(
    tmp_path: Path, scene: Any, key: str, reason: str
) -> None:
    async with staged(tmp_path, scene) as (pilot, session):
        await pilot.press(key)
        assert told(pilot) == [reason]
        assert session.commands == []


async def test_the_box_lists_what_cannot_be_done_and_why(tmp_path: Path) -> None:
    async with staged(tmp_path, scenes.at_breakpoint) as (pilot, _):
        told = " ".join(box_text(pilot).split("\n"))
        assert "U run until here — Select a step that is still to run." in told
        assert "retry" not in told  # nothing has failed


async def test_a_click_on_a_choice_is_its_key(tmp_path: Path) -> None:
    async with staged(tmp_path, scenes.at_breakpoint) as (pilot, session):
        choices = screen_of(pilot).query_one("Choices")
        first = str(choices.render()).split("\n")[0]
        await pilot.click(choices, offset=(first.index("c continue"), 0))
        await pilot.app.workers.wait_for_complete()
        assert session.commands == [commands.Resume(build=WEB)]


async def test_aborting_is_confirmed_and_can_keep_what_was_made(tmp_path: Path) -> None:
    async with staged(tmp_path, scenes.failed) as (pilot, session):
        await pilot.press("a")
        await pilot.pause()
        assert isinstance(pilot.app.screen, ConfirmDialog)
        await pilot.press("escape")
        assert session.commands == []
        await pilot.press("a")
        await pilot.pause()
        await pilot.press("enter")
        await pilot.app.workers.wait_for_complete()
        await pilot.press("a")
        await pilot.pause()
        await pilot.press("tab", "space", "enter")
        await pilot.app.workers.wait_for_complete()
        assert session.commands == [
            commands.Abort(build=WEB, cleanup=True),
            commands.Abort(build=WEB, cleanup=False),
        ]


async def test_keeping_the_instance_is_confirmed(tmp_path: Path) -> None:
    async with staged(tmp_path, scenes.failed) as (pilot, session):
        await pilot.press("i")
        await pilot.pause()
        await pilot.press("enter")
        await pilot.app.workers.wait_for_complete()
        assert session.commands == [commands.Keep(build=WEB)]


async def test_editing_sends_what_changed(tmp_path: Path) -> None:
    asked = []

    async def edit(build: str, step: str) -> Mapping[str, Any] | None:
        asked.append((build, step))
        return {"inline": ["apt-get install -y nginx"]} if len(asked) > 1 else None

    async with staged(tmp_path, scenes.failed, desk=Desk(edit=edit)) as (pilot, session):
        await pilot.press("e")
        await pilot.app.workers.wait_for_complete()
        assert session.commands == []
        await pilot.press("e")
        await pilot.app.workers.wait_for_complete()
        assert asked == [(WEB, "provision-3")] * 2
        assert session.commands == [
            commands.EditAndRetry(build=WEB, changes={"inline": ["apt-get install -y nginx"]})
        ]


async def test_a_shell_is_asked_for_the_build_on_the_screen(tmp_path: Path) -> None:
    opened: list[str] = []
    async with staged(tmp_path, scenes.failed, desk=Desk(shell=opened.append)) as (pilot, _):
        await pilot.press("s")
        assert opened == [WEB]


async def test_a_record_takes_no_commands(tmp_path: Path) -> None:
    async with staged(tmp_path, scenes.failed, desk=Desk(live=False)) as (pilot, session):
        await pilot.press("r")
        assert told(pilot) == ["This is a record of a session; it takes no commands."]
        assert session.commands == []


async def test_what_packer_runs_is_not_steered_but_can_be_ended(tmp_path: Path) -> None:
    async with staged(tmp_path, scenes.running, desk=Desk(packer=True)) as (pilot, session):
        await pilot.press("p")
        assert told(pilot)[0].startswith("Packer runs this build; it stops at")
        await pilot.press("a")
        await pilot.pause()
        texts = [str(each.visual) for each in pilot.app.screen.query(Static)]
        assert any("Packer ends all builds of the session" in text for text in texts)
        assert session.commands == []


async def test_a_flood_of_events_is_drawn_a_few_times(tmp_path: Path) -> None:
    async with staged(tmp_path, scenes.running) as (pilot, session):
        screen = screen_of(pilot)
        drawn: list[int] = []
        redraw = screen.redraw

        def counted() -> None:
            drawn.append(1)
            redraw()

        screen.redraw = counted  # type: ignore[method-assign]
        for number in range(1000):
            session.tell(
                StepProgress(time=session.now, build=WEB, step="provision-3", text=f"at {number}")
            )
        assert drawn == []
        while not drawn:
            await pilot.pause(0.02)
        assert len(drawn) < 5
        line = screen.query_one("StepLine")
        await pilot.pause()
        assert "at 999" in str(line.render())


async def test_several_builds_are_one_key_apart(tmp_path: Path) -> None:
    session = ScriptedSession(tmp_path / "spools", build="db-01")

    def both(first: ScriptedSession) -> None:
        scenes.running(first)
        session.state, session.now = first.state, first.now
        session.begin()
        session.run("preflight", 0.5)
        session.start("ssh-key")
        first.state = session.state

    async with staged(tmp_path, both) as (pilot, _):
        screen = screen_of(pilot)
        assert screen.at.name == WEB
        tabs = screen.query_one("BuildTabs")
        assert "◐ web-01" in str(tabs.render())
        assert "◐ db-01" in str(tabs.render())
        await pilot.press(">")
        assert (screen.at.name, screen.at.step) == ("db-01", "ssh-key")
        await pilot.press("<")
        assert screen.at.name == WEB
        await pilot.click(tabs, offset=(str(tabs.render()).index("db-01"), 0))
        await pilot.pause()
        assert screen.at.name == "db-01"


async def test_errors_are_sought_over_the_steps(tmp_path: Path) -> None:
    async with staged(tmp_path, scenes.failed) as (pilot, session):
        session.write("provision-1", "fatal: no space", stream=Stream.STDERR)
        screen = await redrawn(pilot)
        for _ in range(2):
            await pilot.press("[")
            await pilot.app.workers.wait_for_complete()
            await pilot.pause()
            await pilot.app.workers.wait_for_complete()
        assert (screen.at.step, screen.log_pane.view.model.pointer) == ("provision-1", 1)
        await pilot.press("]")
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        await pilot.app.workers.wait_for_complete()
        assert (screen.at.step, screen.log_pane.view.model.pointer) == ("provision-3", 28)


async def test_log_keys_work_while_the_steps_have_the_focus(tmp_path: Path) -> None:
    async with staged(tmp_path, scenes.running) as (pilot, _):
        screen = screen_of(pilot)
        await pilot.press("up", "home")
        assert log_text(pilot)[0] == "  Setting up package-0 ..."
        await pilot.press("slash", *"package-7", "enter")
        await until(pilot, lambda: screen.log_pane.view.model.pointer == 7)
        await pilot.press("n")  # now the search's, not `step over`
        assert screen.log_pane.view.model.pointer == 70
        assert told(pilot) == []
        await pilot.press("escape", "escape", "n")
        assert told(pilot) == ["The build runs; p stops it before its next step."]


async def test_escape_leads_back_from_tab_and_zoom(tmp_path: Path) -> None:
    async with staged(tmp_path, scenes.finished) as (pilot, _):
        screen = screen_of(pilot)
        await pilot.press("3")
        assert screen.at.tab == "timeline"
        await pilot.press("escape", "z")
        assert (screen.at.tab, screen.at.zoomed) == ("steps", True)
        await pilot.press("escape")
        assert not screen.at.zoomed


async def test_ids_and_commands_are_copied_from_the_tables(tmp_path: Path) -> None:
    async with staged(tmp_path, scenes.finished) as (pilot, _):
        assert isinstance(pilot.app, BuildApp)
        await pilot.press("4", "y", "down", "down", "down", "Y")
        await pilot.press("5", "down", "down", "y", "Y", "end", "y")
        assert pilot.app.copied == [
            "2b7d7f4e-54c5-4a65-9f2f-5a2c9a5f5f01",
            "oxtui sweep --only 4",
            "oxide api /v1/instances?project=web --method POST",
            "curl --request POST http://rack.example/v1/instances?project=web",
            "ssh ubuntu@172.30.0.4 'PACKER_BUILD_NAME='web-01' /tmp/script_4711.sh'",
        ]


async def test_polls_are_one_row_that_counts(tmp_path: Path) -> None:
    async with staged(tmp_path, scenes.running) as (pilot, session):
        await pilot.press("5")
        for offset in range(3):
            path = f"/v1/instances/i/serial-console?from_start={offset}"
            session.call("instance_serial_console", "GET", path, 200)
        session.ssh("run", "true", 0)
        screen = await redrawn(pilot)
        model = screen.calls.model
        told = [call_title(model.at(at)) for at in range(len(model.shown))]
        assert told[-2:] == ["instance_serial_console ×3", "ssh run"]


async def test_text_of_others_cannot_act_on_the_screen(tmp_path: Path) -> None:
    def hostile(session: ScriptedSession) -> None:
        scenes.prepared(session)
        session.make("disk", "evil\x1b]0;title\x07\u202e[red]name[/]", "id\x1b[2J")
        session.start("provision-3", "[bold]\x1b[31mprogress[/]")
        session.write("provision-3", "[link=x]\x1b]52;c;aGk=\x07text\x1b[2J[/link]")

    async with staged(tmp_path, hostile) as (pilot, _):
        await redrawn(pilot)
        assert log_text(pilot)[0] == "  [link=x]text[/link]"
        assert "[bold]progress[/]" in str(screen_of(pilot).query_one("StepLine").render())
        await pilot.press("4")
        picture = pilot.app.export_screenshot()
        assert "[red]name[/]" in picture.replace("&#160;", " ")
        assert not {"\x1b", "\u202e", "\x07"}.intersection(picture)


async def test_the_screen_stops_listening_when_it_goes(tmp_path: Path) -> None:
    async with staged(tmp_path, scenes.running) as (_, session):
        assert session.followed
    assert not session.followed


async def test_what_is_left_to_wait_is_estimated_from_the_last_run(tmp_path: Path) -> None:
    desk = Desk(recall=scenes.recall)
    async with staged(tmp_path, scenes.running, desk=desk) as (pilot, session):
        top = screen_of(pilot).query_one(TopLine)
        # 13 s of setup.sh's 25 are left, then 9 + 0.6 + 12 + 21 + 17 + 8
        await redrawn(pilot)
        assert [cell.text for cell in top.running] == ["◐ provisioning 1:11", "≈ 1:20 left"]
        line = screen_of(pilot).query_one("StepLine")
        assert "◐ running · 12s of ≈ 25s" in str(line.render())
        session.now += 1000
        await redrawn(pilot)
        assert top.running[1].text == "≈ 1:07 left"


async def test_a_step_that_was_clearly_slower_than_the_last_time_says_so(tmp_path: Path) -> None:
    def slow(session: ScriptedSession) -> None:
        scenes.prepared(session)
        session.run("provision-3", 40)
        session.run("provision-4", 10)

    async with staged(tmp_path, slow, desk=Desk(recall=scenes.recall)) as (pilot, _):
        line = (await redrawn(pilot)).query_one("StepLine")
        assert str(line.render()).endswith("✓ done · 10.0s")
        await pilot.press("up")
        assert str(line.render()).endswith("✓ done · 40.0s, last time 25.0s")


async def test_before_the_first_event_it_says_so(tmp_path: Path) -> None:
    async with staged(tmp_path, lambda _session: None) as (pilot, session):
        assert "  No build has begun yet." in log_text(pilot)
        await pilot.press("p")
        assert told(pilot) == ["There is no build here yet."]
        session.begin()
        await redrawn(pilot)
        assert rail_text(pilot)[0].split() == ["›·", "preflight", "waiting"]


@pytest.mark.parametrize("size", [(1, 1), (20, 6), (60, 20)])
async def test_tiny_terminals_do_not_crash(tmp_path: Path, size: tuple[int, int]) -> None:
    async with staged(tmp_path, scenes.failed, size) as (pilot, _):
        for key in ("2", "3", "4", "5", "1", "z", "W", "t"):
            await pilot.press(key)
        await pilot.resize_terminal(120, 40)
        await pilot.resize_terminal(2, 2)


async def test_the_whole_rail_is_seen_where_it_has_room(tmp_path: Path) -> None:
    async with staged(tmp_path, scenes.failed, (80, 24)) as (pilot, _):
        assert rail_text(pilot)[0].split() == ["✓", "preflight"]
        await pilot.resize_terminal(80, 12)
        await pilot.pause()
        assert any("3 shell" in line for line in rail_text(pilot))
        assert "preflight" not in rail_text(pilot)[0]
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert rail_text(pilot)[0].split() == ["✓", "preflight"]


async def test_text_that_is_typed_at_once_goes_into_the_prompt(tmp_path: Path) -> None:
    """A quick hand, or a paste: none of its letters is a command."""
    async with staged(tmp_path, scenes.failed) as (pilot, session):
        for key in "/apt":
            pilot.app.post_message(events.Key({"/": "slash"}.get(key, key), key))
        prompt = screen_of(pilot).query_one("#search", LogPrompt)
        await until(pilot, lambda: prompt.text == "apt")
        assert pilot.app.screen is screen_of(pilot)
        assert session.commands == []
