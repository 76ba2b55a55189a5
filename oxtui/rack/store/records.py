"""The rows of the store: one frozen dataclass a table, field for column.

Times are RFC 3339 text in UTC, sizes are bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """What every named object of the Oxide API has."""

    id: str
    name: str
    description: str
    time_created: str
    time_modified: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Project(Resource):
    """A project of the silo."""

    TABLE: ClassVar[str] = "project"
    KIND: ClassVar[str] = "project"


@dataclass(frozen=True, slots=True, kw_only=True)
class SshKey(Resource):
    """A public key of the user; it belongs to no project."""

    TABLE: ClassVar[str] = "ssh_key"
    KIND: ClassVar[str] = "ssh-key"
    silo_user_id: str
    public_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceSshKey(SshKey):
    """A key as it was when an instance was created with it; later changes do not touch it."""

    TABLE: ClassVar[str] = "instance_ssh_key"
    instance_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Image(Resource):
    """An image of a project, or of the silo where `project_id` is None.

    Several images may show one content; it is named by the id of the image it was made for.
    """

    TABLE: ClassVar[str] = "image"
    KIND: ClassVar[str] = "image"
    project_id: str | None
    os: str
    version: str
    size: int
    block_size: int
    content_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Disk(Resource):
    """A disk; `instance_id` is set while it is attached."""

    TABLE: ClassVar[str] = "disk"
    KIND: ClassVar[str] = "disk"
    project_id: str
    size: int
    block_size: int
    disk_type: str
    read_only: bool
    image_id: str | None
    snapshot_id: str | None
    state: str
    instance_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot(Resource):
    """The content of a disk at a moment."""

    TABLE: ClassVar[str] = "snapshot"
    KIND: ClassVar[str] = "snapshot"
    project_id: str
    disk_id: str
    size: int
    block_size: int
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance(Resource):
    """A virtual machine; what runs of it is held by the lifecycle package."""

    TABLE: ClassVar[str] = "instance"
    KIND: ClassVar[str] = "instance"
    project_id: str
    hostname: str
    ncpus: int
    memory: int
    boot_disk_id: str | None
    run_state: str
    time_run_state_updated: str
    auto_restart_policy: str | None
    time_last_auto_restarted: str | None
    cpu_platform: str | None
    user_data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkInterface(Resource):
    """A network interface of an instance."""

    TABLE: ClassVar[str] = "network_interface"
    KIND: ClassVar[str] = "instance-network-interface"
    instance_id: str
    vpc_id: str
    subnet_id: str
    mac: str
    is_primary: bool
    ipv4: str | None
    ipv6: str | None
    ipv4_transit: tuple[str, ...]
    ipv6_transit: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vpc(Resource):
    """A virtual private cloud of a project."""

    TABLE: ClassVar[str] = "vpc"
    KIND: ClassVar[str] = "vpc"
    project_id: str
    dns_name: str
    ipv6_prefix: str
    system_router_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Subnet(Resource):
    """A subnet of a VPC."""

    TABLE: ClassVar[str] = "vpc_subnet"
    KIND: ClassVar[str] = "vpc-subnet"
    vpc_id: str
    ipv4_block: str
    ipv6_block: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FirewallRule(Resource):
    """A rule of a VPC's firewall; targets and filters are kept in the API's own form."""

    TABLE: ClassVar[str] = "firewall_rule"
    KIND: ClassVar[str] = "vpc-firewall-rule"
    vpc_id: str
    status: str
    direction: str
    action: str
    priority: int
    targets: list[Any]
    filters: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool(Resource):
    """An IP pool as its silo sees it."""

    TABLE: ClassVar[str] = "ip_pool"
    KIND: ClassVar[str] = "ip-pool"
    ip_version: str
    pool_type: str
    is_default: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FloatingIp(Resource):
    """An address that outlives the instance it is attached to.

    The address is kept as a place in its pool, because a rack may get other addresses from the host
    at its next start.
    """

    TABLE: ClassVar[str] = "floating_ip"
    KIND: ClassVar[str] = "floating-ip"
    project_id: str
    pool_id: str
    position: int
    instance_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EphemeralIp:
    """An address that an instance borrows from a pool for its life."""

    TABLE: ClassVar[str] = "ephemeral_ip"
    instance_id: str
    pool_id: str
    position: int
    ip_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceNat:
    """An instance's share of an outbound address: the pool's address and a quarter of its ports."""

    TABLE: ClassVar[str] = "source_nat"
    instance_id: str
    pool_id: str
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A device token; only its SHA-256 digest is kept."""

    TABLE: ClassVar[str] = "device_token"
    id: str
    digest: str
    time_created: str
    time_expires: str | None
