"""What can go wrong with the journal, in words an operator can act on."""

from __future__ import annotations

import sqlite3
from pathlib import Path


class JournalError(Exception):
    """The journal cannot be read or written; nothing must be created while that is so."""


class SecretInName(JournalError):
    """A resource's name or place holds a secret value, so it cannot be written down."""

    def __init__(self, kind: str) -> None:
        super().__init__(
            f"The name or place of a {kind} holds a secret value, which the journal must not keep, "
            "and without it the resource could not be found again. Take the secret out of the name."
        )


def journal_error(path: Path, doing: str, error: sqlite3.Error, seconds: float) -> JournalError:
    """The error of SQLite with its place, cause and next step (https://sqlite.org/rescode.html).

    `doing` is a verb (`write`); `seconds` is how long a lock of another process was waited for.
    """
    code = getattr(error, "sqlite_errorcode", None)
    primary = None if code is None else code & 0xFF
    what = f"Cannot {doing} the journal {path}"
    match primary:
        case sqlite3.SQLITE_FULL:
            advice = "the disk is full. Free some space, then retry."
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            advice = (
                f"another process has held its lock for {seconds:g} s. "
                f"Find it (`fuser {path}`), let it end, then retry."
            )
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM | sqlite3.SQLITE_CANTOPEN:
            advice = (
                f"it cannot be opened for that ({error}). Check who owns {path.parent} and whether "
                "its file system is mounted read-only, or choose another folder with "
                "OXTUI_SESSIONS_DIR."
            )
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            advice = (
                f"it is damaged ({error}). Move it away to begin a new one; `sqlite3 {path} .recover` "
                "shows what it still knows of resources that may be left."
            )
        case _:
            advice = f"{error}. Check the file system of {path.parent}, then retry."
    return JournalError(f"{what}: {advice}")
