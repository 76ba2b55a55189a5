"""Disks, snapshots and images: their records and contents, made and removed together.

The control plane does each of these as a saga inside the request: the record comes first, in state
"creating", then the content; if that fails, the record goes again.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from oxtui.rack.parameters.common import GIB
from oxtui.rack.parameters.disks import Blank, FromImage, FromSnapshot, ImportingBlocks, Local
from oxtui.rack.store.records import Disk, Image, Snapshot
from oxtui.rack.store.unique import unique_name
from oxtui.rack.web import errors

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from oxtui.rack.latency import Latency
    from oxtui.rack.lifecycle.host import DiskContents
    from oxtui.rack.parameters.common import Created
    from oxtui.rack.parameters.disks import DiskCreate, DiskSource
    from oxtui.rack.quota import Quota
    from oxtui.rack.store.database import Store
    from oxtui.rack.timestamps import Clock

LARGEST_DISK = 1023 * GIB
LOCAL_BLOCK_SIZE = 4096


class Storage:
    """The storage side of the control plane; every method may raise ApiError."""

    def __init__(
        self, store: Store, contents: DiskContents, quota: Quota, latency: Latency, clock: Clock
    ) -> None:
        self._store = store
        self._contents = contents
        self._quota = quota
        self._latency = latency
        self._clock = clock

    async def recover(self) -> None:
        """Remove what was half made when the last rack was killed."""
        for disk in self._store.disks.all(state="creating"):
            await self._contents.delete(disk.id)
            self._store.disks.delete(id=disk.id)
        for snapshot in self._store.snapshots.all(state="creating"):
            await self._contents.delete(snapshot.id)
            self._store.snapshots.delete(id=snapshot.id)
        for disk in self._store.disks.all(state="finalizing"):
            self._store.disks.update(disk.id, state="import_ready")

    def add_disk(self, request: DiskCreate, project_id: str) -> Disk:
        """Check a request for a disk and record it in state "creating"."""
        source = request.disk_backend
        content = None if isinstance(source, Local) else source.disk_source
        parent = self._parent(content, project_id)
        block_size = _block_size(content, parent)
        _check_size(request.size, block_size, local=content is None)
        read_only = isinstance(content, (FromImage, FromSnapshot)) and content.read_only
        if parent is not None:
            _check_fits(request.size, parent, read_only=read_only)
        disk = Disk(
            **request.identity(self._clock),
            project_id=project_id,
            size=request.size,
            block_size=block_size,
            disk_type="local" if content is None else "distributed",
            read_only=read_only,
            image_id=parent.id if isinstance(parent, Image) else None,
            snapshot_id=parent.id if isinstance(parent, Snapshot) else None,
            state="creating",
            instance_id=None,
        )
        with unique_name("disk", disk.name):
            self._quota.require_storage(disk.size)
            self._store.disks.insert(disk)
        return disk

    async def fill_disk(self, disk: Disk) -> None:
        """Make the content of a recorded disk."""
        await asyncio.sleep(self._latency.disk_create)
        image = self._store.images.find(id=disk.image_id)
        source = disk.snapshot_id if image is None else image.content_id
        if source is None:
            await self._contents.create_blank(disk.id)
        else:
            await self._contents.create_from(disk.id, source)

    async def create_disk(self, request: DiskCreate, project_id: str) -> Disk:
        """Make a disk; the record that is returned still says "creating", as the API's reply does."""
        with self._store.transaction():
            disk = self.add_disk(request, project_id)
        async with self._undone(disk.id, self._store.disks.delete):
            await self.fill_disk(disk)
            self._store.disks.update(disk.id, state=ready_state(request))
        return disk

    async def delete_disk(self, disk: Disk) -> None:
        """Delete a disk that is detached or faulted."""
        if disk.state not in ("detached", "faulted"):
            raise errors.invalid_request(f'disk cannot be deleted in state "{disk.state}"')
        self._store.disks.delete(id=disk.id)
        await self._contents.delete(disk.id)

    async def create_snapshot(self, disk: Disk, request: Created) -> Snapshot:
        """Take a snapshot of a disk, whatever its instance does."""
        if disk.disk_type == "local":
            raise errors.invalid_request("can't create a snapshot of a local storage disk")
        if disk.read_only:
            raise errors.invalid_request("can't create a snapshot of a read-only disk")
        if disk.state not in ("detached", "attached", "finalizing"):
            raise errors.invalid_request(
                f'can\'t create a snapshot of a disk in state "{disk.state}"'
            )
        snapshot = Snapshot(
            **request.identity(self._clock),
            project_id=disk.project_id,
            disk_id=disk.id,
            size=disk.size,
            block_size=disk.block_size,
            state="creating",
        )
        with self._store.transaction(), unique_name("snapshot", snapshot.name):
            self._quota.require_storage(snapshot.size)
            self._store.snapshots.insert(snapshot)
        async with self._undone(snapshot.id, self._store.snapshots.delete):
            await asyncio.sleep(self._latency.snapshot_create)
            await self._contents.snapshot(disk.id, snapshot.id)
            return self._store.snapshots.update(snapshot.id, state="ready")

    async def delete_snapshot(self, snapshot: Snapshot) -> None:
        """Delete a snapshot; images and disks that came from it stay."""
        if snapshot.state not in ("ready", "faulted"):
            raise errors.invalid_request(f'snapshot cannot be deleted in state "{snapshot.state}"')
        self._store.snapshots.delete(id=snapshot.id)
        await self._contents.delete(snapshot.id)

    async def create_image(self, image: Image, snapshot: Snapshot) -> Image:
        """Make an image of a snapshot's content."""
        kind = "silo-image" if image.project_id is None else "project-image"
        if self._store.images.find(name=image.name, project_id=image.project_id) is not None:
            raise errors.already_exists(kind, image.name)
        await asyncio.sleep(self._latency.image_create)
        await self._contents.publish(snapshot.id, image.id)
        try:
            with unique_name(kind, image.name):
                self._store.images.insert(image)
        except errors.ApiError:
            await self._contents.delete(image.id)
            raise
        return image

    async def delete_image(self, image: Image) -> None:
        """Delete an image; disks that were made from it stay."""
        self._store.images.delete(id=image.id)
        if self._store.images.find(content_id=image.content_id) is None:
            await self._contents.delete(image.content_id)

    def _parent(self, source: DiskSource | None, project_id: str) -> Image | Snapshot | None:
        if isinstance(source, FromImage):
            image = self._store.images.find(id=source.image_id)
            if image is None:
                raise errors.not_found_id("image", source.image_id)
            if image.project_id not in (None, project_id):
                raise errors.invalid_request("image does not belong to this project")
            return image
        if isinstance(source, FromSnapshot):
            snapshot = self._store.snapshots.find(id=source.snapshot_id)
            if snapshot is None:
                raise errors.not_found_id("snapshot", source.snapshot_id)
            if snapshot.project_id != project_id:
                raise errors.invalid_request("snapshot does not belong to this project")
            return snapshot
        return None

    @contextlib.asynccontextmanager
    async def _undone(self, object_id: str, forget: Callable[..., None]) -> AsyncIterator[None]:
        """Remove record and content if the block fails."""
        try:
            yield
        except BaseException:
            forget(id=object_id)
            await asyncio.shield(self._contents.delete(object_id))
            raise


