"""What options of templates name on a rack, and what they take of the silo's quota."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable
from typing import TYPE_CHECKING, Any

from oxtui.oxide.errors import NotFound
from screens.browse.naming import Answer, Named, Naming, Quota, Where
from screens.browse.resource import PAGE, Scope
from screens.browse.resources.oxide.images import IMAGES
from screens.browse.resources.oxide.ip_pools import IP_POOLS
from screens.browse.resources.oxide.keys import KEYS
from screens.browse.resources.oxide.projects import PROJECTS
from screens.browse.resources.oxide.vpcs import VPCS
from screens.wording import plural, size

if TYPE_CHECKING:
    from oxtui.oxide.client import OxideClient


def _project(where: Where) -> str | None:
    return where["projects"].id if "projects" in where else None


def _in_project(where: Where) -> Scope:
    return Scope((), where.get("projects"))


def _in_silo_too(where: Where) -> str:
    if "projects" not in where:
        return " in the silo"
    return f", neither in the silo nor in {where['projects'].name}"


async def _or_none(looked_for: Awaitable[Any]) -> Any | None:
    try:
        return await looked_for
    except NotFound:
        return None


async def _source(client: OxideClient, value: str, where: Where) -> Any | None:
    from oxtui.builders.oxide.preflight import find_source

    project = _project(where)
    view = client.images.view(value) if project is None else find_source(client, value, project)
    return await _or_none(view)


def _image_note(image: Any) -> str:
    system = f"{image.os} {image.version}".strip()
    where = "silo image" if image.is_silo_image else "project image"
    return ", ".join(filter(None, (size(image.size), system, where)))


async def _image(_client: OxideClient, image: Any) -> str:
    return f"{image.name}: {_image_note(image)}"


async def _holds(client: OxideClient, project: Any) -> str:
    images = [image async for image in client.images.list(project.id)]
    instances = [each async for each in client.instances.list(project.id)]
    return (
        f"project has {plural(len(images), 'image')} of its own, "
        f"{plural(len(instances), 'instance')}"
    )


async def _vpc(client: OxideClient, vpc: Any) -> str:
    subnets = [subnet async for subnet in client.subnets.list(vpc.id)]
    return f"VPC has {plural(len(subnets), 'subnet')}: {', '.join(s.name for s in subnets)}"


async def _subnet(_client: OxideClient, subnet: Any) -> str:
    return f"subnet {subnet.ipv4_block}"


async def _pool(_client: OxideClient, pool: Any) -> str:
    note = ", the silo's default" if pool.is_default else ""
    return f"{pool.pool_type} pool, IP{pool.ip_version}{note}"


async def _default_pool(client: OxideClient) -> Answer:
    from oxtui.oxide.addressing import NoPool, addressing

    try:
        found = await addressing(client)
    except NoPool:
        return Answer("the silo has no default pool, of IPv4 or IPv6; name one", bad=True)
    version = ", IPv6" if found.is_ipv6 else ""
    return Answer(f"the silo's default is {found.pool.name}{version}")


async def _key(_client: OxideClient, _key: Any) -> str:
    return "the rack has this key"


def _subnets(client: OxideClient, where: Where) -> AsyncIterator[list[Any]]:
    return client.subnets.pages(where["vpcs"].id, limit=PAGE)


async def _cpus(client: OxideClient, _where: Where) -> str:
    free = (await client.session.utilization()).free
    return f"the silo has {free.cpus} virtual CPUs free"


async def _memory(client: OxideClient, _where: Where) -> str:
    free = (await client.session.utilization()).free
    return f"the silo has {size(free.memory)} free"


async def _storage(client: OxideClient, where: Where) -> str:
    free = (await client.session.utilization()).free
    told = f"the silo has {size(free.storage)} free"
    return f"the image has {size(where['images'].size)}; {told}" if "images" in where else told


NAMED = Named(
    kinds={
        "images": Naming(
            one=IMAGES.one,
            pages=lambda client, where: IMAGES.pages(client, _in_project(where)),
            names=lambda row: (row.id, row.name),
            note=_image_note,
            told=_image,
            find=_source,
            within=("projects",),
            place=_in_silo_too,
        ),
        "image-names": Naming(  # of the project that is named, else of the silo (the data source's rule)
            one=IMAGES.one,
            pages=lambda client, where: client.images.pages(_project(where), PAGE),
            names=lambda row: (row.name,),
            note=_image_note,
            told=_image,
            find=lambda client, value, where: _or_none(client.images.view(value, _project(where))),
            within=("projects",),
        ),
        "projects": Naming(
            one=PROJECTS.one,
            pages=lambda client, where: PROJECTS.pages(client, _in_project(where)),
            names=lambda row: (row.name, row.id),
            note=lambda row: row.description,
            told=_holds,
            find=lambda client, value, _where: _or_none(client.projects.view(value)),
        ),
        "vpcs": Naming(
            one=VPCS.one,
            pages=lambda client, where: VPCS.pages(client, _in_project(where)),
            names=lambda row: (row.name, row.id),
            note=lambda row: row.description,
            told=_vpc,
            find=lambda client, value, where: _or_none(client.vpcs.view(value, _project(where))),
            within=("projects",),
            needs=("projects",),
        ),
        "subnets": Naming(
            one="subnet",
            pages=_subnets,
            names=lambda row: (row.name, row.id),
            note=lambda row: row.ipv4_block,
            told=_subnet,
            find=lambda client, value, where: _or_none(
                client.subnets.view(value, where["vpcs"].id)
            ),
            within=("vpcs",),
            needs=("vpcs",),
        ),
        "ip-pools": Naming(
            one=IP_POOLS.one,
            pages=lambda client, where: IP_POOLS.pages(client, _in_project(where)),
            names=lambda row: (row.name, row.id),
            note=lambda row: f"IP{row.ip_version}" + ", default" * row.is_default,
            told=_pool,
            find=lambda client, value, _where: _or_none(client.ip_pools.view(value)),
            usable=lambda row: row.serves_instances,
            unset=_default_pool,
        ),
        "keys": Naming(
            one=KEYS.one,
            pages=lambda client, where: KEYS.pages(client, _in_project(where)),
            names=lambda row: (row.name, row.id),
            note=lambda row: row.description,
            told=_key,
        ),
    },
    quotas={
        "cpus": Quota(told=_cpus),
        "memory": Quota(told=_memory),
        "storage": Quota(told=_storage, within=("images",)),
    },
)
