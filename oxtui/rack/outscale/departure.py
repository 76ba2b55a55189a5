"""What a VM leaves behind when it stops or is terminated."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from oxtui.rack.lifecycle.host import DiskContents
    from oxtui.rack.loop_devices import LoopDevices
    from oxtui.rack.outscale.store import Store
    from oxtui.rack.outscale.transitions import Transitions
    from oxtui.rack.outscale.ways_in import WaysIn


class Departure:
    """Lets go of what a VM held."""

    def __init__(
        self,
        store: Store,
        contents: DiskContents,
        loop_devices: LoopDevices,
        transitions: Transitions,
        ways_in: WaysIn,
    ) -> None:
        self._store = store
        self._loop_devices = loop_devices
        self._contents = contents
        self._transitions = transitions
        self._ways_in = ways_in

    async def stopped(self, vm_id: str, state: str, reason: str) -> None:
        """A VM is off: its public addresses are no longer its own (the API's default)."""
        await self._ways_in.leave(vm_id)
        self._store.vms.update(vm_id, state=state, state_reason=reason)

    async def terminate(self, vm_id: str) -> None:
        """A VM is gone: volumes that were to go with it are deleted, the others become available."""
        await self._ways_in.leave(vm_id)
        for volume in self._store.volumes.all(vm_id=vm_id):
            await self._loop_devices.detach(volume.id)
            if volume.delete_on_vm_deletion:
                await self._contents.delete(volume.id)
                self._store.forget(self._store.volumes, volume.id)
            else:
                self._transitions.unlink(volume.id)
        self._store.vms.update(vm_id, state="terminated", state_reason="")
