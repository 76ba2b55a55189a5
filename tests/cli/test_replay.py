"""`oxtui replay` and `oxtui bundle`: a session played, packed and opened again."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from oxtui.build.environment import journal_path
from oxtui.build.folding import CUT_OFF
from oxtui.build.journal import Journal
from oxtui.build.session import SessionFolders
from oxtui.cli import main
from oxtui.component import events as e
from oxtui.logs.redact import Redactor
from tests.cli.test_sessions import three_sessions

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setenv("OXTUI_SESSIONS_DIR", str(tmp_path / "sessions"))
    monkeypatch.chdir(tmp_path)

    def command(*words: str) -> tuple[int, str, str]:
        code = main([*words])
        out, err = capsys.readouterr()
        return code, out, err

    return command


async def test_a_session_is_printed_as_it_was_from_the_journal_and_from_a_bundle(
    run: Run, tmp_path: Path
) -> None:
    await three_sessions(tmp_path / "sessions")
    code, printed, err = await asyncio.to_thread(run, "replay", "1", "--plain")
    assert (code, err) == (0, "")
    assert printed.splitlines()[:6] == [
        "oxtui session 1: web.pkr.hcl",
        "web: output will be in this color.",
        "",
        "==> web: ▶ 1 shell setup.sh",
        "==> web: hello guest",
        "==> web: ✓ 1 shell setup.sh done after 1m01s",
    ]
    code, out, err = await asyncio.to_thread(run, "bundle", "1", "--anonymous")
    assert (code, err) == (0, "")
    assert "builds/web/provision-1.log" in out
    assert "masked because they look like secrets: 0" in out
    assert out.splitlines()[-1].endswith("`oxtui replay oxtui-session-1.zip` opens it.")
    assert f"{os.stat('oxtui-session-1.zip').st_size:,} bytes" in out
    code, again, err = await asyncio.to_thread(run, "replay", "oxtui-session-1.zip", "--plain")
    assert (code, again) == (0, printed)
    assert err.startswith("oxtui: Session 1 from oxtui-session-1.zip")
    code, out, err = await asyncio.to_thread(run, "bundle", "1")
    assert (code, out) == (1, "")
    assert "is there already" in err


async def test_a_killed_session_says_that_it_ended_without_an_end(run: Run, tmp_path: Path) -> None:
    sessions = tmp_path / "sessions"
    step = e.StepPlan(id="provision-1", kind="provision", title="1 shell", detail="setup.sh")
    async with Journal.open(journal_path(sessions), Redactor(), now=lambda: 1.0) as journal:
        number = await journal.begin_session("web.pkr.hcl")
        for event in (
            e.SessionStarted(time=1.0, session="1", template="web.pkr.hcl"),
            e.BuildPlanned(time=1.0, build="web", steps=(step,)),
            e.StepStarted(time=1.0, build="web", step="provision-1"),
        ):
            journal.append(number, event)
        await journal.flush()
    with SessionFolders(sessions).claim(number):
        assert (await asyncio.to_thread(run, "bundle", "1", "-o", "live.zip"))[0] == 0
    assert (await asyncio.to_thread(run, "bundle", "1"))[0] == 0
    end = ["==> web: ✗ 1 shell setup.sh cut off", f"==> web: {CUT_OFF}"]
    for which in (("replay", "1", "--plain"), ("replay", "oxtui-session-1.zip", "--plain")):
        _, out, _ = await asyncio.to_thread(run, *which)
        assert out.splitlines()[-2:] == end
    _, out, _ = await asyncio.to_thread(run, "replay", "live.zip", "--plain")
    assert "cut off" not in out
    _, out, _ = await asyncio.to_thread(run, "sessions", "show", "1")
    assert out.splitlines()[-4:-1] == [*end, "state: cut off"]
    _, out, _ = await asyncio.to_thread(run, "sessions", "show", "1", "--json")
    last = json.loads(out.splitlines()[-1])
    assert last == {"type": "cut_off", "session": "1", "builds": ["web"]}


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("replay", "7"), 1, "There is no session 7"),
        (("replay", "last"), 1, "There is no session yet"),
        (("replay", "nothing.zip"), 2, "no session and no file"),
        (("replay", "t.txt", "--plain"), 1, "cannot be opened as a bundle"),
        (("bundle", "7"), 1, "There is no session 7"),
        (("bundle", "t.txt"), 2, "is no session"),
    ],
)
def test_what_is_not_there_is_told(
    run: Run, tmp_path: Path, words: tuple[str, ...], code: int, told: str
) -> None:
    (tmp_path / "t.txt").write_text("text")
    found, out, err = run(*words)
    assert (found, out) == (code, "")
    assert told in err
