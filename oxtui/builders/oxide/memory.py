"""What the oxide-instance builder knows outlives its process: kept as plain values, and held against the rack."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from oxtui.builders.oxide import lost
from oxtui.builders.oxide.locator import DEMO
from oxtui.component.checkpoints import BeginAnew
from oxtui.component.errors import StepError
from oxtui.component.events import BuildPlanned
from oxtui.component.protocols import StepContext, Unfinished
from oxtui.component.resources import ResourceRecord
from oxtui.oxide.errors import NotFound
from oxtui.oxide.models.image import Image
from oxtui.oxide.models.snapshot import SnapshotState

if TYPE_CHECKING:
    from oxtui.builders.oxide.builder import OxideInstanceBuilder
    from oxtui.oxide.client import OxideClient

_NOT_KEPT = ("source", "addressing", "image", "snapshot_record")
"""Of what was found: models, and what the journal knows better."""
_MACHINE = ("preflight", "ssh-key", "instance", "connect")
_IN_GUEST = ("clear-keys", "sync")
_UP_TO_STOP = (*_MACHINE, *_IN_GUEST, "stop")


def remember(builder: OxideInstanceBuilder) -> dict[str, Any]:
    """What the steps have learned, as JSON can hold it."""
    found = builder.found
    if not found.project:
        return {}
    names = (each.name for each in fields(found) if each.name not in _NOT_KEPT)
    known: dict[str, Any] = {name: getattr(found, name) for name in names}
    if found.source is not None:
        known["source"] = found.source.model_dump(mode="json", by_alias=True)
    return {**known, "host": _host(builder)}


def _host(builder: OxideInstanceBuilder) -> str:
    """Of the rack; that of the demo rack changes with every start of it."""
    connection = builder.connection
    if connection is None or connection.source.get("host") == DEMO:
        return ""
    return connection.host


async def recall(
    builder: OxideInstanceBuilder, before: Unfinished, context: StepContext
) -> dict[str, str]:
    """Goes on with what is on the rack: the image, else the snapshot, else the instance, else from the start.

    Raises:
        StepError: it is another rack, or what the build needs is gone.
        OxideError: the rack has no answer.
    """
    client = await builder.client()
    host, here = before.memory.get("host", ""), _host(builder)
    if host and here != host:
        raise StepError(
            f"the session runs on {host}, and the rack that is reached now is {here or 'the demo rack'}. "
            "Choose that rack as for a build, such as with OXIDE_HOST or OXIDE_PROFILE, and resume again."
        )
    _restore(builder, before.memory)
    found = builder.found
    if found.source is None:  # it was cut off before anything was made
        return {}
    _claim_names(builder)
    own = {step.plan.id for step in (*builder.before(), *builder.after())}
    there: dict[str, str] = {}
    with suppress(BeginAnew):
        there = (
            await _from_image(builder, client, before, context)
            or await _from_snapshot(builder, client, context)
            or await _from_instance(builder, client, before, context, own)
        )
        if not there and before.provisioned:
            why = f"Instance {found.instance_name} is gone from the rack."
            there = await lost.go_on(builder, client, before, context, why)
    if not there:
        await _start_over(builder, context)
    context.emit(
        BuildPlanned(
            time=context.now(), build=context.build, steps=(), values=tuple(builder.values())
        )
    )
    return {step: reason for step, reason in there.items() if step in own}


def _restore(builder: OxideInstanceBuilder, memory: Any) -> None:
    found = builder.found
    for each in fields(found):
        if each.name in memory and each.name not in _NOT_KEPT:
            setattr(found, each.name, memory[each.name])
    if "source" in memory:
        found.source = Image.model_validate(memory["source"])


def _claim_names(builder: OxideInstanceBuilder) -> None:
    """No other build of the session makes the image that this one makes."""
    for place in (builder.found.project, *(["silo"] if builder.setting.promote else [])):
        claim = f"image {place} {builder.found.artifact_name}"
        builder.setting.claims.setdefault(claim, builder.setting.build)


async def _from_image(
    builder: OxideInstanceBuilder, client: OxideClient, before: Unfinished, context: StepContext
) -> dict[str, str]:
    found, recorder = builder.found, builder.setting.recorder
    made = await recorder.existing("oxide.image", found.artifact_name, client)
    if made is None:
        return {}
    found.image = await client.images.view(made.id)
    await recorder.release(made.number)  # it may have been made without an answer
    if (held := await _snapshot(builder, client)) is not None:
        await recorder.unhold(held.number)
    context.say(f"Image {made.name} ({made.id}) is made")
    there = dict.fromkeys((*_UP_TO_STOP, "snapshot"), "")
    there["image"] = "" if "image" in before.done else f"The rack has image {made.name}."
    if "promote" in before.done:
        there["promote"] = ""
    return there


async def _from_snapshot(
    builder: OxideInstanceBuilder, client: OxideClient, context: StepContext
) -> dict[str, str]:
    found = builder.found
    found.snapshot_id = ""
    taken = await _snapshot(builder, client)
    if taken is None:
        return {}
    state = (await client.snapshots.view(taken.id)).state
    if state not in (SnapshotState.CREATING, SnapshotState.READY):
        context.say(f"Snapshot {taken.name} ({taken.id}) is {state}; another one is taken")
        return {}
    found.snapshot_id, found.snapshot_record = taken.id, taken.number
    await lost.look_again(builder, client)  # whoever goes back from here has another instance made
    context.say(f"Snapshot {taken.name} ({taken.id}) is {state}")
    there = dict.fromkeys(_UP_TO_STOP, "")
    if state == SnapshotState.READY:
        there["snapshot"] = f"Snapshot {taken.name} is ready."
    return there


async def _snapshot(builder: OxideInstanceBuilder, client: OxideClient) -> ResourceRecord | None:
    recorder = builder.setting.recorder
    return await recorder.existing("oxide.snapshot", builder.found.instance_name, client)


async def _from_instance(
    builder: OxideInstanceBuilder,
    client: OxideClient,
    before: Unfinished,
    context: StepContext,
    own: set[str],
) -> dict[str, str]:
    found, options = builder.found, builder.options
    found.instance_id = ""
    name = found.instance_name
    made = await builder.setting.recorder.existing("oxide.instance", name, client)
    if made is None:
        return {}
    try:
        instance = await client.instances.view(made.id)
    except NotFound:
        return {}
    found.instance_id, found.boot_disk_id = made.id, instance.boot_disk_id or found.boot_disk_id
    found.disk_name = found.disk_name or name
    await lost.look_again(builder, client)
    context.say(f"Instance {instance.name} ({instance.id}) is {instance.run_state}")
    in_guest = own.intersection(_IN_GUEST) - before.done
    if not (before.needs_guest or in_guest):
        there = dict.fromkeys((*_MACHINE, *_IN_GUEST), "")
        if "stop" in before.done and instance.run_state == "stopped":
            there["stop"] = ""
        return there
    if options.needs_temporary_key and not before.private_key:
        if not before.provisioned:
            found.instance_id = ""
            context.say("Its private key went with the process, and no step is done yet")
            return {}
        why = (
            f"Nobody can log in to instance {name} any more: its private key was in the memory of the "
            "process that ended."
        )
        return await lost.go_on(builder, client, before, context, why, instance)
    if lost.unsure(builder, before, instance):
        why = f"Instance {name} cannot be gone on with."
        return await lost.go_on(builder, client, before, context, why, instance)
    builder.setting.hide(before.private_key)
    builder.private_key = before.private_key
    await builder.ring.open(options, context)  # whoever is to give a passphrase is asked first
    return {"preflight": "", "ssh-key": ""}


async def _start_over(builder: OxideInstanceBuilder, context: StepContext) -> None:
    """There is no instance of use: what is left of the first attempt goes, and the build begins anew.

    Raises:
        StepError: something of it cannot be removed.
    """
    context.say("The build begins anew")
    await builder.setting.recorder.start_over(builder.service)
    builder.found = type(builder.found)()
