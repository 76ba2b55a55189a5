"""Images (OMIs) and the devices of what is made from them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from pydantic import Field

from oxtui.outscale.models.base import Model, Tagged


class ImageVolume(Model):
    """The volume behind a device of an image; its size is in GiB."""

    delete_on_vm_deletion: bool = False
    iops: int = 0
    snapshot_id: str = ""
    volume_size: int = 0
    volume_type: str = ""


class ImageDevice(Model):
    """A device of an image."""

    bsu: ImageVolume | None = None
    device_name: str = ""

    def wire(self) -> dict[str, Any]:
        """As CreateImage takes it."""
        volume = self.bsu or ImageVolume()
        bsu: dict[str, Any] = {"DeleteOnVmDeletion": volume.delete_on_vm_deletion}
        optional = {
            "SnapshotId": volume.snapshot_id,
            "VolumeSize": volume.volume_size,
            "VolumeType": volume.volume_type,
            "Iops": volume.iops if volume.volume_type == "io1" else 0,
        }
        bsu |= {name: value for name, value in optional.items() if value}
        return {"DeviceName": self.device_name, "Bsu": bsu}


class StateComment(Model):
    """Why an image is in its state."""

    state_code: str = ""
    state_message: str = ""


class Image(Tagged):
    """An image. `state` is pending, available or failed; `creation_date` is ISO 8601 in UTC."""

    id_field: ClassVar[str] = "image_id"

    account_alias: str = ""
    account_id: str = ""
    architecture: str = ""
    block_device_mappings: list[ImageDevice] = Field(default_factory=list)
    boot_modes: list[str] = Field(default_factory=list)
    creation_date: str = ""
    description: str = ""
    image_id: str = ""
    image_name: str = ""
    root_device_name: str = ""
    root_device_type: str = ""
    state: str = ""
    state_comment: StateComment | None = None

    @property
    def name(self) -> str:
        """Its own, else its id."""
        return self.image_name or self.image_id

    @property
    def snapshot_ids(self) -> Sequence[str]:
        """Of its devices, each once."""
        devices = (device.bsu for device in self.block_device_mappings if device.bsu is not None)
        return list(dict.fromkeys(bsu.snapshot_id for bsu in devices if bsu.snapshot_id))

    @property
    def root(self) -> ImageVolume:
        """The volume behind its root device; empty where the API does not tell."""
        for device in self.block_device_mappings:
            if device.bsu is not None and device.device_name == self.root_device_name:
                return device.bsu
        return ImageVolume()

    @property
    def size(self) -> int:
        """GiB of its root device; 0 where the API does not tell."""
        return self.root.volume_size
