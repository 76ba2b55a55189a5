"""What the connected rack says to fields: values that can be chosen, and what a value means there."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from oxtui.oxide.errors import NotFound
from screens.compose.value_text import is_computed
from screens.dialogs.choice import Choice
from screens.wording import plural, size

if TYPE_CHECKING:
    from oxtui.oxide.client import OxideClient
    from oxtui.oxide.models.image import Image
    from screens.compose.reading import Field

_GIB = 2**30
_QUOTA = ("cpus", "memory", "boot_disk_size")


@dataclass(frozen=True, slots=True)
class Question:
    """What the rack is asked about a field: its value with the values that it depends on."""

    about: str
    """A lookup (`image`, `project`, …), or the option's name for what the quota limits."""
    value: str
    project: str = ""
    vpc: str = ""
    image: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the rack says; `bad`: the value cannot be right."""

    text: str
    bad: bool = False


_IN_PROJECT = ("image", "image_name", "vpc", "subnet")
"""Lookups whose values depend on the project."""


def can_be_asked(field: Field) -> bool:
    """Whether a rack knows anything about values of a field."""
    return field.spec.lookup not in ("", "file") or field.name in _QUOTA


def question(field: Field, siblings: Mapping[str, Field]) -> Question | None:
    """What can be asked about a field; None if there is nothing, or its value is not known yet."""
    lookup, name = field.spec.lookup, field.name
    if not can_be_asked(field):
        return None

    def text(option: str) -> str:
        found = siblings.get(option)
        if found is None:
            return ""
        shown = found.text or str(found.spec.default or "")
        return "" if is_computed(shown) else shown

    value = field.text or str(field.spec.default or "")
    if is_computed(value):
        return None
    if lookup == "ssh_key" and not field.text:
        return None
    if (lookup in ("vpc", "subnet") and not text("project")) or (lookup == "project" and not value):
        return None
    about = lookup or name
    image = text("boot_disk_image_id") if about == "boot_disk_size" else ""
    if about in (*_IN_PROJECT, "boot_disk_size"):
        vpc = text("vpc") if about == "subnet" else ""
        return Question(about, value, text("project"), vpc, image)
    return Question(about, value)


async def answer(client: OxideClient, asked: Question) -> Answer | None:
    """What the rack says. Raises OxideError where it cannot be asked."""
    try:
        return await _ANSWERS[asked.about](client, asked)
    except NotFound:
        where = f" in {asked.project}" if asked.about in _IN_PROJECT else ""
        what = (
            asked.about.removesuffix("_name")
            .replace("_", " ")
            .replace("ip", "IP")
            .replace("ssh", "SSH")
        )
        return Answer(f"the rack has no {what} “{asked.value}”{where}", bad=True)


async def _image(client: OxideClient, asked: Question) -> Answer | None:
    from oxtui.builders.oxide.preflight import find_source

    if not asked.value:
        return None
    image = await find_source(client, asked.value, asked.project) if asked.project else (
        await client.images.view(asked.value)
    )  # fmt: skip
    return Answer(f"{image.name}: {_image_note(image)}")


async def _image_named(client: OxideClient, asked: Question) -> Answer | None:
    if not asked.value:
        return None
    image = await client.images.view(asked.value, asked.project or None)
    return Answer(f"{image.name}: {_image_note(image)}")


def _image_note(image: Image) -> str:
    system = f"{image.os} {image.version}".strip()
    where = "silo image" if image.is_silo_image else "project image"
    return ", ".join(filter(None, (size(image.size), system, where)))


async def _project(client: OxideClient, asked: Question) -> Answer:
    images = [image async for image in client.images.list(asked.value)]
    instances = [each async for each in client.instances.list(asked.value)]
    return Answer(
        f"project has {plural(len(images), 'image')} of its own, "
        f"{plural(len(instances), 'instance')}"
    )


async def _vpc(client: OxideClient, asked: Question) -> Answer:
    vpc = await client.vpcs.view(asked.value, asked.project)
    subnets = [subnet async for subnet in client.subnets.list(vpc.id)]
    return Answer(f"VPC has {plural(len(subnets), 'subnet')}: {', '.join(s.name for s in subnets)}")


async def _subnet(client: OxideClient, asked: Question) -> Answer:
    subnet = await client.subnets.view(asked.value, asked.vpc, asked.project)
    return Answer(f"subnet {subnet.ipv4_block}")


async def _pool(client: OxideClient, asked: Question) -> Answer:
    if asked.value:
        pool = await client.ip_pools.view(asked.value)
        note = ", the silo's default" if pool.is_default else ""
        return Answer(
            f"{pool.pool_type} pool, IP{pool.ip_version}{note}", not pool.serves_instances
        )
    from oxtui.oxide.addressing import NoPool, addressing

    try:
        found = await addressing(client)
    except NoPool:
        return Answer("the silo has no default pool, of IPv4 or IPv6; name one", bad=True)
    version = ", IPv6" if found.is_ipv6 else ""
    return Answer(f"the silo's default is {found.pool.name}{version}")


async def _keys(client: OxideClient, asked: Question) -> Answer:
    known = {name async for key in client.ssh_keys.list() for name in (key.name, key.id)}
    missing = [name for name in asked.value.split("\n") if name.strip() and name not in known]
    if missing:
        return Answer(f"you have no key {', '.join(missing)} on the rack", bad=True)
    return Answer("the rack has " + ("these keys" if "\n" in asked.value else "this key"))


async def _cpus(client: OxideClient, asked: Question) -> Answer:
    free = (await client.session.utilization()).free
    return Answer(f"the silo has {free.cpus} virtual CPUs free")


async def _memory(client: OxideClient, asked: Question) -> Answer:
    free = (await client.session.utilization()).free
    return Answer(f"the silo has {size(free.memory)} free")


async def _disk(client: OxideClient, asked: Question) -> Answer:
    from oxtui.builders.oxide.preflight import find_source

    free = (await client.session.utilization()).free
    told = f"the silo has {size(free.storage)} free"
    if asked.image and asked.project:
        image = await find_source(client, asked.image, asked.project)
        told = f"the image has {size(image.size)}; {told}"
    return Answer(told)


_ANSWERS = {
    "image": _image,
    "project": _project,
    "image_name": _image_named,
    "vpc": _vpc,
    "subnet": _subnet,
    "ip_pool": _pool,
    "ssh_key": _keys,
    "cpus": _cpus,
    "memory": _memory,
    "boot_disk_size": _disk,
}


async def offers(
    client: OxideClient, lookup: str, project: str, vpc: str
) -> AsyncIterator[list[Choice]]:
    """The values that a field could have, page by page. Raises OxideError."""
    match lookup:
        case "image":
            async for page in client.images.pages():
                yield [Choice(each.id, each.name, _image_note(each)) for each in page]
            if project:
                async for page in client.images.pages(project):
                    yield [Choice(each.id, each.name, _image_note(each)) for each in page]
        case (
            "image_name"
        ):  # of the project that is named, else of the silo (the data source's rule)
            async for page in client.images.pages(project or None):
                yield [Choice(each.name, each.name, _image_note(each)) for each in page]
        case "project":
            async for projects in client.projects.pages():
                yield [Choice(each.name, each.name, each.description) for each in projects]
        case "vpc" if project:
            async for vpcs in client.vpcs.pages(project):
                yield [Choice(each.name, each.name, each.description) for each in vpcs]
        case "subnet" if project:
            async for subnets in client.subnets.pages(vpc or "default", project):
                yield [Choice(each.name, each.name, each.ipv4_block) for each in subnets]
        case "ip_pool":
            async for pools in client.ip_pools.pages():
                yield [
                    Choice(
                        pool.name, pool.name, f"IP{pool.ip_version}" + ", default" * pool.is_default
                    )
                    for pool in pools
                    if pool.serves_instances
                ]
        case "ssh_key":
            async for keys in client.ssh_keys.pages():
                yield [Choice(each.name, each.name, each.description) for each in keys]
