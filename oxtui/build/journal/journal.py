"""The journal: sessions, their events, and every resource from before it is asked for."""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Protocol, Self

from oxtui.build.journal.checkpoint_rows import (
    Checkpoint,
    StepParts,
    StepRun,
    give_up_checkpoint,
    insert_checkpoint,
    write_parts,
)
from oxtui.build.journal.errors import SecretInName
from oxtui.build.journal.reader import ALL_PHASES, BUSY_SECONDS, JournalReader
from oxtui.build.journal.rows import SessionRecord, StoredEvent
from oxtui.build.journal.writer import Writer
from oxtui.component.debugger_events import SessionContinued
from oxtui.component.event_records import record
from oxtui.component.events import (
    ArtifactMade,
    Event,
    SessionFinished,
)
from oxtui.component.resources import ResourcePhase, ResourceRecord


class TextRedactor(Protocol):
    """Hides secret values."""

    def text(self, text: str, /) -> str:
        """`text` with every secret in it masked."""
        ...


class Journal:
    """One SQLite file for all sessions of an operator; several processes may have it open.

    Every text goes through the redactor before it is handed to the writing thread. Methods that
    wait raise JournalError when the file cannot be written.
    """

    def __init__(
        self,
        writer: Writer,
        reader: JournalReader,
        redactor: TextRedactor,
        now: Callable[[], float],
    ) -> None:
        self._writer = writer
        self._reader = reader
        self._redactor = redactor
        self._now = now

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        path: Path,
        redactor: TextRedactor,
        *,
        now: Callable[[], float] = time.time,
        busy_seconds: float = BUSY_SECONDS,
    ) -> AsyncIterator[Self]:
        """Open or make the journal; at the end of the block all that was appended is written.

        Args:
            path: the file; its folder is made where it is missing.
            redactor: hides secrets; it may learn more of them while the journal is open.
            now: the clock, in Unix seconds.
            busy_seconds: how long a lock of another process is waited for.

        Raises:
            JournalError: it cannot be opened, or a newer oxtui wrote it.
        """
        writer = Writer(path, busy_seconds)
        opened = writer.start()
        try:
            await asyncio.wrap_future(opened)
            async with JournalReader.open(path) as reader:
                yield cls(writer, reader, redactor, now)
        finally:
            stopping = asyncio.get_running_loop().run_in_executor(None, writer.stop)
            await asyncio.shield(stopping)

    async def begin_session(
        self,
        template: str,
        *,
        host: str = "",
        silo: str = "",
        simulated: bool = False,
        given: str = "",
    ) -> int:
        """Number of a new session of this process; `given` is what another one needs to continue it."""
        texts = (self._text(template), self._text(host), self._text(silo))
        values = (*texts, simulated, os.getpid(), self._now(), self._text(given))

        def work(connection: sqlite3.Connection) -> int:
            cursor = connection.execute(
                "INSERT INTO sessions (template, host, silo, simulated, pid, started, given)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                values,
            )
            return int(cursor.lastrowid or 0)

        number: int = await asyncio.wrap_future(self._writer.submit(work, durable=True))
        return number

    def append(self, session: int, event: Event) -> None:
        """Keep an event; it is written soon, in order, and surely once `flush` returned."""
        values = record(event)
        masked = {**self._masked(values), "type": values["type"]}
        text = json.dumps(masked, ensure_ascii=False)

        def work(connection: sqlite3.Connection) -> None:
            connection.execute(
                "INSERT INTO events (session, record) VALUES (?, ?)", (session, text)
            )
            if change := _summary(event, self._text):
                columns, values = change
                connection.execute(
                    f"UPDATE sessions SET {columns} WHERE number = ?",  # noqa: S608 (own text)
                    (*values, session),
                )

        self._writer.post(work)

    async def intend(
        self, session: int, build: str, kind: str, name: str, locator: Mapping[str, str]
    ) -> int:
        """Write down that something is about to be created; on the disk when this returns.

        Raises:
            SecretInName: name or locator hold a secret.
            JournalError: it cannot be written, so nothing must be created.
        """
        place = json.dumps(dict(locator), ensure_ascii=False)
        texts = (name, *locator.values())
        if any(self._text(text) != text for text in texts):
            raise SecretInName(kind)
        values = (session, self._text(build), kind, name, place, self._now())

        def work(connection: sqlite3.Connection) -> int:
            cursor = connection.execute(
                "INSERT INTO resources (session, build, kind, name, locator, time)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                values,
            )
            return int(cursor.lastrowid or 0)

        number: int = await asyncio.wrap_future(self._writer.submit(work, durable=True))
        return number

    async def created(self, number: int, id: str) -> None:  # noqa: A002 (the field's own word)
        """It exists, under this id."""
        await self._change(number, "state = 'created', id = ?", id)

    async def identified(self, number: int, id: str) -> None:  # noqa: A002 (the field's own word)
        """What was intended was found to exist, under this id."""
        await self._change(number, "state = iif(state = 'intended', 'created', state), id = ?", id)

    async def deleted(self, number: int) -> None:
        """It is gone, or was never made."""
        await self._change(number, "state = 'deleted', reason = '', kept = 0")

    async def left(self, number: int, reason: str, *, kept: bool = False) -> None:
        """It may still exist, because its removal failed or (`kept`) was not wanted."""
        await self._change(number, "state = 'left', reason = ?, kept = ?", self._text(reason), kept)

    async def taken_up(self, number: int) -> None:
        """What was left belongs to a build again, whose cleanup removes it."""
        await self._change(
            number, "state = iif(id = '', 'intended', 'created'), reason = '', kept = 0"
        )

    async def release(self, number: int) -> None:
        """It is the operator's from now on: no cleanup or sweep will touch it."""
        await self._change(number, "released = 1")

    async def last_event(self, session: int) -> int:
        """Number of the last event of a session that was appended before this was called; 0 if none was."""

        def work(connection: sqlite3.Connection) -> int:
            sql = "SELECT coalesce(max(number), 0) FROM events WHERE session = ?"
            return int(connection.execute(sql, (session,)).fetchone()[0])

        number: int = await asyncio.wrap_future(self._writer.submit(work))
        return number

    async def keep_checkpoint(self, made: Checkpoint) -> int:
        """Number of a new checkpoint; from now on its snapshot is no build's and no sweep's to remove."""
        texts = ("name", "build", "template", "title", "own")
        clean = {name: self._text(getattr(made, name)) for name in texts}
        runs = tuple(StepRun(r.step, self._text(r.title), r.seconds, r.ran) for r in made.runs)
        row = replace(made, **clean, runs=runs)  # type: ignore[arg-type]
        work = partial(insert_checkpoint, made=row)
        number: int = await asyncio.wrap_future(self._writer.submit(work, durable=True))
        return number

    async def use_checkpoint(self, number: int) -> None:
        """A build begins from it now."""
        values = (self._now(), number)

        def work(connection: sqlite3.Connection) -> None:
            connection.execute("UPDATE checkpoints SET used = ? WHERE number = ?", values)

        await asyncio.wrap_future(self._writer.submit(work))

    async def give_up_checkpoint(self, number: int, reason: str) -> None:
        """It is none any more; its snapshot is listed by sweep until it is gone."""
        work = partial(give_up_checkpoint, number=number, reason=self._text(reason))
        await asyncio.wrap_future(self._writer.submit(work, durable=True))

    async def keep_step_parts(self, template: str, build: str, steps: Sequence[StepParts]) -> None:
        """What a build of a template is made of this time: digests alone, and what they are of."""
        known = [
            StepParts(each.step, {self._text(name): value for name, value in each.parts.items()})
            for each in steps
        ]
        names = (self._text(template), self._text(build))
        work = partial(write_parts, template=names[0], build=names[1], steps=known)
        await asyncio.wrap_future(self._writer.submit(work))

    async def checkpoints(self) -> list[Checkpoint]:
        """All checkpoints, oldest first."""
        return await self._reader.checkpoints()

    async def step_parts(self, template: str, build: str) -> list[StepParts]:
        """What a build of a template was made of the last time, in the order of its steps."""
        return await self._reader.step_parts(self._text(template), self._text(build))

    async def flush(self) -> None:
        """Wait until everything that was appended is written."""
        await asyncio.wrap_future(self._writer.submit(lambda _: None))

    async def sessions(self) -> list[SessionRecord]:
        """All sessions, oldest first."""
        return await self._reader.sessions()

    async def session(self, number: int) -> SessionRecord | None:
        """One session; None if the journal has no such."""
        return await self._reader.session(number)

    async def events(self, session: int, after: int = 0) -> list[StoredEvent]:
        """Events of a session behind the event of number `after`."""
        return await self._reader.events(session, after)

    async def numbers_of(self, template: str, before: int | None, limit: int) -> list[int]:
        """Numbers of the newest sessions of a template (below `before`), newest first."""
        return await self._reader.numbers_of(template, before, limit)

    async def events_of(self, session: int, types: Collection[type[Event]]) -> list[StoredEvent]:
        """Events of a session that are of these types."""
        return await self._reader.events_of(session, types)

    async def resources(
        self, session: int | None = None, states: Collection[ResourcePhase] = ALL_PHASES
    ) -> list[ResourceRecord]:
        """Resources, of one session or of all, in the order of their intents."""
        return await self._reader.resources(session, states)

    async def _change(self, number: int, columns: str, *values: object) -> None:
        def work(connection: sqlite3.Connection) -> None:
            cursor = connection.execute(
                f"UPDATE resources SET {columns} WHERE number = ?",  # noqa: S608 (own text)
                (*values, number),
            )
            if cursor.rowcount == 0:
                raise LookupError(f"the journal has no resource {number}")

        await asyncio.wrap_future(self._writer.submit(work))

    def _text(self, value: str) -> str:
        return self._redactor.text(value)

    def _masked(self, value: Any) -> Any:
        match value:
            case str():
                return self._text(value)
            case dict():
                return {key: self._masked(item) for key, item in value.items()}
            case list() | tuple():
                return [self._masked(item) for item in value]
        return value


def _summary(event: Event, text: Callable[[str], str]) -> tuple[str, tuple[object, ...]] | None:
    """What an event changes in its session's row: SQL assignments and their values."""
    match event:
        case SessionFinished():
            return "finished = ?, status = ?", (event.time, event.status)
        case SessionContinued():
            return "finished = NULL, status = '', pid = ?", (event.pid,)
        case ArtifactMade() if event.name:
            # A session that was continued tells of its results once more.
            made = (
                "image = iif(instr(', ' || image || ', ', ', ' || ? || ', '), image,"
                " ltrim(image || ', ' || ?, ', '))"
            )
            return made, (text(event.name), text(event.name))
    return None
