"""What can be known to go wrong on the rack before anything is made there."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import dataclass

from oxtui.builders.oxide.names import plain_name
from oxtui.builders.oxide.options import GIB, OxideInstanceOptions
from oxtui.oxide import limits
from oxtui.oxide.addressing import Addressing, NoPool, addressing
from oxtui.oxide.client import OxideClient
from oxtui.oxide.errors import ApiError, Forbidden, NotFound
from oxtui.oxide.models.firewall import FirewallRule
from oxtui.oxide.models.image import Image
from oxtui.oxide.names import is_id

DEFAULT_DISK = 20 * GIB


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the build is about to ask of the rack."""

    options: OxideInstanceOptions
    source: Image
    project: str
    """Id of the project."""
    artifact_name: str
    artifact_version: str
    hostname: str
    disk_size: int
    ssh_port: int
    replace: bool
    """An image of that name is replaced."""
    promote: bool
    """The new image goes to the silo in the end."""
    addressing: Addressing | str
    """How the instance is reached, or why it could not be (`find_addressing`)."""


async def find_source(client: OxideClient, image: str, project: str) -> Image:
    """The source image: by id, else by name among the silo's images, then the project's.

    Raises:
        NotFound: there is none.
    """
    if is_id(image):
        return await client.images.view(image)
    try:
        return await client.images.view(image)
    except NotFound:
        return await client.images.view(image, project=project)


async def find_addressing(client: OxideClient, ip_pool: str) -> Addressing | str:
    """How the instance is reached; where it cannot be, why, as a sentence for the operator.

    Raises:
        OxideError: the rack cannot be read.
    """
    try:
        return await addressing(client, ip_pool)
    except NotFound:
        return f'ip_pool: the silo has no IP pool "{ip_pool}". Choose one that it lists.'
    except NoPool as error:
        problem = f"ip_pool: {error}"
    if ip_pool:
        return problem
    names = [pool.name async for pool in client.ip_pools.list() if pool.serves_instances]
    return f"{problem} Or name a pool in ip_pool: {', '.join(names)}." if names else problem


def no_project(project: str) -> str:
    """What is said of a project that there is not."""
    return f'project: the silo has no project "{project}". Choose one that it lists.'


def no_source(image: str, project: str) -> str:
    """What is said of a source image that there is not; `project` is named to the operator."""
    return (
        f'boot_disk_image_id: neither the silo nor the project "{project}" has an image "{image}". '
        "Choose one that they list."
    )


def disk_size(wanted: int | None, source: Image) -> int:
    """Bytes of the boot disk: as asked for, else 20 GiB or the source's size if that is more."""
    return max(DEFAULT_DISK, source.size) if wanted is None else wanted


async def problems(client: OxideClient, wanted: Wanted) -> list[str]:
    """Every problem as a sentence that says what to do; empty if the build can begin."""
    checks: list[Awaitable[list[str]]] = [
        _artifact(client, wanted),
        _quota(client, wanted),
        _network(client, wanted),
        _keys(client, wanted),
    ]
    found = await asyncio.gather(*checks)
    told = _local(wanted)
    if isinstance(wanted.addressing, str):
        told.append(wanted.addressing)
    return [*told, *(problem for some in found for problem in some)]


