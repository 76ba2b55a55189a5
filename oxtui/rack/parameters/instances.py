"""Bodies of instance requests."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, Field
from pydantic_core import PydanticCustomError

from oxtui.rack.parameters.common import Base64, ByteCount, Created
from oxtui.rack.parameters.disks import DiskCreate
from oxtui.rack.parameters.networks import InterfaceCreate
from oxtui.rack.pools import AutoPool, PoolSelector
from oxtui.rack.web.names import Name, NameOrId

_LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?")


def _hostname(text: str) -> str:
    if not 1 <= len(text) <= 253 or not all(_LABEL.fullmatch(part) for part in text.split(".")):
        raise PydanticCustomError("hostname", "hostname is not a valid RFC 1035 host name")
    return text


class CreateDisk(DiskCreate):
    """A disk that is made with the instance."""

    type: Literal["create"]


class AttachDisk(BaseModel):
    """A disk of the project that is attached."""

    type: Literal["attach"]
    name: Name


DiskAttachment = Annotated[CreateDisk | AttachDisk, Field(discriminator="type")]


class EphemeralAddress(BaseModel):
    """An address from a pool for the instance's life."""

    type: Literal["ephemeral"]
    pool_selector: PoolSelector = AutoPool(type="auto")


class FloatingAddress(BaseModel):
    """A floating IP of the project."""

    type: Literal["floating"]
    floating_ip: NameOrId


class CreateInterfaces(BaseModel):
    """The interfaces, the first of which is the primary one."""

    type: Literal["create"]
    params: list[InterfaceCreate]


class DefaultInterface(BaseModel):
    """One interface on the default subnet, or none."""

    type: Literal["default_ipv4", "default_ipv6", "default_dual_stack", "none"]


AutoRestartPolicy = Literal["never", "best_effort"]
CpuPlatform = Literal["amd_milan", "amd_turin", "amd_turin_v2"]


class InstanceCreate(Created):
    """The body of an instance's create."""

    hostname: Annotated[str, AfterValidator(_hostname)]
    ncpus: Annotated[int, Field(ge=0, le=65535)]
    memory: ByteCount
    boot_disk: DiskAttachment | None = None
    disks: list[DiskAttachment] = Field(default=[])
    network_interfaces: Annotated[
        CreateInterfaces | DefaultInterface, Field(discriminator="type")
    ] = DefaultInterface(type="default_dual_stack")
    external_ips: list[
        Annotated[EphemeralAddress | FloatingAddress, Field(discriminator="type")]
    ] = Field(default=[])
    ssh_public_keys: list[NameOrId] | None = None
    user_data: Base64 = ""
    start: bool = True
    auto_restart_policy: AutoRestartPolicy | None = None
    anti_affinity_groups: list[NameOrId] = Field(default=[])
    cpu_platform: CpuPlatform | None = None
    enable_jumbo_frames: bool = False
    multicast_groups: list[Any] = Field(default=[])


class InstanceUpdate(BaseModel):
    """The body of an instance's update: all of these are required, though some may be null."""

    boot_disk: NameOrId | None
    ncpus: Annotated[int, Field(ge=0, le=65535)]
    memory: ByteCount
    auto_restart_policy: AutoRestartPolicy | None
    cpu_platform: CpuPlatform | None
    enable_jumbo_frames: bool


class EphemeralIpCreate(BaseModel):
    """The body of an ephemeral address's attach."""

    pool_selector: PoolSelector = AutoPool(type="auto")
