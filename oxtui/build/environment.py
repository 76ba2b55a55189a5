"""What sessions run in, opened from the operator's settings."""

from __future__ import annotations

import secrets
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from oxtui.build.checkpoints.digests import operator_key
from oxtui.build.connector import ServiceConnector, unheard
from oxtui.build.journal import Journal
from oxtui.build.known_secrets import known_secrets
from oxtui.build.session import SessionFolders
from oxtui.component.events import Event
from oxtui.component.providers import Place
from oxtui.logs.redact import Redactor
from oxtui.settings import Settings, private_folder
from oxtui.settings.sections import Checkpoints, Waits


@dataclass(frozen=True, slots=True)
class Environment:
    """What sessions run in; made once by the program and passed in."""

    journal: Journal
    folders: SessionFolders
    redactor: Redactor
    waits: Waits
    environ: Mapping[str, str]
    connected: Place | None = None
    """The service that the operator already works with."""
    ssh_port: int | None = None
    """Where a simulated rack's instances listen."""
    simulated: bool = False
    now: Callable[[], float] = time.time
    checkpoints: Checkpoints = field(default_factory=Checkpoints)
    data: Path | None = None
    """Where the operator's key for digests of secrets is; None: one for this process alone."""

    def connector(
        self, build: str = "", emit: Callable[[Event], None] = unheard
    ) -> ServiceConnector:
        """Opens clients of services; `emit` is told of every call, as one of that build."""
        return ServiceConnector(
            self.environ, self.connected, self.redactor.add, self.now, build, emit
        )

    def operator_key(self) -> bytes:
        """The key for digests of secrets.

        Raises:
            OSError: it can be neither read nor written.
        """
        return operator_key(self.data) if self.data is not None else secrets.token_bytes(32)


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
