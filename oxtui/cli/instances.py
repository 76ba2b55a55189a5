"""Instances on the command line: list, start, stop, delete."""

from __future__ import annotations

from argparse import Namespace

from oxtui.builders.oxide.waiting import instance_state
from oxtui.cli.confirm import allow_change, confirm_loss
from oxtui.cli.each import each
from oxtui.cli.errors import CommandError
from oxtui.cli.on_rack import OnRack, narrate
from oxtui.cli.show import ago, show_all
from oxtui.oxide.effects import deleting_instances
from oxtui.oxide.limits import gibibytes
from oxtui.oxide.models.instance import DELETABLE_STATES, Instance, InstanceState
from oxtui.oxide.names import is_id


async def list_instances(arguments: Namespace, rack: OnRack) -> int:
    """Those of one project or of all."""
    projects = await rack.projects(arguments.project)
    found: list[Instance] = []
    for project in projects:
        found += [instance async for instance in rack.client.instances.list(project.id)]
    names = {project.id: project.name for project in projects}
    rows = [
        (
            instance.name,
            str(instance.run_state),
            names[instance.project_id],
            str(instance.ncpus),
            gibibytes(instance.memory),
            ago(instance.time_created),
            instance.id,
        )
        for instance in found
    ]
    headings = ("NAME", "STATE", "PROJECT", "VCPUS", "MEMORY", "CREATED", "ID")
    none = "There is no instance here; `oxtui image boot` starts one from an image."
    show_all(found, headings, rows, as_json=arguments.json, none=none)
    return 0


async def stop_instances(arguments: Namespace, rack: OnRack) -> int:
    """Disks and addresses stay."""
    await allow_change(arguments, rack, f"stop {', '.join(arguments.instances)}")

    async def stop(instance: Instance) -> str:
        asked = await rack.client.instances.stop(instance.id)
        return await _reached(arguments, rack, asked, InstanceState.STOPPED)

    return await each(await _views(arguments, rack), stop)


async def start_instances(arguments: Namespace, rack: OnRack) -> int:
    """What is stopped or failed."""
    await allow_change(arguments, rack, f"start {', '.join(arguments.instances)}")

    async def start(instance: Instance) -> str:
        asked = await rack.client.instances.start(instance.id)
        return await _reached(arguments, rack, asked, InstanceState.RUNNING)

    return await each(await _views(arguments, rack), start)


async def delete_instances(arguments: Namespace, rack: OnRack) -> int:
    """After telling what is lost and what stays."""
    rack.check_writable()
    found = await _views(arguments, rack)
    for instance in found:
        if instance.run_state not in DELETABLE_STATES and not arguments.stop:
            raise CommandError(
                f"{instance.name} is {instance.run_state}; only what is stopped or failed can be"
                " deleted. --stop stops it first."
            )
    await _confirm(arguments, rack, found)

    async def delete(instance: Instance) -> str:
        if instance.run_state not in DELETABLE_STATES:
            await rack.client.instances.stop(instance.id)
            await _wait(rack, instance, InstanceState.STOPPED)
        await rack.client.instances.delete(instance.id)
        if not (arguments.boot_disk and instance.boot_disk_id):
            return f"Deleted {instance.name}."
        await rack.client.disks.delete(instance.boot_disk_id)
        return f"Deleted {instance.name} and its boot disk."

    return await each(found, delete)


async def _confirm(arguments: Namespace, rack: OnRack, found: list[Instance]) -> None:
    kept: list[str] = []
    lost: list[str] = []
    for instance in found:
        async for disk in rack.client.instances.disks(instance.id):
            goes = arguments.boot_disk and disk.id == instance.boot_disk_id
            (lost if goes else kept).append(f"{disk.name} ({gibibytes(disk.size)})")
    names = ", ".join(instance.name for instance in found)
    await confirm_loss(arguments, f"delete the instance {names}", deleting_instances(kept, lost))


async def _views(arguments: Namespace, rack: OnRack) -> list[Instance]:
    return [
        await rack.client.instances.view(key, None if is_id(key) else arguments.project)
        for key in arguments.instances
    ]


async def _reached(
    arguments: Namespace, rack: OnRack, instance: Instance, wanted: InstanceState
) -> str:
    if not arguments.no_wait:
        await _wait(rack, instance, wanted)
        return f"{instance.name} is {wanted}."
    return f"{instance.name} is {instance.run_state}."


async def _wait(rack: OnRack, instance: Instance, wanted: InstanceState) -> None:
    def tell(state: str) -> None:
        if state != wanted:
            narrate(f"{instance.name} is {state}…")

    await instance_state(
        rack.client, instance.id, wanted, limit=rack.settings.waits.instance_state, on_change=tell
    )
