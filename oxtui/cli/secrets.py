"""Secrets that a running step asks for, typed on the terminal without being shown."""

from __future__ import annotations

import asyncio
import os
import termios
from collections.abc import Callable
from contextlib import suppress

from oxtui.build.live import LiveSession
from oxtui.component.commands import GiveSecret
from oxtui.component.events import Event, SecretAnswered, SecretAsked
from oxtui.logs.sanitise import plain

_LINE = 4096
"""Bytes; a terminal takes no longer line."""


class SecretAsker:
    """Asks on the controlling terminal, one question after the other, whatever stdin and stdout are.

    Args:
        session: Whose steps ask.
        pause: Called before a question with True and after it with False, for others who read the terminal.
    """

    def __init__(self, session: LiveSession, pause: Callable[[bool], None]) -> None:
        self._session = session
        self._pause = pause
        self._open: list[SecretAsked] = []
        self._terminal: int | None = None
        self._before: list[object] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._unsubscribe = session.subscribe(self._heard)

    def close(self) -> None:
        """Asks no more, and leaves the terminal as it was."""
        self._unsubscribe()
        self._leave()

    def _heard(self, event: Event) -> None:
        match event:
            case SecretAsked():
                self._open.append(event)
                if self._terminal is None:
                    self._ask()
            case SecretAnswered():  # of a question that is still open: its build was ended
                shown = self._open[0] if self._open else None
                self._open = [each for each in self._open if each.build != event.build]
                if shown is not None and shown.build == event.build:
                    self._leave()
                    if self._open:
                        self._ask()

    def _ask(self) -> None:
        asked = self._open[0]
        try:
            self._terminal = os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC)
        except OSError:
            self._give(asked.question, "")  # nobody is there
            return
        self._pause(True)
        settings = termios.tcgetattr(self._terminal)
        self._before = list(settings)
        settings[3] &= ~termios.ECHO
        termios.tcsetattr(self._terminal, termios.TCSAFLUSH, settings)
        why = f"{asked.problem}. " if asked.problem else ""
        os.write(self._terminal, f"==> {plain(f'{asked.build}: {why}{asked.question}')}: ".encode())
        asyncio.get_running_loop().add_reader(self._terminal, self._answered)

    def _answered(self) -> None:
        if self._terminal is None:
            return
        line = os.read(self._terminal, _LINE)
        os.write(self._terminal, b"\n")
        self._leave()
        self._give(self._open[0].question, line.decode(errors="replace").rstrip("\r\n"))

    def _give(self, question: str, text: str) -> None:
        """Answers every build that asks the same, and goes on to what is asked beside it."""
        for asked in [each for each in self._open if each.question == question]:
            self._open.remove(asked)
            self._answer(asked, text)
        if self._open:
            self._ask()

    def _answer(self, asked: SecretAsked, text: str) -> None:
        command = self._session.command(GiveSecret(build=asked.build, text=text))
        task = asyncio.ensure_future(command)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _leave(self) -> None:
        terminal, self._terminal = self._terminal, None
        if terminal is None:
            return
        asyncio.get_running_loop().remove_reader(terminal)
        with suppress(termios.error):
            termios.tcsetattr(terminal, termios.TCSAFLUSH, self._before)  # type: ignore[arg-type]
        os.close(terminal)
        self._pause(False)
