"""What is typed at another terminal, and the command that it makes."""

from __future__ import annotations

import os

import pytest

from oxtui.build.folding import fold
from oxtui.build.state import SessionState
from oxtui.cli.attached.status import status
from oxtui.cli.attached.words import WORDS, NotUnderstood, offered, understood
from oxtui.component import commands as c
from oxtui.component.events import (
    BreakpointSet,
    BuildPlanned,
    Failure,
    Paused,
    PauseReason,
    StepPlan,
)

STEPS = (
    StepPlan(id="connect", kind="connect", title="connect"),
    StepPlan(id="provision-1", kind="provision", title="1 shell"),
    StepPlan(id="provision-2", kind="provision", title="2 file"),
)


def state(
    *stopped: str, builds: tuple[str, ...] = ("x",), reason: PauseReason = "failure"
) -> SessionState:
    found = SessionState(session="7", template="t")
    for name in builds:
        found = fold(found, BuildPlanned(time=1.0, build=name, steps=STEPS))
    for name in stopped:
        pause = Paused(
            time=2.0, build=name, step="provision-1", reason=reason, choices=("retry", "abort"),
            failure=Failure(summary="it broke", last_lines=("E: no",)), until=100.0,
        )  # fmt: skip
        found = fold(found, pause)
    return found


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        ("continue", c.Resume(build="x")),
        ("c", c.Resume(build="x")),
        ("R", c.Retry(build="x", trace=True)),
        ("leave", c.Abort(build="x", cleanup=False)),
        ("until 2", c.RunUntil(build="x", step="provision-2")),
        ("until 2 file", c.RunUntil(build="x", step="provision-2")),
        ("break after:connect", c.SetBreakpoint(build="x", step="connect", on=True, when="after")),
        ("unbreak shell", c.SetBreakpoint(build="x", step="provision-1", on=False)),
        ("stop output a b", c.SetStop(build="x", kind="output", on=True, pattern="a b")),
        ("unstop error", c.SetStop(build="x", kind="error", on=False)),
        ("unpause", c.Pause(build="x", on=False)),
        ("run ls /", c.RunCommand(build="x", command="ls /")),
        ("upload a /b", c.UploadFile(build="x", source=os.path.abspath("a"), destination="/b")),
    ],
)
def test_words_make_commands(typed: str, command: c.Command) -> None:
    assert understood(typed.split(), state(), None) == command


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("dance", 'There is no "dance" here; there are continue, step'),
        ("continue now", '"now" is too much'),
        (
            "until 9",
            'There is no step "9". The steps are: connect (connect), provision-1 (1 shell)',
        ),
        ("stop", "Say which: error, cleanup, output REGEX, or exit STATUS."),
        ("stop output (", "no regular expression"),
        ("stop exit x", "no list of exit statuses"),
        ("run", "Say what to run"),
        ("upload a", "Say what goes where"),
    ],
)
def test_what_makes_none_is_explained(typed: str, told: str) -> None:
    with pytest.raises(NotUnderstood) as error:
        understood(typed.split(), state(), None)
    assert told in str(error.value)


def test_the_build_that_is_meant() -> None:
    both = ("x", "y")
    assert understood(["retry"], state("y", builds=both), None).build == "y"
    assert understood(["retry"], state("y", builds=both), "x").build == "x"
    for stopped in ((), both):
        with pytest.raises(NotUnderstood, match="Say which build, with --build: x, y"):
            understood(["retry"], state(*stopped, builds=both), None)
    with pytest.raises(NotUnderstood, match='There is no build "z"; there are x, y'):
        understood(["retry"], state(builds=both), "z")


def test_what_is_offered_is_what_the_stop_takes() -> None:
    words = [word.word for word in offered(state("x").builds["x"])]
    assert words == ["retry", "trace", "abort", "leave"]


def test_no_two_words_share_a_letter() -> None:
    said = [said for word in WORDS for said in (word.word, word.key) if said]
    assert len(said) == len(set(said))


def test_how_it_stands_says_why_where_since_when_and_until_when(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("oxtui.cli.attached.status.moment", lambda seconds: f"at {seconds}")
    there = fold(
        state("x", builds=("x", "y")),
        BreakpointSet(time=3.0, build="y", step="connect", on=True, when="after"),
    )
    assert list(status(there, 64.5)) == [
        "Session 7: t",
        'x: Step "1 shell" failed, 1m02s ago',
        "x: it broke",
        "x:   E: no",
        "x: it ends by itself at at 100.0, in 35.5s, if nobody answers",
        "y: planned",
        "y: stops after connect",
    ]
