"""The outscale-bsu builder: an image of the VM."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from oxtui.builders.outscale.image_builder import ImageBuilder
from oxtui.builders.outscale.options.bsu import BsuOptions
from oxtui.builders.outscale.vm_builder import VmBuilder


class OutscaleBsuBuilder(ImageBuilder, VmBuilder):
    """Makes a VM from an image, lets provisioners at it, captures it as a new image."""

    Options: ClassVar[type[BsuOptions]] = BsuOptions
    builder_id: ClassVar[str] = "oapi.outscale.bsu"
    without_artifact: ClassVar[str] = "No image was made, as skip_create_omi asks."
    options: BsuOptions

    @property
    def makes_image(self) -> bool:
        """Unless the template wants none."""
        return not self.options.skip_create_omi

    @property
    def given_snapshots(self) -> bool:
        """Those that the template names in its mappings."""
        return bool(self.options.omi_block_device_mappings)

    @property
    def only_copy(self) -> Sequence[int]:
        """The VM, unless the image is of snapshots that are there already."""
        return () if self.given_snapshots else self.machine_records

    def image_parts(self) -> Mapping[str, Any]:
        """The VM, or the mappings of the template."""
        options = self.options
        if not options.omi_block_device_mappings:
            return {"VmId": self.found.vm}
        mappings = [each.wire() for each in options.omi_block_device_mappings]
        return {"BlockDeviceMappings": mappings, "RootDeviceName": options.root_device_name}
