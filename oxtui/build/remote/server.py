"""Serves the session that this process runs to others of the same user.

Whoever connects is greeted with `hello` and may send:
- `follow`: gets every `event` of the session from its beginning, `synced` in between when all that was
  before has come, and `bye` at its end.
- `command`, with an `id` and the `command`: gets an `answer` of that id, `ok` or with the `error`.
- `edit` and `edited`, with an `id`: a step is edited (`remote.editing`), which is answered in the same way.
- `shell`, with `build`, `columns` and `rows`: the connection is a shell from then on (`remote.entering`).
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from oxtui.build.journal import JournalError
from oxtui.build.live import LiveSession
from oxtui.build.remote import place
from oxtui.build.remote.command_records import CommandRefused, from_record
from oxtui.build.remote.editing import RemoteEditing
from oxtui.build.remote.entering import enter
from oxtui.build.remote.wire import LONGEST, Message, Wire, WireError
from oxtui.component.commands import Command
from oxtui.component.debugger_events import SessionContinued
from oxtui.component.event_records import record
from oxtui.component.events import Event, Noted, SessionStarted

PROTOCOL = 2
WAITING = 20_000
"""Events that wait for one follower before it is given up."""
LAST_WORDS = 2.0
"""Seconds that a follower has to read what is on its way when its connection ends."""


@asynccontextmanager
async def served(session: LiveSession, complain: Callable[[str], object]) -> AsyncIterator[None]:
    """Serves the session while the block runs it; where that cannot be, `complain` is told why."""
    server = ControlServer(session)

    def heard(event: Event) -> None:
        if isinstance(event, SessionStarted | SessionContinued):
            try:
                server.open()
            except OSError as error:
                complain(f"`oxtui attach` cannot reach this session: {error}")

    unsubscribe = session.subscribe(heard)
    try:
        yield
    finally:
        unsubscribe()
        await server.close()


class ControlServer:
    """Serves one session."""

    def __init__(self, session: LiveSession) -> None:
        self._session = session
        self._serving: asyncio.Task[None] | None = None
        self._clients: set[asyncio.Task[None]] = set()
        self._followers: set[_Follower] = set()

    def open(self) -> None:
        """Listens from now on.

        Raises:
            OSError: there can be no socket.
        """
        if self._serving is None:
            listening = place.bind(self._folder)
            self._serving = asyncio.create_task(self._serve(listening))

    async def close(self) -> None:
        """Followers get their last events, and all connections end."""
        if self._serving is None:
            return
        self._serving.cancel()
        await asyncio.gather(self._serving, return_exceptions=True)
        place.remove(self._folder)
        for follower in list(self._followers):
            follower.end()
        if self._clients:
            await asyncio.wait(self._clients, timeout=LAST_WORDS)
        for client in self._clients:
            client.cancel()
        await asyncio.gather(*self._clients, return_exceptions=True)

    @property
    def _folder(self) -> Path:
        return self._session.environment.folders.folder(self._session.number).path

    async def _serve(self, listening: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        with listening:
            while True:
                connection, _ = await loop.sock_accept(listening)
                client = asyncio.create_task(self._client(connection))
                self._clients.add(client)
                client.add_done_callback(self._clients.discard)

    async def _client(self, connection: socket.socket) -> None:
        process, user = place.peer(connection) or (None, None)
        if not place.may_speak(user):
            connection.close()
            return
        reader, writer = await asyncio.open_connection(sock=connection, limit=LONGEST)
        wire = Wire(reader, writer)
        follower = _Follower(self._session, wire)
        try:
            wire.post("hello", protocol=PROTOCOL, session=self._session.number, process=os.getpid())
            await self._talk(wire, follower, process)
        except WireError as error:
            with suppress(WireError):
                wire.post("bye", reason=f"{error}.")
        finally:
            follower.cancel()
            self._followers.discard(follower)
            await wire.close(LAST_WORDS)

    async def _talk(self, wire: Wire, follower: _Follower, process: int | None) -> None:
        """Answers until the other end leaves, the session ends, or nothing more can be said."""
        receiving = asyncio.ensure_future(wire.receive())
        editing = RemoteEditing(self._session, self._tell)
        try:
            while True:
                either: list[asyncio.Future[Any]] = [receiving, follower.over]
                await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
                if follower.over.done():
                    wire.post("bye", reason=follower.over.result())
                    return
                message = receiving.result()
                if message is None:
                    return
                if message["type"] == "shell":
                    await enter(self._session, wire, message, process)
                    return
                if message["type"] == "follow":
                    self._followers.add(follower)
                    follower.begin()
                elif message["type"] in ("command", "edit", "edited"):
                    await self._answer(wire, message, editing)
                else:
                    raise WireError(f"there is no {message['type']!r} here")
                receiving = asyncio.ensure_future(wire.receive())
        finally:
            receiving.cancel()

    async def _answer(self, wire: Wire, message: Message, editing: RemoteEditing) -> None:
        """Does what is asked, and answers with what is said against it."""
        told: Mapping[str, Any] = {}
        said: list[str] = []
        try:
            match message["type"]:
                case "edit":
                    told = await editing.edit(message)
                case "edited":
                    said = await editing.edited(message)
                case _:
                    said = await self._tell(from_record(message.get("command")))
        except CommandRefused as error:
            said = [str(error)]
        error_ = " ".join(said)
        wire.post("answer", id=message.get("id"), ok=not said, error=error_, **told)

    async def _tell(self, command: Command) -> list[str]:
        """Hands a command on; what the build says against it.

        Raises:
            CommandRefused: there is no such build.
        """
        said: list[str] = []

        def heard(event: Event) -> None:
            if isinstance(event, Noted) and event.level == "warning":
                said.append(event.text)

        builds = self._session.state.builds
        if command.build and command.build not in builds:
            raise CommandRefused(
                f"There is no build {command.build!r}; there are {', '.join(builds)}."
            )
        for build in [command.build] if command.build else list(builds):
            unsubscribe = self._session.subscribe(heard)
            try:
                await self._session.command(replace(command, build=build))
            finally:
                unsubscribe()
        return said


class _Follower:
    """Hands a session's events to one connection; `over` tells why that ended."""

    def __init__(self, session: LiveSession, wire: Wire) -> None:
        self._session = session
        self._wire = wire
        self._waiting: deque[Event] = deque()
        self._wake = asyncio.Event()
        self._ended = False
        self._unsubscribe: Callable[[], None] = lambda: None
        self._task: asyncio.Task[None] | None = None
        self.over: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def begin(self) -> None:
        """From now on, and with all that was before; once more changes nothing."""
        if self._task is None:
            self._unsubscribe = self._session.subscribe(self._heard)
            self._task = asyncio.create_task(self._run())

    def end(self) -> None:
        """The session is over: what waits is the last."""
        self._ended = True
        self._wake.set()

    def cancel(self) -> None:
        """Nobody is there any more."""
        self._leave()
        self._waiting.clear()
        if self._task is not None:
            self._task.cancel()

    def _heard(self, event: Event) -> None:
        if len(self._waiting) >= WAITING:
            self.cancel()
            self._finish(f"Too slow: {WAITING} events were waiting to be read.")
            return
        self._waiting.append(event)
        self._wake.set()

    async def _run(self) -> None:
        try:
            await self._tell()
            self._finish("The session is over.")
        except (WireError, JournalError) as error:
            self._finish(f"{error}.")

    async def _tell(self) -> None:
        journal, number = self._session.environment.journal, self._session.number
        # Asked for in the same breath as the subscription: no event is in both, and none in neither.
        last = await journal.last_event(number)
        for stored in await journal.events(number):
            if stored.number <= last:
                await self._wire.send("event", event=record(stored.event))
        await self._wire.send("synced")
        while self._waiting or not self._ended:
            if not self._waiting:
                self._wake.clear()
                await self._wake.wait()
                continue
            await self._wire.send("event", event=record(self._waiting.popleft()))

    def _leave(self) -> None:
        unsubscribe, self._unsubscribe = self._unsubscribe, lambda: None
        unsubscribe()

    def _finish(self, why: str) -> None:
        self._leave()
        if not self.over.done():
            self.over.set_result(why)
