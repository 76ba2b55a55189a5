"""Options of the outscale-bsu builder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal, Self

from pydantic import model_validator

from oxtui.builders.outscale.options.devices import LaunchDevice
from oxtui.builders.outscale.options.image import IMAGE, ImageOptions
from oxtui.builders.outscale.options.run import VM
from oxtui.builders.outscale.options.vm import VmOptions
from oxtui.component.options import block, option


class BsuOptions(VmOptions, ImageOptions):
    """A temporary VM, made from an image, provisioned, captured as a new image."""

    documentation: ClassVar[str] = (
        "https://developer.hashicorp.com/packer/integrations/outscale/outscale/latest/components/builder/bsu"
    )
    older_names: ClassVar[Mapping[str, str]] = {
        **VmOptions.older_names,
        **ImageOptions.older_names,
    }
    outdated: ClassVar[frozenset[str]] = ImageOptions.outdated
    without_effect: ClassVar[Mapping[str, str]] = {
        **VmOptions.without_effect,
        **ImageOptions.without_effect,
    }

    boot_mode: Literal["", "legacy", "uefi"] = option(
        "", help="How the VM boots; as the image says if empty.", group=VM
    )
    run_volume_tags: dict[str, str] = option(
        dict, help="Tags of the VM's root volume.", template=True, group=VM
    )
    skip_create_omi: bool = option(False, help="Provision, then clean up: no image.", group=IMAGE)
    launch_block_device_mappings: list[LaunchDevice] = block(
        help="Devices of the VM beside those of the image, or in their place.", several=True
    )

    @property
    def launch_devices(self) -> Sequence[LaunchDevice]:
        """As the template maps them."""
        return self.launch_block_device_mappings

    @property
    def root_volume_tags(self) -> Mapping[str, str]:
        """As the template has them."""
        return self.run_volume_tags

    @property
    def boots(self) -> str:
        """As the template says."""
        return self.boot_mode

    @model_validator(mode="after")
    def _capturable(self) -> Self:
        captured = not (self.skip_create_omi or self.omi_block_device_mappings)
        if captured and self.shutdown_behavior == "terminate":
            raise ValueError(
                "write stop for shutdown_behavior: terminate leaves no VM to make the image from"
            )
        return self
