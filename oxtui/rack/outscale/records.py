"""What the simulated Outscale keeps: one record type for each kind of resource.

Times are RFC 3339 texts, sizes GiB. An address is kept as a place among the rack's addresses, because
a rack may get others at its next start.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Vm:
    """A virtual machine; its volumes name it. `ssh_key`: the public key it was made with."""

    TABLE: ClassVar[str] = "vm"
    id: str
    image_id: str
    vm_type: str
    state: str
    state_reason: str
    time_created: str
    reservation_id: str
    launch_number: int
    client_token: str | None
    keypair_name: str | None
    ssh_key: str | None
    user_data: str
    subnet_id: str | None
    subregion: str
    security_groups: tuple[str, ...]
    private_position: int
    public_position: int | None
    root_device_name: str
    shutdown_behavior: str
    boot_mode: str
    performance: str
    architecture: str
    product_codes: tuple[str, ...]
    deletion_protection: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """A BSU volume; the `vm_id` and what follows are set while it is linked."""

    TABLE: ClassVar[str] = "volume"
    id: str
    size: int
    volume_type: str
    iops: int | None
    snapshot_id: str | None
    state: str
    subregion: str
    time_created: str
    client_token: str | None = None
    vm_id: str | None = None
    device_name: str | None = None
    link_state: str | None = None
    time_linked: str | None = None
    delete_on_vm_deletion: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The content of a volume at a moment. `volume_id`: "" where another account's volume was it."""

    TABLE: ClassVar[str] = "snapshot"
    id: str
    account_id: str
    volume_id: str
    size: int
    state: str
    progress: int
    description: str
    time_created: str
    client_token: str | None = None
    permitted: tuple[str, ...] = ()
    is_public: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """An OMI. `mappings` are in the API's own form; each names the snapshot it is made from."""

    TABLE: ClassVar[str] = "image"
    id: str
    account_id: str
    name: str
    description: str
    state: str
    state_message: str
    architecture: str
    root_device_name: str
    mappings: list[dict[str, Any]]
    boot_modes: tuple[str, ...]
    product_codes: tuple[str, ...]
    time_created: str
    permitted: tuple[str, ...] = ()
    is_public: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Keypair:
    """A public key. `kind`: the name that SSH gives its algorithm."""

    TABLE: ClassVar[str] = "keypair"
    id: str
    name: str
    kind: str
    fingerprint: str
    public_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityGroup:
    """A security group of a Net, or of the public Cloud where `net_id` is None."""

    TABLE: ClassVar[str] = "security_group"
    id: str
    name: str
    description: str
    net_id: str | None
    inbound: list[dict[str, Any]]
    outbound: list[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicIp:
    """A public IP that the account holds; `link_id` is set while it leads to a VM."""

    TABLE: ClassVar[str] = "public_ip"
    id: str
    position: int
    vm_id: str | None
    link_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Net:
    """A Net. The ranges of addresses are the rack's own and are not kept."""

    TABLE: ClassVar[str] = "net"
    id: str
    dhcp_options_set_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Subnet:
    """A subnet of a Net."""

    TABLE: ClassVar[str] = "subnet"
    id: str
    net_id: str
    subregion: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A tag of a resource."""

    TABLE: ClassVar[str] = "tag"
    resource_id: str
    key: str
    value: str


TYPES = (Vm, Volume, Snapshot, Image, Keypair, SecurityGroup, PublicIp, Net, Subnet, Tag)
