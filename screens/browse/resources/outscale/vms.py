"""VMs: their states, addresses, volumes and security groups."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from screens.browse.look import Look
from screens.browse.power import reboot, start, stop
from screens.browse.resource import Fact, Related, Resource, Section
from screens.browse.resources.outscale.common import (
    created_column,
    id_column,
    identity,
    name_column,
    pages_of,
    related,
    state_column,
    state_fact,
    tags,
    text_column,
    times,
)
from screens.browse.resources.outscale.vm_acts import STOPPING, call, delete_vms, show_console
from screens.tables.cell import Column
from screens.wording import plural

_SETTLED = {"running", "stopped", "terminated", "quarantine"}


def _image(row: Any, look: Look) -> str:
    return look.name("omis", row.image_id or None)


def _columns(look: Look) -> Sequence[Column]:
    return (
        name_column(),
        state_column(1),
        text_column("TYPE", lambda row: row.vm_type, 4, 14),
        text_column("ADDRESS", lambda row: row.public_ip or row.private_ip, 2, 13),
        text_column("OMI", lambda row: _image(row, look), 5, 12),
        id_column(3),
        created_column(look, 6),
    )


def _facts(row: Any, look: Look) -> Sequence[Fact]:
    place = row.placement.subregion_name
    return [
        *identity(row),
        state_fact(row),
        *([Fact("", row.state_reason, "muted")] if row.state_reason else []),
        Fact("type", row.vm_type or "–"),
        Fact("omi", _image(row, look)),
        Fact("public ip", row.public_ip or "–"),
        Fact("private ip", row.private_ip or "–"),
        Fact("key pair", row.keypair_name or "–"),
        Fact("subregion", place or "–"),
        Fact("net", look.name("nets", row.net_id or None)),
        Fact("subnet", look.name("subnets", row.subnet_id or None)),
        *times(row, look),
        *tags(row),
    ]


async def _more(_client: Any, row: Any) -> Sequence[Section]:
    devices = [device for device in row.block_device_mappings if device.bsu is not None]
    return (
        Section(
            plural(len(devices), "volume").capitalize(),
            headings=("DEVICE", "VOLUME", "WITH THE VM"),
            lines=[
                (
                    device.device_name,
                    device.bsu.volume_id,
                    "deleted" if device.bsu.delete_on_vm_deletion else "kept",
                )
                for device in devices
            ],
        ),
        Section(
            plural(len(row.security_groups), "security group").capitalize(),
            headings=("NAME", "ID"),
            lines=[(g.security_group_name, g.security_group_id) for g in row.security_groups],
        ),
    )


def _related(row: Any, look: Look) -> Sequence[Related]:
    groups = [group.security_group_id for group in row.security_groups]
    addresses = [ip.id for ip in look.referring("public-ips", "vm_id", row.id)]
    return [
        *related("volume", "volumes", row.volume_ids),
        *related("OMI", "omis", [row.image_id]),
        *related("security group", "security-groups", groups),
        *related("public IP", "public-ips", addresses),
        *related("subnet", "subnets", [row.subnet_id]),
    ]


VMS = Resource(
    id="vms",
    one="VM",
    columns=_columns,
    pages=pages_of("vms"),
    facts=_facts,
    more=_more,
    related=_related,
    lookups=("omis", "public-ips"),
    handlers={
        "outscale.start": start(call("StartVms")),
        "outscale.stop": stop(call("StopVms"), STOPPING),
        "outscale.reboot": reboot(call("RebootVms")),
        "outscale.console": show_console,
        "outscale.delete-vms": delete_vms,
    },
    in_transit=lambda row: row.state not in _SETTLED,
    in_projects=False,
    empty="No VM here. Builds make one and delete it again.",
)
