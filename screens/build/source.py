"""What the Build screen draws from: a session that runs, or one that is replayed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from oxtui.build.changes.compare import Changes
from oxtui.build.history import History
from oxtui.build.state import SessionState
from oxtui.component.commands import Command
from oxtui.component.events import Event

ReadChanges = Callable[[SessionState, str], Awaitable[Changes | None]]
"""Reads what a build of a session changed in its image."""

SERIAL = "serial"
"""In place of a step's id: the instance's serial console."""


class SessionView(Protocol):
    """A session as its readers see it."""

    @property
    def state(self) -> SessionState:
        """How it stands."""

    def subscribe(self, callback: Callable[[Event], None]) -> Callable[[], None]:
        """Calls back for each event, on the event loop, when the state holds it; the result ends that."""

    async def command(self, command: Command) -> None:
        """Tell the builds what to do; a replay refuses all."""

    def spool(self, build: str, step: str) -> Path | None:
        """The file of a step's output (`serial`: the console's), None while there is none."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What an operator can do with a session beside following it; absent in a replay."""

    live: bool = True
    """It takes commands."""
    shell: Callable[[str], None] | None = None
    """Opens a shell in the instance of a build, or goes back to one that is open."""
    another_shell: Callable[[str], None] | None = None
    """Opens one more."""
    files: Callable[[str], None] | None = None
    """Shows the files of the instance of a build."""
    again: Callable[[], None] | None = None
    """Builds the template again."""
    edit: Callable[[str, str], Awaitable[Mapping[str, Any] | None]] | None = None
    """Lets the operator change a step (build, step); what changed, or None if nothing shall happen."""
    destination: Callable[[str, str], Awaitable[str]] | None = None
    """Where a step (build, step) sends files to; empty where it sends none."""
    packer: bool = False
    """Packer runs the builds, which cannot be steered as oxtui's own."""
    recall: Callable[[SessionState], Awaitable[History]] | None = None
    """How long the steps took in earlier runs of the same template."""
    changes: ReadChanges | None = None
    """What a build changed in its image, from the session's folder."""
    resumes: bool = False
    """The session is of this operator's journal, so it can be resumed where it was cut off."""
    no_export: str = ""
    """Why the session cannot be exported from here; empty if it can."""
