"""The ledger of a build that goes on from where another process ended: what that made is its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from oxtui.build.disposal import SETTLE_SECONDS, Leftover, NotThereYet, find
from oxtui.build.ledger import KEPT, Ledger, Which, every
from oxtui.component.errors import StepError
from oxtui.component.resources import ResourceRecord, Services


class InheritingLedger(Ledger):
    """A build's ledger that also knows what the build made in processes before this one."""

    settle: float = SETTLE_SECONDS
    """Seconds after which a creation that got no answer is no longer at work."""

    def _settled(self, record: ResourceRecord) -> bool:
        return self._now() - record.time >= self.settle or super()._settled(record)

    async def existing(self, kind: str, name: str, service: Any) -> ResourceRecord | None:
        """What this build made of that kind and name, if it is there; with its id. Of several, the newest.

        What is certainly gone, or was never made, is closed in the journal.

        Raises:
            StepError: it was asked for, is not there, and may still appear.
            JournalError: the journal cannot be read.
            Exception: whatever the service raises.
        """
        for record in reversed(await self._ours(released=True)):
            if (record.kind, record.name) != (kind, name):
                continue
            settled = self._settled(record)
            try:
                known = await find(
                    self._kinds(kind), service, record, settled=settled, patience=self._patience
                )
            except NotThereYet as error:
                raise StepError(
                    f"{error} If it surely is not, --settle=0s takes it for never made."
                ) from error
            if known is None:
                await self._gone(record.number, kind, name, made=bool(record.id))
                continue
            if not record.id:
                await self._found(record.number, known)
                self._tell_created(record.number, kind, name, known)
            return replace(record, id=known)
        return None

    async def start_over(
        self,
        services: Services,
        what: str = "what is left of the first attempt",
        *,
        only: Which = every,
    ) -> None:
        """Deletes what this build made, or `only` some of it, whatever that was kept for.

        Raises:
            StepError: something of it is still there; its text begins with `what`.
        """
        if left := await self.clean(services, only=only):
            reasons = "; ".join(f"{each.record.name}: {each.reason}" for each in left)
            raise StepError(f"{what} cannot be removed: {reasons}")

    def has_machine(self, left: Iterable[Leftover]) -> bool:
        """Whether one can log in to something of it."""
        return any(self._kinds(each.record.kind).is_machine for each in left)

    async def take_up(self) -> None:
        """What was left by a process that ended, kept or not, is cleaned up as any other again.

        What was held, so that work is not lost, is held on.
        """
        for record in await self._ours():
            if record.state != "left":
                continue
            if record.kept and record.reason != KEPT:
                self._held[record.number] = record.reason
                continue
            await self._noted(self._journal.taken_up(record.number))
            if record.id:
                self._tell_created(record.number, record.kind, record.name, record.id)
