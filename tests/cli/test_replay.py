"""`oxtui replay` and `oxtui bundle`: a session played, packed and opened again."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from oxtui.cli import main
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
