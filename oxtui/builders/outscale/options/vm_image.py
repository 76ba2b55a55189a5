"""Options of builders that make an image of a VM and its volumes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from oxtui.builders.outscale.options.devices import LaunchDevice
from oxtui.builders.outscale.options.image import ImageOptions
from oxtui.builders.outscale.options.run import VM
from oxtui.builders.outscale.options.vm import VmOptions
from oxtui.component.options import block, option


class VmImageOptions(VmOptions, ImageOptions):
    """A temporary VM, made from an image, of which another image is made."""

    older_names: ClassVar[Mapping[str, str]] = {
        **VmOptions.older_names,
        **ImageOptions.older_names,
    }
    without_effect: ClassVar[Mapping[str, str]] = {
        **ImageOptions.without_effect,
        **VmOptions.without_effect,
    }

    run_volume_tags: dict[str, str] = option(
        dict, help="Tags of the VM's root volume.", template=True, group=VM
    )
    launch_block_device_mappings: list[LaunchDevice] = block(
        help="Devices of the VM beside those of the image, or in their place.", several=True
    )

    @property
    def launch_devices(self) -> Sequence[LaunchDevice]:
        """Devices of the VM beside those of the image, or in their place."""
        return self.launch_block_device_mappings

    @property
    def root_volume_tags(self) -> Mapping[str, str]:
        """Tags of the VM's first volume."""
        return self.run_volume_tags
