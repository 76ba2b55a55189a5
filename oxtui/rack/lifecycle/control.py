"""The state machine of instances: what may be asked in which state, and who watches the machines.

Source of the states: omicron, `nexus/src/app/instance.rs` and its instance start, stop, delete and
reincarnation parts.
"""

from __future__ import annotations

import asyncio
import functools
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from oxtui.rack.lifecycle.supervisor import Change, Supervisor
from oxtui.rack.machines import MachineSpec
from oxtui.rack.timestamps import rfc3339
from oxtui.rack.unbootable import UnbootableMachine
from oxtui.rack.web import errors

if TYPE_CHECKING:
    from types import TracebackType

    from oxtui.rack.faults import Faults
    from oxtui.rack.latency import Latency
    from oxtui.rack.lifecycle.host import MachineHost
    from oxtui.rack.lifecycle.other_disks import OtherDisks
    from oxtui.rack.lifecycle.serial import SerialBuffer
    from oxtui.rack.machines import Machine, MachineListener
    from oxtui.rack.pools import AddressPools
    from oxtui.rack.quota import Quota
    from oxtui.rack.store.database import Store
    from oxtui.rack.store.records import Instance
    from oxtui.rack.timestamps import Clock

# A failed instance is restarted by the rack, but not again within this time.
AUTO_RESTART_COOLDOWN = timedelta(hours=1)
_CONSOLE_STATES = frozenset({"running", "rebooting", "migrating"})


