"""Snapshots of disks."""

from enum import StrEnum

from oxtui.oxide.models.base import Body, Resource


class SnapshotState(StrEnum):
    """States of a snapshot."""

    CREATING = "creating"
    READY = "ready"
    FAULTED = "faulted"
    DESTROYED = "destroyed"


class Snapshot(Resource):
    """A snapshot of a disk. `size` in bytes is the disk's, and counts against the quota."""

    disk_id: str
    project_id: str
    size: int
    state: SnapshotState | str


class SnapshotCreate(Body):
    """A snapshot to be taken of a disk, given by name or id."""

    name: str
    description: str = ""
    disk: str
