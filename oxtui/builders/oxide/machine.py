"""Steps of the oxide-instance builder up to the connected machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxtui.builders.boot.console import check_host_key
from oxtui.builders.boot.watch import explained
from oxtui.builders.oxide import preflight as checks
from oxtui.builders.oxide.artifact import artifact_name, describe_artifact
from oxtui.builders.oxide.authorized_keys import forget_keys
from oxtui.builders.oxide.instance_request import hostname, instance_body
from oxtui.builders.oxide.names import plain_name, unique_name
from oxtui.builders.oxide.options import GIB
from oxtui.builders.oxide.outlived import remove_outlived
from oxtui.builders.oxide.waiting import (
    follow_serial,
    instance_state,
    stops_running,
    tell_serial,
)
from oxtui.communicators.ssh.host_keys import HostKeyPin, PrintedHostKeys
from oxtui.communicators.ssh.keys import generate
from oxtui.communicators.ssh.log_in import log_in, login_values
from oxtui.communicators.ssh.target import Target
from oxtui.component.build_values import machine_values
from oxtui.component.concurrency import guarded
from oxtui.component.errors import ConnectError, StepError
from oxtui.component.events import AddressKnown, BuildPlanned, Failure, InstanceStateChanged
from oxtui.component.protocols import StepContext
from oxtui.oxide.addressing import Addressing
from oxtui.oxide.errors import NotFound, OxideError
from oxtui.oxide.models.ssh_key import SshKeyCreate
from oxtui.template.resolve.context import unknown_build

if TYPE_CHECKING:
    from oxtui.builders.oxide.builder import OxideInstanceBuilder
    from oxtui.oxide.client import OxideClient

CONSOLE_BYTES = 1 << 20
"""Of the console's beginning: a boot's messages and what cloud-init prints."""


async def preflight(builder: OxideInstanceBuilder, context: StepContext) -> None:
    """Reads the source and checks everything that can be known before something is made.

    Raises:
        StepError: the build cannot succeed; `last_lines` of its failure holds every problem.
        OxideError: the rack cannot be read.
    """
    options, found, setting = builder.options, builder.found, builder.setting
    client = await builder.client()
    me = await client.session.me()
    found.silo, found.user = me.silo_name, me.id
    context.say(f"Rack {client.connection.host}, silo {me.silo_name}, user {me.display_name}")
    if client.connection.insecure:
        context.note("The rack's certificate is not checked (insecure_skip_verify).", "warning")
    try:
        project = await client.projects.view(options.project)
    except NotFound:
        raise StepError(checks.no_project(options.project)) from None
    found.project = project.id
    try:
        source = await checks.find_source(client, options.boot_disk_image_id, project.id)
    except NotFound:
        raise StepError(checks.no_source(options.boot_disk_image_id, project.name)) from None
    found.source = source
    context.say(f"Source image {source.name} ({source.id}), {source.size // GIB} GiB")
    found.disk_size = checks.disk_size(options.boot_disk_size, source)
    found.instance_name = unique_name(setting.interpolation.render(options.name), setting.run_id)
    found.artifact_name = artifact_name(builder, source)
    describe_artifact(builder, source)
    addressing = await checks.find_addressing(client, options.ip_pool)
    found.addressing = None if isinstance(addressing, str) else addressing
    context.emit(
        BuildPlanned(
            time=context.now(), build=context.build, steps=(), values=tuple(builder.values())
        )
    )
    wanted = checks.Wanted(
        options=options,
        source=source,
        project=project.id,
        artifact_name=found.artifact_name,
        artifact_version=found.artifact_version,
        hostname=hostname(builder),
        disk_size=found.disk_size,
        ssh_port=options.ssh_port,
        replace=setting.force,
        promote=bool(setting.promote),
        addressing=addressing,
    )
    problems = await checks.problems(client, wanted)
    for problem in problems:
        context.say(problem)
    if problems:
        more = f" ({len(problems) - 1} more in the log)" if len(problems) > 1 else ""
        raise StepError(Failure(summary=problems[0] + more, last_lines=tuple(problems)))
    # Whoever is to give a passphrase is asked before anything is made.
    await builder.ring.open(options, context)
    found.vpc, found.subnet = await checks.network_names(client, wanted)
    if found.addressing is not None and found.addressing.is_ipv6:
        context.say(_of_ipv6(found.addressing))


def _of_ipv6(addressing: Addressing) -> str:
    """What the instance will have, for an operator who is used to IPv4."""
    given = f'The instance gets an external IPv6 address, of pool "{addressing.pool.name}"'
    if addressing.ipv4_way_out:
        return f"{given}; its interface has IPv4 too, so the guest still reaches IPv4 hosts."
    return (
        f"{given}; its interface has IPv6 alone, as the silo has no default IPv4 pool, so the guest "
        "reaches no IPv4 hosts."
    )


async def make_key(builder: OxideInstanceBuilder, context: StepContext) -> None:
    """Makes the temporary key pair and its key object on the rack.

    One whose private half went with the process that made it is replaced.

    Raises:
        StepError: the key object of the old one cannot be deleted.
    """
    options, found = builder.options, builder.found
    if found.key_id and builder.private_key:
        return
    client, recorder = await builder.client(), builder.setting.recorder
    if found.key_id:
        await recorder.start_over(
            builder.service,
            "the key of an earlier process",
            only=lambda r: r.kind == "oxide.ssh_key",
        )
        found.key_id = ""
    name = options.temporary_key_pair_name or found.instance_name
    pair = await generate(
        options.temporary_key_pair_type, options.temporary_key_pair_bits, f"{name} temporary"
    )
    builder.setting.hide(pair.private)
    builder.private_key, found.public_key = pair.private, pair.public
    found.key_comments = tuple(dict.fromkeys((f"{name} temporary", *found.key_comments)))
    context.say(f"Temporary {options.temporary_key_pair_type} key {pair.fingerprint}")
    body = SshKeyCreate(name=plain_name(name), description=builder.mark, public_key=pair.public)
    async with recorder.create(
        "oxide.ssh_key", body.name, builder.locator(description=builder.mark)
    ) as made:
        key = await made.make(client.ssh_keys.create(body))
    found.key_id = key.id


async def make_instance(builder: OxideInstanceBuilder, context: StepContext) -> None:
    """Makes the instance and waits until it runs and can be addressed.

    Raises:
        StepError: it did not come to run.
    """
    found, setting = builder.found, builder.setting
    client = await builder.client()
    if not found.instance_id:
        if builder.options.needs_temporary_key:
            await make_key(builder, context)  # of a build that went on without the one it had
        await remove_outlived(builder)
        await _create(builder, context)
    _follow_console(builder, client)

    def changed(state: str) -> None:
        context.progress(f"instance is {state}")
        context.say(f"Instance is {state}")
        context.emit(
            InstanceStateChanged(
                time=context.now(), build=context.build, instance=found.instance_id, state=state
            )
        )

    instance = await client.instances.view(found.instance_id)
    if instance.run_state == "stopping":  # of a build that was cut off and goes on
        limit = setting.waits.instance_state
        instance = await instance_state(
            client, found.instance_id, "stopped", limit=limit, on_change=changed
        )
    if instance.run_state in ("stopped", "failed"):
        # A start that failed during the create leaves no reason behind; asking again gives it.
        await client.instances.start(found.instance_id)
    await instance_state(
        client, found.instance_id, "running", limit=setting.waits.instance_state, on_change=changed
    )
    if not builder.has_guest(builder.options):
        known = machine_values(found.instance_id, setting.run_uuid)
        builder.guest.values = {**unknown_build(), **known}
        return
    inbound = [ip for ip in await client.instances.external_ips(found.instance_id) if ip.is_inbound]
    if not inbound:
        raise StepError(
            "the instance has no external address that can be connected to. "
            "Attach one, or name another pool in ip_pool."
        )
    inbound.sort(key=lambda ip: ip.kind != "floating")
    # Packer's users write an IPv6 address in brackets: it puts the port behind the text.
    found.address = builder.options.ssh_host.strip("[]") or inbound[0].ip
    context.say(f"External address {found.address} ({inbound[0].kind})")
    context.emit(
        AddressKnown(
            time=context.now(),
            build=context.build,
            address=found.address,
            port=builder.options.ssh_port,
            user=builder.options.ssh_username,
        )
    )


async def _create(builder: OxideInstanceBuilder, context: StepContext) -> None:
    found, setting = builder.found, builder.setting
    client = await builder.client()
    body = instance_body(builder)
    options, mark = builder.options, builder.mark
    disk_place = builder.locator(description=mark, size=found.disk_size)
    place = builder.locator(description=mark, cpus=options.cpus, memory=options.memory)
    if (own := builder.disk.own) is not None:
        async with setting.recorder.create("oxide.instance", body.name, place) as made:
            instance = await made.make(client.instances.create(body, found.project))
        found.instance_id, found.boot_disk_id, found.disk_name = instance.id, own.id, own.name
        context.say(f"Instance {instance.name} ({instance.id}) with the boot disk {own.name}")
        return
    disk = found.disk_name = found.instance_name
    # The create makes two things that outlive each other: both are intended before it.
    async with (
        setting.recorder.create("oxide.disk", disk, disk_place) as disk_made,
        setting.recorder.create("oxide.instance", body.name, place) as made,
    ):
        instance = await made.make(client.instances.create(body, found.project))
        found.instance_id = instance.id
        found.boot_disk_id = instance.boot_disk_id or ""
        disk_made.created(found.boot_disk_id or (await client.disks.view(disk, found.project)).id)
    context.say(f"Instance {instance.name} ({instance.id}), boot disk {found.boot_disk_id}")


def _follow_console(builder: OxideInstanceBuilder, client: OxideClient) -> None:
    """Has the serial console told from now on, from where it was told before."""
    if builder.follows_console:
        return
    builder.follows_console = True
    found = builder.found

    def heard(data: bytes) -> None:
        builder.setting.serial(data)
        builder.printed.feed(data)
        for finding in builder.boot.feed(data):
            builder.setting.emit(finding.event(builder.setting.now(), builder.setting.build))

    def moved(offset: int) -> None:
        found.console_offset = offset

    builder.setting.spawn(
        follow_serial(client, found.instance_id, heard, found.console_offset, moved)
    )


async def _read_console(
    builder: OxideInstanceBuilder, pin: HostKeyPin, context: StepContext
) -> None:
    """The whole console once more, for the keys that it printed."""
    client = await builder.client()
    try:
        history = await client.instances.serial_history(
            builder.found.instance_id, from_start=0, max_bytes=CONSOLE_BYTES
        )
    except OxideError as error:
        context.say(f"The serial console cannot be read, so it tells no host key: {error}")
    else:
        whole = PrintedHostKeys(pin.printed.fingerprints)  # it adds to them
        whole.feed(history.data)


async def connect(builder: OxideInstanceBuilder, context: StepContext) -> None:
    """Logs in, telling each new reason why it does not work yet.

    Raises:
        ConnectError: it did not work in time.
    """
    options, found, setting = builder.options, builder.found, builder.setting
    client = await builder.client()
    await builder.disconnect()
    pin = HostKeyPin(printed=builder.printed)
    target = Target(found.address, options, builder.private_key, pin=pin)
    try:
        ssh = await guarded(
            log_in(target, builder.ring, setting, context),
            stops_running(client, found.instance_id),
        )
        await check_host_key(ssh, lambda: _read_console(builder, pin, context), context)
    except ConnectError as error:
        await tell_serial(client, found.instance_id, context)
        raise explained(error, builder.boot) from None
    builder.ssh = builder.guest.communicator = ssh
    builder.guest.values = {
        **machine_values(found.instance_id, setting.run_uuid),
        **login_values(target, found.public_key),
    }
    try:
        await client.instances.view(found.instance_id)
    except OxideError as error:
        context.note(str(error), "warning")
    await forget_keys(builder, context)
