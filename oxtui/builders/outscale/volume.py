"""The outscale-bsuvolume builder: volumes that a VM filled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from oxtui.builders.outscale.options.volume import BsuVolumeOptions
from oxtui.builders.outscale.vm_builder import VmBuilder
from oxtui.builders.outscale.waiting import tag
from oxtui.component.errors import StepError
from oxtui.component.post_processing import Artifact
from oxtui.component.protocols import BuilderSetting, Step, StepContext

BUILDER_ID = "oapi.outscale.bsuvolume"


class OutscaleBsuVolumeBuilder(VmBuilder):
    """Makes a VM with volumes, lets provisioners fill them, keeps the volumes alone."""

    Options: ClassVar[type[BsuVolumeOptions]] = BsuVolumeOptions
    without_artifact: ClassVar[str] = (
        "No volume was made, as bsu_volumes names none that outlives the VM."
    )
    options: BsuVolumeOptions

    def __init__(self, options: BsuVolumeOptions, setting: BuilderSetting) -> None:
        super().__init__(options, setting)
        self.made: Mapping[str, str] = {}
        """Ids of the volumes that outlive the VM, by device."""

    def owns(self, device: str) -> bool:
        """All of them, until they are handed over: a build that fails leaves none."""
        return True

    def before(self) -> Sequence[Step]:
        """From the source image to the connected VM, whose volumes are tagged."""
        steps = list(super().before())
        tags = self.step("tags", "volume tags", "prepare", _tag_volumes, keeps_machine=True)
        place = next(i for i, step in enumerate(steps) if step.plan.id == "vm") + 1
        return [*steps[:place], tags, *steps[place:]]

    def after(self) -> Sequence[Step]:
        """The VM is stopped, so that its volumes are whole."""
        steps = [*self.clearing(), *self.stopping()]
        return [self.step(*each, keeps_machine=True) for each in steps]

    def result(self) -> Artifact | None:
        """The volumes."""
        if not self.made:
            return None
        region, ids = self.found.region, sorted(self.made.values())
        text = f"Volumes in {region}: {', '.join(ids)}"
        return Artifact(
            BUILDER_ID, ",".join(f"{region}:{each}" for each in ids), text, name=ids[0],
            fields=(("region", region),), stays=True,
        )  # fmt: skip

    async def hand_over(self) -> None:
        """The volumes are the operator's from now on."""
        for volume in self.made.values():
            await self.setting.recorder.release(self.volumes[volume])


async def _tag_volumes(builder: OutscaleBsuVolumeBuilder, context: StepContext) -> None:
    """Finds the volumes that outlive the VM, and tags all that have tags.

    Raises:
        StepError: a volume that was asked for is not there.
    """
    client, found = await builder.client(), builder.found
    vm = await client.vms.find(found.vm)
    there = {} if vm is None else {
        device.device_name: device.bsu.volume_id
        for device in vm.block_device_mappings
        if device.bsu is not None
    }  # fmt: skip
    made = {}
    for wanted in builder.options.bsu_volumes:
        if wanted.no_device:
            continue
        volume = there.get(wanted.device_name)
        if volume is None:
            raise StepError(
                f"VM {found.vm} has no device {wanted.device_name}, which bsu_volumes names."
            )
        await tag(client, [volume], builder.rendered(wanted.tags))
        if wanted.device_name in builder.kept_devices and not wanted.delete_on_vm_deletion:
            made[wanted.device_name] = volume
        context.say(f"Volume {volume} is {wanted.device_name}")
    builder.made = made
