"""Snapshots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from oxtui.rack.api import lists
from oxtui.rack.api.identity import identity
from oxtui.rack.parameters.common import InProject, OptionalProject
from oxtui.rack.parameters.disks import SnapshotCreate
from oxtui.rack.web.operation import Operation

if TYPE_CHECKING:
    from collections.abc import Iterable

    from oxtui.rack.rack import Rack
    from oxtui.rack.store.records import Snapshot
    from oxtui.rack.web.operation import Call


class SnapshotApi:
    """Operations on snapshots."""

    def __init__(self, rack: Rack) -> None:
        self._rack = rack

    def operations(self) -> Iterable[Operation]:
        """Return the operations."""
        snapshots, snapshot = "/v1/snapshots", "/v1/snapshots/{snapshot}"
        return (
            Operation("snapshot_list", "GET", snapshots, self.list),
            Operation("snapshot_create", "POST", snapshots, self.create, status=201),
            Operation("snapshot_view", "GET", snapshot, self.view),
            Operation("snapshot_delete", "DELETE", snapshot, self.delete, status=204),
        )

    async def list(self, call: Call) -> dict[str, Any]:
        """List a project's snapshots."""
        return lists.of_project(self._rack, call, self._rack.store.snapshots, _view)

    async def create(self, call: Call) -> dict[str, Any]:
        """Take a snapshot of a disk of the project."""
        project = self._rack.lookup.project(call.query(InProject).project)
        request = call.body(SnapshotCreate)
        disk = self._rack.lookup.disk_within(request.disk, project.id)
        return _view(await self._rack.storage.create_snapshot(disk, request))

    async def view(self, call: Call) -> dict[str, Any]:
        """Show a snapshot."""
        return _view(self._snapshot(call))

    async def delete(self, call: Call) -> None:
        """Delete a snapshot."""
        await self._rack.storage.delete_snapshot(self._snapshot(call))

    def _snapshot(self, call: Call) -> Snapshot:
        project = call.query(OptionalProject).project
        return self._rack.lookup.snapshot(call.name_or_id("snapshot"), project)


def _view(snapshot: Snapshot) -> dict[str, Any]:
    return {
        **identity(snapshot),
        "project_id": snapshot.project_id,
        "disk_id": snapshot.disk_id,
        "size": snapshot.size,
        "state": snapshot.state,
    }
