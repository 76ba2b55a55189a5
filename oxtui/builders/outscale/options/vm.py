"""Options of every builder that works in a temporary VM."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from oxtui.builders.outscale.options.access import AccessOptions
from oxtui.builders.outscale.options.devices import LaunchDevice
from oxtui.builders.outscale.options.run import RunOptions


class VmOptions(RunOptions, AccessOptions):
    """A VM of an account."""

    without_effect: ClassVar[Mapping[str, str]] = {
        **AccessOptions.without_effect,
        **RunOptions.without_effect,
    }

    @property
    def launch_devices(self) -> Sequence[LaunchDevice]:
        """Devices of the VM beside those of the image, or in their place."""
        return ()

    @property
    def kept_devices(self) -> Sequence[str]:
        """Names of those whose volumes outlive the VM."""
        return [
            each.device_name
            for each in self.launch_devices
            if not (each.no_device or each.delete_on_vm_deletion)
        ]

    @property
    def root_volume_tags(self) -> Mapping[str, str]:
        """Tags of the VM's first volume."""
        return {}
