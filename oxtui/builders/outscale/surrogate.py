"""The outscale-bsusurrogate builder: a volume that a VM filled becomes the root of an image."""

from __future__ import annotations

import secrets
from typing import Any, ClassVar

from oxtui.builders.outscale import capture
from oxtui.builders.outscale.image_builder import ImageBuilder
from oxtui.builders.outscale.options.surrogate import BsuSurrogateOptions
from oxtui.builders.outscale.vm_builder import Run
from oxtui.builders.outscale.waiting import Appearing, tag, watched
from oxtui.component.errors import StepError
from oxtui.component.protocols import StepContext
from oxtui.outscale.client import OutscaleClient
from oxtui.outscale.models.storage import Snapshot

ARCHITECTURE = "x86_64"
"""Of every VM type of Outscale."""


class OutscaleBsuSurrogateBuilder(ImageBuilder):
    """Makes a VM with further volumes, lets provisioners build a system on them, makes an image of these."""

    Options: ClassVar[type[BsuSurrogateOptions]] = BsuSurrogateOptions
    builder_id: ClassVar[str] = "oapi.outscale.bsusurrogate"
    options: BsuSurrogateOptions

    def owns(self, device: str) -> bool:
        """All volumes are temporary: what they hold is in the image."""
        return True

    def capturing(self) -> list[tuple[str, str, Any, Run]]:
        """A snapshot of each device, then the image of them."""
        return [("snapshots", "snapshots", "capture", take_snapshots), *super().capturing()]

    def image_body(self) -> dict[str, Any]:
        """The body of CreateImage: the devices of the template, those of the VM from their snapshots."""
        options, found = self.options, self.found
        root = options.omi_root_device
        assert root is not None  # noqa: S101 - the options cannot be without
        devices = {each.device_name: each.wire() for each in options.omi_block_device_mappings}
        for device in options.launch_block_device_mappings:
            wire = device.wire()
            wire["Bsu"]["SnapshotId"] = found.snapshots[device.device_name]
            if device.device_name == root.source_device_name:
                wire["DeviceName"] = root.device_name
                kind = {"VolumeType": root.volume_type, "Iops": root.iops}
                for name, value in kind.items():
                    wire["Bsu"].pop(name, None)
                    if value:
                        wire["Bsu"][name] = value
            devices[wire["DeviceName"]] = wire
        return {
            "ImageName": found.omi_name,
            "Architecture": ARCHITECTURE,
            "RootDeviceName": root.device_name,
            "BlockDeviceMappings": [devices[name] for name in sorted(devices)],
            **capture.image_facts(self),
        }

    async def hand_over(self) -> None:
        """The image is the operator's from now on, and its snapshots with it."""
        await super().hand_over()
        for number in self.found.snapshot_records:
            await self.setting.recorder.release(number)


async def take_snapshots(builder: OutscaleBsuSurrogateBuilder, context: StepContext) -> None:
    """Takes a snapshot of each device that the template maps, one after another, and waits for each.

    Raises:
        StepError: one failed, or is not completed in time.
    """
    found = builder.found
    client = await builder.client()
    vm = await client.vms.find(found.vm)
    volumes = {} if vm is None else {
        device.device_name: device.bsu.volume_id
        for device in vm.block_device_mappings
        if device.bsu is not None
    }  # fmt: skip
    for device in builder.options.launch_block_device_mappings:
        name = device.device_name
        if name not in found.snapshots:
            if name not in volumes:
                raise StepError(f"VM {found.vm} has no device {name} to take a snapshot of.")
            await _take(builder, client, name, volumes[name])
        try:
            await _completed(builder, client, name, context)
        except BrokenSnapshot:
            found.snapshots = {
                each: taken for each, taken in found.snapshots.items() if each != name
            }
            raise


class BrokenSnapshot(StepError):
    """It will never be completed."""


async def _take(
    builder: OutscaleBsuSurrogateBuilder, client: OutscaleClient, device: str, volume: str
) -> None:
    found, token = builder.found, secrets.token_hex(16)
    name = f"{found.name}{device.replace('/', '-')}"
    async with builder.setting.recorder.create(
        "outscale.snapshot", name, builder.locator(token=token)
    ) as made:
        taken = await client.create_snapshot(volume, builder.mark, token)
        made.created(taken.snapshot_id)
    found.snapshots = {**found.snapshots, device: taken.snapshot_id}
    found.snapshot_records += (made.number,)
    found.machine_records += (made.number,)
    await tag(client, [taken.snapshot_id], builder.build_tags)


async def _completed(
    builder: OutscaleBsuSurrogateBuilder, client: OutscaleClient, device: str, context: StepContext
) -> None:
    id_ = builder.found.snapshots[device]
    gone = f"snapshot {id_} is gone: somebody else deleted it. Retry to take another one."
    appearing = Appearing(lambda: client.snapshots.find(id_), gone)

    async def look() -> Snapshot | None:
        if (snapshot := await appearing.look()) is None:
            return None
        if snapshot.state in ("error", "deleting"):
            raise BrokenSnapshot(
                f"snapshot {id_} of {device} is {snapshot.state}. Retry to take another one."
            )
        if snapshot.state == "completed":
            return snapshot
        told = f"snapshot of {device} is {snapshot.state}, at {snapshot.progress} %"
        context.progress(told, float(snapshot.progress), 100.0)
        return None

    limit = builder.setting.waits.capture
    await watched(look, limit=limit, what=f"snapshot {id_} is not completed (waits.capture)")
    context.say(f"Snapshot {id_} of {device} is completed")
