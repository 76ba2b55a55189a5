"""What a build makes on a rack, made by hand."""

from __future__ import annotations

from oxtui.builders.oxide.locator import locate
from oxtui.component.resources import ResourceRecord
from oxtui.oxide.client import OxideClient
from oxtui.oxide.models.disk import BlocksOfImage, DistributedBackend
from oxtui.oxide.models.instance import Instance
from oxtui.oxide.models.instance_create import CreateDisk, EphemeralIp, InstanceCreate

GIB = 2**30
MARK = "Temporary, of a test."
PROJECT = "sandbox"


async def place(client: OxideClient, **values: str) -> dict[str, str]:
    """Locator of what is made in the project."""
    me = await client.session.me()
    project = (await client.projects.view(PROJECT)).id
    known = {"project": project, "description": MARK, **values}
    return locate(client.connection, me.silo_id, me.id, **known)


def record(kind: str, name: str, locator: dict[str, str], known: str = "") -> ResourceRecord:
    """A record as the journal gives it."""
    return ResourceRecord(
        number=1, session=41, build="web", kind=kind, name=name, id=known, locator=locator, time=0.0
    )


async def instance_body(client: OxideClient, name: str) -> InstanceCreate:
    """A small instance of the first silo image, with its boot disk."""
    pages = [page async for page in client.images.pages()]
    source = pages[0][0]
    return InstanceCreate(
        name=name,
        description=MARK,
        hostname=name,
        ncpus=1,
        memory=GIB,
        boot_disk=CreateDisk(
            name=name,
            description=MARK,
            size=source.size,
            disk_backend=DistributedBackend(disk_source=BlocksOfImage(image_id=source.id)),
        ),
        external_ips=[EphemeralIp()],
        ssh_public_keys=[],
        auto_restart_policy="never",
    )


async def make_instance(client: OxideClient, name: str) -> Instance:
    """It starts at once."""
    return await client.instances.create(await instance_body(client, name), PROJECT)
