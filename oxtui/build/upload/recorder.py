"""What an upload makes, written into the journal before and after it is made."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, replace
from typing import Any

from oxtui.build.disposal import leftover
from oxtui.build.journal import Journal, JournalError
from oxtui.component.events import (
    Event,
    Noted,
    ResourceCreated,
    ResourceDeleted,
    ResourceIntended,
    ResourceLeft,
)
from oxtui.component.resources import ResourceRecord, resource_kind


@dataclass(frozen=True, slots=True)
class JournalRecorder:
    """Takes the intents of an upload; `sweep` finds from them what a killed process left.

    Attributes:
        journal: where they are written.
        session: its number in the journal.
        build: name of the upload.
        locate: where a thing of some kind is, in the journal's words; asked with `oxide.disk`.
        emit: takes the events of resources.
        now: the clock, in Unix seconds.
    """

    journal: Journal
    session: int
    build: str
    locate: Callable[[str], Mapping[str, str]]
    emit: Callable[[Event], None]
    now: Callable[[], float]

    async def intend(self, kind: str, name: str, project: str) -> JournalHandle:
        """Something is about to be created; `project` is part of what `locate` tells.

        Raises:
            JournalError: it cannot be written, so nothing must be created.
        """
        del project
        begun, place = self.now(), self.locate(kind)
        number = await self.journal.intend(self.session, self.build, kind, name, place)
        self.emit(
            ResourceIntended(time=begun, build=self.build, resource=number, kind=kind, name=name)
        )
        record = ResourceRecord(
            number=number, session=self.session, build=self.build, kind=kind, name=name,
            locator=place, time=begun,
        )  # fmt: skip
        return JournalHandle(self, record)


@dataclass(slots=True)
class JournalHandle:
    """One thing between its intent and its end.

    A failure to note the end is told but does not end the upload: `sweep` looks again anyway.
    """

    recorder: JournalRecorder
    record: ResourceRecord

    async def created(self, id: str) -> None:  # noqa: A002 (the field's own word)
        """It exists, under this id.

        Raises:
            JournalError: it cannot be written.
        """
        self.record = replace(self.record, id=id, state="created")
        await self.recorder.journal.created(self.record.number, id)
        self.recorder.emit(ResourceCreated(id=id, **self._facts()))

    async def deleted(self) -> None:
        """It is gone, or was never made."""
        await self._noted(self.recorder.journal.deleted(self.record.number))
        self.recorder.emit(ResourceDeleted(**self._facts()))

    async def released(self) -> None:
        """It is the operator's now: no sweep removes it."""
        await self._noted(self.recorder.journal.release(self.record.number))

    async def left(self, reason: str) -> None:
        """It could not be removed."""
        await self._noted(self.recorder.journal.left(self.record.number, reason))
        command = leftover(self.record, resource_kind, self.recorder.now()).command
        self.recorder.emit(ResourceLeft(reason=reason, command=command, **self._facts()))

    def _facts(self) -> dict[str, Any]:
        record = self.record
        return {
            "time": self.recorder.now(),
            "build": record.build,
            "resource": record.number,
            "kind": record.kind,
            "name": record.name,
        }

    async def _noted(self, writing: Coroutine[Any, Any, None]) -> None:
        try:
            await writing
        except JournalError as error:
            now, build = self.recorder.now(), self.record.build
            self.recorder.emit(Noted(time=now, build=build, text=str(error), level="warning"))
