"""Block devices: volumes of the VM, and those that the image names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal, Self

from pydantic import model_validator

from oxtui.component.options import Options, option


class ImageDevice(Options):
    """A device that is stored in the image."""

    without_effect: ClassVar[Mapping[str, str]] = {
        "virtual_name": "Outscale has no ephemeral devices"
    }

    retired: ClassVar[frozenset[str]] = frozenset(("virtual_name",))

    device_name: str = option(help="Name of the device in the VM, such as /dev/sda1.", min_length=1)
    delete_on_vm_deletion: bool = option(False, help="Delete the volume with the VM.")
    volume_size: int = option(0, help="GiB; the snapshot's size if 0.", ge=0)
    volume_type: Literal["", "standard", "gp2", "io1"] = option("", help="Kind of volume.")
    iops: int = option(0, help="Operations a second; of io1 alone.", ge=0)
    snapshot_id: str = option(
        "", help="Snapshot that it is restored from.", lookup="snapshots", by="id"
    )

    @model_validator(mode="after")
    def _operations(self) -> Self:
        if self.iops and self.volume_type != "io1":
            raise ValueError("leave iops out, or write volume_type io1: no other has it")
        if self.volume_type == "io1" and not self.iops:
            raise ValueError("write iops, which volume_type io1 needs")
        return self

    def wire(self) -> dict[str, Any]:
        """As the API takes it."""
        bsu: dict[str, Any] = {"DeleteOnVmDeletion": self.delete_on_vm_deletion}
        if self.volume_type:
            bsu["VolumeType"] = self.volume_type
        if self.volume_size:
            bsu["VolumeSize"] = self.volume_size
        if self.iops:
            bsu["Iops"] = self.iops
        if self.snapshot_id:
            bsu["SnapshotId"] = self.snapshot_id
        return {"DeviceName": self.device_name, "Bsu": bsu}


class LaunchDevice(ImageDevice):
    """A device of the VM."""

    no_device: bool = option(False, help="Leave out a device that the image has.")

    def wire(self) -> dict[str, Any]:
        """As the API takes it."""
        if self.no_device:
            return {"DeviceName": self.device_name, "NoDevice": ""}
        return super().wire()
