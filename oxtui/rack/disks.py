"""Contents of the simulated rack's disks, snapshots and images.

A disk is a stack of layers (folder trees): what it was made from, and one layer of its own on
top. A snapshot shares the layers below; an image shares a snapshot's. Where the isolation has no
overlays a disk is one full tree, and copies are made (reflinks where the file system has them).
A disk that was imported block by block, or linked as a block device, has its bytes in a sparse file.
It gets the form in which it is used: a tree when a machine boots from it, bytes for a device.
"""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from oxtui.rack import raw_disks
from oxtui.rack.disks_catalog import DiskCatalog, StoredObject
from oxtui.rack.guest import request as requests
from oxtui.rack.guest.bases import BASES, layer_name
from oxtui.rack.isolation.errors import RackMachineError
from oxtui.rack.isolation.guests import Guests
from oxtui.rack.layers import Layers, new_layer

LONGEST_STACK = 24
"""Layers of a disk after which they are merged: overlay's option string is one page."""


class Disks:
    """Disks, snapshots and images by id, below one folder of the rack's state."""

    def __init__(
        self, place: requests.Place, mode: requests.Mode, guests: Guests, catalog: DiskCatalog
    ) -> None:
        self._place = place
        self._mode = mode
        self._catalog = catalog
        self._layers = Layers(place, mode, guests, catalog)
        self._running: dict[str, str] = {}  # disk id -> id of the instance that runs from it

    async def install_base(self, image_id: str, base: str) -> None:
        """Makes an image of a base system; its files are written when they are first needed.

        Raises:
            ValueError: no such base.
        """
        if base not in BASES:
            raise ValueError(f"no base {base!r}; there are {', '.join(BASES)}")
        self._catalog.put(image_id, "tree", [layer_name(base)])

    async def create_blank(self, disk_id: str) -> None:
        """Makes an empty disk."""
        self._catalog.put(disk_id, "blank", [])

    async def create_from(self, disk_id: str, source_id: str) -> None:
        """Makes a disk with the contents of a snapshot or an image.

        Raises:
            RackMachineError: there is no such source, or it cannot be copied.
        """
        source = self._get(source_id)
        layers = source.layers
        if source.content == "raw":
            layers = (await self._layers.copy(source.layers[0], None),)
        elif source.content == "tree" and self._mode.layered:
            layers = (*source.layers, new_layer())
        elif source.content == "tree":
            await self._layers.install(source.layers[0])
            layers = (await self._layers.copy(source.layers[0], None),)
        self._catalog.put(disk_id, source.content, layers)

    async def snapshot(self, disk_id: str, snapshot_id: str) -> None:
        """Keeps the contents that a disk has now.

        Of a running machine's disk, what a crash at this moment would leave on it: files that it
        has not synced are empty in the snapshot.

        Raises:
            RackMachineError: there is no such disk, or it cannot be copied.
        """
        disk = self._get(disk_id)
        instance = self._running.get(disk_id)
        if disk.content == "blank":
            self._catalog.put(snapshot_id, "blank", [])
        elif disk.content == "raw" or not self._mode.layered:
            copy = await self._layers.copy(disk.layers[0], instance)
            self._catalog.put(snapshot_id, disk.content, [copy])
        elif instance is not None:
            *below, top = disk.layers
            self._catalog.put(snapshot_id, "tree", [*below, await self._layers.copy(top, instance)])
        else:
            await self._freeze(disk_id, disk, snapshot_id)

    async def publish(self, snapshot_id: str, image_id: str) -> None:
        """Makes an image of a snapshot; it stays whole when the snapshot is deleted.

        Raises:
            RackMachineError: there is no such snapshot.
        """
        snapshot = self._get(snapshot_id)
        self._catalog.put(image_id, snapshot.content, snapshot.layers)

    async def write_raw(self, disk_id: str, offset: int, data: bytes) -> None:
        """Writes bytes to a disk made by `create_blank`, at an offset in bytes.

        Raises:
            RackMachineError: there is no such disk, or it holds a file tree.
        """
        await asyncio.to_thread(raw_disks.write_at, self._raw(disk_id), offset, data)

    async def raw_file(self, disk_id: str, size: int) -> Path:
        """The file with the bytes of a disk that was made by `create_blank`, or of a copy of one, `size` bytes long.

        Raises:
            RackMachineError: there is no such disk, or it holds a file tree.
        """
        path = self._raw(disk_id)
        await asyncio.to_thread(raw_disks.lengthen, path, size)
        return path

    async def to_bytes(self, disk_id: str, size: int) -> None:
        """Turns the file tree of a disk, if it has one, into `size` bytes: one partition with a file system.

        The programs that instances share with the host are a small userland then, which is copied.

        Raises:
            RackMachineError: there is no such disk, a machine runs from it, or the file system cannot be made.
        """
        disk = self._get(disk_id)
        if disk_id in self._running:
            raise RackMachineError(f"disk {disk_id} is in use by a running machine")
        if disk.content == "tree":
            self._catalog.put(disk_id, "raw", [await self._layers.pack(disk.layers, size)])
            await self._layers.remove_dropped()

    async def bootable(self, object_id: str) -> bool:
        """Whether there is a file system to boot from on a disk, snapshot or image.

        One that is among bytes has to be mounted, which is for root.

        Raises:
            RackMachineError: there is no such object.
        """
        found = self._get(object_id)
        if found.content != "raw":
            return found.content == "tree"
        path = Path(self._place.raw(found.layers[0]))
        mounts = self._mode.namespace == "host" and os.geteuid() == 0
        return mounts and await asyncio.to_thread(raw_disks.holds_system, path)

    async def read_only_file(self, disk_id: str, size: int) -> Path:
        """The file with the bytes of a disk that nothing writes to, `size` bytes long.

        One with a file tree becomes an ext4 file system of it, without a partition table. What instances
        share of the host's programs is on no disk, and so not in there.

        Raises:
            RackMachineError: there is no such disk, or the file system cannot be made.
        """
        disk = self._get(disk_id)
        if disk.content != "tree":
            return await self.raw_file(disk_id, size)
        layers = disk.layers
        file = Path(self._place.raw(layers[-1]))
        if not file.exists():
            await self._layers.make_file_system(layers, size, str(file))
        return file

    def _raw(self, disk_id: str) -> Path:
        disk = self._get(disk_id)
        if disk.content == "tree":
            raise RackMachineError(f"disk {disk_id} was made from an image: no raw writes")
        layer = disk.layers[0] if disk.layers else new_layer()
        path = Path(self._place.raw(layer))
        if not disk.layers:
            path.parent.mkdir(parents=True)
            self._catalog.put(disk_id, "raw", [layer])
        return path

    async def delete(self, object_id: str) -> None:
        """Deletes a disk, snapshot or image; nothing happens when there is none.

        Raises:
            RackMachineError: a machine runs from the disk.
        """
        if object_id in self._running:
            raise RackMachineError(f"disk {object_id} is in use by a running machine")
        self._catalog.remove(object_id)
        await self._layers.remove_dropped()

    async def remove_strays(self) -> None:
        """Deletes layers that no object knows: what a killed rack was about to make."""
        await self._layers.remove_strays()

    async def attach(self, disk_id: str, instance_id: str) -> tuple[str, ...] | None:
        """Gets a disk ready to boot an instance from, and marks it as in use.

        Bytes become a tree. Returns its layers; None when there is no file system on it.

        Raises:
            RackMachineError: there is no such disk, or another machine runs from it.
        """
        disk = self._get(disk_id)
        if disk_id in self._running:
            raise RackMachineError(f"disk {disk_id} is in use by a running machine")
        self._running[disk_id] = instance_id
        try:
            if not await self.bootable(disk_id):
                return None
            layers = disk.layers
            if disk.content == "raw":
                layers = await self._unpack(disk_id, disk)
            elif len(layers) > LONGEST_STACK:
                layers = await self._merge(disk_id, disk)
            await self._layers.install(layers[0])
        except BaseException:
            self.detach(disk_id)
            raise
        return layers

    def detach(self, disk_id: str) -> None:
        """The machine of the disk is gone."""
        self._running.pop(disk_id, None)

    def _get(self, object_id: str) -> StoredObject:
        found = self._catalog.find(object_id)
        if found is None:
            raise RackMachineError(f"the rack holds no contents for {object_id}")
        return found

    async def _unpack(self, disk_id: str, disk: StoredObject) -> tuple[str, ...]:
        """Turns bytes into a tree, with what is on them below the disk's own layer."""
        whole = await self._layers.unpack(disk.layers[0])
        layers = (whole, new_layer()) if self._mode.layered else (whole,)
        self._catalog.put(disk_id, "tree", layers)
        await self._layers.remove_dropped()
        return layers

    async def _freeze(self, disk_id: str, disk: StoredObject, snapshot_id: str) -> None:
        """The disk's own layer becomes the snapshot's, and the disk gets a new one."""
        *below, top = disk.layers
        if not self._layers.written(top):  # nothing was written to it yet
            self._catalog.put(snapshot_id, "tree", below)
            return
        # The disk first: a rack killed in between must not write on to the snapshot's layer.
        self._catalog.put(disk_id, "tree", [*disk.layers, new_layer()])
        self._catalog.put(snapshot_id, "tree", disk.layers)

    async def _merge(self, disk_id: str, disk: StoredObject) -> tuple[str, ...]:
        base, *middle, top = disk.layers
        merged = await self._layers.merge(base, middle)
        layers = (base, merged, top)
        self._catalog.put(disk_id, "tree", layers)
        await self._layers.remove_dropped()
        return layers
