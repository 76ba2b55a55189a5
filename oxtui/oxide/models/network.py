"""IP pools, VPCs, subnets, network interfaces and floating addresses."""

from typing import Annotated, Literal

from pydantic import Field

from oxtui.oxide.models.base import Body, Model, Resource
from oxtui.oxide.models.instance_create import AutoPool, PoolSelector


class IpPool(Resource):
    """A pool of external addresses, as the silo sees it.

    There is at most one default pool for each pair of `pool_type` and `ip_version`.
    """

    ip_version: str
    pool_type: str
    is_default: bool

    @property
    def serves_instances(self) -> bool:
        """True when an instance can take an address from it: multicast pools are for groups."""
        return self.pool_type == "unicast"


class Vpc(Resource):
    """A virtual network of a project."""

    project_id: str
    dns_name: str
    ipv6_prefix: str
    system_router_id: str


class Subnet(Resource):
    """A subnet of a VPC; blocks in CIDR form."""

    vpc_id: str
    ipv4_block: str
    ipv6_block: str
    custom_router_id: str | None = None


class StackIp(Model):
    """A private address."""

    ip: str


class DualStackIp(Model):
    """A private address in each IP version."""

    v4: StackIp
    v6: StackIp


class IpStack(Model):
    """The private addresses of an interface; `type` is `v4`, `v6` or `dual_stack`."""

    type: str
    value: DualStackIp | StackIp

    @property
    def addresses(self) -> list[str]:
        """The addresses as text, IPv4 first."""
        if isinstance(self.value, DualStackIp):
            return [self.value.v4.ip, self.value.v6.ip]
        return [self.value.ip]


class NetworkInterface(Resource):
    """A network interface of an instance."""

    instance_id: str
    vpc_id: str
    subnet_id: str
    mac: str
    primary: bool
    ip_stack: IpStack


class FloatingIp(Resource):
    """An external address that outlives the instance it is attached to."""

    ip: str
    ip_pool_id: str
    project_id: str
    instance_id: str | None = None


class AutoAllocation(Body):
    """Any free address of a pool."""

    type: Literal["auto"] = "auto"
    pool_selector: PoolSelector = AutoPool(ip_version="v4")


class ExplicitAllocation(Body):
    """One address; its pool follows from it."""

    type: Literal["explicit"] = "explicit"
    ip: str


class FloatingIpCreate(Body):
    """A floating address to be reserved."""

    name: str
    description: str = ""
    address_allocator: Annotated[
        AutoAllocation | ExplicitAllocation, Field(discriminator="type")
    ] = AutoAllocation()


class FloatingIpAttach(Body):
    """The instance that a floating address goes to, by name or id."""

    kind: Literal["instance"] = "instance"
    parent: str
