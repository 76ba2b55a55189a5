"""Disks, and the import of blocks into them."""

from __future__ import annotations

import base64

from oxtui.oxide.calls import Call
from oxtui.oxide.models.base import Body
from oxtui.oxide.models.disk import BulkWrite, Disk, DiskCreate, DiskStateName, FinalizeDisk
from oxtui.oxide.resources.collection import ProjectCollection
from oxtui.oxide.settle import Change, settle
from oxtui.oxide.timing import Kind


class Disks(ProjectCollection[Disk]):
    """The disks of a project."""

    noun = "disk"
    operation = "disk"
    path = "/v1/disks"
    model = Disk

    async def create(self, body: DiskCreate, project: str) -> Disk:
        """Make a disk. The state in the answer is out of date: view the disk before acting on it."""
        return await self._create(body, body.name, {"project": project})

    async def delete(self, name_or_id: str, project: str | None = None) -> None:
        """Delete a disk that is detached or faulted."""
        await self._delete(name_or_id, self._parents(name_or_id, project))

    async def bulk_write_start(self, disk_id: str) -> None:
        """Begin an import: from `import_ready` to `importing_from_bulk_writes`."""
        call = self._import(disk_id, "bulk_write_import_start", "begin the import into")
        await self._switch(call, disk_id, {DiskStateName.IMPORTING_FROM_BULK_WRITES})

    async def bulk_write(self, disk_id: str, offset: int, data: bytes) -> None:
        """Write a chunk; any order, in parallel; the same chunk may be written again.

        Args:
            disk_id: A disk in `importing_from_bulk_writes`.
            offset: In bytes, a multiple of the block size.
            data: At most 512 KiB, whole blocks.
        """
        body = BulkWrite(offset=offset, base64_encoded_data=base64.b64encode(data).decode())
        call = self._call(
            "bulk_write_import",
            "write into",
            "POST",
            disk_id,
            {},
            Kind.CHUNK,
            action="/bulk-write",
            body=body,
        )
        await self._channel.fetch(call)

    async def bulk_write_stop(self, disk_id: str) -> None:
        """End the writes: back to `import_ready`."""
        call = self._import(disk_id, "bulk_write_import_stop", "end the import into")
        await self._switch(call, disk_id, {DiskStateName.IMPORT_READY})

    async def finalize(self, disk_id: str, snapshot_name: str | None = None) -> None:
        """Make an imported disk an ordinary one, with a snapshot of it if a name is given."""
        call = self._import(
            disk_id, "finalize_import", "finalize", FinalizeDisk(snapshot_name=snapshot_name)
        )
        await self._switch(call, disk_id, {DiskStateName.FINALIZING, DiskStateName.DETACHED})

    def _is_settled(self, resource: Disk) -> bool:
        return resource.state.state != DiskStateName.CREATING

    def _import(self, disk_id: str, suffix: str, verb: str, body: Body | None = None) -> Call:
        action = {
            "bulk_write_import_start": "/bulk-write-start",
            "bulk_write_import_stop": "/bulk-write-stop",
            "finalize_import": "/finalize",
        }[suffix]
        return self._call(suffix, verb, "POST", disk_id, {}, Kind.CAPTURE, action=action, body=body)

    async def _switch(self, call: Call, disk_id: str, after: set[DiskStateName]) -> None:
        """Ask for a change of state that is answered without a body."""

        async def send(attempt: int) -> bool:
            await self._channel.attempt(call, attempt)
            return True

        async def look() -> bool | None:
            return True if (await self.view(disk_id)).state.state in after else None

        await settle(Change(call.action, send, look), self._channel.timing)
