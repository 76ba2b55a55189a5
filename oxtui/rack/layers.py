"""The layers that the disks of the simulated rack are made of: making, copying and deleting them."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections import Counter
from collections.abc import Sequence

from oxtui.rack.disks_catalog import DiskCatalog
from oxtui.rack.guest import request as requests
from oxtui.rack.guest.bases import BASES, layer_name
from oxtui.rack.isolation.guests import Guests

_BASES = {layer_name(base): base for base in BASES}


def new_layer() -> str:
    """A name that no layer has."""
    return secrets.token_hex(5)


class Layers:
    """Folders below a rack's state. What is made here belongs to whoever asked for it.

    Each of its methods raises RackMachineError where the guest process that does the work fails.
    """

    def __init__(
        self, place: requests.Place, mode: requests.Mode, guests: Guests, catalog: DiskCatalog
    ) -> None:
        self._place = place
        self._mode = mode
        self._guests = guests
        self._catalog = catalog
        self._base_locks = {layer: asyncio.Lock() for layer in _BASES}
        self._packing = asyncio.Lock()
        self._removing = asyncio.Lock()
        self._copied: Counter[str] = Counter()  # layers that are being copied right now

    def written(self, layer: str) -> bool:
        """Whether there is anything in it."""
        return os.path.isdir(self._place.layer(layer))

    async def install(self, layer: str) -> None:
        """Writes the files of a base that is used for the first time; any other layer is there."""
        if layer not in _BASES:
            return
        async with self._base_locks[layer]:
            if not self.written(layer):
                request = requests.Install(self._mode, self._place, _BASES[layer], layer)
                await self._guests.run(request)

    async def copy(self, layer: str, instance: str | None) -> str:
        """A copy; of a layer that an instance runs on, as a crash at this moment would leave it."""
        self._copied[layer] += 1
        try:
            target = new_layer()
            request = requests.Copy(self._mode, self._place, layer, target, instance)
            return await self._make(request, target)
        finally:
            self._copied[layer] -= 1

    async def merge(self, base: str, layers: Sequence[str]) -> str:
        """One layer in place of several above a base, lowest first."""
        target = new_layer()
        request = requests.Merge(self._mode, self._place, base, tuple(layers), target)
        return await self._make(request, target)

    async def pack(self, layers: Sequence[str], size: int) -> str:
        """A layer with the bytes of a disk, `size` many, that holds a tree of layers, lowest first.

        The bytes of a base alone are made once for all disks of that size.
        """
        stack = tuple(layer for layer in layers if layer in _BASES or self.written(layer))
        await self.install(stack[0])
        if len(stack) > 1 or stack[0] not in _BASES:
            return await self._pack(stack, size)
        async with self._packing:
            kept = f"{stack[0]}, {size} bytes"
            known = self._catalog.find(kept)
            packed = await self._pack(stack, size) if known is None else known.layers[0]
            self._catalog.put(kept, "raw", [packed])
        return await self.copy(packed, None)

    async def _pack(self, stack: tuple[str, ...], size: int) -> str:
        target = new_layer()
        file = self._place.raw(target)
        request = requests.MakeImage(self._mode, self._place, stack, size, file, whole=True)
        return await self._make(request, target)

    async def unpack(self, layer: str) -> str:
        """A layer with the whole system that is on the bytes of a disk."""
        target = new_layer()
        return await self._make(requests.Unpack(self._mode, self._place, layer, target), target)

    async def make_file_system(self, layers: tuple[str, ...], size: int, file: str) -> None:
        """Writes what the layers hold, lowest first, to a file that is a file system of `size` bytes."""
        await self.install(layers[0])
        request = requests.MakeImage(self._mode, self._place, layers, size, file)
        await self._guests.run(request)

    async def remove_dropped(self) -> None:
        """Deletes the files of layers that nothing uses; those being copied go the next time."""
        async with self._removing:
            layers = tuple(layer for layer in self._catalog.dropped() if not self._copied[layer])
            if layers:
                await self._guests.run(requests.Remove(self._mode, self._place, layers))
                self._catalog.deleted(layers)

    async def remove_strays(self) -> None:
        """Deletes layers that no object knows: what a killed rack was about to make."""
        known = self._catalog.layers() | set(_BASES)
        present = {entry.name for entry in os.scandir(f"{self._place.disks}/layers")}
        strays = tuple(sorted(present - known))
        if strays:
            await self._guests.run(requests.Remove(self._mode, self._place, strays))
        self._catalog.deleted(strays)
        await self.remove_dropped()

    async def _make(self, request: requests.Request, layer: str) -> str:
        """Has a request make a layer, and returns that."""
        try:
            await self._guests.run(request)
        except BaseException:
            self._catalog.drop(layer)
            raise
        return layer