def _local(wanted: Wanted) -> list[str]:
    told = []
    if wanted.source.project_id not in (None, wanted.project):
        told.append(
            f'boot_disk_image_id: image "{wanted.source.name}" belongs to another project. Build in '
            "that project, or promote the image to the silo."
        )
    disk = limits.check_disk_size(wanted.disk_size, source_size=wanted.source.size)
    if disk:
        least = -(-wanted.source.size // GIB) * GIB
        told.append(
            f"boot_disk_size: {disk} Set it to at least {least} ({limits.gibibytes(least)})."
        )
    if not wanted.options.skip_create_image:
        name = limits.check_name(wanted.artifact_name)
        if name:
            told.append(f'artifact_name "{wanted.artifact_name}": {name}')
        version = limits.check_image_text("version", wanted.artifact_version)
        if version:
            told.append(f"artifact_version: {version}")
    hostname = limits.check_hostname(wanted.hostname)
    if hostname:
        told.append(f"hostname: {hostname}")
    return told


async def _artifact(client: OxideClient, wanted: Wanted) -> list[str]:
    if wanted.options.skip_create_image:
        return []
    if limits.check_name(wanted.artifact_name):
        return []  # told already, and no image can have it
    told = []
    try:
        if not wanted.replace and (image := await _image(client, wanted, wanted.project)):
            told.append(
                f'artifact_name: the project has an image "{image.name}" already ({image.id}). '
                "Choose another name, delete that image, or build with -force to replace it."
            )
        if wanted.promote and (image := await _image(client, wanted, None)):
            told.append(
                f'artifact_name: the silo has an image "{image.name}" already ({image.id}), so the '
                "new one could not be promoted; -force replaces no image of the silo. Choose another "
                "name, demote or delete that image, or build with --no-promote."
            )
    except ApiError as error:
        told.append(str(error))
    return told


async def _image(client: OxideClient, wanted: Wanted, project: str | None) -> Image | None:
    """The image that has the name of the new one, in the project or else in the silo."""
    try:
        return await client.images.view(wanted.artifact_name, project=project)
    except NotFound:
        return None


async def _quota(client: OxideClient, wanted: Wanted) -> list[str]:
    free = (await client.session.utilization()).free
    captures = 1 if wanted.options.skip_create_image else 2
    needed = {
        "virtual CPUs": (wanted.options.cpus, free.cpus, 1),
        "GiB of memory": (wanted.options.memory, free.memory, GIB),
        "GiB of storage": (captures * wanted.disk_size, free.storage, GIB),
    }
    reasons = {"GiB of storage": " (boot disk and its snapshot)" if captures == 2 else ""}
    return [
        f"quota: the build needs {need // unit} {what}{reasons.get(what, '')} and the silo has "
        f"{have // unit} free. Stop or delete something, or ask for a larger quota."
        for what, (need, have, unit) in needed.items()
        if need > have
    ]


async def _network(client: OxideClient, wanted: Wanted) -> list[str]:
    options = wanted.options
    try:
        vpc = await client.vpcs.view(options.vpc, project=wanted.project)
    except NotFound:
        return [f'vpc: the project has no VPC "{options.vpc}". Choose one that it lists.']
    told = []
    try:
        await client.subnets.view(options.subnet, vpc=vpc.id)
    except NotFound:
        told.append(f'subnet: VPC "{options.vpc}" has no subnet "{options.subnet}".')
    if options.communicator == "none":
        return told
    try:
        rules = [rule async for rule in client.firewall_rules.list(vpc.id)]
    except Forbidden:
        return told
    if not any(_lets_in(rule, wanted.ssh_port) for rule in rules):
        told.append(
            f'firewall: no rule of VPC "{options.vpc}" lets tcp port {wanted.ssh_port} in, so SSH '
            "could not connect. Add an inbound allow rule for it."
        )
    return told


async def network_names(client: OxideClient, wanted: Wanted) -> tuple[str, str]:
    """Names of the VPC and the subnet: a create takes no ids for them (API).

    Raises:
        OxideError: they cannot be read.
    """
    vpc, subnet = wanted.options.vpc, wanted.options.subnet
    if is_id(subnet):
        subnet = (await client.subnets.view(subnet)).name
    if is_id(vpc):
        vpc = (await client.vpcs.view(vpc)).name
    return vpc, subnet


def _lets_in(rule: FirewallRule, port: int) -> bool:
    """Whether a rule may let SSH in; who may come and where it applies is left to the rack."""
    if (rule.status, rule.direction, rule.action) != ("enabled", "inbound", "allow"):
        return False
    protocols = rule.filters.protocols
    if protocols is not None and not any(protocol.type == "tcp" for protocol in protocols):
        return False
    if rule.filters.ports is None:
        return True
    for text in rule.filters.ports:
        low, _, high = text.partition("-")
        if int(low) <= port <= int(high or low):
            return True
    return False


async def _keys(client: OxideClient, wanted: Wanted) -> list[str]:
    told = []
    name = wanted.options.temporary_key_pair_name
    if name and wanted.options.needs_temporary_key:
        with suppress(NotFound):
            key_id = (await client.ssh_keys.view(plain_name(name))).id
            told.append(
                f'temporary_key_pair_name: you have an SSH key "{plain_name(name)}" on the rack already '
                f"({key_id}). Choose another name, or leave it out for one of the build's own."
            )
    for key in wanted.options.ssh_public_keys:
        try:
            await client.ssh_keys.view(key)
        except NotFound:
            told.append(
                f'ssh_public_keys: you have no SSH key "{key}" on the rack. Add it or leave it out.'
            )
    return told
