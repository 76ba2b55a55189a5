"""Steps from the provisioned VM to the image that is available."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from oxtui.builders import guest_steps
from oxtui.builders.outscale.omi import own_images
from oxtui.builders.outscale.resources import delete_snapshot
from oxtui.builders.outscale.vm import state_teller
from oxtui.builders.outscale.waiting import Appearing, once_free, vm_state, watched
from oxtui.component.errors import StepError
from oxtui.component.protocols import StepContext
from oxtui.outscale.errors import ApiError, NotFound
from oxtui.outscale.models.image import Image

if TYPE_CHECKING:
    from oxtui.builders.outscale.image_builder import ImageBuilder
    from oxtui.builders.outscale.vm_builder import VmBuilder
    from oxtui.outscale.client import OutscaleClient


async def clear_keys(builder: VmBuilder, context: StepContext) -> None:
    """Takes the temporary key out of authorized_keys.

    Raises:
        StepError: it cannot be edited.
    """
    await guest_steps.clear_keys(builder.guest, [f"{builder.keypair_name} temporary"], context)


async def sync(builder: VmBuilder, context: StepContext) -> None:
    """Writes the guest's caches to its disk: StopVms waits for the guest, but not without end.

    Raises:
        StepError: `sync` did not succeed.
    """
    await guest_steps.sync(builder.guest, context)


async def stop(builder: VmBuilder, context: StepContext) -> None:
    """Stops the VM, unless the guest does so by itself, and waits until it is stopped.

    Raises:
        StepError: it is not stopped in time.
    """
    found = builder.found
    await builder.disconnect()
    client = await builder.client()
    limit = builder.setting.waits.instance_state
    vm = await client.vms.find(found.vm)
    terminates = vm is not None and vm.vm_initiated_shutdown_behavior == "terminate"
    if builder.options.disable_stop_vm:
        context.say("Waiting for the guest to shut down by itself (disable_stop_vm)")
    elif vm is not None and vm.state not in ("stopped", "stopping"):
        await once_free(lambda: client.call("StopVms", VmIds=[found.vm]), seconds=limit)
    # What `terminate` says is of shutdowns by the guest alone: StopVms stops the VM all the same.
    wanted = "terminated" if terminates and builder.options.disable_stop_vm else "stopped"
    await vm_state(
        client, found.vm, wanted, limit=limit, on_change=state_teller(builder, context),
        dead={"terminated", "quarantine"},
    )  # fmt: skip


async def image(builder: ImageBuilder, context: StepContext) -> None:
    """Makes the image and waits until it is available; one of that name is replaced where that was asked for.

    Raises:
        StepError: it failed, or is not available in time.
        OutscaleError: the API refused.
    """
    found, setting = builder.found, builder.setting
    client = await builder.client()
    if found.image is not None and found.image.state == "failed":
        await _away(client, found.image, setting.waits.cleanup)
        found.image = None
    if found.image is None:
        if builder.replaces:
            await _make_room(builder, client, context)
        body = builder.image_body()
        place = builder.locator(given_snapshots="" if "VmId" in body else "yes")
        async with setting.recorder.create("outscale.image", found.omi_name, place) as made:
            found.image = await client.create_image(body)
            made.created(found.image.image_id)
        found.image_record = made.number
        context.say(f"Image {found.omi_name} ({found.image.image_id})")
    found.image = await _available(builder, client, context)
    if found.replaced:
        await _unhold(builder)


def image_body(builder: ImageBuilder) -> dict[str, Any]:
    """The body of CreateImage: of the devices that the template names, else of the VM."""
    options, found = builder.options, builder.found
    body: dict[str, Any] = {"ImageName": found.omi_name}
    if options.omi_block_device_mappings:
        body["BlockDeviceMappings"] = [each.wire() for each in options.omi_block_device_mappings]
        body["RootDeviceName"] = options.root_device_name
    else:
        body["VmId"] = found.vm
    return body | image_facts(builder)


def image_facts(builder: ImageBuilder) -> dict[str, Any]:
    """What the image says of itself, as far as the template does."""
    options = builder.options
    optional = {
        "Description": builder.render(options.omi_description),
        "ProductCodes": options.product_codes,
        "BootModes": options.omi_boot_modes,
    }
    return {name: value for name, value in optional.items() if value}


async def _available(builder: ImageBuilder, client: OutscaleClient, context: StepContext) -> Image:
    found = builder.found
    assert found.image is not None  # noqa: S101 - made right before
    image_id = found.image.image_id

    gone = f"image {image_id} is gone: somebody else deleted it. Abort the build."
    appearing = Appearing(lambda: client.images.find(image_id), gone)

    async def look() -> Image | None:
        if (image := await appearing.look()) is None:
            return None
        found.image = image
        if image.state == "failed":
            comment = image.state_comment
            why = comment.state_message if comment and comment.state_message else "no reason told"
            raise StepError(f"image {image_id} failed: {why}. Retry to make another one.")
        if image.state == "available":
            return image
        await _tell_progress(client, image, context)
        return None

    limit = builder.setting.waits.capture
    return await watched(
        look, limit=limit, what=f"image {image_id} is not available (waits.capture)"
    )


async def _tell_progress(client: OutscaleClient, image: Image, context: StepContext) -> None:
    """How far its snapshots are, of which the slowest counts."""
    if not image.snapshot_ids:
        context.progress(f"image is {image.state}")
        return
    snapshots = await client.snapshots.list({"SnapshotIds": list(image.snapshot_ids)})
    if broken := [each.snapshot_id for each in snapshots if each.state == "error"]:
        raise StepError(f"snapshot {broken[0]} of image {image.image_id} failed. Retry.")
    least = min((each.progress for each in snapshots), default=0)
    context.progress(f"image is {image.state}, snapshots are at {least} %", float(least), 100.0)


async def _make_room(builder: ImageBuilder, client: OutscaleClient, context: StepContext) -> None:
    """Deletes the account's image of the wanted name; the VM is the only copy of what is to replace it."""
    found, setting = builder.found, builder.setting
    for old in await own_images(builder, client):
        context.say(f"Replacing image {old.image_name} ({old.image_id})")
        if not builder.options.omi_block_device_mappings:
            reason = f'the only copy of what was to replace image "{old.image_name}"'
            for number in found.machine_records:
                await setting.recorder.hold(number, reason)
        try:
            await client.call("DeleteImage", ImageId=old.image_id)
        except NotFound:
            continue
        except ApiError:
            if not found.replaced:
                await _unhold(builder)
            raise
        found.replaced = [*found.replaced, old.image_id]
        if builder.options.force_delete_snapshot:
            for snapshot in old.snapshot_ids:
                await delete_snapshot(client, snapshot, setting.waits.cleanup)


async def _unhold(builder: ImageBuilder) -> None:
    for number in builder.found.machine_records:
        await builder.setting.recorder.unhold(number)


async def _away(client: OutscaleClient, failed: Image, seconds: float) -> None:
    """Deletes an image that failed, which keeps its name from the next one, and its snapshots."""
    with suppress(NotFound):
        await client.call("DeleteImage", ImageId=failed.image_id)
    for snapshot in failed.snapshot_ids:
        await delete_snapshot(client, snapshot, seconds)
