"""Making an instance: its disks, interfaces, addresses and keys, all of them or none."""

from __future__ import annotations

import asyncio
from dataclasses import fields
from typing import TYPE_CHECKING

from oxtui.rack.lifecycle.control import forget_instance
from oxtui.rack.parameters.common import GIB, standard_base64
from oxtui.rack.parameters.disks import DiskCreate
from oxtui.rack.parameters.instances import (
    CreateDisk,
    CreateInterfaces,
    EphemeralAddress,
    FloatingAddress,
)
from oxtui.rack.parameters.networks import DUAL_STACK, IPV4_STACK, IPV6_STACK, InterfaceCreate
from oxtui.rack.pools import AutoPool
from oxtui.rack.store.records import EphemeralIp, Instance, InstanceSshKey, SshKey
from oxtui.rack.store.unique import unique_name
from oxtui.rack.web import errors

if TYPE_CHECKING:
    from oxtui.rack.parameters.instances import DiskAttachment, InstanceCreate
    from oxtui.rack.parameters.networks import IpStack
    from oxtui.rack.pools import PoolSelector
    from oxtui.rack.rack import Rack
    from oxtui.rack.store.records import Disk, Project

MOST_CPUS = 254
MOST_MEMORY = 1536 * GIB
MOST_DISKS = 12
MOST_INTERFACES = 8
MOST_EXTERNAL_IPS = 32
MOST_EPHEMERAL_IPS = 2
MOST_SSH_KEYS = 100
MOST_USER_DATA = 32 * 1024
_DEFAULT_STACKS: dict[str, IpStack] = {
    "default_ipv4": IPV4_STACK,
    "default_ipv6": IPV6_STACK,
    "default_dual_stack": DUAL_STACK,
}


async def create_instance(rack: Rack, request: InstanceCreate, project: Project) -> Instance:
    """Make an instance and start it if that is asked for.

    An automatic start that fails is no failure of the create: the instance is there, stopped
    (omicron swallows it too). ApiError for everything else, and then nothing is left.
    """
    check_size(request.ncpus, request.memory)
    _check_numbers(request)
    with rack.store.transaction():
        instance, new_disks = _record(rack, request, project)
    try:
        await asyncio.sleep(rack.latency.instance_create)
        for disk in new_disks:
            await rack.storage.fill_disk(disk)
            rack.store.disks.update(disk.id, state="attached")
    except BaseException:
        with rack.store.transaction():
            forget_instance(rack.store, instance)
            for disk in new_disks:
                rack.store.disks.delete(id=disk.id)
        for disk in new_disks:
            await asyncio.shield(rack.host.disks.delete(disk.id))
        raise
    instance = rack.store.instances.update(instance.id, run_state="stopped")
    if request.start:
        try:
            return rack.control.start(instance)
        except errors.ApiError:
            return instance
    return instance


def attach_disk(rack: Rack, disk: Disk, instance: Instance) -> Disk:
    """Attach a disk of the project; ApiError 400 or 409 if it may not be."""
    if disk.instance_id == instance.id:
        return disk
    if disk.state != "detached":
        raise errors.invalid_request(
            f'cannot attach disk "{disk.name}": disk is in state "{disk.state}"'
        )
    if len(rack.store.disks.all(instance_id=instance.id)) >= MOST_DISKS:
        raise errors.invalid_request(f"cannot attach more than {MOST_DISKS} disks to instance")
    return rack.store.disks.update(disk.id, instance_id=instance.id, state="attached")


def check_size(ncpus: int, memory: int) -> None:
    """Raise ApiError 400 unless an instance may have these processors and bytes of memory."""
    if ncpus > MOST_CPUS:
        raise errors.invalid_request(f"cannot have more than {MOST_CPUS} vCPUs per instance")
    if memory < GIB:
        raise errors.invalid_value("size", "memory must be at least 1 GiB")
    if memory % GIB:
        raise errors.invalid_value("size", "memory must be divisible by 1 GiB")
    if memory > MOST_MEMORY:
        raise errors.invalid_value(
            "size", f"memory must be less than or equal to {MOST_MEMORY // GIB} GiB"
        )


