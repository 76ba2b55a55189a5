"""What the journal remembers of earlier runs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from oxtui.build.history import NOTHING, History
from oxtui.build.state import SessionState


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
