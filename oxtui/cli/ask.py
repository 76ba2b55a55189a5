"""Questions of a stopped build on a plain terminal: Packer's, with Packer's answers, and some more."""

from __future__ import annotations

import asyncio
import os
import shlex
import sys
import termios
from collections.abc import Callable
from contextlib import suppress

from oxtui.build.live import LiveSession
from oxtui.build.report.said import Said
from oxtui.cli.lines import Lines
from oxtui.component.commands import (
    Abort,
    Beside,
    CancelBeside,
    Command,
    Keep,
    MarkDone,
    Resume,
    Retry,
    RunCommand,
    Skip,
    StepOver,
    UploadFile,
)
from oxtui.component.debugger_events import BesideFinished
from oxtui.component.events import BuildFinished, Event, Paused, Resumed
from oxtui.logs.sanitise import plain

_Make = Callable[[str, str], Command | None]
"""From the build and what was typed behind the letter or the word; None where that does not do."""


def _run(build: str, text: str) -> Command | None:
    return RunCommand(build=build, command=text) if text else None


def _upload(build: str, text: str) -> Command | None:
    try:
        words = shlex.split(text)
    except ValueError:
        return None
    if len(words) not in (1, 2):
        return None
    return UploadFile(build=build, source=words[0], destination="".join(words[1:]))


_AFTER_FAILURE: dict[str, tuple[str, str, _Make]] = {
    "c": ("abort", "Clean up and exit", lambda build, _: Abort(build=build)),
    "a": ("abort", "abort without cleanup", lambda build, _: Abort(build=build, cleanup=False)),
    "r": ("retry", "retry step", lambda build, _: Retry(build=build)),
    "t": ("retry", "retry with trace", lambda build, _: Retry(build=build, trace=True)),
    "s": ("skip", "skip step", lambda build, _: Skip(build=build)),
    "d": ("mark_done", "count it as done", lambda build, _: MarkDone(build=build)),
    "k": ("keep", "keep the instance and exit", lambda build, _: Keep(build=build)),
    "x": ("run_command", "COMMAND run it in the instance", _run),
    "u": ("upload_file", "FILE [TO] upload it", _upload),
}
"""By letter: the command, what it is called, and how it is made. The first three are Packer's (packer.md 6)."""
_PACKERS = 3

_AT_STOP: dict[str, tuple[str, str, _Make]] = {
    ":next": ("step_over", "stop again after one step", lambda build, _: StepOver(build=build)),
    ":again": ("retry", "run the step again", lambda build, _: Retry(build=build)),
    ":skip": ("skip", "skip the next step", lambda build, _: Skip(build=build)),
    ":done": ("mark_done", "count it as done", lambda build, _: MarkDone(build=build)),
    ":run COMMAND": ("run_command", "in the instance", _run),
    ":upload FILE [TO]": ("upload_file", "to the instance", _upload),
    ":keep": ("keep", "keep the instance and exit", lambda build, _: Keep(build=build)),
    ":abort": ("abort", "clean up and exit", lambda build, _: Abort(build=build)),
    ":leave": ("abort", "exit without cleanup", lambda build, _: Abort(build=build, cleanup=False)),
}
"""By what is typed. Any other text goes on, as in Packer; none begins with a colon by chance."""
_BY_WORD = {told.partition(" ")[0]: known for told, known in _AT_STOP.items()}


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
        self._beside: dict[str, Paused] = {}
        """Stops at which something is done, by build; the question is put again when it is over."""
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

    def cancel(self) -> bool:
        """Ends what is done at stops; False where nothing is."""
        for build in self._beside:
            self._tell(CancelBeside(build=build))
        return bool(self._beside)

    def close(self) -> None:
        """Asks no more."""
        self._closed = True
        self._open.clear()
        self._beside.clear()
        self._read(on=False)
        self._lines.withdraw()

    def _heard(self, event: Event) -> None:
        match event:
            case Paused() if not self._closed:
                self._open.append(event)
                if len(self._open) == 1:
                    self._ask(explain=True)
            case BesideFinished():
                self._again(event.build)
            case Resumed() | BuildFinished():
                self._beside.pop(event.build, None)
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
        first, _, rest = text.partition(" ")
        if paused.failure is not None:
            known, word = _AFTER_FAILURE, first.lower()[:1] or "c"
        else:
            known, word = _BY_WORD, first.lower()
        name, _, make = known.get(word, ("resume", "", lambda build, _: Resume(build=build)))
        command = make(paused.build, rest.strip())
        if not _possible(paused, name, command) or command is None:
            self._lines.reply(self._draw(self._said(f'Incorrect input: "{plain(text)}"')))
            self._ask()
            return
        if self._typed.endswith(b"\n"):
            self._lines.answered()
        else:  # Ctrl-D, which ends no line, is an empty answer
            self._lines.withdraw()
        self._open.pop(0)
        self._next()
        if isinstance(command, Beside):
            self._beside[paused.build] = paused
            self._tell(command).add_done_callback(lambda _: self._again(paused.build))
        else:
            self._tell(command)

    def _again(self, build: str) -> None:
        """The question is put again where nothing is done at the stop (any more)."""
        if build in self._beside and self._session.state.builds[build].beside is None:
            self._open.append(self._beside.pop(build))
            if len(self._open) == 1 and not self._closed:
                self._ask()

    def _tell(self, command: Command) -> asyncio.Task[None]:
        task = asyncio.ensure_future(self._session.command(command))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

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


def _possible(paused: Paused, name: str, command: Command | None) -> bool:
    """Whether a stop offers a command; only what a shell runs can be traced."""
    traced = isinstance(command, Retry) and command.trace
    traceable = paused.failure is not None and paused.failure.traceable
    return name in paused.choices and (traceable or not traced)


def _question(paused: Paused) -> str:
    if paused.failure is None:
        pausing = (
            f"Pausing {plain(paused.note)}. " if paused.reason == "step" and paused.note else ""
        )
        return f"{pausing}Press enter to continue."
    offered = [
        f"[{letter}] {text}"
        for letter, (name, text, make) in _AFTER_FAILURE.items()
        if _possible(paused, name, make(paused.build, ""))
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
