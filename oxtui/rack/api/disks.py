"""Disks and the import of blocks into them."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any

from oxtui.rack.api import lists
from oxtui.rack.api.identity import identity
from oxtui.rack.parameters.common import Created, InProject, OptionalProject
from oxtui.rack.parameters.disks import BulkWrite, DiskCreate, Finalize
from oxtui.rack.web import errors
from oxtui.rack.web.operation import Operation

if TYPE_CHECKING:
    from collections.abc import Iterable

    from oxtui.rack.rack import Rack
    from oxtui.rack.store.records import Disk
    from oxtui.rack.web.operation import Call

BULK_WRITE_LIMIT = 512 * 1024
_BULK_WRITE_BODY = 8 * 1024 * 1024


class DiskApi:
    """Operations on disks."""

    def __init__(self, rack: Rack) -> None:
        self._rack = rack

    def operations(self) -> Iterable[Operation]:
        """Return the operations."""
        disks, disk = "/v1/disks", "/v1/disks/{disk}"
        start, stop = disk + "/bulk-write-start", disk + "/bulk-write-stop"
        return (
            Operation("disk_list", "GET", disks, self.list),
            Operation("disk_create", "POST", disks, self.create, status=201),
            Operation("disk_view", "GET", disk, self.view),
            Operation("disk_delete", "DELETE", disk, self.delete, status=204),
            Operation("disk_bulk_write_import_start", "POST", start, self.start, status=204),
            Operation(
                "disk_bulk_write_import",
                "POST",
                disk + "/bulk-write",
                self.write,
                status=204,
                body_limit=_BULK_WRITE_BODY,
            ),
            Operation("disk_bulk_write_import_stop", "POST", stop, self.stop, status=204),
            Operation(
                "disk_finalize_import", "POST", disk + "/finalize", self.finalize, status=204
            ),
        )

    async def list(self, call: Call) -> dict[str, Any]:
        """List a project's disks."""
        return lists.of_project(self._rack, call, self._rack.store.disks, disk_view)

    async def create(self, call: Call) -> dict[str, Any]:
        """Make a disk."""
        project = self._rack.lookup.project(call.query(InProject).project)
        request = call.body(DiskCreate)
        return disk_view(await self._rack.storage.create_disk(request, project.id))

    async def view(self, call: Call) -> dict[str, Any]:
        """Show a disk."""
        return disk_view(self._disk(call))

    async def delete(self, call: Call) -> None:
        """Delete a disk."""
        await self._rack.storage.delete_disk(self._disk(call))

    async def start(self, call: Call) -> None:
        """Let bulk writes begin."""
        self._change(self._disk(call), "import_ready", "importing_from_bulk_writes")

    async def stop(self, call: Call) -> None:
        """Let bulk writes end."""
        self._change(self._disk(call), "importing_from_bulk_writes", "import_ready")

    async def write(self, call: Call) -> None:
        """Write a piece of an import."""
        disk = self._disk(call)
        request = call.body(BulkWrite)
        if disk.state != "importing_from_bulk_writes":
            raise errors.invalid_request(
                "cannot import blocks with a bulk write for disk in state " + _variant(disk.state)
            )
        try:
            data = base64.b64decode(request.base64_encoded_data, validate=True)
        except binascii.Error as error:
            raise errors.invalid_request(
                f"error base64 decoding base64_encoded_data: {error}"
            ) from None
        if len(data) > BULK_WRITE_LIMIT:
            raise errors.invalid_request(
                f"data len {len(data)} is larger than max len {BULK_WRITE_LIMIT}"
            )
        if request.offset % disk.block_size or len(data) % disk.block_size:
            raise errors.invalid_request(
                f"offset {request.offset} and data len {len(data)} must be multiples of "
                f"block size {disk.block_size}"
            )
        if request.offset + len(data) > disk.size:
            raise errors.invalid_request(
                f"write of {len(data)} bytes at offset {request.offset} is past the end of the disk"
            )
        await self._rack.host.disks.write_raw(disk.id, request.offset, data)

    async def finalize(self, call: Call) -> None:
        """End an import, and take a snapshot if one is named."""
        disk = self._disk(call)
        request = call.body(Finalize)
        if disk.state != "import_ready":
            raise errors.invalid_request(f"cannot finalize disk in state {_variant(disk.state)}")
        disks = self._rack.store.disks
        disk = disks.update(disk.id, state="finalizing")
        try:
            if request.snapshot_name is not None:
                snapshot = Created(
                    name=request.snapshot_name,
                    description=f"snapshot of finalized disk {disk.name}",
                )
                await self._rack.storage.create_snapshot(disk, snapshot)
        except BaseException:
            disks.update(disk.id, state="import_ready")
            raise
        disks.update(disk.id, state="detached")

    def _disk(self, call: Call) -> Disk:
        project = call.query(OptionalProject).project
        return self._rack.lookup.disk(call.name_or_id("disk"), project)

    def _change(self, disk: Disk, required: str, state: str) -> None:
        if disk.state != required:
            raise errors.invalid_request(
                f"cannot set disk in state {_variant(disk.state)} to {_variant(state)}"
            )
        self._rack.store.disks.update(disk.id, state=state)


def disk_view(disk: Disk) -> dict[str, Any]:
    """Return the API's view of a disk."""
    state: dict[str, str] = {"state": disk.state}
    if disk.state == "attached" and disk.instance_id is not None:
        state["instance"] = disk.instance_id
    return {
        **identity(disk),
        "project_id": disk.project_id,
        "size": disk.size,
        "block_size": disk.block_size,
        "disk_type": disk.disk_type,
        "read_only": disk.read_only,
        "device_path": f"/mnt/{disk.name}",
        "image_id": disk.image_id,
        "snapshot_id": disk.snapshot_id,
        "state": state,
    }


def _variant(state: str) -> str:
    # These messages print the state as the control plane's own type is spelled.
    return "".join(part.capitalize() for part in state.split("_"))
