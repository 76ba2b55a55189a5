"""Provisioners that the operator puts into a session while it stands still."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from oxtui.build.control import Policy
from oxtui.component.commands import AddProvisioner, Command, Resume, Retry, Skip
from oxtui.component.debugger_events import ProvisionerAdded
from oxtui.component.events import Noted, Paused
from tests.builders.test_null import local, own, template
from tests.sessions import Sessions, rackless

BREAKPOINT = 'provisioner "breakpoint" {}'


def added(line: str, *, done: bool = False) -> AddProvisioner:
    return AddProvisioner(type_name="shell-local", options={"inline": [line]}, done=done)


async def run(there: Sessions, text: str, *answers: Callable[[Paused], list[Command]]) -> str:
    """Runs with an operator who tells several things at each stop; how it ended."""
    session = await there.session(text, Policy("ask", attended=True))
    left = list(answers)

    def heard(event: object) -> None:
        if isinstance(event, Paused):
            for command in left.pop(0)(event):
                for control in session._controls.values():
                    control.command(command)

    session.subscribe(heard)
    finished = await session.run()
    assert not left
    return finished.status


async def test_what_was_done_by_hand_is_a_step_that_is_passed_over(tmp_path: Path) -> None:
    log = tmp_path / "log"
    text = template(local(f"echo 1 >>{log}"), BREAKPOINT, local(f"echo 3 >>{log}"))
    async with rackless(tmp_path) as there:
        status = await run(
            there, text,
            lambda stop: [added("exit 3", done=True), added("true", done=True), Resume()],
        )  # fmt: skip
        assert status == "succeeded"
        assert log.read_text().split() == ["1", "3"]
        steps = list(there.build.steps)
        assert steps[:4] == ["provision-1", "provision-added-1", "provision-added-2", "provision-2"]
        step = there.build.steps["provision-added-1"]
        assert (step.phase, step.plan.title, step.plan.detail) == (
            "done", "+1 shell-local", "exit 3",
        )  # fmt: skip
        assert [event.after for event in there.build.added] == ["provision-1", "provision-added-1"]
        assert there.build.added[0].options == {"inline": ["exit 3"]}


@pytest.mark.parametrize("command", [Retry(), Skip()])
async def test_one_that_is_still_to_do_runs_before_the_step_that_failed(
    tmp_path: Path, command: Command
) -> None:
    needed, log = tmp_path / "needed", tmp_path / "log"
    text = template(local(f"cat {needed}"), local(f"echo 2 >>{log}"))
    async with rackless(tmp_path) as there:
        status = await run(there, text, lambda stop: [added(f"echo made >{needed}"), command])
        assert status == "succeeded"
        assert there.attempts("provision-added-1") == ["done"]
        again = isinstance(command, Retry)
        assert there.attempts("provision-1") == ["failed", "done" if again else "skipped"]
        assert ("made" in own(there, "provision-1")) is again
        assert log.read_text().split() == ["2"]


async def test_one_that_is_put_before_a_breakpoint_runs_and_the_build_stops_again(
    tmp_path: Path,
) -> None:
    async with rackless(tmp_path) as there:
        status = await run(
            there, template(BREAKPOINT), lambda stop: [added("echo now"), Resume()],
            lambda stop: [Resume()],
        )  # fmt: skip
        assert (status, own(there, "provision-added-1")) == ("succeeded", ["now"])


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (AddProvisioner(type_name="shel", options={}), 'no provisioner "shel"'),
        (AddProvisioner(type_name="shell", options={}), "give exactly one of"),
    ],
)
async def test_what_cannot_be_added_is_said_and_changes_nothing(
    tmp_path: Path, command: AddProvisioner, why: str
) -> None:
    async with rackless(tmp_path) as there:
        await run(there, template(BREAKPOINT), lambda stop: [command, Resume()])
        assert [e.text for e in there.events if isinstance(e, Noted) and why in e.text]
        assert not [e for e in there.events if isinstance(e, ProvisionerAdded)]


async def test_a_build_that_runs_takes_none(tmp_path: Path) -> None:
    async with rackless(tmp_path) as there:
        session = await there.session(template(local("true")), Policy("ask", attended=True))
        session.subscribe(
            lambda event: (
                [control.command(added("true")) for control in session._controls.values()]
                if type(event).__name__ == "StepStarted" and getattr(event, "step", "") == "provision-1"
                else None
            )
        )  # fmt: skip
        await session.run()
        (note,) = [e.text for e in there.events if isinstance(e, Noted) and "Add" in e.text]
        assert note == "Add provisioner needs a build that stands still."
