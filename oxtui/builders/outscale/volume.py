"""The outscale-bsuvolume builder: volumes that outlive the VM whose provisioners fill them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from oxtui.builders.outscale.account_builder import Entry
from oxtui.builders.outscale.options.volume import BsuVolumeOptions
from oxtui.builders.outscale.vm_builder import VmBuilder
from oxtui.builders.outscale.waiting import tag
from oxtui.component.errors import StepError
from oxtui.component.post_processing import Artifact
from oxtui.component.protocols import StepContext


class OutscaleBsuVolumeBuilder(VmBuilder):
    """Makes a VM with more volumes, lets provisioners at it, and keeps the volumes."""

    Options: ClassVar[type[BsuVolumeOptions]] = BsuVolumeOptions
    builder_id: ClassVar[str] = "oapi.outscale.bsuvolume"
    without_artifact: ClassVar[str] = "No volume is kept: none of bsu_volumes outlives the VM."
    options: BsuVolumeOptions

    @property
    def kept_devices(self) -> Sequence[str]:
        """The template's, and the root as well where it is one of them."""
        return self.options.kept_devices

    def beside_vm(self) -> Sequence[Entry]:
        """Volumes are tagged before anybody works on them."""
        if not any(each.tags for each in self.options.bsu_volumes):
            return ()
        return [("volume-tags", "volume tags", "prepare", set_tags)]

    def captured(self) -> Sequence[Entry]:
        """The volumes are looked at once more."""
        return [("volumes", "volumes", "capture", check)]

    def result(self) -> Artifact | None:
        """The volumes, once they were looked at after the VM's stop."""
        found = self.found
        if not found.built or found.source is None:
            return None
        told = ", ".join(f"{device} ({volume})" for device, volume in found.built.items())
        ids = sorted(found.built.values())
        return Artifact(
            self.builder_id, ",".join(f"{found.region}:{each}" for each in ids),
            f"{told} in {found.region}", name=", ".join(ids),
            fields=(("region", found.region), ("source_omi", found.source.image_id)),
            noun="volume" if len(ids) == 1 else "volumes", stays=True,
        )  # fmt: skip


async def set_tags(builder: OutscaleBsuVolumeBuilder, context: StepContext) -> None:
    """Tags each volume as the template has it.

    Raises:
        OutscaleError: the API refused.
    """
    client = await builder.client()
    for each in builder.options.bsu_volumes:
        volume = builder.found.devices.get(each.device_name)
        await tag(client, [volume] if volume else [], builder.rendered(each.tags))
    context.say("Tags are set")


async def check(builder: OutscaleBsuVolumeBuilder, context: StepContext) -> None:
    """Makes sure that the volumes are there.

    Raises:
        StepError: one is gone, or failed.
        OutscaleError: the API gave no answer.
    """
    found, client = builder.found, await builder.client()
    there: dict[str, str] = {}
    for device in builder.kept_devices:
        known = found.devices.get(device)
        volume = await client.volumes.find(known) if known else None
        if volume is None or volume.state in ("deleting", "error"):
            state = "is gone" if volume is None else f"is {volume.state}"
            raise StepError(f"the volume of {device} ({known or 'unknown'}) {state}.")
        there[device] = volume.volume_id
        context.say(f"Volume {volume.volume_id} of {device}")
    found.built = there
