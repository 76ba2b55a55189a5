"""The prefix while the shell has the whole terminal: r switches its recording, all else as in the pane."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from screens.shell.hand_over import _Prefix
from screens.shell.session import ShellSession
from tests.screens.build.stage import QuietGuest


def test_r_switches_the_recording_and_never_reaches_the_guest() -> None:
    guest, asked, left = QuietGuest(), [], []
    session = ShellSession(guest, "u@h", 80, 24)
    keys = _Prefix(session, left.append)
    session.recorder = cast("Any", SimpleNamespace(wanted=lambda: asked.append(True)))
    keys.take(b"a\x1d")
    keys.take(b"rb\x1d]\x1dz")
    assert (guest.typed, asked, left) == (b"ab\x1d", [True], ["pane"])


def test_a_shell_that_cannot_be_recorded_gets_the_key() -> None:
    guest = QuietGuest()
    _Prefix(ShellSession(guest, "u@h", 80, 24), lambda how: None).take(b"\x1dr")
    assert guest.typed == b"r"
