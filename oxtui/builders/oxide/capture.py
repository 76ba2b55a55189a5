"""Steps of the oxide-instance builder from the provisioned machine to the image."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from oxtui.builders import guest_steps
from oxtui.builders.oxide.waiting import FIRST_POLL, LAST_POLL, instance_state
from oxtui.component.errors import StepError
from oxtui.component.events import Failure, InstanceStateChanged
from oxtui.component.protocols import StepContext
from oxtui.oxide.errors import AlreadyExists, ApiError, NotFound, OxideError, ServerError
from oxtui.oxide.models.image import Image, ImageCreate, ImageFromSnapshot
from oxtui.oxide.models.snapshot import SnapshotCreate

if TYPE_CHECKING:
    from oxtui.builders.oxide.builder import Found, OxideInstanceBuilder
    from oxtui.oxide.client import OxideClient

REPLACE_TRIES = 5


async def clear_keys(builder: OxideInstanceBuilder, context: StepContext) -> None:
    """Takes the temporary keys out of authorized_keys.

    Raises:
        StepError: it cannot be edited.
    """
    found = builder.found
    own = f"{builder.options.temporary_key_pair_name or found.instance_name} temporary"
    await guest_steps.clear_keys(builder.guest, found.key_comments or (own,), context)


async def sync(builder: OxideInstanceBuilder, context: StepContext) -> None:
    """Writes the guest's caches to its disk.

    Raises:
        StepError: `sync` did not succeed.
    """
    await guest_steps.sync(builder.guest, context)
    builder.found.written_at = context.now()


async def stop(builder: OxideInstanceBuilder, context: StepContext) -> None:
    """Stops the instance and waits until it is stopped.

    Raises:
        StepError: it is not stopped in time.
    """
    found = builder.found
    await builder.disconnect()
    client = await builder.client()

    def changed(state: str) -> None:
        context.progress(f"instance is {state}")
        context.say(f"Instance is {state}")
        context.emit(
            InstanceStateChanged(
                time=context.now(), build=context.build, instance=found.instance_id, state=state
            )
        )

    await client.instances.stop(found.instance_id)
    limit = builder.setting.waits.instance_state
    await instance_state(
        client, found.instance_id, "stopped", limit=limit, on_change=changed, dead=("destroyed",)
    )


async def snapshot(builder: OxideInstanceBuilder, context: StepContext) -> None:
    """Takes a snapshot of the boot disk and waits until it is ready.

    Raises:
        StepError: it is faulted or not ready in time.
    """
    found = builder.found
    client = await builder.client()
    if not found.snapshot_id:
        body = SnapshotCreate(
            name=found.instance_name,
            description=builder.mark,
            disk=found.boot_disk_id,
        )
        place = builder.locator(description=builder.mark, size=found.disk_size)
        async with builder.setting.recorder.create("oxide.snapshot", body.name, place) as made:
            taken = await made.make(client.snapshots.create(body, found.project))
        found.snapshot_id, found.snapshot_record = taken.id, made.number
        context.say(f"Snapshot {taken.name} ({taken.id})")
    try:
        await snapshot_ready(builder, context, found.snapshot_id)
    except BrokenSnapshot:
        found.snapshot_id = ""
        raise


class BrokenSnapshot(StepError):
    """It will never be ready."""


async def snapshot_ready(builder: OxideInstanceBuilder, context: StepContext, id: str) -> None:  # noqa: A002
    """Waits until the snapshot of that id is ready.

    Raises:
        BrokenSnapshot: it is faulted or gone.
        StepError: it is not ready in time.
    """
    client = await builder.client()
    pause = FIRST_POLL
    try:
        async with asyncio.timeout(builder.setting.waits.capture):
            while (state := (await client.snapshots.view(id)).state) != "ready":
                if state in ("faulted", "destroyed"):
                    raise BrokenSnapshot(f"snapshot {id} is {state}. Retry to take another one.")
                context.progress(f"snapshot is {state}")
                await asyncio.sleep(pause)
                pause = min(pause * 1.5, LAST_POLL)
    except TimeoutError:
        raise StepError(
            f"snapshot {id} is not ready after {builder.setting.waits.capture:.0f} s. "
            "Retry to wait again, or raise waits.capture in the settings."
        ) from None


async def image(builder: OxideInstanceBuilder, context: StepContext) -> None:
    """Makes the image from the snapshot; an image of that name is replaced where that was asked for.

    Raises:
        StepError: the source is unknown.
        OxideError: the rack refused.
    """
    found, setting = builder.found, builder.setting
    if found.source is None:
        raise StepError("the source image is not known; retry the preflight step first")
    body = ImageCreate(
        name=found.artifact_name,
        description=found.artifact_description,
        os=found.artifact_os,
        version=found.artifact_version,
        source=ImageFromSnapshot(id=found.snapshot_id),
    )
    if setting.force:
        await _make_room(builder, context)
    try:
        found.image = result = await _record(builder, body)
    except OxideError as error:
        if not found.replaced:
            raise
        summary = (
            f'{error} The image "{body.name}" that it was to replace ({found.replaced}) is deleted '
            f"already, so snapshot {found.snapshot_id} with the new content is kept. Retry, or make "
            "an image from it in the console."
        )
        request = error.request_id if isinstance(error, ApiError) else None
        raise StepError(Failure(summary=summary, request_id=request or "")) from error
    await setting.recorder.unhold(found.snapshot_record)
    context.say(f"Image {result.name} ({result.id})")


async def _record(builder: OxideInstanceBuilder, body: ImageCreate) -> Image:
    """Creates the image as the result of the build, which no cleanup removes."""
    recorder = builder.setting.recorder
    place = builder.locator(description=body.description, os=body.os, version=body.version)
    async with recorder.create("oxide.image", body.name, place) as made:
        result: Image = await made.make(_create(builder, body))
    await recorder.release(made.number)
    return result


async def _make_room(builder: OxideInstanceBuilder, context: StepContext) -> None:
    """Deletes the image of the wanted name: only now, with the new snapshot safe from any cleanup."""
    client, found = await builder.client(), builder.found
    try:
        old = await client.images.view(found.artifact_name, project=found.project)
    except NotFound:
        return
    context.say(f"Replacing image {old.name} ({old.id})")
    reason = f'the only copy of what was to replace image "{old.name}"'
    await builder.setting.recorder.hold(found.snapshot_record, reason)
    try:
        await client.images.delete(old.id)
    except ApiError:
        # Refused, so the old image is still there and the snapshot is no more than any other.
        await builder.setting.recorder.unhold(found.snapshot_record)
        raise
    found.replaced = old.id


async def _create(builder: OxideInstanceBuilder, body: ImageCreate) -> Image:
    """Creates the image; where an old one was just deleted a refusal that may pass is not the end.

    The name may take a moment to be free, and the rack may fail inside: a failure proves nothing,
    so the image is looked up before it is asked for again.
    """
    client, found = await builder.client(), builder.found
    tries = REPLACE_TRIES if found.replaced else 1
    pause = FIRST_POLL
    for left in reversed(range(tries)):
        try:
            return await client.images.create(body, project=found.project)
        except (AlreadyExists, ServerError):
            if not left:
                raise
        await asyncio.sleep(pause)
        pause = min(pause * 2, LAST_POLL)
        if (made := await _made(client, body, found)) is not None:
            return made
    raise AssertionError("unreachable")


async def _made(client: OxideClient, body: ImageCreate, found: Found) -> Image | None:
    """The image that a create made although it failed."""
    try:
        image = await client.images.view(body.name, project=found.project)
    except NotFound:
        return None
    ours = (image.description, image.os, image.version) == (body.description, body.os, body.version)
    return image if ours and image.id != found.replaced else None
