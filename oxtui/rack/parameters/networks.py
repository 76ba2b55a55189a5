"""Bodies of VPC, subnet, interface and floating IP requests."""

from __future__ import annotations

import ipaddress
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field
from pydantic_core import PydanticCustomError

from oxtui.rack.parameters.common import Created, Updated
from oxtui.rack.pools import AutoPool, PoolSelector
from oxtui.rack.web.names import Name, NameOrId


def _refuse(message: str) -> PydanticCustomError:
    return PydanticCustomError("value", "{reason}", {"reason": message})


def _ipv4(text: str) -> str:
    try:
        return str(ipaddress.IPv4Address(text))
    except ValueError:
        raise _refuse("invalid IPv4 address syntax") from None


def _ipv6(text: str) -> str:
    try:
        return str(ipaddress.IPv6Address(text))
    except ValueError:
        raise _refuse("invalid IPv6 address syntax") from None


def _ip(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        raise _refuse("invalid IP address syntax") from None


def _ipv4_net(text: str) -> str:
    try:
        return str(ipaddress.IPv4Network(text))
    except ValueError as error:
        raise _refuse(f"invalid IPv4 network: {error}") from None


def _ipv6_net(text: str) -> str:
    try:
        return str(ipaddress.IPv6Network(text))
    except ValueError as error:
        raise _refuse(f"invalid IPv6 network: {error}") from None


Ipv4 = Annotated[str, AfterValidator(_ipv4)]
Ipv6 = Annotated[str, AfterValidator(_ipv6)]
Ipv4Net = Annotated[str, AfterValidator(_ipv4_net)]
Ipv6Net = Annotated[str, AfterValidator(_ipv6_net)]


class AutoAddress(BaseModel):
    """Any free address of the subnet."""

    type: Literal["auto"]


class ExplicitIpv4(BaseModel):
    """This address of the subnet."""

    type: Literal["explicit"]
    value: Ipv4


class ExplicitIpv6(BaseModel):
    """This address of the subnet."""

    type: Literal["explicit"]
    value: Ipv6


class Ipv4Config(BaseModel):
    """An interface's IPv4 addresses."""

    ip: Annotated[AutoAddress | ExplicitIpv4, Field(discriminator="type")]
    transit_ips: list[Ipv4Net] = []


class Ipv6Config(BaseModel):
    """An interface's IPv6 addresses."""

    ip: Annotated[AutoAddress | ExplicitIpv6, Field(discriminator="type")]
    transit_ips: list[Ipv6Net] = []


class DualConfig(BaseModel):
    """Both kinds of addresses."""

    v4: Ipv4Config
    v6: Ipv6Config


class Ipv4Stack(BaseModel):
    """An interface with IPv4 only."""

    type: Literal["v4"]
    value: Ipv4Config


class Ipv6Stack(BaseModel):
    """An interface with IPv6 only."""

    type: Literal["v6"]
    value: Ipv6Config


class DualStack(BaseModel):
    """An interface with both."""

    type: Literal["dual_stack"]
    value: DualConfig


IpStack = Annotated[Ipv4Stack | Ipv6Stack | DualStack, Field(discriminator="type")]

_AUTO = AutoAddress(type="auto")
IPV4_STACK = Ipv4Stack(type="v4", value=Ipv4Config(ip=_AUTO))
IPV6_STACK = Ipv6Stack(type="v6", value=Ipv6Config(ip=_AUTO))
DUAL_STACK = DualStack(
    type="dual_stack", value=DualConfig(v4=Ipv4Config(ip=_AUTO), v6=Ipv6Config(ip=_AUTO))
)


class InterfaceCreate(Created):
    """A network interface that is made with its instance."""

    vpc_name: Name
    subnet_name: Name
    ip_config: IpStack = DUAL_STACK


class VpcCreate(Created):
    """The body of a VPC's create."""

    dns_name: Name
    ipv6_prefix: Ipv6Net | None = None


class VpcUpdate(Updated):
    """The body of a VPC's update."""

    dns_name: Name | None = None


class SubnetCreate(Created):
    """The body of a subnet's create."""

    ipv4_block: Ipv4Net
    ipv6_block: Ipv6Net | None = None


class AutoAllocator(BaseModel):
    """Any free address of a pool."""

    type: Literal["auto"]
    pool_selector: PoolSelector = AutoPool(type="auto")


class ExplicitAllocator(BaseModel):
    """This address."""

    type: Literal["explicit"]
    ip: Annotated[str, AfterValidator(_ip)]


class FloatingIpCreate(Created):
    """The body of a floating IP's create."""

    address_allocator: Annotated[AutoAllocator | ExplicitAllocator, Field(discriminator="type")] = (
        AutoAllocator(type="auto")
    )


class FloatingIpAttach(BaseModel):
    """What a floating IP is attached to."""

    kind: Literal["instance"]
    parent: NameOrId
