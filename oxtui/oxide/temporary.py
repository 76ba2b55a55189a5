"""Things on the rack that are to go again, whatever happens."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from oxtui.oxide.abandoned_import import delete_disk
from oxtui.oxide.client import OxideClient
from oxtui.oxide.errors import ApiError, InsufficientCapacity, NotFound, OxideError, TransportError
from oxtui.oxide.models.base import Resource
from oxtui.oxide.recorder import Handle, Recorder
from oxtui.oxide.shield import finished

ResourceT = TypeVar("ResourceT", bound=Resource)

GRACE_SECONDS = 30.0
"""How long a cancelled creation is waited for, to learn its id."""

REMOVE_SECONDS = 150.0
"""Bound of one removal: the rack may still be finalizing a disk."""


@dataclass(frozen=True, slots=True)
class Leftover:
    """What could not be removed. `id` is None when it is not known whether it exists."""

    noun: str
    name: str
    project: str
    id: str | None
    reason: str

    @property
    def command(self) -> str:
        """The command that removes it by hand."""
        if self.id is None:
            return f"oxide {self.noun} delete --project {self.project} --{self.noun} {self.name}"
        return f"oxide {self.noun} delete --{self.noun} {self.id}"


@dataclass(slots=True)
class _Made:
    noun: str
    name: str
    handle: Handle
    id: str | None = None


class Temporaries:
    """What an upload makes in a project, in the order in which it is removed.

    Args:
        client: The rack.
        project: Name or id.
        recorder: Told before and after.
    """

    def __init__(self, client: OxideClient, project: str, recorder: Recorder) -> None:
        self._client = client
        self._project = project
        self._recorder = recorder
        self._made: list[_Made] = []

    async def make(
        self, noun: str, name: str, create: Callable[[], Awaitable[ResourceT]]
    ) -> ResourceT:
        """Create something; a cancellation waits until its outcome is known."""
        made = _Made(noun, name, await self._recorder.intend(f"oxide.{noun}", name, self._project))
        self._made.append(made)

        async def making() -> ResourceT:
            resource = await create()
            made.id = resource.id
            await made.handle.created(resource.id)
            return resource

        try:
            return await finished(making(), GRACE_SECONDS)
        except OxideError as error:
            if _proves_absence(error):
                self._made.remove(made)
                await made.handle.deleted()
            raise

    async def keep(self, resource: Resource) -> None:
        """It is the result, and stays."""
        made = next(made for made in self._made if made.id == resource.id)
        self._made.remove(made)
        await made.handle.released()

    async def remove(self) -> tuple[Leftover, ...]:
        """Remove all, each even if another cannot be; a cancellation waits for it."""
        seconds = REMOVE_SECONDS * (len(self._made) + 1)
        return await finished(self._remove_all(), seconds)

    async def _remove_all(self) -> tuple[Leftover, ...]:
        left = []
        for made in self._made:
            reason = ""
            try:
                async with asyncio.timeout(REMOVE_SECONDS):
                    await self._remove(made)
            except OxideError as error:
                reason = str(error)
            except TimeoutError:
                reason = f"the rack did not finish within {REMOVE_SECONDS:g} s"
            if reason:
                await made.handle.left(reason)
                left.append(Leftover(made.noun, made.name, self._project, made.id, reason))
        return tuple(left)

    async def _remove(self, made: _Made) -> None:
        try:
            if made.id is None:
                made.id = (await self._view(made)).id
            await self._delete(made.noun, made.id)
        except NotFound:
            made.id = None
        await made.handle.deleted()

    async def _view(self, made: _Made) -> Resource:
        if made.noun == "disk":
            return await self._client.disks.view(made.name, self._project)
        if made.noun == "snapshot":
            return await self._client.snapshots.view(made.name, self._project)
        return await self._client.images.view(made.name, self._project)

    async def _delete(self, noun: str, key: str) -> None:
        if noun == "disk":
            await delete_disk(self._client, key)
        elif noun == "snapshot":
            await self._client.snapshots.delete(key)
        else:
            await self._client.images.delete(key)


def _proves_absence(error: OxideError) -> bool:
    """True when the rack certainly made nothing."""
    if isinstance(error, TransportError):
        return not error.sent
    return isinstance(error, ApiError) and (
        error.status < 500 or isinstance(error, InsufficientCapacity)
    )
