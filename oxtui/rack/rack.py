"""The rack: its store, its machines, and what works on them, put together once."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from oxtui.rack.lifecycle.control import InstanceControl
from oxtui.rack.lifecycle.other_disks import OtherDisks
from oxtui.rack.login import Login
from oxtui.rack.lookup import Lookup
from oxtui.rack.networks import Networks
from oxtui.rack.pools import AddressPools
from oxtui.rack.quota import Quota
from oxtui.rack.storage import Storage

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence

    from oxtui.rack.faults import Faults
    from oxtui.rack.latency import Latency
    from oxtui.rack.lifecycle.host import MachineHost
    from oxtui.rack.store.database import Store
    from oxtui.rack.timestamps import Clock

SILO_ID = "silo_id"
SILO_NAME = "silo_name"
USER_ID = "user_id"
USER_NAME = "user_name"
TIME_FOUNDED = "time_founded"


@dataclass(frozen=True, slots=True)
class Rack:
    """What the operations of the API work with."""

    store: Store
    lookup: Lookup
    quota: Quota
    pools: AddressPools
    storage: Storage
    control: InstanceControl
    networks: Networks
    host: MachineHost
    login: Login
    faults: Faults
    latency: Latency
    clock: Clock

    def setting(self, key: str) -> str:
        """Return a value that every seed sets; KeyError if this one did not."""
        value = self.store.setting(key)
        if value is None:
            raise KeyError(key)
        return value


@contextlib.asynccontextmanager
async def open_rack(
    store: Store,
    host: MachineHost,
    *,
    addresses: Mapping[str, Sequence[str]],
    loop_devices: bool = False,
    faults: Faults,
    latency: Latency,
    clock: Clock,
) -> AsyncIterator[Rack]:
    """Put a rack together over a seeded store; at the end of the block all machines are off.

    `addresses` are the external addresses of each pool, by its id. With `loop_devices`, disks beside the boot
    disk are block devices in the guest.
    """
    lookup = Lookup(store)
    quota = Quota(store)
    pools = AddressPools(store, lookup, faults, addresses)
    storage = Storage(store, host.disks, quota, latency, clock)
    await storage.recover()
    control = InstanceControl(
        store,
        host,
        quota=quota,
        pools=pools,
        disks=OtherDisks(store, host.disks, wanted=loop_devices),
        faults=faults,
        latency=latency,
        clock=clock,
    )
    async with control:
        yield Rack(
            store=store,
            lookup=lookup,
            quota=quota,
            pools=pools,
            storage=storage,
            control=control,
            networks=Networks(store, clock),
            host=host,
            login=Login(store, clock),
            faults=faults,
            latency=latency,
            clock=clock,
        )
