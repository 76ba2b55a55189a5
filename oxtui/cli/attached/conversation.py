"""A session of another process on a plain terminal: what it says from now on, and a question at each stop."""

from __future__ import annotations

import asyncio
import os
import shlex
import signal
import sys
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from oxtui.build.remote.client import NotReached, RemoteSession
from oxtui.build.report.plain import PlainLog
from oxtui.cli.attached.editing import Editing, Outcome
from oxtui.cli.attached.shell import enter
from oxtui.cli.attached.status import status
from oxtui.cli.attached.words import (
    EDITS,
    LOCAL,
    WORDS,
    NotUnderstood,
    addressed,
    offered,
    understood,
)
from oxtui.cli.errors import CommandError
from oxtui.cli.lines import Lines
from oxtui.component.events import BuildFinished, Event, Paused, Resumed
from oxtui.logs.sanitise import plain


class Conversation:
    """Follows and asks until the session is over or the operator leaves; `build`: the one that is meant."""

    def __init__(self, session: RemoteSession, build: str | None) -> None:
        self._session = session
        self._build = build
        self._lines = Lines(sys.stdout.write, lambda: self._left.set())
        self._report = PlainLog(session.spool, self._lines.line)
        self._editing = Editing(session, os.environ)
        self._left = asyncio.Event()
        self._typed: deque[str] = deque()
        self._rest = b""
        self._ended = False
        """Nobody types any more."""
        self._wake = asyncio.Event()

    async def run(self) -> int:
        """Returns the exit code: 0."""
        self._report.joined(self._session.state)
        for line in status(self._session.state, time.time()):
            self._lines.line(line)
        unsubscribe = self._session.subscribe(self._heard)
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGINT, self._left.set)
        self._listen(on=True)
        self._ask()
        over = self._session.over
        over.add_done_callback(lambda _: self._wake.set())
        leaving = asyncio.ensure_future(self._left.wait())
        leaving.add_done_callback(lambda _: self._wake.set())
        try:
            while not (over.done() or self._left.is_set()):
                if self._typed:
                    await self._answer(self._typed.popleft())
                    continue
                if self._ended:
                    break
                self._wake.clear()
                await self._wake.wait()
        finally:
            unsubscribe()
            leaving.cancel()
            self._listen(on=False)
            loop.remove_signal_handler(signal.SIGINT)
            self._lines.withdraw()
            self._report.close()
        went = "The session goes on." if not over.done() else plain(over.result())
        self._lines.line(f"==> oxtui: left session {self._session.number}. {went}")
        return 0

    def _heard(self, event: Event) -> None:
        self._report(event)
        if isinstance(event, Paused):
            self._ask()
        elif isinstance(event, Resumed | BuildFinished):
            self._lines.withdraw()
            self._ask()

    def _ask(self) -> None:
        """The question of the build that stands still, if one does."""
        waiting = [each for each in self._session.state.builds.values() if each.pause is not None]
        if self._build is not None:
            waiting = [each for each in waiting if each.name == self._build]
        if not waiting:
            return
        build = waiting[0]
        shell = ["shell"] if build.address is not None and build.instance else []
        choices = build.pause.choices if build.pause is not None else ()
        edit = ["edit"] if any(each in choices for each in EDITS) else []
        words = ", ".join([*shell, *edit, *(word.word for word in offered(build)), "help", "quit"])
        self._lines.withdraw()
        self._lines.line(plain(f"==> {build.name}: {words}"))
        self._lines.ask(f"{plain(build.name)}> ")

    async def _answer(self, line: str) -> None:
        try:
            words = shlex.split(line) if not line.startswith("run ") else line.split(maxsplit=1)
        except ValueError as error:
            self._reply(f"{error}.")
            return
        self._lines.answered()
        if not words:
            self._ask()
        elif words[0] == "quit":
            self._left.set()
        elif words[0] == "help":
            self._help()
        elif words[0] == "status":
            for told in status(self._session.state, time.time()):
                self._lines.line(told)
            self._ask()
        elif words[0] in ("shell", "s"):
            await self._shell()
        elif words[0] in ("edit", "e"):
            await self._edit(words[1:])
        else:
            await self._tell(words)

    def _help(self) -> None:
        listed = [(each.word, each.help, each.key) for each in WORDS]
        for word, text, key in [*listed, *((word, text, "") for word, text in LOCAL.items())]:
            self._lines.line(f"  {word:<9} {text}{f' ({key})' if key else ''}")
        self._ask()

    async def _shell(self) -> None:
        told = ""
        with self._given_up():
            try:
                await enter(self._session, self._build or self._waiting_build())
            except (NotReached, CommandError) as error:
                told = str(error)
        self._told(told)

    async def _edit(self, words: list[str]) -> None:
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGINT, lambda: None)  # a ctrl+c is the editor's
        with self._given_up():
            try:
                outcome = await self._editing.edit(words, self._build)
            except NotUnderstood as error:
                outcome = Outcome(str(error))
        loop.add_signal_handler(signal.SIGINT, self._left.set)
        if outcome.text:
            self._told(outcome.text)

    @contextmanager
    def _given_up(self) -> Iterator[None]:
        """The terminal is another program's; what is told meanwhile waits."""
        self._listen(on=False)
        self._lines.hold(on=True)
        try:
            yield
        finally:
            self._lines.hold(on=False)
            self._listen(on=True)

    def _told(self, text: str) -> None:
        """What became of it; the question is still open."""
        if text:
            self._lines.line(plain(text))
        self._ask()

    def _waiting_build(self) -> str | None:
        try:
            return addressed(self._session.state, None, stopped=True).name
        except NotUnderstood:
            return None

    async def _tell(self, words: list[str]) -> None:
        try:
            refused = await self._session.ask(understood(words, self._session.state, self._build))
        except NotUnderstood as error:
            refused = str(error)
        if refused:
            self._told(refused)

    def _reply(self, text: str) -> None:
        self._lines.answered()
        self._lines.line(plain(text))
        self._ask()

    def _listen(self, *, on: bool) -> None:
        loop, keyboard = asyncio.get_running_loop(), sys.stdin.fileno()
        if not on:
            loop.remove_reader(keyboard)
            return
        try:
            loop.add_reader(keyboard, self._readable)
        except PermissionError:  # a file, which is always readable
            while not self._ended:
                self._readable()

    def _readable(self) -> None:
        try:
            data = os.read(sys.stdin.fileno(), 4096)
        except OSError:  # the terminal is gone
            data = b""
        *lines, self._rest = (self._rest + data).split(b"\n")
        self._typed.extend(line.decode("utf-8", "replace").strip() for line in lines)
        if not data:
            self._ended = True
            asyncio.get_running_loop().remove_reader(sys.stdin.fileno())
        self._wake.set()
