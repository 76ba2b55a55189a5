"""A session of the journal that is to go on: whether it can, what it was given, and how far it had come."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Self

from oxtui.build.journal import Journal, JournalReader, SessionRecord
from oxtui.build.recorded import NoSuchSession, recorded_session
from oxtui.build.resume.given import Given, read_given
from oxtui.build.resume.resumption import Resumption, standing
from oxtui.build.session import SessionBusy, SessionFolder, SessionFolders
from oxtui.build.state import SessionState
from oxtui.logs.redact import MARK


class CannotResume(Exception):
    """A session cannot go on; the text says why, and what can be done instead."""


def why_not(record: SessionRecord, *, live: bool) -> str:
    """Why a session surely cannot go on, as a sentence; empty if it may. Looks at nothing but its record."""
    number = record.number
    if live:
        return f"Session {number} is at work; see it with `oxtui sessions show {number}`."
    if record.status == "succeeded":
        return f"Session {number} succeeded: there is nothing left to do."
    if not record.given:
        return (
            f"Session {number} cannot go on: it was no build of a template, packer ran it, or an oxtui that "
            "did not keep what that needs. Build the template again."
        )
    if record.made and not record.existing:
        return (
            f"What session {number} made was cleaned up, so there is nothing to go on with. Build "
            f"{record.template} again; -on-error=abort keeps the instance of a build that fails."
        )
    return ""


@dataclass(frozen=True, slots=True)
class Continued:
    """A session that can go on, as far as the journal tells."""

    record: SessionRecord
    given: Given
    state: SessionState
    folder: SessionFolder

    @classmethod
    async def read(
        cls, journal: Journal | JournalReader, folders: SessionFolders, number: int
    ) -> Self:
        """Reads it back.

        Raises:
            CannotResume: it is at work, it is done, or nothing of it is left.
            NoSuchSession: the journal does not know it.
        """
        record = await journal.session(number)
        if record is None:
            raise NoSuchSession(number)
        live = folders.is_live(number)
        if why := why_not(record, live=live):
            raise CannotResume(
                str(SessionBusy(number, folders.folder(number).pid())) if live else why
            )
        given = read_given(record.given)
        if given is None:
            raise CannotResume(
                f"Session {number} was begun by a newer oxtui; resume it with that one."
            )
        state = (await recorded_session(journal, folders, number)).state
        if why := why_not_its_builds(state, number, record.template):
            raise CannotResume(why)
        return cls(record, given, state, folders.folder(number))

    @property
    def number(self) -> int:
        """In the journal."""
        return self.record.number

    async def claimed(self, journal: Journal) -> SessionState:
        """How far it has come, read again now that nobody else can take it up.

        Raises:
            CannotResume: another process took it up meanwhile.
        """
        record = await journal.session(self.number)
        if record is None or (record.pid, record.status) != (self.record.pid, self.record.status):
            raise CannotResume(
                f"Session {self.number} was resumed by another process meanwhile; look at it first."
            )
        return self.state


def why_not_its_builds(state: SessionState, number: int, template: str) -> str:
    """Why a session cannot go on for all that is known of its builds, as a sentence; empty if it can."""
    builds = state.builds.values()
    if builds and all(standing(build) in ("over", "gone") for build in builds):
        return (
            f"What session {number} made was cleaned up, so there is nothing to go on with. "
            f"Build {template} again."
        )
    for build in builds:
        done = Resumption(build).done()
        for name, step in build.steps.items():
            if name not in done and MARK in json.dumps(dict(step.changes), default=str):
                return (
                    f'Step "{step.plan.title}" of build "{build.name}" was edited to hold a secret, '
                    "which is written down nowhere, so it cannot run again as it was. Build again, "
                    "with the secret in a sensitive variable."
                )
    return ""


def goes_on(state: SessionState, number: int, template: str) -> bool:
    """Whether another process can go on with a session that one ends just now, in that state."""
    builds = state.builds.values()
    made = [each for build in builds for each in build.resources.values()]
    if made and all(each.phase == "deleted" for each in made):
        return False
    steps = [each for build in builds for each in build.steps.values()]
    ran = [
        each for each in steps if each.plan.kind == "provision" and each.phase in ("done", "reused")
    ]
    if not made and not ran:
        return False  # such as a build that the preflight refused
    return not why_not_its_builds(state, number, template)
