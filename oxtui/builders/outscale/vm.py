"""Steps from the key pair to the connected VM."""

from __future__ import annotations

import asyncio
import base64
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oxtui.builders import guest_steps
from oxtui.builders.boot.watch import explained
from oxtui.builders.outscale.address import address_of
from oxtui.builders.outscale.waiting import BROKEN, stops_running, tag, vm_state, watched
from oxtui.communicators.ssh.host_keys import HostKeyPin
from oxtui.communicators.ssh.keys import generate
from oxtui.communicators.ssh.log_in import log_in, login_values
from oxtui.communicators.ssh.target import Target
from oxtui.component.build_values import machine_values
from oxtui.component.concurrency import guarded
from oxtui.component.errors import ConnectError, StepError
from oxtui.component.events import AddressKnown, InstanceStateChanged
from oxtui.component.protocols import StepContext
from oxtui.outscale.models.vm import Vm
from oxtui.template.resolve.context import unknown_build

if TYPE_CHECKING:
    from oxtui.builders.outscale.vm_builder import VmBuilder
    from oxtui.outscale.client import OutscaleClient

ADDRESS_SECONDS = 60.0
"""How long a VM that runs may have no address yet."""
USER_DATA_BYTES = 500 * 1024
"""Of base64: the API's limit."""


async def make_key(builder: VmBuilder, context: StepContext) -> None:
    """Makes the temporary key pair here, and gives its public half to Outscale."""
    options, found = builder.options, builder.found
    if found.keypair:
        return
    client = await builder.client()
    name = builder.keypair_name
    pair = await generate(
        options.temporary_key_pair_type, options.temporary_key_pair_bits, f"{name} temporary"
    )
    builder.setting.hide(pair.private)
    builder.private_key, found.public_key = pair.private, pair.public
    context.say(f"Temporary {options.temporary_key_pair_type} key {pair.fingerprint}")
    public = base64.b64encode(pair.public.encode()).decode()
    async with builder.setting.recorder.create("outscale.keypair", name, builder.locator()) as made:
        keypair = await client.create_keypair(name, public)
        made.created(keypair.keypair_name)
    found.keypair = keypair.keypair_name
    found.key_comments = (f"{name} temporary",)
    await tag(client, [keypair.keypair_id] if keypair.keypair_id else [], builder.build_tags)


async def make_vm(builder: VmBuilder, context: StepContext) -> None:
    """Makes the VM and waits until it runs and can be addressed.

    Raises:
        StepError: it did not come to run.
    """
    options, found, setting = builder.options, builder.found, builder.setting
    client = await builder.client()
    if found.vm:
        await _take_up(builder, client, context)
    if not found.vm:
        await _create(builder, client, context)
    builder.console.follow(client, found.vm)
    vm = await vm_state(
        client, found.vm, "running", limit=setting.waits.instance_state,
        on_change=state_teller(builder, context), dead=BROKEN | {"stopped", "stopping"},
    )  # fmt: skip
    await _journal_volumes(builder, vm)
    await _tag(builder, client, vm)
    if found.public_ip and not vm_has(await client.public_ips.find(found.public_ip), found.vm):
        await client.call(
            "LinkPublicIp", PublicIpId=found.public_ip, VmId=found.vm, AllowRelink=True
        )
    if not builder.has_guest(options):
        known = machine_values(found.vm, setting.run_uuid)
        builder.guest.values = {**unknown_build(), **known}
        return
    found.address = options.ssh_host.strip("[]") or await _address(builder, client)
    context.say(f"Address {found.address}")
    context.emit(
        AddressKnown(
            time=context.now(), build=context.build, address=found.address,
            port=options.ssh_port, user=options.ssh_username,
        )
    )  # fmt: skip


async def _take_up(builder: VmBuilder, client: OutscaleClient, context: StepContext) -> None:
    """The VM of an earlier attempt: started where it is stopped, forgotten where it is of no use."""
    found = builder.found
    vm = await client.vms.find(found.vm)
    if vm is None or vm.state in BROKEN:
        context.say(f"VM {found.vm} is of no use; another one is made")
        found.vm = ""  # cleanup has it in the journal
    elif vm.state in ("stopping", "stopped"):
        await vm_state(
            client, found.vm, "stopped", limit=builder.setting.waits.instance_state,
            on_change=state_teller(builder, context), dead=BROKEN,
        )  # fmt: skip
        await client.call("StartVms", VmIds=[found.vm])


def vm_has(ip: Any, vm_id: str) -> bool:
    """Whether a public IP leads to a VM already."""
    return ip is not None and ip.vm_id == vm_id


def state_teller(builder: VmBuilder, context: StepContext) -> Any:
    """Tells each new state of the VM."""

    def changed(state: str) -> None:
        context.progress(f"VM is {state}")
        context.say(f"VM is {state}")
        context.emit(
            InstanceStateChanged(
                time=context.now(), build=context.build, instance=builder.found.vm, state=state
            )
        )

    return changed


