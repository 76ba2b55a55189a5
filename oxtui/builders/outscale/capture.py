"""The step from the stopped VM, or from snapshots, to the image that is available."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from oxtui.builders.outscale.omi import own_images
from oxtui.builders.outscale.storage import delete_snapshot
from oxtui.builders.outscale.waiting import Appearing, watched
from oxtui.component.errors import StepError
from oxtui.component.protocols import StepContext
from oxtui.outscale.errors import ApiError, NotFound
from oxtui.outscale.models.image import Image

if TYPE_CHECKING:
    from oxtui.builders.outscale.image_builder import ImageBuilder
    from oxtui.outscale.client import OutscaleClient


async def image(builder: ImageBuilder, context: StepContext) -> None:
    """Makes the image and waits until it is available; one of that name is replaced where that was asked for.

    Raises:
        StepError: it failed, or is not available in time.
        OutscaleError: the API refused.
    """
    found, setting = builder.found, builder.setting
    client = await builder.client()
    if found.image is not None and found.image.state == "failed":
        own = not builder.given_snapshots
        await away(client, found.image, setting.waits.cleanup, snapshots=own)
        found.image = None
    if found.image is None:
        if builder.replaces:
            await _make_room(builder, client, context)
        place = builder.locator(given_snapshots="yes" if builder.given_snapshots else "")
        async with setting.recorder.create("outscale.image", found.omi_name, place) as made:
            found.image = await client.create_image(builder.image_body())
            made.created(found.image.image_id)
        found.image_record = made.number
        context.say(f"Image {found.omi_name} ({found.image.image_id})")

    def seen(image: Image) -> None:
        found.image = image

    limit = setting.waits.capture
    found.image = await available(client, found.image.image_id, context, limit=limit, seen=seen)
    if found.replaced:
        await _unhold(builder)


async def available(
    client: OutscaleClient,
    image_id: str,
    context: StepContext,
    *,
    limit: float,
    seen: Callable[[Image], None] = lambda image: None,
) -> Image:
    """The image, once it is available, with its progress shown; `limit` in seconds, `seen` is told of each look.

    Raises:
        StepError: it failed, went away, or took too long.
    """
    gone = f"image {image_id} is gone: somebody else deleted it. Abort the build."
    appearing = Appearing(lambda: client.images.find(image_id), gone)
    state = ""

    async def look() -> Image | None:
        nonlocal state
        if (image := await appearing.look()) is None:
            return None
        seen(image)
        if image.state == "failed":
            comment = image.state_comment
            why = comment.state_message if comment and comment.state_message else "no reason told"
            raise StepError(f"image {image_id} failed: {why}. Retry to make another one.")
        if image.state == "available":
            return image
        state = image.state
        state = await _tell_progress(client, image, context)
        return None

    return await watched(
        look, limit=limit, what=f"image {image_id} is not available", setting="waits.capture",
        instead=lambda: state,
    )  # fmt: skip


async def _tell_progress(client: OutscaleClient, image: Image, context: StepContext) -> str:
    """How far its snapshots are, of which the slowest counts; its state in words."""
    if not image.snapshot_ids:
        context.progress(f"image is {image.state}")
        return image.state
    snapshots = await client.snapshots.list({"SnapshotIds": list(image.snapshot_ids)})
    if broken := [each.snapshot_id for each in snapshots if each.state == "error"]:
        raise StepError(f"snapshot {broken[0]} of image {image.image_id} failed. Retry.")
    least = min((each.progress for each in snapshots), default=0)
    text = f"{image.state}, snapshots are at {least} %"
    context.progress(f"image is {text}", float(least), 100.0)
    return text


async def _make_room(builder: ImageBuilder, client: OutscaleClient, context: StepContext) -> None:
    """Deletes the account's image of the wanted name; the VM is the only copy of what is to replace it."""
    found, setting = builder.found, builder.setting
    for old in await own_images(builder, client):
        context.say(f"Replacing image {old.image_name} ({old.image_id})")
        reason = f'the only copy of what was to replace image "{old.image_name}"'
        for number in builder.only_copy:
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
    for number in builder.only_copy:
        await builder.setting.recorder.unhold(number)


async def away(
    client: OutscaleClient, failed: Image, seconds: float, *, snapshots: bool = True
) -> None:
    """Deletes an image that failed, which keeps its name from the next one, and the `snapshots` that came with it.

    seconds: for each snapshot to be deleted.
    """
    with suppress(NotFound):
        await client.call("DeleteImage", ImageId=failed.image_id)
    if snapshots:
        for snapshot in failed.snapshot_ids:
            await delete_snapshot(client, snapshot, seconds)
