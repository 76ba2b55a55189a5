"""Subnets of VPCs and the network interfaces of instances."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from oxtui.rack.api.identity import identity
from oxtui.rack.api.vpcs import InVpc
from oxtui.rack.networks import overlaps
from oxtui.rack.parameters.common import Updated
from oxtui.rack.parameters.networks import SubnetCreate
from oxtui.rack.store.records import Subnet
from oxtui.rack.store.unique import unique_name
from oxtui.rack.web import errors
from oxtui.rack.web.names import NameOrId, is_uuid
from oxtui.rack.web.operation import Operation
from oxtui.rack.web.paging import Scan

if TYPE_CHECKING:
    from collections.abc import Iterable

    from oxtui.rack.rack import Rack
    from oxtui.rack.store.records import NetworkInterface
    from oxtui.rack.web.operation import Call


class SubnetSelector(BaseModel):
    """The query of a subnet."""

    vpc: NameOrId | None = None
    project: NameOrId | None = None


class SubnetScan(Scan):
    """The query of a VPC's subnets."""

    vpc: NameOrId
    project: NameOrId | None = None


class InterfaceScan(Scan):
    """The query of an instance's interfaces."""

    instance: NameOrId
    project: NameOrId | None = None


class InterfaceSelector(BaseModel):
    """The query of an interface."""

    instance: NameOrId | None = None
    project: NameOrId | None = None


class SubnetApi:
    """Operations on subnets and network interfaces."""

    def __init__(self, rack: Rack) -> None:
        self._rack = rack

    def operations(self) -> Iterable[Operation]:
        """Return the operations."""
        subnets, subnet = "/v1/vpc-subnets", "/v1/vpc-subnets/{subnet}"
        interfaces = "/v1/network-interfaces"
        return (
            Operation("vpc_subnet_list", "GET", subnets, self.list),
            Operation("vpc_subnet_create", "POST", subnets, self.create, status=201),
            Operation("vpc_subnet_view", "GET", subnet, self.view),
            Operation("vpc_subnet_update", "PUT", subnet, self.update),
            Operation("vpc_subnet_delete", "DELETE", subnet, self.delete, status=204),
            Operation("instance_network_interface_list", "GET", interfaces, self.list_interfaces),
            Operation(
                "instance_network_interface_view",
                "GET",
                interfaces + "/{interface}",
                self.view_interface,
            ),
        )

    async def list(self, call: Call) -> dict[str, Any]:
        """List a VPC's subnets."""
        scan, page = call.scan(SubnetScan)
        vpc = self._rack.lookup.vpc(scan.vpc, scan.project)
        return page.of(self._rack.store.subnets, _view, vpc_id=vpc.id)

    async def create(self, call: Call) -> dict[str, Any]:
        """Make a subnet."""
        query = call.query(InVpc)
        vpc = self._rack.lookup.vpc(query.vpc, query.project)
        request = call.body(SubnetCreate)
        if not ipaddress.IPv4Network(request.ipv4_block).is_private:
            raise errors.invalid_request(
                "VPC Subnet IPv4 address ranges must be from a private range"
            )
        table = self._rack.store.subnets
        with self._rack.store.transaction(), unique_name("vpc-subnet", request.name):
            others = table.all(vpc_id=vpc.id)
            block = request.ipv6_block or self._rack.networks.free_ipv6_block(vpc)
            for wanted, taken in (
                (request.ipv4_block, [other.ipv4_block for other in others]),
                (block, [other.ipv6_block for other in others]),
            ):
                if overlaps(wanted, taken) is not None:
                    raise errors.invalid_request(
                        f"IP address range '{wanted}' conflicts with an existing subnet"
                    )
            subnet = Subnet(
                **request.identity(self._rack.clock),
                vpc_id=vpc.id,
                ipv4_block=request.ipv4_block,
                ipv6_block=block,
            )
            table.insert(subnet)
        return _view(subnet)

    async def view(self, call: Call) -> dict[str, Any]:
        """Show a subnet."""
        return _view(self._subnet(call))

    async def update(self, call: Call) -> dict[str, Any]:
        """Change a subnet's name or description."""
        subnet = self._subnet(call)
        request = call.body(Updated)
        with unique_name("vpc-subnet", request.name or subnet.name):
            changes = request.changes(self._rack.clock)
            return _view(self._rack.store.subnets.update(subnet.id, **changes))

    async def delete(self, call: Call) -> None:
        """Delete a subnet that no interface is on."""
        subnet = self._subnet(call)
        if self._rack.store.network_interfaces.find(subnet_id=subnet.id) is not None:
            raise errors.invalid_request(
                "VPC Subnet cannot be deleted while network interfaces in the subnet exist"
            )
        self._rack.store.subnets.delete(id=subnet.id)

    async def list_interfaces(self, call: Call) -> dict[str, Any]:
        """List an instance's interfaces."""
        scan, page = call.scan(InterfaceScan)
        instance = self._rack.lookup.instance(scan.instance, scan.project)
        table = self._rack.store.network_interfaces
        return page.of(table, _interface_view, instance_id=instance.id)

    async def view_interface(self, call: Call) -> dict[str, Any]:
        """Show an interface."""
        query = call.query(InterfaceSelector)
        name_or_id = call.name_or_id("interface")
        table = self._rack.store.network_interfaces
        kind = "instance-network-interface"
        if is_uuid(name_or_id):
            if query.instance is not None:
                raise errors.invalid_request(
                    "when providing network interface as an ID instance should not be specified"
                )
            interface = table.find(id=name_or_id)
            missing = errors.not_found_id(kind, name_or_id)
        else:
            if query.instance is None:
                raise errors.invalid_request(
                    "network interface should either be UUID or instance should be specified"
                )
            instance = self._rack.lookup.instance(query.instance, query.project)
            interface = table.find(name=name_or_id, instance_id=instance.id)
            missing = errors.not_found_name(kind, name_or_id)
        if interface is None:
            raise missing
        return _interface_view(interface)

    def _subnet(self, call: Call) -> Subnet:
        query = call.query(SubnetSelector)
        return self._rack.lookup.subnet(call.name_or_id("subnet"), query.vpc, query.project)


def _view(subnet: Subnet) -> dict[str, Any]:
    return {
        **identity(subnet),
        "vpc_id": subnet.vpc_id,
        "ipv4_block": subnet.ipv4_block,
        "ipv6_block": subnet.ipv6_block,
        "custom_router_id": None,
    }


def _interface_view(interface: NetworkInterface) -> dict[str, Any]:
    v4 = {"ip": interface.ipv4, "transit_ips": list(interface.ipv4_transit)}
    v6 = {"ip": interface.ipv6, "transit_ips": list(interface.ipv6_transit)}
    stack: dict[str, Any] = {"type": "dual_stack", "value": {"v4": v4, "v6": v6}}
    if interface.ipv6 is None:
        stack = {"type": "v4", "value": v4}
    elif interface.ipv4 is None:
        stack = {"type": "v6", "value": v6}
    return {
        **identity(interface),
        "instance_id": interface.instance_id,
        "vpc_id": interface.vpc_id,
        "subnet_id": interface.subnet_id,
        "mac": interface.mac,
        "primary": interface.is_primary,
        "ip_stack": stack,
    }
