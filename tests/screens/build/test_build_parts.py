"""Words, times and pictures of the Build screen's parts."""

from __future__ import annotations

from pathlib import Path

import pytest

from oxtui.build.state import BuildState
from oxtui.component.events import AddressKnown
from screens.actions.build import ACTIONS
from screens.actions.build_situation import BuildSituation
from screens.build.estimate import seconds_left
from screens.build.focus import BuildFocus, present_step
from screens.build.log_files import write_text
from screens.build.look import build_look, duration
from screens.build.stop_text import end_lines, stop_lines
from screens.build.timeline import timeline
from tests.screens.build import scenes
from tests.screens.build.sessions import ScriptedSession


def build_of(session: ScriptedSession) -> BuildState:
    return session.state.builds[session.build]


@pytest.fixture
def session(tmp_path: Path) -> ScriptedSession:
    return ScriptedSession(tmp_path)


@pytest.mark.parametrize(
    ("seconds", "exact", "text"),
    [
        (0.04, True, "0.0s"),
        (59.94, True, "59.9s"),
        (12.9, False, "12s"),
        (161, True, "2:41"),
        (3723, False, "1:02:03"),
    ],
)
def test_durations(seconds: float, exact: bool, text: str) -> None:
    assert duration(seconds, exact=exact) == text


def test_a_running_build_says_at_what(session: ScriptedSession) -> None:
    scenes.starting(session)
    assert build_look(build_of(session)).word == "preparing"
    scenes.finished(session)
    assert build_look(build_of(session)).word == "succeeded"


def test_no_time_is_told_where_a_step_is_new_or_the_build_stands(session: ScriptedSession) -> None:
    scenes.running(session)
    known = dict(scenes.EXPECTED)
    assert seconds_left(build_of(session), known, session.now) == pytest.approx(80.6)
    del known["image"]
    assert seconds_left(build_of(session), known, session.now) is None
    scenes.failed(session)
    assert seconds_left(build_of(session), scenes.EXPECTED, session.now) is None


def test_tabs_that_would_be_empty_are_not_there(session: ScriptedSession) -> None:
    focus = BuildFocus()
    session.begin()
    focus.settle(session.state)
    assert focus.tabs(session.state) == {"steps", "grid"}
    scenes.prepared(session)
    assert focus.tabs(session.state) == {
        "steps",
        "serial",
        "timeline",
        "resources",
        "calls",
        "grid",
    }


def test_a_session_is_opened_at_the_build_that_waits(session: ScriptedSession) -> None:
    session.begin()
    session.build = "stopped-one"
    scenes.failed(session)
    focus = BuildFocus()
    focus.settle(session.state)
    assert (focus.name, focus.step) == ("stopped-one", "provision-3")


def test_a_finished_build_shows_what_it_did_last(session: ScriptedSession) -> None:
    scenes.finished(session)
    assert present_step(build_of(session)) == "cleanup"


def test_a_build_that_failed_shows_where(session: ScriptedSession) -> None:
    scenes.prepared(session)
    session.run("provision-3", 2, "failed")
    session.run("cleanup", 2)
    session.finish("failed", "setup.sh ended with exit status 100.")
    assert present_step(build_of(session)) == "provision-3"
    lines, tone = end_lines(build_of(session))
    assert tone == "bad"
    assert [str(line) for line in lines] == [
        "✗ failed after 1:03",
        "setup.sh ended with exit status 100.",
    ]


def test_the_end_names_image_and_leftovers(session: ScriptedSession) -> None:
    scenes.finished(session)
    lines, tone = end_lines(build_of(session))
    assert tone == "good"
    assert [str(line) for line in lines] == [
        "✓ succeeded after 2:33",
        "Image web-01  ae46ddf5-7b4a-4f0c-9a51-0d3f7c1f2e10",
        "Changed: 4 packages, 1 user, 2 groups, 2 services, 2 ports, 214 files (34.1 MiB)  7 shows it",
        "1 resource still there: snapshot web-01. 4 shows how to remove what is left.",
    ]


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("requested", "⏸ Stopped before sync, as you asked."),
        ("step", "⏸ Stopped before sync, one step on."),
        ("breakpoint", "⏸ Breakpoint before sync."),
    ],
)
def test_a_stop_says_why(session: ScriptedSession, reason: str, sentence: str) -> None:
    session.begin()
    session.pause("sync", reason, ("resume",))  # type: ignore[arg-type]
    lines, tone = stop_lines(build_of(session), "sync")
    assert [str(line) for line in lines] == [sentence]
    assert tone == "warn"


