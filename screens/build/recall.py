"""What the journal remembers of earlier runs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from oxtui.build.last_run import Durations
from oxtui.build.state import SessionState


def from_journal(folder: Path) -> Callable[[SessionState], Awaitable[Durations]]:
    """Reads the sessions kept in `folder`; a journal that cannot be read remembers nothing."""

    async def recall(state: SessionState) -> Durations:
        from oxtui.build.environment import journal_path
        from oxtui.build.journal import JournalError, JournalReader
        from oxtui.build.last_run import last_durations

        before = int(state.session) if state.session.isdecimal() else None
        try:
            async with JournalReader.open(journal_path(folder)) as reader:
                return await last_durations(reader, state.template, before)
        except JournalError:
            return {}  # a build is watched all the same, without its time left

    return recall
