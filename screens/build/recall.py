"""What the journal remembers of earlier runs, and the session's folder of this one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from oxtui.build.changes.compare import Changes
from oxtui.build.history import NOTHING, History
from oxtui.build.state import SessionState
from screens.build.source import ReadChanges


def from_journal(folder: Path) -> Callable[[SessionState], Awaitable[History]]:
    """Reads the sessions kept in `folder`; a journal that cannot be read remembers nothing."""

    async def recall(state: SessionState) -> History:
        from oxtui.build.environment import journal_path
        from oxtui.build.history import history
        from oxtui.build.journal import JournalError, JournalReader

        before = int(state.session) if state.session.isdecimal() else None
        try:
            async with JournalReader.open(journal_path(folder)) as reader:
                return await history(reader, state.template, before)
        except JournalError:
            return NOTHING  # a build is watched all the same, without its time left

    return recall


def changes_in(folder: Path) -> ReadChanges:
    """Reads what a build of a session changed, of those kept in `folder`."""

    async def changes(state: SessionState, build: str) -> Changes | None:
        from oxtui.build.changes.records import changes_file, read_changes
        from oxtui.build.session import SessionFolders

        if not state.session.isdecimal():
            return None
        place = SessionFolders(folder).folder(int(state.session))
        return await asyncio.to_thread(read_changes, changes_file(place, build))

    return changes
