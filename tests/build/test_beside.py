"""What is done at a stop without ending it, on a real simulated rack."""

from __future__ import annotations

from pathlib import Path

import pytest

from oxtui.build.control import Policy
from oxtui.component.commands import (
    Abort,
    CancelBeside,
    Command,
    EditAndRetry,
    EditStep,
    MarkDone,
    Resume,
    Retry,
    RunCommand,
    SetBreakpoint,
    UploadFile,
)
from oxtui.component.debugger_events import (
    BesideFinished,
    BesideStarted,
    CommandRan,
    FileUploaded,
    StepMarkedDone,
)
from oxtui.component.events import (
    BuildPlanned,
    Event,
    Noted,
    OutputGrown,
    Paused,
    SessionFinished,
)
from tests.sessions import Bench, bench, shell, template


async def operate(there: Bench, text: str, *commands: Command) -> SessionFinished:
    """Runs a template; at a stop, and when something beside it is done, the next command is given."""
    session = await there.session(text, Policy("ask", attended=True))
    left = list(commands)

    def heard(event: Event) -> None:
        if isinstance(event, Paused | BesideFinished):
            assert left, f"nobody expected {event}"
            for control in session._controls.values():
                control.command(left.pop(0))

    session.subscribe(heard)
    finished = await session.run()
    assert not left
    return finished


def of(there: Bench, kind: type) -> list:  # type: ignore[type-arg]
    """The events of a type, in order."""
    return [event for event in there.events if isinstance(event, kind)]


async def test_a_command_and_a_file_repair_what_failed(tmp_path: Path) -> None:
    source = tmp_path / "app"
    source.mkdir()
    (source / "conf").write_text("listen 80\n")
    text = template(shell("cat ~/app/conf ~/made"))
    async with bench(tmp_path) as there:
        finished = await operate(
            there, text,
            RunCommand(command="echo by hand > ~/made; cat nothing; exit 3"),
            UploadFile(source=str(source)),
            UploadFile(source=str(source / "gone"), destination="/tmp/"),
            Retry(),
        )  # fmt: skip
        assert finished.status == "succeeded"
        stop = of(there, Paused)[0]
        assert {"run_command", "upload_file", "mark_done"} <= set(stop.choices)
        (ran,) = of(there, CommandRan)
        assert (ran.step, ran.status) == ("provision-1", 3)
        (sent,) = of(there, FileUploaded)
        assert (sent.destination, sent.size) == ("app", len("listen 80\n"))
        assert [event.kind for event in of(there, BesideStarted)] == [
            "run_command", "upload_file", "upload_file",
        ]  # fmt: skip
        problems = [event.problem for event in of(there, BesideFinished)]
        assert problems[:2] == ["", ""]
        assert "cannot be read" in problems[2]
        log = there.log("provision-1").splitlines()
        assert "$ echo by hand > ~/made; cat nothing; exit 3" in log
        assert any("nothing: No such file" in line for line in log)
        assert "The command ended with exit status 3" in log
        assert log[-2:] == ["listen 80", "by hand"]
        assert there.build.steps["provision-1"].by_hand == (ran, sent)


@pytest.mark.slow
async def test_a_step_done_by_hand_counts_as_done(tmp_path: Path) -> None:
    text = template(shell("exit 4"), 'provisioner "breakpoint" {}', shell("exit 5"))
    async with bench(tmp_path) as there:
        finished = await operate(there, text, MarkDone(), MarkDone(), MarkDone())
        assert finished.status == "succeeded"
        assert [event.step for event in of(there, StepMarkedDone)] == [
            "provision-1", "provision-2", "provision-3",
        ]  # fmt: skip
        assert there.attempts("provision-1") == ["failed", "done"]
        assert there.attempts("provision-2") == ["done"]
        assert there.build.steps["provision-1"].phase == "done"
        assert there.build.steps["provision-1"].failure is None


