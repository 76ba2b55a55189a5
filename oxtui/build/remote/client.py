"""The other end: a session of another process, and a shell in the instance of one of its builds."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Literal, Self

from oxtui.build.folding import fold
from oxtui.build.remote import place
from oxtui.build.remote.command_records import record
from oxtui.build.remote.server import PROTOCOL
from oxtui.build.remote.wire import (
    LONGEST,
    LONGEST_TEXT,
    Message,
    Wire,
    WireError,
    decoded,
    encoded,
)
from oxtui.build.session import SessionFolder
from oxtui.build.state import SessionState
from oxtui.component.commands import Command
from oxtui.component.event_records import from_record
from oxtui.component.events import Event
from oxtui.component.protocols import ExitStatus


class NotReached(Exception):
    """The process of a session cannot be spoken to, or speaks no more; the text says why."""


@dataclass(frozen=True, slots=True)
class RemoteText:
    """A step as text that is edited; `secrets`: marks stand in it for what stays in the other process."""

    title: str
    language: Literal["bash", "hcl"]
    text: str
    secrets: bool


async def _greeted(folder: SessionFolder) -> Wire:
    try:
        connection = place.connect(folder.path)
    except OSError as error:
        raise NotReached(
            f"Session {folder.number} cannot be reached: {error.strerror or error}. Its process has ended, or "
            f"is of an older oxtui; `oxtui sessions show {folder.number}` tells what is known."
        ) from None
    reader, writer = await asyncio.open_connection(sock=connection, limit=LONGEST)
    wire = Wire(reader, writer)
    try:
        hello = await wire.receive()
        if hello is None or hello["type"] != "hello" or hello.get("protocol") != PROTOCOL:
            raise WireError("another oxtui runs it")
    except WireError as error:
        await wire.close()
        raise NotReached(f"Session {folder.number} cannot be reached: {error}.") from None
    return wire


class RemoteSession:
    """A session that another process runs; its state is folded here from its events.

    `over` is done when nothing more will come, and says why.
    """

    def __init__(self, folder: SessionFolder, wire: Wire) -> None:
        self.folder = folder
        self.state = SessionState()
        self.over: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._wire = wire
        self._subscribers: list[Callable[[Event], None]] = []
        self._numbers = count(1)
        self._answers: dict[int, asyncio.Future[Message]] = {}
        self._synced = asyncio.Event()
        self._reading: asyncio.Task[None] | None = None

    @classmethod
    async def open(cls, folder: SessionFolder) -> Self:
        """Connects, and returns when the state is as it stands now.

        Raises:
            NotReached: its process does not answer.
        """
        session = cls(folder, await _greeted(folder))
        session._wire.post("follow")
        session._reading = asyncio.create_task(session._read())
        synced: asyncio.Future[Any] = asyncio.ensure_future(session._synced.wait())
        either: list[asyncio.Future[Any]] = [synced, session.over]
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        synced.cancel()
        if session.over.done():
            await session.close()
            raise NotReached(f"Session {folder.number}: {session.over.result()}")
        return session

    @property
    def number(self) -> int:
        """In the journal."""
        return self.folder.number

    def subscribe(self, callback: Callable[[Event], None]) -> Callable[[], None]:
        """Calls back for each event from now on, when the state holds it; the result ends that."""
        self._subscribers.append(callback)
        return lambda: self._subscribers.remove(callback)

    async def command(self, command: Command) -> None:
        """Hands a command on; what is said against it comes as a note of the session."""
        await self.ask(command)

    async def ask(self, command: Command) -> str:
        """Hands a command on; what is said against it, or nothing."""
        return _against(await self._request("command", command=record(command)))

    async def edit(self, build: str, step: str) -> RemoteText:
        """The text of a step, to be edited here.

        Raises:
            NotReached: it has none, or its process does not answer.
        """
        answer = await self._request("edit", build=build, step=step)
        if against := _against(answer):
            raise NotReached(against)
        language: Literal["bash", "hcl"] = "hcl" if answer.get("language") == "hcl" else "bash"
        title, text = str(answer.get("title", "")), str(answer.get("text", ""))
        return RemoteText(title, language, text, bool(answer.get("secrets")))

    async def edited(
        self, build: str, step: str, text: str, *, take: bool = True, again: bool = False
    ) -> str:
        """Gives the edited text of a step back; what is said against it, or nothing.

        Without `take` it is checked alone; `again`: the step has failed, and runs again.
        """
        if len(text) > LONGEST_TEXT:
            return f"The text is longer than {LONGEST_TEXT} characters; upload it as a file."
        values = {"build": build, "step": step, "text": text, "take": take, "again": again}
        return _against(await self._request("edited", **values))

    async def _request(self, type_: str, **values: Any) -> Message:
        """Asks for something, and waits for the answer."""
        if self.over.done():
            return {"error": self.over.result()}
        number = next(self._numbers)
        answer: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        self._answers[number] = answer
        try:
            self._wire.post(type_, id=number, **values)
            return await answer
        except WireError as error:
            return {"error": f"{error}."}
        finally:
            del self._answers[number]

    def spool(self, build: str, step: str) -> Path | None:
        """The file of a step's output (`serial`: the console's), if there is any."""
        return self.folder.existing_spool(build, step)

    async def close(self) -> None:
        """Leaves; the session goes on."""
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)
        self._finish("You left it.")
        await self._wire.close()

    async def _read(self) -> None:
        why = "Its process has ended."
        try:
            while (message := await self._wire.receive()) is not None:
                if message["type"] == "bye":
                    why = str(message.get("reason", why))
                    break
                self._take(message)
        except WireError as error:
            why = f"{error}."
        self._finish(why)

    def _take(self, message: Message) -> None:
        match message["type"]:
            case "event":
                try:
                    event = from_record(message["event"])
                except KeyError:  # of a newer version
                    return
                self.state = fold(self.state, event)
                for callback in list(self._subscribers):
                    callback(event)
            case "synced":
                self._synced.set()
            case "answer":
                answer = self._answers.get(message.get("id", 0))
                if answer is not None and not answer.done():
                    answer.set_result(message)

    def _finish(self, why: str) -> None:
        if not self.over.done():
            self.over.set_result(why)
        for answer in self._answers.values():
            if not answer.done():
                answer.set_result({"error": why})


def _against(answer: Message) -> str:
    """What an answer says against what was asked; empty: nothing."""
    return "" if answer.get("ok") else str(answer.get("error", ""))


class RemoteShell:
    """A shell in the instance of another process's build: satisfies `Shell`."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._over = False
        self._status = ExitStatus(None, lost=True)

    @classmethod
    async def open(cls, folder: SessionFolder, build: str, columns: int, rows: int) -> Self:
        """Opens it.

        Raises:
            NotReached: the process does not answer, or has no way into an instance.
        """
        wire = await _greeted(folder)
        wire.post("shell", build=build, columns=columns, rows=rows)
        try:
            message: Message | None = await wire.receive()
        except WireError as error:
            message = {"type": "bye", "reason": f"{error}."}
        if message is None or message["type"] != "opened":
            await wire.close()
            raise NotReached(str((message or {}).get("reason", "Its process has ended.")))
        return cls(wire)

    async def read(self) -> bytes:
        """The next output; empty once the shell has ended or its process is gone."""
        while not self._over:
            try:
                message = await self._wire.receive()
                if message is not None and message["type"] == "output":
                    return decoded(message.get("data"))
            except WireError:
                message = None
            self._over = True
            if message is not None and message["type"] == "ended":
                self._status = _status(message)
        return b""

    def write(self, data: bytes) -> None:
        """Sends keys."""
        self._post("keys", data=encoded(data))

    def resize(self, columns: int, rows: int) -> None:
        """Tells the guest the size of the terminal."""
        self._post("resize", columns=columns, rows=rows)

    async def close(self) -> ExitStatus:
        """Hangs up, if it still lives, and tells how it ended."""
        self._post("close")
        while await self.read():
            pass
        await self._wire.close()
        return self._status

    def _post(self, type_: str, **values: Any) -> None:
        if not self._over:
            try:
                self._wire.post(type_, **values)
            except WireError:
                self._over = True


def _status(message: Message) -> ExitStatus:
    status, text = message.get("status"), str(message.get("text", ""))
    if isinstance(status, int):
        return ExitStatus(status)
    if text.startswith("signal "):
        return ExitStatus(None, signal=text.removeprefix("signal "))
    return ExitStatus(None, lost=True)
