"""Hands the whole terminal to a shell, while builds and the event loop go on."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import termios
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Literal

from textual.app import App

from oxtui.logs.sanitise import plain
from screens.shell.guard import PLAIN, Guard
from screens.shell.session import ShellSession
from screens.suspending import suspended

Left = Literal["pane", "leave", "ended"]
PREFIX = b"\x1d"


async def hand_over(app: App[int], session: ShellSession) -> Left:
    """Gives the terminal to the shell until the operator takes it back or the shell ends.

    `ctrl+]` is the only key that does not reach the guest; then `z` goes back to the pane, `q` leaves.

    Raises:
        SuspendNotSupported: there is no real terminal, as in a browser.
    """
    with suspended(app):
        return await _run(session)


async def _run(session: ShellSession) -> Left:
    loop = asyncio.get_running_loop()
    # Where the app itself reads and writes: its standard output may be a file.
    source, target = sys.__stdin__.fileno(), sys.__stderr__.fileno()  # type: ignore[union-attr]
    left: asyncio.Future[Any] = loop.create_future()

    def leave(how: Left) -> None:
        if not left.done():
            left.set_result(how)

    keys = _Prefix(session, leave)

    def typed() -> None:
        keys.take(os.read(source, 4096))

    with _raw(source, target, f"{plain(session.place)} — ctrl+] then z: back to oxtui"):
        shown = _Shown(session, target)

        def resized() -> None:
            session.resize(*os.get_terminal_size(target))
            # The terminal wraps lines in its own way, or not at all.
            shown.paint()

        session.mirror = shown.take
        loop.add_reader(source, typed)
        loop.add_signal_handler(signal.SIGWINCH, resized)
        resized()
        ended: asyncio.Future[Any] = loop.create_task(session.over.wait())
        try:
            await asyncio.wait([left, ended], return_when=asyncio.FIRST_COMPLETED)
        finally:
            session.mirror = None
            loop.remove_reader(source)
            loop.remove_signal_handler(signal.SIGWINCH)
            ended.cancel()
    how: Left = left.result() if left.done() else "ended"
    return how


class _Prefix:
    """Sends typed bytes to the shell, all but the prefix and the key behind it."""

    def __init__(self, session: ShellSession, leave: Callable[[Left], object]) -> None:
        self._session = session
        self._leave = leave
        self._waiting = False

    def take(self, data: bytes) -> None:
        """Bytes from the terminal; none means that it is gone."""
        if not data:
            self._leave("leave")
            return
        if self._waiting:
            self._waiting = False
            key, data = data[:1], data[1:]
            if key in (b"z", b"q"):
                self._leave("pane" if key == b"z" else "leave")
                return
            if key == b"r" and self._session.recorder is not None:
                self._session.recorder.wanted()
            else:
                self._session.write(PREFIX if key in (b"]", PREFIX) else key)
        before, found, rest = data.partition(PREFIX)
        if before:
            self._session.write(before)
        if found:
            self._waiting = True
            if rest:
                self.take(rest)


class _Shown:
    """Passes the shell's output on, but for what the guard holds back."""

    def __init__(self, session: ShellSession, target: int) -> None:
        self._emulator = session.emulator
        self._target = target
        self._guard = Guard()
        self._alternate = self._emulator.alternate

    def take(self, data: bytes) -> None:
        """Output that the emulator has drawn already."""
        _write(self._target, self._guard.feed(data))
        if self._emulator.alternate != self._alternate:
            self.paint()

    def paint(self) -> None:
        """Draw all of it, so that the hand-over begins where the pane was."""
        self._alternate = self._emulator.alternate
        _write(self._target, self._emulator.painted())


def _write(target: int, data: bytes) -> None:
    while data:
        data = data[os.write(target, data) :]


@contextmanager
def _raw(source: int, target: int, title: str) -> Iterator[None]:
    """The terminal without echo and line editing, on its alternate screen; as before afterwards.

    Nothing of ours is on the screen, so the window's title says how to come back.
    """
    before = termios.tcgetattr(source)
    tty.setraw(source)
    os.write(target, f"\x1b[22;2t\x1b]2;{title}\x07\x1b[?1049h\x1b[2J\x1b[H".encode())
    try:
        yield
    finally:
        # The keyboard's modes belong to the alternate screen, so they go before it does.
        os.write(target, PLAIN + b"\x1b[?1049l\x1b[23;2t")
        termios.tcsetattr(source, termios.TCSADRAIN, before)
