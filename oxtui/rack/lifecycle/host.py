"""What the rack needs of the thing that holds disks and runs machines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pathlib import Path

    from oxtui.rack.machines import Machine, MachineListener, MachineSpec


class DiskContents(Protocol):
    """The content of disks, snapshots and images, by their ids."""

    async def install_base(self, image_id: str, base: str) -> None:
        """Make an image of a base system that comes with the rack."""

    async def create_blank(self, disk_id: str) -> None:
        """Make an empty disk."""

    async def create_from(self, disk_id: str, source_id: str) -> None:
        """Make a disk with the content of a snapshot or an image."""

    async def snapshot(self, disk_id: str, snapshot_id: str) -> None:
        """Keep a disk's content as it is now, also while its machine runs."""

    async def publish(self, snapshot_id: str, image_id: str) -> None:
        """Make an image of a snapshot's content, which may be deleted afterwards."""

    async def write_raw(self, disk_id: str, offset: int, data: bytes) -> None:
        """Write bytes of an import at an offset."""

    async def raw_file(self, disk_id: str, size: int) -> Path:
        """Return the file with the bytes of a disk, `size` bytes long; RackMachineError if it has none."""

    async def read_only_file(self, disk_id: str, size: int) -> Path:
        """Return the file with the bytes of a disk that nothing writes to; of a tree, a file system made of it."""

    async def to_bytes(self, disk_id: str, size: int) -> None:
        """Turn the file tree of a disk, if it has one, into `size` bytes; RackMachineError if it is in use."""

    async def bootable(self, object_id: str) -> bool:
        """Return whether there is a file system to boot from on a disk, snapshot or image."""

    async def delete(self, object_id: str) -> None:
        """Remove an object's content, if it has any."""


class MachineHost(Protocol):
    """Runs machines."""

    @property
    def disks(self) -> DiskContents:
        """The contents that machines boot from."""

    async def start(self, spec: MachineSpec, listener: MachineListener) -> Machine:
        """Boot a machine; when cancelled, nothing of it is left."""
