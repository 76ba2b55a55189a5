"""IP pools and floating IPs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from oxtui.rack.api import lists
from oxtui.rack.api.identity import identity
from oxtui.rack.parameters.common import InProject, OptionalProject, Updated
from oxtui.rack.parameters.networks import (
    ExplicitAllocator,
    FloatingIpAttach,
    FloatingIpCreate,
)
from oxtui.rack.store.records import FloatingIp
from oxtui.rack.store.unique import unique_name
from oxtui.rack.timestamps import rfc3339
from oxtui.rack.web import errors
from oxtui.rack.web.operation import Operation
from oxtui.rack.web.paging import Scan

if TYPE_CHECKING:
    from collections.abc import Iterable

    from oxtui.rack.pools import AddressPools
    from oxtui.rack.rack import Rack
    from oxtui.rack.store.records import Pool
    from oxtui.rack.web.operation import Call


class PoolScan(Scan):
    """The query of the list of pools."""

    ip_version: Literal["v4", "v6"] | None = None
    pool_type: Literal["unicast", "multicast"] | None = None


class AddressApi:
    """Operations on IP pools and floating IPs."""

    def __init__(self, rack: Rack) -> None:
        self._rack = rack

    def operations(self) -> Iterable[Operation]:
        """Return the operations."""
        ips, ip = "/v1/floating-ips", "/v1/floating-ips/{floating_ip}"
        return (
            Operation("ip_pool_list", "GET", "/v1/ip-pools", self.list_pools),
            Operation("ip_pool_view", "GET", "/v1/ip-pools/{pool}", self.view_pool),
            Operation("floating_ip_list", "GET", ips, self.list),
            Operation("floating_ip_create", "POST", ips, self.create, status=201),
            Operation("floating_ip_view", "GET", ip, self.view),
            Operation("floating_ip_update", "PUT", ip, self.update),
            Operation("floating_ip_delete", "DELETE", ip, self.delete, status=204),
            Operation("floating_ip_attach", "POST", ip + "/attach", self.attach, status=202),
            Operation("floating_ip_detach", "POST", ip + "/detach", self.detach, status=202),
        )

    async def list_pools(self, call: Call) -> dict[str, Any]:
        """List the pools that are linked to the silo."""
        scan, page = call.scan(PoolScan)
        wanted = {"ip_version": scan.ip_version, "pool_type": scan.pool_type}
        conditions = {column: value for column, value in wanted.items() if value is not None}
        return page.of(self._rack.store.pools, _pool_view, **conditions)

    async def view_pool(self, call: Call) -> dict[str, Any]:
        """Show a pool."""
        return _pool_view(self._rack.lookup.pool(call.name_or_id("pool")))

    async def list(self, call: Call) -> dict[str, Any]:
        """List a project's floating IPs."""
        return lists.of_project(self._rack, call, self._rack.store.floating_ips, self._view)

    async def create(self, call: Call) -> dict[str, Any]:
        """Take an address out of a pool and give it a name."""
        rack = self._rack
        project = rack.lookup.project(call.query(InProject).project)
        request = call.body(FloatingIpCreate)
        allocator = request.address_allocator
        with rack.store.transaction(), unique_name("floating-ip", request.name):
            if isinstance(allocator, ExplicitAllocator):
                pool_id, position = rack.pools.position_of(allocator.ip)
            else:
                pool = rack.pools.choose(allocator.pool_selector)
                pool_id, position = pool.id, rack.pools.free_position(pool)
            floating = FloatingIp(
                **request.identity(rack.clock),
                project_id=project.id,
                pool_id=pool_id,
                position=position,
                instance_id=None,
            )
            rack.store.floating_ips.insert(floating)
        return self._view(floating)

    async def view(self, call: Call) -> dict[str, Any]:
        """Show a floating IP."""
        return self._view(self._floating_ip(call))

    async def update(self, call: Call) -> dict[str, Any]:
        """Change a floating IP's name or description."""
        floating = self._floating_ip(call)
        request = call.body(Updated)
        with unique_name("floating-ip", request.name or floating.name):
            changes = request.changes(self._rack.clock)
            return self._view(self._rack.store.floating_ips.update(floating.id, **changes))

    async def delete(self, call: Call) -> None:
        """Give a floating IP's address back."""
        floating = self._floating_ip(call)
        if floating.instance_id is not None:
            raise errors.invalid_request(
                "Floating IP cannot be deleted while attached to an instance"
            )
        self._rack.store.floating_ips.delete(id=floating.id)

    async def attach(self, call: Call) -> dict[str, Any]:
        """Attach a floating IP to an instance of its project."""
        floating = self._floating_ip(call)
        request = call.body(FloatingIpAttach)
        instance = self._rack.lookup.instance_within(request.parent, floating.project_id)
        if floating.instance_id not in (None, instance.id):
            raise errors.invalid_request(
                "floating IP cannot be attached to one instance while still attached to another"
            )
        return self._bind(floating, instance.id)

    async def detach(self, call: Call) -> dict[str, Any]:
        """Detach a floating IP from its instance."""
        floating = self._floating_ip(call)
        if floating.instance_id is None:
            raise errors.invalid_request("floating IP is not attached to an instance")
        return self._bind(floating, None)

    def _bind(self, floating: FloatingIp, instance_id: str | None) -> dict[str, Any]:
        moment = rfc3339(self._rack.clock())
        table = self._rack.store.floating_ips
        return self._view(table.update(floating.id, instance_id=instance_id, time_modified=moment))

    def _floating_ip(self, call: Call) -> FloatingIp:
        project = call.query(OptionalProject).project
        return self._rack.lookup.floating_ip(call.name_or_id("floating_ip"), project)

    def _view(self, floating: FloatingIp) -> dict[str, Any]:
        return floating_ip_view(floating, self._rack.pools)


def floating_ip_view(floating: FloatingIp, pools: AddressPools) -> dict[str, Any]:
    """Return the API's view of a floating IP."""
    return {
        **identity(floating),
        "ip": pools.address(floating),
        "ip_pool_id": floating.pool_id,
        "project_id": floating.project_id,
        "instance_id": floating.instance_id,
    }


def _pool_view(pool: Pool) -> dict[str, Any]:
    return {
        **identity(pool),
        "ip_version": pool.ip_version,
        "pool_type": pool.pool_type,
        "is_default": pool.is_default,
    }
