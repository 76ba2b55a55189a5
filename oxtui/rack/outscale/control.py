"""The life of VMs: from the reply that says `pending` to `running`, `stopped` and `terminated`."""

from __future__ import annotations

import asyncio
import base64
import functools
from typing import TYPE_CHECKING

from oxtui.rack.lifecycle.supervisor import Change, Supervisor
from oxtui.rack.machines import MachineSpec
from oxtui.rack.outscale import vm_types
from oxtui.rack.unbootable import UnbootableMachine

if TYPE_CHECKING:
    from types import TracebackType

    from oxtui.rack.faults import Faults
    from oxtui.rack.latency import Latency
    from oxtui.rack.lifecycle.host import MachineHost
    from oxtui.rack.lifecycle.serial import SerialBuffer
    from oxtui.rack.machines import Machine, MachineListener
    from oxtui.rack.outscale.departure import Departure
    from oxtui.rack.outscale.records import Vm
    from oxtui.rack.outscale.store import Store
    from oxtui.rack.outscale.ways_in import WaysIn

LOGIN_USER = "outscale"
_FOREVER = 10.0**9
"""Seconds that something takes which was told to be stuck."""


class VmControl:
    """Starts, stops and watches VMs; an async context, at whose end all of them are off."""

    def __init__(
        self,
        store: Store,
        host: MachineHost,
        ways_in: WaysIn,
        departure: Departure,
        faults: Faults,
        latency: Latency,
    ) -> None:
        self._store = store
        self._host = host
        self._ways_in = ways_in
        self._departure = departure
        self._faults = faults
        self._latency = latency
        self._tasks = asyncio.TaskGroup()
        self._closing = False
        self._supervisors: dict[str, Supervisor] = {}
        self._consoles: dict[str, SerialBuffer] = {}
        """Of each VM since its last start; it is kept when the VM stops."""
        self._halted: dict[str, asyncio.Event] = {}

    async def __aenter__(self) -> VmControl:
        """Begin; what ran when the last rack ended is stopped, what was half made or deleted goes.

        VMs that were terminated before are no longer shown.
        """
        self._store.vms.delete(state="terminated")
        for vm in self._store.vms.all():
            made = all(each.state == "in-use" for each in self._store.volumes.all(vm_id=vm.id))
            if vm.state == "shutting-down" or (vm.state == "pending" and not made):
                await self._departure.terminate(vm.id)
            elif vm.state not in ("stopped", "quarantine"):
                await self._departure.stopped(vm.id, "stopped", "Server.RackStopped")
        await self._tasks.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Switch every VM off and wait until it is gone."""
        self._closing = True
        for supervisor in self._supervisors.values():
            supervisor.stop(at_once=True)
        # Without the error, which the group would cancel its tasks for and wrap in a group.
        await self._tasks.__aexit__(None, None, None)

    def start(self, vm: Vm) -> None:
        """Begin to start a VM that is off."""
        fault = self._faults.of_feature("vm")
        stuck = fault is not None and fault.effect == "stuck"
        supervisor = Supervisor(
            vm.id,
            boot=functools.partial(self._boot, vm.id),
            pacing=functools.partial(self._pace, stuck),
            fails_after=None if fault is None or stuck else fault.amount,
            show_state=functools.partial(self._show_state, vm.id),
        )
        self._supervisors[vm.id] = supervisor
        self._consoles[vm.id] = supervisor.console
        self._store.vms.update(vm.id, state="pending", state_reason="")
        self._tasks.create_task(self._watch(vm.id, supervisor))

    def stop(self, vm: Vm) -> None:
        """Begin to stop a VM that is pending or running."""
        self._store.vms.update(vm.id, state="stopping")
        self._supervisors[vm.id].stop()

    def reboot(self, vm: Vm) -> None:
        """Reset a VM that runs; it shows as running all the while."""
        self._supervisors[vm.id].reboot()

    def console(self, vm: Vm, count: int) -> bytes:
        """The latest bytes, at most `count`, that a VM wrote to its serial port since its last start."""
        console = self._consoles.get(vm.id)
        return b"" if console is None else console.read(max(0, console.total - count), count)

    def delete(self, vm: Vm) -> None:
        """Begin to terminate a VM, whatever it does."""
        self._store.vms.update(vm.id, state="shutting-down")
        supervisor = self._supervisors.get(vm.id)
        if supervisor is None:
            self._tasks.create_task(self._departure.terminate(vm.id))
        else:
            supervisor.stop(at_once=True)

    def halted(self, vm: Vm) -> bool:
        """Whether a VM is off for a while."""
        return vm.id in self._halted

    async def halt(self, vm: Vm) -> bool:
        """Switch a VM off for a while, in which it cannot be told anything; return whether it was on.

        `resume` switches it on again.
        """
        supervisor = self._supervisors.get(vm.id)
        if supervisor is None:
            return False
        off = self._halted[vm.id] = asyncio.Event()
        supervisor.stop()
        try:
            await off.wait()
        except BaseException:
            del self._halted[vm.id]
            raise
        return True

    async def resume(self, vm: Vm) -> None:
        """Switch a VM on that was halted."""
        del self._halted[vm.id]
        if self._closing:
            await self._departure.stopped(vm.id, "stopped", "")
        else:
            self.start(vm)

    async def _watch(self, vm_id: str, supervisor: Supervisor) -> None:
        end = await supervisor.run()
        del self._supervisors[vm_id]
        halted = self._halted.get(vm_id)
        if halted is not None and not self._closing:
            halted.set()
            return
        vm = self._store.vms.find(id=vm_id)
        if vm is None:
            return
        if vm.state == "shutting-down" or (
            end == "stopped" and vm.shutdown_behavior == "terminate" and not self._closing
        ):
            await self._departure.terminate(vm_id)
        elif end == "failed":
            await self._departure.stopped(vm_id, "quarantine", "Server.InternalError")
        elif vm.shutdown_behavior == "restart" and not self._closing:
            self.start(vm)
        else:
            await self._departure.stopped(vm_id, "stopped", "")

    async def _boot(self, vm_id: str, listener: MachineListener) -> Machine:
        vm = self._store.vms.find(id=vm_id)
        if vm is None:
            raise KeyError(vm_id)
        root = self._store.volumes.find(vm_id=vm_id, device_name=vm.root_device_name)
        if root is None:
            firmware = UnbootableMachine(listener, gone=lambda: None)
            firmware.start()
            return firmware
        cpus, memory = vm_types.size(vm.vm_type)
        address = self._ways_in.private(vm)
        await self._ways_in.open_all(vm_id)
        return await self._host.start(
            MachineSpec(
                instance_id=vm.id,
                name=vm.id,
                hostname=f"ip-{address.replace('.', '-')}",
                disk_id=root.id,
                address=None if self._faults.of_feature("ssh") is not None else address,
                ssh_keys=() if vm.ssh_key is None else (vm.ssh_key,),
                user_data=base64.b64decode(vm.user_data),
                cpus=cpus,
                memory=memory,
                login_user=LOGIN_USER,
            ),
            listener,
        )

    def _pace(self, stuck: bool, change: Change) -> float:
        if change == "stop":
            fault = self._faults.of_feature("vm_stop")
            return self._latency.instance_stop if fault is None else _FOREVER
        if change == "reboot":
            return self._latency.instance_reboot
        return _FOREVER if stuck else self._latency.instance_start

    def _show_state(self, vm_id: str, state: str) -> None:
        vm = self._store.vms.find(id=vm_id)
        # A reboot shows as running; what is told to go down stays told so.
        if vm is not None and state != "rebooting" and vm.state in ("pending", "running"):
            self._store.vms.update(vm_id, state=state)
