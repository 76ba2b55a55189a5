"""What stops a build, and what of it is told; builds of this machine alone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from oxtui.build.control import OnError, Policy
from oxtui.build.engine import Session
from oxtui.build.stops import (
    StopError,
    Stopping,
    UnknownStep,
    exit_statuses,
    output_pattern,
    stop_problem,
)
from oxtui.component import commands as c
from oxtui.component.debugger_events import DeadlineMoved, PauseAsked, StopSet
from oxtui.component.events import (
    BreakpointSet,
    Event,
    Noted,
    Paused,
    PauseReason,
    Resumed,
    SessionFinished,
    StepFinished,
    StepStarted,
)
from tests.builders.test_null import local, template
from tests.sessions import Answer, Sessions, rackless


async def run(
    there: Sessions, text: str, stopping: Stopping, *answers: Answer, on_error: OnError = "cleanup"
) -> tuple[SessionFinished, list[tuple[str, PauseReason]]]:
    """Runs with stops; how it ended, and where it stood and why. Each stop takes an answer."""
    session = await there.session(text, Policy(on_error, stopping=stopping))
    left = list(answers)
    stops: list[tuple[str, PauseReason]] = []

    def heard(event: Event) -> None:
        if isinstance(event, Paused):
            stops.append((event.step, event.reason))
            for control in session._controls.values():
                control.command(left.pop(0)(event))

    session.subscribe(heard)
    finished = await session.run()
    assert not left
    return finished, stops


def go(_stop: Paused) -> c.Command:
    return c.Resume()


def over(_stop: Paused) -> c.Command:
    return c.StepOver()


THREE = template(local("echo one"), local("echo two"), local("echo three"))


async def test_stops_before_and_after_steps_belong_to_the_session(tmp_path: Path) -> None:
    stopping = Stopping(steps=(("before", "2"), ("after", "1 shell-local"), ("before", "cleanup")))
    async with rackless(tmp_path) as there:
        finished, stops = await run(there, THREE, stopping, go, go, go)
        assert finished.status == "succeeded"
        assert stops == [
            ("provision-1", "after"), ("provision-2", "breakpoint"), ("cleanup", "breakpoint"),
        ]  # fmt: skip
        steps = there.build.steps
        assert [s.plan.id for s in steps.values() if s.break_after] == ["provision-1"]
        assert not any(step.plan.breakpoint for step in steps.values())
        told = {(e.step, e.when) for e in there.events if isinstance(e, BreakpointSet)}
        assert ("provision-1", "after") in told


async def test_one_step_on_from_behind_a_step_is_behind_the_next(tmp_path: Path) -> None:
    async with rackless(tmp_path) as there:
        stopping = Stopping(steps=(("after", "provision-1"),))
        _, stops = await run(there, THREE, stopping, over, over, go)
        assert stops == [("provision-1", "after"), ("provision-3", "step"), ("cleanup", "step")]


async def test_a_step_that_is_done_can_be_run_again_from_behind_it(tmp_path: Path) -> None:
    async with rackless(tmp_path) as there:
        stopping = Stopping(steps=(("after", "provision-1"),))
        text = template(local(f"echo x >> {tmp_path}/ran"), local("true"))
        edit = c.EditAndRetry(changes={"inline": [f"echo y >> {tmp_path}/ran"]})
        finished, stops = await run(there, text, stopping, lambda _: c.Retry(), lambda _: edit, go)
        assert (finished.status, len(stops)) == ("succeeded", 3)
        assert (tmp_path / "ran").read_text() == "x\nx\ny\n"
        paused = next(e for e in there.events if isinstance(e, Paused))
        assert paused.choices == (
            "resume", "step_over", "run_until", "retry", "edit_and_retry", "abort", "edit_step",
            "add_provisioner",
        )  # fmt: skip


async def test_a_line_stops_the_build_behind_its_step_and_is_told(tmp_path: Path) -> None:
    # Three writes make one line, and the word of the pattern lies across two of them.
    text = template(
        local("printf 'all fi'; sleep 0.01; printf 'ne WAR'; sleep 0.01; echo 'NING: disk'"),
        local("echo WARNING again"),
    )
    stopping = Stopping(outputs=("WARNING: d", "nothing like it"))
    async with rackless(tmp_path) as there:
        finished, stops = await run(there, text, stopping, go)
        assert (finished.status, stops) == ("succeeded", [("provision-1", "output")])
        paused = next(e for e in there.events if isinstance(e, Paused))
        assert paused.note == "line 2 matches /WARNING: d/: all fine WARNING: disk"
        noted = next(e for e in there.events if isinstance(e, Noted) and "matches" in e.text)
        assert noted.step == "provision-1"


async def test_what_an_earlier_attempt_printed_does_not_stop_the_next(tmp_path: Path) -> None:
    flag = tmp_path / "flag"
    text = template(local(f"test -e {flag} || echo BAD; touch {flag}"))
    async with rackless(tmp_path) as there:
        _, stops = await run(there, text, Stopping(outputs=("BAD",)), lambda _: c.Retry())
        assert stops == [("provision-1", "output")]


async def test_our_own_words_and_secrets_are_no_lines_to_stop_for(tmp_path: Path) -> None:
    head = 'variable "pw" {\n default = "hunter22"\n sensitive = true\n}\n'
    text = head + template(local("echo ${var.pw}"))
    async with rackless(tmp_path) as there:
        stopping = Stopping(outputs=("hunter22", "Running .* on this machine"))
        assert (await run(there, text, stopping))[1] == []


async def test_an_exit_status_that_is_accepted_stops_as_well(tmp_path: Path) -> None:
    text = template(
        local("exit 3", more="valid_exit_codes = [0, 3, 70]"),
        local("exit 70", more="valid_exit_codes = [70]"),
        local("exit 4", more="valid_exit_codes = [4]"),
    )
    async with rackless(tmp_path) as there:
        finished, stops = await run(there, text, Stopping(exits=("3,64-78",)), go, go)
        assert finished.status == "succeeded"
        assert stops == [("provision-1", "exit"), ("provision-2", "exit")]
        notes = [e.note for e in there.events if isinstance(e, Paused)]
        assert notes[1] == "inline ended with exit status 70"


async def test_a_failure_is_a_stop_only_while_that_is_on(tmp_path: Path) -> None:
    def off(stop: Paused) -> c.Command:
        assert stop.failure is not None
        for control in there.sessions[-1]._controls.values():
            control.command(c.SetStop(kind="error", on=False))
        return c.Retry()

    async with rackless(tmp_path) as there:
        text = template(local("exit 5"))
        finished, stops = await run(there, text, Stopping(error=True), off)
        assert (finished.status, stops) == ("failed", [("provision-1", "failure")])
        assert [e.on for e in there.events if isinstance(e, StopSet)] == [True, False]
        # Its exit status stops it all the same, with what can be done about a failure.
        finished, stops = await run(there, text, Stopping(exits=("5",)), lambda _: c.Skip())
        assert (finished.status, stops) == ("succeeded", [("provision-1", "exit")])


@pytest.mark.parametrize("command", ["true", "false"])
async def test_it_stands_before_the_clean_up_whatever_became_of_it(
    tmp_path: Path, command: str
) -> None:
    async with rackless(tmp_path) as there:
        text = template(local(command))
        finished, stops = await run(there, text, Stopping(cleanup=True), go)
        assert stops == [("cleanup", "cleanup")]
        assert finished.status == ("succeeded" if command == "true" else "failed")


async def test_a_build_that_is_ended_at_once_does_not_stand_before_its_clean_up(
    tmp_path: Path,
) -> None:
    async with rackless(tmp_path) as there:
        stopping = Stopping(cleanup=True, steps=(("before", "1"),))
        end = c.Abort(reason="cancelled after receiving terminated")
        finished, stops = await run(there, THREE, stopping, lambda _: end)
        assert (finished.status, stops) == ("cancelled", [("provision-1", "breakpoint")])


async def started(session: Session, step: str) -> asyncio.Event:
    """Set when the step begins."""
    begun = asyncio.Event()
    session.subscribe(
        lambda e: begun.set() if isinstance(e, StepStarted) and e.step == step else None
    )
    return begun


async def test_a_pause_is_told_while_it_waits_and_can_be_taken_back(tmp_path: Path) -> None:
    gates = [tmp_path / "one", tmp_path / "two"]
    text = template(*(local(f"until test -e {gate}; do sleep 0.01; done") for gate in gates))
    async with rackless(tmp_path) as there:
        session = await there.session(text, Policy("ask", attended=True))
        first, second = [await started(session, f"provision-{n}") for n in (1, 2)]
        stopped = asyncio.Event()
        session.subscribe(lambda e: stopped.set() if isinstance(e, Paused) else None)
        running = asyncio.ensure_future(session.run())
        await first.wait()
        pausing = []
        for on in (True, False):
            await session.command(c.Pause(on=on))
            pausing.append(there.build.pausing)
        assert pausing == [True, False]
        gates[0].touch()
        await second.wait()
        await session.command(c.Pause())
        await session.command(c.Pause())  # once more changes nothing
        gates[1].touch()
        await stopped.wait()  # behind the last step the next safe point is before the clean-up
        assert there.build.pause is not None
        assert (there.build.pause.step, there.build.pause.reason) == ("cleanup", "requested")
        assert not there.build.pausing
        await session.command(c.Resume())
        assert (await running).status == "succeeded"
    assert [e.on for e in there.events if isinstance(e, PauseAsked)] == [True, False, True]


async def test_others_go_on_while_one_waits(tmp_path: Path) -> None:
    text = """
