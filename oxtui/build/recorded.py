"""A session that is over, read from the journal: it looks as it did when it ran."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from oxtui.build.folding import died, fold
from oxtui.build.journal import Journal, JournalReader
from oxtui.build.session import SessionFolder, SessionFolders
from oxtui.build.state import SessionState
from oxtui.component.commands import Command
from oxtui.component.events import Event


class NoSuchSession(LookupError):
    """The journal has no session of that number."""

    def __init__(self, number: int) -> None:
        super().__init__(f"There is no session {number}; `oxtui sessions` lists those there are.")


@dataclass(slots=True)
class RecordedSession:
    """What was told of a session. It takes no commands: its process has ended."""

    folder: SessionFolder
    state: SessionState = field(default_factory=SessionState)

    def subscribe(self, callback: Callable[[Event], None]) -> Callable[[], None]:
        """Nothing will come any more."""
        return lambda: None

    async def command(self, command: Command) -> None:
        """Nobody is there to take it."""

    def spool(self, build: str, step: str) -> Path | None:
        """The file of a step's output (`serial`: the console's), if there is any."""
        return self.folder.existing_spool(build, step)


async def recorded_session(
    journal: Journal | JournalReader, folders: SessionFolders, number: int
) -> RecordedSession:
    """Reads a session back; the event loop is free meanwhile.

    Raises:
        NoSuchSession: the journal does not know it.
    """
    events = await recorded_events(journal, number)
    state = await asyncio.to_thread(_folded, events)
    if state.finished is None and not folders.is_live(number):
        state = died(state)
    return RecordedSession(folders.folder(number), state)


async def recorded_events(journal: Journal | JournalReader, number: int) -> list[Event]:
    """All events of a session.

    Raises:
        NoSuchSession: the journal does not know it.
    """
    if await journal.session(number) is None:
        raise NoSuchSession(number)
    return [stored.event for stored in await journal.events(number)]


def _folded(events: Iterable[Event]) -> SessionState:
    state = SessionState()
    for event in events:
        state = fold(state, event)
    return state
