"""Going on without the VM that was provisioned: its key went with a process, or it is gone itself.

Another VM begins from a checkpoint, or from a snapshot of the first one's root volume: Outscale gives a
new VM no volume that there is already. The first VM stays, stopped, until the build cleans up. The new one has an id of
its own, so cloud-init lets the new temporary key in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxtui.builders.outscale import seal, snapshots
from oxtui.builders.outscale.disk import ROOT_DEVICE
from oxtui.builders.outscale.waiting import tag
from oxtui.component.checkpoints import LostMachine, StartPoint
from oxtui.component.protocols import StepContext, Unfinished
from oxtui.outscale.models.vm import Vm

if TYPE_CHECKING:
    from oxtui.builders.outscale.vm_builder import VmBuilder
    from oxtui.outscale.client import OutscaleClient


async def go_on(
    builder: VmBuilder,
    client: OutscaleClient,
    before: Unfinished,
    context: StepContext,
    why: str,
    vm: Vm | None = None,
) -> dict[str, str]:
    """Lets another VM begin where the provisioned one ended; the steps that need not run.

    why: as a sentence. vm: if it is there.

    Raises:
        BeginAnew: the build is to begin anew.
        StepError: nothing is left to begin with, or it cannot be had.
        OutscaleError: the API refused.
    """
    found = builder.found
    start = await before.instead(LostMachine(why, _root_volume(vm), _unsure(before, vm)))
    # Whoever is to give a passphrase is asked first.
    await builder.ring.open(builder.options, context)
    if start is None:
        start = await _as_it_is(builder, client, context, _root_volume(vm))
    await builder.setting.recorder.start_over(
        builder.service,
        "the key pair of the first attempt",
        only=lambda record: record.kind == "outscale.keypair",
    )
    await builder.disk.leave()
    found.keypair, found.key_comments, builder.private_key = "", (), ""
    builder.disk.start_from(start)
    return {"preflight": ""}


async def _as_it_is(
    builder: VmBuilder, client: OutscaleClient, context: StepContext, volume: str
) -> StartPoint:
    found = builder.found
    await seal.switch_off(builder, client, context)
    name = f"{found.name} as it was"
    text = f"What an oxtui build goes on with (run {builder.setting.run_id})"
    _, snapshot = await snapshots.begin(builder, client, volume, name, text)
    context.say(f"Snapshot {snapshot.snapshot_id} of {ROOT_DEVICE} ({volume})")
    await tag(client, [snapshot.snapshot_id], {"Name": name, **builder.build_tags})
    limit = builder.setting.waits.capture
    await snapshots.completed(client, snapshot.snapshot_id, context, limit=limit, what=ROOT_DEVICE)
    return StartPoint(name, snapshot.snapshot_id, tuple(found.key_comments))


def _root_volume(vm: Vm | None) -> str:
    """What all that was done is on; empty where there is none, or other volumes may hold some of it."""
    volumes = [] if vm is None else vm.volume_ids
    return volumes[0] if len(volumes) == 1 else ""


def _unsure(before: Unfinished, vm: Vm | None) -> str:
    """Why the volume may lack some of what was done; a guest that runs writes it when it is stopped."""
    if before.ended or vm is None or vm.state in ("running", "pending"):
        return ""
    return (
        "What was done last may be missing from its disk, as it stopped before its guest is sure to have "
        "written that."
    )
