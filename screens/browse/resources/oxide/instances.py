"""Instances: their states, addresses and disks; start, stop, reboot."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING, Any

from oxtui.oxide import effects
from screens.browse.deleting import delete_instances
from screens.browse.look import Look
from screens.browse.power import reboot, start, stop
from screens.browse.resource import PAGE, Fact, Resource, Scope, Section, of_projects
from screens.browse.resources.oxide.common import (
    created_column,
    identity,
    name_column,
    project_columns,
    state_fact,
    times,
)
from screens.tables.cell import Column
from screens.wording import age, plural, size, state

if TYPE_CHECKING:
    from oxtui.oxide.client import OxideClient

_SETTLED = {"running", "stopped", "failed", "destroyed"}


def _image(row: Any, look: Look) -> str:
    disk = look.row("disks", row.boot_disk_id)
    return "–" if disk is None else look.name("images", disk.image_id)


def _columns(look: Look) -> Sequence[Column]:
    return (
        name_column(),
        Column(title="STATE", cell=lambda row: state(row.run_state), priority=1, minimum=10),
        *project_columns(look, 3),
        Column(
            title="VCPUS",
            cell=lambda row: str(row.ncpus),
            sort=lambda row: row.ncpus,
            priority=5,
            right=True,
        ),
        Column(
            title="MEMORY",
            cell=lambda row: size(row.memory),
            sort=lambda row: row.memory,
            priority=4,
            right=True,
        ),
        Column(title="IMAGE", cell=lambda row: _image(row, look), priority=6, minimum=12),
        created_column(look, 7),
    )


def _pages(client: OxideClient, scope: Scope) -> AsyncIterator[list[Any]]:
    return of_projects(lambda project: client.instances.pages(project, PAGE), scope)


def _facts(row: Any, look: Look) -> Sequence[Fact]:
    return [
        *identity(row),
        state_fact(row.run_state),
        Fact("since", age(row.time_run_state_updated, look.now()), "muted"),
        Fact("vcpus", str(row.ncpus)),
        Fact("memory", size(row.memory)),
        Fact("hostname", row.hostname),
        Fact("image", _image(row, look)),
        Fact("project", look.name("projects", row.project_id)),
        Fact("restart", row.auto_restart_policy or "as the rack decides"),
        *times(row, look),
    ]


async def _more(client: OxideClient, row: Any) -> Sequence[Section]:
    addresses = await client.instances.external_ips(row.id)
    disks = [disk async for disk in client.instances.disks(row.id)]
    private = [nic async for nic in client.network_interfaces.list(row.id)]
    return (
        Section(
            "Addresses",
            facts=[
                *(Fact(ip.kind, ip.ip) for ip in addresses if ip.is_inbound),
                *(Fact("private", ip) for nic in private for ip in nic.ip_stack.addresses),
            ],
            empty="none",
        ),
        Section(
            plural(len(disks), "disk").capitalize(),
            headings=("NAME", "SIZE", "BOOT"),
            lines=[
                (disk.name, size(disk.size), "yes" if disk.id == row.boot_disk_id else "")
                for disk in disks
            ],
        ),
    )


INSTANCES = Resource(
    id="instances",
    one="instance",
    columns=_columns,
    pages=_pages,
    facts=_facts,
    more=_more,
    lookups=("disks", "images"),
    handlers={
        "instances.start": start(lambda client, row: client.instances.start(row.id)),
        "instances.stop": stop(
            lambda client, row: client.instances.stop(row.id), effects.stopping()
        ),
        "instances.reboot": reboot(lambda client, row: client.instances.reboot(row.id)),
        "browse.delete-instances": delete_instances,
    },
    in_transit=lambda row: row.run_state not in _SETTLED,
    empty="No instance here. On an image (2), b boots a test instance.",
)
