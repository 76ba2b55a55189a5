"""The outscale-bsusurrogate builder: an image of a volume that the VM has beside its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from oxtui.builders.outscale import snapshots
from oxtui.builders.outscale.account_builder import Entry
from oxtui.builders.outscale.image_builder import ImageBuilder
from oxtui.builders.outscale.options.devices import LaunchDevice
from oxtui.builders.outscale.options.surrogate import BsuSurrogateOptions
from oxtui.builders.outscale.vm_builder import VmBuilder


class OutscaleBsuSurrogateBuilder(ImageBuilder, VmBuilder):
    """Makes a VM with more volumes, lets provisioners build a system on one, makes an image of them."""

    Options: ClassVar[type[BsuSurrogateOptions]] = BsuSurrogateOptions
    builder_id: ClassVar[str] = "oapi.outscale.bsusurrogate"
    options: BsuSurrogateOptions

    @property
    def given_snapshots(self) -> bool:
        """They are taken before the image is made, and have records of their own."""
        return True

    @property
    def only_copy(self) -> Sequence[int]:
        """The snapshots."""
        return self.found.snapshot_records

    def captured(self) -> Sequence[Entry]:
        """Snapshots of the volumes, then the image of them."""
        return [("snapshots", "snapshots", "capture", snapshots.take), *super().captured()]

    def image_parts(self) -> Mapping[str, Any]:
        """The template's mappings, over which go the snapshots of the VM's devices."""
        options = self.options
        mappings = {each.device_name: each.wire() for each in options.omi_block_device_mappings}
        for device in options.launch_devices:
            name = options.image_name(device.device_name)
            mappings[name] = {"DeviceName": name, "Bsu": self._volume(device)}
        return {
            "Architecture": "x86_64",
            "RootDeviceName": options.omi_root_device.device_name,
            "BlockDeviceMappings": [mappings[name] for name in sorted(mappings)],
        }

    def _volume(self, device: LaunchDevice) -> dict[str, Any]:
        """What the image says of a volume: as the VM has it, and of the root as `omi_root_device` has it."""
        volume: dict[str, Any] = dict(device.wire()["Bsu"])
        volume["SnapshotId"] = self.found.snapshots[device.device_name]
        root = self.options.omi_root_device
        if device.device_name != root.source_device_name:
            return volume
        given = {"VolumeType": root.volume_type, "Iops": root.iops, "VolumeSize": root.volume_size}
        volume |= {name: value for name, value in given.items() if value}
        if "delete_on_vm_deletion" in root.model_fields_set:
            volume["DeleteOnVmDeletion"] = root.delete_on_vm_deletion
        if volume.get("VolumeType") != "io1":
            volume.pop("Iops", None)
        return volume
