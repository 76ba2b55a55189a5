"""What sessions run in, opened from the operator's settings."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from oxtui.build.engine import Environment
from oxtui.build.journal import Journal
from oxtui.build.known_secrets import known_secrets
from oxtui.build.session import SessionFolders
from oxtui.component.providers import Place
from oxtui.logs.redact import Redactor
from oxtui.settings import Settings, private_folder


def journal_path(sessions: Path) -> Path:
    """The journal of all sessions, beside their folders."""
    return sessions / "journal.sqlite"


@asynccontextmanager
async def open_environment(
    settings: Settings,
    environ: Mapping[str, str],
    *,
    connected: Place | None = None,
    ssh_port: int | None = None,
    simulated: bool = False,
) -> AsyncIterator[Environment]:
    """The environment of sessions; `connected` is what the operator already works with.

    Raises:
        JournalError: the journal cannot be opened.
        OSError: the sessions folder cannot be made.
    """
    sessions = private_folder(settings.paths.sessions)
    redactor = Redactor(known_secrets(environ, connected))
    async with redactor.of_errors(), Journal.open(journal_path(sessions), redactor) as journal:
        yield Environment(
            journal=journal,
            folders=SessionFolders(sessions),
            redactor=redactor,
            waits=settings.waits,
            environ=environ,
            connected=connected,
            ssh_port=ssh_port,
            simulated=simulated,
            checkpoints=settings.checkpoints,
            data=settings.paths.data,
        )
