"""Virtual machines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from pydantic import Field

from oxtui.outscale.models.base import Model, Tagged


class VmVolume(Model):
    """The volume behind a device of a VM."""

    delete_on_vm_deletion: bool = False
    state: str = ""
    volume_id: str = ""


class VmDevice(Model):
    """A device of a VM."""

    bsu: VmVolume | None = None
    device_name: str = ""


class VmGroup(Model):
    """A security group that a VM is in."""

    security_group_id: str = ""
    security_group_name: str = ""


class Placement(Model):
    """Where a VM is."""

    subregion_name: str = ""


class Vm(Tagged):
    """A VM. `state`: pending, running, stopping, stopped, shutting-down, terminated or quarantine."""

    id_field: ClassVar[str] = "vm_id"

    architecture: str = ""
    block_device_mappings: list[VmDevice] = Field(default_factory=list)
    client_token: str = ""
    creation_date: str = ""
    image_id: str = ""
    keypair_name: str = ""
    net_id: str = ""
    placement: Placement = Field(default_factory=Placement)
    private_dns_name: str = ""
    private_ip: str = ""
    public_dns_name: str = ""
    public_ip: str = ""
    root_device_name: str = ""
    security_groups: list[VmGroup] = Field(default_factory=list)
    state: str = ""
    state_reason: str = ""
    subnet_id: str = ""
    vm_id: str = ""
    vm_initiated_shutdown_behavior: str = ""
    vm_type: str = ""

    @property
    def volume_ids(self) -> Sequence[str]:
        """Of its devices."""
        devices = (device.bsu for device in self.block_device_mappings if device.bsu is not None)
        return [bsu.volume_id for bsu in devices if bsu.volume_id]
