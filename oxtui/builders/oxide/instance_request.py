"""What a build asks the rack for when it makes its instance."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from oxtui.component.errors import StepError
from oxtui.oxide.models.disk import BlocksOfImage, BlocksOfSnapshot, DistributedBackend
from oxtui.oxide.models.instance_create import (
    AttachDisk,
    CreateDisk,
    CreateInterfaces,
    DiskAttachment,
    EphemeralIp,
    InstanceCreate,
    InterfaceCreate,
)

if TYPE_CHECKING:
    from oxtui.builders.oxide.builder import OxideInstanceBuilder


def hostname(builder: OxideInstanceBuilder) -> str:
    """Hostname in the guest: as asked for, else the instance's name."""
    given = builder.setting.interpolation.render(builder.options.hostname)
    return given or builder.found.hostname or builder.found.instance_name


def instance_body(builder: OxideInstanceBuilder) -> InstanceCreate:
    """The create call's body: boot disk, one interface, one ephemeral address.

    Raises:
        StepError: the preflight, which finds image and pool, was not done.
    """
    options, found = builder.options, builder.found
    source, addressing = found.source, found.addressing
    if source is None or addressing is None:
        raise StepError("the source image is not known; retry the preflight step first")
    start = builder.disk.start
    blocks = (
        BlocksOfImage(image_id=source.id)
        if start is None
        else BlocksOfSnapshot(snapshot_id=start.id)
    )
    keys = ([found.key_id] if found.key_id else []) + options.ssh_public_keys
    own = builder.disk.own
    disk: DiskAttachment = CreateDisk(
        name=found.instance_name,
        description=builder.mark,
        size=found.disk_size,
        disk_backend=DistributedBackend(disk_source=blocks),
    )
    return InstanceCreate(
        name=found.instance_name,
        description=builder.mark,
        hostname=hostname(builder),
        ncpus=options.cpus,
        memory=options.memory,
        boot_disk=disk if own is None else AttachDisk(name=own.name),
        disks=[AttachDisk(name=name) for name in found.disks],
        network_interfaces=CreateInterfaces(
            params=[
                InterfaceCreate(
                    name=found.instance_name,
                    description=builder.mark,
                    vpc_name=found.vpc,
                    subnet_name=found.subnet,
                    ip_config=addressing.stack,
                )
            ]
        ),
        external_ips=[EphemeralIp(pool_selector=addressing.selector)],
        ssh_public_keys=keys,
        user_data=base64.b64encode(options.user_data.encode()).decode(),
        # A host crash must not reboot the guest behind the provisioners' back.
        auto_restart_policy="never",
    )
