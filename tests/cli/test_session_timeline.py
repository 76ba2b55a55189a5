"""`oxtui sessions timeline`: what the steps took, this time and before."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from oxtui.build.environment import journal_path
from oxtui.build.journal import Journal
from oxtui.cli import main
from oxtui.component import debugger_events as d
from oxtui.component import events as e
from oxtui.logs.redact import Redactor

TIME = 1_700_000_000.0
STEPS = tuple(
    e.StepPlan(id=f"provision-{number}", kind="provision", title=f"{number} shell", detail=detail)
    for number, detail in enumerate(("a.sh", "b.sh", "c.sh"), 1)
)


async def sessions(folder: Path) -> None:
    """Three runs of one template; the third died at its last step."""
    async with Journal.open(journal_path(folder), Redactor(), now=lambda: TIME) as journal:
        for seconds in (10.0, 12.0, 20.0):
            number = await journal.begin_session("web.pkr.hcl")
            told: list[e.Event] = [
                e.SessionStarted(time=TIME, session=str(number), template="web.pkr.hcl"),
                e.BuildPlanned(time=TIME, build="web", steps=STEPS),
                d.StepReused(time=TIME, build="web", step="provision-1", reason="r", seconds=4),
                e.StepStarted(time=TIME, build="web", step="provision-2"),
                e.StepFinished(
                    time=TIME + seconds, build="web", step="provision-2", status="done",
                    seconds=seconds,
                ),
                e.Paused(
                    time=TIME + seconds, build="web", step="provision-3", reason="breakpoint",
                    choices=("resume",),
                ),
                e.Resumed(time=TIME + 100, build="web", step="provision-3", command="resume"),
                e.StepStarted(time=TIME + 100, build="web", step="provision-3"),
                e.Noted(time=TIME + 105, build="web", text="the last that is known"),
            ]  # fmt: skip
            for event in told:
                journal.append(number, event)


@pytest.fixture
def three(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OXTUI_SESSIONS_DIR", str(tmp_path))
    asyncio.run(sessions(tmp_path))


@pytest.mark.usefixtures("three")
def test_each_step_stands_beside_its_earlier_runs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sessions", "timeline", "3"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "web: cut off. It ran for 25.0s and stood still at stops for 1m20s."
    assert [line.split() for line in lines[1:]] == [
        ["STEP", "STATE", "THIS", "LAST", "MEDIAN", "RUNS"],
        ["1", "shell", "a.sh", "reused", "–", "–", "–", "–"],
        ["2", "shell", "b.sh", "done", "20.0s", "12.0s", "11.0s", "2", "▲", "slower"],
        ["3", "shell", "c.sh", "cut", "off", "5.0s", "–", "–", "–"],
    ]


@pytest.mark.usefixtures("three")
def test_the_timeline_as_values(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sessions", "timeline", "2", "--json"]) == 0
    (build,) = json.loads(capsys.readouterr().out)["builds"]
    assert (build["running_seconds"], build["stood_seconds"]) == (17, 88)
    assert build["steps"][1] == {
        "step": "provision-2", "title": "2 shell b.sh", "state": "done", "seconds": 12,
        "last_seconds": 10, "median_seconds": 10, "earlier_runs": 1, "verdict": None,
    }  # fmt: skip


@pytest.mark.usefixtures("three")
def test_a_session_that_is_not_there_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sessions", "timeline", "9"]) == 1
    assert "There is no session 9" in capsys.readouterr().err
