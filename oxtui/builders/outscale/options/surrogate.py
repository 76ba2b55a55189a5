"""Options of the outscale-bsusurrogate builder."""

from __future__ import annotations

from typing import ClassVar, Literal, Self

from pydantic import model_validator

from oxtui.builders.outscale.options.vm_image import VmImageOptions
from oxtui.component.options import Options, block, option


class RootDevice(Options):
    """Which device of the VM becomes the root of the image."""

    source_device_name: str = option(help="Device of the VM that becomes root.", min_length=1)
    device_name: str = option(help="Name of the root device in the image.", min_length=1)
    volume_type: Literal["", "standard", "gp2", "io1"] = option(
        "", help="Kind of the root volume; the API's default if empty."
    )
    iops: int = option(0, help="Operations a second; of io1 alone.", ge=0)
    volume_size: int = option(0, help="GiB; the VM's device decides.", ge=0)
    delete_on_vm_deletion: bool = option(False, help="The VM's device decides.")

    @model_validator(mode="after")
    def _operations(self) -> Self:
        if self.iops and self.volume_type != "io1":
            raise ValueError("leave iops out, or write volume_type io1: no other has it")
        return self


class BsuSurrogateOptions(VmImageOptions):
    """A temporary VM, whose provisioners build a system on another volume, which becomes an image."""

    documentation: ClassVar[str] = (
        "https://developer.hashicorp.com/packer/integrations/outscale/outscale/latest/components/builder/bsusurrogate"
    )

    omi_root_device: RootDevice | None = block(help="The root of the image.")

    @model_validator(mode="after")
    def _rooted(self) -> Self:
        root = self.omi_root_device
        if root is None:
            raise ValueError("write omi_root_device: it says which device becomes root")
        devices = {each.device_name: each for each in self.launch_block_device_mappings}
        source = devices.get(root.source_device_name)
        if source is None:
            raise ValueError(
                f"map {root.source_device_name} in launch_block_device_mappings: omi_root_device names it"
            )
        if gone := [name for name, each in devices.items() if each.no_device]:
            raise ValueError(
                f"leave no_device out of {gone[0]}: there is nothing to take a snapshot of"
            )
        if self.shutdown_behavior == "terminate" and source.delete_on_vm_deletion:
            raise ValueError(
                "write stop for shutdown_behavior: terminate takes the volume along that becomes root"
            )
        return self
