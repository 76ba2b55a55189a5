"""How VMs are reached: which addresses lead to one, and what its security groups let in."""

from __future__ import annotations

import functools
import ipaddress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from oxtui.rack.outscale.forwards import Forwards
    from oxtui.rack.outscale.places import Places
    from oxtui.rack.outscale.records import SecurityGroup, Vm
    from oxtui.rack.outscale.store import Store


class WaysIn:
    """Opens and closes the public addresses of VMs."""

    def __init__(self, store: Store, places: Places, forwards: Forwards, port: int) -> None:
        self._store = store
        self._places = places
        self._forwards = forwards
        self._port = port

    def private(self, vm: Vm) -> str:
        """Return the address at which the guest itself listens."""
        return self._places.private(vm.private_position)

    def public(self, vm: Vm) -> str | None:
        """Return the public address that is shown: a linked one before the one of the public Cloud."""
        linked = self._store.public_ips.find(vm_id=vm.id)
        position = vm.public_position if linked is None else linked.position
        return None if position is None else self._places.public(position)

    async def open_all(self, vm_id: str) -> None:
        """Open every public address of a VM that runs."""
        vm = self._store.vms.find(id=vm_id)
        if vm is None:
            return
        positions = [ip.position for ip in self._store.public_ips.all(vm_id=vm_id)]
        if vm.public_position is not None:
            positions.append(vm.public_position)
        for position in positions:
            await self._forwards.open(
                self._places.public(position),
                self.private(vm),
                functools.partial(self._admits, vm_id),
            )

    async def leave(self, vm_id: str) -> None:
        """Take all public addresses from a VM."""
        for ip in self._store.public_ips.all(vm_id=vm_id):
            await self.unlink(ip.id)
        vm = self._store.vms.find(id=vm_id)
        if vm is not None and vm.public_position is not None:
            await self._forwards.close(self._places.public(vm.public_position))
            self._store.vms.update(vm_id, public_position=None)

    async def unlink(self, public_ip_id: str) -> None:
        """Take a public IP from the VM that has it."""
        ip = self._store.public_ips.update(public_ip_id, vm_id=None, link_id=None)
        await self._forwards.close(self._places.public(ip.position))

    def _admits(self, vm_id: str, peer: str) -> bool:
        vm = self._store.vms.find(id=vm_id)
        groups = [] if vm is None else vm.security_groups
        found = (self._store.security_groups.find(id=each) for each in groups)
        return any(lets_in(group, peer, self._port) for group in found if group is not None)


def lets_in(group: SecurityGroup, peer: str, port: int) -> bool:
    """Whether an inbound rule of a group lets an address reach a TCP port.

    Protocol -1 is any protocol with any port; so is tcp with the ports -1 to -1.
    """
    return any(
        rule["IpProtocol"] in ("-1", "tcp")
        and (
            rule["IpProtocol"] == "-1"
            or rule["FromPortRange"] == -1
            or rule["FromPortRange"] <= port <= rule["ToPortRange"]
        )
        and any(
            ipaddress.ip_address(peer) in ipaddress.ip_network(each, strict=False)
            for each in rule.get("IpRanges", ())
        )
        for rule in group.inbound
    )
