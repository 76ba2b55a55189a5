"""Questions of a stopped build on a plain terminal: Packer's, with Packer's answers, and some more."""

from __future__ import annotations

import asyncio
import os
import sys
import termios
from collections.abc import Callable
from contextlib import suppress

from oxtui.build.live import LiveSession
from oxtui.build.report.said import Said
from oxtui.cli.lines import Lines
from oxtui.component.commands import Abort, Command, Keep, Resume, Retry, Skip, StepOver
from oxtui.component.events import BuildFinished, Event, Paused, Resumed
from oxtui.logs.sanitise import plain

_Make = Callable[[str], Command]

_AFTER_FAILURE: dict[str, tuple[str, str, _Make]] = {
    "c": ("abort", "Clean up and exit", lambda build: Abort(build=build)),
    "a": ("abort", "abort without cleanup", lambda build: Abort(build=build, cleanup=False)),
    "r": ("retry", "retry step", lambda build: Retry(build=build)),
    "t": ("retry", "retry with trace", lambda build: Retry(build=build, trace=True)),
    "s": ("skip", "skip step", lambda build: Skip(build=build)),
    "k": ("keep", "keep the instance and exit", lambda build: Keep(build=build)),
}
"""By letter: the command, what it is called, and how it is made. The first three are Packer's (packer.md 6)."""
_PACKERS = 3

_AT_STOP: dict[str, tuple[str, str, _Make]] = {
    ":next": ("step_over", "stop again after one step", lambda build: StepOver(build=build)),
    ":again": ("retry", "run the step again", lambda build: Retry(build=build)),
    ":skip": ("skip", "skip the next step", lambda build: Skip(build=build)),
    ":keep": ("keep", "keep the instance and exit", lambda build: Keep(build=build)),
    ":abort": ("abort", "clean up and exit", lambda build: Abort(build=build)),
    ":leave": ("abort", "exit without cleanup", lambda build: Abort(build=build, cleanup=False)),
}
"""By what is typed. Any other text goes on, as in Packer; none begins with a colon by chance."""


class Asker:
    """Asks at each stop, one question at a time, the oldest first.

    Args:
        session: whose stops.
        lines: where questions are put.
        draw: gives a line its colour.
    """

    def __init__(self, session: LiveSession, lines: Lines, draw: Callable[[Said], str]) -> None:
        self._session = session
        self._lines = lines
        self._draw = draw
        self._open: list[Paused] = []
        self._typed = b""
        self._reads = False
        self._closed = False
        self._explained = False
        self._gone = False
        """Nobody can type any more."""
        self._tasks: set[asyncio.Task[None]] = set()
        session.subscribe(self._heard)

    def pause(self, on: bool) -> None:
        """Leaves the terminal to somebody else, or reads it again where a question is open."""
        self._read(on=not on and bool(self._open))

    def close(self) -> None:
        """Asks no more."""
        self._closed = True
        self._open.clear()
        self._read(on=False)
        self._lines.withdraw()

    def _heard(self, event: Event) -> None:
        match event:
            case Paused() if not self._closed:
                self._open.append(event)
                if len(self._open) == 1:
                    self._ask(explain=True)
            case Resumed() | BuildFinished():
                first = self._open[:1]
                self._open = [each for each in self._open if each.build != event.build]
                if first and self._open[:1] != first:  # answered elsewhere, as by Ctrl-C
                    self._lines.withdraw()
                    self._next()

    def _ask(self, *, explain: bool = False) -> None:
        if self._gone:
            self._answer("")
            return
        paused = self._open[0]
        if explain and not self._explained and (further := _further(paused)):
            self._explained = True
            self._say(further)
        # What was typed before nobody could know the question, such as an Enter to part the log.
        with suppress(termios.error):
            termios.tcflush(sys.stdin.fileno(), termios.TCIFLUSH)
        self._typed = b""
        self._lines.ask(self._draw(self._said(f"{_question(paused)} ")))
        self._read(on=True)

    def _readable(self) -> None:
        try:
            data = os.read(sys.stdin.fileno(), 4096)
        except OSError:  # the terminal is gone
            data, self._gone = b"", True
        self._typed += data
        if data and b"\n" not in self._typed:
            return
        self._read(on=False)
        self._answer(self._typed.split(b"\n", 1)[0].decode("utf-8", "replace").strip())

    def _answer(self, text: str) -> None:
        paused = self._open[0]
        if paused.failure is not None:
            known, word = _AFTER_FAILURE, text.lower()[:1] or "c"
        else:
            known, word = _AT_STOP, text.lower()
        name, _, make = known.get(word, ("resume", "", lambda build: Resume(build=build)))
        if name not in paused.choices:
            self._lines.reply(self._draw(self._said(f'Incorrect input: "{plain(text)}"')))
            self._ask()
            return
        if self._typed.endswith(b"\n"):
            self._lines.answered()
        else:  # Ctrl-D, which ends no line, is an empty answer
            self._lines.withdraw()
        self._open.pop(0)
        task = asyncio.ensure_future(self._session.command(make(paused.build)))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        self._next()

    def _next(self) -> None:
        self._read(on=False)
        if self._open:
            self._ask(explain=True)

    def _read(self, *, on: bool) -> None:
        if on == self._reads:
            return
        loop = asyncio.get_running_loop()
        self._reads = on
        if on:
            loop.add_reader(sys.stdin.fileno(), self._readable)
        else:
            loop.remove_reader(sys.stdin.fileno())

    def _say(self, text: str) -> None:
        self._lines.line(self._draw(self._said(text)))

    def _said(self, text: str) -> Said:
        build, now = self._open[0].build, self._session.environment.now()
        return Said("say", f"==> {plain(build)}: {text}", build, now)


def _question(paused: Paused) -> str:
    if paused.failure is None:
        pausing = (
            f"Pausing {plain(paused.note)}. " if paused.reason == "step" and paused.note else ""
        )
        return f"{pausing}Press enter to continue."
    offered = [
        f"[{letter}] {text}"
        for letter, (name, text, _) in _AFTER_FAILURE.items()
        if name in paused.choices
    ]
    more = ", ".join(offered[_PACKERS:])
    also = f"; also {more}" if more else ""
    return f"{', '.join(offered[: _PACKERS - 1])}, or {offered[_PACKERS - 1]}{also}?"


def _further(paused: Paused) -> str:
    """What else can be done at a stop, for those who do not only go on."""
    if paused.failure is not None:
        return ""
    offered = [
        f"{word} ({text})" for word, (name, text, _) in _AT_STOP.items() if name in paused.choices
    ]
    return f"Besides Enter, you can type {', '.join(offered)}."