@pytest.mark.slow
@pytest.mark.parametrize("end", [CancelBeside, Abort])
async def test_a_command_that_hangs_is_ended_in_the_guest_too(
    tmp_path: Path, end: type[Command]
) -> None:
    text = template('provisioner "breakpoint" {}')
    hangs = RunCommand(command="echo $$ > ~/pid; echo begun; exec sleep 1000")
    sent: list[str] = []
    async with bench(tmp_path) as there:
        session = await there.session(text, Policy("ask", attended=True))

        def tell(command: Command) -> None:
            sent.append(type(command).__name__)
            for control in session._controls.values():
                control.command(command)

        def heard(event: Event) -> None:
            if isinstance(event, Paused):
                tell(hangs)
            elif isinstance(event, OutputGrown) and event.lines > 1 and len(sent) == 1:
                tell(Resume())  # refused: it waits
                tell(RunCommand(command="true"))  # as well
                tell(end())
            elif isinstance(event, BesideFinished) and end is CancelBeside:
                tell(
                    RunCommand(command='kill -0 "$(cat ~/pid)" && echo lives || echo gone')
                    if len(sent) == 4
                    else Resume()
                )

        session.subscribe(heard)
        finished = await session.run()
        assert sent[:4] == ["RunCommand", "Resume", "RunCommand", end.__name__]
        assert of(there, CommandRan)[0].status is None
        assert of(there, BesideFinished)[0].problem == "It was cancelled."
        refused = [event.text for event in of(there, Noted) if "cancel that first" in event.text]
        assert [text.split(" waits")[0] for text in refused] == ["Resume", "Run command"]
        if end is CancelBeside:
            assert finished.status == "succeeded"
            lines = there.log("provision-1").splitlines()
            assert "gone" in lines
            assert "lives" not in lines
        else:
            assert finished.status == "cancelled"
            # It ended before the build was told to end.
            names = [type(event).__name__ for event in there.events]
            assert names.index("BesideFinished") < names.index("Resumed")
            assert await there.left_on_rack() == []


@pytest.mark.slow
async def test_without_a_guest_there_is_none_to_work_on(tmp_path: Path) -> None:
    async with bench(tmp_path) as there:
        text = template(shell("true"))
        session = await there.session(text, Policy("ask", attended=True))
        told: list[Paused] = []

        def heard(event: Event) -> None:
            if isinstance(event, Paused):
                told.append(event)
                for control in session._controls.values():
                    control.command(RunCommand(command="true"))
                    control.command(CancelBeside())
                    control.command(Resume())

            elif isinstance(event, BuildPlanned) and not told:
                for control in session._controls.values():
                    control.command(SetBreakpoint(step="instance", on=True))
                    control.command(SetBreakpoint(step="snapshot", on=True))

        session.subscribe(heard)
        finished = await session.run()
        assert finished.status == "succeeded"
        assert [stop.step for stop in told] == ["instance", "snapshot"]
        assert all("run_command" not in stop.choices for stop in told)
        notes = [event.text for event in of(there, Noted)]
        assert len([text for text in notes if "needs a connection to the guest" in text]) == 2
        assert len([text for text in notes if text.startswith("Cancel beside needs")]) == 2


@pytest.mark.slow
async def test_steps_to_come_are_edited_and_each_tells_how_it_began(tmp_path: Path) -> None:
    text = template('provisioner "breakpoint" {}', shell("echo two"), shell("exit 3"))
    async with bench(tmp_path) as there:
        finished = await operate(
            there, text,
            EditStep(step="provision-2", changes={"inline": ["echo 2"]}),
            EditStep(step="provision-2", changes={"inline": ["echo 2", "echo zwei"]}),
            EditStep(step="sync", changes={"inline": ["true"]}),
            Resume(),
            EditAndRetry(changes={"inline": ["exit 4"]}),
            EditAndRetry(changes={"inline": ["exit 0"]}),
        )  # fmt: skip
        assert finished.status == "succeeded"
        steps = there.build.steps
        assert there.log("provision-2").splitlines()[-2:] == ["2", "zwei"]
        edits = [steps[f"provision-{number}"].edit for number in (2, 3)]
        assert [(edit.before, edit.after) for edit in edits if edit is not None] == [
            ("echo two\n", "echo 2\necho zwei\n"), ("exit 3\n", "exit 0\n"),
        ]  # fmt: skip
        assert list(steps["provision-2"].changes["inline"]) == ["echo 2", "echo zwei"]
        problems = [event.problem for event in of(there, BesideFinished)]
        assert problems == ["", "", "sync is no step with options that can be edited."]