def add_ephemeral_ip(rack: Rack, instance: Instance, selector: PoolSelector) -> EphemeralIp:
    """Give an instance an address from a pool; ApiError if it can have none."""
    pool = rack.pools.choose(selector)
    interfaces = rack.store.network_interfaces.all(instance_id=instance.id)
    primary = next((interface for interface in interfaces if interface.is_primary), None)
    private = None if primary is None else primary.ipv4 if pool.ip_version == "v4" else primary.ipv6
    if private is None:
        version = "IPv4" if pool.ip_version == "v4" else "IPv6"
        raise errors.invalid_request(
            f"The ephemeral external IP is an {version} address, but the instance with ID "
            f"{instance.id} does not have a primary network interface with a VPC-private "
            f"{version} address. Add a VPC-private {version} address to the interface, or "
            "attach a different IP address"
        )
    held = rack.store.ephemeral_ips.find(instance_id=instance.id, ip_version=pool.ip_version)
    if held is not None:
        raise errors.invalid_request(
            f"An instance may not have more than one ephemeral {pool.ip_version} address"
        )
    address = EphemeralIp(
        instance_id=instance.id,
        pool_id=pool.id,
        position=rack.pools.free_position(pool),
        ip_version=pool.ip_version,
    )
    rack.store.ephemeral_ips.insert(address)
    return address


def _check_numbers(request: InstanceCreate) -> None:
    disks = len(request.disks) + (request.boot_disk is not None)
    if disks > MOST_DISKS:
        raise errors.invalid_request(f"cannot attach more than {MOST_DISKS} disks to instance")
    if len(request.external_ips) > MOST_EXTERNAL_IPS:
        raise errors.invalid_request(
            f"An instance may not have more than {MOST_EXTERNAL_IPS} external IP addresses"
        )
    ephemeral = sum(isinstance(ip, EphemeralAddress) for ip in request.external_ips)
    if ephemeral > MOST_EPHEMERAL_IPS:
        raise errors.invalid_request(
            f"An instance may not have more than {MOST_EPHEMERAL_IPS} ephemeral IP addresses"
        )
    interfaces = request.network_interfaces
    if isinstance(interfaces, CreateInterfaces):
        if len(interfaces.params) > MOST_INTERFACES:
            raise errors.invalid_request(
                f"An instance may not have more than {MOST_INTERFACES} network interfaces"
            )
        if len({interface.vpc_name for interface in interfaces.params}) > 1:
            raise errors.invalid_request("All interfaces must be in the same VPC")
    if len(request.ssh_public_keys or ()) > MOST_SSH_KEYS:
        raise errors.invalid_request(
            f"cannot attach more than {MOST_SSH_KEYS} ssh keys to the instance"
        )
    if len(standard_base64(request.user_data)) > MOST_USER_DATA:
        raise errors.invalid_request(
            f"user data exceeds the maximum of {MOST_USER_DATA} bytes before encoding"
        )
    if request.anti_affinity_groups:
        group = request.anti_affinity_groups[0]
        raise errors.not_found_name("anti-affinity-group", group)
    if request.multicast_groups:
        raise errors.invalid_request("multicast functionality is currently disabled")
    if request.enable_jumbo_frames:
        raise errors.invalid_request("jumbo frames are not enabled for this fleet")


