"""VPCs and what is in them: defaults of a new project, free addresses of subnets."""

from __future__ import annotations

import ipaddress
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from oxtui.rack.parameters.networks import VpcCreate
from oxtui.rack.store.records import FirewallRule, NetworkInterface, Subnet, Vpc
from oxtui.rack.timestamps import rfc3339
from oxtui.rack.web import errors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from oxtui.rack.parameters.networks import InterfaceCreate, IpStack, Ipv4Config, Ipv6Config
    from oxtui.rack.store.database import Store
    from oxtui.rack.timestamps import Clock

DEFAULT_IPV4_BLOCK = "172.30.0.0/22"
DEFAULT_PRIORITY = 65534
# The first addresses of a subnet belong to the rack: network, gateway, reserved (RFD 21).
_RESERVED_AT_START = 5


@dataclass(frozen=True, slots=True)
class DefaultRule:
    """A firewall rule that every new VPC has."""

    name: str
    description: str
    filters: dict[str, Any]


def default_rules(vpc_name: str) -> tuple[DefaultRule, ...]:
    """Return the rules of a new VPC: traffic within it, SSH and ICMP from anywhere."""
    return (
        DefaultRule(
            "allow-internal-inbound",
            "allow inbound traffic to all instances within the VPC if originated within the VPC",
            {"hosts": [{"type": "vpc", "value": vpc_name}]},
        ),
        DefaultRule(
            "allow-ssh",
            "allow inbound TCP connections on port 22 from anywhere",
            {"ports": ["22"], "protocols": [{"type": "tcp"}]},
        ),
        DefaultRule(
            "allow-icmp",
            "allow inbound ICMP traffic from anywhere",
            {"protocols": [{"type": "icmp", "value": None}]},
        ),
    )


class Networks:
    """Makes networks. Callers hold a transaction of the store.

    `new_id` makes the ids of VPCs and what comes with them from what they are; prefixes and MAC
    addresses follow from ids.
    """

    def __init__(
        self, store: Store, clock: Clock, new_id: Callable[[str], str] = lambda _: str(uuid.uuid4())
    ) -> None:
        self._store = store
        self._clock = clock
        self._new_id = new_id

    def add_default_vpc(self, project_id: str) -> Vpc:
        """Make the VPC that every new project has."""
        request = VpcCreate(name="default", description="Default VPC", dns_name="default")
        return self.add_vpc(request, project_id)

    def add_vpc(self, request: VpcCreate, project_id: str) -> Vpc:
        """Make a VPC with its default subnet and firewall rules."""
        path = f"vpc/{project_id}/{request.name}"
        identity = {**request.identity(self._clock), "id": self._new_id(path)}
        prefix = request.ipv6_prefix or _prefix_of(identity["id"])
        vpc = Vpc(
            **identity,
            project_id=project_id,
            dns_name=request.dns_name,
            ipv6_prefix=prefix,
            system_router_id=self._new_id(f"{path}/router"),
        )
        self._store.vpcs.insert(vpc)
        moment = rfc3339(self._clock())
        self._store.subnets.insert(
            Subnet(
                id=self._new_id(f"{path}/subnet/default"),
                name="default",
                description=f"The default subnet for {vpc.name}",
                time_created=moment,
                time_modified=moment,
                vpc_id=vpc.id,
                ipv4_block=DEFAULT_IPV4_BLOCK,
                ipv6_block=first_block(prefix),
            )
        )
        for rule in default_rules(vpc.name):
            self._store.firewall_rules.insert(
                FirewallRule(
                    id=self._new_id(f"{path}/rule/{rule.name}"),
                    name=rule.name,
                    description=rule.description,
                    time_created=moment,
                    time_modified=moment,
                    vpc_id=vpc.id,
                    status="enabled",
                    direction="inbound",
                    action="allow",
                    priority=DEFAULT_PRIORITY,
                    targets=[{"type": "vpc", "value": vpc.name}],
                    filters=rule.filters,
                )
            )
        return vpc

    def add_interface(
        self, request: InterfaceCreate, instance_id: str, subnet: Subnet, *, primary: bool
    ) -> NetworkInterface:
        """Make an instance's interface on a subnet; ApiError if an address is not to be had."""
        v4, v6 = _configs(request.ip_config)
        identity = request.identity(self._clock)
        interface = NetworkInterface(
            **identity,
            instance_id=instance_id,
            vpc_id=subnet.vpc_id,
            subnet_id=subnet.id,
            mac=_mac_of(identity["id"]),
            is_primary=primary,
            ipv4=None if v4 is None else self._address(v4, subnet.ipv4_block, "ipv4", subnet.id),
            ipv6=None if v6 is None else self._address(v6, subnet.ipv6_block, "ipv6", subnet.id),
            ipv4_transit=() if v4 is None else tuple(v4.transit_ips),
            ipv6_transit=() if v6 is None else tuple(v6.transit_ips),
        )
        self._store.network_interfaces.insert(interface)
        return interface

    def free_ipv6_block(self, vpc: Vpc) -> str:
        """Return a /64 of the VPC's prefix that no subnet has."""
        taken = {subnet.ipv6_block for subnet in self._store.subnets.all(vpc_id=vpc.id)}
        blocks = ipaddress.IPv6Network(vpc.ipv6_prefix).subnets(new_prefix=64)
        return next(str(block) for block in blocks if str(block) not in taken)

    def _address(
        self, config: Ipv4Config | Ipv6Config, block: str, column: str, subnet_id: str
    ) -> str:
        network = ipaddress.ip_network(block)
        taken = {
            getattr(interface, column)
            for interface in self._store.network_interfaces.all(subnet_id=subnet_id)
        }
        if config.ip.type == "explicit":
            wanted = config.ip.value
            if ipaddress.ip_address(wanted) not in network:
                raise errors.invalid_request(f"IP address {wanted} is not in the subnet {block}")
            if wanted in taken:
                raise errors.invalid_request(f'The IP address "{wanted}" is not available')
            return wanted
        # The last address of a block is the broadcast address.
        for offset in range(_RESERVED_AT_START, network.num_addresses - 1):
            candidate = str(network[offset])
            if candidate not in taken:
                return candidate
        raise errors.insufficient_capacity("No available IP addresses for interface")


def first_block(prefix: str) -> str:
    """Return the first /64 of a VPC's prefix, which its default subnet has."""
    return str(next(iter(ipaddress.IPv6Network(prefix).subnets(new_prefix=64))))


def overlaps(block: str, others: Iterable[str]) -> str | None:
    """Return the first of the other networks that shares addresses with a block."""
    network = ipaddress.ip_network(block)
    for other in others:
        if network.overlaps(ipaddress.ip_network(other)):
            return other
    return None


def _configs(stack: IpStack) -> tuple[Ipv4Config | None, Ipv6Config | None]:
    if stack.type == "v4":
        return stack.value, None
    if stack.type == "v6":
        return None, stack.value
    return stack.value.v4, stack.value.v6


def _prefix_of(identifier: str) -> str:
    # A unique local address (RFC 4193): fd, then 40 bits that nobody else is likely to have.
    bits = (0xFD << 120) | ((uuid.UUID(identifier).int & (1 << 40) - 1) << 80)
    return str(ipaddress.IPv6Network((bits, 48)))


def _mac_of(identifier: str) -> str:
    # Oxide's prefix, then the part of its range that is for guests (up to EF:FF:FF).
    tail = uuid.UUID(identifier).int % 0xF00000
    return "A8:40:25:" + ":".join(f"{tail >> shift & 0xFF:02X}" for shift in (16, 8, 0))
