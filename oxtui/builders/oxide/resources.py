"""The resource kinds of a rack: how each is found again and deleted (oxide-api part C)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, ClassVar

from oxtui.builders.oxide.locator import (
    command_line,
    confirm_absence,
    gibibytes,
    is_ours,
    parents,
)
from oxtui.builders.oxide.waiting import FIRST_POLL, LAST_POLL
from oxtui.component.resources import ResourceRecord, Verdict
from oxtui.oxide.client import OxideClient
from oxtui.oxide.errors import ApiError, NotFound, OxideError, TransportError
from oxtui.oxide.models.disk import Disk, DiskStateName
from oxtui.oxide.models.instance import DELETABLE_STATES, STOPPABLE_STATES, Instance
from oxtui.oxide.models.snapshot import Snapshot, SnapshotState

STATE_SECONDS = 600.0
"""How long a state is waited for; a guest may take minutes to stop."""


class NotReady(OxideError):
    """It did not get into a state in which it can be deleted."""


class OxideKind:
    """What all kinds have in common; `collection` is the client's attribute."""

    name: ClassVar[str]
    title: ClassVar[str]
    order: ClassVar[int]
    collection: ClassVar[str]
    is_machine: ClassVar[bool] = False
    at_once: ClassVar[bool] = False
    in_project: ClassVar[bool] = True

    def __init__(self, state_seconds: float = STATE_SECONDS) -> None:
        self._state_seconds = state_seconds

    async def find(self, service: OxideClient, record: ResourceRecord) -> str | None:
        """The id; None if the rack does not have it, or has another one of that name.

        Raises:
            OxideError: the rack gave no answer, or this token cannot see such a thing.
        """
        key = record.id or record.name
        try:
            view = await self._view(service, record, key)
        except NotFound:
            await confirm_absence(service, record, in_project=self.in_project)
            return None
        if not record.id and not is_ours(record, view):
            return None
        return str(view.id)

    async def delete(self, service: OxideClient, record: ResourceRecord) -> bool:
        """Bring it into a state that allows it, then delete it; False if it was gone already.

        Raises:
            OxideError: it is still there, or nobody knows.
        """
        try:
            await self._make_ready(service, record)
            await getattr(service, self.collection).delete(record.id)
        except NotFound:
            await confirm_absence(service, record, in_project=self.in_project)
            return False
        return True

    def verdict(self, error: BaseException) -> Verdict:
        """4xx and 507: the rack made nothing, or undid it. Other answers: one look settles it.

        A proxy's 502 or 504 is no answer of the rack.
        """
        match error:
            case TransportError():
                return "unknown" if error.sent else "absent"
            case ApiError():
                if 400 <= error.status < 500 or error.status == 507:
                    return "absent"
                return "unknown" if error.status in (502, 504) else "answered"
        return "unknown"

    def command(self, record: ResourceRecord) -> str:
        """The `oxide` command that deletes it."""
        return command_line(record, self.title, "delete", f"--{self.title}")

    def cost(self, record: ResourceRecord) -> str:
        """Storage of the silo's quota."""
        size = gibibytes(record, "size")
        return f"{size} of storage" if size else "storage"

    async def _view(self, service: OxideClient, record: ResourceRecord, key: str) -> Any:
        within = parents(record, key) if self.in_project else {}
        return await getattr(service, self.collection).view(key, **within)

    async def _make_ready(self, service: OxideClient, record: ResourceRecord) -> None:
        """Wait for, or ask for, a state in which it can be deleted."""

    async def _wait(
        self,
        service: OxideClient,
        record: ResourceRecord,
        ready: Callable[[Any], Awaitable[bool]],
    ) -> None:
        """Show `ready` how it stands, at growing distances, until that is content.

        Raises:
            NotReady: it took too long.
        """
        clock = asyncio.get_running_loop().time
        end = clock() + self._state_seconds
        pause = FIRST_POLL
        while not await ready(await self._view(service, record, record.id)):
            if clock() >= end:
                raise NotReady(
                    f'Cannot delete {self.title} "{record.name}": after {self._state_seconds:.0f} s '
                    "it is not in a state that allows it. Look at it on the rack, then try again."
                )
            await asyncio.sleep(pause)
            pause = min(LAST_POLL, pause * 1.5)


class ImageKind(OxideKind):
    """An image that a build did not get to hand over. A finished one is released, not deleted."""

    name = "oxide.image"
    title = "image"
    order = 10
    collection = "images"

    def cost(self, record: ResourceRecord) -> str:
        """Images cost no quota (oxide-api C3)."""
        return ""


class SnapshotKind(OxideKind):
    """The snapshot of the boot disk."""

    name = "oxide.snapshot"
    title = "snapshot"
    order = 20
    collection = "snapshots"

    async def _make_ready(self, service: OxideClient, record: ResourceRecord) -> None:
        async def ready(view: Snapshot) -> bool:
            return view.state != SnapshotState.CREATING

        await self._wait(service, record, ready)


class InstanceKind(OxideKind):
    """The temporary instance: stopped, waited for, deleted. Its disks stay, detached."""

    name = "oxide.instance"
    title = "instance"
    order = 30
    collection = "instances"
    is_machine = True

    def command(self, record: ResourceRecord) -> str:
        """Only a stopped instance can be deleted, so the command stops it first."""
        delete = super().command(record)
        if record.locator.get("demo"):
            return delete
        stop = command_line(record, "instance", "stop", "--instance")
        return f"{stop} && until {delete}; do sleep 5; done"

    def cost(self, record: ResourceRecord) -> str:
        """CPUs and memory count while it runs; its address is taken as long as it exists."""
        cpus, memory = record.locator.get("cpus", ""), gibibytes(record, "memory")
        parts = [f"{cpus} vCPU" if cpus else "", f"{memory} of memory" if memory else ""]
        running = " and ".join(part for part in parts if part) or "vCPUs and memory"
        return f"{running} while it runs, an external address"

    async def _make_ready(self, service: OxideClient, record: ResourceRecord) -> None:
        asked = False

        async def ready(view: Instance) -> bool:
            nonlocal asked
            if view.run_state in STOPPABLE_STATES - DELETABLE_STATES and not asked:
                await service.instances.stop(record.id)
                asked = True
            return view.run_state in DELETABLE_STATES

        await self._wait(service, record, ready)


class DiskKind(OxideKind):
    """A disk, also one whose import was broken off."""

    name = "oxide.disk"
    title = "disk"
    order = 40
    collection = "disks"

    async def _make_ready(self, service: OxideClient, record: ResourceRecord) -> None:
        async def ready(view: Disk) -> bool:
            match view.state.state:
                case DiskStateName.IMPORTING_FROM_BULK_WRITES:
                    await service.disks.bulk_write_stop(record.id)
                case DiskStateName.IMPORT_READY:
                    await service.disks.finalize(record.id)
                case DiskStateName.CREATING | DiskStateName.FINALIZING | DiskStateName.DETACHING:
                    pass
                case _:
                    return True
            return False

        await self._wait(service, record, ready)


class SshKeyKind(OxideKind):
    """The object of the temporary public key; it belongs to the user, not to a project."""

    name = "oxide.ssh_key"
    title = "SSH key"
    order = 50
    collection = "ssh_keys"
    in_project = False

    def command(self, record: ResourceRecord) -> str:
        """The `oxide` command that deletes it."""
        words = ("current-user", "ssh-key", "delete", "--ssh-key")
        return command_line(record, *words, in_project=False)

    def cost(self, record: ResourceRecord) -> str:
        """Nothing worth telling."""
        return ""