def ready_state(request: DiskCreate) -> str:
    """Return the state in which a new disk ends."""
    backend = request.disk_backend
    importing = not isinstance(backend, Local) and isinstance(backend.disk_source, ImportingBlocks)
    return "import_ready" if importing else "detached"


def _block_size(source: DiskSource | None, parent: Image | Snapshot | None) -> int:
    if parent is not None:
        return parent.block_size
    return source.block_size if isinstance(source, (Blank, ImportingBlocks)) else LOCAL_BLOCK_SIZE


def _check_size(size: int, block_size: int, *, local: bool) -> None:
    if size % block_size:
        raise errors.invalid_value(
            "size and block_size", f"total size must be a multiple of block size {block_size}"
        )
    if size < GIB:
        raise errors.invalid_value("size", "total size must be at least 1 GiB")
    if size % GIB:
        raise errors.invalid_value("size", "total size must be a multiple of 1 GiB")
    if not local and size > LARGEST_DISK:
        raise errors.invalid_value("size", "total size must be less than 1023 GiB")


def _check_fits(size: int, parent: Image | Snapshot, *, read_only: bool) -> None:
    kind = "image" if isinstance(parent, Image) else "snapshot"
    if size < parent.size:
        raise errors.invalid_request(
            f"disk size {size} must be greater than or equal to {kind} size {parent.size}"
        )
    if read_only and size != parent.size:
        raise errors.invalid_request(
            f"read-only disk size {size} must be equal to {kind} size {parent.size}"
        )
