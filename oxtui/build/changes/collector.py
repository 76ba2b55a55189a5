"""Looks at the guest before the first provisioner and before it is sealed, and tells what changed.

It never fails a build: what could not be learned is said with its reason. The list of a fresh machine is
remembered by its source, so that only the first build from an image pays for it. Of its files nothing is listed:
those count whose inode changed (ctime, which no program can set back) after the first look by the guest's own
clock. So a file that was overwritten in place counts like a new one, and one whose mode or owner changed, too.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import replace
from importlib.resources import files
from typing import Literal

from oxtui.build.changes.compare import compare
from oxtui.build.changes.inventory import Inventory, read
from oxtui.build.changes.records import (
    Sources,
    before_file,
    changes_file,
    read_inventory,
    write,
)
from oxtui.build.services import Services
from oxtui.component.errors import StepError
from oxtui.component.events import ChangesCollected, StepPlan
from oxtui.component.protocols import Builder, Stream

BEFORE_LIMIT = 10.0
AFTER_LIMIT = 20.0
"""Seconds that a look may take in all."""
WALK_LIMIT = 2
WALK_MOST = 5
"""Seconds of these for the walk over the disks: two, and one more for each minute that the build took, up to five.
A hundred thousand files whose inodes are in the guest's memory take half a second; a walk that was cut off says so."""
LARGEST = 200
"""Files that are named."""
LONGEST = 8 << 20
"""Bytes of a list that are read."""
NO_FILES = (
    "The build went on from a machine that was provisioned before, so which files are new since the "
    "source is not known."
)
SHARED_NETWORK = {
    "ports": "Instances of a simulated rack share this machine's network, so their ports are not told."
}
Part = Literal["clock", "lists", "files"]
Moment = Literal["before", "after"]
Look = Callable[[ChangesCollected], Coroutine[None, None, ChangesCollected]]


class NotLearned(Exception):
    """The guest did not tell; the text says why."""


class Collector:
    """The looks at the guest of one build.

    Args:
        services: of the build.
        builder: whose guest it is.
        hide: masks secrets in a text.
        sources: what fresh machines hold.
        without: sections that would tell nothing here, each with the reason.
    """

    def __init__(
        self,
        services: Services,
        builder: Builder,
        hide: Callable[[str], str],
        sources: Sources,
        without: Mapping[str, str] | None = None,
    ) -> None:
        self._services = services
        self._builder = builder
        self._hide = hide
        self._sources = sources
        self._without = without
        self._begun = False
        self._since = 0.0
        """When the first provisioner began, in Unix seconds."""
        self._due = True
        """Whether the guest was provisioned since it was last looked at."""

    async def before(self, plan: StepPlan, *, fresh: bool) -> None:
        """The build comes to a step: before the first provisioner the guest is looked at.

        `fresh` tells that it holds nothing of what the build does: no step was reused.
        """
        if plan.kind != "provision" or not self._guest():
            return
        first, self._begun, self._due = not self._begun, True, True
        if first:
            self._since = self._services.now()
        if first and fresh:
            await self._look("before", self._look_before, BEFORE_LIMIT)

    async def after(self, plan: StepPlan, *, fresh: bool) -> bool:
        """A step is about to run: behind the provisioners the guest is looked at, once.

        Whether the operator ended the build meanwhile.
        """
        due = self._due and plan.kind in ("seal", "capture", "cleanup")
        if due and (self._begun or not fresh) and self._guest():
            self._due = False
            await self._look("after", self._look_after, AFTER_LIMIT)
        return self._services.control.end is not None

    def _guest(self) -> bool:
        return self._builder.makes_machine and self._builder.guest.communicator is not None

    async def _look(self, moment: Moment, look: Look, limit: float) -> None:
        """Looks within a time; the operator can end that with the build."""
        services = self._services
        begun = services.now()
        told = ChangesCollected(time=begun, build=services.build, moment=moment, seconds=0.0)
        task = asyncio.ensure_future(look(told))
        services.control.interrupt = task.cancel
        try:
            async with asyncio.timeout(limit):
                told = await task
        except asyncio.CancelledError:
            if services.control.end is None:
                raise
            return
        except TimeoutError:
            told = replace(told, reason=f"The guest did not answer within {limit:.0f} s.")
        except (NotLearned, StepError, OSError) as error:
            told = replace(told, reason=str(error))
        finally:
            services.control.interrupt = lambda: None
        now = services.now()
        services.emit(replace(told, time=now, seconds=now - begun))

    async def _look_before(self, told: ChangesCollected) -> ChangesCollected:
        source = self._builder.source
        path = before_file(self._services.folder, self._services.build)
        known = await asyncio.to_thread(self._sources.known, source) if source else None
        fresh = await self._list("clock" if known else "lists")
        if known is not None:
            fresh = replace(known, time=fresh.time)
        elif source and fresh.whole:
            await asyncio.to_thread(self._sources.remember, source, fresh)
        await asyncio.to_thread(write, path, fresh)
        return told

    async def _look_after(self, told: ChangesCollected) -> ChangesCollected:
        services, source = self._services, self._builder.source
        path = before_file(services.folder, services.build)
        before = await asyncio.to_thread(read_inventory, path)
        since = before.time if before is not None else 0
        if before is None and source:
            before = await asyncio.to_thread(self._sources.known, source)
        after = await self._list("files" if since else "lists", since)
        changes = compare(before, after, no_files=NO_FILES, without=self._without)
        await asyncio.to_thread(write, changes_file(services.folder, services.build), changes)
        size = changes.files.size if changes.files else 0
        return replace(told, counts=changes.counts, size=size)

    async def _list(self, part: Part, since: int = 0) -> Inventory:
        """Runs the script in the guest.

        Raises:
            NotLearned: it did not tell.
            StepError: the connection is gone.
        """
        taken = bytearray()

        def output(stream: Stream, data: bytes) -> None:
            if stream == "stdout" and len(taken) < LONGEST:
                taken.extend(data)

        minutes = int(self._services.now() - self._since) // 60 if self._begun else 0
        limit = min(WALK_LIMIT + minutes, WALK_MOST)
        status = await self._builder.guest.reach().run(
            f"sh -s -- {part} {since} {LARGEST} {limit}", output, stdin=script(), by_sh=True
        )
        inventory = read(self._hide(taken.decode("utf-8", "replace")))
        if inventory is None:
            raise NotLearned(f"The guest did not tell what it holds: {status}.")
        return inventory


def script() -> bytes:
    """What runs in the guest."""
    return (files("oxtui.build.changes") / "collect.sh").read_bytes()
