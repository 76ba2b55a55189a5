"""A recording's state at any position is what its events fold to, however one comes there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import oxtui.build.replay.recording as recording_module
from oxtui.build.folding import fold
from oxtui.build.recorded import RecordedSession
from oxtui.build.replay.recording import EVERY, LONGEST_PAUSE, Pause, Recording
from oxtui.build.replay.replay import SPEEDS, Replay
from oxtui.build.session import SessionFolders
from oxtui.build.state import SessionState
from oxtui.component import debugger_events as d
from oxtui.component import events as e
from tests.component.test_events import STORY

NOWHERE = SessionFolders(Path("/nonexistent"))
GAPS = st.sampled_from([0.0, 0.05, 0.4, 2.0, 60.0, 86400.0, -5.0])


def told(picks: list[tuple[int, float]]) -> list[e.Event]:
    """Events of the story in any order, with times that mostly go on."""
    time, events = 1000.0, list[e.Event](STORY[:2])
    for pick, gap in picks:
        time += gap
        events.append(replace(STORY[pick % len(STORY)], time=time))
    return events


def folded(events: list[e.Event]) -> SessionState:
    """What they come to."""
    state = SessionState()
    for event in events:
        state = fold(state, event)
    return state


def replay_of(events: list[e.Event], folders: SessionFolders) -> Replay:
    """A replay that has no outputs."""
    recording = Recording(events)
    return Replay(RecordedSession(folders.folder(1), recording.last), recording)


STORIES = st.lists(st.tuples(st.integers(0, len(STORY) - 1), GAPS), max_size=40).map(told)


@settings(max_examples=40, deadline=None)
@given(STORIES, st.data())
def test_wherever_one_goes_the_state_is_the_fold_of_what_was_told_by_then(
    events: list[e.Event], data: st.DataObject
) -> None:
    replay = replay_of(events, NOWHERE)
    assert replay.state == folded(events)
    now = 0.0
    for _ in range(data.draw(st.integers(1, 12))):
        move = data.draw(st.sampled_from(["go", "play", "faster", "next", "before", "moment"]))
        if move == "go":
            replay.go(data.draw(st.integers(-1, len(events) + 1)))
        elif move == "play":
            replay.play()
            for _ in range(data.draw(st.integers(1, 6))):
                now += data.draw(st.sampled_from([0.1, 0.5, 9.0]))
                replay.tick(now)
        elif move == "faster":
            replay.faster()
            assert replay.speed in SPEEDS
        elif move == "next":
            replay.next_step()
        elif move == "before":
            replay.previous_step()
        else:
            replay.go_to_moment(data.draw(st.floats(0, replay.recording.seconds)))
        assert replay.state == folded(events[: replay.position])
    while replay.speed:
        replay.faster()
    replay.play()
    while replay.playing:
        now += 0.1
        replay.tick(now)
    assert replay.position == len(events)
    assert replay.state == folded(events)


def test_long_recordings_keep_states_on_the_way() -> None:
    events = [
        *STORY[:2],
        *(
            e.OutputGrown(time=float(n), build="b", step="s", lines=n, size=n)
            for n in range(3 * EVERY)
        ),
    ]
    recording = Recording(events)
    for position in (0, 1, EVERY - 1, EVERY, EVERY + 1, 2 * EVERY, len(events) - 1, len(events)):
        assert recording.state_at(position) == folded(events[:position])
    assert recording.grown("b", "s", EVERY).lines == EVERY - 3
    assert recording.grown("b", "s", 2).lines == 0
    assert recording.outputs() == [("b", "s")]


def test_pauses_are_played_short_and_told() -> None:
    events = [replace(STORY[0], time=t) for t in (0.0, 1.0, 101.0, 102.0)]
    recording = Recording(events)
    assert list(recording.moments) == [0.0, 1.0, 1.0 + LONGEST_PAUSE, 2.0 + LONGEST_PAUSE]
    assert recording.pauses == [Pause(2, 100.0)]
    assert recording.pause_before(2) == Pause(2, 100.0)
    assert recording.pause_before(1) is None
    assert recording.position_at(0.99) == 1


def test_each_speed_plays_so_many_seconds_and_none_more_after_a_long_look_away() -> None:
    events = [replace(STORY[0], time=float(t)) for t in range(100)]
    replay = replay_of(events, NOWHERE)
    replay.play()
    assert replay.position == 0
    replay.tick(50.0)
    replay.tick(50.4)
    assert (replay.position, round(replay.now, 3)) == (1, 0.4)
    replay.faster()
    replay.tick(50.9)
    assert round(replay.moment, 3) == 2.4
    replay.tick(1000.0)  # the screen was not looked at
    assert round(replay.moment, 3) == 4.4
    replay.stop()
    replay.tick(1000.5)
    assert round(replay.moment, 3) == 4.4


def test_steps_are_gone_to_one_by_one_and_back() -> None:
    replay = replay_of(list(STORY), NOWHERE)
    marks = replay.recording.landmarks
    replay.go(0)
    seen = []
    while not replay.at_end:
        replay.next_step()
        seen.append(replay.position)
    assert seen[: len(marks) - 1] == marks[1:]
    replay.previous_step()
    assert replay.position == [mark for mark in marks if mark < len(STORY)][-1]


def test_a_long_session_is_made_ready_without_folding_all_that_its_output_grew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folds = 0

    def counted(state: SessionState, event: e.Event) -> SessionState:
        nonlocal folds
        folds += 1
        return fold(state, event)

    monkeypatch.setattr(recording_module, "fold", counted)
    grown = [
        e.OutputGrown(time=3.0 + n / 10, build="b", step="s", lines=n, size=n)
        for n in range(20_000)
    ]
    recording = Recording([*STORY[:3], *grown])
    assert folds < 200
    folds = 0
    recording.state_at(12_345)
    assert folds <= EVERY


def test_at_its_end_a_session_whose_process_is_gone_was_cut_off() -> None:
    events = [
        STORY[0],
        e.BuildPlanned(time=0, build="b", steps=tuple(
            e.StepPlan(id=name, kind="provision", title=name) for name in "abc"
        )),
        e.StepStarted(time=1, build="b", step="a"),
        e.StepFinished(time=2, build="b", step="a", status="done", seconds=1),
        e.StepStarted(time=3, build="b", step="b"),
    ]  # fmt: skip
    recording = Recording(events, dead=True)
    build = recording.last.builds["b"]
    assert build.phase == "cut_off"
    assert [step.phase for step in build.steps.values()] == ["done", "cut_off", "not_run"]
    before = recording.state_at(len(events) - 1).builds["b"]
    assert [step.phase for step in before.steps.values()] == ["done", "waiting", "waiting"]
    ended = [*events, e.BuildFinished(time=4, build="b", status="failed", seconds=4)]
    going_on = [
        *ended,
        d.SessionContinued(time=5, pid=1),
        e.BuildPlanned(time=5, build="b", steps=events[1].steps),  # type: ignore[attr-defined]
    ]
    phases = [step.phase for step in Recording(ended).last.builds["b"].steps.values()]
    assert phases == ["done", "cut_off", "not_run"]
    phases = [step.phase for step in Recording(going_on).last.builds["b"].steps.values()]
    assert phases == ["done", "waiting", "waiting"]
