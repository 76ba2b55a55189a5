"""Volumes and snapshots; sizes are in GiB."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from pydantic import Field

from oxtui.outscale.models.base import Model, Tagged


class LinkedVolume(Model):
    """A volume's link to a VM. `state` is attaching, attached, detaching or detached."""

    delete_on_vm_deletion: bool = False
    device_name: str = ""
    state: str = ""
    vm_id: str = ""


class Volume(Tagged):
    """A volume. `state` is creating, available, in-use, deleting or error."""

    id_field: ClassVar[str] = "volume_id"

    client_token: str = ""
    creation_date: str = ""
    iops: int = 0
    linked_volumes: list[LinkedVolume] = Field(default_factory=list)
    size: int = 0
    snapshot_id: str = ""
    state: str = ""
    subregion_name: str = ""
    volume_id: str = ""
    volume_type: str = ""

    @property
    def vm_ids(self) -> Sequence[str]:
        """The VMs that it is linked to."""
        return [link.vm_id for link in self.linked_volumes if link.vm_id]


class Snapshot(Tagged):
    """A snapshot. `state` is in-queue, pending, completed, error or deleting; `progress` is in percent."""

    id_field: ClassVar[str] = "snapshot_id"

    account_alias: str = ""
    account_id: str = ""
    client_token: str = ""
    creation_date: str = ""
    description: str = ""
    progress: int = 0
    snapshot_id: str = ""
    state: str = ""
    volume_id: str = ""
    volume_size: int = 0
