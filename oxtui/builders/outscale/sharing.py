"""Steps that say who may use the image, and tag it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from oxtui.builders.outscale.waiting import tag
from oxtui.component.errors import StepError
from oxtui.component.protocols import StepContext
from oxtui.outscale.models.image import Image

if TYPE_CHECKING:
    from oxtui.builders.outscale.image_builder import ImageBuilder


def _image(builder: ImageBuilder) -> Image:
    if builder.found.image is None:
        raise StepError("there is no image; retry the image step first")
    return builder.found.image


async def share(builder: ImageBuilder, context: StepContext) -> None:
    """Lets other accounts use the image, and its snapshots: each list is for its own resource.

    Raises:
        OutscaleError: the API refused.
    """
    options, image = builder.options, _image(builder)
    client = await builder.client()
    additions: dict[str, Any] = {}
    if options.omi_account_ids:
        additions["AccountIds"] = options.omi_account_ids
    if options.global_permission:
        additions["GlobalPermission"] = True
    if additions:
        await client.call(
            "UpdateImage", ImageId=image.image_id, PermissionsToLaunch={"Additions": additions}
        )
        who = ["everybody"] if options.global_permission else options.omi_account_ids
        context.say(f"Image {image.image_id} can be launched by {', '.join(who)}")
    if options.snapshot_account_ids:
        for snapshot in image.snapshot_ids:
            await client.call(
                "UpdateSnapshot", SnapshotId=snapshot,
                PermissionsToCreateVolume={"Additions": {"AccountIds": options.snapshot_account_ids}},
            )  # fmt: skip
            context.say(f"Snapshot {snapshot} is shared")


async def set_tags(builder: ImageBuilder, context: StepContext) -> None:
    """Tags the image with its snapshots, then the snapshots alone.

    Raises:
        OutscaleError: the API refused.
    """
    options, image = builder.options, _image(builder)
    client = await builder.client()
    snapshots = list(image.snapshot_ids)
    await tag(client, [image.image_id, *snapshots], builder.rendered(options.tags))
    await tag(client, snapshots, builder.rendered(options.snapshot_tags))
    context.say("Tags are set")