source "null" "a" { communicator = "none" }
source "null" "b" { communicator = "none" }
build {
  sources = ["null.a", "null.b"]
  provisioner "shell-local" { inline = ["echo $PACKER_BUILD_NAME"] }
}
"""
    async with rackless(tmp_path) as there:
        session = await there.session(text, Policy(stopping=Stopping(outputs=("^a$",))))
        ended = asyncio.Event()
        paused = asyncio.Event()

        def heard(event: Event) -> None:
            if type(event).__name__ == "BuildFinished" and event.build == "null.b":
                ended.set()
            if isinstance(event, Paused):
                paused.set()

        session.subscribe(heard)
        running = asyncio.ensure_future(session.run())
        await ended.wait()
        await paused.wait()
        assert session.state.builds["null.a"].phase == "paused"
        await session.command(c.Resume(build="null.a"))
        assert (await running).status == "succeeded"


@pytest.mark.parametrize(
    ("on_error", "text", "status"),
    [
        ("cleanup", template(local("exit 1")), "failed"),
        ("abort", template(local("exit 1")), "failed"),
        ("cleanup", template(local("true")), "cancelled"),
    ],
)
async def test_a_stop_that_nobody_answers_ends_as_errors_do(
    tmp_path: Path, on_error: OnError, text: str, status: str
) -> None:
    stopping = Stopping(steps=(("before", "1"),), error=True, seconds=0.01)
    if status == "failed":
        stopping = Stopping(error=True, seconds=0.01)
    async with rackless(tmp_path) as there:
        session = await there.session(text, Policy(on_error, stopping=stopping))
        assert (await session.run()).status == status
        paused = next(e for e in there.events if isinstance(e, Paused))
        assert paused.until is not None
        assert paused.until > paused.time
        assert [e.command for e in there.events if isinstance(e, Resumed)] == ["abort"]
        assert isinstance(end := session.runner("alpha.null.x").services.control.end, c.Abort)  # type: ignore[union-attr]
        assert end.cleanup == (on_error == "cleanup")
        assert "nobody answered the stop at 1 shell-local within 10ms" in end.reason


async def test_nothing_ends_by_itself_while_somebody_is_at_work_in_it(tmp_path: Path) -> None:
    stopping = Stopping(cleanup=True, seconds=0.01)
    async with rackless(tmp_path) as there:
        session = await there.session(template(local("true")), Policy(stopping=stopping))
        stopped = asyncio.Event()
        session.subscribe(lambda e: stopped.set() if isinstance(e, Paused) else None)
        begun = await started(session, "provision-1")
        running = asyncio.ensure_future(session.run())
        await begun.wait()
        runner = session.runner("alpha.null.x")
        assert runner is not None
        with runner.services.control.occupied():
            await stopped.wait()
            assert there.build.pause is not None
            assert there.build.pause.until is None
        assert (await running).status == "succeeded"
        (moved,) = [e.until for e in there.events if isinstance(e, DeadlineMoved)]
        assert moved is not None


async def test_a_step_that_is_not_there_is_an_error_that_names_those_that_are(
    tmp_path: Path,
) -> None:
    async with rackless(tmp_path) as there:
        session = await there.session(
            THREE, Policy(stopping=Stopping(steps=(("before", "2"), ("after", "sehll"))))
        )
        with pytest.raises(UnknownStep, match=r'no step "sehll".*provision-3 \(3 shell-local\)'):
            await session.run()
        assert not any(isinstance(event, StepFinished) for event in there.events)
        lenient = Stopping(steps=(("after", "sehll"),), required=False)
        assert (await run(there, THREE, lenient))[0].status == "succeeded"


async def test_stops_that_make_no_sense_are_refused_and_told(tmp_path: Path) -> None:
    async with rackless(tmp_path) as there:

        def answer(_stop: Paused) -> c.Command:
            for control in there.sessions[-1]._controls.values():
                control.command(c.SetStop(kind="output", on=True, pattern="("))
                control.command(c.SetBreakpoint(step="provision-9", on=True))
                control.command(c.Pause(on=False))
            return c.Resume()

        await run(there, THREE, Stopping(steps=(("before", "1"),)), answer)
        warned = [e.text for e in there.events if isinstance(e, Noted)]
        assert warned[:3] == [
            '"(" is no regular expression: missing ): (.',
            "Set breakpoint needs a step of this build, not provision-9.",
            "Pause was not asked for.",
        ]


@pytest.mark.parametrize(
    ("check", "text", "problem"),
    [
        (output_pattern, "(", "no regular expression: missing"),
        (output_pattern, ".*", "matches every line"),
        (exit_statuses, "x", "no list of exit statuses"),
        (exit_statuses, "", "no list of exit statuses"),
        (exit_statuses, "3,", "no list of exit statuses"),
        (exit_statuses, "256", "from 0 to 255"),
        (exit_statuses, "9-3", "from 0 to 255"),
    ],
)
def test_what_is_no_pattern(check: Callable[[str], object], text: str, problem: str) -> None:
    with pytest.raises(StopError, match=problem):
        check(text)


def test_what_is_a_pattern() -> None:
    assert exit_statuses("3, 64-78") == (range(3, 4), range(64, 79))
    assert output_pattern("^$").finds("")
    assert (stop_problem("error", ""), stop_problem("exit", "0")) == (None, None)
