"""The steps of a chroot build before its volume: which VM this is, and the image that may be built from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxtui.builders.chroot.preflight import PROGRAMS, check_installed, check_rights
from oxtui.builders.outscale import capture
from oxtui.builders.outscale.names import LONGEST
from oxtui.builders.outscale.preflight import check_account, find_source, tell_values
from oxtui.component.errors import StepError
from oxtui.component.protocols import StepContext
from oxtui.outscale.metadata import own_vm_id
from oxtui.outscale.models.image import Image

if TYPE_CHECKING:
    from oxtui.builders.outscale.chroot import OutscaleChrootBuilder
    from oxtui.outscale.client import OutscaleClient


async def preflight(builder: OutscaleChrootBuilder, context: StepContext) -> None:
    """Looks whether all is there that is needed; nothing is made.

    Raises:
        StepError: something is missing.
        OutscaleError: the API does not accept the keys, or nobody says which VM this is.
    """
    host = builder.chroot.host
    await check_rights(host)
    check_installed(host, [*PROGRAMS, "cp"])
    client = await check_account(builder, context)
    await _find_vm(builder, client, context)
    if not builder.options.from_scratch:
        _check_root(builder, await find_source(builder, client, context))
    _check_texts(builder)
    await builder.check(client)
    tell_values(builder, context)


async def _find_vm(
    builder: OutscaleChrootBuilder, client: OutscaleClient, context: StepContext
) -> None:
    vm_id = await own_vm_id(builder.setting.environ)
    vm = await client.vms.find(vm_id)
    if vm is None:
        raise StepError(
            f"this machine is VM {vm_id}, and account {builder.found.account} has none of that id in "
            f"{builder.region}. Give keys of the account, and the region, that this VM is of."
        )
    builder.own_vm, builder.found.subregion = vm_id, vm.placement.subregion_name
    context.say(f"This machine is VM {vm_id} in {builder.found.subregion}")


def _check_root(builder: OutscaleChrootBuilder, source: Image) -> None:
    root, wanted = source.root, builder.options.root_volume_type
    if not root.snapshot_id:
        raise StepError(
            f"source_omi: {source.image_id} does not tell the snapshot of its root device "
            f"{source.root_device_name}, so no volume can be made of it. Choose another one."
        )
    if wanted == "io1" and root.volume_type != "io1":
        raise StepError(
            f"root_volume_type: io1 needs a source image that has it, and {source.image_id} has "
            f"{root.volume_type or 'another'}. Choose gp2 or standard."
        )


def _check_texts(builder: OutscaleChrootBuilder) -> None:
    """What is evaluated late can be."""
    options = builder.options
    builder.render(options.omi_description)
    for tags in (options.root_volume_tags, options.tags, options.snapshot_tags):
        builder.rendered(tags)


async def copy_source(builder: OutscaleChrootBuilder, context: StepContext) -> None:
    """Makes an own copy of an image of another account, whose snapshots only that one may restore.

    Raises:
        StepError: it failed, or is not available in time.
        OutscaleError: the API refused.
    """
    source, setting, found = builder.found.source, builder.setting, builder.found
    if source is None or source.account_id == found.account:
        builder.base = source
        context.say("The source image is of this account, so no copy is needed")
        return
    client = await builder.client()
    mark = f"-packer-copy-{setting.run_id}"
    name = f"{source.image_name[: LONGEST - len(mark)]}{mark}"
    made = await setting.recorder.existing("outscale.image", name, client)
    copy = None if made is None else await client.images.find(made.id)
    if copy is not None and copy.state == "failed":
        await capture.away(client, copy, setting.waits.cleanup)
        copy = None
    if copy is None:
        body = {
            "ImageName": name,
            "SourceImageId": source.image_id,
            "SourceRegionName": builder.region,
        }
        async with setting.recorder.create("outscale.image", name, builder.locator()) as creating:
            copy = await client.create_image(body)
            creating.created(copy.image_id)
        context.say(f"Copying {source.image_id} as {name} ({copy.image_id})")
    limit = setting.waits.capture
    builder.base = await capture.available(client, copy.image_id, context, limit=limit)
