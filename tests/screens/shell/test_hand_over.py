"""The whole terminal given to a shell: what is written to it, and which keys are ours."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from screens.shell.hand_over import _Prefix, _Shown
from screens.shell.session import ShellSession
from screens.widgets.terminal.emulator import Emulator
from tests.screens.build.stage import QuietGuest
from tests.screens.widgets.terminal.shown import shown_by


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    source, target = os.pipe()
    yield source, target
    os.close(source)
    os.close(target)


def test_the_real_terminal_shows_what_the_pane_would_through_both_screens(
    pipe: tuple[int, int],
) -> None:
    source, target = pipe
    session = ShellSession(QuietGuest(), "ubuntu@web-01", 30, 5)
    session.emulator.feed(b"\x1b[1;34m~\x1b[0m$ vim\r\n\x1b[?2004h")
    shown = _Shown(session, target)
    shown.paint()
    real = Emulator(30, 5)
    real.feed(os.read(source, 1 << 16))
    assert shown_by(real) == shown_by(session.emulator)
    for piece in (
        b"\x1b[?1049h\x1b[2J\x1b[1;1H\x1b[44mtext\x1b[0m\x1b[?1h",
        b"\x1b[2;1Hmore\x1b[?25l",
        b"\x1b[?25h\x1b[?1l\x1b[?1049l$ \x1b]52;c;aGk=\x07after",
    ):
        session.emulator.feed(piece)
        shown.take(piece)
        raw = os.read(source, 1 << 16)
        assert b"1049" not in raw
        assert b"]52" not in raw
        real.feed(raw)
        assert shown_by(real) == shown_by(session.emulator)
        assert real.modes.private == session.emulator.modes.private


async def test_only_the_prefix_and_the_key_behind_it_are_ours() -> None:
    guest = QuietGuest()
    left: list[str] = []
    keys = _Prefix(ShellSession(guest, "ubuntu@web-01", 80, 24), left.append)
    for data in (b"ls\x1d", b"]", b"\x1b[A\x1d\x1dq", b"\x1dz"):
        keys.take(data)
    assert guest.typed == b"ls\x1d\x1b[A\x1dq"
    assert left == ["pane"]
    keys.take(b"\x1dq")
    keys.take(b"")
    assert left == ["pane", "leave", "leave"]
