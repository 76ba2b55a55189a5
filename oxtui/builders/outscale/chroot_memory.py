"""What the outscale-chroot builder knows outlives its process, held against Outscale and this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from oxtui.builders.chroot import root_memory
from oxtui.builders.outscale.found import Found
from oxtui.builders.outscale.memory import remember_found, restore_found
from oxtui.component.errors import StepError
from oxtui.component.protocols import StepContext, Unfinished
from oxtui.outscale.models.image import Image

if TYPE_CHECKING:
    from oxtui.builders.outscale.chroot import OutscaleChrootBuilder
    from oxtui.outscale.client import OutscaleClient


def remember(builder: OutscaleChrootBuilder) -> dict[str, Any]:
    """Volume, root and what is found, as JSON can hold it."""
    if not builder.found.account:
        return {}
    chroot, base = builder.chroot, builder.base
    return {
        **remember_found(builder),
        "own_vm": builder.own_vm,
        "base": None if base is None else base.model_dump(mode="json", by_alias=True),
        "root_volume": builder.volume,
        **root_memory.remember(chroot),
    }


async def recall(
    builder: OutscaleChrootBuilder, before: Unfinished, context: StepContext
) -> dict[str, str]:
    """Goes on where the process ended: in the root that is still mounted, or past it; else from the start.

    Raises:
        StepError: the volume is gone or not mounted any more, and with it what provisioners have done.
        OutscaleError: the API has no answer.
    """
    memory = before.memory
    if not memory:
        return {}
    client = await restore_found(builder, memory)
    chroot, found = builder.chroot, builder.found
    builder.own_vm, builder.volume = memory["own_vm"], memory["root_volume"]
    builder.base = None if memory["base"] is None else Image.model_validate(memory["base"])
    root_memory.restore(chroot, memory)
    claim = f"omi {found.account} {found.region} {found.omi_name}"
    builder.setting.claims.setdefault(claim, builder.setting.build)
    own = [each.plan.id for each in (*builder.before(), *builder.after())]
    done = [each for each in own if each in before.done]
    volume = await client.volumes.find(builder.volume) if builder.volume else None
    if volume is not None and ("unmount" in done or await _is_mounted(builder)):
        context.say(f"Going on with volume {volume.volume_id}")
        there = await root_memory.go_on(chroot, done, before, context)
        await _find_image(builder, client)
        return there
    if before.provisioned:
        raise StepError(
            f"volume {builder.volume} is not mounted at {chroot.path} any more, and with it what the steps "
            "before have done is out of reach. Build the template again."
        )
    context.say("The build begins anew")
    await builder.setting.recorder.start_over(builder.service)
    builder.found, builder.base = Found(), None
    builder.own_vm = builder.volume = ""
    root_memory.forget(chroot)
    return {}


async def _is_mounted(builder: OutscaleChrootBuilder) -> bool:
    """Whether the root is, by this build."""
    chroot, recorder = builder.chroot, builder.setting.recorder
    if not chroot.is_mounted:
        return False
    return await recorder.existing("local.mount", chroot.path, chroot.machine) is not None


async def _find_image(builder: OutscaleChrootBuilder, client: OutscaleClient) -> None:
    """The image that was asked for, which the process may have ended before it could remember."""
    found = builder.found
    made = await builder.setting.recorder.existing("outscale.image", found.omi_name, client)
    found.image = None if made is None else await client.images.find(made.id)
    if made is not None:
        found.image_record = made.number
