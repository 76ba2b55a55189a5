"""Reading the journal on a connection that cannot write, beside whoever writes it."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Self, TypeVar, get_args

from oxtui.build.journal.checkpoint_rows import (
    Checkpoint,
    StepParts,
    read_checkpoints,
    read_parts,
)
from oxtui.build.journal.errors import journal_error
from oxtui.build.journal.rows import (
    SessionRecord,
    StoredEvent,
    read_events,
    read_events_of,
    read_numbers,
    read_resources,
    read_sessions,
)
from oxtui.build.journal.schema import check_version
from oxtui.component.events import Event
from oxtui.component.resources import ResourcePhase, ResourceRecord

T = TypeVar("T")

ALL_PHASES: tuple[ResourcePhase, ...] = get_args(ResourcePhase)
BUSY_SECONDS = 10.0


class JournalReader:
    """Sessions, events and resources of a journal; an absent journal is an empty one.

    Every method raises JournalError where the file cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="journal reader")

    @classmethod
    @asynccontextmanager
    async def open(cls, path: Path) -> AsyncIterator[Self]:
        """A reader that is closed at the end of the block."""
        reader = cls(path)
        try:
            yield reader
        finally:
            await reader.close()

    async def close(self) -> None:
        """End the connection; whatever is being read ends first."""
        self._thread.submit(self._disconnect)
        ending = asyncio.get_running_loop().run_in_executor(None, self._thread.shutdown)
        await asyncio.shield(ending)

    async def sessions(self) -> list[SessionRecord]:
        """All sessions, oldest first."""
        return await self._read(lambda connection: read_sessions(connection, None))

    async def session(self, number: int) -> SessionRecord | None:
        """One session; None if the journal has no such."""
        found = await self._read(lambda connection: read_sessions(connection, number))
        return found[0] if found else None

    async def events(self, session: int, after: int = 0) -> list[StoredEvent]:
        """Events of a session behind the event of number `after`."""
        return await self._read(lambda connection: read_events(connection, session, after))

    async def numbers_of(self, template: str, before: int | None, limit: int) -> list[int]:
        """Numbers of the newest sessions of a template (below `before`), newest first."""
        return await self._read(
            lambda connection: read_numbers(connection, template, before, limit)
        )

    async def events_of(self, session: int, types: Collection[type[Event]]) -> list[StoredEvent]:
        """Events of a session that are of these types."""
        return await self._read(lambda connection: read_events_of(connection, session, types))

    async def resources(
        self, session: int | None = None, states: Collection[ResourcePhase] = ALL_PHASES
    ) -> list[ResourceRecord]:
        """Resources, of one session or of all, in the order of their intents."""
        return await self._read(lambda connection: read_resources(connection, session, states))

    async def checkpoints(self) -> list[Checkpoint]:
        """All checkpoints, oldest first."""
        return await self._read(read_checkpoints)

    async def step_parts(self, template: str, build: str) -> list[StepParts]:
        """What a build of a template was made of the last time, in the order of its steps."""
        return await self._read(lambda connection: read_parts(connection, template, build))

    async def _read(self, query: Callable[[sqlite3.Connection], list[T]]) -> list[T]:
        def work() -> list[T]:
            try:
                connection = self._connect()
                return [] if connection is None else query(connection)
            except sqlite3.Error as error:
                raise journal_error(self._path, "read", error, BUSY_SECONDS) from error

        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _connect(self) -> sqlite3.Connection | None:
        """The connection; None while there is no journal, or none with tables."""
        if self._connection is None:
            if not self._path.exists():
                return None
            connection = sqlite3.connect(
                f"{self._path.absolute().as_uri()}?mode=ro",
                uri=True,
                timeout=BUSY_SECONDS,
                isolation_level=None,
                check_same_thread=False,
            )
            try:
                version = check_version(connection, self._path)
            except BaseException:
                connection.close()
                raise
            if version == 0:
                connection.close()
                return None
            self._connection = connection
        return self._connection

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
