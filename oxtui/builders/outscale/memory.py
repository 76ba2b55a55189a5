"""What the builder knows outlives its process: kept as plain values, and held against what Outscale has."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from oxtui.builders.outscale import lost
from oxtui.component.checkpoints import BeginAnew
from oxtui.component.errors import StepError
from oxtui.component.events import BuildPlanned
from oxtui.component.protocols import StepContext, Unfinished
from oxtui.outscale.connection import Connection
from oxtui.outscale.models.image import Image

if TYPE_CHECKING:
    from oxtui.builders.outscale.account_builder import AccountBuilder
    from oxtui.builders.outscale.vm_builder import VmBuilder
    from oxtui.outscale.client import OutscaleClient

_MODELS = ("source", "image")
_BEFORE_VM = ("preflight", "key-pair", "public-ip", "security-group")
_IN_GUEST = ("clear-keys", "sync")
_UP_TO_IMAGE = (*_BEFORE_VM, "vm", "connect", *_IN_GUEST, "stop", "snapshots")


def remember(builder: VmBuilder) -> dict[str, Any]:
    """What the steps have learned, as JSON can hold it."""
    found = builder.found
    if not found.account:
        return {}
    return {**remember_found(builder), "volumes": sorted(builder.volumes)}


def remember_found(builder: AccountBuilder) -> dict[str, Any]:
    """What is found, and where."""
    found = builder.found
    known = {each.name: getattr(found, each.name) for each in fields(found)}
    for name in _MODELS:
        model = known.pop(name)
        if model is not None:
            known[name] = model.model_dump(mode="json", by_alias=True)
    return {**known, "endpoint": builder.connection.endpoint}


async def recall(builder: VmBuilder, before: Unfinished, context: StepContext) -> dict[str, str]:
    """Goes on with what there is: the image, else the VM, else from the start.

    Raises:
        StepError: it is another account or region, or what the build needs is gone.
        OutscaleError: the API has no answer.
    """
    client = await restore_found(builder, before.memory)
    builder.volumes.update(before.memory.get("volumes", ()))
    if builder.found.source is None:  # it was cut off before anything was made
        return {}
    if builder.makes_image:
        found = builder.found
        claim = f"omi {found.account} {found.region} {found.omi_name}"
        builder.setting.claims.setdefault(claim, builder.setting.build)
    own = {step.plan.id for step in (*builder.before(), *builder.after())}
    there = await _from_image(builder, client, before, context)
    with suppress(BeginAnew):
        if there is None:
            there = await _from_vm(builder, client, before, context, own)
        if there is None and before.provisioned:
            why = f"VM {builder.found.name} is gone."
            there = await lost.go_on(builder, client, before, context, why)
    if there is None:
        there = {}
        await _start_over(builder, context)
    context.emit(
        BuildPlanned(
            time=context.now(), build=context.build, steps=(), values=tuple(builder.values())
        )
    )
    return {step: reason for step, reason in there.items() if step in own}


async def restore_found(builder: AccountBuilder, memory: Mapping[str, Any]) -> OutscaleClient:
    """What was found is known again, if it is the same account; its client.

    Raises:
        StepError: it is another.
        OutscaleError: the API has no answer.
    """
    client = await builder.client()
    account = (await client.account()).account_id
    _check(memory, account, client.connection)
    _restore(builder, memory)
    return client


def _check(memory: Mapping[str, Any], account: str, here: Connection) -> None:
    """Raises StepError where the keys that are found are of another account or region than the session's."""
    known = [
        ("account", account, "access_key"),
        ("endpoint", here.endpoint, "endpoint"),
        ("region", here.region, "region"),
    ]
    for what, now, origin in known:
        if (was := memory.get(what) or now) != now:
            source = here.source.get(origin, "default")
            raise StepError(
                f"the session runs in account {memory.get('account')} at {memory.get('endpoint')}, and the {what} "
                f"that is found now is {now}, from {source}, not {was}. Choose that account and region as for "
                "a build, such as with OSC_PROFILE, and resume again."
            )


def _restore(builder: AccountBuilder, memory: Mapping[str, Any]) -> None:
    found = builder.found
    for each in fields(found):
        if each.name in memory and each.name not in _MODELS:
            value = memory[each.name]
            setattr(found, each.name, tuple(value) if isinstance(value, list) else value)
    for name in _MODELS:
        if name in memory:
            setattr(found, name, Image.model_validate(memory[name]))


async def _from_image(
    builder: VmBuilder, client: OutscaleClient, before: Unfinished, context: StepContext
) -> dict[str, str] | None:
    found = builder.found
    found.image = None
    if not builder.makes_image:
        return None
    made = await builder.setting.recorder.existing("outscale.image", found.omi_name, client)
    image = None if made is None else await client.images.find(made.id)
    if made is None or image is None:
        return None
    found.image, found.image_record = image, made.number
    context.say(f"Image {image.image_name} ({image.image_id}) is {image.state}")
    there = dict.fromkeys(_UP_TO_IMAGE, "")
    if image.state == "available":
        there["image"] = "" if "image" in before.done else f"Image {image.image_name} is available."
        there |= dict.fromkeys({"share", "tags"} & before.done, "")
    return there


async def _from_vm(
    builder: VmBuilder,
    client: OutscaleClient,
    before: Unfinished,
    context: StepContext,
    own: set[str],
) -> dict[str, str] | None:
    found = builder.found
    found.vm = ""
    made = await builder.setting.recorder.existing("outscale.vm", found.name, client)
    vm = None if made is None else await client.vms.find(made.id)
    if made is None or vm is None:
        return None
    found.vm = vm.vm_id
    found.vm_records = tuple(dict.fromkeys((*found.vm_records, made.number)))
    context.say(f"VM {found.name} ({vm.vm_id}) is {vm.state}")
    in_guest = own.intersection(_IN_GUEST) - before.done
    if not (before.needs_guest or in_guest):
        there = dict.fromkeys((*_BEFORE_VM, "vm", "connect", *_IN_GUEST), "")
        if "stop" in before.done and vm.state == "stopped":
            there["stop"] = ""
        return there
    if builder.options.needs_temporary_key and not before.private_key:
        if not before.provisioned:
            found.vm = ""
            context.say("Its private key went with the process, and no step is done yet")
            return None
        why = (
            f"Nobody can log in to VM {vm.vm_id} any more: its private key was in the memory of the "
            "process that ended."
        )
        return await lost.go_on(builder, client, before, context, why, vm)
    builder.setting.hide(before.private_key)
    builder.private_key = before.private_key
    await builder.ring.open(
        builder.options, context
    )  # whoever is to give a passphrase is asked first
    return dict.fromkeys(_BEFORE_VM, "")


async def _start_over(builder: VmBuilder, context: StepContext) -> None:
    """There is no VM of use: what is left of the first attempt goes, and the build begins anew.

    Raises:
        StepError: something of it cannot be removed.
    """
    context.say("The build begins anew")
    await builder.setting.recorder.start_over(builder.service)
    builder.found = type(builder.found)()
    builder.volumes.clear()
