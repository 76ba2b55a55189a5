"""The addresses of VMs: private ones, at which a guest listens, and public ones that lead there."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from oxtui.rack.outscale.errors import quota

if TYPE_CHECKING:
    from collections.abc import Sequence

    from oxtui.rack.outscale.records import Vm
    from oxtui.rack.outscale.store import Store

ENDED = "terminated"


class Places:
    """Shares the rack's loopback addresses: the lower half is private, the upper half public.

    A machine with one address has VMs at which private and public are the same, one at a time.
    """

    def __init__(self, store: Store, addresses: Sequence[str]) -> None:
        self._store = store
        half = len(addresses) // 2
        self._private = addresses[:half] or addresses
        self._public = addresses[half:]

    def private(self, position: int) -> str:
        """Return a private address; 0.0.0.0 for a place that this run of the rack does not have."""
        return _at(self._private, position)

    def public(self, position: int) -> str:
        """Return a public address; 0.0.0.0 for a place that this run of the rack does not have."""
        return _at(self._public, position)

    @property
    def net_range(self) -> str:
        """The range of a Net: all loopback addresses."""
        return "127.0.0.0/8"

    @property
    def subnet_range(self) -> str:
        """The range of the subnet: that of the private addresses."""
        size = 32 - (len(self._private)).bit_length()
        return str(ipaddress.ip_network(f"{self._private[0]}/{size}", strict=False))

    def free_private(self) -> int:
        """Return a free private place; OapiError 10010 if VMs have them all."""
        free = self._free_privates()
        if not free:
            raise quota("10010", f"{len(self._private)} VMs exist: the rack has no more addresses")
        return free[0]

    def count_free(self) -> int:
        """How many more VMs there may be."""
        return len(self._free_privates())

    def free_public(self) -> int:
        """Return a free public place; OapiError 10011 if all are taken."""
        taken = {ip.position for ip in self._store.public_ips.all()}
        taken |= {vm.public_position for vm in self._living() if vm.public_position is not None}
        free = [number for number in range(len(self._public)) if number not in taken]
        if not free:
            raise quota("10011", f"all {len(self._public)} public addresses are taken")
        return free[0]

    def _free_privates(self) -> list[int]:
        taken = {vm.private_position for vm in self._living()}
        return [number for number in range(len(self._private)) if number not in taken]

    def _living(self) -> list[Vm]:
        return [vm for vm in self._store.vms.all() if vm.state != ENDED]


def _at(addresses: Sequence[str], position: int) -> str:
    return addresses[position] if position < len(addresses) else "0.0.0.0"  # noqa: S104 (shown only)
