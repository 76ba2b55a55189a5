"""The volume of a chroot build: made, attached to this VM, and taken off again."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oxtui.builders.chroot.devices import BLOCK, DEV, DeviceWatch
from oxtui.builders.chroot.lock import device_lock
from oxtui.builders.outscale.device_names import api_name, pick
from oxtui.builders.outscale.links import attached, unlink
from oxtui.builders.outscale.options.chroot import SCRATCH_TYPE
from oxtui.builders.outscale.snapshots import of_device
from oxtui.builders.outscale.storage import delete_volume
from oxtui.builders.outscale.waiting import Appearing, tag, watched
from oxtui.component.errors import StepError
from oxtui.component.protocols import StepContext
from oxtui.outscale.models.storage import Volume

if TYPE_CHECKING:
    from oxtui.builders.outscale.chroot import OutscaleChrootBuilder
    from oxtui.outscale.client import OutscaleClient


async def make_volume(builder: OutscaleChrootBuilder, context: StepContext) -> None:
    """Makes the volume, from the source image's root or empty, in this VM's subregion.

    Raises:
        StepError: it failed, or is not available in time.
        OutscaleError: the API refused.
    """
    client, setting = await builder.client(), builder.setting
    known = await client.volumes.find(builder.volume) if builder.volume else None
    if known is not None and known.state == "error":
        await delete_volume(client, known.volume_id, setting.waits.cleanup)
        known = None
    if known is None:
        token = secrets.token_hex(16)
        place = builder.locator(token=token)
        async with setting.recorder.create("outscale.volume", builder.found.name, place) as made:
            known = await client.create_volume({**_body(builder), "ClientToken": token})
            made.created(known.volume_id)
        builder.volume = known.volume_id
        builder.found.devices = {builder.root_device: known.volume_id}
        context.say(f"Volume {known.volume_id} of {known.size} GiB")
    tags = {"Name": builder.found.name, **builder.rendered(builder.options.root_volume_tags)}
    await tag(client, [builder.volume], {**tags, **builder.build_tags})
    await _available(client, builder.volume, limit=setting.waits.instance_state)


def _body(builder: OutscaleChrootBuilder) -> dict[str, Any]:
    options = builder.options
    body: dict[str, Any] = {"SubregionName": builder.found.subregion}
    if options.from_scratch:
        kind = options.root_volume_type or SCRATCH_TYPE
        return {**body, "Size": options.root_size, "VolumeType": kind}
    root = builder.base_image.root
    kind = options.root_volume_type or root.volume_type
    body |= {
        "SnapshotId": root.snapshot_id,
        "Size": max(options.root_volume_size, root.volume_size),
    }
    if kind:
        body["VolumeType"] = kind
    if kind == "io1":
        body["Iops"] = root.iops
    return body


async def _available(client: OutscaleClient, volume_id: str, *, limit: float) -> None:
    gone = f"volume {volume_id} is gone: somebody else deleted it. Retry to make another one."
    appearing = Appearing(lambda: client.volumes.find(volume_id), gone)

    async def look() -> Volume | None:
        volume = await appearing.look()
        if volume is not None and volume.state in ("error", "deleting"):
            raise StepError(f"volume {volume_id} is {volume.state}. Retry to make another one.")
        return volume if volume is not None and volume.state == "available" else None

    told = f"volume {volume_id} is not available"
    await watched(look, limit=limit, what=told, setting="waits.instance_state")


async def attach(builder: OutscaleChrootBuilder, context: StepContext) -> None:
    """Attaches the volume, and finds out which device of this machine it is.

    One build of this machine at a time does so, as each looks for the device that appears.

    Raises:
        StepError: no device is free, or none appeared.
        OutscaleError: the API refused.
    """
    client, options, setting = await builder.client(), builder.options, builder.setting
    limit, volume = setting.waits.instance_state, builder.volume
    chroot = builder.chroot
    async with device_lock(context.say):
        # What an attempt before has linked, its device is among those that are known by now.
        if await setting.recorder.existing("outscale.volume_link", volume, client) is not None:
            await unlink(client, volume, limit=limit)
        vm = await client.vms.find(builder.own_vm)
        linked = [each.device_name for each in vm.block_device_mappings] if vm is not None else []
        path = pick(options.device_path, linked, BLOCK, DEV)
        with DeviceWatch() as watch:
            place = builder.locator(vm=builder.own_vm)
            async with setting.recorder.create("outscale.volume_link", volume, place) as made:
                await client.call(
                    "LinkVolume", DeviceName=api_name(path), VmId=builder.own_vm, VolumeId=volume
                )
                made.created(volume)
            await attached(client, volume, limit=limit)
            given = [each for each in (options.nvme_device_path, path) if each]
            chroot.device = await watch.appeared(*given)
    context.say(f"Volume {volume} is {chroot.device} here, and {api_name(path)} for the API")
    name = Path(chroot.device).name
    chroot.path = os.path.normpath(chroot.render(options.mount_path, Device=name))


async def detach(builder: OutscaleChrootBuilder, context: StepContext) -> None:
    """Takes the volume off, so that all of it is written before its snapshot.

    Raises:
        StepError: it is still attached.
        OutscaleError: the API refused.
    """
    client = await builder.client()
    await unlink(client, builder.volume, limit=builder.setting.waits.instance_state)
    context.say(f"Volume {builder.volume} is detached")


async def snapshot(builder: OutscaleChrootBuilder, context: StepContext) -> None:
    """Takes the snapshot that becomes the image's root.

    Raises:
        StepError: it failed, or is not completed in time.
        OutscaleError: the API refused.
    """
    await of_device(builder, await builder.client(), context, builder.root_device)