def _record(rack: Rack, request: InstanceCreate, project: Project) -> tuple[Instance, list[Disk]]:
    """Record the instance and all that belongs to it; return the disks that want content."""
    identity = request.identity(rack.clock)
    instance = Instance(
        **identity,
        project_id=project.id,
        hostname=request.hostname,
        ncpus=request.ncpus,
        memory=request.memory,
        boot_disk_id=None,
        run_state="creating",
        time_run_state_updated=identity["time_created"],
        auto_restart_policy=request.auto_restart_policy,
        time_last_auto_restarted=None,
        cpu_platform=request.cpu_platform,
        user_data=standard_base64(request.user_data),
    )
    keys = _keys(rack, request.ssh_public_keys)
    with unique_name("instance", instance.name):
        rack.store.instances.insert(instance)
    rack.store.instance_ssh_keys.insert(*(_frozen(key, instance.id) for key in keys))
    _add_interfaces(rack, request, instance)
    _add_external_ips(rack, request, instance)
    new_disks: list[Disk] = []
    attachments = list(request.disks)
    if request.boot_disk is not None:
        attachments.insert(0, request.boot_disk)
    for number, attachment in enumerate(attachments):
        disk = _attach(rack, attachment, instance)
        if disk.state == "creating":
            new_disks.append(disk)
        if number == 0 and request.boot_disk is not None:
            instance = rack.store.instances.update(instance.id, boot_disk_id=disk.id)
    return instance, new_disks


def _attach(rack: Rack, attachment: DiskAttachment, instance: Instance) -> Disk:
    if isinstance(attachment, CreateDisk):
        request = DiskCreate(
            name=attachment.name,
            description=attachment.description,
            size=attachment.size,
            disk_backend=attachment.disk_backend,
        )
        disk = rack.storage.add_disk(request, instance.project_id)
        return rack.store.disks.update(disk.id, instance_id=instance.id)
    disk = rack.lookup.disk_within(attachment.name, instance.project_id)
    return attach_disk(rack, disk, instance)


def _keys(rack: Rack, wanted: list[str] | None) -> list[SshKey]:
    """Return the named keys, or all of the user's where the request is silent."""
    if wanted is None:
        return rack.store.ssh_keys.all()
    keys = {key.id: key for key in map(rack.lookup.ssh_key, wanted)}
    return list(keys.values())


def _frozen(key: SshKey, instance_id: str) -> InstanceSshKey:
    columns = {field.name: getattr(key, field.name) for field in fields(key)}
    return InstanceSshKey(**columns, instance_id=instance_id)


def _add_interfaces(rack: Rack, request: InstanceCreate, instance: Instance) -> None:
    wanted = request.network_interfaces
    if isinstance(wanted, CreateInterfaces):
        interfaces = wanted.params
    elif wanted.type == "none":
        interfaces = []
    else:
        interfaces = [
            InterfaceCreate(
                name="net0",
                description=f"default primary interface for {instance.name}",
                vpc_name="default",
                subnet_name="default",
                ip_config=_DEFAULT_STACKS[wanted.type],
            )
        ]
    for number, interface in enumerate(interfaces):
        vpc = rack.lookup.vpc_named(interface.vpc_name, instance.project_id)
        subnet = rack.lookup.subnet_named(interface.subnet_name, vpc.id)
        with unique_name("instance-network-interface", interface.name):
            rack.networks.add_interface(interface, instance.id, subnet, primary=number == 0)


def _add_external_ips(rack: Rack, request: InstanceCreate, instance: Instance) -> None:
    primary = rack.store.network_interfaces.find(instance_id=instance.id, is_primary=True)
    if primary is not None and primary.ipv4 is not None:
        # Nexus gives such an interface an outbound address, and refuses where no pool has one.
        pool = rack.pools.choose(AutoPool(type="auto", ip_version="v4"))
        rack.store.source_nats.insert(rack.pools.free_source_nat(instance.id, pool.id))
    for wanted in request.external_ips:
        if isinstance(wanted, FloatingAddress):
            floating = rack.lookup.floating_ip_within(wanted.floating_ip, instance.project_id)
            if floating.instance_id is not None:
                raise errors.invalid_request(
                    "floating IP cannot be attached to one instance while still attached to another"
                )
            rack.store.floating_ips.update(floating.id, instance_id=instance.id)
        else:
            add_ephemeral_ip(rack, instance, wanted.pool_selector)
