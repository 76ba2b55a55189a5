"""Options of the outscale-bsuvolume builder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import ClassVar, Self

from pydantic import model_validator

from oxtui.builders.outscale.options.devices import LaunchDevice
from oxtui.builders.outscale.options.vm import VmOptions
from oxtui.component.options import block, option


class VolumeDevice(LaunchDevice):
    """A volume that is made."""

    tags: dict[str, str] = option(dict, help="Tags of the volume.", template=True)

    @model_validator(mode="after")
    def _tagged(self) -> Self:
        if self.no_device and self.tags:
            raise ValueError("leave tags out, or no_device, which leaves no volume to tag")
        return self


class BsuVolumeOptions(VmOptions):
    """A temporary VM, made from an image, whose provisioners fill volumes that outlive it."""

    documentation: ClassVar[str] = (
        "https://developer.hashicorp.com/packer/integrations/outscale/outscale/latest/components/builder/bsuvolume"
    )
    older_names: ClassVar[Mapping[str, str]] = {
        **VmOptions.older_names,
        "ebs_volumes": "bsu_volumes",
    }
    outdated: ClassVar[frozenset[str]] = VmOptions.outdated | {"ebs_volumes"}

    bsu_volumes: list[VolumeDevice] = block(help="Volumes that are made.", several=True)

    @property
    def launch_devices(self) -> Sequence[LaunchDevice]:
        """The volumes, as devices of the VM."""
        return self.bsu_volumes

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        names = Counter(each.device_name for each in self.bsu_volumes)
        if twice := [name for name, times in names.items() if times > 1]:
            raise ValueError(f"keep one of the bsu_volumes with device_name {twice[0]}")
        return self
