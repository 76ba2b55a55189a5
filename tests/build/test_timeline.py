"""The timeline parts what ran from what stood still, and takes a look at the guest for no stop."""

from __future__ import annotations

import pytest

from oxtui.build.folding import fold
from oxtui.build.history import NOTHING, History, StepRun
from oxtui.build.report.plain import PlainLog
from oxtui.build.state import BuildState, SessionState
from oxtui.build.timeline import rows, spent
from oxtui.component import events as e
from oxtui.component.debugger_events import StepReused

PLANS = tuple(
    e.StepPlan(id=id_, kind="provision", title=f"{number} shell", detail=id_)
    for number, id_ in enumerate(("one", "two"), 1)
)
PLAN = e.BuildPlanned(time=0, build="b", steps=PLANS)


def build(*events: e.Event) -> BuildState:
    state = SessionState()
    for event in (PLAN, *events):
        state = fold(state, event)
    return state.builds["b"]


def ran(step: str, begun: float, seconds: float) -> tuple[e.Event, e.Event]:
    return (
        e.StepStarted(time=begun, build="b", step=step),
        e.StepFinished(
            time=begun + seconds, build="b", step=step, status="done", seconds=seconds
        ),
    )  # fmt: skip


def paused(time: float) -> e.Paused:
    return e.Paused(time=time, build="b", step="two", reason="breakpoint", choices=("resume",))


RESUMED = e.Resumed(time=70, build="b", step="two", command="resume")


def test_stops_are_apart_from_what_ran() -> None:
    over = build(*ran("one", 0, 10), paused(10), RESUMED, *ran("two", 70, 5))
    assert over.stood == 60
    assert spent(over, 75)[:2] == (15, 60)
    stands = build(*ran("one", 0, 10), paused(10))
    assert spent(stands, 40)[:2] == (10, 30)


@pytest.mark.parametrize(
    "end",
    [
        e.BuildFinished(time=70, build="b", status="cancelled", seconds=70),
        e.StepStarted(time=70, build="b", step="two"),
    ],
)
def test_a_stop_ends_with_the_build_or_the_next_step_at_the_latest(end: e.Event) -> None:
    assert build(*ran("one", 0, 10), paused(10), end).stood == 60


def test_a_look_at_the_guest_is_no_stop() -> None:
    look = e.ChangesCollected(time=12, build="b", moment="after", seconds=2)
    looked = build(*ran("one", 0, 10), look, *ran("two", 12, 5))
    assert [row.free for row in rows(looked, NOTHING, 20)] == [0, 12]
    assert spent(looked, 17) == (17, 0, 2)


def test_the_verdict_is_against_the_median_and_not_of_what_failed_or_was_reused() -> None:
    history = History(
        [{"b": [StepRun(plan, seconds) for plan in PLANS]} for seconds in (100, 10, 10)]
    )
    slow = build(*ran("one", 0, 40), e.StepStarted(time=40, build="b", step="two"))
    assert [row.verdict for row in rows(slow, history, 45)] == ["slower", ""]
    assert [row.verdict for row in rows(slow, history, 80)] == ["slower", "slower"]
    quick = build(*ran("one", 0, 1))
    assert [row.verdict for row in rows(quick, history, 45)] == ["faster", ""]
    failed = e.StepFinished(time=99, build="b", step="one", status="failed", seconds=99)
    reused = StepReused(time=1, build="b", step="two", reason="r", seconds=50)
    others = list(rows(build(ran("one", 0, 1)[0], failed, reused), history, 99))
    assert [(row.verdict, row.seconds) for row in others] == [("", 99), ("", None)]


def test_the_log_tells_what_changed_and_what_the_console_showed() -> None:
    lines: list[str] = []
    log = PlainLog(lambda *_: None, lines.append)
    for event in (
        e.SessionStarted(time=0, session="7", template="t"),
        PLAN,
        e.BootTroubleSeen(
            time=1, build="b", trouble="kernel-panic", text="The kernel panicked.", line="l",
            fatal=True,
        ),
        e.BootTroubleSeen(
            time=1, build="b", trouble="disk-full", text="A disk is full.", line="l", fatal=False
        ),
        e.ChangesCollected(time=2, build="b", moment="before", seconds=1),
        e.ChangesCollected(
            time=3, build="b", moment="after", seconds=1, counts={"packages": 2, "files": 3}, size=99
        ),
        e.ChangesCollected(time=3, build="b", moment="after", seconds=1, reason="It is gone."),
    ):  # fmt: skip
        log(event)
    assert lines[1:] == [
        "==> b: error: The kernel panicked.",
        "==> b: warning: A disk is full.",
        "==> b: changed in the guest: 2 packages, 3 files (99 B); `oxtui sessions changes 7` tells more",
        "==> b: changed in the guest: not known: It is gone.",
    ]
