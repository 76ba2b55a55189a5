"""Stops of `oxtui build`: flags, and what becomes of a build that nobody answers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from oxtui.cli import main
from tests.cli.build_templates import null_template
from tests.cli.running import conversation, oxtui


async def test_a_build_without_a_terminal_waits_as_long_as_it_may(tmp_path: Path) -> None:
    path = null_template(tmp_path, "echo one", "echo two >&2; exit 3")
    environ = {"OXTUI_SESSIONS_DIR": str(tmp_path / "sessions")}
    flags = ("--break=after:1", "--break-on-error", "--break-timeout=10ms")
    code, out, _ = await oxtui("build", *flags, "--json", path, environ=environ)
    events = [json.loads(line) for line in out.splitlines()]
    (paused,) = [each for each in events if each["type"] == "paused"]
    assert (code, paused["reason"], paused["step"]) == (1, "after", "provision-1")
    assert paused["until"] > paused["time"]
    (ended,) = [each for each in events if each["type"] == "build_finished"]
    assert "nobody answered the stop at 1 shell-local within 10ms" in ended["error"]


async def test_stops_are_asked_about_on_a_terminal(tmp_path: Path) -> None:
    path = null_template(tmp_path, "echo WARN-NING", "exit 3")
    flags = ("--break-on-output=^WARN-", "--break-on-exit=3", "-color=false")
    chat = [
        (b"matches /^WARN-/: WARN-NING", b""),
        (b"continue. ", b":again\r"),
        (b"continue. ", b"\r"),
        (b"ended with exit status 3", b""),
        (b"retry step", b"c\r"),
    ]
    code, screen = await conversation("build", *flags, path, chat=chat)
    assert code == 1, screen
    assert "attach" not in screen  # it waits for this terminal, as long as it takes


@pytest.mark.parametrize(
    ("flag", "told"),
    [
        (
            "--break=nine",
            'There is no step "nine". The steps are: provision-1 (1 shell-local), cleanup',
        ),
        ("--break-on-output=(", '"(" is no regular expression: missing ): ('),
        ("--break-on-exit=999", '"999" is no exit status: they go from 0 to 255'),
        ("--break-timeout=0s", '"0s" leaves no time to do anything'),
    ],
)
def test_a_stop_that_cannot_be_is_refused(
    flag: str,
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("OXTUI_SESSIONS_DIR", str(tmp_path / "sessions"))
    assert main(["build", flag, null_template(tmp_path, f"touch {tmp_path}/ran")]) != 0
    out, err = capsys.readouterr()
    assert told in err
    assert "▶" not in out
    assert not (tmp_path / "ran").exists()
