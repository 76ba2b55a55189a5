"""The disks of an instance beside its boot disk, as block devices of its machine while that runs."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from oxtui.rack.isolation.errors import RackMachineError
from oxtui.rack.loop_devices import LoopDevices, NoBytesError

if TYPE_CHECKING:
    from oxtui.rack.lifecycle.host import DiskContents
    from oxtui.rack.store.database import Store
    from oxtui.rack.store.records import Disk

_SERIAL_LENGTH = 20
"""Of NVMe serial numbers; the rack takes the beginning of the disk's name (omicron, instance_platform)."""
_log = logging.getLogger(__name__)


class OtherDisks:
    """Makes devices of them where that is `wanted`."""

    def __init__(self, store: Store, contents: DiskContents, *, wanted: bool) -> None:
        self._store = store
        self._loop_devices = LoopDevices(contents, wanted=wanted)
        self._used: dict[str, list[str]] = {}

    async def attach(self, instance_id: str, boot_disk: str) -> tuple[tuple[str, str], ...]:
        """Make them devices; return the path on this machine, "" for none, and the serial number of each.

        Raises RackMachineError if this machine refuses.
        """
        others = [
            disk for disk in self._store.disks.all(instance_id=instance_id) if disk.id != boot_disk
        ]
        return tuple(
            [(await self._device(instance_id, disk), disk.name[:_SERIAL_LENGTH]) for disk in others]
        )

    async def _device(self, instance_id: str, disk: Disk) -> str:
        self._used.setdefault(instance_id, []).append(disk.id)
        try:
            return await self._loop_devices.attach(disk.id, disk.size, read_only=disk.read_only)
        except NoBytesError:
            return ""

    async def detach(self, instance_id: str) -> None:
        """Take the devices of a machine that is off away."""
        for disk_id in self._used.pop(instance_id, ()):
            try:
                await self._loop_devices.detach(disk_id)
            except RackMachineError as error:
                _log.warning("disk %s: %s", disk_id, error)
