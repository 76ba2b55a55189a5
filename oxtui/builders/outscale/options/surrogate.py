"""Options of the outscale-bsusurrogate builder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar, Literal, Self

from pydantic import model_validator

from oxtui.builders.outscale.options.devices import LaunchDevice
from oxtui.builders.outscale.options.vm_image import VmImageOptions
from oxtui.component.options import Options, block, option


class RootDevice(Options):
    """The device of the VM that becomes the image's root."""

    source_device_name: str = option(
        help="Device of launch_block_device_mappings that becomes the root.", min_length=1
    )
    device_name: str = option(help="Name of the root device in the image.", min_length=1)
    volume_type: Literal["", "standard", "gp2", "io1"] = option(
        "", help="Kind of the root volume; that of the VM's device if empty."
    )
    iops: int = option(0, help="Operations a second; of io1 alone.", ge=0)
    volume_size: int = option(0, help="GiB; those of the VM's device if 0.", ge=0)
    delete_on_vm_deletion: bool = option(
        False, help="Delete the root volume with the VM; as the VM's device does if not set."
    )

    @model_validator(mode="after")
    def _operations(self) -> Self:
        if self.iops and self.volume_type in ("gp2", "standard"):
            raise ValueError(f"leave iops out: volume_type {self.volume_type} has none")
        return self


class BsuSurrogateOptions(VmImageOptions):
    """A temporary VM with a volume more, on which provisioners build the system of a new image."""

    documentation: ClassVar[str] = (
        "https://developer.hashicorp.com/packer/integrations/outscale/outscale/latest/components/builder/bsusurrogate"
    )
    without_effect: ClassVar[Mapping[str, str]] = {
        **VmImageOptions.without_effect,
        "root_device_name": "device_name of omi_root_device is what the root is called",
    }

    omi_root_device: RootDevice = block(
        help="Which device becomes the image's root.", required=True
    )

    @property
    def source_device(self) -> LaunchDevice:
        """The device of the VM that becomes the root."""
        wanted = self.omi_root_device.source_device_name
        return next(each for each in self.launch_devices if each.device_name == wanted)

    def image_name(self, device: str) -> str:
        """What a device of the VM is called in the image."""
        root = self.omi_root_device
        return root.device_name if device == root.source_device_name else device

    @property
    def kept_devices(self) -> Sequence[str]:
        """Those alone that are told to outlive the VM: what is on the others is in the image."""
        told = {
            each.device_name
            for each in self.launch_devices
            if "delete_on_vm_deletion" in each.model_fields_set
        }
        return [name for name in super().kept_devices if name in told]

    @model_validator(mode="after")
    def _registrable(self) -> Self:
        if problems := list(self._problems()):
            raise ValueError("; ".join(problems))
        return self

    def _problems(self) -> Iterator[str]:
        root = self.omi_root_device
        names = [each.device_name for each in self.launch_devices]
        if root.source_device_name not in names:
            yield (
                f"write a launch_block_device_mappings with device_name {root.source_device_name}, which "
                "source_device_name of omi_root_device names"
            )
            return
        if left_out := [each.device_name for each in self.launch_devices if each.no_device]:
            yield f"leave no_device of {left_out[0]} out: there is no volume to take a snapshot of"
        twice = [name for name, times in Counter(map(self.image_name, names)).items() if times > 1]
        if twice:
            yield f"keep one of the launch_block_device_mappings that are {twice[0]} in the image"
        source = self.source_device
        if source.delete_on_vm_deletion and self.shutdown_behavior == "terminate":
            yield (
                f"leave delete_on_vm_deletion of {source.device_name} out, or write stop for "
                "shutdown_behavior: the volume would be gone before its snapshot"
            )
        if root.volume_type == "io1" and not (root.iops or source.iops):
            yield "write iops in omi_root_device, which volume_type io1 needs"
        if root.iops and not root.volume_type and source.volume_type != "io1":
            yield "leave iops of omi_root_device out, or write volume_type io1: no other has it"
