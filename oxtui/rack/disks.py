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
import secrets
from collections import Counter
from pathlib import Path

from oxtui.rack import raw_disks
from oxtui.rack.disks_catalog import DiskCatalog, StoredObject
from oxtui.rack.guest import request as requests
from oxtui.rack.guest.bases import BASES, layer_name
from oxtui.rack.isolation.errors import RackMachineError
from oxtui.rack.isolation.guests import Guests

LONGEST_STACK = 24
"""Layers of a disk after which they are merged: overlay's option string is one page."""


class Disks:
    """Disks, snapshots and images by id, below one folder of the rack's state."""

    def __init__(
        self, place: requests.Place, mode: requests.Mode, guests: Guests, catalog: DiskCatalog
    ) -> None:
        self._place = place
        self._mode = mode
        self._guests = guests
        self._catalog = catalog
        self._running: dict[str, str] = {}  # disk id -> id of the instance that runs from it
        self._base_locks = {base: asyncio.Lock() for base in BASES}
        self._packing = asyncio.Lock()
        self._removing = asyncio.Lock()
        self._copied: Counter[str] = Counter()  # layers that are being copied right now

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
            layers = (await self._copy(source.layers[0], None),)
        elif source.content == "tree" and self._mode.layered:
            layers = (*source.layers, _new_layer())
        elif source.content == "tree":
            await self._install(source.layers[0])
            layers = (await self._copy(source.layers[0], None),)
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
            copy = await self._copy(disk.layers[0], instance)
            self._catalog.put(snapshot_id, disk.content, [copy])
        elif instance is not None:
            *below, top = disk.layers
            self._catalog.put(snapshot_id, "tree", [*below, await self._copy(top, instance)])
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
            self._catalog.put(disk_id, "raw", [await self._packed(disk, size)])
            await self.remove_dropped()

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
            await self._install(layers[0])
            await self._guests.run(
                requests.MakeImage(self._mode, self._place, layers, size, str(file))
            )
        return file

    def _raw(self, disk_id: str) -> Path:
        disk = self._get(disk_id)
        if disk.content == "tree":
            raise RackMachineError(f"disk {disk_id} was made from an image: no raw writes")
        layer = disk.layers[0] if disk.layers else _new_layer()
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
        await self.remove_dropped()

    async def remove_dropped(self) -> None:
        """Deletes the files of layers that nothing uses; those being copied go the next time."""
        async with self._removing:
            layers = tuple(layer for layer in self._catalog.dropped() if not self._copied[layer])
            if layers:
                await self._guests.run(requests.Remove(self._mode, self._place, layers))
                self._catalog.deleted(layers)

    async def remove_strays(self) -> None:
        """Deletes layers that no object knows: what a killed rack was about to make."""
        bases = {layer_name(base) for base in BASES}
        known = self._catalog.layers() | bases
        present = {entry.name for entry in os.scandir(f"{self._place.disks}/layers")}
        strays = tuple(sorted(present - known))
        if strays:
            await self._guests.run(requests.Remove(self._mode, self._place, strays))
        self._catalog.deleted(strays)
        await self.remove_dropped()

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
            await self._install(layers[0])
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

    async def _copy(self, layer: str, instance: str | None) -> str:
        self._copied[layer] += 1
        try:
            target = _new_layer()
            request = requests.Copy(self._mode, self._place, layer, target, instance)
            return await self._make(request, target)
        finally:
            self._copied[layer] -= 1

    async def _make(self, request: requests.Request, layer: str) -> str:
        """Has a request make a layer, and returns that."""
        try:
            await self._guests.run(request)
        except BaseException:
            self._catalog.drop(layer)
            raise
        return layer

    async def _packed(self, disk: StoredObject, size: int) -> str:
        """A layer of the disk's own with the bytes of its tree; those of a base are kept for the next disk of it."""
        layers = disk.layers
        if not os.path.isdir(self._place.layer(layers[-1])):  # nothing was written to it yet
            layers = layers[:-1]
        await self._install(layers[0])
        async with self._packing:
            kept = f"{layers[0]}, {size} bytes"
            known = self._catalog.find(kept) if len(layers) == 1 else None
            if known is None:
                packed = _new_layer()
                file = self._place.raw(packed)
                request = requests.MakeImage(
                    self._mode, self._place, layers, size, file, whole=True
                )
                await self._make(request, packed)
                if len(layers) > 1 or not _is_base(layers[0]):
                    return packed
                self._catalog.put(kept, "raw", [packed])
            else:
                (packed,) = known.layers
        return await self._copy(packed, None)

    async def _unpack(self, disk_id: str, disk: StoredObject) -> tuple[str, ...]:
        """Turns bytes into a tree, with what is on them below the disk's own layer."""
        whole = _new_layer()
        request = requests.Unpack(self._mode, self._place, disk.layers[0], whole)
        await self._make(request, whole)
        layers = (whole, _new_layer()) if self._mode.layered else (whole,)
        self._catalog.put(disk_id, "tree", layers)
        await self.remove_dropped()
        return layers

    async def _freeze(self, disk_id: str, disk: StoredObject, snapshot_id: str) -> None:
        """The disk's own layer becomes the snapshot's, and the disk gets a new one."""
        *below, top = disk.layers
        if not os.path.isdir(self._place.layer(top)):  # nothing was written to it yet
            self._catalog.put(snapshot_id, "tree", below)
            return
        # The disk first: a rack killed in between must not write on to the snapshot's layer.
        self._catalog.put(disk_id, "tree", [*disk.layers, _new_layer()])
        self._catalog.put(snapshot_id, "tree", disk.layers)

    async def _merge(self, disk_id: str, disk: StoredObject) -> tuple[str, ...]:
        base, *middle, top = disk.layers
        merged = _new_layer()
        await self._guests.run(requests.Merge(self._mode, self._place, base, tuple(middle), merged))
        layers = (base, merged, top)
        self._catalog.put(disk_id, "tree", layers)
        await self.remove_dropped()
        return layers

    async def _install(self, layer: str) -> None:
        """Writes the files of a base that is used for the first time."""
        base = next((name for name in BASES if layer_name(name) == layer), None)
        if base is None:
            return
        async with self._base_locks[base]:
            if not os.path.isdir(self._place.layer(layer)):
                await self._guests.run(requests.Install(self._mode, self._place, base, layer))


def _new_layer() -> str:
    return secrets.token_hex(5)


def _is_base(layer: str) -> bool:
    return layer in {layer_name(base) for base in BASES}
