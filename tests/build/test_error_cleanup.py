"""The error-cleanup-provisioner in sessions: when it runs, when not, and how its own failure is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from oxtui.build.control import OnError, Policy
from oxtui.build.engine import Session
from oxtui.component.commands import Abort, Keep, Retry, Skip
from oxtui.component.events import Event, OutputGrown, StepFinished, StepStarted
from tests.builders.test_null import local, server, template
from tests.sessions import Answer, Sessions, bench, rackless, shell
from tests.sessions import template as on_rack

CLEANUP = 'error-cleanup-provisioner "shell-local" {\n name = "tidy"\n inline = ["echo cleaned"]\n}'
FAILS = CLEANUP.replace("echo cleaned", "exit 3")


def ran(there: Sessions) -> list[str]:
    """The steps that ran, in order."""
    return [event.step for event in there.events if isinstance(event, StepStarted)]


async def run(there: Sessions, on_error: OnError, *parts: str, source: str | None = None) -> str:
    """Runs a template without an operator; the build's error."""
    text = template(*parts) if source is None else template(*parts, source=source)
    session = await there.session(text, Policy(on_error))
    await session.run()
    return there.build.error


async def test_it_is_a_step_that_runs_before_the_machine_goes(tmp_path: Path) -> None:
    async with rackless(tmp_path) as there:
        error = await run(there, "cleanup", local("exit 5"), local("true"), CLEANUP)
        assert ran(there) == ["provision-1", "error-cleanup", "cleanup"]
        plan = there.build.steps["error-cleanup"].plan
        assert (plan.kind, plan.title, plan.detail) == (
            "cleanup", "clean up after error", "tidy echo cleaned",
        )  # fmt: skip
        assert "cleaned" in there.log("error-cleanup").splitlines()
        assert error.startswith("1 shell-local: inline ended with exit status 5")


async def test_its_own_failure_is_told_beside_the_error_and_stops_nothing(tmp_path: Path) -> None:
    async with rackless(tmp_path) as there:
        error = await run(there, "cleanup", local("exit 5"), FAILS)
        assert ran(there) == ["provision-1", "error-cleanup", "cleanup"]
        assert error.startswith("Cleanup failed: inline ended with exit status 3")
        assert ". Original error: 1 shell-local: inline ended with exit status 5" in error


@pytest.mark.parametrize(
    ("on_error", "runs"),
    [("cleanup", True), ("abort", False), ("ask", True), ("run-cleanup-provisioner", True)],
)
async def test_whether_it_runs_is_the_operators_choice(
    tmp_path: Path, on_error: OnError, runs: bool
) -> None:
    async with rackless(tmp_path) as there:
        await run(there, on_error, local("exit 5"), CLEANUP)
        assert ("error-cleanup" in ran(there)) is runs


@pytest.mark.parametrize(
    ("answers", "status", "runs"),
    [
        ([lambda stop: Retry()], "succeeded", False),
        ([lambda stop: Skip()], "succeeded", False),
        ([lambda stop: Abort()], "failed", True),
        ([lambda stop: Abort(cleanup=False)], "failed", False),
    ],
)
async def test_after_a_good_retry_there_is_nothing_to_clean_up(
    tmp_path: Path, answers: list[Answer], status: str, runs: bool
) -> None:
    done = tmp_path / "done"
    async with rackless(tmp_path) as there:
        once = local(f"test -e {done} || {{ touch {done}; exit 1; }}")
        finished = await there.run(template(once, CLEANUP), *answers)
        assert finished.status == status
        assert ("error-cleanup" in ran(there)) is runs


async def test_it_runs_when_the_operator_ends_a_build_and_ends_when_asked_again(
    tmp_path: Path,
) -> None:
    async with rackless(tmp_path) as there:
        hanging = CLEANUP.replace("echo cleaned", "echo cleaning; sleep 1021")
        text = template(local("echo working; sleep 1020"), hanging)
        session = await there.session(text, Policy())

        def heard(event: Event) -> None:
            if isinstance(event, OutputGrown) and event.lines > 1:
                for control in session._controls.values():
                    control.command(Abort())

        session.subscribe(heard)
        finished = await session.run()
        assert finished.status == "cancelled"
        assert ran(there) == ["provision-1", "error-cleanup", "cleanup"]
        ended = [event.status for event in there.events if isinstance(event, StepFinished)]
        assert ended == ["cancelled", "cancelled", "done"]
        assert there.build.error == (
            "Cleanup failed: it was cut off. Original error: cancelled by the operator"
        )


async def test_it_does_not_run_where_the_machine_was_never_reached(tmp_path: Path) -> None:
    async with server(tmp_path) as (there, source), rackless(tmp_path) as sessions:
        there.process.terminate()
        there.process.wait(timeout=10)
        limited = source + '\n ssh_timeout = "0.1s"'
        await run(sessions, "cleanup", local("true"), CLEANUP, source=limited)
        assert ran(sessions) == ["connect", "cleanup"]


async def test_a_machine_that_is_kept_is_left_as_it_is(tmp_path: Path) -> None:
    async with rackless(tmp_path) as there:
        session = await there.session(template(local("exit 5"), CLEANUP), Policy())
        session.subscribe(
            lambda event: (
                [
                    control.command(Keep())
                    for control in session._controls.values()
                    if isinstance(event, StepStarted)
                ]
                and None
            )
        )
        finished = await session.run()
        assert finished.status == "kept"
        assert ran(there) == ["provision-1", "cleanup"]


@pytest.mark.slow
async def test_it_works_in_an_instance_after_an_error_and_after_a_cancellation(
    tmp_path: Path,
) -> None:
    tidy = 'error-cleanup-provisioner "shell" {\n inline = ["cat ~/mess", "pgrep -fx sleep.1030 || echo none"]\n}'
    async with bench(tmp_path) as there:
        for last, status in (("exit 1", "failed"), ("echo $HOME; sleep 1030", "cancelled")):
            text = on_rack(shell("echo mess > ~/mess"), shell(last), tidy)
            session = await there.session(text, Policy())

            def heard(event: Event, session: Session = session) -> None:
                if isinstance(event, OutputGrown) and "/home/" in there.log("provision-2"):
                    for control in session._controls.values():
                        if control.end is None:
                            control.command(Abort())

            unsubscribe = session.subscribe(heard)
            assert (await session.run()).status == status
            unsubscribe()
            assert there.log("error-cleanup").splitlines()[1:] == ["mess", "none"]
            assert not await there.left_on_rack()
