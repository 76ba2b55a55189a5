"""How a session is named on the command line: by its number, as `last`, or where that can be as a bundle's file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from oxtui.cli.errors import USAGE, CommandError

if TYPE_CHECKING:
    from oxtui.build.journal import JournalReader

LAST = 0
"""Stands for the last session."""


def session_number(text: str) -> int:
    """The number that a word means.

    Raises:
        CommandError: it is none.
    """
    if text == "last":
        return LAST
    if not text.isdecimal() or int(text) == 0:
        raise CommandError(
            f'"{text}" is no session: give its number, or `last`; `oxtui sessions` lists them',
            USAGE,
        )
    return int(text)


def session_or_file(text: str) -> int | Path:
    """The same, or a bundle that is there.

    Raises:
        CommandError: it is neither.
    """
    if text == "last" or text.isdecimal():
        return session_number(text)
    path = Path(text)
    if not path.is_file():
        raise CommandError(
            f'"{text}" is no session and no file: give its number, or `last`, or a bundle; '
            "`oxtui sessions` lists the sessions",
            USAGE,
        )
    return path


async def last_session(reader: JournalReader) -> int:
    """The number of the last session.

    Raises:
        CommandError: there is none yet.
    """
    sessions = await reader.sessions()
    if not sessions:
        raise CommandError("There is no session yet. `oxtui demo` runs one on a simulated rack.")
    return sessions[-1].number
