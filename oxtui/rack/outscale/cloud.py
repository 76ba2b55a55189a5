"""The simulated Outscale: its store, its VMs, and what works on them, put together once."""

from __future__ import annotations

import contextlib
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from oxtui.rack.loop_devices import LoopDevices
from oxtui.rack.outscale.control import VmControl
from oxtui.rack.outscale.departure import Departure
from oxtui.rack.outscale.forwards import Forwards
from oxtui.rack.outscale.places import Places
from oxtui.rack.outscale.transitions import Transitions
from oxtui.rack.outscale.ways_in import WaysIn

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from socket import socket
    from typing import Protocol

    from oxtui.rack.faults import Faults
    from oxtui.rack.latency import Latency
    from oxtui.rack.lifecycle.host import DiskContents, MachineHost
    from oxtui.rack.outscale.store import Store
    from oxtui.rack.timestamps import Clock

    class Host(MachineHost, Protocol):
        """Runs machines, at addresses of its own."""

        @property
        def addresses(self) -> Sequence[str]:
            """IPv4 loopback addresses that VMs may have."""

        @property
        def ssh_port(self) -> int:
            """The port on which all of them serve SSH."""

        def bind(self, address: str) -> socket:
            """Return a socket bound to one of the addresses and the SSH port."""


@dataclass(frozen=True, slots=True)
class Account:
    """Whose cloud it is. The secret key signs every request."""

    id: str
    region: str
    access_key: str
    secret_key: str = field(repr=False)

    @property
    def subregions(self) -> tuple[str, str]:
        """The region's subregions."""
        return f"{self.region}a", f"{self.region}b"


@dataclass(frozen=True, slots=True)
class Cloud:
    """What the actions of the API work with."""

    account: Account
    store: Store
    contents: DiskContents
    loop_devices: LoopDevices
    places: Places
    ways_in: WaysIn
    control: VmControl
    transitions: Transitions
    faults: Faults
    latency: Latency
    clock: Clock


def new_id(prefix: str) -> str:
    """Return an id as the API makes them: a prefix and eight hexadecimal digits."""
    return f"{prefix}-{secrets.token_hex(4)}"


@contextlib.asynccontextmanager
async def open_cloud(
    store: Store,
    host: Host,
    account: Account,
    *,
    loop_devices: bool = False,
    faults: Faults,
    latency: Latency,
    clock: Clock,
) -> AsyncIterator[Cloud]:
    """Put a cloud together over a seeded store; at the end of the block all VMs are off.

    loop_devices: volumes that are linked to running VMs are devices of this machine.
    """
    devices = LoopDevices(host.disks, wanted=loop_devices)
    places = Places(store, host.addresses)
    forwards = Forwards(host.bind, host.ssh_port)
    ways_in = WaysIn(store, places, forwards, host.ssh_port)
    transitions = Transitions(store, host.disks, devices, faults, latency, clock)
    departure = Departure(store, host.disks, devices, transitions, ways_in)
    control = VmControl(store, host, ways_in, departure, faults, latency)
    await _remove_half_made(store, host.disks)
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(forwards.close_all)
        stack.push_async_callback(devices.close)
        await stack.enter_async_context(transitions)
        await stack.enter_async_context(control)
        yield Cloud(
            account=account,
            store=store,
            contents=host.disks,
            loop_devices=devices,
            places=places,
            ways_in=ways_in,
            control=control,
            transitions=transitions,
            faults=faults,
            latency=latency,
            clock=clock,
        )


async def _remove_half_made(store: Store, contents: DiskContents) -> None:
    """Remove what had no content yet when the last rack was killed; VMs are left to their control."""
    for volume in store.volumes.all(state="creating"):
        if volume.vm_id is None:
            await contents.delete(volume.id)
            store.volumes.delete(id=volume.id)
    for snapshot in store.snapshots.all(state="in-queue"):
        await contents.delete(snapshot.id)
        store.snapshots.delete(id=snapshot.id)
