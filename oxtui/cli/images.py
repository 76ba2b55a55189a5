"""Images on the command line: list, show, promote, demote, delete."""

from __future__ import annotations

from argparse import Namespace

from oxtui.cli.confirm import allow_change, confirm_loss
from oxtui.cli.each import each
from oxtui.cli.errors import CommandError
from oxtui.cli.on_rack import OnRack, narrate
from oxtui.cli.show import ago, show_all, show_one
from oxtui.oxide.effects import deleting_images
from oxtui.oxide.errors import NotFound
from oxtui.oxide.limits import gibibytes
from oxtui.oxide.models.image import Image
from oxtui.oxide.names import is_id

SILO = "silo"


async def list_images(arguments: Namespace, rack: OnRack) -> int:
    """Those of the silo, then those of one project or of all."""
    projects = await rack.projects(arguments.project)
    images = [image async for image in rack.client.images.list()]
    for project in projects:
        images += [image async for image in rack.client.images.list(project.id)]
    names = {project.id: project.name for project in projects}
    rows = [
        (
            image.name,
            SILO if image.project_id is None else names[image.project_id],
            image.os,
            image.version,
            gibibytes(image.size),
            ago(image.time_created),
            image.id,
        )
        for image in images
    ]
    headings = ("NAME", "WHERE", "OS", "VERSION", "SIZE", "CREATED", "ID")
    show_all(images, headings, rows, as_json=arguments.json, none="There is no image here.")
    return 0


async def show_image(arguments: Namespace, rack: OnRack) -> int:
    """All that the rack tells of one image."""
    image = await _view(rack, arguments.image, arguments.project)
    where = SILO
    if image.project_id is not None:
        where = f"project {(await rack.client.projects.view(image.project_id)).name}"
    facts = (
        ("name", image.name),
        ("id", image.id),
        ("where", where),
        ("os", image.os),
        ("version", image.version),
        ("description", image.description),
        ("size", gibibytes(image.size)),
        ("block size", f"{image.block_size} bytes"),
        ("created", f"{image.time_created:%Y-%m-%d %H:%M:%S UTC} ({ago(image.time_created)})"),
    )
    show_one(image, facts, as_json=arguments.json)
    return 0


async def promote_image(arguments: Namespace, rack: OnRack) -> int:
    """From its project to the silo."""
    await allow_change(arguments, rack, f"promote {arguments.image}")
    project = _project_of(arguments.image, arguments.project)
    image = await rack.client.images.promote(arguments.image, project)
    narrate(f"{image.name} is an image of the silo now: every project can use it.")
    return 0


async def demote_image(arguments: Namespace, rack: OnRack) -> int:
    """From the silo into one project."""
    await allow_change(arguments, rack, f"demote {arguments.image}")
    [project] = await rack.projects(arguments.project)
    image = await rack.client.images.demote(arguments.image, project.id)
    narrate(f"{image.name} is in {project.name} now: only that project sees it.")
    return 0


async def delete_images(arguments: Namespace, rack: OnRack) -> int:
    """After telling what is lost."""
    rack.check_writable()
    images = [await _view(rack, image, arguments.project) for image in arguments.images]
    for image in images:
        where = SILO if image.is_silo_image else "project"
        narrate(
            f"{image.name}: {where} image, {image.os} {image.version}, {gibibytes(image.size)},"
            f" made {ago(image.time_created)}"
        )
    names = ", ".join(image.name for image in images)
    effects = deleting_images(images, await _disks_made_from(rack, images))
    await confirm_loss(arguments, f"delete {names}", effects)

    async def delete(image: Image) -> str:
        await rack.client.images.delete(image.id)
        return f"Deleted {image.name}."

    return await each(images, delete)


async def _view(rack: OnRack, image: str, project: str | None) -> Image:
    try:
        return await rack.client.images.view(image, _project_of(image, project))
    except NotFound as error:
        if project or is_id(image):
            raise
        hint = "Without --project a name is looked up among the images of the silo only."
        raise CommandError(f"{error} {hint}") from None


def _project_of(image: str, project: str | None) -> str | None:
    """An id needs no project, and the API refuses one."""
    return None if is_id(image) else project


async def _disks_made_from(rack: OnRack, images: list[Image]) -> int:
    ids = {image.id for image in images}
    count = 0
    for project in await rack.projects(None):
        count += len([d async for d in rack.client.disks.list(project.id) if d.image_id in ids])
    return count
