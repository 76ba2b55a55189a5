"""The ledger of one build: nothing is created that the journal does not know of before."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import replace
from typing import Any

from oxtui.build.disposal import SETTLE_SECONDS, Leftover, leftover, remove, told_of
from oxtui.build.intent import Intent
from oxtui.build.journal import Journal, JournalError
from oxtui.build.session import SessionFolder
from oxtui.build.shield import shielded
from oxtui.component.events import (
    Event,
    Noted,
    ResourceCreated,
    ResourceDeleted,
    ResourceIntended,
)
from oxtui.component.resources import (
    Connect,
    Kinds,
    ResourceRecord,
    Services,
    deletion_order,
    resource_kind,
    settles_at_once,
)

Which = Callable[[ResourceRecord], bool]

CLEAN_SECONDS = 600.0
"""For all deletions of a build together; a rack may take minutes to stop an instance."""
PATIENCE_SECONDS = 5.0
"""How long cleanup looks for what a creation without an answer may have made."""
KEPT = "kept on request"


def every(_: ResourceRecord) -> bool:
    """All resources."""
    return True


def none(_: ResourceRecord) -> bool:
    """No resource."""
    return False


class Ledger:
    """What one build made outside this process, and the way to be rid of it.

    Args:
        journal: where it is written down.
        session: its number in the journal.
        build: the build's name.
        emit: takes the events of resources.
        folder: of the session; the key of a machine that was kept goes with the machine.
        kinds: resource kinds by name.
        now: the clock, in Unix seconds.
        patience: seconds for which cleanup looks for what may appear late.
    """

    def __init__(
        self,
        journal: Journal,
        session: int,
        build: str,
        emit: Callable[[Event], None],
        *,
        folder: SessionFolder | None = None,
        kinds: Kinds = resource_kind,
        now: Callable[[], float] = time.time,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        self._journal = journal
        self._session = session
        self._build = build
        self._emit = emit
        self._folder = folder
        self._kinds = kinds
        self._now = now
        self._patience = patience
        self._answered: set[int] = set()
        self._held: dict[int, str] = {}
        self.elsewhere: Connect = lambda _: nullcontext()
        """Opens the service of a resource that none of those given for a cleanup holds."""
        self.leftovers: list[Leftover] = []
        """What the last `clean` or `leave` could not or should not remove."""

    @asynccontextmanager
    async def create(
        self, kind: str, name: str, locator: Mapping[str, str]
    ) -> AsyncIterator[Intent]:
        """Surround a creating call: its intent is on the disk before the block, its id after it.

        The block calls `intent.created(id)`, or runs the call through `intent.make`. If it raises,
        the error decides: when it proves that nothing was made the intent is closed, otherwise it
        stays, and cleanup looks for the resource by name.

        Raises:
            JournalError: the intent cannot be written and the block is not run, or the id cannot
                be written and cleanup will look for the resource by name.
            UnknownResourceKind: there is no such kind.
            RuntimeError: the block ended without an id.
        """
        self._kinds(kind)
        number = await self._journal.intend(self._session, self._build, kind, name, locator)
        self._emit(
            ResourceIntended(
                time=self._now(), build=self._build, resource=number, kind=kind, name=name
            )
        )
        intent = Intent(number)
        try:
            yield intent
            if not intent.id:
                raise RuntimeError(f'nobody told the id of the {kind} "{name}" that was created')
        except BaseException as error:
            await shielded(self._noted(self._close(intent, kind, name, intent.failure or error)))
            raise
        await shielded(self._close(intent, kind, name, None))

    async def release(self, number: int) -> None:
        """Hand a resource to the operator as the build's result: no cleanup removes it any more."""
        await self._journal.release(number)

    async def hold(self, number: int, reason: str) -> None:
        """Keep a resource from cleanup and, should this process end, from sweep, until `unhold`.

        Raises:
            JournalError: it cannot be written, so nothing must be done that relies on it.
        """
        await self._journal.left(number, reason, kept=True)
        self._held[number] = reason

    async def unhold(self, number: int) -> None:
        """A resource that was held is cleaned up as any other again."""
        if self._held.pop(number, None) is not None:
            await self._noted(self._journal.left(number, "no longer needed"))

    async def clean(
        self,
        services: Services,
        *,
        only: Which = every,
        keep: Which = none,
        seconds: float = CLEAN_SECONDS,
    ) -> list[Leftover]:
        """Delete what this build made, dependents first, each even if another could not be.

        A cancellation does not stop it; it is raised when all is done, and `leftovers` tells
        what the return value would have.

        Args:
            services: the connected service that holds a resource; None for one that is `elsewhere`.
            only: what this cleanup is about; the rest is not touched.
            keep: what the operator wants to stay; it is marked so, with the way to remove it.
            seconds: bound of the whole; each deletion gets an equal share of what remains.

        Returns:
            What still exists or may exist, with the commands that remove it.

        Raises:
            JournalError: the journal cannot be read.
        """
        return await shielded(self._clean(services, only, keep, seconds))

    async def leave(
        self, reason: str, *, only: Which = every, kept: bool = False
    ) -> list[Leftover]:
        """Delete nothing: mark what exists as left for this reason, and list it.

        `kept` says that the operator wants it: sweep then removes it only when told so.
        """
        return await shielded(self._leave(reason, only, kept))

    async def _close(
        self, intent: Intent, kind: str, name: str, error: BaseException | None
    ) -> None:
        if intent.id:
            await self._journal.created(intent.number, intent.id)
            self._tell_created(intent.number, kind, name, intent.id)
            return
        verdict = "unknown" if error is None else self._kinds(kind).verdict(error)
        if verdict == "absent":
            await self._gone(intent.number, kind, name, made=False)
        elif verdict == "answered":
            self._answered.add(intent.number)

    def _tell_created(self, number: int, kind: str, name: str, id: str) -> None:  # noqa: A002
        self._emit(
            ResourceCreated(
                time=self._now(), build=self._build, resource=number, kind=kind, name=name, id=id
            )
        )

    async def _clean(
        self, services: Services, only: Which, keep: Which, seconds: float
    ) -> list[Leftover]:
        clock = asyncio.get_running_loop().time
        end = clock() + seconds
        open_ = await self._open(only)
        kept = [record for record in open_ if keep(record) or record.number in self._held]
        doomed = [record for record in open_ if record not in kept]
        doomed.sort(key=lambda record: deletion_order(record, self._kinds))
        left = [await self._stays(record, KEPT, kept=True) for record in kept]
        for index, record in enumerate(doomed):
            share = max(0.0, end - clock()) / (len(doomed) - index)
            if (remains := await self._remove(services, record, share)) is not None:
                left.append(remains)
        self.leftovers = left
        return left

    async def _remove(
        self, services: Services, record: ResourceRecord, seconds: float
    ) -> Leftover | None:
        done = await remove(
            self._kinds,
            lambda record: self._holding(services, record),
            record,
            settled=self._settled(record),
            seconds=seconds,
            found=self._found,
            patience=self._patience,
        )
        record = done.record
        if done.reason:
            return await self._stays(record, done.reason)
        await self._gone(
            record.number, record.kind, record.name, made=bool(record.id), removed=done.was_there
        )
        if self._folder is not None and self._kinds(record.kind).is_machine:
            self._folder.remove_key(self._build)
        return None

    def _holding(
        self, services: Services, record: ResourceRecord
    ) -> AbstractAsyncContextManager[Any]:
        open_ = services(record)
        return self.elsewhere(record) if open_ is None else nullcontext(open_)

    async def _found(self, number: int, id: str) -> None:  # noqa: A002 (the field's own word)
        await self._noted(self._journal.identified(number, id))

    def _settled(self, record: ResourceRecord) -> bool:
        late = self._now() - record.time >= SETTLE_SECONDS
        return late or record.number in self._answered or settles_at_once(record, self._kinds)

    async def _leave(self, reason: str, only: Which, kept: bool) -> list[Leftover]:
        stay = sorted(
            await self._open(only), key=lambda record: deletion_order(record, self._kinds)
        )
        self.leftovers = [await self._stays(record, reason, kept) for record in stay]
        return self.leftovers

    async def _open(self, only: Which) -> Sequence[ResourceRecord]:
        return [record for record in await self._ours() if only(record)]

    async def _ours(self, *, released: bool = False) -> Sequence[ResourceRecord]:
        """What the journal knows of this build that may exist; with the operator's own if `released`."""
        records = await self._journal.resources(
            self._session, states=("intended", "created", "left")
        )
        return [
            record
            for record in records
            if record.build == self._build and (released or not record.released)
        ]

    async def _stays(self, record: ResourceRecord, reason: str, kept: bool = False) -> Leftover:
        if record.number in self._held:
            reason, kept = self._held[record.number], True
        await self._noted(self._journal.left(record.number, reason, kept=kept))
        record = replace(record, state="left", reason=reason, kept=kept)
        remains = leftover(record, self._kinds, self._now())
        self._emit(told_of(remains, self._now()))
        return remains

    async def _gone(
        self, number: int, kind: str, name: str, *, made: bool, removed: bool = False
    ) -> None:
        await self._noted(self._journal.deleted(number))
        self._emit(
            ResourceDeleted(
                time=self._now(),
                build=self._build,
                resource=number,
                kind=kind,
                name=name,
                made=made,
                removed=removed,
            )
        )

    async def _noted(self, writing: Coroutine[Any, Any, None]) -> None:
        """Write to the journal; cleanup goes on if it cannot be, for sweep looks again anyway."""
        try:
            await writing
        except JournalError as error:
            self._emit(Noted(time=self._now(), build=self._build, text=str(error), level="warning"))
