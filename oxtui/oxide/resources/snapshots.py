"""Snapshots."""

from __future__ import annotations

from oxtui.oxide.models.snapshot import Snapshot, SnapshotCreate, SnapshotState
from oxtui.oxide.resources.collection import ProjectCollection
from oxtui.oxide.timing import Kind


class Snapshots(ProjectCollection[Snapshot]):
    """The snapshots of a project."""

    noun = "snapshot"
    operation = "snapshot"
    path = "/v1/snapshots"
    model = Snapshot
    making = Kind.CAPTURE

    async def create(self, body: SnapshotCreate, project: str) -> Snapshot:
        """Take a snapshot of a disk; it costs as much storage as the disk."""
        return await self._create(body, body.name, {"project": project})

    async def delete(self, name_or_id: str, project: str | None = None) -> None:
        """Delete a snapshot; images made from it stay."""
        await self._delete(name_or_id, self._parents(name_or_id, project))

    def _is_settled(self, resource: Snapshot) -> bool:
        return resource.state != SnapshotState.CREATING