async def _create(builder: VmBuilder, client: OutscaleClient, context: StepContext) -> None:
    found = builder.found
    builder.user_data = builder.user_data or await user_data(builder)
    body = _body(builder)
    place = builder.locator(
        token=body["ClientToken"], vm_type=builder.options.vm_type,
        kept_devices=" ".join(builder.kept_devices),
    )  # fmt: skip
    async with builder.setting.recorder.create("outscale.vm", found.name, place) as made:
        vm = await client.create_vm(body)
        made.created(vm.vm_id)
    found.vm, found.devices, found.kept_records = vm.vm_id, {}, ()
    found.vm_records += (made.number,)
    context.say(f"VM {found.name} ({vm.vm_id})")
    await _journal_volumes(builder, vm)


def _body(builder: VmBuilder) -> dict[str, Any]:
    options, found = builder.options, builder.found
    if found.source is None:
        raise StepError("the source image is not known; retry the preflight step first")
    body: dict[str, Any] = {
        "ImageId": found.source.image_id,
        "VmType": options.vm_type,
        "VmInitiatedShutdownBehavior": options.shutdown_behavior,
        "ClientToken": secrets.token_hex(16),
    }
    optional = {
        "BlockDeviceMappings": builder.disk.mappings(),
        "BootMode": options.boot_mode,
        "Placement": {"SubregionName": found.subregion} if found.subregion else None,
        "KeypairName": found.keypair or options.ssh_keypair_name,
        "SubnetId": found.subnet,
        "SecurityGroupIds": list(found.security_groups),
        "UserData": builder.user_data,
    }
    return body | {name: value for name, value in optional.items() if value}


async def user_data(builder: VmBuilder) -> str:
    """Always encoded: whether a text is base64 already cannot be told from it.

    Raises:
        StepError: the file cannot be read, or holds too much.
    """
    options = builder.options
    data = options.user_data.encode()
    if options.user_data_file:
        path = Path(options.user_data_file).expanduser()
        try:
            data = await asyncio.to_thread(path.read_bytes)
        except OSError as error:
            raise StepError(f"user_data_file: {path} cannot be read: {error.strerror}.") from None
    encoded = base64.b64encode(data).decode()
    if len(encoded) > USER_DATA_BYTES:
        raise StepError(f"user_data: {len(data)} bytes are too many; Outscale takes 375 KiB.")
    return encoded


async def _journal_volumes(builder: VmBuilder, vm: Vm) -> None:
    """Writes down the volumes that came with the VM."""
    for device in vm.block_device_mappings:
        volume = device.bsu.volume_id if device.bsu is not None else ""
        if not volume:
            continue
        builder.found.devices[device.device_name] = volume
        if volume not in builder.volumes:
            async with builder.setting.recorder.create(
                "outscale.volume", volume, builder.locator()
            ) as made:
                made.created(volume)
            builder.volumes.add(volume)
            builder.found.vm_records += (made.number,)
            if device.device_name in builder.kept_devices:
                builder.found.kept_records += (made.number,)


async def _tag(builder: VmBuilder, client: OutscaleClient, vm: Vm) -> None:
    options = builder.options
    tags = {"Name": "Packer Builder", **builder.rendered(options.run_tags), **builder.build_tags}
    await tag(client, [vm.vm_id], tags)
    volumes = vm.volume_ids  # in the journal by now, which is what this tag says of them (`VmKind`)
    await tag(client, volumes, builder.build_tags)
    await tag(client, volumes[:1], builder.rendered(options.root_volume_tags))


async def _address(builder: VmBuilder, client: OutscaleClient) -> str:
    found, wanted = builder.found, builder.options.ssh_interface

    async def look() -> str | None:
        vm = await client.vms.find(found.vm)
        return address_of(vm, wanted) if vm is not None else None

    what = f"VM {found.vm} has no {wanted.replace('_', ' ') or 'address'}; set ssh_interface, or "
    what += "associate_public_ip_address; it has none"
    return await watched(look, limit=ADDRESS_SECONDS, what=what)


async def connect(builder: VmBuilder, context: StepContext) -> None:
    """Logs in, telling each new reason why it does not work yet.

    Raises:
        ConnectError: it did not work in time.
    """
    options, found, setting = builder.options, builder.found, builder.setting
    await builder.disconnect()
    client, console = await builder.client(), builder.console
    console.follow(client, found.vm)  # of a session that goes on nobody did yet
    pin = HostKeyPin(printed=console.printed)
    target = Target(found.address, options, builder.private_key, pin=pin)
    try:
        ssh = await guarded(
            log_in(target, builder.ring, setting, context), stops_running(client, found.vm)
        )
        await console.check_host_key(client, ssh, context)
    except ConnectError as error:
        await console.tell_end(client, context)
        raise explained(error, console.watch) from None
    builder.ssh = builder.guest.communicator = ssh
    builder.guest.values = {
        **machine_values(found.vm, setting.run_uuid),
        **login_values(target, found.public_key),
    }
    if (start := builder.disk.start) is not None:
        old = await guest_steps.forget_keys(
            builder.guest, start.temporary_keys, found.public_key, context
        )
        found.key_comments = (*found.key_comments, *old)
