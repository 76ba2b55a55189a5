"""Disks, and the sources that their blocks come from."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from oxtui.oxide.models.base import Body, Model, Resource


class DiskStateName(StrEnum):
    """States of a disk."""

    CREATING = "creating"
    DETACHED = "detached"
    IMPORT_READY = "import_ready"
    IMPORTING_FROM_URL = "importing_from_url"
    IMPORTING_FROM_BULK_WRITES = "importing_from_bulk_writes"
    FINALIZING = "finalizing"
    MAINTENANCE = "maintenance"
    ATTACHING = "attaching"
    ATTACHED = "attached"
    DETACHING = "detaching"
    DESTROYED = "destroyed"
    FAULTED = "faulted"


DELETABLE_DISK_STATES = frozenset({DiskStateName.DETACHED, DiskStateName.FAULTED})
IMPORT_DISK_STATES = frozenset(
    {
        DiskStateName.IMPORT_READY,
        DiskStateName.IMPORTING_FROM_BULK_WRITES,
        DiskStateName.IMPORTING_FROM_URL,
        DiskStateName.FINALIZING,
    }
)


class DiskState(Model):
    """A state and, while it is attached or on its way, the id of the instance.

    A state that a newer rack invents is kept as plain text.
    """

    state: DiskStateName | str
    instance: str | None = None


class Disk(Resource):
    """A disk. `size` and `block_size` are bytes.

    The reply to a create says `creating` although the disk is ready: view it before acting on it.
    """

    size: int
    block_size: int
    disk_type: str
    read_only: bool = False
    device_path: str
    project_id: str
    image_id: str | None = None
    snapshot_id: str | None = None
    state: DiskState


class BlankBlocks(Body):
    """An empty disk. `block_size` in bytes: 512, 2048 or 4096."""

    type: Literal["blank"] = "blank"
    block_size: int = 512


class ImportedBlocks(Body):
    """A disk that takes bulk writes. `block_size` in bytes: 512, 2048 or 4096."""

    type: Literal["importing_blocks"] = "importing_blocks"
    block_size: int = 512


class BlocksOfImage(Body):
    """A copy of an image, by id."""

    type: Literal["image"] = "image"
    image_id: str
    read_only: bool = False


class BlocksOfSnapshot(Body):
    """A copy of a snapshot, by id."""

    type: Literal["snapshot"] = "snapshot"
    snapshot_id: str
    read_only: bool = False


DiskSource = Annotated[
    BlankBlocks | ImportedBlocks | BlocksOfImage | BlocksOfSnapshot, Field(discriminator="type")
]


class DistributedBackend(Body):
    """Blocks spread over the rack: the kind that can be snapshotted."""

    type: Literal["distributed"] = "distributed"
    disk_source: DiskSource


class LocalBackend(Body):
    """Blocks on one sled: fast, but without snapshots."""

    type: Literal["local"] = "local"


DiskBackend = Annotated[DistributedBackend | LocalBackend, Field(discriminator="type")]


class DiskCreate(Body):
    """A disk to be made. `size` in bytes: a multiple of 1 GiB."""

    name: str
    description: str = ""
    size: int
    disk_backend: DiskBackend


class BulkWrite(Body):
    """One chunk of an import. `offset` in bytes, a multiple of the block size."""

    offset: int
    base64_encoded_data: str


class FinalizeDisk(Body):
    """The end of an import; with a name, a snapshot is taken of the disk."""

    snapshot_name: str | None = None