class InstanceControl:
    """Starts, stops and watches machines; an async context, at whose end all of them are off."""

    def __init__(
        self,
        store: Store,
        host: MachineHost,
        *,
        quota: Quota,
        pools: AddressPools,
        disks: OtherDisks,
        faults: Faults,
        latency: Latency,
        clock: Clock,
    ) -> None:
        self._store = store
        self._host = host
        self._quota = quota
        self._pools = pools
        self._disks = disks
        self._faults = faults
        self._latency = latency
        self._clock = clock
        self._tasks = asyncio.TaskGroup()
        self._closing = asyncio.Event()
        self._supervisors: dict[str, Supervisor] = {}

    async def __aenter__(self) -> InstanceControl:
        """Begin; what ran when the last rack was killed has failed, what was half made goes."""
        await self._tasks.__aenter__()
        with self._store.transaction():
            for instance in self._store.instances.all():
                if instance.run_state == "creating":
                    forget_instance(self._store, instance)
                elif instance.run_state not in ("stopped", "failed"):
                    self._show_state(instance.id, "failed")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Switch every machine off and wait until it is gone."""
        self._closing.set()
        for identifier, supervisor in self._supervisors.items():
            self._show_state(identifier, "stopping")
            supervisor.stop(at_once=True)
        # Without the error, which the group would cancel its tasks for and wrap in a group.
        await self._tasks.__aexit__(None, None, None)

    def start(self, instance: Instance) -> Instance:
        """Begin to start; ApiError 400, 409 or 507 if it may not."""
        if instance.run_state in ("starting", "running", "rebooting", "migrating"):
            return instance
        if instance.run_state == "stopping":
            raise errors.conflict("instance must finish stopping before it can be started")
        if instance.run_state == "creating":
            raise errors.conflict("instance is still being created and cannot be started")
        self._quota.require_compute(instance.ncpus, instance.memory)
        fault = self._faults.of_feature("instance")
        panics = fault is not None and fault.effect == "panic"
        supervisor = Supervisor(
            instance.id,
            boot=functools.partial(self._boot, instance.id, panics),
            pacing=self._pace,
            fails_after=None if fault is None or panics else fault.amount,
            show_state=functools.partial(self._show_state, instance.id),
        )
        self._supervisors[instance.id] = supervisor
        started = self._show_state(instance.id, "starting")
        self._tasks.create_task(self._watch(instance.id, supervisor))
        return started

    def stop(self, instance: Instance) -> Instance:
        """Begin to stop; ApiError 400 if it may not."""
        if instance.run_state == "creating":
            raise errors.invalid_request(
                "cannot change instance state while it is still being created"
            )
        if instance.run_state in ("stopped", "stopping"):
            return instance
        if instance.run_state == "failed":
            return self._show_state(instance.id, "stopped")
        self._supervisors[instance.id].stop()
        return self._show_state(instance.id, "stopping")

    def reboot(self, instance: Instance) -> Instance:
        """Begin to reboot; ApiError 400 or 409 if it may not."""
        supervisor = self._supervisors.get(instance.id)
        if supervisor is None:
            raise errors.invalid_request(
                f"cannot reboot an instance in state {instance.run_state} with no VMM"
            )
        if instance.run_state == "stopping":
            raise errors.conflict("instance is stopping and cannot be rebooted")
        supervisor.reboot()
        return self._show_state(instance.id, "rebooting")

    def console(self, instance: Instance) -> SerialBuffer:
        """Return the serial console's memory; ApiError 400 where no machine runs."""
        return self._connected(instance).console

    async def type(self, instance: Instance, data: bytes) -> None:
        """Send bytes to the serial console; ApiError 400 where no machine runs."""
        await self._connected(instance).type(data)

    def auto_restarts(self, instance: Instance) -> bool:
        """Whether the instance's policy lets the rack restart it (the default does)."""
        return instance.auto_restart_policy != "never"

    def cooldown_end(self, instance: Instance) -> str | None:
        """Return the time before which the instance is not restarted again, if that is ahead."""
        if instance.time_last_auto_restarted is None:
            return None
        end = datetime.fromisoformat(instance.time_last_auto_restarted) + AUTO_RESTART_COOLDOWN
        return rfc3339(end) if end > self._clock() else None

    def _connected(self, instance: Instance) -> Supervisor:
        supervisor = self._supervisors.get(instance.id)
        if supervisor is None:
            raise errors.invalid_request(
                f"instance is {instance.run_state} and has no active serial console server"
            )
        if instance.run_state not in _CONSOLE_STATES:
            raise errors.invalid_request(
                f'cannot connect to serial console of instance in state "{instance.run_state}"'
            )
        return supervisor

    async def _watch(self, instance_id: str, supervisor: Supervisor) -> None:
        end = await supervisor.run()
        await self._disks.detach(instance_id)
        del self._supervisors[instance_id]
        instance = self._show_state(instance_id, end)
        if end == "failed" and self._may_restart(instance):
            await self._restart(instance)

    def _may_restart(self, instance: Instance) -> bool:
        return (
            not self._closing.is_set()
            and self.auto_restarts(instance)
            and self.cooldown_end(instance) is None
        )

    async def _restart(self, failed: Instance) -> None:
        try:
            async with asyncio.timeout(self._latency.auto_restart):
                await self._closing.wait()
            return
        except TimeoutError:
            instance = self._store.instances.find(id=failed.id)
        if instance is None or instance.run_state != "failed":
            return
        moment = rfc3339(self._clock())
        instance = self._store.instances.update(failed.id, time_last_auto_restarted=moment)
        try:
            self.start(instance)
        except errors.ApiError:
            # No quota for it: it stays failed until somebody starts it and sees the reason.
            self._show_state(failed.id, "failed")

    async def _boot(self, instance_id: str, panics: bool, listener: MachineListener) -> Machine:
        spec = self._specification(instance_id)
        if spec is not None and not panics:
            devices = await self._disks.attach(instance_id, spec.disk_id)
            return await self._host.start(replace(spec, devices=devices), listener)
        firmware = UnbootableMachine(listener, gone=lambda: None, panics=panics)
        firmware.start()
        return firmware

    def _specification(self, instance_id: str) -> MachineSpec | None:
        """Describe the machine, or return None if it has no disk."""
        instance = self._store.instances.find(id=instance_id)
        if instance is None:
            raise KeyError(instance_id)
        attached = self._store.disks.all(instance_id=instance_id)
        first = instance.boot_disk_id or (attached[0].id if attached else None)
        if first is None:
            return None
        closed = self._faults.of_feature("ssh") is not None
        return MachineSpec(
            instance_id=instance.id,
            name=instance.name,
            hostname=instance.hostname,
            disk_id=first,
            address=None if closed else self._pools.way_in(instance.id),
            ssh_keys=tuple(
                key.public_key for key in self._store.instance_ssh_keys.all(instance_id=instance_id)
            ),
            user_data=instance.user_data,
            cpus=instance.ncpus,
            memory=instance.memory,
        )

    def _pace(self, change: Change) -> float:
        usual = {
            "start": self._latency.instance_start,
            "stop": self._latency.instance_stop,
            "reboot": self._latency.instance_reboot,
        }
        return usual[change] + self._faults.delay(f"instance_{change}")

    def _show_state(self, instance_id: str, state: str) -> Instance:
        moment = rfc3339(self._clock())
        return self._store.instances.update(
            instance_id, run_state=state, time_run_state_updated=moment
        )


def forget_instance(store: Store, instance: Instance) -> None:
    """Remove an instance's record and what lives with it; disks and floating IPs are detached."""
    for disk in store.disks.all(instance_id=instance.id):
        store.disks.update(disk.id, instance_id=None, state="detached")
    store.instances.delete(id=instance.id)
