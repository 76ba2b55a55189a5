"""Which session is meant: its number, or `last`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxtui.cli.errors import USAGE, CommandError

if TYPE_CHECKING:
    from oxtui.build.journal import JournalReader


def session_number(text: str) -> int:
    """The type of an argument: a number; 0 stands for the last one."""
    if text == "last":
        return 0
    if not text.isdigit() or int(text) == 0:
        raise CommandError(
            f'"{text}" is no session: give its number, or `last`; `oxtui sessions` lists them',
            USAGE,
        )
    return int(text)


async def last_session(reader: JournalReader) -> int:
    """The number of the newest session.

    Raises:
        CommandError: there is none.
    """
    sessions = await reader.sessions()
    if not sessions:
        raise CommandError("There is no session yet. `oxtui demo` runs one on a simulated rack.")
    return sessions[-1].number
