"""Going on without the instance that was provisioned: its key went with a process, or it is gone itself.

Another instance gets its boot disk as it is. A disk outlives its instance, so no copy is made: nothing of
the quota is taken twice, and nothing has to be waited for. The new instance has an id of its own, so
cloud-init lets the new temporary key in, as on a disk that was made from a checkpoint.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from oxtui.builders.oxide.disk import OwnDisk
from oxtui.builders.oxide.preflight import find_addressing
from oxtui.component.checkpoints import LostMachine
from oxtui.component.errors import StepError
from oxtui.component.protocols import StepContext, Unfinished
from oxtui.oxide.models.instance import Instance

if TYPE_CHECKING:
    from oxtui.builders.oxide.builder import OxideInstanceBuilder
    from oxtui.oxide.client import OxideClient

WRITE_BACK = 35.0
"""Seconds after which Linux has a change on the disk: vm.dirty_expire_centisecs and dirty_writeback_centisecs,
30 s and 5 s by default. Nobody can log in to say `sync`, and a stop through the API may cut the power."""
STOPPING = 120.0
"""Seconds that a rack may take from the power's end until it says that the instance is stopped."""


async def go_on(
    builder: OxideInstanceBuilder,
    client: OxideClient,
    before: Unfinished,
    context: StepContext,
    why: str,
    instance: Instance | None = None,
) -> dict[str, str]:
    """Lets another instance begin where the provisioned one ended; the steps that need not run.

    why: as a sentence. instance: if it is there.

    Raises:
        StepError: nothing is left to begin with, or what is left cannot be had; nothing was changed, or the
            next attempt goes on from what was.
        OxideError: the rack has no answer.
    """
    found, recorder = builder.found, builder.setting.recorder
    disk = await recorder.existing("oxide.disk", found.disk_name or found.instance_name, client)
    lost = LostMachine(
        why, disk.name if disk is not None else "", unsure(builder, before, instance)
    )
    start = await before.instead(lost)
    if problem := await look_again(builder, client):
        raise StepError(problem)
    await builder.ring.open(
        builder.options, context
    )  # whoever is to give a passphrase is asked first
    if start is None and instance is not None and instance.run_state == "running":
        await _written_back(builder, before, context)
    keys = tuple(found.key_comments)
    await builder.disk.leave()
    found.key_comments, builder.private_key = (), ""
    # They are removed once it is written down with what the build goes on.
    found.outlived = ("oxide.instance",)
    if start is not None:
        found.outlived = ("oxide.instance", "oxide.disk")
        builder.disk.start_from(start)
    elif disk is not None:
        found.disk_name, found.boot_disk_id = disk.name, disk.id
        found.key_comments = keys
        found.written_at = context.now()
        builder.disk.own = OwnDisk(disk.name, disk.id, keys)
    return {"preflight": ""}


def unsure(builder: OxideInstanceBuilder, before: Unfinished, instance: Instance | None) -> str:
    """Why the disk may lack some of what the provisioners have done, as a sentence; empty if it has all of it.

    What a guest has not written when its power goes is lost. One that runs on writes it in time; of one that
    stopped, or began to run since, the rack tells when at the earliest that was.
    """
    done_at = before.done_at
    if _is_written(builder, before):
        return ""
    told = (
        "What was done last may be missing from its disk, as it {} before its guest is sure to have "
        "written that."
    )
    if instance is None:
        return told.format("may have been stopped")
    changed = instance.time_run_state_updated.timestamp()
    if instance.run_state == "running":
        return told.format("was restarted, maybe") if changed > done_at else ""
    return told.format("stopped") if changed < done_at + WRITE_BACK + STOPPING else ""


def _is_written(builder: OxideInstanceBuilder, before: Unfinished) -> bool:
    return before.ended or builder.found.written_at >= before.done_at


async def look_again(builder: OxideInstanceBuilder, client: OxideClient) -> str:
    """Looks how another instance is reached, which the process that ended knew; why it cannot be, as a sentence.

    Raises:
        OxideError: the rack cannot be read.
    """
    addressing = await find_addressing(client, builder.options.ip_pool)
    if isinstance(addressing, str):
        return addressing
    builder.found.addressing = addressing
    return ""


async def _written_back(
    builder: OxideInstanceBuilder, before: Unfinished, context: StepContext
) -> None:
    seconds = before.done_at + WRITE_BACK - context.now()
    if seconds > 0 and not _is_written(builder, before):
        text = (
            "The instance runs on until its kernel has written to the disk what the steps have done"
        )
        context.say(f"{text}, {seconds:.0f} s more")
        context.progress("the guest writes to its disk")
        await asyncio.sleep(seconds)
