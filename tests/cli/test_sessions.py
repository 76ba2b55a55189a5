"""`oxtui sessions`: what was done, and what happened in one session."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from oxtui.build.environment import journal_path
from oxtui.build.journal import Journal
from oxtui.build.session import SessionFolders
from oxtui.cli import main
from oxtui.component import events as e
from oxtui.logs.index import Stream
from oxtui.logs.redact import Redactor
from oxtui.logs.spool import SpoolWriter

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def sessions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "sessions"
    monkeypatch.setenv("OXTUI_SESSIONS_DIR", str(folder))
    return folder


@pytest.fixture
def run(sessions: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def command(*words: str) -> tuple[int, str, str]:
        code = main(["sessions", *words])
        out, err = capsys.readouterr()
        return code, out, err

    return command


async def three_sessions(sessions: Path) -> None:
    """One that made an image, one that died, one that runs (as long as the caller holds it)."""
    time = 1_700_000_000.0
    async with Journal.open(journal_path(sessions), Redactor(), now=lambda: time) as journal:
        done = await journal.begin_session("web.pkr.hcl", host="https://rack.test", simulated=True)
        step = e.StepPlan(id="provision-1", kind="provision", title="1 shell", detail="setup.sh")
        for event in (
            e.SessionStarted(time=time, session="1", template="web.pkr.hcl"),
            e.BuildPlanned(time=time, build="web", steps=(step,)),
            e.StepStarted(time=time, build="web", step="provision-1"),
            e.OutputGrown(time=time, build="web", step="provision-1", lines=1, size=12),
            e.StepFinished(time=time, build="web", step="provision-1", status="done", seconds=61.0),
            e.ArtifactMade(time=time, build="web", builder_id="oxide.instance", id="i", name="img"),
            e.SessionFinished(time=time + 161, status="succeeded", seconds=161.0),
        ):
            journal.append(done, event)
        with SessionFolders(sessions).claim(done) as folder:
            writer = SpoolWriter(folder.spool("web", "provision-1"))
            writer.write(Stream.STDOUT, b"hello guest\n")
            writer.close()
        died = await journal.begin_session("db.pkr.hcl")
        await journal.intend(died, "db", "oxide.disk", "db", {"host": "https://rack.test"})
        await journal.begin_session("live.pkr.hcl")


def test_each_session_has_a_line(run: Run, sessions: Path) -> None:
    asyncio.run(three_sessions(sessions))
    with SessionFolders(sessions).claim(3):
        code, out, _ = run()
        as_json = json.loads(run("--json")[1])
    assert code == 0
    head, done, died, live, hint = out.splitlines()  # none of them can be resumed
    assert head.split() == [
        "SESSION", "STATE", "TEMPLATE", "IMAGE", "STARTED", "DURATION", "LEFTOVERS",
    ]  # fmt: skip
    assert done.split()[:5] == ["1", "✓", "succeeded", "web.pkr.hcl", "img"]
    assert done.split()[-2:] == ["2m41s", "–"]
    assert died.split()[:5] == ["2", "✗", "cut", "off", "db.pkr.hcl"]
    assert died.split()[-2:] == ["–", "1"]
    assert live.split()[:4] == ["3", "●", "running", "live.pkr.hcl"]
    assert "oxtui sweep" in hint
    assert [each["state"] for each in as_json] == ["succeeded", "cut_off", "running"]
    assert as_json[0]["image"] == "img"
    assert as_json[0]["started"] == "2023-11-14T22:13:20+00:00"
    assert as_json[0]["duration_seconds"] == 161
    assert as_json[1]["leftovers"] == 1
    assert as_json[1]["finished"] is None


def test_a_session_is_told_again_with_its_output(run: Run, sessions: Path) -> None:
    asyncio.run(three_sessions(sessions))
    code, out, _ = run("show", "1")
    assert run("show", "last") == run("show", "3") != run("show", "1")
    assert code == 0
    lines = out.splitlines()
    assert lines[0].startswith("oxtui session 1: web.pkr.hcl")
    assert "==> web: hello guest" in lines
    assert "==> web: ✓ 1 shell setup.sh done after 1m01s" in lines
    assert lines[-3:] == [
        "state: succeeded",
        "resume: Session 1 succeeded: there is nothing left to do.",
        f"log: {sessions}/1/builds/web/provision-1.log",
    ]


def test_a_session_as_json_lines(run: Run, sessions: Path) -> None:
    asyncio.run(three_sessions(sessions))
    code, out, _ = run("show", "1", "--json")
    records = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [each["type"] for each in records] == [
        "session_started", "build_planned", "step_started", "output", "step_finished",
        "artifact_made", "session_finished",
    ]  # fmt: skip
    assert records[3]["text"] == "hello guest"


def test_what_a_dead_session_left_is_told_with_the_next_step(run: Run, sessions: Path) -> None:
    asyncio.run(three_sessions(sessions))
    _, out, _ = run("show", "2")
    state, resume, left = out.splitlines()
    assert (state, left) == ("state: cut off", "1 left: `oxtui sweep --session 2` lists it")
    assert resume.startswith("resume: Session 2 cannot go on: ")  # it is a session without a plan


def test_without_a_session_the_next_step_is_told(run: Run, sessions: Path) -> None:
    code, out, _ = run()
    assert code == 0
    assert "No session yet" in out
    assert json.loads(run("--json")[1]) == []
    assert not sessions.exists()


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("show", "7"), 1, "There is no session 7"),
        (("show",), 2, "Which session?"),
        (("show", "x"), 2, '"x" is no session'),
    ],
)
def test_a_session_that_is_not_there(
    run: Run, words: tuple[str, ...], code: int, message: str
) -> None:
    got, _, err = run(*words)
    assert got == code
    assert message in err


def test_a_journal_that_cannot_be_read_is_told(run: Run, sessions: Path) -> None:
    sessions.mkdir()
    journal_path(sessions).write_bytes(b"no database at all, just text" * 100)
    code, _, err = run()
    assert code == 1
    assert f"oxtui: Cannot read the journal {journal_path(sessions)}" in err
