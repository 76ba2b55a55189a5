"""Sweep: list and remove what dead sessions left behind."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

from oxtui.build.disposal import (
    SETTLE_SECONDS,
    Leftover,
    NotThereYet,
    leftover,
    remove,
    told_of,
)
from oxtui.build.journal import Journal
from oxtui.build.session import SessionBusy, SessionFolders
from oxtui.component.events import ResourceDeleted
from oxtui.component.resources import (
    Connect,
    Kinds,
    ResourceRecord,
    deletion_order,
    resource_kind,
    settles_at_once,
)

LOOK_SECONDS = 60.0
"""For connecting to one rack and looking there."""
REMOVE_SECONDS = 600.0
"""For all removals on one rack."""


@dataclass(frozen=True, slots=True)
class Swept:
    """What came of one removal."""

    leftover: Leftover
    removed: bool
    reason: str = ""
    """Why it is still there."""


def nothing_held(_: ResourceRecord) -> bool:
    """No checkpoint owns it."""
    return False


@dataclass(frozen=True, slots=True)
class Sweeper:
    """Lists and removes resources of sessions that no living process works on.

    Attributes:
        journal: knows the resources.
        folders: know which sessions live.
        connect: opens the service that holds a resource.
        kinds: resource kinds by name.
        held: what a checkpoint owns is not touched.
        now: the clock, in Unix seconds.
        settle: seconds after which a creation without an answer is no longer at work.
    """

    journal: Journal
    folders: SessionFolders
    connect: Connect
    kinds: Kinds = resource_kind
    held: Callable[[ResourceRecord], bool] = nothing_held
    now: Callable[[], float] = time.time
    settle: float = SETTLE_SECONDS
    look_seconds: float = field(default=LOOK_SECONDS, kw_only=True)
    remove_seconds: float = field(default=REMOVE_SECONDS, kw_only=True)

    async def plan(self, session: int | None = None, older_than: float = 0.0) -> list[Leftover]:
        """What dead sessions left, in the order of removal; each is looked for on its rack.

        What is certainly gone is closed in the journal and not listed.

        Args:
            session: only of this one.
            older_than: only what was intended at least so many seconds ago.

        Raises:
            JournalError: the journal cannot be read.
        """
        records = [
            record
            for record in await self._open(session)
            if self.now() - record.time >= older_than and not self.held(record)
        ]
        live = {n for n in {record.session for record in records} if self.folders.is_live(n)}
        found: list[Leftover] = []
        async with asyncio.TaskGroup() as group:
            for place in _places(record for record in records if record.session not in live):
                group.create_task(self._look_at(place, found))
        return sorted(found, key=lambda each: deletion_order(each.record, self.kinds))

    async def remove(
        self, leftovers: Sequence[Leftover], report: Callable[[Swept], None] | None = None
    ) -> list[Swept]:
        """Delete them, each even if another could not be; dependents first.

        Sessions are locked meanwhile; one that a process took up since the plan is not touched.

        Args:
            leftovers: of `plan`.
            report: told of each as it is done.
        """
        done: list[Swept] = []

        def tell(swept: Swept) -> None:
            done.append(swept)
            if report is not None:
                report(swept)

        with ExitStack() as locks:
            free: list[Leftover] = []
            busy = self._claim({each.record.session for each in leftovers}, locks)
            for each in leftovers:
                if each.record.session in busy:
                    tell(Swept(each, removed=False, reason=str(busy[each.record.session])))
                else:
                    free.append(each)
            wanted = {each.record.number: each for each in free}
            async with asyncio.TaskGroup() as group:
                for place in _places(each.record for each in free):
                    group.create_task(self._remove_at(place, wanted, tell))
        return done

    async def _open(self, session: int | None) -> list[ResourceRecord]:
        records = await self.journal.resources(session, states=("intended", "created", "left"))
        return [record for record in records if not record.released]

    def _claim(self, sessions: Iterable[int], locks: ExitStack) -> dict[int, SessionBusy]:
        busy: dict[int, SessionBusy] = {}
        for number in sessions:
            try:
                locks.enter_context(self.folders.claim(number))
            except SessionBusy as error:
                busy[number] = error
        return busy

    async def _look_at(self, place: list[ResourceRecord], found: list[Leftover]) -> None:
        """Look for all resources of one rack."""
        unseen = list(place)
        try:
            async with asyncio.timeout(self.look_seconds), self.connect(place[0]) as service:
                while unseen:
                    if (each := await self._look_for(service, unseen[0])) is not None:
                        found.append(each)
                    unseen.pop(0)
        except (
            Exception
        ) as error:  # whatever the service raises: what it holds is listed all the same
            reason = str(error) or f"the rack gave no answer within {self.look_seconds:.0f} s"
            found += [leftover(record, self.kinds, self.now(), reason) for record in unseen]

    async def _look_for(self, service: Any, record: ResourceRecord) -> Leftover | None:
        """None if it is gone."""
        try:
            kind = self.kinds(record.kind)
            known = await kind.find(service, record)
        except (
            Exception
        ) as error:  # whatever the service raises: the others are looked for all the same
            return leftover(record, self.kinds, self.now(), str(error) or type(error).__name__)
        if known is not None:
            if not record.id:
                await self.journal.identified(record.number, known)
                record = replace(record, id=known)
            return leftover(record, self.kinds, self.now(), exists=True)
        if self._settled(record):
            await self._gone(record, removed=False)
            return None
        reason = str(NotThereYet(kind, record))
        return leftover(record, self.kinds, self.now(), reason, exists=False)

    async def _remove_at(
        self,
        place: list[ResourceRecord],
        wanted: dict[int, Leftover],
        tell: Callable[[Swept], None],
    ) -> None:
        """Delete all resources of one rack."""
        clock = asyncio.get_running_loop().time
        end = clock() + self.remove_seconds
        todo = sorted(place, key=lambda record: deletion_order(record, self.kinds))
        try:
            async with self.connect(todo[0]) as service:
                while todo:
                    share = max(0.0, end - clock()) / len(todo)
                    reason = await self._remove_one(service, todo[0], share)
                    record = todo.pop(0)
                    tell(Swept(wanted[record.number], removed=not reason, reason=reason))
        except Exception as error:  # whatever connecting raises: it is told of each resource there
            for record in todo:
                reason = str(error) or type(error).__name__
                tell(Swept(wanted[record.number], removed=False, reason=reason))

    async def _remove_one(self, service: Any, record: ResourceRecord, seconds: float) -> str:
        """Why it is still there; empty if it is gone."""
        done = await remove(
            self.kinds,
            lambda _: nullcontext(service),
            record,
            settled=self._settled(record),
            seconds=seconds,
            found=self.journal.identified,
        )
        record = done.record
        if not done.reason:
            await self._gone(record, removed=done.was_there)
            return ""
        await self.journal.left(record.number, done.reason, kept=record.kept)
        left = leftover(record, self.kinds, self.now(), done.reason)
        self.journal.append(record.session, told_of(left, self.now()))
        return done.reason

    async def _gone(self, record: ResourceRecord, *, removed: bool) -> None:
        await self.journal.deleted(record.number)
        self.journal.append(
            record.session,
            ResourceDeleted(
                time=self.now(),
                build=record.build,
                resource=record.number,
                kind=record.kind,
                name=record.name,
                removed=removed,
            ),
        )
        if self.kinds(record.kind).is_machine:
            self.folders.folder(record.session).remove_key(record.build)

    def _settled(self, record: ResourceRecord) -> bool:
        late = self.now() - record.time >= self.settle
        return bool(record.id) or late or settles_at_once(record, self.kinds)


def _places(records: Iterable[ResourceRecord]) -> list[list[ResourceRecord]]:
    """The records by the service that holds them: provider, host, silo and user."""

    def place(record: ResourceRecord) -> tuple[str, ...]:
        where = record.locator
        host = "" if where.get("demo") else where.get("host", "")
        return (
            record.provider,
            host,
            *(where.get(key, "") for key in ("demo", "silo", "user", "profile")),
        )

    return [list(group) for _, group in groupby(sorted(records, key=place), key=place)]