def test_bars_of_the_timeline_stand_where_their_steps_ran(session: ScriptedSession) -> None:
    session.begin()
    session.run("preflight", 5)
    session.run("ssh-key", 5)
    rows = str(timeline(build_of(session), session.now, 61)).split("\n")
    first, second, third = (row[:-8] for row in rows[:3])
    assert second.index("█") == first.rindex("█") + 1
    assert first.count("█") == second.count("█")
    assert "█" not in third
    assert rows[-1].split() == ["0s", "10s"]


def test_time_at_a_stop_is_no_time_of_a_step(session: ScriptedSession) -> None:
    session.begin()
    session.run("preflight", 5)
    session.now += 10
    session.run("ssh-key", 5)
    rows = str(timeline(build_of(session), session.now, 65)).split("\n")
    assert rows[1].count("┄") == 2 * rows[0].count("█") == 2 * rows[1].count("█")
    assert "┄" not in rows[0]
    assert rows[1].split()[-1] == "5.0s"


@pytest.mark.parametrize("width", [1, 20, 40, 63, 80, 200])
def test_every_row_of_the_timeline_fits(session: ScriptedSession, width: int) -> None:
    scenes.finished(session)
    rows = str(timeline(build_of(session), session.now, width)).split("\n")
    assert len({len(row) for row in rows[:13]}) == 1
    assert len(rows[0]) <= max(width, 40)


@pytest.mark.parametrize("width", [76, 116, 200])
async def test_rows_with_earlier_runs_stand_in_columns(
    session: ScriptedSession, width: int
) -> None:
    scenes.slow(session)
    history = await scenes.recall(session.state)
    rows = str(timeline(build_of(session), session.now, width, history)).split("\n")
    steps = rows[1:14]
    assert len({len(row) for row in steps}) == 1
    assert len(steps[0]) <= width
    cells = {row[2:].split()[0]: row.split() for row in steps}
    assert rows[0].split() == ["THIS", "LAST", "MEDIAN"]
    assert cells["sync"][-3:] == ["0s", "0.6s", "0.5s"]
    assert "3 shell" in steps[6]
    assert steps[6].split()[-5:] == ["48.0s", "25.0s", "20.0s", "▲", "slower"]
    assert steps[7].split()[-5:] == ["3.0s", "9.0s", "7.2s", "▼", "faster"]
    assert steps[5].startswith("↻ 2 shell base.sh")
    assert steps[5].split()[-3:] == ["reused", "38.0s", "30.4s"]
    told = "\n".join(rows[15:])
    assert "It ran for 1:08 and stood still at stops for 35s." in told
    assert "Median of 3 earlier runs" in told
    assert "reused took 42s" in told


def test_a_stop_with_a_note_says_it_once(session: ScriptedSession) -> None:
    session.begin()
    session.pause("instance", "breakpoint", ("resume",), note="oxtui-web-01")
    lines, _ = stop_lines(build_of(session), "instance")
    assert [str(line) for line in lines] == ["⏸ Breakpoint before instance.", "oxtui-web-01"]


def test_a_log_with_a_long_line_is_written_whole(tmp_path: Path, session: ScriptedSession) -> None:
    session.begin()
    session.write("sync", "x" * 150_000, "\x1b[31mred\x1b[0m\tend")
    path = session.spool(session.build, "sync")
    assert path is not None
    assert write_text(path, tmp_path / "out.log") == 4
    assert (tmp_path / "out.log").read_text() == "x" * 150_000 + "\nred     end\n"


def test_a_machine_that_was_there_before_can_be_entered_but_not_kept() -> None:
    address = AddressKnown(time=1.0, build="null.x", address="10.0.0.1", port=22, user="root")
    build = BuildState("null.x", phase="running", address=address)
    enabled = {action.id: action.enabled for action in ACTIONS}
    situation = BuildSituation(build=build, shell=True)
    assert enabled["build.shell"](situation) is None
    assert enabled["build.keep"](situation) == "There is no instance to keep."
