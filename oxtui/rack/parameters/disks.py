"""Bodies of disk and snapshot requests."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from oxtui.rack.parameters.common import ByteCount, Created
from oxtui.rack.web.names import Id, Name, NameOrId


def _block_size(value: Any) -> Any:
    if isinstance(value, int) and value not in (512, 2048, 4096):
        raise PydanticCustomError("block_size", "invalid block size")
    return value


BlockSize = Annotated[int, BeforeValidator(_block_size)]


class Blank(BaseModel):
    """An empty disk."""

    type: Literal["blank"]
    block_size: BlockSize


class FromSnapshot(BaseModel):
    """A disk with a snapshot's content."""

    type: Literal["snapshot"]
    snapshot_id: Id
    read_only: bool = False


class FromImage(BaseModel):
    """A disk with an image's content."""

    type: Literal["image"]
    image_id: Id
    read_only: bool = False


class ImportingBlocks(BaseModel):
    """A disk that waits for bulk writes."""

    type: Literal["importing_blocks"]
    block_size: BlockSize


DiskSource = Annotated[
    Blank | FromSnapshot | FromImage | ImportingBlocks, Field(discriminator="type")
]


class Local(BaseModel):
    """A disk on the sled of its instance."""

    type: Literal["local"]


class Distributed(BaseModel):
    """A disk that is spread over the rack."""

    type: Literal["distributed"]
    disk_source: DiskSource


class DiskCreate(Created):
    """The body of a disk's create."""

    size: ByteCount
    disk_backend: Annotated[Local | Distributed, Field(discriminator="type")]


class BulkWrite(BaseModel):
    """A piece of an import."""

    offset: ByteCount
    base64_encoded_data: str


class Finalize(BaseModel):
    """The end of an import, with a snapshot if it is to have one."""

    snapshot_name: Name | None = None


class SnapshotCreate(Created):
    """The body of a snapshot's create."""

    disk: NameOrId


class DiskPath(BaseModel):
    """A disk to attach or detach."""

    disk: NameOrId
