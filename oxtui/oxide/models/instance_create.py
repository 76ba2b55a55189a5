"""The body of an instance create, with its disks, interfaces and external addresses."""

from typing import Annotated, Literal

from pydantic import Field

from oxtui.oxide.models.base import Body
from oxtui.oxide.models.disk import DiskBackend


class AttachDisk(Body):
    """An existing disk, by name."""

    type: Literal["attach"] = "attach"
    name: str


class CreateDisk(Body):
    """A disk made along with the instance. `size` in bytes: a multiple of 1 GiB."""

    type: Literal["create"] = "create"
    name: str
    description: str = ""
    size: int
    disk_backend: DiskBackend


DiskAttachment = Annotated[AttachDisk | CreateDisk, Field(discriminator="type")]


class AutoPool(Body):
    """The silo's default pool; name the version, or two defaults are an error."""

    type: Literal["auto"] = "auto"
    ip_version: Literal["v4", "v6"] | None = None


class ExplicitPool(Body):
    """A pool by name or id."""

    type: Literal["explicit"] = "explicit"
    pool: str


PoolSelector = Annotated[AutoPool | ExplicitPool, Field(discriminator="type")]


class EphemeralIp(Body):
    """An address that lives as long as the instance."""

    type: Literal["ephemeral"] = "ephemeral"
    pool_selector: PoolSelector = AutoPool(ip_version="v4")


class AttachFloatingIp(Body):
    """An existing floating address, by name or id."""

    type: Literal["floating"] = "floating"
    floating_ip: str


ExternalIpCreate = Annotated[EphemeralIp | AttachFloatingIp, Field(discriminator="type")]


class AutoAddress(Body):
    """Any free address of the subnet."""

    type: Literal["auto"] = "auto"


class ExplicitAddress(Body):
    """One address of the subnet."""

    type: Literal["explicit"] = "explicit"
    value: str


AddressAssignment = Annotated[AutoAddress | ExplicitAddress, Field(discriminator="type")]


class StackAddress(Body):
    """The address of an interface in one IP version."""

    ip: AddressAssignment = AutoAddress()


class DualStackAddress(Body):
    """The addresses of an interface in both IP versions."""

    v4: StackAddress = StackAddress()
    v6: StackAddress = StackAddress()


class Ipv4Stack(Body):
    """An interface with IPv4 only."""

    type: Literal["v4"] = "v4"
    value: StackAddress = StackAddress()


class Ipv6Stack(Body):
    """An interface with IPv6 only."""

    type: Literal["v6"] = "v6"
    value: StackAddress = StackAddress()


class DualStack(Body):
    """An interface with IPv4 and IPv6."""

    type: Literal["dual_stack"] = "dual_stack"
    value: DualStackAddress = DualStackAddress()


IpStackCreate = Annotated[Ipv4Stack | Ipv6Stack | DualStack, Field(discriminator="type")]


class InterfaceCreate(Body):
    """A network interface in a subnet of a VPC, both by name. The first one is primary."""

    name: str
    description: str = ""
    vpc_name: str = "default"
    subnet_name: str = "default"
    ip_config: IpStackCreate = Ipv4Stack()


class CreateInterfaces(Body):
    """Interfaces that are spelled out."""

    type: Literal["create"] = "create"
    params: list[InterfaceCreate]


class DefaultInterface(Body):
    """One interface in the default subnet of the default VPC, or none."""

    type: Literal["default_ipv4", "default_ipv6", "default_dual_stack", "none"]


InterfaceAttachment = Annotated[CreateInterfaces | DefaultInterface, Field(discriminator="type")]


class InstanceCreate(Body):
    """An instance to be made. `memory` in bytes, `user_data` in base64.

    `ssh_public_keys` None means all keys of the user, an empty list means none. The rack accepts
    the create even when the start that follows fails: watch the run state.
    """

    name: str
    description: str = ""
    hostname: str
    ncpus: int
    memory: int
    boot_disk: DiskAttachment | None = None
    disks: list[DiskAttachment] = Field(default_factory=list)
    network_interfaces: InterfaceAttachment | None = None
    external_ips: list[ExternalIpCreate] = Field(default_factory=list)
    ssh_public_keys: list[str] | None = None
    user_data: str = ""
    start: bool = True
    auto_restart_policy: Literal["never", "best_effort"] | None = None
    anti_affinity_groups: list[str] = Field(default_factory=list)
