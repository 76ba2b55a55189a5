"""Options of the outscale-bsuvolume builder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from oxtui.builders.outscale.options.devices import LaunchDevice
from oxtui.builders.outscale.options.vm import VmOptions
from oxtui.component.options import block, option


class VolumeDevice(LaunchDevice):
    """A volume that is made, with what it is tagged with."""

    tags: dict[str, str] = option(dict, help="Tags of the volume.", template=True)


class BsuVolumeOptions(VmOptions):
    """A temporary VM, whose provisioners fill volumes that outlive it."""

    documentation: ClassVar[str] = (
        "https://developer.hashicorp.com/packer/integrations/outscale/outscale/latest/components/builder/bsuvolume"
    )
    older_names: ClassVar[Mapping[str, str]] = {
        **VmOptions.older_names,
        "ebs_volumes": "bsu_volumes",
    }
    outdated: ClassVar[frozenset[str]] = frozenset(("ebs_volumes",))

    bsu_volumes: list[VolumeDevice] = block(help="Volumes that are made.", several=True)

    @property
    def launch_devices(self) -> Sequence[LaunchDevice]:
        """The volumes."""
        return self.bsu_volumes
