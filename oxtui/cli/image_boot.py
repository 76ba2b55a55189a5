"""`oxtui image boot`: an instance from an image, to see whether it works."""

from __future__ import annotations

from argparse import Namespace

from oxtui.builders.oxide.preflight import find_source
from oxtui.builders.oxide.waiting import instance_state
from oxtui.cli.confirm import allow_change
from oxtui.cli.errors import USAGE, CommandError
from oxtui.cli.on_rack import OnRack, narrate
from oxtui.cli.show import show_one
from oxtui.component.errors import StepError
from oxtui.oxide.addressing import addressing
from oxtui.oxide.errors import NotFound
from oxtui.oxide.limits import GIB, check_cpus, check_disk_size, check_memory, check_name
from oxtui.oxide.models.instance import Instance, InstanceState
from oxtui.oxide.trial import Trial, free_name, smallest_disk


async def boot_image(arguments: Namespace, rack: OnRack) -> int:
    """Make the instance, wait until it runs, and tell where it is reached."""
    client = rack.client
    [project] = await rack.projects(arguments.project)
    try:
        image = await find_source(client, arguments.image, project.id)
    except NotFound:
        raise CommandError(
            f'Neither the silo nor the project "{project.name}" has an image "{arguments.image}". '
            f"oxtui image list --project {project.name} lists what they have."
        ) from None
    taken = [each.name async for each in client.instances.list(project.id)]
    trial = Trial(
        image,
        arguments.name or free_name(image.name, taken),
        disk=arguments.disk * GIB if arguments.disk else smallest_disk(image),
        addressing=await addressing(client),
        cpus=arguments.cpus,
        memory=arguments.memory * GIB,
    )
    problem = (
        check_name(trial.name)
        or check_cpus(trial.cpus)
        or check_memory(trial.memory)
        or check_disk_size(trial.disk, source_size=image.size)
    )
    if problem:
        raise CommandError(problem, USAGE)
    await allow_change(arguments, rack, f"boot {trial.name} from {image.name}")
    narrate(f"Booting {trial.name} from {image.name} in {project.name}")
    instance = await client.instances.create(trial.body, project.id)
    if not arguments.no_wait:
        instance = await _running(rack, instance)
    addresses = [ip.ip for ip in await client.instances.external_ips(instance.id) if ip.is_inbound]
    facts = (
        ("name", instance.name),
        ("id", instance.id),
        ("state", str(instance.run_state)),
        ("address", ", ".join(addresses)),
        ("console", f"oxtui instance console {instance.id}"),
        ("delete", f"oxtui instance delete --stop --boot-disk {instance.id}"),
    )
    show_one(instance, facts, as_json=arguments.json)
    if rack.simulated:
        narrate("The demo rack ends with this command, and its instances stop with it.")
    return 0


async def _running(rack: OnRack, instance: Instance) -> Instance:
    try:
        return await instance_state(
            rack.client, instance.id, InstanceState.RUNNING,
            limit=rack.settings.waits.instance_state, on_change=narrate,
            dead=(InstanceState.FAILED, InstanceState.STOPPED, InstanceState.DESTROYED),
        )  # fmt: skip
    except StepError:
        found = await rack.client.instances.view(instance.id)
        if found.run_state == InstanceState.STOPPED:
            # The rack accepts a create whose start fails; only asking again tells why.
            await rack.client.instances.start(instance.id)
        raise
