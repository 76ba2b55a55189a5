"""The step that takes a snapshot of each volume that the template gave to the VM."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from oxtui.builders.outscale.storage import delete_snapshot
from oxtui.builders.outscale.waiting import Appearing, watched
from oxtui.component.errors import StepError
from oxtui.component.protocols import StepContext
from oxtui.outscale.models.storage import Snapshot

if TYPE_CHECKING:
    from oxtui.builders.outscale.account_builder import AccountBuilder
    from oxtui.builders.outscale.vm_builder import VmBuilder
    from oxtui.outscale.client import OutscaleClient


async def take(builder: VmBuilder, context: StepContext) -> None:
    """Takes them one after another, as an account may have few at a time in the making.

    Raises:
        StepError: a volume is gone, or a snapshot failed or is not completed in time.
        OutscaleError: the API refused.
    """
    client = await builder.client()
    for device in builder.options.launch_devices:
        await of_device(builder, client, context, device.device_name)


async def of_device(
    builder: AccountBuilder, client: OutscaleClient, context: StepContext, device: str
) -> None:
    """Takes one of the volume that `found.devices` has for a device, or waits for that which is in the making.

    Raises:
        StepError: there is no such volume, or the snapshot failed or is not completed in time.
        OutscaleError: the API refused.
    """
    found, setting = builder.found, builder.setting
    known = (
        await client.snapshots.find(found.snapshots[device]) if device in found.snapshots else None
    )
    if known is not None and known.state == "error":
        await delete_snapshot(client, known.snapshot_id, setting.waits.cleanup)
        known = None
    if known is None:
        known = await _begun(builder, client, context, device)
    await completed(client, known.snapshot_id, context, limit=setting.waits.capture, what=device)


async def _begun(
    builder: AccountBuilder, client: OutscaleClient, context: StepContext, device: str
) -> Snapshot:
    found, volume = builder.found, builder.found.devices.get(device)
    if volume is None:
        raise StepError(f"there is no device {device} to take a snapshot of.")
    now = datetime.fromtimestamp(context.now(), UTC).isoformat(timespec="seconds")
    number, snapshot = await begin(
        builder, client, volume, f"{found.name} {device}", f"Packer: {now}"
    )
    found.snapshots[device] = snapshot.snapshot_id
    found.snapshot_records += (number,)
    context.say(f"Snapshot {snapshot.snapshot_id} of {device} ({volume})")
    return snapshot


async def begin(
    builder: AccountBuilder, client: OutscaleClient, volume: str, name: str, description: str
) -> tuple[int, Snapshot]:
    """A snapshot in the making, and its number in the journal, where it is called `name`."""
    token = secrets.token_hex(16)
    async with builder.setting.recorder.create(
        "outscale.snapshot", name, builder.locator(token=token)
    ) as made:
        snapshot = await client.create_snapshot(volume, description, token)
        made.created(snapshot.snapshot_id)
    return made.number, snapshot


async def completed(
    client: OutscaleClient, snapshot_id: str, context: StepContext, *, limit: float, what: str
) -> Snapshot:
    """The snapshot, once it is completed, with its progress shown; `limit` in seconds, `what` it is of.

    Raises:
        StepError: it failed, went away, or took too long.
    """

    gone = f"snapshot {snapshot_id} of {what} is gone: somebody else deleted it. Retry."
    appearing = Appearing(lambda: client.snapshots.find(snapshot_id), gone)
    state = ""

    async def look() -> Snapshot | None:
        nonlocal state
        if (snapshot := await appearing.look()) is None:
            return None
        if snapshot.state == "deleting":
            raise StepError(gone)
        if snapshot.state == "error":
            raise StepError(f"snapshot {snapshot_id} of {what} failed. Retry to take another one.")
        if snapshot.state == "completed":
            return snapshot
        state = f"{snapshot.state} at {snapshot.progress} %"
        text = f"snapshot of {what} is at {snapshot.progress} %"
        context.progress(text, float(snapshot.progress), 100.0)
        return None

    return await watched(
        look, limit=limit, what=f"snapshot {snapshot_id} of {what} is not completed",
        setting="waits.capture", instead=lambda: state,
    )  # fmt: skip
