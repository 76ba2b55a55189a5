"""What goes on after a reply: volumes, snapshots and images reach the states they are made for."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING

from oxtui.rack.isolation.errors import RackMachineError
from oxtui.rack.outscale.vm_types import GIB
from oxtui.rack.timestamps import rfc3339

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Any

    from oxtui.rack.faults import Faults
    from oxtui.rack.latency import Latency
    from oxtui.rack.lifecycle.host import DiskContents
    from oxtui.rack.loop_devices import LoopDevices
    from oxtui.rack.outscale.store import Store
    from oxtui.rack.timestamps import Clock

_STEPS = (0, 25, 50, 75)
"""Percents that a snapshot shows on its way."""
_log = logging.getLogger(__name__)
_FAILED = "the rack was told to let this fail"


class Transitions:
    """An async context; at its end, what is not finished stays as it is."""

    def __init__(
        self,
        store: Store,
        contents: DiskContents,
        loop_devices: LoopDevices,
        faults: Faults,
        latency: Latency,
        clock: Clock,
    ) -> None:
        self._store = store
        self._contents = contents
        self._loop_devices = loop_devices
        self._faults = faults
        self._latency = latency
        self._clock = clock
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def __aenter__(self) -> Transitions:
        """Finish what an earlier rack had begun, and begin."""
        for volume in self._store.volumes.all():
            if volume.link_state == "attaching":
                self._store.volumes.update(volume.id, link_state="attached")
            elif volume.link_state == "detaching":
                self.unlink(volume.id)
        for snapshot in self._store.snapshots.all(state="pending"):
            self._store.snapshots.update(snapshot.id, state="completed", progress=100)
        for image in self._store.images.all(state="pending"):
            self._finish_image(image.id, failed=False)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    def volume_made(self, volume_id: str) -> None:
        """A volume has its content: it becomes available."""
        self._begin(volume_id, self._volume(volume_id))

    def snapshot_taken(self, snapshot_id: str) -> None:
        """A snapshot has its content: its progress grows, and it is completed."""
        self._store.snapshots.update(snapshot_id, state="pending")
        self._begin(snapshot_id, self._snapshot(snapshot_id))

    def image_recorded(self, image_id: str) -> None:
        """An image is recorded: it becomes available when its snapshots are completed."""
        self._begin(image_id, self._image(image_id))

    def link_made(self, volume_id: str) -> None:
        """A volume is being linked: it gets attached."""
        self._begin(volume_id, self._link(volume_id))

    def link_left(self, volume_id: str) -> None:
        """A volume is being unlinked: it gets available."""
        self._store.volumes.update(volume_id, link_state="detaching")
        self._begin(volume_id, self._unlink(volume_id))

    def unlink(self, volume_id: str) -> None:
        """Let a volume go at once."""
        self._store.volumes.update(
            volume_id,
            state="available",
            vm_id=None,
            device_name=None,
            link_state=None,
            time_linked=None,
            delete_on_vm_deletion=False,
        )

    def moment(self) -> str:
        """The present time as the API writes it."""
        return rfc3339(self._clock())

    def _begin(self, key: str, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks[key] = task
        task.add_done_callback(lambda done: self._forget(key, done))

    def _forget(self, key: str, done: asyncio.Task[None]) -> None:
        if self._tasks.get(key) is done:
            del self._tasks[key]

    def _fate(self, feature: str) -> str:
        fault = self._faults.of_feature(feature)
        return "" if fault is None else fault.effect

    async def _volume(self, volume_id: str) -> None:
        fate = self._fate("volume")
        await asyncio.sleep(self._latency.disk_create)
        volume = self._store.volumes.find(id=volume_id)
        if fate == "stuck" or volume is None:
            return
        if self._loop_devices.wanted and not fate:
            try:  # it takes longer than a client waits for the reply to LinkVolume
                await self._contents.to_bytes(volume_id, volume.size * GIB)
            except RackMachineError:
                _log.exception("volume %s cannot be a device", volume_id)
                fate = "failed"
        self._store.volumes.update(volume_id, state="error" if fate else "available")

    async def _link(self, volume_id: str) -> None:
        if self._fate("link") != "stuck":
            await asyncio.sleep(self._latency.write)
            if self._link_state(volume_id) == "attaching":
                self._store.volumes.update(volume_id, link_state="attached")

    async def _unlink(self, volume_id: str) -> None:
        if self._fate("unlink") != "stuck":
            await asyncio.sleep(self._latency.write)
            await self._loop_devices.detach(volume_id)
            if self._link_state(volume_id) == "detaching":
                self.unlink(volume_id)

    def _link_state(self, volume_id: str) -> str | None:
        volume = self._store.volumes.find(id=volume_id)
        return None if volume is None else volume.link_state

    async def _snapshot(self, snapshot_id: str) -> None:
        fate = self._fate("snapshot")
        for progress in _STEPS:
            with contextlib.suppress(KeyError):  # it was deleted
                self._store.snapshots.update(snapshot_id, progress=progress)
            await asyncio.sleep(self._latency.snapshot_create / len(_STEPS))
        if fate != "stuck" and self._store.snapshots.find(id=snapshot_id) is not None:
            done = {"state": "error"} if fate else {"state": "completed", "progress": 100}
            self._store.snapshots.update(snapshot_id, **done)

    async def _image(self, image_id: str) -> None:
        fate = self._fate("image")
        image = self._store.images.find(id=image_id)
        mapped = [] if image is None else [each["Bsu"] for each in image.mappings]
        snapshots = [bsu["SnapshotId"] for bsu in mapped if "SnapshotId" in bsu]
        await asyncio.gather(*(self._tasks[each] for each in snapshots if each in self._tasks))
        await asyncio.sleep(self._latency.image_create)
        if fate == "stuck" or self._store.images.find(id=image_id) is None:
            return
        states = {each.id: each.state for each in self._store.snapshots.all()}
        if all(states.get(each) != "pending" for each in snapshots):
            bad = any(states.get(each) != "completed" for each in snapshots)
            self._finish_image(image_id, failed=bad or fate == "failed")

    def _finish_image(self, image_id: str, *, failed: bool) -> None:
        done = {"state": "failed", "state_message": _FAILED} if failed else {"state": "available"}
        self._store.images.update(image_id, **done)
