"""A session that goes on stops for what it was told to stop for, unless that is not wanted."""

from __future__ import annotations

from pathlib import Path

import pytest

from oxtui.build.control import Policy
from oxtui.build.resume.choices import Choices
from oxtui.build.stops import Stopping
from oxtui.component.commands import Abort, Resume, SetBreakpoint, SetStop
from oxtui.component.debugger_events import SessionContinued
from oxtui.component.events import Paused
from tests.builders.test_null import local, template
from tests.cli.running import oxtui
from tests.sessions import Sessions, rackless

STOPPING = Stopping(
    steps=(("before", "provision-3"), ("after", "provision-4"), ("before", "cleanup")),
    error=True, outputs=("WARN",), exits=("3",),
)  # fmt: skip
ALL = [
    ("provision-1", "failure"), ("provision-2", "output"), ("provision-3", "breakpoint"),
    ("provision-3", "exit"), ("provision-4", "after"), ("cleanup", "breakpoint"),
]  # fmt: skip


def text(folder: Path) -> str:
    return template(
        local(f"test -e {folder}/go"),
        local("echo WARNING"),
        local("exit 3", more="valid_exit_codes = [3]"),
        local("true"),
    )


def leave(_stop: Paused) -> Abort:
    return Abort(cleanup=False)


def go(_stop: Paused) -> Resume:
    return Resume()


async def fail(there: Sessions, folder: Path, stopping: Stopping) -> None:
    """The first process, which ends at its first stop."""
    session = await there.session(text(folder), Policy("abort", stopping=stopping))
    finished = await there._run(session, [leave])
    assert finished.status == "failed"


def stood(there: Sessions) -> list[tuple[str, str]]:
    """Where the process that went on stood, and why."""
    at = [isinstance(event, SessionContinued) for event in there.events].index(True)
    return [(e.step, e.reason) for e in there.events[at:] if isinstance(e, Paused)]


async def test_all_stops_hold_on(tmp_path: Path) -> None:
    async with rackless(tmp_path) as there:
        await fail(there, tmp_path, STOPPING)
        assert (await there.resume(leave, policy=Policy("abort"))).status == "failed"
        assert stood(there) == ALL[:1]
        (tmp_path / "go").touch()
        answers = [go] * (len(ALL) - 1)
        finished = await there.resume(*answers, policy=Policy("abort"))
        assert (finished.status, stood(there)) == ("succeeded", ALL)


async def test_what_was_taken_back_stays_so(tmp_path: Path) -> None:
    def fewer(stop: Paused) -> Abort:
        for control in there.sessions[-1]._controls.values():
            control.command(SetStop(kind="output", pattern="WARN", on=False))
            control.command(SetBreakpoint(step="provision-3", on=False))
        return leave(stop)

    async with rackless(tmp_path) as there:
        session = await there.session(text(tmp_path), Policy("abort", stopping=STOPPING))
        await there._run(session, [fewer])
        (tmp_path / "go").touch()
        await there.resume(go, go, go, policy=Policy("abort"))
        assert stood(there) == ALL[3:]


@pytest.mark.parametrize(
    ("choices", "stops"),
    [(Choices(stops=False), []), (Choices(error=False), [])],
)
async def test_stops_that_are_not_wanted_are_dropped(
    tmp_path: Path, choices: Choices, stops: list[tuple[str, str]]
) -> None:
    async with rackless(tmp_path) as there:
        await fail(there, tmp_path, STOPPING)
        assert (await there.resume(policy=Policy("abort"), choices=choices)).status == "failed"
        assert stood(there) == stops
        assert "error" not in [stop.kind for stop in there.build.stops]
        assert bool(there.build.stops) == choices.stops
        assert there.build.steps["provision-4"].break_after == choices.stops
        # It was dropped for good: who resumes again has not to say so once more.
        (tmp_path / "go").touch()
        answers = [go] * (len(ALL) - 1) if choices.stops else []
        finished = await there.resume(*answers, policy=Policy("abort"))
        assert (finished.status, stood(there)) == ("succeeded", ALL[1:] if choices.stops else [])


async def test_the_command_line_adds_stops_and_drops_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OXTUI_SESSIONS_DIR", str(tmp_path / "sessions"))
    path = tmp_path / "t.pkr.hcl"
    path.write_text(text(tmp_path))
    brief = "--break-timeout=50ms"
    flags = ("--break-on-error", "--break-on-output=WARN", "--break=nothing")
    code, _, err = await oxtui("build", brief, *flags, str(path))
    assert (code, "There is no step" in err) == (1, True)
    assert (await oxtui("build", brief, *flags[:2], "-on-error=abort", str(path)))[0] == 1
    code, out, _ = await oxtui("resume", "last", brief)
    assert (code, "ends by itself" in out, 'Step "1 shell-local" failed' in out) == (1, True, True)
    code, out, _ = await oxtui("resume", "last", brief, "-on-error=abort")
    assert (code, 'Step "1 shell-local" failed' in out) == (1, False)
    (tmp_path / "go").touch()
    code, out, _ = await oxtui("resume", "last", brief)
    assert (code, "stopped after 2 shell-local" in out) == (1, True)
    code, out, err = await oxtui("resume", "last", brief, "--no-stops", "--break=after:4")
    assert (code, "stopped after 4 shell-local" in out) == (1, True), out + err
    assert "no longer stops after a step that prints a line with WARN" in out
    code, out, err = await oxtui("resume", "last", "--no-stops")
    assert (code, "stopped" in out) == (0, False), out + err
